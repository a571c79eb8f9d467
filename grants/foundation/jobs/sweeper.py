"""What a killed worker left behind is found and put right; what is due by the clock is started."""

import uuid
from datetime import datetime, time

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from grants.foundation.clock import local, now
from grants.foundation.database import db, reading_only
from grants.foundation.i18n import _
from grants.foundation.jobs.line import queue
from grants.foundation.jobs.liveness import alone_with
from grants.foundation.jobs.registry import Registered, daily_kinds, frequent_kinds
from grants.foundation.jobs.runner import MAX_ATTEMPTS, TakenAway, fail, put_back
from grants.foundation.models import JobRun, JobStatus

_DAILY = uuid.UUID("8a1c2a1e-5b0f-5d7e-9a43-6f1f5c0f2a11")
_AT_ONCE = 500


def sweep() -> int:
    """Queue again what nobody works on any more; after three attempts give it up with a message. Returns how many."""
    with reading_only():
        running = db.session.execute(
            select(JobRun.id, JobRun.attempt_count).where(JobRun.status == JobStatus.RUNNING)
        ).all()
        db.session.rollback()
    found = sum(_recover(job_id, attempt) for job_id, attempt in running)
    return found + _queue_forgotten()


def _recover(job_id: uuid.UUID, attempt: int) -> bool:
    with alone_with(job_id) as is_abandoned:
        if not is_abandoned:
            return False
        try:
            if attempt >= MAX_ATTEMPTS:
                message = _("处理程序三次意外中断，任务已停止，没有做任何更改。请重试；若再次中断，请联系管理员。")
                fail(job_id, attempt, message, trace=f"the worker died during attempt {attempt}")
            else:
                put_back(queue(), job_id, attempt, attempts=attempt)
        except TakenAway:
            db.session.rollback()
            return False
    return True


def _queue_forgotten() -> int:
    """Queue rows whose message was lost between the commit and the queue, or between the queue and the claim."""
    if not queue().is_empty():
        return 0
    with reading_only():
        waiting = db.session.scalars(
            select(JobRun.id).where(JobRun.status == JobStatus.QUEUED).order_by(JobRun.created_at).limit(_AT_ONCE)
        ).all()
        db.session.rollback()
    for job_id in waiting:
        queue().put(job_id)
    return len(waiting)


def start_daily(moment: datetime | None = None) -> int:
    """Queue the daily jobs whose time has come today, each once however many workers there are; returns how many."""
    here = local(moment or now())
    return sum(
        _start(kind, here.date().isoformat()) for kind in daily_kinds() if here.time() >= (kind.daily_at or time.max)
    )


def start_frequent(moment: datetime | None = None) -> int:
    """Queue the jobs that run every few minutes and have work to do, each once in its minutes; returns how many."""
    at = (moment or now()).timestamp()
    return sum(
        _start(kind, f"{int(at // (60 * kind.every_minutes))}")
        for kind in frequent_kinds()
        if kind.every_minutes and _has_work(kind)
    )


def _has_work(kind: Registered) -> bool:
    if kind.when is None:
        return True
    with reading_only():
        try:
            return kind.when()
        finally:
            db.session.rollback()


def _start(kind: Registered, slot: str) -> bool:
    """Queue a job that runs by itself unless it was queued in this slot of time before."""
    job_id = uuid.uuid5(_DAILY, f"{kind.kind} {slot}")
    with reading_only():
        is_known = db.session.get(JobRun, job_id) is not None
        db.session.rollback()
    if is_known:
        return False
    db.session.add(JobRun(id=job_id, kind=kind.kind, title=str(kind.title) or kind.kind, payload={}))
    try:
        db.session.commit()
    except IntegrityError:
        # Another worker was first
        db.session.rollback()
        return False
    queue().put(job_id)
    return True
