"""Calls and what organisations hand in for them: applications with their rows, attachments and submissions."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from grants.foundation.clock import now
from grants.foundation.database import Model, fen, uuid_key
from grants.foundation.models import StoredFile
from grants.people.models import Organisation, User
from grants.projects.models import Indicator, Project
from grants.rounds.models import Notice
from grants.rounds.rules import BudgetCode
from grants.selection.rules import CORRECTABLE, ApplicationStatus, CallStatus, DocumentKind, Group, MoneySource

LIVE_CALL = text("status <> 'failed'")


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
    closed_at: Mapped[datetime | None]
    draw_seed: Mapped[str | None] = mapped_column(String(64))
    panel_log: Mapped[dict[str, Any]] = mapped_column(default=dict)
    jury_log: Mapped[dict[str, Any]] = mapped_column(default=dict)
    ranked_at: Mapped[datetime | None]
    notice_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("notice.id"))
    award_note: Mapped[str] = mapped_column(Text, default="")
    decided_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    decided_at: Mapped[datetime | None]
    seconded_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    seconded_at: Mapped[datetime | None]
    awarded_at: Mapped[datetime | None]
    fail_reason: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(default=now)
    project: Mapped[Project] = relationship()
    notice: Mapped[Notice | None] = relationship()
    decided_by: Mapped[User | None] = relationship(foreign_keys=[decided_by_id])
    seconded_by: Mapped[User | None] = relationship(foreign_keys=[seconded_by_id])
    applications: Mapped[list["Application"]] = relationship(back_populates="call", order_by="Application.ref")
    extensions: Mapped[list["CallExtension"]] = relationship(
        back_populates="call", order_by="CallExtension.proposed_at"
    )
    __table_args__ = (
        CheckConstraint("closes_at > opens_at", name="closes_after_opening"),
        CheckConstraint("seconded_by_id IS NULL OR seconded_by_id <> decided_by_id", name="seconded_by_second_person"),
        CheckConstraint(
            "status NOT IN ('announced', 'awarded') OR "
            "(notice_id IS NOT NULL AND decided_by_id IS NOT NULL AND seconded_by_id IS NOT NULL)",
            name="announced_by_two_persons",
        ),
        CheckConstraint("(status = 'failed') = (fail_reason IS NOT NULL)", name="reason_iff_failed"),
        CheckConstraint("(status = 'open') = (closed_at IS NULL)", name="closed_at_unless_open"),
        Index("uq_call_live_project", "project_id", unique=True, sqlite_where=LIVE_CALL, postgresql_where=LIVE_CALL),
    )


class CallExtension(Model):
    """A later deadline, proposed with a reason by one person and decided by another."""

    __tablename__ = "call_extension"
    id: Mapped[uuid.UUID] = uuid_key()
    call_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("call.id"), index=True)
    closes_at: Mapped[datetime]
    was_closing_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(Text)
    proposed_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"))
    proposed_at: Mapped[datetime] = mapped_column(default=now)
    is_approved: Mapped[bool | None]
    decided_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    decided_at: Mapped[datetime | None]
    call: Mapped[Call] = relationship(back_populates="extensions")
    proposed_by: Mapped[User] = relationship(foreign_keys=[proposed_by_id])
    __table_args__ = (
        CheckConstraint("closes_at > was_closing_at", name="later_than_before"),
        CheckConstraint("(is_approved IS NULL) = (decided_by_id IS NULL)", name="decided_iff_signed"),
        CheckConstraint("decided_by_id IS NULL OR decided_by_id <> proposed_by_id", name="decided_by_second_person"),
    )


class CallQuestion(Model):
    """A question about a call; it is public together with its answer, and never says who asked."""

    __tablename__ = "call_question"
    id: Mapped[uuid.UUID] = uuid_key()
    call_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("call.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    asked_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"), index=True)
    asked_at: Mapped[datetime] = mapped_column(default=now)
    answer: Mapped[str | None] = mapped_column(Text)
    answered_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    answered_at: Mapped[datetime | None]
    call: Mapped[Call] = relationship()
    __table_args__ = (
        CheckConstraint("text <> ''", name="question_not_empty"),
        CheckConstraint(
            "(answer IS NULL) = (answered_by_id IS NULL) AND (answer IS NULL) = (answered_at IS NULL)",
            name="answered_whole",
        ),
        CheckConstraint("answer <> ''", name="answer_not_empty"),
        CheckConstraint("answered_by_id <> asked_by_id", name="never_answered_by_asker"),
    )


class Application(Model):
    """An organisation's application; `version` rises with every save so that two editors lose nothing.

    `unfinished` keeps parts as they were typed while they cannot be read yet; `edits` remembers which page wrote a
    part last, so that a page never conflicts with itself.
    """

    __tablename__ = "application"
    id: Mapped[uuid.UUID] = uuid_key()
    ref: Mapped[str] = mapped_column(String(30), unique=True)
    call_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("call.id"), index=True)
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    payee_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organisation.id"))
    status: Mapped[ApplicationStatus] = mapped_column(default=ApplicationStatus.DRAFT)
    version: Mapped[int] = mapped_column(default=1)
    unfinished: Mapped[dict[str, Any]] = mapped_column(default=dict)
    edits: Mapped[dict[str, Any]] = mapped_column(default=dict)
    title: Mapped[str] = mapped_column(String(80), default="")
    sections: Mapped[dict[str, Any]] = mapped_column(default=dict)
    person_target: Mapped[int] = mapped_column(default=0)
    attendance_target: Mapped[int] = mapped_column(default=0)
    activity_target: Mapped[int] = mapped_column(default=0)
    indirect_target: Mapped[int] = mapped_column(default=0)
    vulnerable_target: Mapped[int] = mapped_column(default=0)
    service_point: Mapped[str] = mapped_column(String(120), default="")
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    has_declared: Mapped[bool] = mapped_column(default=False)
    receipt_number: Mapped[str | None] = mapped_column(String(30), unique=True)
    submitted_at: Mapped[datetime | None]
    submitted_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    return_reason: Mapped[str | None] = mapped_column(Text)
    returned_count: Mapped[int] = mapped_column(default=0)
    correct_until: Mapped[date | None]
    blind_label: Mapped[str | None] = mapped_column(String(4))
    expert_score: Mapped[float | None] = mapped_column(Numeric(6, 2, asdecimal=False))
    jury_score: Mapped[float | None] = mapped_column(Numeric(6, 2, asdecimal=False))
    community_score: Mapped[float | None] = mapped_column(Numeric(6, 2, asdecimal=False))
    composite_score: Mapped[float | None] = mapped_column(Numeric(6, 2, asdecimal=False))
    rank: Mapped[int | None]
    tie_note: Mapped[str] = mapped_column(String(120), default="")
    refusal_reason: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now)
    updated_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    call: Mapped[Call] = relationship(back_populates="applications")
    organisation: Mapped[Organisation] = relationship(foreign_keys=[organisation_id])
    payee: Mapped[Organisation | None] = relationship(foreign_keys=[payee_id])
    updated_by: Mapped[User | None] = relationship(foreign_keys=[updated_by_id])
    budget_lines: Mapped[list["ApplicationBudgetLine"]] = relationship(
        back_populates="application", order_by="ApplicationBudgetLine.position", cascade="all, delete-orphan"
    )
    team: Mapped[list["TeamMember"]] = relationship(
        back_populates="application", order_by="TeamMember.position", cascade="all, delete-orphan"
    )
    activities: Mapped[list["PlannedActivity"]] = relationship(
        back_populates="application", order_by="PlannedActivity.position", cascade="all, delete-orphan"
    )
    targets: Mapped[list["ApplicationTarget"]] = relationship(
        back_populates="application", cascade="all, delete-orphan"
    )
    documents: Mapped[list["ApplicationDocument"]] = relationship(
        back_populates="application", order_by="ApplicationDocument.added_at", cascade="all, delete-orphan"
    )
    submissions: Mapped[list["Submission"]] = relationship(back_populates="application", order_by="Submission.number")
    corrections: Mapped[list["CorrectionItem"]] = relationship(
        back_populates="application", order_by="CorrectionItem.number"
    )
    __table_args__ = (
        UniqueConstraint("call_id", "organisation_id"),
        UniqueConstraint("call_id", "blind_label"),
        UniqueConstraint("call_id", "rank"),
        CheckConstraint(
            "status IN ('draft', 'withdrawn') OR (submitted_at IS NOT NULL AND receipt_number IS NOT NULL)",
            name="receipt_once_submitted",
        ),
        CheckConstraint("indirect_target >= 0 AND vulnerable_target >= 0", name="reach_not_negative"),
        CheckConstraint("status <> 'returned' OR return_reason IS NOT NULL", name="reason_when_returned"),
        CheckConstraint("status <> 'ineligible' OR refusal_reason IS NOT NULL", name="reason_when_ineligible"),
        CheckConstraint(
            "status NOT IN ('selected', 'not_selected') OR (rank IS NOT NULL AND composite_score IS NOT NULL)",
            name="ranked_when_decided",
        ),
    )

    @property
    def open_corrections(self) -> dict[Group, str]:
        """Return the pages that may be corrected now, in the order of the form, each with its reason.

        A return from before pages were named opens all of them under its one reason.
        """
        if self.status is not ApplicationStatus.RETURNED:
            return {}
        asked = {one.page: one.reason for one in self.corrections if one.number == self.returned_count}
        if not asked:
            asked = dict.fromkeys(CORRECTABLE, self.return_reason or "")
        return {page: asked[page] for page in CORRECTABLE if page in asked}

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
    __table_args__ = (CheckConstraint("session_count > 0 AND person_count >= 0", name="counts_sensible"),)


class ApplicationTarget(Model):
    """The value an applicant promises for one indicator of the project."""

    __tablename__ = "application_target"
    id: Mapped[uuid.UUID] = uuid_key()
    application_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("application.id"), index=True)
    indicator_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("indicator.id"))
    target: Mapped[float] = mapped_column(Numeric(14, 2, asdecimal=False))
    application: Mapped[Application] = relationship(back_populates="targets")
    indicator: Mapped[Indicator] = relationship()
    __table_args__ = (
        UniqueConstraint("application_id", "indicator_id"),
        CheckConstraint("target >= 0", name="target_not_negative"),
    )


class ApplicationDocument(Model):
    """An attachment under the kind of paper it is."""

    __tablename__ = "application_document"
    id: Mapped[uuid.UUID] = uuid_key()
    application_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("application.id"), index=True)
    kind: Mapped[DocumentKind]
    file_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("stored_file.id"))
    added_at: Mapped[datetime] = mapped_column(default=now)
    application: Mapped[Application] = relationship(back_populates="documents")
    file: Mapped[StoredFile] = relationship()


class Submission(Model):
    """What an application said when it was handed in: kept as it was, with its hash."""

    __tablename__ = "submission"
    id: Mapped[uuid.UUID] = uuid_key()
    application_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("application.id"), index=True)
    number: Mapped[int]
    content: Mapped[dict[str, Any]]
    content_hash: Mapped[str] = mapped_column(String(64))
    by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime] = mapped_column(default=now)
    application: Mapped[Application] = relationship(back_populates="submissions")
    __table_args__ = (UniqueConstraint("application_id", "number"),)


class CorrectionItem(Model):
    """A page of the form that was sent back (补正), with the reason that its authors read there."""

    __tablename__ = "correction_item"
    id: Mapped[uuid.UUID] = uuid_key()
    application_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("application.id"), index=True)
    number: Mapped[int]
    page: Mapped[Group]
    reason: Mapped[str] = mapped_column(Text)
    asked_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"))
    asked_at: Mapped[datetime] = mapped_column(default=now)
    application: Mapped[Application] = relationship(back_populates="corrections")
    __table_args__ = (
        UniqueConstraint("application_id", "number", "page"),
        CheckConstraint("reason <> ''", name="reason_given"),
        CheckConstraint("page <> 'declaration'", name="declaration_is_no_page_to_correct"),
    )
