"""The queries behind the 专项资金使用情况报告, for the projects of a round or for the days of a period.

Rehearsal rounds and their practice money are left out of years and quarters.
"""

import re
import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, select, true
from sqlalchemy.orm import aliased

from grants.agreements.models import Agreement, BudgetLine, Tranche
from grants.foundation.clock import local, today
from grants.foundation.database import db
from grants.foundation.errors import NotFound
from grants.foundation.i18n import _
from grants.funds.models import Account, Entry, Fund, Journal
from grants.funds.rules import AccountKind, JournalKind
from grants.payments.models import PaymentRequest, Voucher
from grants.payments.rules import VoucherStatus
from grants.people.models import Organisation
from grants.projects.models import Project
from grants.rounds.models import Round
from grants.rounds.rules import BudgetCode, Category, RoundStatus
from grants.selection.rules import MoneySource
from reports.gather.choices import Choice, Viewer, rounds_with_agreements
from reports.gather.evaluation_rows import PAID

PERIOD = re.compile(r"(\d{4})(?:Q([1-4]))?")
ARRIVES_IN = {
    JournalKind.APPROPRIATE: AccountKind.POOL,
    JournalKind.AWARD: AccountKind.AVAILABLE,
    JournalKind.PAY: AccountKind.PAID,
    JournalKind.RETURN: AccountKind.RETURNED,
}
"""In which kind of account the money of a journal arrives: entries there, reversals deducted, are what was moved."""


@dataclass(frozen=True)
class Scope:
    """What a report covers: a round (`round_id` given) from its first to its last day, or a period of days."""

    title: str
    first_on: date
    last_on: date
    is_running: bool
    round_id: uuid.UUID | None
    round_ids: tuple[uuid.UUID, ...]


@dataclass(frozen=True)
class Payment:
    """One tranche paid."""

    ref: str
    paid_on: date
    project_ref: str
    project: str
    category: Category
    organisation: str
    number: int
    amount_fen: int


@dataclass(frozen=True)
class ProjectUse:
    """What was agreed for a project, and paid and spent of public money within the scope, in 分."""

    ref: str
    title: str
    fiscal_fen: int
    paid_fen: int
    spent_fen: int


@dataclass(frozen=True)
class FundUse:
    """Everything the report is made of."""

    is_round: bool
    funds: Sequence[Fund]
    payments: Sequence[Payment]
    projects: Sequence[ProjectUse]
    spent: Counter[tuple[BudgetCode, MoneySource]]
    moved: Counter[JournalKind]
    waiting_count: int
    refused_fen: int


def choices(viewer: Viewer, round_ref: str | None) -> list[Choice]:
    """List the rounds, and the years and quarters in which something was paid, latest first."""
    found = rounds_with_agreements(viewer, round_ref)
    if round_ref:
        return found
    days = db.session.scalars(select(PaymentRequest.paid_on).where(PaymentRequest.status.in_(PAID)).distinct())
    paid = [day for day in days if day is not None]
    years = sorted({f"{day.year}" for day in paid}, reverse=True)
    quarters = sorted({f"{day.year}Q{(day.month + 2) // 3}" for day in paid}, reverse=True)
    return [*found, *(Choice(ref, _title(ref)) for ref in (*years, *quarters))]


def _title(reference: str) -> str:
    year, _mark, quarter = reference.partition("Q")
    return f"{year}年第{'一二三四'[int(quarter) - 1]}季度" if quarter else f"{year}年度"


def scope_of(reference: str) -> Scope:
    """Return what a reference stands for; raises NotFound for anything but a round, a year or a quarter."""
    rounds = list(db.session.scalars(select(Round).order_by(Round.number)))
    real = tuple(one.id for one in rounds if not one.is_rehearsal)
    found = next((one for one in rounds if one.ref == reference), None)
    if found is not None:
        last = local(found.closed_at).date() if found.closed_at else today()
        first = local(found.opened_at or found.created_at).date()
        is_running = found.status in (RoundStatus.DRAFT, RoundStatus.OPEN)
        return Scope(found.name, first, last, is_running, found.id, (found.id,))
    matched = PERIOD.fullmatch(reference)
    if matched is None:
        raise NotFound(_("没有这个届次或期间。年度写作 2026，季度写作 2026Q3。"))
    year, quarter = int(matched[1]), matched[2]
    first = date(year, 3 * int(quarter) - 2, 1) if quarter else date(year, 1, 1)
    after = date(year + 1, 1, 1) if not quarter or quarter == "4" else date(year, 3 * int(quarter) + 1, 1)
    last = after - timedelta(days=1)
    return Scope(_title(reference), first, last, last >= today(), None, real)


def _within(scope: Scope, column: Any) -> ColumnElement[bool]:
    """Return whether a day belongs to the scope; all days of a round's projects do, also after its end."""
    return true() if scope.round_id is not None else column.between(scope.first_on, scope.last_on)


def read(scope: Scope) -> FundUse:
    """Read everything for one report."""
    payments = _payments(scope)
    spent_by_project, spent, waiting, refused = _vouchers(scope)
    funds = db.session.scalars(
        select(Fund)
        .where(Fund.id.in_(select(Round.fund_id).where(Round.id.in_(scope.round_ids))))
        .order_by(Fund.year, Fund.ref)
    ).all()
    return FundUse(
        is_round=scope.round_id is not None,
        funds=[fund for fund in funds if scope.round_id is not None or fund.year <= scope.last_on.year],
        payments=payments,
        projects=_projects(scope, payments, spent_by_project),
        spent=spent,
        moved=_moved(scope),
        waiting_count=waiting,
        refused_fen=refused,
    )


def _payments(scope: Scope) -> list[Payment]:
    rows: Any = db.session.execute(
        select(
            PaymentRequest.ref,
            PaymentRequest.paid_on,
            Project.ref,
            Project.title,
            Project.category,
            Organisation.name,
            Tranche.number,
            PaymentRequest.amount_fen,
        )
        .join(Tranche, Tranche.id == PaymentRequest.tranche_id)
        .join(Agreement, Agreement.id == PaymentRequest.agreement_id)
        .join(Organisation, Organisation.id == Agreement.organisation_id)
        .join(Project, Project.id == Agreement.project_id)
        .where(
            PaymentRequest.status.in_(PAID),
            Project.round_id.in_(scope.round_ids),
            _within(scope, PaymentRequest.paid_on),
        )
        .order_by(PaymentRequest.paid_on, PaymentRequest.ref)
    )
    return [Payment(*row) for row in rows]


def _vouchers(scope: Scope) -> tuple[Counter[str], Counter[tuple[BudgetCode, MoneySource]], int, int]:
    """Return accepted public spending by project, all accepted spending by line, and what waits or was refused."""
    rows = db.session.execute(
        select(
            Project.ref, BudgetLine.code, BudgetLine.source, Voucher.status, func.count(), func.sum(Voucher.amount_fen)
        )
        .join(BudgetLine, BudgetLine.id == Voucher.budget_line_id)
        .join(Agreement, Agreement.id == Voucher.agreement_id)
        .join(Project, Project.id == Agreement.project_id)
        .where(Project.round_id.in_(scope.round_ids), _within(scope, Voucher.spent_on))
        .group_by(Project.ref, BudgetLine.code, BudgetLine.source, Voucher.status)
    )
    by_project: Counter[str] = Counter()
    by_code: Counter[tuple[BudgetCode, MoneySource]] = Counter()
    waiting = refused = 0
    for ref, code, source, status, number, fen in rows:
        if status is VoucherStatus.ACCEPTED:
            by_code[code, source] += int(fen)
            by_project[ref] += int(fen) if source is MoneySource.FISCAL else 0
        elif status is VoucherStatus.ENTERED:
            waiting += int(number)
        else:
            refused += int(fen)
    return by_project, by_code, waiting, refused


def _projects(scope: Scope, payments: Sequence[Payment], spent: Counter[str]) -> list[ProjectUse]:
    """List the projects that were paid or spent within the scope; of a round, all that have an agreement."""
    paid: Counter[str] = Counter()
    for one in payments:
        paid[one.project_ref] += one.amount_fen
    rows = db.session.execute(
        select(Project.ref, Project.title, Agreement.amount_fen)
        .join(Agreement, Agreement.project_id == Project.id)
        .where(Project.round_id.in_(scope.round_ids), Agreement.signed_on.is_not(None))
        .order_by(Project.ref)
    )
    found = [ProjectUse(ref, title, int(fen), paid[ref], spent[ref]) for ref, title, fen in rows]
    return [one for one in found if scope.round_id is not None or one.paid_fen or one.spent_fen]


def _moved(scope: Scope) -> Counter[JournalKind]:
    """Return what the ledger moved by kind of journal, reversals deducted."""
    if scope.round_id is not None:
        refs = select(Project.ref).where(Project.round_id == scope.round_id)
        of_scope: ColumnElement[bool] = Account.key.in_(refs)
    else:
        of_scope = Account.fund_id.in_(select(Round.fund_id).where(Round.id.in_(scope.round_ids)))
    original = aliased(Journal)
    kind = func.coalesce(original.kind, Journal.kind)
    rows = db.session.execute(
        select(kind, Account.kind, func.sum(Entry.amount_fen))
        .join(Account, Account.id == Entry.account_id)
        .join(Journal, Journal.id == Entry.journal_id)
        .outerjoin(original, original.id == Journal.reverses_id)
        .where(of_scope, Journal.is_posted, _within(scope, Journal.booked_on))
        .group_by(kind, Account.kind)
    )
    moved: Counter[JournalKind] = Counter()
    for booked, account, fen in rows:
        if ARRIVES_IN.get(JournalKind(booked)) is account:
            moved[JournalKind(booked)] += int(fen)
    return moved
