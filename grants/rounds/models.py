"""A round: phases, envelopes, score tables, and the public notices that its decisions pass through."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from grants.foundation.clock import now
from grants.foundation.database import Model, fen, uuid_key
from grants.foundation.i18n import _
from grants.funds.models import Fund
from grants.people.models import Place, User
from grants.rounds.rules import (
    Category,
    ExtensionStatus,
    NoticeKind,
    NoticeStatus,
    ObjectionStatus,
    Phase,
    RoundStatus,
    ScoreTableKind,
)


class Round(Model):
    """One 届次: its own dates, envelopes, tables and settings, frozen when it opens."""

    __tablename__ = "round"
    id: Mapped[uuid.UUID] = uuid_key()
    ref: Mapped[str] = mapped_column(String(20), unique=True)
    number: Mapped[int] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(String(120))
    year: Mapped[int]
    status: Mapped[RoundStatus] = mapped_column(default=RoundStatus.DRAFT)
    fund_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("fund.id"))
    street_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("place.id"))
    settings: Mapped[dict[str, Any]] = mapped_column(default=dict)
    settings_hash: Mapped[str | None] = mapped_column(String(64))
    introduction: Mapped[str] = mapped_column(Text, default="")
    drafted_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    money_confirmed_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    money_confirmed_at: Mapped[datetime | None]
    opened_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    opened_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
    drafted_by: Mapped[User | None] = relationship(foreign_keys=[drafted_by_id])
    money_confirmed_by: Mapped[User | None] = relationship(foreign_keys=[money_confirmed_by_id])
    opened_by: Mapped[User | None] = relationship(foreign_keys=[opened_by_id])
    fund: Mapped[Fund] = relationship()
    street: Mapped[Place] = relationship()
    phases: Mapped[list["RoundPhase"]] = relationship(back_populates="round", order_by="RoundPhase.starts_on")
    envelopes: Mapped[list["Envelope"]] = relationship(back_populates="round")
    score_tables: Mapped[list["ScoreTable"]] = relationship(back_populates="round")
    __table_args__ = (
        CheckConstraint("(status = 'draft') = (opened_at IS NULL)", name="opened_unless_draft"),
        CheckConstraint("status = 'draft' OR settings_hash IS NOT NULL", name="frozen_when_open"),
        CheckConstraint(
            "(money_confirmed_at IS NULL) = (money_confirmed_by_id IS NULL)", name="money_confirmed_by_somebody"
        ),
        CheckConstraint(
            "opened_by_id IS NULL OR money_confirmed_by_id IS NULL OR opened_by_id <> money_confirmed_by_id",
            name="opened_by_second_person",
        ),
    )

    @property
    def is_rehearsal(self) -> bool:
        """Tell whether the round is for practice only (docs/decisions/0006)."""
        return bool(self.settings.get("is_rehearsal"))

    @property
    def label(self) -> str:
        """Return the name as lists and choices show it: a rehearsal says so."""
        return _("%(name)s（演练）", name=self.name) if self.is_rehearsal and "演练" not in self.name else self.name


class RoundPhase(Model):
    """A dated phase; both days are included."""

    __tablename__ = "round_phase"
    id: Mapped[uuid.UUID] = uuid_key()
    round_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("round.id"))
    phase: Mapped[Phase]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    round: Mapped[Round] = relationship(back_populates="phases")
    extensions: Mapped[list["PhaseExtension"]] = relationship(
        back_populates="round_phase", order_by="PhaseExtension.proposed_at"
    )
    __table_args__ = (
        UniqueConstraint("round_id", "phase"),
        CheckConstraint("ends_on >= starts_on", name="ends_after_start"),
    )


class PhaseExtension(Model):
    """A later end for a phase of an open round: one officer asks with a reason, a second one agrees."""

    __tablename__ = "phase_extension"
    id: Mapped[uuid.UUID] = uuid_key()
    round_phase_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("round_phase.id"), index=True)
    old_ends_on: Mapped[date]
    ends_on: Mapped[date]
    reason: Mapped[str] = mapped_column(Text)
    status: Mapped[ExtensionStatus] = mapped_column(default=ExtensionStatus.WAITING)
    proposed_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"))
    proposed_at: Mapped[datetime] = mapped_column(default=now)
    decided_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    decided_at: Mapped[datetime | None]
    round_phase: Mapped[RoundPhase] = relationship(back_populates="extensions")
    proposed_by: Mapped[User] = relationship(foreign_keys=[proposed_by_id])
    decided_by: Mapped[User | None] = relationship(foreign_keys=[decided_by_id])
    __table_args__ = (
        CheckConstraint("ends_on > old_ends_on", name="ends_later"),
        CheckConstraint("(status = 'waiting') = (decided_at IS NULL)", name="decided_unless_waiting"),
        CheckConstraint("decided_by_id IS NULL OR decided_by_id <> proposed_by_id", name="decided_by_second_person"),
    )


class Envelope(Model):
    """The money a round sets aside for one category; the ledger account has key `<round ref>/<category>`."""

    __tablename__ = "envelope"
    id: Mapped[uuid.UUID] = uuid_key()
    round_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("round.id"))
    category: Mapped[Category]
    amount_fen: Mapped[int] = fen()
    round: Mapped[Round] = relationship(back_populates="envelopes")
    __table_args__ = (
        UniqueConstraint("round_id", "category"),
        CheckConstraint("amount_fen >= 0", name="amount_not_negative"),
    )


class ScoreTable(Model):
    """A table of criteria that sums to 100 points."""

    __tablename__ = "score_table"
    id: Mapped[uuid.UUID] = uuid_key()
    round_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("round.id"))
    kind: Mapped[ScoreTableKind]
    round: Mapped[Round] = relationship(back_populates="score_tables")
    items: Mapped[list["Criterion"]] = relationship(back_populates="table", order_by="Criterion.position")
    __table_args__ = (UniqueConstraint("round_id", "kind"),)


class Criterion(Model):
    """One line of a score table: at most `max_points`, in whole or half points."""

    __tablename__ = "criterion"
    id: Mapped[uuid.UUID] = uuid_key()
    table_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("score_table.id"))
    position: Mapped[int]
    code: Mapped[str] = mapped_column(String(40))
    group: Mapped[str] = mapped_column(String(60))
    name: Mapped[str] = mapped_column(String(80))
    max_points: Mapped[int]
    anchor: Mapped[str] = mapped_column(Text, default="")
    table: Mapped[ScoreTable] = relationship(back_populates="items")
    __table_args__ = (
        UniqueConstraint("table_id", "code"),
        CheckConstraint("max_points > 0", name="points_positive"),
    )


class Notice(Model):
    """A public notice (公示) with a window of working days in which anyone may object."""

    __tablename__ = "notice"
    id: Mapped[uuid.UUID] = uuid_key()
    ref: Mapped[str] = mapped_column(String(24), unique=True)
    round_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("round.id"), index=True)
    kind: Mapped[NoticeKind]
    subject_ref: Mapped[str] = mapped_column(String(60), index=True)
    title: Mapped[str] = mapped_column(String(160))
    body: Mapped[str] = mapped_column(Text)
    status: Mapped[NoticeStatus] = mapped_column(default=NoticeStatus.RUNNING)
    published_at: Mapped[datetime] = mapped_column(default=now)
    ends_on: Mapped[date]
    published_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    withdrawal_reason: Mapped[str | None] = mapped_column(Text)
    round: Mapped[Round] = relationship()
    published_by: Mapped[User | None] = relationship(foreign_keys=[published_by_id])
    ended_by: Mapped[User | None] = relationship(foreign_keys=[ended_by_id])
    objections: Mapped[list["Objection"]] = relationship(back_populates="notice", order_by="Objection.raised_at")
    __table_args__ = (
        CheckConstraint("(status = 'running') = (ended_at IS NULL)", name="ended_unless_running"),
        CheckConstraint("(status = 'withdrawn') = (withdrawal_reason IS NOT NULL)", name="reason_iff_withdrawn"),
        Index("ix_notice_published_at", "published_at"),
    )


class Objection(Model):
    """A real-name objection to a notice; contact data are encrypted and shown to officers only."""

    __tablename__ = "objection"
    id: Mapped[uuid.UUID] = uuid_key()
    ref: Mapped[str] = mapped_column(String(24), unique=True)
    notice_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("notice.id"), index=True)
    name: Mapped[str] = mapped_column(String(60))
    contact_cipher: Mapped[str] = mapped_column(Text)
    unit: Mapped[str] = mapped_column(String(120), default="")
    text: Mapped[str] = mapped_column(Text)
    status: Mapped[ObjectionStatus] = mapped_column(default=ObjectionStatus.OPEN)
    raised_at: Mapped[datetime] = mapped_column(default=now)
    raised_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    answer: Mapped[str | None] = mapped_column(Text)
    answered_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    answered_at: Mapped[datetime | None]
    notice: Mapped[Notice] = relationship(back_populates="objections")
    raised_by: Mapped[User | None] = relationship(foreign_keys=[raised_by_id])
    answered_by: Mapped[User | None] = relationship(foreign_keys=[answered_by_id])
    __table_args__ = (
        CheckConstraint("(status = 'open') = (answer IS NULL)", name="answer_iff_decided"),
        CheckConstraint("(status = 'open') = (answered_at IS NULL)", name="answered_at_iff_decided"),
    )
