"""Sessions, tries to sign in, and lost authenticators."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from grants.foundation.clock import now
from grants.foundation.database import Model, uuid_key
from grants.people.models.accounts import User


class UserSession(Model):
    """A signed-in session; deleting trust in it takes one row, at the next request."""

    __tablename__ = "user_session"
    id: Mapped[uuid.UUID] = uuid_key()
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime]
    stepped_up_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    user_agent: Mapped[str] = mapped_column(String(200), default="")
    user: Mapped[User] = relationship(lazy="joined")


class SignInAttempt(Model):
    """A try to sign in, counted for lockout; strict for an account, loose for an address."""

    __tablename__ = "sign_in_attempt"
    id: Mapped[uuid.UUID] = uuid_key()
    login: Mapped[str] = mapped_column(String(60))
    address: Mapped[str] = mapped_column(String(60))
    at: Mapped[datetime] = mapped_column(default=now)
    succeeded: Mapped[bool]
    __table_args__ = (
        Index("ix_sign_in_attempt_login_at", "login", "at"),
        Index("ix_sign_in_attempt_address_at", "address", "at"),
    )


class SecondFactorReset(Model):
    """A lost authenticator: one person asks for its removal, another agrees, and the owner enrols a new one."""

    __tablename__ = "second_factor_reset"
    id: Mapped[uuid.UUID] = uuid_key()
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"), index=True)
    reason: Mapped[str] = mapped_column(String(200))
    requested_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"))
    requested_at: Mapped[datetime] = mapped_column(default=now)
    decided_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    decided_at: Mapped[datetime | None]
    is_agreed: Mapped[bool | None]
    user: Mapped[User] = relationship(foreign_keys=[user_id])
    requested_by: Mapped[User] = relationship(foreign_keys=[requested_by_id])
    __table_args__ = (
        CheckConstraint("requested_by_id <> decided_by_id", name="two_persons"),
        CheckConstraint("user_id <> requested_by_id AND user_id <> decided_by_id", name="never_ones_own"),
        CheckConstraint(
            "(decided_by_id IS NULL) = (is_agreed IS NULL) AND (decided_by_id IS NULL) = (decided_at IS NULL)",
            name="decision_is_whole",
        ),
    )
