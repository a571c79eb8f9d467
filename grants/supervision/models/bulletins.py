"""The monthly progress bulletin of a round (进度通报) and its line for each project."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from grants.agreements.models import Agreement
from grants.foundation.clock import now
from grants.foundation.database import Model, uuid_key
from grants.people.models import User
from grants.rounds.models import Round
from grants.supervision.rules import MonthReportState


class ProgressBulletin(Model):
    """The bulletin of a month: figures are taken when it is prepared, and stand once a second person issued it."""

    __tablename__ = "progress_bulletin"
    id: Mapped[uuid.UUID] = uuid_key()
    ref: Mapped[str] = mapped_column(String(30), unique=True)
    round_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("round.id"))
    month: Mapped[str] = mapped_column(String(7))
    remark: Mapped[str] = mapped_column(Text, default="")
    prepared_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"))
    prepared_at: Mapped[datetime] = mapped_column(default=now)
    issued_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    issued_at: Mapped[datetime | None]
    round: Mapped[Round] = relationship()
    prepared_by: Mapped[User] = relationship(foreign_keys=[prepared_by_id])
    issued_by: Mapped[User | None] = relationship(foreign_keys=[issued_by_id])
    lines: Mapped[list["BulletinLine"]] = relationship(cascade="all, delete-orphan")
    __table_args__ = (
        UniqueConstraint("round_id", "month"),
        CheckConstraint("length(month) = 7", name="month_written_out"),
        CheckConstraint("(issued_at IS NULL) = (issued_by_id IS NULL)", name="issued_by_somebody"),
        CheckConstraint("issued_by_id <> prepared_by_id", name="issued_by_somebody_else"),
    )


class BulletinLine(Model):
    """What one project did in the month, as the records had it when the bulletin was prepared."""

    __tablename__ = "bulletin_line"
    bulletin_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("progress_bulletin.id"), primary_key=True)
    agreement_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("agreement.id"), primary_key=True)
    planned_count: Mapped[int | None]
    held_count: Mapped[int]
    attendance_count: Mapped[int]
    open_order_count: Mapped[int]
    open_flag_count: Mapped[int]
    cleared_flag_count: Mapped[int]
    report_state: Mapped[MonthReportState]
    time_percent: Mapped[int]
    agreement: Mapped[Agreement] = relationship()
    __table_args__ = (
        CheckConstraint(
            "planned_count >= 0 AND held_count >= 0 AND attendance_count >= 0 AND open_order_count >= 0"
            " AND open_flag_count >= 0 AND cleared_flag_count >= 0",
            name="counts_not_negative",
        ),
        CheckConstraint("time_percent BETWEEN 0 AND 100", name="time_in_percent"),
    )
