"""Judging applications: eligibility checks, the experts, their declarations and score sheets, jury and community."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from grants.foundation.clock import now
from grants.foundation.database import Model, uuid_key
from grants.people.models import Organisation, Resident, User
from grants.rounds.models import Criterion
from grants.selection.models.papers import Application, Call
from grants.selection.rules import Condition, ReviewStatus, Speciality, Tie

LIVE_REVIEW = text("status <> 'voided'")


class EligibilityCheck(Model):
    """One condition of eligibility, decided by an officer; the reason says why, above all against the computation."""

    __tablename__ = "eligibility_check"
    id: Mapped[uuid.UUID] = uuid_key()
    application_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("application.id"), index=True)
    condition: Mapped[Condition]
    is_met: Mapped[bool]
    computed_is_met: Mapped[bool | None]
    finding: Mapped[str] = mapped_column(Text, default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    decided_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime] = mapped_column(default=now)
    application: Mapped[Application] = relationship()
    decided_by: Mapped[User] = relationship()
    __table_args__ = (
        UniqueConstraint("application_id", "condition"),
        CheckConstraint("is_met OR reason <> ''", name="reason_when_unmet"),
        CheckConstraint(
            "computed_is_met IS NULL OR computed_is_met = is_met OR reason <> ''", name="reason_when_overridden"
        ),
    )


class Expert(Model):
    """An entry of the pool of experts (评审专家库)."""

    __tablename__ = "expert"
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"), primary_key=True)
    speciality: Mapped[Speciality]
    title: Mapped[str] = mapped_column(String(60), default="")
    employer: Mapped[str] = mapped_column(String(120), default="")
    is_in_pool: Mapped[bool] = mapped_column(default=True)
    note: Mapped[str] = mapped_column(String(200), default="")
    updated_at: Mapped[datetime] = mapped_column(default=now)
    user: Mapped[User] = relationship()


class PanelMember(Model):
    """An expert drawn for a call; one who drops out is replaced by the next of the draw."""

    __tablename__ = "panel_member"
    id: Mapped[uuid.UUID] = uuid_key()
    call_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("call.id"), index=True)
    expert_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"), index=True)
    label: Mapped[str] = mapped_column(String(20))
    is_finance: Mapped[bool] = mapped_column(default=False)
    assigned_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    declared_at: Mapped[datetime | None]
    replaced_at: Mapped[datetime | None]
    replace_reason: Mapped[str | None] = mapped_column(Text)
    call: Mapped[Call] = relationship()
    expert: Mapped[User] = relationship(foreign_keys=[expert_id])
    ties: Mapped[list["ExpertTie"]] = relationship(back_populates="member")
    declarations: Mapped[list["ConflictDeclaration"]] = relationship(back_populates="member")
    __table_args__ = (
        UniqueConstraint("call_id", "expert_id"),
        CheckConstraint("(replaced_at IS NULL) = (replace_reason IS NULL)", name="reason_iff_replaced"),
    )


class ExpertTie(Model):
    """An organisation an expert is tied to, declared without knowing who applied."""

    __tablename__ = "expert_tie"
    id: Mapped[uuid.UUID] = uuid_key()
    member_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("panel_member.id"), index=True)
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"))
    kind: Mapped[Tie]
    note: Mapped[str] = mapped_column(String(200), default="")
    member: Mapped[PanelMember] = relationship(back_populates="ties")
    organisation: Mapped[Organisation] = relationship()
    __table_args__ = (UniqueConstraint("member_id", "organisation_id"),)


class ConflictDeclaration(Model):
    """What follows from an expert's ties for one application; a conflict recuses."""

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
    deviation_reason: Mapped[str | None] = mapped_column(Text)
    void_reason: Mapped[str | None] = mapped_column(Text)
    void_proposed_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    void_seconded_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    application: Mapped[Application] = relationship()
    member: Mapped[PanelMember] = relationship()
    scores: Mapped[list["Score"]] = relationship(back_populates="review")
    __table_args__ = (
        Index(
            "uq_review_live",
            "application_id",
            "member_id",
            unique=True,
            sqlite_where=LIVE_REVIEW,
            postgresql_where=LIVE_REVIEW,
        ),
        CheckConstraint("(status IN ('locked', 'voided')) = (locked_at IS NOT NULL)", name="locked_at_iff_locked"),
        CheckConstraint(
            "status <> 'voided' OR (void_reason IS NOT NULL AND void_seconded_by_id IS NOT NULL)",
            name="voided_by_two_persons",
        ),
        CheckConstraint(
            "void_seconded_by_id IS NULL OR void_seconded_by_id <> void_proposed_by_id", name="voided_by_second_person"
        ),
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
    __table_args__ = (
        UniqueConstraint("review_id", "criterion_id"),
        CheckConstraint("points >= 0", name="points_not_negative"),
    )


class Juror(Model):
    """A resident drawn for the jury of a call."""

    __tablename__ = "juror"
    id: Mapped[uuid.UUID] = uuid_key()
    call_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("call.id"), index=True)
    resident_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("resident.id"), index=True)
    call: Mapped[Call] = relationship()
    resident: Mapped[Resident] = relationship()
    __table_args__ = (UniqueConstraint("call_id", "resident_id"),)


class JuryScore(Model):
    """One juror's points (0–100) for one application, final once given; None where the juror stood aside."""

    __tablename__ = "jury_score"
    id: Mapped[uuid.UUID] = uuid_key()
    juror_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("juror.id"))
    application_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("application.id"), index=True)
    points: Mapped[dict[str, Any]]
    total: Mapped[int | None]
    is_recused: Mapped[bool] = mapped_column(default=False)
    paper_serial: Mapped[str | None] = mapped_column(String(40))
    entered_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime] = mapped_column(default=now)
    juror: Mapped[Juror] = relationship()
    application: Mapped[Application] = relationship()
    __table_args__ = (
        UniqueConstraint("juror_id", "application_id"),
        CheckConstraint("total IS NULL OR total BETWEEN 0 AND 100", name="total_in_range"),
        CheckConstraint("is_recused = (total IS NULL)", name="no_total_iff_recused"),
        CheckConstraint("(paper_serial IS NULL) = (entered_by_id IS NULL)", name="paper_names_its_clerk"),
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
    application: Mapped[Application] = relationship()
    given_by: Mapped[User] = relationship()
    __table_args__ = (CheckConstraint("points BETWEEN 0 AND 100", name="points_in_range"),)
