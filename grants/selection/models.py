"""Calls, applications, eligibility checks, reviews, the residents' jury, community opinions and awards."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Numeric, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from grants.foundation.clock import now
from grants.foundation.database import Model, fen, uuid_key
from grants.foundation.models import StoredFile
from grants.people.models import Organisation, Resident, User
from grants.projects.models import Project
from grants.rounds.models import Criterion, Notice
from grants.rounds.rules import BudgetCode
from grants.selection.rules import ApplicationStatus, CallStatus, Condition, MoneySource, ReviewStatus


class Call(Model):
    """An open call for one funded project."""

    __tablename__ = "call"
    id: Mapped[uuid.UUID] = uuid_key()
    ref: Mapped[str] = mapped_column(String(30), unique=True)
    project_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("project.id"), index=True)
    status: Mapped[CallStatus] = mapped_column(default=CallStatus.OPEN)
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    requirements: Mapped[str] = mapped_column(Text, default="")
    published_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    draw_seed: Mapped[str | None] = mapped_column(String(64))
    ranked_at: Mapped[datetime | None]
    notice_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("notice.id"))
    decided_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    seconded_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    created_at: Mapped[datetime] = mapped_column(default=now)
    project: Mapped[Project] = relationship()
    notice: Mapped[Notice | None] = relationship()
    applications: Mapped[list["Application"]] = relationship(back_populates="call", order_by="Application.ref")
    panel: Mapped[list["PanelMember"]] = relationship(back_populates="call")
    jurors: Mapped[list["Juror"]] = relationship(back_populates="call")
    __table_args__ = (
        CheckConstraint("closes_at > opens_at", name="closes_after_opening"),
        CheckConstraint("seconded_by_id IS NULL OR seconded_by_id <> decided_by_id", name="seconded_by_second_person"),
    )


class Application(Model):
    """An organisation's application; `version` rises with every save so that two editors lose nothing."""

    __tablename__ = "application"
    id: Mapped[uuid.UUID] = uuid_key()
    ref: Mapped[str] = mapped_column(String(30), unique=True)
    call_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("call.id"), index=True)
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    payee_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organisation.id"))
    status: Mapped[ApplicationStatus] = mapped_column(default=ApplicationStatus.DRAFT)
    version: Mapped[int] = mapped_column(default=1)
    title: Mapped[str] = mapped_column(String(80), default="")
    sections: Mapped[dict[str, Any]] = mapped_column(default=dict)
    person_target: Mapped[int] = mapped_column(default=0)
    attendance_target: Mapped[int] = mapped_column(default=0)
    activity_target: Mapped[int] = mapped_column(default=0)
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    has_declared: Mapped[bool] = mapped_column(default=False)
    receipt_number: Mapped[str | None] = mapped_column(String(30), unique=True)
    submitted_at: Mapped[datetime | None]
    submitted_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    return_reason: Mapped[str | None] = mapped_column(Text)
    returned_count: Mapped[int] = mapped_column(default=0)
    expert_score: Mapped[float | None] = mapped_column(Numeric(6, 2, asdecimal=False))
    jury_score: Mapped[float | None] = mapped_column(Numeric(6, 2, asdecimal=False))
    community_score: Mapped[float | None] = mapped_column(Numeric(6, 2, asdecimal=False))
    composite_score: Mapped[float | None] = mapped_column(Numeric(6, 2, asdecimal=False))
    rank: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now)
    call: Mapped[Call] = relationship(back_populates="applications")
    organisation: Mapped[Organisation] = relationship(foreign_keys=[organisation_id])
    payee: Mapped[Organisation | None] = relationship(foreign_keys=[payee_id])
    budget_lines: Mapped[list["ApplicationBudgetLine"]] = relationship(
        back_populates="application", order_by="ApplicationBudgetLine.position", cascade="all, delete-orphan"
    )
    team: Mapped[list["TeamMember"]] = relationship(
        back_populates="application", order_by="TeamMember.position", cascade="all, delete-orphan"
    )
    activities: Mapped[list["PlannedActivity"]] = relationship(
        back_populates="application", order_by="PlannedActivity.position", cascade="all, delete-orphan"
    )
    documents: Mapped[list["ApplicationDocument"]] = relationship(
        back_populates="application", cascade="all, delete-orphan"
    )
    checks: Mapped[list["EligibilityCheck"]] = relationship(back_populates="application")
    reviews: Mapped[list["Review"]] = relationship(back_populates="application")
    opinion: Mapped["CommunityOpinion | None"] = relationship(back_populates="application", uselist=False)
    __table_args__ = (
        UniqueConstraint("call_id", "organisation_id"),
        CheckConstraint(
            "status IN ('draft', 'withdrawn') OR (submitted_at IS NOT NULL AND receipt_number IS NOT NULL)",
            name="receipt_once_submitted",
        ),
        CheckConstraint("status <> 'returned' OR return_reason IS NOT NULL", name="reason_when_returned"),
    )

    @property
    def fiscal_fen(self) -> int:
        """Return the sum asked for from public money, in 分."""
        return sum(line.amount_fen for line in self.budget_lines if line.source is MoneySource.FISCAL)

    @property
    def social_fen(self) -> int:
        """Return the sum brought from society, in 分."""
        return sum(line.amount_fen for line in self.budget_lines if line.source is MoneySource.SOCIAL)


class ApplicationBudgetLine(Model):
    """A budget line in one of the two tables: unit price times quantity."""

    __tablename__ = "application_budget_line"
    id: Mapped[uuid.UUID] = uuid_key()
    application_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("application.id"), index=True)
    position: Mapped[int]
    source: Mapped[MoneySource]
    code: Mapped[BudgetCode]
    content: Mapped[str] = mapped_column(String(120))
    unit_price_fen: Mapped[int] = fen()
    quantity: Mapped[int]
    application: Mapped[Application] = relationship(back_populates="budget_lines")
    __table_args__ = (CheckConstraint("unit_price_fen > 0 AND quantity > 0", name="amounts_positive"),)

    @property
    def amount_fen(self) -> int:
        """Return price × quantity in 分."""
        return self.unit_price_fen * self.quantity


class TeamMember(Model):
    """A person of the project team."""

    __tablename__ = "team_member"
    id: Mapped[uuid.UUID] = uuid_key()
    application_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("application.id"), index=True)
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(60))
    duty: Mapped[str] = mapped_column(String(60))
    qualification: Mapped[str] = mapped_column(String(80), default="")
    is_leader: Mapped[bool] = mapped_column(default=False)
    application: Mapped[Application] = relationship(back_populates="team")


class PlannedActivity(Model):
    """A line of the activity plan."""

    __tablename__ = "planned_activity"
    id: Mapped[uuid.UUID] = uuid_key()
    application_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("application.id"), index=True)
    position: Mapped[int]
    month: Mapped[date]
    title: Mapped[str] = mapped_column(String(80))
    session_count: Mapped[int] = mapped_column(default=1)
    person_count: Mapped[int] = mapped_column(default=0)
    application: Mapped[Application] = relationship(back_populates="activities")


class ApplicationDocument(Model):
    """An attachment under the kind of paper it is."""

    __tablename__ = "application_document"
    id: Mapped[uuid.UUID] = uuid_key()
    application_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("application.id"), index=True)
    kind: Mapped[str] = mapped_column(String(40))
    file_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("stored_file.id"))
    application: Mapped[Application] = relationship(back_populates="documents")
    file: Mapped[StoredFile] = relationship()


class EligibilityCheck(Model):
    """One condition of eligibility, decided by an officer with a reason."""

    __tablename__ = "eligibility_check"
    id: Mapped[uuid.UUID] = uuid_key()
    application_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("application.id"), index=True)
    condition: Mapped[Condition]
    is_met: Mapped[bool]
    computed_is_met: Mapped[bool | None]
    reason: Mapped[str] = mapped_column(Text, default="")
    decided_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime] = mapped_column(default=now)
    application: Mapped[Application] = relationship(back_populates="checks")
    __table_args__ = (
        UniqueConstraint("application_id", "condition"),
        CheckConstraint("is_met OR reason <> ''", name="reason_when_unmet"),
    )


class PanelMember(Model):
    """An expert drawn for a call."""

    __tablename__ = "panel_member"
    id: Mapped[uuid.UUID] = uuid_key()
    call_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("call.id"), index=True)
    expert_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"), index=True)
    label: Mapped[str] = mapped_column(String(20))
    is_finance: Mapped[bool] = mapped_column(default=False)
    assigned_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    declared_at: Mapped[datetime | None]
    call: Mapped[Call] = relationship(back_populates="panel")
    expert: Mapped[User] = relationship(foreign_keys=[expert_id])
    declarations: Mapped[list["ConflictDeclaration"]] = relationship(back_populates="member")
    __table_args__ = (UniqueConstraint("call_id", "expert_id"),)


class ConflictDeclaration(Model):
    """What an expert declares about one application before seeing it; a conflict recuses."""

    __tablename__ = "conflict_declaration"
    id: Mapped[uuid.UUID] = uuid_key()
    member_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("panel_member.id"))
    application_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("application.id"), index=True)
    has_conflict: Mapped[bool]
    reason: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime] = mapped_column(default=now)
    member: Mapped[PanelMember] = relationship(back_populates="declarations")
    application: Mapped[Application] = relationship()
    __table_args__ = (
        UniqueConstraint("member_id", "application_id"),
        CheckConstraint("NOT has_conflict OR reason <> ''", name="reason_when_conflict"),
    )


class Review(Model):
    """One expert's score sheet for one application."""

    __tablename__ = "review"
    id: Mapped[uuid.UUID] = uuid_key()
    application_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("application.id"), index=True)
    member_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("panel_member.id"), index=True)
    status: Mapped[ReviewStatus] = mapped_column(default=ReviewStatus.OPEN)
    comment: Mapped[str] = mapped_column(Text, default="")
    locked_at: Mapped[datetime | None]
    application: Mapped[Application] = relationship(back_populates="reviews")
    member: Mapped[PanelMember] = relationship()
    scores: Mapped[list["Score"]] = relationship(back_populates="review")
    __table_args__ = (
        UniqueConstraint("application_id", "member_id"),
        CheckConstraint("(status = 'locked') = (locked_at IS NOT NULL)", name="locked_at_iff_locked"),
    )

    @property
    def total(self) -> float:
        """Return the sum of the points given so far."""
        return sum(score.points for score in self.scores)


class Score(Model):
    """Points for one criterion, in halves."""

    __tablename__ = "score"
    id: Mapped[uuid.UUID] = uuid_key()
    review_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("review.id"), index=True)
    criterion_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("criterion.id"))
    points: Mapped[float] = mapped_column(Numeric(5, 1, asdecimal=False))
    review: Mapped[Review] = relationship(back_populates="scores")
    criterion: Mapped[Criterion] = relationship()
    __table_args__ = (UniqueConstraint("review_id", "criterion_id"), CheckConstraint("points >= 0", name="points_not_negative"))


class Juror(Model):
    """A resident drawn for the jury of a call."""

    __tablename__ = "juror"
    id: Mapped[uuid.UUID] = uuid_key()
    call_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("call.id"), index=True)
    resident_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("resident.id"), index=True)
    call: Mapped[Call] = relationship(back_populates="jurors")
    resident: Mapped[Resident] = relationship()
    __table_args__ = (UniqueConstraint("call_id", "resident_id"),)


class JuryScore(Model):
    """One juror's points (0–100) for one application, final once given."""

    __tablename__ = "jury_score"
    id: Mapped[uuid.UUID] = uuid_key()
    juror_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("juror.id"))
    application_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("application.id"), index=True)
    points: Mapped[dict[str, Any]]
    total: Mapped[int]
    at: Mapped[datetime] = mapped_column(default=now)
    juror: Mapped[Juror] = relationship()
    __table_args__ = (
        UniqueConstraint("juror_id", "application_id"),
        CheckConstraint("total BETWEEN 0 AND 100", name="total_in_range"),
    )


class CommunityOpinion(Model):
    """The opinion of the community where the project will run (0–100), with its reasons."""

    __tablename__ = "community_opinion"
    id: Mapped[uuid.UUID] = uuid_key()
    application_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("application.id"), unique=True)
    points: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    given_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime] = mapped_column(default=now)
    application: Mapped[Application] = relationship(back_populates="opinion")
    __table_args__ = (CheckConstraint("points BETWEEN 0 AND 100", name="points_in_range"),)
