"""Batches of papers: asked for together, printed one by one, each kept as soon as it is there."""

import uuid
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from grants.foundation import audit
from grants.foundation.database import db, get_one, hold
from grants.foundation.errors import NotFound, RuleBroken, TransitionRefused
from grants.foundation.i18n import _
from grants.foundation.jobs import enqueue
from grants.foundation.models import BatchItemStatus, DocumentBatch, DocumentBatchItem, JobStatus, StoredFile

MOST_PAPERS = 1_000
LONGEST_REASON = 300
_SHOWN = 10


def open_batch(
    *,
    job: str,
    kind: str,
    subject_ref: str,
    title: str,
    papers: Iterable[tuple[str, str]],
    address: str,
    actor: audit.Actor,
) -> DocumentBatch:
    """Ask for all those papers, given as (reference, label); the work is done by the kind of job named.

    Raises RuleBroken when there is none, or more than a batch may have.
    """
    wanted = list(papers)
    if not wanted:
        raise RuleBroken(_("这一届现在没有可以生成的这种报告。"), "kind")
    if len(wanted) > MOST_PAPERS:
        raise RuleBroken(_("一批最多 %(most)s 份，这一届有 %(count)s 份。", most=MOST_PAPERS, count=len(wanted)))
    batch = DocumentBatch(
        id=uuid.uuid4(),
        kind=kind,
        subject_ref=subject_ref,
        title=title[:160],
        address=address[:200],
        requested_by_id=actor.id,
    )
    batch.items = [
        DocumentBatchItem(position=number, subject_ref=ref, label=label[:200])
        for number, (ref, label) in enumerate(wanted, start=1)
    ]
    db.session.add(batch)
    db.session.flush()
    _start(batch, job, actor)
    return batch


def try_again(*, batch: DocumentBatch, job: str, actor: audit.Actor) -> None:
    """Print once more what failed; what was issued stays. Raises TransitionRefused while the batch is under way."""
    hold(batch)
    if batch.job is not None:
        db.session.refresh(batch.job)
    if batch.job is not None and batch.job.status not in (JobStatus.DONE, JobStatus.FAILED):
        raise TransitionRefused(_("这一批还在处理，请等它结束。"))
    failed = [item for item in batch.items if item.status is not BatchItemStatus.ISSUED]
    if not failed:
        raise TransitionRefused(_("这一批没有未完成的报告，不需要重新生成。"))
    for item in failed:
        item.status, item.reason = BatchItemStatus.WAITING, None
    batch.file_id = batch.finished_at = None
    _start(batch, job, actor)


def _start(batch: DocumentBatch, job: str, actor: audit.Actor) -> None:
    run = enqueue(job, title=batch.title, payload={"batch_id": batch.id}, actor=actor)
    batch.job_id = run.id


def finish(*, batch: DocumentBatch, file: StoredFile, at: datetime) -> None:
    """Keep the ZIP of a batch in which no paper waits any more."""
    batch.file_id, batch.finished_at = file.id, at


def fail_item(*, item: DocumentBatchItem, reason: str) -> None:
    """Note why one paper could not be printed; the others go on."""
    item.status, item.reason = BatchItemStatus.FAILED, " ".join(reason.split())[:LONGEST_REASON]


def get_own_batch(batch_id: uuid.UUID, actor_id: uuid.UUID) -> DocumentBatch:
    """Return a batch of this person with its papers; raise NotFound for anybody else's, as if it did not exist."""
    found = get_batch(batch_id)
    if found.requested_by_id != actor_id:
        raise NotFound(_("没有找到您要的内容，它可能已被移走。"))
    return found


def get_batch(batch_id: uuid.UUID) -> DocumentBatch:
    """Return a batch with its papers, or raise NotFound."""
    found: DocumentBatch = get_one(
        select(DocumentBatch)
        .where(DocumentBatch.id == batch_id)
        .options(
            joinedload(DocumentBatch.job),
            joinedload(DocumentBatch.file),
            joinedload(DocumentBatch.items).joinedload(DocumentBatchItem.document),
        )
    )
    return found


def list_own_batches(actor_id: uuid.UUID) -> list[DocumentBatch]:
    """List the batches a person asked for last."""
    statement = select(DocumentBatch).where(DocumentBatch.requested_by_id == actor_id)
    return list(db.session.scalars(statement.order_by(DocumentBatch.created_at.desc()).limit(_SHOWN)))


def waiting_items(batch_id: uuid.UUID) -> list[DocumentBatchItem]:
    """List the papers of a batch that are still to be printed, in their order."""
    statement = select(DocumentBatchItem).where(
        DocumentBatchItem.batch_id == batch_id, DocumentBatchItem.status == BatchItemStatus.WAITING
    )
    return list(db.session.scalars(statement.order_by(DocumentBatchItem.position)))


def progress_of(batch_id: uuid.UUID) -> tuple[int, int]:
    """Return how many papers of a batch are over, and how many it has."""
    over = func.count().filter(DocumentBatchItem.status != BatchItemStatus.WAITING)
    done, total = db.session.execute(
        select(over, func.count()).select_from(DocumentBatchItem).where(DocumentBatchItem.batch_id == batch_id)
    ).one()
    return int(done), int(total)
