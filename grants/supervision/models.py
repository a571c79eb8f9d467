"""Activities and their evidence, resident supervisors and visits, rectifications, complaints."""

import uuid
from datetime import date, datetime, time

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from grants.agreements.models import Agreement
from grants.foundation.clock import now
from grants.foundation.database import Model, uuid_key
from grants.foundation.models import StoredFile
from grants.needs.rules import TargetGroup
from grants.people.models import Resident, User
from grants.supervision.rules import (
    ActivityStatus,
    CallOutcome,
    ComplaintStatus,
    EvidenceKind,
    InspectionMethod,
    InspectionStatus,
    ItemGrade,
    RectificationStatus,
    RegistrationStatus,
    RemarkSide,
    ReportStatus,
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
    __table_args__ = (
        CheckConstraint("(status = 'closed') = (closed_at IS NOT NULL)", name="closed_at_iff_closed"),
        CheckConstraint("closed_by_id <> answered_by_id", name="rechecked_by_somebody_else"),
        CheckConstraint("status <> 'answered' OR answer IS NOT NULL", name="answer_when_answered"),
    )


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


class MonthlyPlan(Model):
    """What the organisation means to do in one month of an agreement, filed before the month is under way."""

    __tablename__ = "monthly_plan"
    id: Mapped[uuid.UUID] = uuid_key()
    agreement_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("agreement.id"))
    month: Mapped[str] = mapped_column(String(7))
    activity_count: Mapped[int]
    attendance_count: Mapped[int]
    content: Mapped[str] = mapped_column(Text)
    filed_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"))
    filed_at: Mapped[datetime] = mapped_column(default=now)
    agreement: Mapped[Agreement] = relationship()
    __table_args__ = (
        UniqueConstraint("agreement_id", "month"),
        CheckConstraint("length(month) = 7", name="month_written_out"),
        CheckConstraint("activity_count >= 0 AND attendance_count >= 0", name="counts_not_negative"),
    )


class ProgressReport(Model):
    """The report of one month (月报): words by the organisation, figures taken from the records when handed in."""

    __tablename__ = "progress_report"
    id: Mapped[uuid.UUID] = uuid_key()
    agreement_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("agreement.id"))
    month: Mapped[str] = mapped_column(String(7), index=True)
    status: Mapped[ReportStatus] = mapped_column(default=ReportStatus.DRAFT)
    progress: Mapped[str] = mapped_column(Text, default="")
    spending: Mapped[str] = mapped_column(Text, default="")
    problems: Mapped[str] = mapped_column(Text, default="")
    next_steps: Mapped[str] = mapped_column(Text, default="")
    activity_count: Mapped[int] = mapped_column(default=0)
    person_count: Mapped[int] = mapped_column(default=0)
    attendance_count: Mapped[int] = mapped_column(default=0)
    volunteer_count: Mapped[int] = mapped_column(default=0)
    saved_at: Mapped[datetime] = mapped_column(default=now)
    submitted_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    submitted_at: Mapped[datetime | None]
    agreement: Mapped[Agreement] = relationship()
    submitted_by: Mapped[User | None] = relationship()
    remarks: Mapped[list["ReportRemark"]] = relationship(back_populates="report", order_by="ReportRemark.at")
    __table_args__ = (
        UniqueConstraint("agreement_id", "month"),
        CheckConstraint("length(month) = 7", name="month_written_out"),
        CheckConstraint("(status = 'submitted') = (submitted_at IS NOT NULL)", name="submitted_at_iff_submitted"),
        CheckConstraint("(submitted_at IS NULL) = (submitted_by_id IS NULL)", name="submitted_by_somebody"),
        CheckConstraint("status = 'draft' OR length(progress) > 0", name="progress_when_submitted"),
        CheckConstraint(
            "activity_count >= 0 AND person_count >= 0 AND attendance_count >= person_count AND volunteer_count >= 0",
            name="counts_hang_together",
        ),
    )


class ReportRemark(Model):
    """What one side says after reading a monthly report; each side once."""

    __tablename__ = "report_remark"
    id: Mapped[uuid.UUID] = uuid_key()
    report_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("progress_report.id"))
    side: Mapped[RemarkSide]
    text: Mapped[str] = mapped_column(Text)
    by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime] = mapped_column(default=now)
    report: Mapped[ProgressReport] = relationship(back_populates="remarks")
    by: Mapped[User] = relationship()
    __table_args__ = (UniqueConstraint("report_id", "side"),)


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
