"""The money in a progress bulletin: what each project had been paid and had spent at the end of the month."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from grants.agreements.models import BudgetLine
from grants.foundation.database import db
from grants.funds.models import Account, Entry, Journal
from grants.funds.rules import AccountKind, JournalKind
from grants.payments.models import PaymentRequest, PaymentStep, Voucher
from grants.payments.rules import PaymentAction, VoucherStatus
from grants.selection.rules import MoneySource
from grants.supervision.models import BulletinLine, ProgressBulletin
from grants.supervision.queries import sorted_lines
from grants.supervision.rules import last_of
from reports.gather.evaluation_rows import PAID


@dataclass(frozen=True)
class Spent:
    """One line of the bulletin with public money in 分: agreed, paid, and spent on accepted vouchers."""

    line: BulletinLine
    agreed_fen: int
    paid_fen: int
    spent_fen: int

    @property
    def gap(self) -> int:
        """Return by how many percentage points spending is ahead of time; negative when it lags behind."""
        return self.spent_fen * 100 // self.agreed_fen - self.line.time_percent


def spent_lines(found: ProgressBulletin) -> list[Spent]:
    """Add the money to each line: by the end of the month, and as booked when the bulletin was prepared."""
    keys = [line.agreement_id for line in found.lines]
    until = last_of(found.month)
    paid = (
        select(PaymentRequest.agreement_id, func.sum(PaymentRequest.amount_fen))
        .where(
            PaymentRequest.agreement_id.in_(keys),
            PaymentRequest.status.in_(PAID),
            PaymentRequest.paid_on <= until,
            PaymentRequest.id.in_(
                select(PaymentStep.request_id).where(
                    PaymentStep.action == PaymentAction.PAY, PaymentStep.at <= found.prepared_at
                )
            ),
        )
        .group_by(PaymentRequest.agreement_id)
    )
    spent = (
        select(Voucher.agreement_id, func.sum(Voucher.amount_fen))
        .join(BudgetLine, BudgetLine.id == Voucher.budget_line_id)
        .where(
            Voucher.agreement_id.in_(keys),
            Voucher.status == VoucherStatus.ACCEPTED,
            BudgetLine.source == MoneySource.FISCAL,
            Voucher.spent_on <= until,
            Voucher.checked_at <= found.prepared_at,
        )
        .group_by(Voucher.agreement_id)
    )
    paid_of, spent_of = _sums(paid), _sums(spent)
    return [
        Spent(
            line,
            line.agreement.amount_fen,
            paid_of.get(line.agreement_id, 0),
            spent_of.get(line.agreement_id, 0),
        )
        for line in sorted_lines(found)
    ]


def _sums(statement: Any) -> dict[Any, int]:
    return {key: int(fen) for key, fen in db.session.execute(statement)}


def booked_for(found: ProgressBulletin) -> int:
    """Return what the ledger has as paid to the projects of a bulletin by the end of its month, in 分."""
    statement = (
        select(func.coalesce(func.sum(Entry.amount_fen), 0))
        .join(Account, Account.id == Entry.account_id)
        .join(Journal, Journal.id == Entry.journal_id)
        .where(
            Account.kind == AccountKind.PAID,
            Account.key.in_([line.agreement.project.ref for line in found.lines]),
            Journal.kind != JournalKind.RETURN,
            Journal.booked_on <= last_of(found.month),
            Journal.at <= found.prepared_at,
        )
    )
    return int(db.session.execute(statement).scalar_one())


def choose(round_ref: str | None, *, finals_only: bool) -> list[tuple[str, str]]:
    """List (reference, month) of the bulletins there are, the latest first."""
    statement = select(ProgressBulletin).order_by(ProgressBulletin.month.desc(), ProgressBulletin.ref)
    if finals_only:
        statement = statement.where(ProgressBulletin.issued_at.is_not(None))
    found = db.session.scalars(statement)
    return [(one.ref, one.month) for one in found if round_ref in (None, one.round.ref)]
