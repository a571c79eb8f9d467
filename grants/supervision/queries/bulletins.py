"""Look-ups of progress bulletins, and what the records say about a month."""

import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from grants.agreements.models import Agreement
from grants.foundation.clock import local, today
from grants.foundation.database import db, get_one
from grants.foundation.web.listing import Page, Window, paginate
from grants.projects.models import Project
from grants.rounds.models import Round
from grants.rounds.rules import CATEGORY_LABELS, Category
from grants.supervision.models import BulletinLine, FlagClearance, ProgressBulletin
from grants.supervision.queries.flags import list_flags
from grants.supervision.queries.monthly import MonthRow, rows_of, totals_of_month
from grants.supervision.queries.watching import count_open_of
from grants.supervision.rules import (
    OWED,
    MonthReportState,
    Standing,
    first_of,
    last_of,
    month_report_state,
    share_of_time,
)


def get_bulletin(ref: str) -> ProgressBulletin:
    """Return a bulletin by its reference, its lines loaded, or raise NotFound."""
    found: ProgressBulletin = get_one(select(ProgressBulletin).where(ProgressBulletin.ref == ref).options(*_loaded()))
    return found


def _loaded() -> tuple[Any, ...]:
    agreement = selectinload(ProgressBulletin.lines).selectinload(BulletinLine.agreement)
    return (
        agreement.selectinload(Agreement.project).selectinload(Project.community),
        agreement.selectinload(Agreement.organisation),
        selectinload(ProgressBulletin.round),
    )


def find_bulletin(round_id: uuid.UUID, month: str) -> ProgressBulletin | None:
    """Return the bulletin of a round and month."""
    statement = select(ProgressBulletin).where(ProgressBulletin.round_id == round_id, ProgressBulletin.month == month)
    return db.session.scalars(statement).one_or_none()


def list_bulletins(window: Window, *, with_drafts: bool) -> Page[ProgressBulletin]:
    """List the bulletins, the latest month first; those not issued yet only when asked for."""
    statement = select(ProgressBulletin).options(selectinload(ProgressBulletin.round))
    if not with_drafts:
        statement = statement.where(ProgressBulletin.issued_at.is_not(None))
    return paginate(statement, window, order=ProgressBulletin.month, key=ProgressBulletin.id)


def list_waiting_bulletins() -> list[ProgressBulletin]:
    """List the bulletins that wait for a second person, the oldest first."""
    statement = select(ProgressBulletin).where(ProgressBulletin.issued_at.is_(None))
    return list(db.session.scalars(statement.order_by(ProgressBulletin.prepared_at)))


def _in_force(month: str) -> tuple[Any, ...]:
    return (
        Agreement.signed_on.is_not(None),
        Agreement.starts_on <= last_of(month),
        Agreement.ends_on >= first_of(month),
        Agreement.terminated_on.is_(None) | (Agreement.terminated_on >= first_of(month)),
    )


def collect_lines(round: Round, month: str) -> list[BulletinLine]:
    """Return a new line for each project of a round that ran in a month, from what is on record now."""
    statement = (
        select(Agreement)
        .join(Project, Project.id == Agreement.project_id)
        .where(Project.round_id == round.id, *_in_force(month))
        .options(selectinload(Agreement.project))
        .order_by(Project.ref)
    )
    agreements = list(db.session.scalars(statement))
    keys = [one.id for one in agreements]
    months = {row.agreement.id: row for row in rows_of(agreements, {key: [month] for key in keys})}
    orders, cleared = count_open_of(keys), _cleared_in(keys, month)
    return [_line(one, months[one.id], orders.get(one.id, 0), cleared.get(one.id, 0)) for one in agreements]


def _line(agreement: Agreement, row: MonthRow, order_count: int, cleared_count: int) -> BulletinLine:
    totals = totals_of_month(agreement.id, row.month)
    return BulletinLine(
        agreement=agreement,
        planned_count=row.plan.activity_count if row.plan is not None else None,
        held_count=totals.activity_count,
        attendance_count=totals.attendance_count,
        open_order_count=order_count,
        open_flag_count=len(list_flags(agreement)),
        cleared_flag_count=cleared_count,
        report_state=_state(row),
        time_percent=share_of_time(agreement.starts_on, agreement.ends_on, last_of(row.month)),
    )


def _state(row: MonthRow) -> MonthReportState:
    report = row.submitted
    handed_in_on = local(report.submitted_at).date() if report is not None and report.submitted_at else None
    return month_report_state(handed_in_on, row.report_due_on, today())


def _cleared_in(agreement_ids: Sequence[uuid.UUID], month: str) -> dict[uuid.UUID, int]:
    """Count the signs explained in a month, by the street's calendar."""
    statement = select(FlagClearance.agreement_id, FlagClearance.at).where(
        FlagClearance.agreement_id.in_(agreement_ids)
    )
    counts: dict[uuid.UUID, int] = {}
    for agreement_id, at in db.session.execute(statement):
        if first_of(month) <= local(at).date() <= last_of(month):
            counts[agreement_id] = counts.get(agreement_id, 0) + 1
    return counts


def sorted_lines(bulletin: ProgressBulletin) -> list[BulletinLine]:
    """Return the lines in the order of their projects."""
    return sorted(bulletin.lines, key=lambda line: line.agreement.project.ref)


def by_community(lines: Sequence[BulletinLine]) -> list[Standing]:
    """Sum the lines by community, by name."""
    groups: dict[str, list[BulletinLine]] = {}
    for line in lines:
        groups.setdefault(line.agreement.project.community.name, []).append(line)
    return [total_of(name, groups[name]) for name in sorted(groups)]


def by_category(lines: Sequence[BulletinLine]) -> list[Standing]:
    """Sum the lines by category: always the five, in their order."""
    return [
        total_of(str(CATEGORY_LABELS[one]), [line for line in lines if line.agreement.project.category is one])
        for one in Category
    ]


def total_of(name: str, lines: Sequence[BulletinLine]) -> Standing:
    """Sum some lines under a name."""
    return Standing(
        name,
        len(lines),
        sum(line.planned_count or 0 for line in lines),
        sum(line.held_count for line in lines),
        sum(line.attendance_count for line in lines),
        sum(line.open_order_count for line in lines),
        sum(line.report_state in OWED for line in lines),
    )
