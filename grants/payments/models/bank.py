"""Statements of the bank, their lines, and the payments they prove."""

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from grants.foundation.clock import now
from grants.foundation.database import Model, fen, uuid_key
from grants.foundation.models import StoredFile
from grants.payments.models.requests import PaymentRequest
from grants.people.models import User


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
