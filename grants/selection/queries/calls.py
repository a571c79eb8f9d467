"""Look-ups of calls and of the projects that may have one."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, not_, or_, select
from sqlalchemy.orm import joinedload, selectinload

from grants.foundation.database import database_now, db, get_one
from grants.foundation.web.listing import Page, Window, paginate
from grants.projects.models import Project
from grants.projects.rules import ProjectStatus
from grants.selection.models import Application, Call, CallExtension
from grants.selection.rules import ApplicationStatus, CallStatus
from grants.selection.rules.settings import is_sealed

NEVER_HANDED_IN = (ApplicationStatus.DRAFT, ApplicationStatus.WITHDRAWN)


def get_call(ref: str) -> Call:
    """Return a call by its reference, with its project."""
    call: Call = get_one(
        select(Call)
        .where(Call.ref == ref)
        .options(joinedload(Call.project).options(joinedload(Project.round), joinedload(Project.community)))
    )
    return call


def find_call_of(project_id: uuid.UUID) -> Call | None:
    """Return the call of a project that has not failed."""
    statement = select(Call).where(Call.project_id == project_id, Call.status != CallStatus.FAILED)
    return db.session.scalars(statement).one_or_none()


def list_calls(window: Window, *, at: datetime, statuses: Iterable[CallStatus] = ()) -> Page[Call]:
    """List calls, the latest first, optionally in some statuses only.

    A call whose deadline has passed stands among the closed ones, also before its officer has closed it.
    """
    statement = select(Call).options(
        joinedload(Call.project).options(joinedload(Project.round), joinedload(Project.community))
    )
    wanted = tuple(statuses)
    if wanted:
        is_over, fits = and_(Call.status == CallStatus.OPEN, Call.closes_at <= at), Call.status.in_(wanted)
        statement = statement.where(or_(fits, is_over) if CallStatus.CLOSED in wanted else and_(fits, not_(is_over)))
    return paginate(statement, window, order=Call.opens_at, key=Call.id)


def list_calls_to_close(at: datetime) -> list[Call]:
    """List the calls that are still open although their deadline has passed."""
    statement = select(Call).where(Call.status == CallStatus.OPEN, Call.closes_at <= at).order_by(Call.ref)
    return list(db.session.scalars(statement))


def sealed_calls(at: datetime) -> list[uuid.UUID]:
    """Return the calls whose applications nobody but their authors may see yet."""
    statement = (
        select(Call)
        .where(Call.status == CallStatus.OPEN, Call.closes_at > at)
        .options(joinedload(Call.project).joinedload(Project.round))
    )
    return [
        call.id
        for call in db.session.scalars(statement)
        if is_sealed(call.status, call.closes_at, call.project.round.settings, at)
    ]


def list_callable_projects() -> list[Project]:
    """List the funded projects that wait for their call."""
    statement = (
        select(Project)
        .where(Project.status == ProjectStatus.FUNDED)
        .options(joinedload(Project.round), joinedload(Project.community), selectinload(Project.indicators))
        .order_by(Project.ref)
    )
    return list(db.session.scalars(statement).unique())


def find_open_extension(call: Call) -> CallExtension | None:
    """Return the later deadline that waits for its second signature."""
    statement = select(CallExtension).where(CallExtension.call_id == call.id, CallExtension.is_approved.is_(None))
    return db.session.scalars(statement).first()


@dataclass(frozen=True)
class CallCounts:
    """How many applications a call has, by what may be told to whom."""

    handed_in: int
    eligible: int
    decided: int


def summarise_call(call: Call) -> CallCounts:
    """Count a call's applications; drafts are nobody's business."""
    rows = db.session.execute(
        select(Application.status, func.count()).where(Application.call_id == call.id).group_by(Application.status)
    )
    by_status: dict[ApplicationStatus, int] = {row[0]: row[1] for row in rows}
    eligible = sum(
        by_status.get(status, 0)
        for status in (ApplicationStatus.ELIGIBLE, ApplicationStatus.SELECTED, ApplicationStatus.NOT_SELECTED)
    )
    return CallCounts(
        handed_in=sum(count for status, count in by_status.items() if status not in NEVER_HANDED_IN),
        eligible=eligible,
        decided=eligible + by_status.get(ApplicationStatus.INELIGIBLE, 0),
    )


def deadline_clock() -> datetime:
    """Return the moment that deadlines are compared with: the database's, never the browser's."""
    return database_now()
