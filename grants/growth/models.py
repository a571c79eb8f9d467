"""What one round leaves to the next: exemplary cases, leaders who agreed to be named, needs taken over."""

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from grants.agreements.models import Agreement
from grants.evaluation.rules import Grade
from grants.foundation.clock import now
from grants.foundation.database import Model, uuid_key
from grants.needs.models import Need
from grants.people.models import Organisation, User
from grants.supervision.models import ActivityEvidence

IN_FORCE = text("withdrawn_at IS NULL")


class ExemplaryCase(Model):
    """A finished project that others may learn from (案例库): graded 优秀, or chosen for a stated reason."""

    __tablename__ = "exemplary_case"
    id: Mapped[uuid.UUID] = uuid_key()
    ref: Mapped[str] = mapped_column(String(20), unique=True)
    agreement_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("agreement.id"))
    title: Mapped[str] = mapped_column(String(80))
    story: Mapped[str] = mapped_column(Text)
    lessons: Mapped[str] = mapped_column(Text)
    grade: Mapped[Grade]
    reason: Mapped[str | None] = mapped_column(Text)
    chosen_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"))
    chosen_at: Mapped[datetime] = mapped_column(default=now)
    withdrawn_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    withdrawn_at: Mapped[datetime | None]
    withdraw_reason: Mapped[str | None] = mapped_column(Text)
    agreement: Mapped[Agreement] = relationship()
    chosen_by: Mapped[User] = relationship(foreign_keys=[chosen_by_id])
    pictures: Mapped[list["CasePicture"]] = relationship(back_populates="case", order_by="CasePicture.position")
    __table_args__ = (
        CheckConstraint("grade = 'excellent' OR reason IS NOT NULL", name="reason_unless_excellent"),
        CheckConstraint("grade <> 'fail'", name="no_failure_is_a_case"),
        CheckConstraint(
            "(withdrawn_at IS NULL) = (withdraw_reason IS NULL) AND (withdrawn_at IS NULL) = (withdrawn_by_id IS NULL)",
            name="withdrawn_by_somebody_with_reason",
        ),
        Index(
            "uq_exemplary_case_in_library",
            "agreement_id",
            unique=True,
            sqlite_where=IN_FORCE,
            postgresql_where=IN_FORCE,
        ),
    )


class CasePicture(Model):
    """One of the two pictures of a case: a photo of an activity that was cleared for the public."""

    __tablename__ = "case_picture"
    case_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("exemplary_case.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    evidence_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("activity_evidence.id"))
    case: Mapped[ExemplaryCase] = relationship(back_populates="pictures")
    evidence: Mapped[ActivityEvidence] = relationship()
    __table_args__ = (
        UniqueConstraint("case_id", "evidence_id"),
        CheckConstraint("position IN (1, 2)", name="two_pictures"),
    )


class LeaderConsent(Model):
    """The written consent of somebody who led a project to be named among the leading people (领军人才)."""

    __tablename__ = "leader_consent"
    id: Mapped[uuid.UUID] = uuid_key()
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"))
    name: Mapped[str] = mapped_column(String(60))
    given_on: Mapped[date]
    recorded_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"))
    recorded_at: Mapped[datetime] = mapped_column(default=now)
    withdrawn_at: Mapped[datetime | None]
    organisation: Mapped[Organisation] = relationship()
    __table_args__ = (
        Index(
            "uq_leader_consent_in_force",
            "organisation_id",
            "name",
            unique=True,
            sqlite_where=IN_FORCE,
            postgresql_where=IN_FORCE,
        ),
    )


class CarriedNeed(Model):
    """A need of an earlier round that was taken over from the reserve (储备库) into a later one, once."""

    __tablename__ = "carried_need"
    need_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("need.id"), primary_key=True)
    from_need_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("need.id"), unique=True)
    carried_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"))
    carried_at: Mapped[datetime] = mapped_column(default=now)
    need: Mapped[Need] = relationship(foreign_keys=[need_id])
    from_need: Mapped[Need] = relationship(foreign_keys=[from_need_id])
    __table_args__ = (CheckConstraint("need_id <> from_need_id", name="carried_into_another"),)
