"""What surrounds the judging: lists that lots were drawn from, the day of pitches, re-examinations of an award."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.types import JSON

from grants.foundation.clock import now
from grants.foundation.database import Model, uuid_key
from grants.people.models import User
from grants.rounds.models import Objection
from grants.selection.models.papers import Application, Call
from grants.selection.rules import DrawKind, Outcome, SlotStatus

ON_STAGE = text("status = 'running'")


class DrawPool(Model):
    """The keys that lots were drawn from, kept so that a draw can be done again; the call itself stays light."""

    __tablename__ = "draw_pool"
    id: Mapped[uuid.UUID] = uuid_key()
    call_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("call.id"))
    kind: Mapped[DrawKind]
    keys: Mapped[list[str]] = mapped_column(JSON)
    __table_args__ = (UniqueConstraint("call_id", "kind"),)


class PitchDay(Model):
    """The day on which the applicants of a call present themselves (现场答辩), in an order drawn by lot."""

    __tablename__ = "pitch_day"
    id: Mapped[uuid.UUID] = uuid_key()
    call_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("call.id"), unique=True)
    starts_at: Mapped[datetime]
    place: Mapped[str] = mapped_column(String(120))
    minutes_each: Mapped[int]
    seed: Mapped[str] = mapped_column(String(64))
    witness: Mapped[str] = mapped_column(String(60))
    drawn_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"))
    drawn_at: Mapped[datetime] = mapped_column(default=now)
    call: Mapped[Call] = relationship()
    drawn_by: Mapped[User] = relationship()
    slots: Mapped[list["PitchSlot"]] = relationship(back_populates="pitch", order_by="PitchSlot.position")
    __table_args__ = (
        CheckConstraint("minutes_each BETWEEN 3 AND 60", name="minutes_in_range"),
        CheckConstraint("witness <> ''", name="drawn_before_a_witness"),
    )


class PitchSlot(Model):
    """One applicant's turn."""

    __tablename__ = "pitch_slot"
    id: Mapped[uuid.UUID] = uuid_key()
    pitch_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("pitch_day.id"))
    application_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("application.id"))
    position: Mapped[int]
    status: Mapped[SlotStatus] = mapped_column(default=SlotStatus.WAITING)
    begun_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    pitch: Mapped[PitchDay] = relationship(back_populates="slots")
    application: Mapped[Application] = relationship()
    __table_args__ = (
        UniqueConstraint("pitch_id", "position"),
        UniqueConstraint("pitch_id", "application_id"),
        Index("uq_pitch_slot_on_stage", "pitch_id", unique=True, sqlite_where=ON_STAGE, postgresql_where=ON_STAGE),
        CheckConstraint("position > 0", name="position_positive"),
        CheckConstraint("(status IN ('running', 'done')) = (begun_at IS NOT NULL)", name="begun_at_iff_begun"),
        CheckConstraint("(status = 'done') = (ended_at IS NOT NULL)", name="ended_at_iff_done"),
    )


class Reexamination(Model):
    """The re-examination (复核) of an announced award after an objection, found by one person and signed by another."""

    __tablename__ = "reexamination"
    id: Mapped[uuid.UUID] = uuid_key()
    call_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("call.id"), index=True)
    objection_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("objection.id"), unique=True)
    scope: Mapped[str] = mapped_column(Text)
    opened_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"))
    opened_at: Mapped[datetime] = mapped_column(default=now)
    outcome: Mapped[Outcome | None]
    finding: Mapped[str | None] = mapped_column(Text)
    found_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    found_at: Mapped[datetime | None]
    signed_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    signed_at: Mapped[datetime | None]
    call: Mapped[Call] = relationship()
    objection: Mapped[Objection] = relationship()
    opened_by: Mapped[User] = relationship(foreign_keys=[opened_by_id])
    found_by: Mapped[User | None] = relationship(foreign_keys=[found_by_id])
    signed_by: Mapped[User | None] = relationship(foreign_keys=[signed_by_id])
    __table_args__ = (
        CheckConstraint("scope <> ''", name="scope_given"),
        CheckConstraint(
            "(outcome IS NULL) = (finding IS NULL) AND (outcome IS NULL) = (found_by_id IS NULL) "
            "AND (outcome IS NULL) = (found_at IS NULL)",
            name="found_whole",
        ),
        CheckConstraint("(signed_by_id IS NULL) = (signed_at IS NULL)", name="signed_whole"),
        CheckConstraint(
            "signed_by_id IS NULL OR (found_by_id IS NOT NULL AND signed_by_id <> found_by_id)",
            name="signed_by_second_person",
        ),
    )

    @property
    def is_open(self) -> bool:
        """Tell whether nobody has signed an outcome yet."""
        return self.signed_at is None
