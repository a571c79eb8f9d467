"""How the money is used: by project, community, category, budget line and month, as it stood on any day."""

import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Row, func, select

from grants.agreements.models import Agreement, BudgetLine, Tranche
from grants.agreements.rules import AgreementStatus
from grants.foundation.clock import local, start_of
from grants.foundation.database import db
from grants.foundation.i18n import Text, _l
from grants.funds.models import Account, Entry, Journal
from grants.funds.rules import PROJECT_ACCOUNTS, AccountKind, JournalKind
from grants.payments.models import PaymentRequest, Voucher
from grants.payments.queries.money import PAID
from grants.payments.rules import VoucherStatus
from grants.people.models import Place
from grants.projects.models import Project
from grants.rounds.rules import BUDGET_LABELS, CATEGORY_LABELS, BudgetCode, Category
from grants.selection.rules import MoneySource


class Dimension(StrEnum):
    """By what the use of money is broken down."""

    PROJECT = "project"
    COMMUNITY = "community"
    CATEGORY = "category"
    LINE = "line"
    MONTH = "month"


DIMENSION_LABELS: dict[Dimension, Text] = {
    Dimension.PROJECT: _l("按项目"),
    Dimension.COMMUNITY: _l("按社区"),
    Dimension.CATEGORY: _l("按类别"),
    Dimension.LINE: _l("按预算科目"),
    Dimension.MONTH: _l("按月份"),
}


@dataclass(frozen=True)
class DeskFilter:
    """Which projects are counted, and the day at whose end the money is looked at."""

    on: date
    round_id: uuid.UUID | None = None
    community_id: uuid.UUID | None = None
    category: Category | None = None

    @property
    def count(self) -> int:
        """Return how many parts narrow the projects."""
        return sum(1 for part in (self.round_id, self.community_id, self.category) if part)

    def conditions(self) -> list[ColumnElement[bool]]:
        """Return the conditions on Project."""
        wanted = ((Project.round_id, self.round_id), (Project.community_id, self.community_id))
        found = [column == value for column, value in wanted if value]
        return [*found, Project.category == self.category] if self.category else found


@dataclass(frozen=True)
class Sums:
    """Money in 分: awarded = available + reserved + paid + returned; accepted is what vouchers prove of it."""

    awarded_fen: int = 0
    available_fen: int = 0
    reserved_fen: int = 0
    paid_fen: int = 0
    returned_fen: int = 0
    accepted_fen: int = 0

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(*(getattr(self, part.name) + getattr(other, part.name) for part in fields(Sums)))

    @property
    def is_balanced(self) -> bool:
        """Tell whether everything awarded is somewhere."""
        return self.awarded_fen == self.available_fen + self.reserved_fen + self.paid_fen + self.returned_fen


@dataclass(frozen=True)
class ExecutionRow:
    """One line of a breakdown; `ref` is a project's reference, `key` what a drill-down filters by."""

    label: str
    sums: Sums
    ref: str = ""
    key: str = ""


def _by_project(narrow: DeskFilter) -> list[tuple[Any, Sums]]:
    """Return every project that has money with its sums at the end of the day, from the entries."""
    statement = (
        select(Account.key, Account.kind, func.sum(Entry.amount_fen))
        .join(Entry, Entry.account_id == Account.id)
        .join(Journal, Journal.id == Entry.journal_id)
        .where(Account.kind.in_(PROJECT_ACCOUNTS), Journal.is_posted, Journal.booked_on <= narrow.on)
        .group_by(Account.key, Account.kind)
    )
    held: dict[str, dict[AccountKind, int]] = defaultdict(dict)
    for key, kind, total in db.session.execute(statement):
        held[key][kind] = int(total)
    accepted = _accepted(narrow)
    rows = db.session.execute(
        select(Project.ref, Project.title, Project.category, Place.id.label("place_id"), Place.name.label("place"))
        .join(Place, Place.id == Project.community_id)
        .where(Project.ref.in_(list(held)), *narrow.conditions())
        .order_by(Project.ref)
    ).all()
    return [(row, _sums(held[row.ref], accepted.get(row.ref, 0))) for row in rows]


def _sums(held: dict[AccountKind, int], accepted: int) -> Sums:
    available, reserved, paid, returned = (held.get(kind, 0) for kind in PROJECT_ACCOUNTS)
    return Sums(available + reserved + paid + returned, available, reserved, paid, returned, accepted)


def accepted_vouchers(narrow: DeskFilter) -> list[ColumnElement[bool]]:
    """Return the conditions on vouchers of public money that were accepted by the end of the day."""
    return [
        Voucher.status == VoucherStatus.ACCEPTED,
        Voucher.checked_at < start_of(narrow.on + timedelta(days=1)),
        BudgetLine.source == MoneySource.FISCAL,
        *narrow.conditions(),
    ]


def _accepted(narrow: DeskFilter) -> dict[str, int]:
    rows = db.session.execute(
        select(Project.ref, func.sum(Voucher.amount_fen))
        .join(Agreement, Agreement.project_id == Project.id)
        .join(Voucher, Voucher.agreement_id == Agreement.id)
        .join(BudgetLine, BudgetLine.id == Voucher.budget_line_id)
        .where(*accepted_vouchers(narrow))
        .group_by(Project.ref)
    )
    return {ref: int(total) for ref, total in rows}


def _grouped(
    found: Iterable[tuple[Any, Sums]], label: Callable[[Row[Any]], str], key: Callable[[Row[Any]], str]
) -> list[ExecutionRow]:
    groups: dict[str, tuple[str, Sums]] = {}
    for row, sums in found:
        earlier = groups.get(key(row), (label(row), Sums()))
        groups[key(row)] = (earlier[0], earlier[1] + sums)
    return [ExecutionRow(name, sums, key=one) for one, (name, sums) in groups.items()]


def list_execution(by: Dimension, narrow: DeskFilter) -> list[ExecutionRow]:
    """Break the use of money down; all but lines and months sum to the same totals."""
    if by is Dimension.LINE:
        return _by_line(narrow)
    if by is Dimension.MONTH:
        return _by_month(narrow)
    found = _by_project(narrow)
    if by is Dimension.PROJECT:
        return [ExecutionRow(row.title, sums, row.ref, row.ref) for row, sums in found]
    if by is Dimension.COMMUNITY:
        return _grouped(found, lambda row: str(row.place), lambda row: str(row.place_id))
    rows = {row.key: row for row in _grouped(found, lambda row: str(row.category), lambda row: row.category.value)}
    return [
        ExecutionRow(str(CATEGORY_LABELS[one]), rows[one.value].sums, key=one.value)
        for one in Category
        if one.value in rows
    ]


def _by_line(narrow: DeskFilter) -> list[ExecutionRow]:
    """Sum the agreed budgets and accepted vouchers of public money up by budget line."""
    agreed = db.session.execute(
        select(BudgetLine.code, func.sum(BudgetLine.amount_fen))
        .join(Agreement, Agreement.id == BudgetLine.agreement_id)
        .join(Project, Project.id == Agreement.project_id)
        .where(BudgetLine.source == MoneySource.FISCAL, Agreement.signed_on <= narrow.on, *narrow.conditions())
        .group_by(BudgetLine.code)
    )
    spent = db.session.execute(
        select(BudgetLine.code, func.sum(Voucher.amount_fen))
        .join(Voucher, Voucher.budget_line_id == BudgetLine.id)
        .join(Agreement, Agreement.id == BudgetLine.agreement_id)
        .join(Project, Project.id == Agreement.project_id)
        .where(*accepted_vouchers(narrow))
        .group_by(BudgetLine.code)
    )
    budget, used = ({code: int(total) for code, total in rows} for rows in (agreed, spent))
    return [
        ExecutionRow(str(BUDGET_LABELS[code]), Sums(budget.get(code, 0), accepted_fen=used.get(code, 0)), key=code)
        for code in BudgetCode
        if code in budget or code in used
    ]


def _by_month(narrow: DeskFilter) -> list[ExecutionRow]:
    """Sum what the accounts of projects gained in each month, and what was accepted; reversals count against."""
    rows = db.session.execute(
        select(Journal.booked_on, Account.kind, func.sum(Entry.amount_fen))
        .join(Entry, Entry.journal_id == Journal.id)
        .join(Account, Account.id == Entry.account_id)
        .join(Project, Project.ref == Account.key)
        .where(
            Journal.is_posted,
            Journal.booked_on <= narrow.on,
            Account.kind.in_(PROJECT_ACCOUNTS),
            *narrow.conditions(),
        )
        .group_by(Journal.booked_on, Account.kind)
    )
    months: dict[str, dict[AccountKind, int]] = defaultdict(lambda: defaultdict(int))
    for day, kind, total in rows:
        months[day.strftime("%Y-%m")][kind] += int(total)
    accepted = _accepted_by_month(narrow)
    return [
        ExecutionRow(month, _sums(dict(months[month]), accepted.get(month, 0)), key=month)
        for month in sorted({*months, *accepted})
    ]


def _accepted_by_month(narrow: DeskFilter) -> dict[str, int]:
    """Sum the vouchers up by the month in which finance accepted them."""
    rows = db.session.execute(
        select(Voucher.checked_at, Voucher.amount_fen)
        .join(BudgetLine, BudgetLine.id == Voucher.budget_line_id)
        .join(Agreement, Agreement.id == Voucher.agreement_id)
        .join(Project, Project.id == Agreement.project_id)
        .where(*accepted_vouchers(narrow))
    )
    months: dict[str, int] = defaultdict(int)
    for moment, amount in rows:
        if moment is not None:
            months[local(moment).strftime("%Y-%m")] += int(amount)
    return months


def total_of(rows: Iterable[ExecutionRow]) -> Sums:
    """Return the sum of a breakdown."""
    return sum((row.sums for row in rows), Sums())


@dataclass(frozen=True)
class ForecastRow:
    """What will probably be asked for in a month, in 分, and how many tranches that is."""

    month: str
    tranche_count: int
    amount_fen: int


def list_forecast(narrow: DeskFilter, today: date) -> list[ForecastRow]:
    """List by month the tranches of running agreements that are not paid; those that are late fall into this month.

    A tranche with a milestone is expected when the milestone is due, the first at the start, the last at the end.
    """
    paid = select(PaymentRequest.tranche_id).where(PaymentRequest.status.in_(PAID))
    tranches = db.session.scalars(
        select(Tranche)
        .join(Agreement, Agreement.id == Tranche.agreement_id)
        .join(Project, Project.id == Agreement.project_id)
        .where(
            Agreement.status.in_((AgreementStatus.SIGNED, AgreementStatus.COMPLETED)),
            Project.closed_at.is_(None),
            Tranche.id.not_in(paid),
            *narrow.conditions(),
        )
    )
    months: dict[str, list[int]] = defaultdict(list)
    for tranche in tranches:
        months[max(_expected_on(tranche), today).strftime("%Y-%m")].append(tranche.amount_fen)
    return [ForecastRow(month, len(sums), sum(sums)) for month, sums in sorted(months.items())]


def _expected_on(tranche: Tranche) -> date:
    if tranche.milestone is not None:
        return tranche.milestone.due_on
    last = tranche.number == len(tranche.agreement.tranches)
    return tranche.agreement.ends_on if last and tranche.number > 1 else tranche.agreement.starts_on


@dataclass(frozen=True)
class Check:
    """Two sums in 分 that must be the same, and what they are."""

    label: Text
    left_fen: int
    right_fen: int

    @property
    def holds(self) -> bool:
        """Tell whether both are the same to the 分."""
        return self.left_fen == self.right_fen


def reconcile_execution(narrow: DeskFilter) -> list[Check]:
    """Hold the breakdowns against each other and against the ledger."""
    rows = {by: total_of(list_execution(by, narrow)) for by in Dimension}
    total = rows[Dimension.PROJECT]
    parts = total.available_fen + total.reserved_fen + total.paid_fen + total.returned_fen
    return [
        Check(_l("授予 = 可用 + 在途 + 已拨付 + 已收回"), total.awarded_fen, parts),
        Check(_l("按社区合计的已拨付 = 按项目合计"), rows[Dimension.COMMUNITY].paid_fen, total.paid_fen),
        Check(_l("按类别合计的已拨付 = 按项目合计"), rows[Dimension.CATEGORY].paid_fen, total.paid_fen),
        Check(_l("按月累计的已拨付 = 按项目合计"), rows[Dimension.MONTH].paid_fen, total.paid_fen),
        Check(_l("按月累计的授予 = 按项目合计"), rows[Dimension.MONTH].awarded_fen, total.awarded_fen),
        Check(_l("按科目认可的支出 = 按项目合计"), rows[Dimension.LINE].accepted_fen, total.accepted_fen),
        Check(_l("按月累计认可的支出 = 按项目合计"), rows[Dimension.MONTH].accepted_fen, total.accepted_fen),
        Check(_l("拨付单合计 − 退回 = 台账已拨付"), _recorded_fen(narrow), total.paid_fen),
    ]


def _recorded_fen(narrow: DeskFilter) -> int:
    """Return what the requests say was paid by the day, less what was taken out of paid money again, in 分."""
    paid = db.session.execute(
        select(func.coalesce(func.sum(PaymentRequest.amount_fen), 0))
        .join(Agreement, Agreement.id == PaymentRequest.agreement_id)
        .join(Project, Project.id == Agreement.project_id)
        .join(Journal, Journal.request_id == PaymentRequest.ref + "/pay")
        .where(PaymentRequest.status.in_(PAID), Journal.booked_on <= narrow.on, *narrow.conditions())
    ).scalar_one()
    back = db.session.execute(
        select(func.coalesce(func.sum(Entry.amount_fen), 0))
        .join(Account, Account.id == Entry.account_id)
        .join(Journal, Journal.id == Entry.journal_id)
        .join(Project, Project.ref == Account.key)
        .where(
            Account.kind == AccountKind.PAID,
            Journal.kind != JournalKind.PAY,
            Journal.is_posted,
            Journal.booked_on <= narrow.on,
            *narrow.conditions(),
        )
    ).scalar_one()
    return int(paid) + int(back)
