"""Inspections, their items and the calls to people served."""

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from grants.agreements.models import Agreement
from grants.foundation.clock import now
from grants.foundation.database import Model, uuid_key
from grants.foundation.models import StoredFile
from grants.people.models import Resident, User
from grants.supervision.rules import (
    CallOutcome,
    InspectionMethod,
    InspectionStatus,
    ItemGrade,
)


class Inspection(Model):
    """A planned check of a project by a named officer, with its findings once it was made."""

    __tablename__ = "inspection"
    id: Mapped[uuid.UUID] = uuid_key()
    ref: Mapped[str] = mapped_column(String(30), unique=True)
    agreement_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("agreement.id"), index=True)
    method: Mapped[InspectionMethod]
    quarter: Mapped[str] = mapped_column(String(6), index=True)
    due_on: Mapped[date]
    focus: Mapped[str] = mapped_column(Text, default="")
    status: Mapped[InspectionStatus] = mapped_column(default=InspectionStatus.PLANNED)
    assigned_to_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"), index=True)
    planned_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"))
    planned_at: Mapped[datetime] = mapped_column(default=now)
    done_on: Mapped[date | None]
    summary: Mapped[str | None] = mapped_column(Text)
    grade: Mapped[ItemGrade | None]
    file_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("stored_file.id"))
    cancel_reason: Mapped[str | None] = mapped_column(Text)
    sample_seed: Mapped[str | None] = mapped_column(String(64))
    sample_from: Mapped[int | None]
    agreement: Mapped[Agreement] = relationship()
    assigned_to: Mapped[User] = relationship(foreign_keys=[assigned_to_id])
    planned_by: Mapped[User] = relationship(foreign_keys=[planned_by_id])
    file: Mapped[StoredFile | None] = relationship()
    items: Mapped[list["InspectionItem"]] = relationship(order_by="InspectionItem.position")
    calls: Mapped[list["SpotCall"]] = relationship(back_populates="inspection", order_by="SpotCall.number")
    __table_args__ = (
        CheckConstraint("(status = 'done') = (done_on IS NOT NULL)", name="done_on_iff_done"),
        CheckConstraint("(status = 'done') = (grade IS NOT NULL)", name="graded_iff_done"),
        CheckConstraint("(status = 'done') = (summary IS NOT NULL)", name="summary_iff_done"),
        CheckConstraint("(status = 'cancelled') = (cancel_reason IS NOT NULL)", name="reason_iff_cancelled"),
        CheckConstraint("(sample_seed IS NULL) = (sample_from IS NULL)", name="sample_with_its_seed"),
        CheckConstraint("sample_seed IS NULL OR method = 'phone'", name="sample_for_calls_only"),
    )


class InspectionItem(Model):
    """One item of an inspection: what was looked at and what it was found to be."""

    __tablename__ = "inspection_item"
    inspection_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("inspection.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    subject: Mapped[str] = mapped_column(String(120))
    grade: Mapped[ItemGrade]
    note: Mapped[str] = mapped_column(Text, default="")
    __table_args__ = (CheckConstraint("grade = 'good' OR length(note) > 0", name="note_unless_good"),)


class SpotCall(Model):
    """A resident drawn from those who were served, and what they said on the telephone."""

    __tablename__ = "spot_call"
    inspection_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("inspection.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    resident_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("resident.id"))
    outcome: Mapped[CallOutcome | None]
    has_attended: Mapped[bool | None]
    score: Mapped[int | None]
    remark: Mapped[str] = mapped_column(Text, default="")
    called_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    called_at: Mapped[datetime | None]
    inspection: Mapped[Inspection] = relationship(back_populates="calls")
    resident: Mapped[Resident] = relationship()
    __table_args__ = (
        UniqueConstraint("inspection_id", "resident_id"),
        CheckConstraint("score BETWEEN 1 AND 5", name="score_one_to_five"),
        CheckConstraint("(outcome IS NULL) = (called_at IS NULL)", name="called_at_iff_called"),
        CheckConstraint("outcome <> 'answered' OR has_attended IS NOT NULL", name="answers_when_answered"),
        CheckConstraint(
            "outcome = 'answered' OR (has_attended IS NULL AND score IS NULL)", name="no_answers_without_a_talk"
        ),
    )
