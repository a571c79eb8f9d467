"""The account that an organisation is paid to, and its changes."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from grants.foundation.clock import now
from grants.foundation.database import Model, uuid_key
from grants.people.models.accounts import Organisation, User


class BankAccountChange(Model):
    """A new account to be paid to, as a member stated it; it counts once a programme officer has checked it."""

    __tablename__ = "bank_account_change"
    id: Mapped[uuid.UUID] = uuid_key()
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    bank_name: Mapped[str] = mapped_column(String(120))
    account_name: Mapped[str] = mapped_column(String(120))
    account_cipher: Mapped[str] = mapped_column(Text)
    account_index: Mapped[str] = mapped_column(String(64))
    account_last4: Mapped[str] = mapped_column(String(4))
    reason: Mapped[str] = mapped_column(String(200))
    proposed_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"))
    proposed_at: Mapped[datetime] = mapped_column(default=now)
    decided_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    decided_at: Mapped[datetime | None]
    is_accepted: Mapped[bool | None]
    note: Mapped[str] = mapped_column(String(300), default="")
    organisation: Mapped[Organisation] = relationship()
    proposed_by: Mapped[User] = relationship(foreign_keys=[proposed_by_id])
    decided_by: Mapped[User | None] = relationship(foreign_keys=[decided_by_id])
    __table_args__ = (
        CheckConstraint("proposed_by_id <> decided_by_id", name="two_persons"),
        CheckConstraint(
            "(decided_by_id IS NULL) = (is_accepted IS NULL) AND (decided_by_id IS NULL) = (decided_at IS NULL)",
            name="decision_is_whole",
        ),
        Index(
            "uq_bank_account_change_open",
            "organisation_id",
            unique=True,
            sqlite_where=text("decided_by_id IS NULL"),
            postgresql_where=text("decided_by_id IS NULL"),
        ),
    )
