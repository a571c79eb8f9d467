"""Tables that know no grants: counters, holidays, audit chain, files, jobs, notifications, documents, batches."""

import uuid
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from grants.foundation.clock import now
from grants.foundation.database import Model, uuid_key


class Counter(Model):
    """The last number given out under a name, so that references have no gap and no twin."""

    __tablename__ = "counter"
    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    value: Mapped[int] = mapped_column(BigInteger)


class Holiday(Model):
    """A day whose working status differs from its weekday, from the yearly 调休 notice of the State Council."""

    __tablename__ = "holiday"
    day: Mapped[date] = mapped_column(primary_key=True)
    is_workday: Mapped[bool]
    name: Mapped[str] = mapped_column(String(40))


class AuditEntry(Model):
    """One change, chained to the one before it by hash; rows are never updated or deleted."""

    __tablename__ = "audit_entry"
    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    action: Mapped[str] = mapped_column(String(60), index=True)
    actor_id: Mapped[uuid.UUID | None] = mapped_column(index=True)
    actor_label: Mapped[str] = mapped_column(String(80))
    subject_type: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[str] = mapped_column(String(40))
    subject_ref: Mapped[str] = mapped_column(String(60))
    details: Mapped[str] = mapped_column(Text)
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64), unique=True)
    __table_args__ = (Index("ix_audit_entry_subject", "subject_type", "subject_id"),)


class StoredFile(Model):
    """A checked upload or a produced document; bytes lie in the object store under their SHA-256."""

    __tablename__ = "stored_file"
    id: Mapped[uuid.UUID] = uuid_key()
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    size: Mapped[int] = mapped_column(BigInteger)
    media_type: Mapped[str] = mapped_column(String(80))
    name: Mapped[str] = mapped_column(String(160))
    purpose: Mapped[str] = mapped_column(String(40))
    taken_at: Mapped[datetime | None]
    picture_hash: Mapped[str | None] = mapped_column(String(16))
    uploaded_by_id: Mapped[uuid.UUID | None] = mapped_column(index=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    __table_args__ = (CheckConstraint("size >= 0", name="size_not_negative"),)


class JobStatus(StrEnum):
    """Where a background job stands."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class JobRun(Model):
    """One background job with its progress, so that a page can show it and a retry knows what was done."""

    __tablename__ = "job_run"
    id: Mapped[uuid.UUID] = uuid_key()
    kind: Mapped[str] = mapped_column(String(60), index=True)
    title: Mapped[str] = mapped_column(String(160))
    payload: Mapped[dict[str, Any]]
    status: Mapped[JobStatus] = mapped_column(default=JobStatus.QUEUED, index=True)
    done_count: Mapped[int] = mapped_column(default=0)
    total_count: Mapped[int] = mapped_column(default=0)
    message: Mapped[str] = mapped_column(String(300), default="")
    error: Mapped[str | None] = mapped_column(Text)
    attempt_count: Mapped[int] = mapped_column(default=0)
    result_file_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("stored_file.id"))
    requested_by_id: Mapped[uuid.UUID | None] = mapped_column(index=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    result_file: Mapped[StoredFile | None] = relationship()
    __table_args__ = (
        CheckConstraint("status <> 'failed' OR error IS NOT NULL", name="error_when_failed"),
        CheckConstraint("(status IN ('done', 'failed')) = (finished_at IS NOT NULL)", name="finished_iff_over"),
    )


class Notification(Model):
    """A line in somebody's message list, kept until read."""

    __tablename__ = "notification"
    id: Mapped[uuid.UUID] = uuid_key()
    user_id: Mapped[uuid.UUID]
    title: Mapped[str] = mapped_column(String(120))
    body: Mapped[str] = mapped_column(Text, default="")
    href: Mapped[str] = mapped_column(String(200), default="")
    created_at: Mapped[datetime] = mapped_column(default=now)
    read_at: Mapped[datetime | None]
    __table_args__ = (Index("ix_notification_user_id_created_at", "user_id", "created_at"),)


class IssuedDocument(Model):
    """A document that left the house: its check code and hash let anyone ask whether a PDF is ours.

    `content_hash` is the SHA-256 of the PDF; `data_hash` that of what it says, so that an unchanged paper is not made
    twice.
    """

    __tablename__ = "issued_document"
    id: Mapped[uuid.UUID] = uuid_key()
    code: Mapped[str] = mapped_column(String(24), unique=True)
    number: Mapped[str] = mapped_column(String(60), unique=True)
    kind: Mapped[str] = mapped_column(String(40), index=True)
    subject_ref: Mapped[str] = mapped_column(String(60), index=True)
    title: Mapped[str] = mapped_column(String(200))
    content_hash: Mapped[str] = mapped_column(String(64), index=True)
    data_hash: Mapped[str] = mapped_column(String(64), default="")
    is_draft: Mapped[bool] = mapped_column(default=True)
    file_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("stored_file.id"))
    cutoff_at: Mapped[datetime]
    issued_at: Mapped[datetime] = mapped_column(default=now)
    issued_by_id: Mapped[uuid.UUID | None]
    file: Mapped[StoredFile | None] = relationship()


class BatchItemStatus(StrEnum):
    """Where one paper of a batch stands."""

    WAITING = "waiting"
    ISSUED = "issued"
    FAILED = "failed"


class DocumentBatch(Model):
    """All papers of one kind that a round has, asked for together; the ZIP is there when none waits any more."""

    __tablename__ = "document_batch"
    id: Mapped[uuid.UUID] = uuid_key()
    kind: Mapped[str] = mapped_column(String(40))
    subject_ref: Mapped[str] = mapped_column(String(60))
    title: Mapped[str] = mapped_column(String(160))
    address: Mapped[str] = mapped_column(String(200))
    requested_by_id: Mapped[uuid.UUID] = mapped_column(index=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    finished_at: Mapped[datetime | None]
    job_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("job_run.id"))
    file_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("stored_file.id"))
    job: Mapped[JobRun | None] = relationship()
    file: Mapped[StoredFile | None] = relationship()
    items: Mapped[list["DocumentBatchItem"]] = relationship(
        back_populates="batch", order_by="DocumentBatchItem.position"
    )
    __table_args__ = (CheckConstraint("(finished_at IS NULL) = (file_id IS NULL)", name="file_iff_finished"),)


class DocumentBatchItem(Model):
    """One paper of a batch. What was issued stays issued, whatever happens to the worker after.

    `number` and `code` are those it is printed under; a further attempt uses them again, so that no number is lost.
    """

    __tablename__ = "document_batch_item"
    id: Mapped[uuid.UUID] = uuid_key()
    batch_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("document_batch.id"), index=True)
    position: Mapped[int]
    subject_ref: Mapped[str] = mapped_column(String(60))
    label: Mapped[str] = mapped_column(String(200))
    number: Mapped[str | None] = mapped_column(String(60))
    code: Mapped[str | None] = mapped_column(String(24))
    status: Mapped[BatchItemStatus] = mapped_column(default=BatchItemStatus.WAITING)
    reason: Mapped[str | None] = mapped_column(String(300))
    document_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("issued_document.id"))
    batch: Mapped[DocumentBatch] = relationship(back_populates="items")
    document: Mapped[IssuedDocument | None] = relationship()
    __table_args__ = (
        UniqueConstraint("batch_id", "subject_ref"),
        CheckConstraint("(status = 'issued') = (document_id IS NOT NULL)", name="document_iff_issued"),
        CheckConstraint("(status = 'failed') = (reason IS NOT NULL)", name="reason_iff_failed"),
    )
