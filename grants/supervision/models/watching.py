"""Resident supervisors, visits, orders to put something right, complaints and opinions."""

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from grants.agreements.models import Agreement
from grants.foundation.clock import now
from grants.foundation.database import Model, uuid_key
from grants.foundation.models import StoredFile
from grants.people.models import Resident, User
from grants.supervision.rules import (
    ComplaintStatus,
    FlagKind,
    RectificationStatus,
    StepKind,
)


class SupervisorDraw(Model):
    """The log of one draw of resident supervisors: with seed and candidates anyone entitled can repeat it."""

    __tablename__ = "supervisor_draw"
    id: Mapped[uuid.UUID] = uuid_key()
    agreement_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("agreement.id"), index=True)
    seed: Mapped[str] = mapped_column(String(64))
    wanted_count: Mapped[int]
    candidate_count: Mapped[int]
    candidates_hash: Mapped[str] = mapped_column(String(64))
    witness: Mapped[str] = mapped_column(String(60), default="")
    drawn_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    drawn_at: Mapped[datetime] = mapped_column(default=now)
    drawn_by: Mapped[User | None] = relationship()
    __table_args__ = (
        CheckConstraint("wanted_count > 0 AND candidate_count >= wanted_count", name="enough_candidates"),
    )


class ResidentSupervisor(Model):
    """A resident drawn to watch one project."""

    __tablename__ = "resident_supervisor"
    id: Mapped[uuid.UUID] = uuid_key()
    agreement_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("agreement.id"), index=True)
    resident_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("resident.id"), index=True)
    drawn_at: Mapped[datetime] = mapped_column(default=now)
    draw_seed: Mapped[str] = mapped_column(String(64), default="")
    draw_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("supervisor_draw.id"))
    stood_down_at: Mapped[datetime | None]
    stand_down_reason: Mapped[str | None] = mapped_column(Text)
    agreement: Mapped[Agreement] = relationship()
    resident: Mapped[Resident] = relationship()
    draw: Mapped[SupervisorDraw | None] = relationship()
    __table_args__ = (
        UniqueConstraint("agreement_id", "resident_id"),
        CheckConstraint("(stood_down_at IS NULL) = (stand_down_reason IS NULL)", name="reason_iff_stood_down"),
    )


class SiteVisit(Model):
    """A visit on the spot by an officer or a resident supervisor."""

    __tablename__ = "site_visit"
    id: Mapped[uuid.UUID] = uuid_key()
    agreement_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("agreement.id"), index=True)
    visited_on: Mapped[date]
    visitor_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"))
    is_by_resident: Mapped[bool] = mapped_column(default=False)
    finding: Mapped[str] = mapped_column(Text)
    is_satisfactory: Mapped[bool]
    file_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("stored_file.id"))
    created_at: Mapped[datetime] = mapped_column(default=now)
    agreement: Mapped[Agreement] = relationship()
    visitor: Mapped[User] = relationship()
    file: Mapped[StoredFile | None] = relationship()


class Rectification(Model):
    """An order to put something right by a day; while it is open no tranche is paid."""

    __tablename__ = "rectification"
    id: Mapped[uuid.UUID] = uuid_key()
    ref: Mapped[str] = mapped_column(String(30), unique=True)
    agreement_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("agreement.id"), index=True)
    problem: Mapped[str] = mapped_column(Text)
    demand: Mapped[str] = mapped_column(Text)
    due_on: Mapped[date]
    status: Mapped[RectificationStatus] = mapped_column(default=RectificationStatus.OPEN)
    issued_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"))
    issued_at: Mapped[datetime] = mapped_column(default=now)
    answer: Mapped[str | None] = mapped_column(Text)
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    answer_file_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("stored_file.id"))
    rejected_count: Mapped[int] = mapped_column(default=0)
    recheck_note: Mapped[str | None] = mapped_column(Text)
    closed_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    closed_at: Mapped[datetime | None]
    agreement: Mapped[Agreement] = relationship()
    issued_by: Mapped[User] = relationship(foreign_keys=[issued_by_id])
    answered_by: Mapped[User | None] = relationship(foreign_keys=[answered_by_id])
    closed_by: Mapped[User | None] = relationship(foreign_keys=[closed_by_id])
    answer_file: Mapped[StoredFile | None] = relationship()
    steps: Mapped[list["RectificationStep"]] = relationship(
        back_populates="rectification", order_by="RectificationStep.at"
    )
    __table_args__ = (
        CheckConstraint("(status = 'closed') = (closed_at IS NOT NULL)", name="closed_at_iff_closed"),
        CheckConstraint("closed_by_id <> answered_by_id", name="rechecked_by_somebody_else"),
        CheckConstraint("status <> 'answered' OR answer IS NOT NULL", name="answer_when_answered"),
    )


class RectificationStep(Model):
    """What was done about an order that is late: a reminder, the report to the leader, the leader's instruction."""

    __tablename__ = "rectification_step"
    id: Mapped[uuid.UUID] = uuid_key()
    rectification_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("rectification.id"), index=True)
    kind: Mapped[StepKind]
    text: Mapped[str] = mapped_column(Text, default="")
    by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime] = mapped_column(default=now)
    rectification: Mapped[Rectification] = relationship(back_populates="steps")
    by: Mapped[User] = relationship()
    __table_args__ = (CheckConstraint("kind = 'remind' OR length(text) > 0", name="words_unless_reminder"),)


class Complaint(Model):
    """A complaint or praise about a project; the sender's contact is encrypted."""

    __tablename__ = "complaint"
    id: Mapped[uuid.UUID] = uuid_key()
    ref: Mapped[str] = mapped_column(String(30), unique=True)
    project_ref: Mapped[str] = mapped_column(String(30), index=True)
    text: Mapped[str] = mapped_column(Text)
    contact_cipher: Mapped[str | None] = mapped_column(Text)
    is_whistleblowing: Mapped[bool] = mapped_column(default=False)
    query_index: Mapped[str | None] = mapped_column(String(64), unique=True)
    status: Mapped[ComplaintStatus] = mapped_column(default=ComplaintStatus.OPEN)
    sent_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    sent_at: Mapped[datetime] = mapped_column(default=now)
    answer: Mapped[str | None] = mapped_column(Text)
    answered_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[User | None] = relationship(foreign_keys=[answered_by_id])
    __table_args__ = (
        CheckConstraint("(status = 'answered') = (answer IS NOT NULL)", name="answer_iff_answered"),
        CheckConstraint("NOT is_whistleblowing OR sent_by_id IS NULL", name="whistleblower_is_not_named"),
        Index("ix_complaint_sent_at_id", "sent_at", "id"),
    )


class SupervisionOpinion(Model):
    """What the supervisor of the street says about a project; the programme answers."""

    __tablename__ = "supervision_opinion"
    id: Mapped[uuid.UUID] = uuid_key()
    agreement_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("agreement.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime] = mapped_column(default=now)
    answer: Mapped[str | None] = mapped_column(Text)
    answered_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    answered_at: Mapped[datetime | None]
    agreement: Mapped[Agreement] = relationship()
    by: Mapped[User] = relationship(foreign_keys=[by_id])
    answered_by: Mapped[User | None] = relationship(foreign_keys=[answered_by_id])
    __table_args__ = (
        CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name="answered_at_iff_answered"),
        CheckConstraint("(answer IS NULL) = (answered_by_id IS NULL)", name="answered_by_somebody"),
        CheckConstraint("answered_by_id <> by_id", name="answered_by_somebody_else"),
    )


class FlagClearance(Model):
    """A sign that an officer looked into and explained; the sign itself stays on record in its own words."""

    __tablename__ = "flag_clearance"
    id: Mapped[uuid.UUID] = uuid_key()
    agreement_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("agreement.id"))
    key: Mapped[str] = mapped_column(String(64))
    kind: Mapped[FlagKind]
    text: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime] = mapped_column(default=now)
    by: Mapped[User] = relationship()
    __table_args__ = (
        UniqueConstraint("agreement_id", "key"),
        CheckConstraint("length(reason) > 0", name="reason_given"),
    )
