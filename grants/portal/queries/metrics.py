"""Counts for monitoring."""

from sqlalchemy import func, select

from grants.foundation.database import db
from grants.foundation.models import JobRun, JobStatus
from grants.funds.models import Journal
from grants.needs.models import Need
from grants.payments.models import PaymentRequest
from grants.projects.models import Project


def count_jobs() -> dict[str, int]:
    """Count background jobs by status, also the statuses that no job has."""
    found = {
        status: count
        for status, count in db.session.execute(select(JobRun.status, func.count()).group_by(JobRun.status))
    }
    return {status.value: found.get(status, 0) for status in JobStatus}


def count_rows() -> dict[str, int]:
    """Count the rows of the tables that grow with use."""
    return {
        model.__tablename__: db.session.scalar(select(func.count()).select_from(model)) or 0
        for model in (Need, Project, PaymentRequest, Journal)
    }
