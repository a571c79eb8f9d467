"""Projects drafted from needs: cost lines, indicators, the decision, and the needs they answer."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from grants.foundation.clock import now
from grants.foundation.database import Model, fen, uuid_key
from grants.needs.models import Meeting, Need
from grants.people.models import Place, User
from grants.projects.rules import IndicatorKind, Measure, ProjectStatus
from grants.rounds.models import Notice, Round
from grants.rounds.rules import BudgetCode, Category


class Project(Model):
    """A small funded project that answers one or more adopted needs."""

    __tablename__ = "project"
    id: Mapped[uuid.UUID] = uuid_key()
    ref: Mapped[str] = mapped_column(String(30), unique=True)
    round_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("round.id"), index=True)
    community_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("place.id"), index=True)
    category: Mapped[Category]
    title: Mapped[str] = mapped_column(String(80))
    summary: Mapped[str] = mapped_column(Text)
    objective: Mapped[str] = mapped_column(Text, default="")
    public_benefit: Mapped[str] = mapped_column(Text, default="")
    innovation: Mapped[str] = mapped_column(Text, default="")
    locality: Mapped[str] = mapped_column(Text, default="")
    five_links: Mapped[dict[str, Any]] = mapped_column(default=dict)
    service_point: Mapped[str] = mapped_column(String(120), default="")
    direct_beneficiary_count: Mapped[int] = mapped_column(default=0)
    vulnerable_percent: Mapped[int] = mapped_column(default=0)
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    ceiling_fen: Mapped[int] = fen(default=0)
    status: Mapped[ProjectStatus] = mapped_column(default=ProjectStatus.DRAFT, index=True)
    drafted_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    costed_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    meeting_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("meeting.id"))
    approved_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    approved_at: Mapped[datetime | None]
    approval_note: Mapped[str | None] = mapped_column(Text)
    rejection_reason: Mapped[str | None] = mapped_column(Text)
    notice_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("notice.id"))
    funded_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
    round: Mapped[Round] = relationship()
    community: Mapped[Place] = relationship()
    drafted_by: Mapped[User | None] = relationship(foreign_keys=[drafted_by_id])
    approved_by: Mapped[User | None] = relationship(foreign_keys=[approved_by_id])
    meeting: Mapped[Meeting | None] = relationship()
    notice: Mapped[Notice | None] = relationship()
    needs: Mapped[list[Need]] = relationship(secondary="project_need", order_by="Need.created_at")
    costs: Mapped[list["ProjectCost"]] = relationship(back_populates="project", order_by="ProjectCost.position")
    indicators: Mapped[list["Indicator"]] = relationship(back_populates="project", order_by="Indicator.position")
    __table_args__ = (
        CheckConstraint("ceiling_fen >= 0", name="ceiling_not_negative"),
        CheckConstraint("(approved_at IS NULL) = (approved_by_id IS NULL)", name="approval_is_signed"),
        CheckConstraint("status <> 'rejected' OR rejection_reason IS NOT NULL", name="reason_when_rejected"),
        CheckConstraint(
            "approved_by_id IS NULL OR (approved_by_id <> drafted_by_id AND approved_by_id <> costed_by_id)",
            name="approved_by_second_person",
        ),
        CheckConstraint("status IN ('draft', 'rejected') OR ceiling_fen > 0", name="ceiling_when_costed"),
        CheckConstraint(
            "status IN ('draft', 'costed', 'rejected') OR approved_by_id IS NOT NULL", name="approved_when_decided"
        ),
        CheckConstraint("status <> 'announced' OR notice_id IS NOT NULL", name="notice_when_announced"),
        CheckConstraint(
            "(status IN ('draft', 'costed', 'approved', 'announced', 'rejected')) = (funded_at IS NULL)",
            name="funded_at_iff_funded",
        ),
        CheckConstraint("(status = 'closed') = (closed_at IS NOT NULL)", name="closed_at_iff_closed"),
        CheckConstraint("ends_on IS NULL OR starts_on IS NULL OR ends_on >= starts_on", name="ends_after_start"),
        CheckConstraint("vulnerable_percent BETWEEN 0 AND 100", name="percent_in_range"),
        Index("ix_project_created_at_id", "created_at", "id"),
    )


class ProjectNeed(Model):
    """Which adopted needs a project answers; every project answers at least one."""

    __tablename__ = "project_need"
    project_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("project.id"), primary_key=True)
    need_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("need.id"), primary_key=True, index=True)


class ProjectCost(Model):
    """A line of the cost estimate: unit price times quantity."""

    __tablename__ = "project_cost"
    id: Mapped[uuid.UUID] = uuid_key()
    project_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("project.id"), index=True)
    position: Mapped[int]
    code: Mapped[BudgetCode]
    content: Mapped[str] = mapped_column(String(120))
    unit_price_fen: Mapped[int] = fen()
    quantity: Mapped[int]
    project: Mapped[Project] = relationship(back_populates="costs")
    __table_args__ = (CheckConstraint("unit_price_fen > 0 AND quantity > 0", name="amounts_positive"),)

    @property
    def amount_fen(self) -> int:
        """Return price × quantity in 分."""
        return self.unit_price_fen * self.quantity


class Indicator(Model):
    """What the project promises, in a unit, and how the value will be known."""

    __tablename__ = "indicator"
    id: Mapped[uuid.UUID] = uuid_key()
    project_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("project.id"), index=True)
    position: Mapped[int]
    kind: Mapped[IndicatorKind]
    measure: Mapped[Measure] = mapped_column(default=Measure.MANUAL)
    name: Mapped[str] = mapped_column(String(80))
    unit: Mapped[str] = mapped_column(String(12))
    target: Mapped[float] = mapped_column(Numeric(14, 2, asdecimal=False))
    evidence: Mapped[str] = mapped_column(String(160), default="")
    project: Mapped[Project] = relationship(back_populates="indicators")
    __table_args__ = (
        UniqueConstraint("project_id", "position"),
        CheckConstraint("target >= 0", name="target_not_negative"),
    )
