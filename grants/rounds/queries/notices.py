"""Public notices, their objections, and the working days they run for."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from grants.foundation.clock import local
from grants.foundation.database import db, get_one
from grants.foundation.models import Holiday
from grants.foundation.web.listing import Page, Window, paginate
from grants.foundation.workdays import HolidayRow, HolidayTable, builtin_table, working_days_between
from grants.rounds.models import Notice, Objection
from grants.rounds.rules import NoticeKind, NoticeStatus, ObjectionStatus


def holiday_table() -> HolidayTable:
    """Return the calendar of working days: the built-in years, and what was imported (which wins)."""
    rows = db.session.scalars(select(Holiday))
    return builtin_table().with_imported(HolidayRow(row.day, row.is_workday, row.name) for row in rows)


@dataclass(frozen=True)
class NoticeFilter:
    """Which notices are asked for; an empty part does not narrow."""

    kind: NoticeKind | None = None
    status: NoticeStatus | None = None
    words: str = ""

    @property
    def count(self) -> int:
        """Return how many parts narrow the list."""
        return sum(1 for part in (self.kind, self.status) if part)


ALL = NoticeFilter()


def get_notice(ref: str) -> Notice:
    """Return a notice by its reference, or raise NotFound."""
    statement = (
        select(Notice).where(Notice.ref == ref).options(joinedload(Notice.round), selectinload(Notice.objections))
    )
    notice: Notice = get_one(statement)
    return notice


def list_notices(window: Window, narrow: NoticeFilter = ALL) -> Page[Notice]:
    """List notices, newest first."""
    statement: Any = select(Notice).options(joinedload(Notice.round))
    if narrow.kind:
        statement = statement.where(Notice.kind == narrow.kind)
    if narrow.status:
        statement = statement.where(Notice.status == narrow.status)
    if narrow.words:
        statement = statement.where(Notice.title.contains(narrow.words, autoescape=True))
    return paginate(statement, window, order=Notice.published_at, key=Notice.id)


def list_notices_about(subject_ref: str) -> list[Notice]:
    """List what was published about a need, project or application, newest first."""
    statement = select(Notice).where(Notice.subject_ref == subject_ref).order_by(Notice.published_at.desc())
    return list(db.session.scalars(statement))


def notice_days(notice: Notice) -> int:
    """Return for how many working days a notice is open to objections."""
    return working_days_between(local(notice.published_at).date(), notice.ends_on, holiday_table())


def get_objection(ref: str) -> Objection:
    """Return an objection by its reference, or raise NotFound."""
    objection: Objection = get_one(select(Objection).where(Objection.ref == ref).options(joinedload(Objection.notice)))
    return objection


def count_open_objections(notice: Notice) -> int:
    """Count the objections to a notice that nobody has answered."""
    return objection_counts([notice.id]).get(notice.id, 0)


def objection_counts(notice_ids: Iterable[UUID]) -> dict[UUID, int]:
    """Count the unanswered objections of several notices in one read."""
    statement = (
        select(Objection.notice_id, func.count())
        .where(Objection.notice_id.in_(list(notice_ids)), Objection.status == ObjectionStatus.OPEN)
        .group_by(Objection.notice_id)
    )
    return {notice_id: count for notice_id, count in db.session.execute(statement)}


def has_upheld_objection(notice: Notice) -> bool:
    """Tell whether an objection to a notice was found to be right."""
    statement = select(Objection.id).where(Objection.notice_id == notice.id, Objection.status == ObjectionStatus.UPHELD)
    return db.session.scalars(statement.limit(1)).first() is not None
