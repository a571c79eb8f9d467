"""Voting without one's own device: printed codes and kiosks at the community centre, and ballots on paper."""

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from grants.foundation.clock import now
from grants.foundation.database import Model, uuid_key
from grants.people.models import User
from grants.voting.models.polls import Poll
from grants.voting.rules import BatchStatus


class ActivationCode(Model):
    """A printed code that lets one person of the roll vote at a kiosk; only its hash is kept."""

    __tablename__ = "activation_code"
    id: Mapped[uuid.UUID] = uuid_key()
    poll_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("poll.id"))
    person_key: Mapped[str] = mapped_column(String(64))
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    sheet: Mapped[str] = mapped_column(String(40), index=True)
    issued_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"))
    issued_on: Mapped[date]
    used_on: Mapped[date | None]
    revoked_on: Mapped[date | None]
    poll: Mapped[Poll] = relationship()
    issued_by: Mapped[User] = relationship(foreign_keys=[issued_by_id])
    __table_args__ = (
        CheckConstraint("used_on IS NULL OR revoked_on IS NULL", name="used_or_revoked"),
        Index("ix_activation_code_poll_id_person_key", "poll_id", "person_key"),
    )


class KioskStation(Model):
    """A device that an officer has opened for voting at a community centre; it holds a token, never a session."""

    __tablename__ = "kiosk_station"
    id: Mapped[uuid.UUID] = uuid_key()
    poll_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("poll.id"), index=True)
    name: Mapped[str] = mapped_column(String(60))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    opened_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"))
    opened_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    poll: Mapped[Poll] = relationship()
    opened_by: Mapped[User] = relationship(foreign_keys=[opened_by_id])


class PaperBatch(Model):
    """The paper ballots of one station on one day, counted as envelopes and signed before anybody reads them."""

    __tablename__ = "paper_batch"
    id: Mapped[uuid.UUID] = uuid_key()
    ref: Mapped[str] = mapped_column(String(40), unique=True)
    poll_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("poll.id"), index=True)
    station: Mapped[str] = mapped_column(String(60))
    voted_on: Mapped[date]
    status: Mapped[BatchStatus] = mapped_column(default=BatchStatus.STUBS)
    slip_count: Mapped[int | None]
    drawn_out: Mapped[int] = mapped_column(default=0)
    opened_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"))
    counted_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    signed_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    first_keyer_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    second_keyer_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    posted_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    posted_at: Mapped[datetime | None]
    lot_asked_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    lot_agreed_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    lot_seed: Mapped[str | None] = mapped_column(String(64))
    remark: Mapped[str] = mapped_column(Text, default="")
    poll: Mapped[Poll] = relationship()
    opened_by: Mapped[User] = relationship(foreign_keys=[opened_by_id])
    counted_by: Mapped[User | None] = relationship(foreign_keys=[counted_by_id])
    signed_by: Mapped[User | None] = relationship(foreign_keys=[signed_by_id])
    posted_by: Mapped[User | None] = relationship(foreign_keys=[posted_by_id])
    __table_args__ = (
        CheckConstraint("slip_count IS NULL OR slip_count >= 0", name="slips_not_negative"),
        CheckConstraint("drawn_out >= 0", name="drawn_out_not_negative"),
        CheckConstraint(
            "first_keyer_id IS NULL OR second_keyer_id IS NULL OR first_keyer_id <> second_keyer_id",
            name="keyed_by_two_people",
        ),
        CheckConstraint("(status = 'posted') = (posted_at IS NOT NULL)", name="time_iff_posted"),
        CheckConstraint(
            "counted_by_id IS NULL OR signed_by_id IS NULL OR counted_by_id <> signed_by_id",
            name="signed_by_two_people",
        ),
        CheckConstraint("(signed_by_id IS NULL) = (status = 'stubs')", name="signed_unless_stubs"),
        CheckConstraint("lot_agreed_by_id IS NULL OR lot_agreed_by_id <> lot_asked_by_id", name="lot_by_two_people"),
        CheckConstraint(
            "(lot_agreed_by_id IS NULL) = (drawn_out = 0) AND (lot_agreed_by_id IS NULL) = (lot_seed IS NULL)",
            name="drawn_out_by_lot",
        ),
    )

    @property
    def keyers(self) -> set[uuid.UUID | None]:
        """Return who keys or has keyed the slips."""
        return {self.first_keyer_id, self.second_keyer_id} - {None}


class PaperStub(Model):
    """The numbered stub of a paper ballot: whose it was. It lies apart from the slip, which names nobody."""

    __tablename__ = "paper_stub"
    id: Mapped[uuid.UUID] = uuid_key()
    batch_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("paper_batch.id"))
    number: Mapped[int]
    person_key: Mapped[str] = mapped_column(String(64))
    is_accepted: Mapped[bool]
    refusal: Mapped[str] = mapped_column(String(120), default="")
    keyed_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"))
    helper_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    batch: Mapped[PaperBatch] = relationship()
    __table_args__ = (
        UniqueConstraint("batch_id", "number"),
        CheckConstraint("number > 0", name="number_positive"),
        CheckConstraint("is_accepted = (refusal = '')", name="reason_iff_refused"),
    )


class PaperSlip(Model):
    """One anonymous slip as two officers read it, each without seeing the other; a third look settles differences.

    An empty spelling is a spoiled or blank slip; null has not been keyed yet.
    """

    __tablename__ = "paper_slip"
    id: Mapped[uuid.UUID] = uuid_key()
    batch_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("paper_batch.id"))
    number: Mapped[int]
    first_choices: Mapped[str | None] = mapped_column(Text)
    second_choices: Mapped[str | None] = mapped_column(Text)
    settled_choices: Mapped[str | None] = mapped_column(Text)
    settled_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    batch: Mapped[PaperBatch] = relationship()
    __table_args__ = (
        UniqueConstraint("batch_id", "number"),
        CheckConstraint("number > 0", name="number_positive"),
        CheckConstraint("(settled_choices IS NULL) OR (first_choices IS NOT NULL)", name="settled_after_keying"),
    )
