"""Activities, the files that prove them, who signed up and who came."""

import uuid
from datetime import date, datetime, time

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from grants.agreements.models import Agreement
from grants.foundation.clock import now
from grants.foundation.database import Model, uuid_key
from grants.foundation.models import StoredFile
from grants.needs.rules import TargetGroup
from grants.people.models import Resident
from grants.supervision.rules import (
    ActivityStatus,
    EvidenceKind,
    RegistrationStatus,
)


class Activity(Model):
    """Something the organisation did for residents; persons (人数) and attendances (人次) are both kept."""

    __tablename__ = "activity"
    id: Mapped[uuid.UUID] = uuid_key()
    ref: Mapped[str] = mapped_column(String(30), unique=True)
    agreement_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("agreement.id"), index=True)
    title: Mapped[str] = mapped_column(String(80))
    held_on: Mapped[date]
    starts: Mapped[time]
    ends: Mapped[time]
    place_text: Mapped[str] = mapped_column(String(120))
    target_group: Mapped[TargetGroup] = mapped_column(default=TargetGroup.ALL)
    status: Mapped[ActivityStatus] = mapped_column(default=ActivityStatus.ANNOUNCED)
    sign_in_code: Mapped[str] = mapped_column(String(24), unique=True)
    capacity: Mapped[int | None]
    seat_count: Mapped[int | None]
    person_count: Mapped[int] = mapped_column(default=0)
    attendance_count: Mapped[int] = mapped_column(default=0)
    volunteer_count: Mapped[int] = mapped_column(default=0)
    team: Mapped[str] = mapped_column(String(160), default="")
    summary: Mapped[str | None] = mapped_column(Text)
    reflection: Mapped[str] = mapped_column(Text, default="")
    has_cleared_photos: Mapped[bool] = mapped_column(default=False)
    cancel_reason: Mapped[str | None] = mapped_column(Text)
    announced_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    recorded_at: Mapped[datetime | None]
    recorded_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    created_at: Mapped[datetime] = mapped_column(default=now)
    agreement: Mapped[Agreement] = relationship()
    evidence: Mapped[list["ActivityEvidence"]] = relationship(back_populates="activity")
    __table_args__ = (
        CheckConstraint("status <> 'cancelled' OR cancel_reason IS NOT NULL", name="reason_when_cancelled"),
        CheckConstraint("capacity > 0", name="capacity_positive"),
        CheckConstraint("seat_count > 0 AND (capacity IS NULL OR seat_count <= capacity)", name="seats_fit_the_place"),
        CheckConstraint("volunteer_count >= 0", name="volunteers_not_negative"),
        CheckConstraint("(status = 'recorded') = (recorded_at IS NOT NULL)", name="recorded_at_iff_recorded"),
        CheckConstraint("person_count >= 0 AND attendance_count >= person_count", name="attendance_covers_persons"),
        CheckConstraint("ends > starts", name="ends_after_start"),
        Index("ix_activity_held_on", "held_on"),
    )


class ActivityEvidence(Model):
    """A sign-in sheet, photo or other proof of an activity."""

    __tablename__ = "activity_evidence"
    id: Mapped[uuid.UUID] = uuid_key()
    activity_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("activity.id"), index=True)
    kind: Mapped[EvidenceKind]
    file_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("stored_file.id"), index=True)
    activity: Mapped[Activity] = relationship(back_populates="evidence")
    file: Mapped[StoredFile] = relationship()


class ActivitySignIn(Model):
    """A resident who signed in by phone; the paper sheet covers the others."""

    __tablename__ = "activity_sign_in"
    activity_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("activity.id"), primary_key=True)
    resident_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("resident.id"), primary_key=True, index=True)
    at: Mapped[datetime] = mapped_column(default=now)


class ActivityRegistration(Model):
    """A resident who signed up for an activity: with a seat, on the waiting list, or withdrawn; once a person."""

    __tablename__ = "activity_registration"
    activity_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("activity.id"), primary_key=True)
    resident_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("resident.id"), primary_key=True, index=True)
    status: Mapped[RegistrationStatus]
    at: Mapped[datetime] = mapped_column(default=now)
    activity: Mapped[Activity] = relationship()
    resident: Mapped[Resident] = relationship()
