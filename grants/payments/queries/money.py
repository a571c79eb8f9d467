"""What was paid under an agreement and what of it has been proven as spent."""

import uuid
from dataclasses import dataclass

from sqlalchemy import func, select

from grants.agreements.models import Agreement, BudgetLine, Tranche
from grants.agreements.rules import AgreementStatus, Gate
from grants.foundation.database import db
from grants.payments.models import PaymentRequest, Voucher
from grants.payments.rules import PaymentStatus, VoucherStatus, payable
from grants.selection.rules import MoneySource

PAID = (PaymentStatus.PAID, PaymentStatus.CONFIRMED)


def spent_by_line(agreement_id: uuid.UUID, *, source: MoneySource | None = MoneySource.FISCAL) -> dict[uuid.UUID, int]:
    """Return the accepted spending in 分 by budget line: of public money, or of another source (None: of both)."""
    statement = (
        select(Voucher.budget_line_id, func.sum(Voucher.amount_fen))
        .join(BudgetLine, BudgetLine.id == Voucher.budget_line_id)
        .where(Voucher.agreement_id == agreement_id, Voucher.status == VoucherStatus.ACCEPTED)
        .group_by(Voucher.budget_line_id)
    )
    if source is not None:
        statement = statement.where(BudgetLine.source == source)
    return {line: int(total) for line, total in db.session.execute(statement)}


def accepted_fen(agreement_id: uuid.UUID) -> int:
    """Return the accepted spending of public money in 分."""
    return sum(spent_by_line(agreement_id).values())


def paid_fen(agreement_id: uuid.UUID) -> int:
    """Return what was paid to the organisation so far, in 分."""
    statement = select(func.coalesce(func.sum(PaymentRequest.amount_fen), 0)).where(
        PaymentRequest.agreement_id == agreement_id, PaymentRequest.status.in_(PAID)
    )
    return int(db.session.execute(statement).scalar_one())


def payable_fen(tranche: Tranche) -> int:
    """Return what of a tranche would be paid today, in 分."""
    return payable(tranche.gate, tranche.amount_fen, accepted_fen(tranche.agreement_id), paid_fen(tranche.agreement_id))


def is_final_settled(agreement: Agreement) -> bool:
    """Tell whether nothing more is to be paid: the last tranche arrived, or accepted spending asks for none of it."""
    if agreement.status is not AgreementStatus.COMPLETED:
        return False
    last = [tranche for tranche in agreement.tranches if tranche.gate is Gate.FINAL]
    confirmed = select(PaymentRequest.tranche_id).where(
        PaymentRequest.agreement_id == agreement.id, PaymentRequest.status == PaymentStatus.CONFIRMED
    )
    arrived = set(db.session.scalars(confirmed))
    return all(tranche.id in arrived or payable_fen(tranche) == 0 for tranche in last)


@dataclass(frozen=True)
class LineRow:
    """A budget line with what was booked on it, in 分; `left` is what can still be entered."""

    line: BudgetLine
    agreed_fen: int
    entered_fen: int
    accepted_fen: int

    @property
    def left_fen(self) -> int:
        """Return what the line still allows."""
        return self.agreed_fen - self.entered_fen - self.accepted_fen


def list_line_rows(agreement: Agreement) -> list[LineRow]:
    """List the budget lines of an agreement with their vouchers summed up."""
    statement = (
        select(Voucher.budget_line_id, Voucher.status, func.sum(Voucher.amount_fen))
        .where(Voucher.agreement_id == agreement.id)
        .group_by(Voucher.budget_line_id, Voucher.status)
    )
    totals = {(line, status): int(total) for line, status, total in db.session.execute(statement)}
    return [
        LineRow(
            line,
            line.amount_fen,
            totals.get((line.id, VoucherStatus.ENTERED), 0),
            totals.get((line.id, VoucherStatus.ACCEPTED), 0),
        )
        for line in agreement.budget_lines
    ]
