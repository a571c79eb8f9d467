"""Payment requests with their chain of signatures, and the vouchers that prove what was spent."""

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from grants.agreements.models import Agreement, BudgetLine, Tranche
from grants.foundation.clock import now
from grants.foundation.database import Model, fen, uuid_key
from grants.foundation.models import StoredFile
from grants.payments.rules import PaymentAction, PaymentStatus, VoucherStatus
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
        Index("ix_voucher_created_at_id", "created_at", "id"),
    )


class BankImport(Model):
    """A bank statement as it was uploaded; its lines are read in once the columns are confirmed."""

    __tablename__ = "bank_import"
    id: Mapped[uuid.UUID] = uuid_key()
    ref: Mapped[str] = mapped_column(String(30), unique=True)
    file_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("stored_file.id"))
    imported_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"))
    created_at: Mapped[datetime] = mapped_column(default=now)
    applied_at: Mapped[datetime | None]
    line_count: Mapped[int] = mapped_column(default=0)
    skipped_count: Mapped[int] = mapped_column(default=0)
    file: Mapped[StoredFile] = relationship()
    imported_by: Mapped[User] = relationship()


class BankLine(Model):
    """One payment the bank has made, as its statement says; the same line of a second statement is not read again."""

    __tablename__ = "bank_line"
    id: Mapped[uuid.UUID] = uuid_key()
    import_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("bank_import.id"), index=True)
    position: Mapped[int]
    booked_on: Mapped[date]
    amount_fen: Mapped[int] = fen()
    reference: Mapped[str] = mapped_column(String(60))
    payee: Mapped[str] = mapped_column(String(120), default="")
    memo: Mapped[str] = mapped_column(String(200), default="")
    statement: Mapped[BankImport] = relationship()
    __table_args__ = (
        UniqueConstraint("reference", "booked_on", "amount_fen"),
        CheckConstraint("amount_fen > 0", name="amount_positive"),
    )


class BankMatch(Model):
    """A line of the bank and the payment it proves, one to one; undone with a reason, never deleted."""

    __tablename__ = "bank_match"
    id: Mapped[uuid.UUID] = uuid_key()
    line_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("bank_line.id"))
    request_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("payment_request.id"))
    is_exact: Mapped[bool]
    made_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"))
    made_at: Mapped[datetime] = mapped_column(default=now)
    undone_at: Mapped[datetime | None]
    undone_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    undo_reason: Mapped[str | None] = mapped_column(Text)
    line: Mapped[BankLine] = relationship()
    request: Mapped[PaymentRequest] = relationship()
    made_by: Mapped[User] = relationship(foreign_keys=[made_by_id])
    __table_args__ = (
        CheckConstraint(
            "(undone_at IS NULL) = (undo_reason IS NULL) AND (undone_at IS NULL) = (undone_by_id IS NULL)",
            name="undone_by_somebody_for_a_reason",
        ),
        Index(
            "uq_bank_match_live_line",
            "line_id",
            unique=True,
            sqlite_where=text("undone_at IS NULL"),
            postgresql_where=text("undone_at IS NULL"),
        ),
        Index(
            "uq_bank_match_live_request",
            "request_id",
            unique=True,
            sqlite_where=text("undone_at IS NULL"),
            postgresql_where=text("undone_at IS NULL"),
        ),
    )


class FinanceOpinion(Model):
    """What the supervisor says about the use of money, and what finance answers; neither changes afterwards."""

    __tablename__ = "finance_opinion"
    id: Mapped[uuid.UUID] = uuid_key()
    ref: Mapped[str] = mapped_column(String(30), unique=True)
    scope: Mapped[str] = mapped_column(String(200), default="")
    body: Mapped[str] = mapped_column(Text)
    made_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"))
    made_at: Mapped[datetime] = mapped_column(default=now)
    answer: Mapped[str | None] = mapped_column(Text)
    answered_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    answered_at: Mapped[datetime | None]
    made_by: Mapped[User] = relationship(foreign_keys=[made_by_id])
    answered_by: Mapped[User | None] = relationship(foreign_keys=[answered_by_id])
    __table_args__ = (
        CheckConstraint(
            "(answer IS NULL) = (answered_at IS NULL) AND (answer IS NULL) = (answered_by_id IS NULL)",
            name="answered_by_somebody",
        ),
        CheckConstraint("answered_by_id IS NULL OR answered_by_id <> made_by_id", name="answered_by_another"),
    )
