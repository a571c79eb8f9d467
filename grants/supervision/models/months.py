"""Monthly plans and reports."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from grants.agreements.models import Agreement
from grants.foundation.clock import now
from grants.foundation.database import Model, uuid_key
from grants.people.models import User
from grants.supervision.rules import (
    RemarkSide,
    ReportStatus,
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
