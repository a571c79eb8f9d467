"""Agreements with the chosen organisation: budget lines, milestones, tranches."""

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from grants.agreements.rules import AgreementStatus, Gate, MilestoneStatus
from grants.foundation.clock import now
from grants.foundation.database import Model, fen, uuid_key
from grants.foundation.models import StoredFile
from grants.people.models import Organisation, User
from grants.projects.models import Project
from grants.rounds.rules import BudgetCode
from grants.selection.models import Application
from grants.selection.rules import MoneySource


class Agreement(Model):
    """What the street and the organisation promise each other for one project."""

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
    created_at: Mapped[datetime] = mapped_column(default=now)
    project: Mapped[Project] = relationship()
    application: Mapped[Application] = relationship()
    organisation: Mapped[Organisation] = relationship(foreign_keys=[organisation_id])
    payee: Mapped[Organisation] = relationship(foreign_keys=[payee_id])
    signed_file: Mapped[StoredFile | None] = relationship()
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
    __table_args__ = (
        CheckConstraint("amount_fen > 0", name="amount_positive"),
        CheckConstraint("ends_on >= starts_on", name="ends_after_start"),
        CheckConstraint("(status = 'draft') = (signed_on IS NULL)", name="signed_unless_draft"),
        CheckConstraint(
            "signed_for_street_id <> signed_for_organisation_id AND signed_for_street_id <> drafted_by_id",
            name="signed_by_different_people",
        ),
        CheckConstraint("(status = 'terminated') = (termination_reason IS NOT NULL)", name="reason_iff_terminated"),
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


class BudgetLine(Model):
    """An agreed budget line; vouchers are booked against it."""

    __tablename__ = "budget_line"
    id: Mapped[uuid.UUID] = uuid_key()
    agreement_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("agreement.id"), index=True)
    position: Mapped[int]
    source: Mapped[MoneySource]
    code: Mapped[BudgetCode]
    content: Mapped[str] = mapped_column(String(120))
    amount_fen: Mapped[int] = fen()
    agreement: Mapped[Agreement] = relationship(back_populates="budget_lines")
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
