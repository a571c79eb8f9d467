"""Background jobs: asked for in a transaction, run by a worker, shown with their progress."""

from grants.foundation.jobs.cli import jobs_cli
from grants.foundation.jobs.progress import Progress
from grants.foundation.jobs.queries import get_own_job, list_own_jobs
from grants.foundation.jobs.registry import job
from grants.foundation.jobs.service import enqueue, retry
from grants.foundation.jobs.worker import work

__all__ = ["Progress", "enqueue", "get_own_job", "job", "jobs_cli", "list_own_jobs", "retry", "work"]
