"""Running one job: claimed once, done once, its changes and its end in one transaction."""

import contextlib
import logging
import traceback
import uuid
from typing import Any

from sqlalchemy import update
from sqlalchemy.exc import OperationalError

from grants.foundation import audit
from grants.foundation.clock import now
from grants.foundation.database import db
from grants.foundation.errors import DomainError
from grants.foundation.i18n import _
from grants.foundation.jobs.liveness import alone_with
from grants.foundation.jobs.progress import Interrupted, Progress
from grants.foundation.jobs.queue import Queue
from grants.foundation.jobs.registry import call, registered
from grants.foundation.models import JobRun, JobStatus, StoredFile

log = logging.getLogger("grants.jobs")
MAX_ATTEMPTS = 3
LONGEST_TRACE = 8000


class TakenAway(RuntimeError):
    """The row no longer belongs to this attempt; what it did is thrown away."""


def run_job(line: Queue, job_id: uuid.UUID) -> None:
    """Run a queued job to its end in a context of its own; leave it alone when it is not queued any more."""
    with line.app.app_context(), alone_with(job_id) as is_mine:
        if is_mine and (run := _claim(job_id)) is not None:
            _attempt(line, run)


def _claim(job_id: uuid.UUID) -> JobRun | None:
    claimed = db.session.execute(
        update(JobRun)
        .where(JobRun.id == job_id, JobRun.status == JobStatus.QUEUED)
        .values(
            status=JobStatus.RUNNING,
            attempt_count=JobRun.attempt_count + 1,
            started_at=now(),
            done_count=0,
            total_count=0,
            message="",
        )
        .execution_options(synchronize_session=False)
    )
    db.session.commit()
    return db.session.get(JobRun, job_id) if _rows(claimed) else None


def _rows(result: Any) -> int:
    return int(result.rowcount)


def _attempt(line: Queue, run: JobRun) -> None:
    job_id, attempt, kind, payload = run.id, run.attempt_count, run.kind, dict(run.payload)
    try:
        found = registered(kind)
        with Progress(run, line.stopping, writes=found.writes) as progress:
            result = call(found, progress, payload)
        _finish(job_id, attempt, progress, result)
    except TakenAway:
        db.session.rollback()
        log.warning("job %s was taken over while attempt %s still worked on it", job_id, attempt)
    except (Interrupted, Exception) as error:
        with contextlib.suppress(TakenAway):
            _end_badly(line, job_id, attempt, error)


def _end_badly(line: Queue, job_id: uuid.UUID, attempt: int, error: BaseException) -> None:
    if isinstance(error, Interrupted):
        # A stop asked for by the house does not count as an attempt
        put_back(line, job_id, attempt, attempts=attempt - 1)
        return
    log.error("job %s failed in attempt %s", job_id, attempt, exc_info=error)
    if isinstance(error, OperationalError) and attempt < MAX_ATTEMPTS:
        # The database was away or busy: another attempt may find it well
        put_back(line, job_id, attempt, attempts=attempt)
        return
    message = error.message if isinstance(error, DomainError) else _unexpected(job_id)
    fail(job_id, attempt, message, trace="".join(traceback.format_exception(error))[-LONGEST_TRACE:])


def _finish(job_id: uuid.UUID, attempt: int, progress: Progress, result: StoredFile | None) -> None:
    if result is not None:
        db.session.add(result)
        db.session.flush()
    _move(
        job_id,
        attempt,
        status=JobStatus.DONE,
        finished_at=now(),
        result_file_id=result.id if result else None,
        done_count=max(progress.done, progress.total),
        total_count=progress.total,
        message=progress.message,
        error=None,
    )
    audit.record("job:finish", actor=None, subject=_row(job_id), file=result.sha256 if result else "", attempt=attempt)
    db.session.commit()


def put_back(line: Queue, job_id: uuid.UUID, attempt: int, *, attempts: int) -> None:
    """Undo an attempt and queue the job again, with `attempts` counted so far."""
    db.session.rollback()
    _move(job_id, attempt, status=JobStatus.QUEUED, attempt_count=attempts)
    db.session.commit()
    if not line.is_immediate:
        line.put(job_id)


def fail(job_id: uuid.UUID, attempt: int, message: str, *, trace: str) -> None:
    """End a job with a sentence for the person and the trace for the operator; what it changed is undone."""
    db.session.rollback()
    _move(job_id, attempt, status=JobStatus.FAILED, finished_at=now(), message=message[:300], error=trace)
    audit.record("job:fail", actor=None, subject=_row(job_id), attempt=attempt)
    db.session.commit()


def _move(job_id: uuid.UUID, attempt: int, **values: Any) -> None:
    """Change the row as this attempt; raise TakenAway when the row has moved on without it."""
    moved = db.session.execute(
        update(JobRun)
        .where(JobRun.id == job_id, JobRun.status == JobStatus.RUNNING, JobRun.attempt_count == attempt)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    if _rows(moved) != 1:
        raise TakenAway


def _row(job_id: uuid.UUID) -> JobRun | None:
    return db.session.get(JobRun, job_id)


def _unexpected(job_id: uuid.UUID) -> str:
    return _(
        "处理时出现意外，没有做任何更改。您可以重试；若仍不成功，请联系管理员并告知任务编号 %(number)s。",
        number=str(job_id)[:8],
    )
