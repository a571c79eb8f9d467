"""Agreements with the chosen organisation: budget lines, milestones, tranches."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from grants.agreements.rules import (
    AgreementStatus,
    ChangeKind,
    ChangeStatus,
    Gate,
    Liability,
    MidtermResult,
    MilestoneStatus,
)
from grants.foundation.clock import now
from grants.foundation.database import Model, fen, uuid_key
from grants.foundation.models import StoredFile
from grants.people.models import Organisation, User
from grants.projects.models import Project
from grants.rounds.rules import BudgetCode
from grants.selection.models import Application, ApplicationBudgetLine
from grants.selection.rules import MoneySource

OPEN_CHANGE = text("status IN ('proposed', 'endorsed')")
NOT_RESUMED = text("resumed_at IS NULL")


class Agreement(Model):
    """What the street and the organisation promise each other for one project.

    While it is a draft, `version` rises with every save, and `agreed_version` is the one the organisation agreed to;
    `dropped` says why a line of the application, by its position, was left out.
    """

    __tablename__ = "agreement"
    id: Mapped[uuid.UUID] = uuid_key()
    ref: Mapped[str] = mapped_column(String(30), unique=True)
    project_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("project.id"), unique=True)
    application_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("application.id"), unique=True)
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    payee_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"))
    payee_name: Mapped[str] = mapped_column(String(120), default="")
    payee_bank: Mapped[str] = mapped_column(String(120), default="")
    payee_account_index: Mapped[str] = mapped_column(String(64))
    payee_account_last4: Mapped[str] = mapped_column(String(4), default="")
    status: Mapped[AgreementStatus] = mapped_column(default=AgreementStatus.DRAFT)
    amount_fen: Mapped[int] = fen()
    social_fen: Mapped[int] = fen(default=0)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    terms: Mapped[str] = mapped_column(Text, default="")
    leader_name: Mapped[str] = mapped_column(String(60), default="")
    region: Mapped[str] = mapped_column(String(200), default="")
    person_target: Mapped[int] = mapped_column(default=0)
    attendance_target: Mapped[int] = mapped_column(default=0)
    activity_target: Mapped[int] = mapped_column(default=0)
    plan_reason: Mapped[str] = mapped_column(Text, default="")
    dropped: Mapped[dict[str, Any]] = mapped_column(default=dict)
    third_party: Mapped[str] = mapped_column(String(120), default="")
    version: Mapped[int] = mapped_column(default=1)
    agreed_version: Mapped[int | None]
    agreed_at: Mapped[datetime | None]
    agreed_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    drafted_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    offered_at: Mapped[datetime | None]
    organisation_signed_at: Mapped[datetime | None]
    signed_on: Mapped[date | None]
    signed_for_street_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    signed_for_organisation_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    signed_file_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("stored_file.id"))
    completed_on: Mapped[date | None]
    terminated_on: Mapped[date | None]
    terminated_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    termination_reason: Mapped[str | None] = mapped_column(Text)
    liability: Mapped[Liability | None]
    needs_midterm: Mapped[bool] = mapped_column(default=False)
    midterm_result: Mapped[MidtermResult | None]
    midterm_counts_on: Mapped[date | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
    project: Mapped[Project] = relationship()
    application: Mapped[Application] = relationship()
    organisation: Mapped[Organisation] = relationship(foreign_keys=[organisation_id])
    payee: Mapped[Organisation] = relationship(foreign_keys=[payee_id])
    signed_file: Mapped[StoredFile | None] = relationship()
    agreed_by: Mapped[User | None] = relationship(foreign_keys=[agreed_by_id])
    drafted_by: Mapped[User | None] = relationship(foreign_keys=[drafted_by_id])
    signed_for_street: Mapped[User | None] = relationship(foreign_keys=[signed_for_street_id])
    signed_for_organisation: Mapped[User | None] = relationship(foreign_keys=[signed_for_organisation_id])
    terminated_by: Mapped[User | None] = relationship(foreign_keys=[terminated_by_id])
    budget_lines: Mapped[list["BudgetLine"]] = relationship(
        back_populates="agreement", order_by="BudgetLine.position", cascade="all, delete-orphan"
    )
    milestones: Mapped[list["Milestone"]] = relationship(
        back_populates="agreement", order_by="Milestone.position", cascade="all, delete-orphan"
    )
    tranches: Mapped[list["Tranche"]] = relationship(
        back_populates="agreement", order_by="Tranche.number", cascade="all, delete-orphan"
    )
    amendments: Mapped[list["Amendment"]] = relationship(back_populates="agreement", order_by="Amendment.number")
    suspensions: Mapped[list["Suspension"]] = relationship(
        back_populates="agreement", order_by="Suspension.suspended_at"
    )
    __table_args__ = (
        CheckConstraint("amount_fen > 0", name="amount_positive"),
        CheckConstraint("ends_on >= starts_on", name="ends_after_start"),
        CheckConstraint("(status = 'draft') = (signed_on IS NULL)", name="signed_unless_draft"),
        CheckConstraint(
            "signed_for_street_id <> signed_for_organisation_id AND signed_for_street_id <> drafted_by_id",
            name="signed_by_different_people",
        ),
        CheckConstraint("(status = 'terminated') = (termination_reason IS NOT NULL)", name="reason_iff_terminated"),
        CheckConstraint("(status = 'terminated') = (liability IS NOT NULL)", name="liability_iff_terminated"),
        CheckConstraint(
            "offered_at IS NULL OR (agreed_version IS NOT NULL AND agreed_version = version)",
            name="offered_as_agreed",
        ),
        CheckConstraint(
            "(agreed_version IS NULL) = (agreed_at IS NULL) AND (agreed_at IS NULL) = (agreed_by_id IS NULL)",
            name="agreed_by_somebody",
        ),
        CheckConstraint(
            "person_target >= 0 AND attendance_target >= 0 AND activity_target >= 0", name="targets_not_negative"
        ),
        CheckConstraint("midterm_counts_on IS NULL OR midterm_result = 'passed'", name="midterm_counts_if_passed"),
        Index("ix_agreement_created_at_id", "created_at", "id"),
    )

    @property
    def community_id(self) -> uuid.UUID:
        """Return the community in which the project runs."""
        return self.project.community_id

    @property
    def fiscal_lines(self) -> list["BudgetLine"]:
        """Return the budget lines paid from public money."""
        return [line for line in self.budget_lines if line.source is MoneySource.FISCAL]

    @property
    def suspension(self) -> "Suspension | None":
        """Return the suspension that is in force."""
        return next((one for one in self.suspensions if one.resumed_at is None), None)

    @property
    def is_agreed(self) -> bool:
        """Tell whether the organisation has agreed to the draft as it stands."""
        return self.agreed_version == self.version


class BudgetLine(Model):
    """An agreed budget line; vouchers are booked against it.

    `baseline_fen` is the amount both sides approved last: what later moves are measured against, so that many small
    ones do not add up to a large one unseen. `reason` says why it differs from the application's line, if it does.
    """

    __tablename__ = "budget_line"
    id: Mapped[uuid.UUID] = uuid_key()
    agreement_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("agreement.id"), index=True)
    position: Mapped[int]
    source: Mapped[MoneySource]
    code: Mapped[BudgetCode]
    content: Mapped[str] = mapped_column(String(120))
    amount_fen: Mapped[int] = fen()
    baseline_fen: Mapped[int] = fen()
    application_line_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("application_budget_line.id"))
    reason: Mapped[str] = mapped_column(Text, default="")
    agreement: Mapped[Agreement] = relationship(back_populates="budget_lines")
    application_line: Mapped[ApplicationBudgetLine | None] = relationship()
    __table_args__ = (
        UniqueConstraint("agreement_id", "position"),
        CheckConstraint("amount_fen > 0", name="amount_positive"),
    )


class Milestone(Model):
    """A dated promise that opens money when the community and a resident supervisor have verified it."""

    __tablename__ = "milestone"
    id: Mapped[uuid.UUID] = uuid_key()
    agreement_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("agreement.id"), index=True)
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(120))
    due_on: Mapped[date]
    status: Mapped[MilestoneStatus] = mapped_column(default=MilestoneStatus.PLANNED)
    claim: Mapped[str | None] = mapped_column(Text)
    claimed_at: Mapped[datetime | None]
    claimed_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    community_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    community_at: Mapped[datetime | None]
    community_note: Mapped[str] = mapped_column(Text, default="")
    resident_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    resident_at: Mapped[datetime | None]
    resident_note: Mapped[str] = mapped_column(Text, default="")
    send_back_reason: Mapped[str | None] = mapped_column(Text)
    agreement: Mapped[Agreement] = relationship(back_populates="milestones")
    claimed_by: Mapped[User | None] = relationship(foreign_keys=[claimed_by_id])
    community_by: Mapped[User | None] = relationship(foreign_keys=[community_by_id])
    resident_by: Mapped[User | None] = relationship(foreign_keys=[resident_by_id])
    __table_args__ = (
        UniqueConstraint("agreement_id", "position"),
        CheckConstraint(
            "(status = 'verified') = (resident_at IS NOT NULL AND community_at IS NOT NULL)",
            name="verified_by_both_sides",
        ),
        CheckConstraint(
            "resident_by_id <> community_by_id AND resident_by_id <> claimed_by_id "
            "AND community_by_id <> claimed_by_id",
            name="verified_by_different_people",
        ),
        CheckConstraint("status = 'planned' OR claim IS NOT NULL", name="claim_unless_planned"),
    )


class Tranche(Model):
    """One of the payments foreseen; which gate and which milestone it waits for."""

    __tablename__ = "tranche"
    id: Mapped[uuid.UUID] = uuid_key()
    agreement_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("agreement.id"), index=True)
    number: Mapped[int]
    percent: Mapped[int]
    amount_fen: Mapped[int] = fen()
    gate: Mapped[Gate]
    milestone_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("milestone.id"))
    agreement: Mapped[Agreement] = relationship(back_populates="tranches")
    milestone: Mapped[Milestone | None] = relationship()
    __table_args__ = (
        UniqueConstraint("agreement_id", "number"),
        CheckConstraint("amount_fen > 0 AND percent > 0", name="amount_positive"),
    )


class Amendment(Model):
    """A change of a running agreement: before and after, why, with what effect, and who agreed.

    A small move between lines is put on record (filed) when it is stated; everything else takes an officer's
    endorsement and a leader's approval, and then changes the agreement in the same transaction.
    """

    __tablename__ = "amendment"
    id: Mapped[uuid.UUID] = uuid_key()
    ref: Mapped[str] = mapped_column(String(40), unique=True)
    agreement_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("agreement.id"), index=True)
    number: Mapped[int]
    kind: Mapped[ChangeKind]
    status: Mapped[ChangeStatus] = mapped_column(default=ChangeStatus.PROPOSED)
    before: Mapped[dict[str, Any]]
    after: Mapped[dict[str, Any]]
    reason: Mapped[str] = mapped_column(Text)
    impact_progress: Mapped[str] = mapped_column(Text)
    impact_cost: Mapped[str] = mapped_column(Text)
    impact_resources: Mapped[str] = mapped_column(Text)
    impact_other: Mapped[str] = mapped_column(Text, default="")
    proposed_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"))
    proposed_at: Mapped[datetime] = mapped_column(default=now)
    endorsed_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    endorsed_at: Mapped[datetime | None]
    endorse_note: Mapped[str] = mapped_column(Text, default="")
    decided_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    decided_at: Mapped[datetime | None]
    decision_note: Mapped[str] = mapped_column(Text, default="")
    agreement: Mapped[Agreement] = relationship(back_populates="amendments")
    proposed_by: Mapped[User] = relationship(foreign_keys=[proposed_by_id])
    endorsed_by: Mapped[User | None] = relationship(foreign_keys=[endorsed_by_id])
    decided_by: Mapped[User | None] = relationship(foreign_keys=[decided_by_id])
    __table_args__ = (
        UniqueConstraint("agreement_id", "number"),
        CheckConstraint("reason <> ''", name="reason_given"),
        CheckConstraint("status <> 'filed' OR kind = 'budget'", name="only_budget_is_filed"),
        CheckConstraint(
            "status <> 'approved' OR (endorsed_by_id IS NOT NULL AND decided_by_id IS NOT NULL)",
            name="approved_by_two_people",
        ),
        CheckConstraint(
            "endorsed_by_id <> proposed_by_id AND decided_by_id <> proposed_by_id AND decided_by_id <> endorsed_by_id",
            name="decided_by_different_people",
        ),
        CheckConstraint("status <> 'refused' OR decision_note <> ''", name="reason_when_refused"),
        Index("uq_amendment_open", "agreement_id", unique=True, sqlite_where=OPEN_CHANGE, postgresql_where=OPEN_CHANGE),
    )


class Suspension(Model):
    """A time in which no money is asked for or paid; it ends by two people."""

    __tablename__ = "suspension"
    id: Mapped[uuid.UUID] = uuid_key()
    agreement_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("agreement.id"), index=True)
    reason: Mapped[str] = mapped_column(Text)
    suspended_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"))
    suspended_at: Mapped[datetime] = mapped_column(default=now)
    resume_note: Mapped[str] = mapped_column(Text, default="")
    resume_proposed_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    resume_proposed_at: Mapped[datetime | None]
    resumed_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    resumed_at: Mapped[datetime | None]
    agreement: Mapped[Agreement] = relationship(back_populates="suspensions")
    suspended_by: Mapped[User] = relationship(foreign_keys=[suspended_by_id])
    resume_proposed_by: Mapped[User | None] = relationship(foreign_keys=[resume_proposed_by_id])
    resumed_by: Mapped[User | None] = relationship(foreign_keys=[resumed_by_id])
    __table_args__ = (
        CheckConstraint("reason <> ''", name="reason_given"),
        CheckConstraint("resumed_by_id <> resume_proposed_by_id", name="resumed_by_second_person"),
        CheckConstraint(
            "resumed_at IS NULL OR (resume_proposed_by_id IS NOT NULL AND resumed_by_id IS NOT NULL)",
            name="resumed_by_two_people",
        ),
        Index(
            "uq_suspension_open", "agreement_id", unique=True, sqlite_where=NOT_RESUMED, postgresql_where=NOT_RESUMED
        ),
    )
