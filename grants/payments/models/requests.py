"""Payment requests, their chain of signatures, and what was sent back to be corrected."""

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from grants.agreements.models import Agreement, Tranche
from grants.foundation.clock import now
from grants.foundation.database import Model, fen, uuid_key
from grants.foundation.models import StoredFile
from grants.payments.rules import PaymentAction, PaymentStatus
from grants.people.models import User

SIGNING = "('request', 'pass_community', 'pass_programme', 'pass_finance', 'approve', 'pay')"
"""The actions that are a signature: in one cycle each needs a person of its own. Sending back and confirming do not."""


class PaymentRequest(Model):
    """A request to pay one tranche; payee, account, amount and purpose are hashed when it is approved."""

    __tablename__ = "payment_request"
    id: Mapped[uuid.UUID] = uuid_key()
    ref: Mapped[str] = mapped_column(String(30), unique=True)
    tranche_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("tranche.id"), index=True)
    agreement_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("agreement.id"), index=True)
    status: Mapped[PaymentStatus] = mapped_column(default=PaymentStatus.DRAFT, index=True)
    amount_fen: Mapped[int] = fen()
    purpose: Mapped[str] = mapped_column(String(200))
    payee_name: Mapped[str] = mapped_column(String(120))
    payee_bank: Mapped[str] = mapped_column(String(120))
    payee_account_index: Mapped[str] = mapped_column(String(64))
    payee_account_last4: Mapped[str] = mapped_column(String(4))
    invoice_file_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("stored_file.id"))
    content_hash: Mapped[str | None] = mapped_column(String(64))
    office_record: Mapped[str | None] = mapped_column(String(80))
    return_reason: Mapped[str | None] = mapped_column(Text)
    requested_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    requested_at: Mapped[datetime | None]
    bank_reference: Mapped[str | None] = mapped_column(String(60), unique=True)
    paid_on: Mapped[date | None]
    confirmed_at: Mapped[datetime | None]
    confirmed_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    created_at: Mapped[datetime] = mapped_column(default=now)
    tranche: Mapped[Tranche] = relationship()
    agreement: Mapped[Agreement] = relationship()
    invoice_file: Mapped[StoredFile | None] = relationship()
    requested_by: Mapped[User | None] = relationship(foreign_keys=[requested_by_id])
    steps: Mapped[list["PaymentStep"]] = relationship(back_populates="request", order_by="PaymentStep.at")
    __table_args__ = (
        CheckConstraint("amount_fen > 0", name="amount_positive"),
        CheckConstraint(
            "status NOT IN ('returned', 'rejected') OR return_reason IS NOT NULL", name="reason_when_returned"
        ),
        CheckConstraint("(status = 'confirmed') = (confirmed_at IS NOT NULL)", name="confirmed_at_iff_confirmed"),
        CheckConstraint("(status IN ('paid', 'confirmed')) = (paid_on IS NOT NULL)", name="paid_on_iff_paid"),
        CheckConstraint(
            "status NOT IN ('approved', 'paid', 'confirmed') OR content_hash IS NOT NULL", name="hash_when_approved"
        ),
        Index(
            "uq_payment_request_live_tranche",
            "tranche_id",
            unique=True,
            sqlite_where=text("status <> 'rejected'"),
            postgresql_where=text("status <> 'rejected'"),
        ),
        Index("ix_payment_request_created_at_id", "created_at", "id"),
    )


class PaymentStep(Model):
    """One signature in the chain; `cycle` rises when a returned request is sent again."""

    __tablename__ = "payment_step"
    id: Mapped[uuid.UUID] = uuid_key()
    request_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("payment_request.id"), index=True)
    cycle: Mapped[int] = mapped_column(default=1)
    action: Mapped[PaymentAction]
    actor_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"))
    note: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime] = mapped_column(default=now)
    request: Mapped[PaymentRequest] = relationship(back_populates="steps")
    actor: Mapped[User] = relationship()
    __table_args__ = (
        UniqueConstraint("request_id", "cycle", "action"),
        Index(
            "uq_payment_step_one_signature_a_person",
            "request_id",
            "cycle",
            "actor_id",
            unique=True,
            sqlite_where=text(f"action IN {SIGNING}"),
            postgresql_where=text(f"action IN {SIGNING}"),
        ),
    )
