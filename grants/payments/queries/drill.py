"""What stands behind one figure of the finance desk: the entries of the ledger, or the vouchers that prove it."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, false, select

from grants.agreements.models import Agreement, BudgetLine
from grants.foundation.clock import local, start_of
from grants.foundation.database import db
from grants.foundation.i18n import Text, _l
from grants.funds.models import Account, Entry, Fund, Journal
from grants.funds.rules import JOURNAL_KIND_LABELS, PROJECT_ACCOUNTS, AccountKind
from grants.payments.models import Voucher
from grants.payments.queries.execution import DeskFilter, Dimension, accepted_vouchers
from grants.projects.models import Project
from grants.rounds.rules import BUDGET_LABELS
from grants.selection.rules import MoneySource


class Figure(StrEnum):
    """A column of the finance desk."""

    AWARDED = "awarded"
    AVAILABLE = "available"
    RESERVED = "reserved"
    PAID = "paid"
    RETURNED = "returned"
    ACCEPTED = "accepted"


FIGURE_LABELS: dict[Figure, Text] = {
    Figure.AWARDED: _l("授予"),
    Figure.AVAILABLE: _l("可用"),
    Figure.RESERVED: _l("在途审批"),
    Figure.PAID: _l("已拨付"),
    Figure.RETURNED: _l("已收回"),
    Figure.ACCEPTED: _l("已认可支出"),
}
POCKETS: dict[Figure, tuple[AccountKind, ...]] = {
    Figure.AWARDED: PROJECT_ACCOUNTS,
    Figure.AVAILABLE: (AccountKind.AVAILABLE,),
    Figure.RESERVED: (AccountKind.RESERVED,),
    Figure.PAID: (AccountKind.PAID,),
    Figure.RETURNED: (AccountKind.RETURNED,),
}


@dataclass(frozen=True)
class DrillRow:
    """One entry or voucher behind a figure; `amount_fen` in 分, less than zero where it took money out."""

    ref: str
    href: str
    on: date
    project_ref: str
    project: str
    words: str
    amount_fen: int


def list_behind(figure: Figure, by: Dimension, key: str, narrow: DeskFilter) -> list[DrillRow]:
    """List what adds up to one figure of the desk, by day; an unknown key has nothing behind it."""
    if figure is Figure.ACCEPTED:
        return _vouchers(by, key, narrow)
    if by is Dimension.LINE:
        return _budget(key, narrow) if figure is Figure.AWARDED else []
    return _entries(figure, by, key, narrow)


def _of_project(by: Dimension, key: str) -> list[ColumnElement[bool]]:
    """Return the condition that a project belongs to a row of the breakdown."""
    if by is Dimension.PROJECT:
        return [Project.ref == key]
    column = Project.community_id if by is Dimension.COMMUNITY else Project.category
    found = {str(value): value for value in db.session.scalars(select(column).distinct())}
    return [column == found[key]] if key in found else [false()]


def _month(key: str) -> tuple[date, date] | None:
    """Return the first day of a month and of the next one, None for what is no month."""
    try:
        first = date.fromisoformat(f"{key}-01")
    except ValueError:
        return None
    return first, (first + timedelta(days=31)).replace(day=1)


def _entries(figure: Figure, by: Dimension, key: str, narrow: DeskFilter) -> list[DrillRow]:
    conditions: list[Any]
    if by is Dimension.MONTH:
        month = _month(key)
        conditions = [Journal.booked_on >= month[0], Journal.booked_on < month[1]] if month else [false()]
    else:
        conditions = _of_project(by, key)
    rows = db.session.execute(
        select(Journal, Fund.ref, Entry.amount_fen, Account.key, Project.title)
        .join(Entry, Entry.journal_id == Journal.id)
        .join(Account, Account.id == Entry.account_id)
        .join(Fund, Fund.id == Account.fund_id)
        .join(Project, Project.ref == Account.key)
        .where(
            Journal.is_posted,
            Journal.booked_on <= narrow.on,
            Account.kind.in_(POCKETS[figure]),
            *narrow.conditions(),
            *conditions,
        )
        .order_by(Journal.booked_on, Journal.number, Entry.line)
    )
    return [
        DrillRow(
            ref=journal.ref,
            href=f"/funds/{fund}/journals/{journal.number}",
            on=journal.booked_on,
            project_ref=project,
            project=title,
            words=f"{JOURNAL_KIND_LABELS[journal.kind]} {journal.memo}".strip(),
            amount_fen=int(amount),
        )
        for journal, fund, amount, project, title in rows
    ]


def _vouchers(by: Dimension, key: str, narrow: DeskFilter) -> list[DrillRow]:
    conditions: list[Any]
    if by is Dimension.MONTH:
        month = _month(key)
        days = [start_of(day) for day in month] if month else []
        conditions = [Voucher.checked_at >= days[0], Voucher.checked_at < days[1]] if days else [false()]
    elif by is Dimension.LINE:
        conditions = [BudgetLine.code == key] if key in set(BUDGET_LABELS) else [false()]
    else:
        conditions = _of_project(by, key)
    rows = db.session.execute(
        select(Voucher, Project.ref, Project.title)
        .join(BudgetLine, BudgetLine.id == Voucher.budget_line_id)
        .join(Agreement, Agreement.id == Voucher.agreement_id)
        .join(Project, Project.id == Agreement.project_id)
        .where(*accepted_vouchers(narrow), *conditions)
        .order_by(Voucher.checked_at, Voucher.ref)
    )
    return [
        DrillRow(
            ref=voucher.ref,
            href=f"/payments/vouchers/{voucher.ref}",
            on=local(voucher.checked_at or voucher.created_at).date(),
            project_ref=project,
            project=title,
            words=f"{voucher.payee} {voucher.purpose}",
            amount_fen=voucher.amount_fen,
        )
        for voucher, project, title in rows
    ]


def _budget(key: str, narrow: DeskFilter) -> list[DrillRow]:
    if key not in set(BUDGET_LABELS):
        return []
    rows = db.session.execute(
        select(BudgetLine, Agreement.ref, Agreement.signed_on, Project.ref, Project.title)
        .join(Agreement, Agreement.id == BudgetLine.agreement_id)
        .join(Project, Project.id == Agreement.project_id)
        .where(
            BudgetLine.source == MoneySource.FISCAL,
            BudgetLine.code == key,
            Agreement.signed_on <= narrow.on,
            *narrow.conditions(),
        )
        .order_by(Agreement.signed_on, Agreement.ref, BudgetLine.position)
    )
    return [
        DrillRow(
            agreement, f"/agreements/{agreement}", signed_on or narrow.on, project, title, line.content, line.amount_fen
        )
        for line, agreement, signed_on, project, title in rows
    ]
