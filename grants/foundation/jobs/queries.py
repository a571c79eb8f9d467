"""Looking at jobs."""

import uuid
from typing import Any

from sqlalchemy import select

from grants.foundation.database import get_by_id
from grants.foundation.errors import NotFound
from grants.foundation.i18n import _
from grants.foundation.models import JobRun, JobStatus
from grants.foundation.web.listing import Page, Window, paginate


def get_own_job(job_id: uuid.UUID, requested_by_id: uuid.UUID) -> JobRun:
    """Return a job of this person; raise NotFound for anybody else's, as if it did not exist."""
    run: JobRun = get_by_id(JobRun, job_id)
    if run.requested_by_id != requested_by_id:
        raise NotFound(_("没有找到您要的内容，它可能已被移走。"))
    return run


def list_own_jobs(requested_by_id: uuid.UUID, window: Window) -> Page[JobRun]:
    """List a person's jobs, newest first."""
    statement = select(JobRun).where(JobRun.requested_by_id == requested_by_id)
    return paginate(statement, window, order=JobRun.created_at, key=JobRun.id)


def is_over(run: JobRun) -> bool:
    """Tell whether a job has come to its end, good or bad."""
    return run.status in (JobStatus.DONE, JobStatus.FAILED)


def describe(run: JobRun, result_url: str | None) -> dict[str, Any]:
    """Return how far a job is, as a waiting page asks for it."""
    return {
        "state": run.status.value,
        "done": run.done_count,
        "total": run.total_count,
        "message": run.message,
        "result_url": result_url,
    }
