"""Ballots and what is shown of them. No row here holds anything that leads back to a voter."""

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from grants.foundation.database import Model


class Ballot(Model):
    """A cast ballot under its random code: no person, no time, no address, no serial number.

    It lies here until the poll is sealed. WITHOUT ROWID keeps SQLite from numbering ballots in the order of casting.
    """

    __tablename__ = "ballot"
    poll_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("poll.id"), primary_key=True)
    code: Mapped[str] = mapped_column(String(24), primary_key=True)
    choices: Mapped[str] = mapped_column(Text)
    salt: Mapped[str] = mapped_column(String(64))
    leaf: Mapped[str] = mapped_column(String(64))
    __table_args__ = ({"sqlite_with_rowid": False},)


class SealedBallot(Model):
    """A ballot after sealing: written again in a random order, all in one transaction, the first copy gone."""

    __tablename__ = "sealed_ballot"
    poll_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("poll.id"), primary_key=True)
    code: Mapped[str] = mapped_column(String(24), primary_key=True)
    choices: Mapped[str] = mapped_column(Text)
    salt: Mapped[str] = mapped_column(String(64))
    leaf: Mapped[str] = mapped_column(String(64))
    __table_args__ = ({"sqlite_with_rowid": False},)


class Checkpoint(Model):
    """A published state of the board: how many leaves stood on it and the RFC 6962 root over them."""

    __tablename__ = "poll_checkpoint"
    poll_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("poll.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    size: Mapped[int]
    root: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
    __table_args__ = (CheckConstraint("size >= 0", name="size_not_negative"),)


class BoardLeaf(Model):
    """One leaf on the board, in a batch of at least ten that was shuffled before it was shown."""

    __tablename__ = "board_leaf"
    poll_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("poll.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    leaf: Mapped[str] = mapped_column(String(64))
    checkpoint: Mapped[int]
    __table_args__ = (UniqueConstraint("poll_id", "leaf"),)


class ChallengedBallot(Model):
    """A filled-in ballot that its voter opened for checking (抽查) instead of casting; its code can never be cast."""

    __tablename__ = "challenged_ballot"
    poll_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("poll.id"), primary_key=True)
    code: Mapped[str] = mapped_column(String(24), primary_key=True)
    choices: Mapped[str] = mapped_column(Text)
    salt: Mapped[str] = mapped_column(String(64))
    leaf: Mapped[str] = mapped_column(String(64))
    opened_on: Mapped[date]
    __table_args__ = ({"sqlite_with_rowid": False},)
