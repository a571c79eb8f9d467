"""The work of a batch: gather, print on every core, issue each paper by itself, put them into one ZIP."""

import io
import logging
import os
import uuid
from collections.abc import Iterator
from typing import Any

from sqlalchemy import update
from sqlalchemy.exc import OperationalError

from grants.foundation import batches
from grants.foundation.clock import now
from grants.foundation.database import db, get_by_id, reading_only
from grants.foundation.documents import Identity
from grants.foundation.errors import DomainError
from grants.foundation.files import store_bytes
from grants.foundation.i18n import _
from grants.foundation.jobs import Progress
from grants.foundation.models import (
    BatchItemStatus,
    DocumentBatch,
    DocumentBatchItem,
    IssuedDocument,
    JobRun,
    StoredFile,
)
from grants.people.models import User
from reports import bundle
from reports.batch import Outcome, Paper, render_all
from reports.catalogue import get_kind
from reports.issuing import Prepared, prepare
from reports.render import RenderKilled, TooLarge
from reports.signing import SigningFailed
from reports.tables.base import DoesNotReconcile

log = logging.getLogger("grants.reports")
ZIP = "application/zip"


class _Batch:
    """One batch under way: plain values, since every paper is a transaction of its own."""

    def __init__(self, progress: Progress, batch: DocumentBatch) -> None:
        self.progress = progress
        self.id, self.address, self.actor_id = batch.id, batch.address, batch.requested_by_id
        self.kind = get_kind(batch.kind)
        self.printing: dict[str, tuple[uuid.UUID, Prepared, Identity]] = {}

    def papers(self, waiting: list[tuple[uuid.UUID, str]]) -> Iterator[Paper]:
        """Gather the papers as they are wanted; those issued before and unchanged, or refused, are over at once."""
        for item_id, ref in waiting:
            prepared = self._prepared(item_id, ref)
            if prepared is None:
                continue
            issued = prepared.find_issued()
            if issued is not None:
                self._over(item_id, issued=issued)
                continue
            identity = self._identity(item_id, prepared)
            db.session.commit()
            self.printing[ref] = item_id, prepared, identity
            yield ref, self.kind.printer(), prepared.document(identity, self.address)

    def _identity(self, item_id: uuid.UUID, prepared: Prepared) -> Identity:
        """Return the number and code of an earlier attempt, if they are of the same series, or new ones."""
        item = get_by_id(DocumentBatchItem, item_id)
        if item.number is None or item.code is None or item.number.rpartition("-")[0] != prepared.series:
            made = prepared.new_identity()
            item.number, item.code = made.number, made.code
        return Identity(item.number, item.code)

    def _prepared(self, item_id: uuid.UUID, ref: str) -> Prepared | None:
        try:
            with reading_only():
                db.session.rollback()
                actor = get_by_id(User, self.actor_id)
                refused = self.kind.why_not_make(actor, ref)
                prepared = None if refused else prepare(self.kind, ref)
                db.session.rollback()
        except OperationalError:
            # The database is away: the job is tried again as a whole
            raise
        except Exception as error:
            log.info("%s of %s could not be gathered", self.kind.key, ref, exc_info=error)
            refused, prepared = reason_of(error), None
            db.session.rollback()
        if prepared is None:
            self._over(item_id, reason=refused or "")
        return prepared

    def keep(self, ref: str, outcome: Outcome) -> None:
        """Issue a paper that was printed, or note why it was not."""
        item_id, prepared, identity = self.printing.pop(ref)
        if isinstance(outcome, Exception):
            self._over(item_id, reason=reason_of(outcome))
            return
        try:
            issued = prepared.issue(identity, outcome, get_by_id(User, self.actor_id))
        except SigningFailed as error:
            db.session.rollback()
            self._over(item_id, reason=error.message)
        else:
            self._over(item_id, issued=issued)

    def _over(self, item_id: uuid.UUID, *, issued: IssuedDocument | None = None, reason: str = "") -> None:
        item = get_by_id(DocumentBatchItem, item_id)
        if issued is not None:
            item.status, item.document_id = BatchItemStatus.ISSUED, issued.id
        else:
            batches.fail_item(item=item, reason=reason or _("没有说明原因。"))
        db.session.flush()
        done, total = batches.progress_of(self.id)
        label = item.label
        # Told in the same transaction, for on SQLite nobody else can write meanwhile
        values = {"done_count": done, "total_count": total, "message": label}
        db.session.execute(update(JobRun).where(JobRun.id == self.progress.job_id).values(**values))
        db.session.commit()
        self.progress.step(done, total, label)


def print_waiting(progress: Progress, batch_id: uuid.UUID) -> None:
    """Print and issue every paper of a batch that still waits."""
    work = _Batch(progress, batches.get_batch(batch_id))
    waiting = [(item.id, item.subject_ref) for item in batches.waiting_items(batch_id)]
    db.session.commit()
    workers = min(os.cpu_count() or 1, max(1, len(waiting)))
    for ref, outcome in render_all(work.papers(waiting), workers=workers):
        work.keep(ref, outcome)


def zip_up(batch_id: uuid.UUID) -> StoredFile:
    """Return the ZIP of a batch that is over, kept as its file."""
    batch = batches.get_batch(batch_id)
    buffer = io.BytesIO()
    papers = [(item.subject_ref, item.document, item.reason) for item in batch.items]
    bundle.write_zip(buffer, kind=batch.kind, round_ref=batch.subject_ref, address=batch.address, papers=papers)
    file = store_bytes(
        buffer.getvalue(),
        name=f"{batch.title}.zip",
        media_type=ZIP,
        purpose="report",
        actor_id=batch.requested_by_id,
    )
    db.session.flush()
    batches.finish(batch=batch, file=file, at=now())
    return file


def reason_of(error: Exception) -> str:
    """Say in a sentence why a paper was not printed."""
    if isinstance(error, DomainError):
        return error.message
    if isinstance(error, DoesNotReconcile):
        return _("数据不能对平，报告没有生成：%(what)s", what=str(error))
    if isinstance(error, RenderKilled | TooLarge):
        return _("内容超出一份报告的限度，报告没有生成。请联系管理员。")
    kind: Any = type(error).__name__
    return _("排版时出现意外（%(kind)s），报告没有生成。请联系管理员。", kind=kind)
