"""Needs of residents, who seconds them, the meetings that deliberate them, and their six stamps."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from grants.foundation.clock import now
from grants.foundation.database import Model, uuid_key
from grants.foundation.models import StoredFile
from grants.needs.rules import (
    MeetingKind,
    NeedSource,
    NeedStatus,
    Outcome,
    Step,
    TargetGroup,
    Triage,
    Urgency,
    search_words,
)
from grants.people.models import Place, Resident, User
from grants.rounds.models import Round
from grants.rounds.rules import Category


def _search_text(context: Any) -> str:
    """Return the words by which a new row is found, however it is inserted."""
    given = context.get_current_parameters()
    return search_words(f"{given['title']} {given.get('place_text', '')} {given['body']}")


class Need(Model):
    """Something residents of one community say they need."""

    __tablename__ = "need"
    id: Mapped[uuid.UUID] = uuid_key()
    ref: Mapped[str] = mapped_column(String(30), unique=True)
    round_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("round.id"))
    community_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("place.id"))
    grid_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("place.id"))
    category: Mapped[Category]
    title: Mapped[str] = mapped_column(String(60))
    body: Mapped[str] = mapped_column(Text)
    place_text: Mapped[str] = mapped_column(String(120), default="")
    search_text: Mapped[str] = mapped_column(Text, default=_search_text, deferred=True)
    target_group: Mapped[TargetGroup] = mapped_column(default=TargetGroup.ALL)
    urgency: Mapped[Urgency] = mapped_column(default=Urgency.NORMAL)
    source: Mapped[NeedSource] = mapped_column(default=NeedSource.WEB)
    status: Mapped[NeedStatus] = mapped_column(default=NeedStatus.RAISED)
    triage: Mapped[Triage | None]
    proposer_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("resident.id"), index=True)
    entered_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    screened_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    merged_into_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("need.id"), index=True)
    answer: Mapped[str | None] = mapped_column(Text)
    handed_to: Mapped[str | None] = mapped_column(String(80))
    support_count: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(default=now)
    round: Mapped[Round] = relationship()
    community: Mapped[Place] = relationship(foreign_keys=[community_id])
    grid: Mapped[Place | None] = relationship(foreign_keys=[grid_id])
    proposer: Mapped[Resident | None] = relationship()
    entered_by: Mapped[User | None] = relationship(foreign_keys=[entered_by_id])
    screened_by: Mapped[User | None] = relationship(foreign_keys=[screened_by_id])
    merged_into: Mapped["Need | None"] = relationship(remote_side="Need.id", back_populates="merged_from")
    merged_from: Mapped[list["Need"]] = relationship(back_populates="merged_into")
    stamps: Mapped[list["NeedStamp"]] = relationship(back_populates="need", order_by="NeedStamp.at")
    attachments: Mapped[list["NeedAttachment"]] = relationship(back_populates="need")
    __table_args__ = (
        CheckConstraint("(status = 'merged') = (merged_into_id IS NOT NULL)", name="target_iff_merged"),
        CheckConstraint("status NOT IN ('declined', 'handed_over') OR answer IS NOT NULL", name="reason_when_declined"),
        CheckConstraint("status <> 'handed_over' OR handed_to IS NOT NULL", name="receiver_when_handed_over"),
        CheckConstraint(
            "status NOT IN ('examined', 'deliberated', 'disputed', 'adopted') OR triage IS NOT NULL",
            name="triage_when_examined",
        ),
        CheckConstraint("status <> 'adopted' OR triage = 'service'", name="only_service_is_adopted"),
        CheckConstraint("(source = 'web') = (entered_by_id IS NULL)", name="officer_unless_web"),
        CheckConstraint("source <> 'web' OR proposer_id IS NOT NULL", name="proposer_when_web"),
        CheckConstraint("support_count >= 0", name="support_not_negative"),
        CheckConstraint("merged_into_id IS NULL OR merged_into_id <> id", name="not_merged_into_itself"),
        Index("ix_need_round_id_created_at", "round_id", "created_at", "id"),
        Index("ix_need_community_id_created_at", "community_id", "created_at", "id"),
        Index("ix_need_status", "status"),
        Index("ix_need_created_at_id", "created_at", "id"),
        Index("ix_need_support_count_id", "support_count", "id"),
    )


class NeedSupport(Model):
    """A resident's “me too”; one a person."""

    __tablename__ = "need_support"
    need_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("need.id"), primary_key=True)
    resident_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("resident.id"), primary_key=True, index=True)
    at: Mapped[datetime] = mapped_column(default=now)


class NeedStamp(Model):
    """One of the six steps, done on a day, by whom, with what result."""

    __tablename__ = "need_stamp"
    id: Mapped[uuid.UUID] = uuid_key()
    need_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("need.id"))
    step: Mapped[Step]
    at: Mapped[datetime] = mapped_column(default=now)
    note: Mapped[str] = mapped_column(Text, default="")
    by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    need: Mapped[Need] = relationship(back_populates="stamps")
    __table_args__ = (UniqueConstraint("need_id", "step"),)


class NeedAttachment(Model):
    """A photo or paper that shows the need; the public sees it once an officer has found nobody's face in it."""

    __tablename__ = "need_attachment"
    need_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("need.id"), primary_key=True)
    file_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("stored_file.id"), primary_key=True)
    is_public: Mapped[bool] = mapped_column(default=False)
    need: Mapped[Need] = relationship(back_populates="attachments")
    file: Mapped[StoredFile] = relationship()


class Meeting(Model):
    """The record of a meeting (议事): who could come, who came, how they voted, what was decided."""

    __tablename__ = "meeting"
    id: Mapped[uuid.UUID] = uuid_key()
    ref: Mapped[str] = mapped_column(String(30), unique=True)
    round_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("round.id"))
    community_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("place.id"), index=True)
    kind: Mapped[MeetingKind]
    title: Mapped[str] = mapped_column(String(120))
    held_on: Mapped[date]
    place_text: Mapped[str] = mapped_column(String(120), default="")
    convenor: Mapped[str] = mapped_column(String(80))
    entitled_count: Mapped[int]
    attended_count: Mapped[int]
    minutes: Mapped[str] = mapped_column(Text)
    checks: Mapped[dict[str, Any]] = mapped_column(default=dict)
    minutes_file_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("stored_file.id"))
    recorded_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"))
    created_at: Mapped[datetime] = mapped_column(default=now)
    round: Mapped[Round] = relationship()
    community: Mapped[Place] = relationship()
    recorded_by: Mapped[User] = relationship()
    minutes_file: Mapped[StoredFile | None] = relationship()
    decisions: Mapped[list["MeetingDecision"]] = relationship(
        back_populates="meeting", order_by="MeetingDecision.subject_ref"
    )
    __table_args__ = (
        CheckConstraint("attended_count >= 0 AND attended_count <= entitled_count", name="attended_within_entitled"),
        CheckConstraint("entitled_count > 0", name="somebody_is_entitled"),
    )


class MeetingDecision(Model):
    """How a meeting voted on one need or project (`subject_ref`)."""

    __tablename__ = "meeting_decision"
    id: Mapped[uuid.UUID] = uuid_key()
    meeting_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("meeting.id"), index=True)
    subject_ref: Mapped[str] = mapped_column(String(60), index=True)
    for_count: Mapped[int]
    against_count: Mapped[int]
    abstain_count: Mapped[int]
    outcome: Mapped[Outcome]
    is_passed: Mapped[bool]
    note: Mapped[str] = mapped_column(Text, default="")
    meeting: Mapped[Meeting] = relationship(back_populates="decisions")
    __table_args__ = (
        UniqueConstraint("meeting_id", "subject_ref"),
        CheckConstraint("for_count >= 0 AND against_count >= 0 AND abstain_count >= 0", name="votes_not_negative"),
        CheckConstraint("is_passed = (outcome = 'passed')", name="passed_iff_outcome"),
    )
