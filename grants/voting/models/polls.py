"""Polls with their options, the roll of who may vote, and what changed after the rules were frozen."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from grants.foundation.clock import now
from grants.foundation.database import Model, fen, uuid_key
from grants.people.models import Place, User
from grants.people.rules import AgeBand, PlaceKind
from grants.rounds.models import Round
from grants.rounds.rules import Category
from grants.voting.rules import AmendmentKind, AmendmentStatus, Channel, CountingRule, PollKind, PollStatus, Publication


class Poll(Model):
    """A vote among the residents of a community or of the whole street; its rules are frozen before it opens.

    `points` is what a voter may hand out in all (cumulative) or give one option at most (scoring). `rule_options` are
    the settings of the counting rule beside its name. `closes_at` moves with every extension; the frozen rule file
    keeps the first one.
    """

    __tablename__ = "poll"
    id: Mapped[uuid.UUID] = uuid_key()
    ref: Mapped[str] = mapped_column(String(30), unique=True)
    round_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("round.id"), index=True)
    community_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("place.id"), index=True)
    title: Mapped[str] = mapped_column(String(120))
    question: Mapped[str] = mapped_column(Text, default="")
    kind: Mapped[PollKind] = mapped_column(default=PollKind.APPROVAL)
    rule: Mapped[CountingRule] = mapped_column(default=CountingRule.GREEDY)
    rule_options: Mapped[dict[str, Any]] = mapped_column(default=dict)
    publication: Mapped[Publication] = mapped_column(default=Publication.PROTECTED)
    points: Mapped[int | None]
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
    sealed_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    witnessed_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    sealed_at: Mapped[datetime | None]
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
        CheckConstraint("points IS NULL OR points > 0", name="points_positive"),
        CheckConstraint("kind NOT IN ('cumulative', 'scoring') OR points IS NOT NULL", name="points_where_given"),
        CheckConstraint(
            "sealed_by_id IS NULL OR witnessed_by_id IS NULL OR sealed_by_id <> witnessed_by_id",
            name="sealed_before_witness",
        ),
    )

    @property
    def is_street_wide(self) -> bool:
        """Tell whether all communities of the street vote together."""
        return self.community.kind is PlaceKind.STREET


class PollOption(Model):
    """One thing to vote for; `subject_ref` names the need it stands for, `beneficiary` who would get the money.

    Only where no money is given out (a ranking of needs) may the cost be 0.
    """

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
    community_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("place.id"))
    beneficiary: Mapped[str] = mapped_column(String(120), default="")
    poll: Mapped[Poll] = relationship(back_populates="options")
    community: Mapped[Place | None] = relationship()
    __table_args__ = (
        UniqueConstraint("poll_id", "code"),
        UniqueConstraint("poll_id", "position"),
        CheckConstraint("cost_fen >= 0", name="cost_not_negative"),
    )


class RollEntry(Model):
    """The right of one person to one ballot in one poll; day of voting only, no time, no address.

    Who helped with an assisted or proxy vote stands here, beside the person, never beside the ballot.
    """

    __tablename__ = "roll_entry"
    poll_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("poll.id"), primary_key=True)
    person_key: Mapped[str] = mapped_column(String(64), primary_key=True)
    community_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("place.id"))
    age_band: Mapped[AgeBand]
    has_voted: Mapped[bool] = mapped_column(default=False)
    channel: Mapped[Channel | None]
    voted_on: Mapped[date | None]
    helper_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    help_reason: Mapped[str | None] = mapped_column(String(120))
    __table_args__ = (
        CheckConstraint("has_voted = (channel IS NOT NULL)", name="channel_iff_voted"),
        CheckConstraint("has_voted = (voted_on IS NOT NULL)", name="day_iff_voted"),
        CheckConstraint("(helper_id IS NULL) = (help_reason IS NULL)", name="reason_iff_helped"),
        Index("ix_roll_entry_poll_id_has_voted", "poll_id", "has_voted"),
    )


class PollAmendment(Model):
    """A change after the rules were frozen: one officer proposes it, another decides; both stand on the poll's page."""

    __tablename__ = "poll_amendment"
    id: Mapped[uuid.UUID] = uuid_key()
    poll_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("poll.id"), index=True)
    kind: Mapped[AmendmentKind]
    change: Mapped[dict[str, Any]]
    reason: Mapped[str] = mapped_column(Text)
    status: Mapped[AmendmentStatus] = mapped_column(default=AmendmentStatus.PROPOSED)
    proposed_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"))
    proposed_at: Mapped[datetime] = mapped_column(default=now)
    decided_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    decided_at: Mapped[datetime | None]
    poll: Mapped[Poll] = relationship()
    proposed_by: Mapped[User] = relationship(foreign_keys=[proposed_by_id])
    decided_by: Mapped[User | None] = relationship(foreign_keys=[decided_by_id])
    __table_args__ = (
        CheckConstraint("(status = 'proposed') = (decided_by_id IS NULL)", name="decider_iff_decided"),
        CheckConstraint("(status = 'proposed') = (decided_at IS NULL)", name="time_iff_decided"),
        CheckConstraint("decided_by_id IS NULL OR decided_by_id <> proposed_by_id", name="decided_by_second_person"),
    )


class PollOutage(Model):
    """A time in which residents could not vote; the amendment it led to gives the minutes back to everybody."""

    __tablename__ = "poll_outage"
    id: Mapped[uuid.UUID] = uuid_key()
    poll_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("poll.id"), index=True)
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime]
    channel: Mapped[Channel | None]
    what: Mapped[str] = mapped_column(Text)
    recorded_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"))
    recorded_at: Mapped[datetime] = mapped_column(default=now)
    amendment_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("poll_amendment.id"))
    poll: Mapped[Poll] = relationship()
    recorded_by: Mapped[User] = relationship(foreign_keys=[recorded_by_id])
    amendment: Mapped[PollAmendment | None] = relationship()
    __table_args__ = (CheckConstraint("ended_at > began_at", name="ends_after_beginning"),)
