"""Polls, rolls and ballots. A ballot row holds nothing that leads back to the voter."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from grants.foundation.clock import now
from grants.foundation.database import Model, fen, uuid_key
from grants.people.models import Place, User
from grants.people.rules import AgeBand
from grants.rounds.models import Round
from grants.rounds.rules import Category
from grants.voting.rules import Channel, CountingRule, PollKind, PollStatus


class Poll(Model):
    """A vote among the residents of one community; its rule file is frozen and hashed before it opens."""

    __tablename__ = "poll"
    id: Mapped[uuid.UUID] = uuid_key()
    ref: Mapped[str] = mapped_column(String(30), unique=True)
    round_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("round.id"), index=True)
    community_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("place.id"), index=True)
    title: Mapped[str] = mapped_column(String(120))
    question: Mapped[str] = mapped_column(Text, default="")
    kind: Mapped[PollKind] = mapped_column(default=PollKind.APPROVAL)
    rule: Mapped[CountingRule] = mapped_column(default=CountingRule.GREEDY)
    min_choices: Mapped[int] = mapped_column(default=1)
    max_choices: Mapped[int] = mapped_column(default=3)
    minimum_age: Mapped[int] = mapped_column(default=18)
    budget_fen: Mapped[int] = fen()
    status: Mapped[PollStatus] = mapped_column(default=PollStatus.DRAFT)
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    rule_file: Mapped[str | None] = mapped_column(Text)
    rule_hash: Mapped[str | None] = mapped_column(String(64))
    tie_seed: Mapped[str | None] = mapped_column(String(64))
    drafted_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    frozen_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    opened_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    closed_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    closed_at: Mapped[datetime | None]
    counted_at: Mapped[datetime | None]
    result: Mapped[dict[str, Any] | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
    round: Mapped[Round] = relationship()
    community: Mapped[Place] = relationship()
    frozen_by: Mapped[User | None] = relationship(foreign_keys=[frozen_by_id])
    options: Mapped[list["PollOption"]] = relationship(back_populates="poll", order_by="PollOption.position")
    __table_args__ = (
        CheckConstraint("closes_at > opens_at", name="closes_after_opening"),
        CheckConstraint("min_choices >= 1 AND max_choices >= min_choices", name="choices_in_order"),
        CheckConstraint("(status = 'draft') = (rule_hash IS NULL)", name="frozen_unless_draft"),
        CheckConstraint("(status = 'counted') = (result IS NOT NULL)", name="result_iff_counted"),
        CheckConstraint(
            "opened_by_id IS NULL OR frozen_by_id IS NULL OR opened_by_id <> frozen_by_id",
            name="opened_by_second_person",
        ),
    )


class PollOption(Model):
    """One thing to vote for; `subject_ref` names the need it stands for."""

    __tablename__ = "poll_option"
    id: Mapped[uuid.UUID] = uuid_key()
    poll_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("poll.id"))
    position: Mapped[int]
    code: Mapped[str] = mapped_column(String(8))
    title: Mapped[str] = mapped_column(String(120))
    summary: Mapped[str] = mapped_column(Text, default="")
    category: Mapped[Category]
    cost_fen: Mapped[int] = fen()
    subject_ref: Mapped[str] = mapped_column(String(60), default="", index=True)
    poll: Mapped[Poll] = relationship(back_populates="options")
    __table_args__ = (
        UniqueConstraint("poll_id", "code"),
        UniqueConstraint("poll_id", "position"),
        CheckConstraint("cost_fen > 0", name="cost_positive"),
    )


class RollEntry(Model):
    """The right of one person to one ballot in one poll; day of voting only, no time, no address."""

    __tablename__ = "roll_entry"
    poll_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("poll.id"), primary_key=True)
    person_key: Mapped[str] = mapped_column(String(64), primary_key=True)
    community_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("place.id"))
    age_band: Mapped[AgeBand]
    has_voted: Mapped[bool] = mapped_column(default=False)
    channel: Mapped[Channel | None]
    voted_on: Mapped[date | None]
    __table_args__ = (
        CheckConstraint("has_voted = (channel IS NOT NULL)", name="channel_iff_voted"),
        CheckConstraint("has_voted = (voted_on IS NOT NULL)", name="day_iff_voted"),
        Index("ix_roll_entry_poll_id_has_voted", "poll_id", "has_voted"),
    )


class Ballot(Model):
    """A cast ballot under its random code: no person, no time, no address, no serial number."""

    __tablename__ = "ballot"
    poll_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("poll.id"), primary_key=True)
    code: Mapped[str] = mapped_column(String(24), primary_key=True)
    choices: Mapped[str] = mapped_column(Text)
    salt: Mapped[str] = mapped_column(String(64))
    leaf: Mapped[str] = mapped_column(String(64))
    __table_args__ = ({"sqlite_with_rowid": False},)
