"""Vouchers that prove what was spent."""

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from grants.agreements.models import Agreement, BudgetLine
from grants.foundation.clock import now
from grants.foundation.database import Model, fen, uuid_key
from grants.foundation.models import StoredFile
from grants.payments.rules import FEE_STANDARDS, FeeBasis, VoucherStatus
from grants.people.models import User

CEILINGS = " ".join(f"WHEN '{basis}' THEN {standard.most_fen}" for basis, standard in FEE_STANDARDS.items())
WITHIN_STANDARD = f"fee_basis IS NULL OR (fee_units > 0 AND amount_fen <= fee_units * CASE fee_basis {CEILINGS} END)"


class Voucher(Model):
    """One spending of the organisation against an agreed budget line."""

    __tablename__ = "voucher"
    id: Mapped[uuid.UUID] = uuid_key()
    ref: Mapped[str] = mapped_column(String(30), unique=True)
    agreement_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("agreement.id"), index=True)
    budget_line_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("budget_line.id"), index=True)
    invoice_number: Mapped[str] = mapped_column(String(40))
    payee: Mapped[str] = mapped_column(String(120))
    spent_on: Mapped[date]
    amount_fen: Mapped[int] = fen()
    purpose: Mapped[str] = mapped_column(String(160))
    fee_basis: Mapped[FeeBasis | None]
    fee_units: Mapped[int | None]
    status: Mapped[VoucherStatus] = mapped_column(default=VoucherStatus.ENTERED)
    refusal_reason: Mapped[str | None] = mapped_column(Text)
    file_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("stored_file.id"))
    entered_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"))
    checked_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    checked_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
    agreement: Mapped[Agreement] = relationship()
    budget_line: Mapped[BudgetLine] = relationship()
    file: Mapped[StoredFile | None] = relationship()
    entered_by: Mapped[User] = relationship(foreign_keys=[entered_by_id])
    checked_by: Mapped[User | None] = relationship(foreign_keys=[checked_by_id])
    __table_args__ = (
        CheckConstraint("amount_fen > 0", name="amount_positive"),
        CheckConstraint("(fee_basis IS NULL) = (fee_units IS NULL)", name="fee_units_iff_basis"),
        CheckConstraint(WITHIN_STANDARD, name="fee_within_standard"),
        CheckConstraint("(status = 'entered') = (checked_at IS NULL)", name="checked_unless_entered"),
        CheckConstraint("(checked_at IS NULL) = (checked_by_id IS NULL)", name="checked_by_somebody"),
        CheckConstraint("(status = 'refused') = (refusal_reason IS NOT NULL)", name="reason_iff_refused"),
        CheckConstraint("checked_by_id IS NULL OR checked_by_id <> entered_by_id", name="checked_by_second_person"),
        Index(
            "uq_voucher_live_invoice",
            "invoice_number",
            "payee",
            unique=True,
            sqlite_where=text("status <> 'refused'"),
            postgresql_where=text("status <> 'refused'"),
        ),
        # A fully digital invoice has a number of its own in the whole country
        Index(
            "uq_voucher_live_digital_invoice",
            "invoice_number",
            unique=True,
            sqlite_where=text("status <> 'refused' AND length(invoice_number) >= 20"),
            postgresql_where=text("status <> 'refused' AND length(invoice_number) >= 20"),
        ),
        Index("ix_voucher_created_at_id", "created_at", "id"),
    )
