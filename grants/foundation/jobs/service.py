"""Asking for background work, and asking again."""

import json
import logging
import uuid
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session

from grants.foundation import audit
from grants.foundation.database import db
from grants.foundation.errors import NotFound, TransitionRefused
from grants.foundation.i18n import _
from grants.foundation.jobs.line import queue
from grants.foundation.jobs.registry import registered
from grants.foundation.models import JobRun, JobStatus

log = logging.getLogger("grants.jobs")
_WAITING = "jobs"


def enqueue(
    kind: str, *, title: str, payload: dict[str, Any], actor: audit.Actor | None, record: bool = True
) -> JobRun:
    """Ask for a job as part of the caller's transaction; it reaches the worker only when that commits.

    `payload` becomes the function's keyword arguments and is kept as JSON: UUIDs, dates and the like arrive as text.
    Leaves the audit entry "job:request", unless `record=False` because the caller's use case leaves its own. Raises
    ValueError when no function is registered for `kind`.
    """
    registered(kind)
    run = JobRun(
        id=uuid.uuid4(),
        kind=kind,
        title=title[:160],
        payload=json.loads(json.dumps(payload, default=str)),
        requested_by_id=actor.id if actor else None,
    )
    db.session.add(run)
    db.session.flush()
    if record:
        audit.record("job:request", actor=actor, subject=run, kind=kind, title=run.title)
    _after_commit(run.id)
    return run


def retry(run: JobRun, *, actor: audit.Actor) -> None:
    """Queue a failed job once more, with all its attempts; only who asked for it may."""
    if run.requested_by_id != actor.id:
        raise NotFound(_("没有找到您要的内容，它可能已被移走。"))
    if run.status is not JobStatus.FAILED:
        raise TransitionRefused(_("这项任务没有失败，不需要重试。请刷新页面查看最新进度。"))
    run.status = JobStatus.QUEUED
    run.attempt_count = 0
    run.finished_at = None
    run.error = None
    run.message = ""
    audit.record("job:retry", actor=actor, subject=run)
    _after_commit(run.id)


def _after_commit(job_id: uuid.UUID) -> None:
    db.session().info.setdefault(_WAITING, []).append(job_id)


def _hand_over(session: Session) -> None:
    if session.in_nested_transaction():
        return
    for job_id in session.info.pop(_WAITING, []):
        try:
            queue().put(job_id)
        except Exception:
            # The row is committed and the sweep finds it; the person's request has succeeded
            log.exception("job %s could not be put on the queue", job_id)


def _forget(session: Session) -> None:
    # After a savepoint the list may name a row that is gone: nobody can claim it then
    if not session.in_nested_transaction():
        session.info.pop(_WAITING, None)


event.listen(db.session, "after_commit", _hand_over)
event.listen(db.session, "after_rollback", _forget)
