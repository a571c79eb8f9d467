"""Look-ups of monthly plans and reports, and which of them are owed."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from grants.agreements.models import Agreement
from grants.agreements.queries import readable_by
from grants.agreements.rules import AgreementStatus
from grants.foundation.clock import today
from grants.foundation.database import db
from grants.people.models import User
from grants.projects.models import Project
from grants.supervision.models import Activity, MonthlyPlan, ProgressReport
from grants.supervision.queries.activities import ActivityTotals
from grants.supervision.rules import (
    ActivityStatus,
    ReportStatus,
    first_of,
    last_of,
    months_between,
    plan_due_on,
    report_due_on,
    setting,
)


@dataclass(frozen=True)
class MonthRow:
    """One month of one agreement: what was planned and reported, and until when it had to be."""

    agreement: Agreement
    month: str
    plan: MonthlyPlan | None
    report: ProgressReport | None
    plan_due_on: date
    report_due_on: date

    @property
    def submitted(self) -> ProgressReport | None:
        """Return the report once it was handed in."""
        report = self.report
        return report if report is not None and report.status is ReportStatus.SUBMITTED else None

    def is_plan_late(self, day: date) -> bool:
        """Tell whether the plan is owed and its day has passed."""
        return self.plan is None and self.plan_due_on < day

    def is_report_late(self, day: date) -> bool:
        """Tell whether the report is owed and its day has passed."""
        return self.submitted is None and self.report_due_on < day


def find_plan(agreement_id: uuid.UUID, month: str) -> MonthlyPlan | None:
    """Return the plan of a month."""
    statement = select(MonthlyPlan).where(MonthlyPlan.agreement_id == agreement_id, MonthlyPlan.month == month)
    return db.session.scalars(statement).one_or_none()


def find_report(agreement_id: uuid.UUID, month: str) -> ProgressReport | None:
    """Return the report of a month, a draft too."""
    statement = select(ProgressReport).where(ProgressReport.agreement_id == agreement_id, ProgressReport.month == month)
    return db.session.scalars(statement).one_or_none()


def _due_day(agreement: Agreement) -> int:
    return int(setting(agreement.project.round.settings, "monthly_due_day"))


def due_on_of_plan(agreement: Agreement, month: str) -> date:
    """Return the day by which the plan of a month is filed."""
    return plan_due_on(month, _due_day(agreement), max(agreement.starts_on, agreement.signed_on or agreement.starts_on))


def totals_of_month(agreement_id: uuid.UUID, month: str) -> ActivityTotals:
    """Return the sums over the activities recorded for one month of an agreement."""
    statement = select(
        func.count(),
        func.coalesce(func.sum(Activity.person_count), 0),
        func.coalesce(func.sum(Activity.attendance_count), 0),
        func.coalesce(func.sum(Activity.volunteer_count), 0),
    ).where(
        Activity.agreement_id == agreement_id,
        Activity.status == ActivityStatus.RECORDED,
        Activity.held_on.between(first_of(month), last_of(month)),
    )
    return ActivityTotals(*(int(value) for value in db.session.execute(statement).one()))


def list_activities_in(agreement_id: uuid.UUID, month: str) -> list[Activity]:
    """List what was announced or done in one month of an agreement, in order of time."""
    statement = (
        select(Activity)
        .where(Activity.agreement_id == agreement_id, Activity.held_on.between(first_of(month), last_of(month)))
        .order_by(Activity.held_on, Activity.starts)
    )
    return list(db.session.scalars(statement))


def months_of(agreement: Agreement) -> list[str]:
    """Return the months of an agreement's term that have begun, the earliest first; none before it is signed."""
    if agreement.signed_on is None:
        return []
    return months_between(agreement.starts_on, min(agreement.ends_on, today()))


def list_months(agreement: Agreement) -> list[MonthRow]:
    """List the months of an agreement that have begun, the latest first."""
    return list(reversed(rows_of([agreement], {agreement.id: months_of(agreement)})))


def list_month(actor: User, month: str) -> list[MonthRow]:
    """List one month of every running or finished agreement this actor may read, by community and reference."""
    statement = (
        select(Agreement)
        .join(Project, Project.id == Agreement.project_id)
        .where(
            readable_by(actor),
            Agreement.status.in_((AgreementStatus.SIGNED, AgreementStatus.COMPLETED)),
            Agreement.starts_on <= last_of(month),
            Agreement.ends_on >= first_of(month),
        )
        .options(selectinload(Agreement.project).selectinload(Project.community), selectinload(Agreement.organisation))
        .order_by(Project.community_id, Agreement.ref)
    )
    agreements = list(db.session.scalars(statement))
    return rows_of(agreements, {one.id: [month] for one in agreements})


def list_running(organisation_ids: Collection[uuid.UUID] | None = None) -> list[Agreement]:
    """List agreements in force, of some organisations or of all, by reference."""
    statement = select(Agreement).where(Agreement.status == AgreementStatus.SIGNED)
    if organisation_ids is not None:
        statement = statement.where(Agreement.organisation_id.in_(organisation_ids))
    statement = statement.options(selectinload(Agreement.project).selectinload(Project.round))
    return list(db.session.scalars(statement.order_by(Agreement.ref)))


def list_owed(agreements: Sequence[Agreement]) -> list[MonthRow]:
    """List the months of some agreements whose plan, or whose report of a month that is over, is not there yet."""
    day = today()
    return [
        row
        for row in rows_of(agreements, {one.id: months_of(one) for one in agreements})
        if (row.plan is None and last_of(row.month) >= day) or (row.submitted is None and last_of(row.month) < day)
    ]


def list_unread(agreement_ids: Collection[uuid.UUID]) -> list[ProgressReport]:
    """List the reports handed in under some agreements, oldest month first, remarks loaded."""
    statement = (
        select(ProgressReport)
        .where(ProgressReport.agreement_id.in_(agreement_ids), ProgressReport.status == ReportStatus.SUBMITTED)
        .options(selectinload(ProgressReport.remarks))
        .order_by(ProgressReport.month, ProgressReport.submitted_at)
    )
    return list(db.session.scalars(statement))


def rows_of(agreements: Sequence[Agreement], months: dict[uuid.UUID, list[str]]) -> list[MonthRow]:
    """Return the months asked for of each agreement, with plan and report, in two queries."""
    keys = [one.id for one in agreements]
    plans = {
        (one.agreement_id, one.month): one
        for one in db.session.scalars(select(MonthlyPlan).where(MonthlyPlan.agreement_id.in_(keys)))
    }
    statement = (
        select(ProgressReport)
        .where(ProgressReport.agreement_id.in_(keys))
        .options(selectinload(ProgressReport.remarks))
    )
    reports = {(one.agreement_id, one.month): one for one in db.session.scalars(statement)}
    return [_row(one, month, plans, reports) for one in agreements for month in months[one.id]]


def _row(
    agreement: Agreement,
    month: str,
    plans: dict[tuple[uuid.UUID, str], MonthlyPlan],
    reports: dict[tuple[uuid.UUID, str], ProgressReport],
) -> MonthRow:
    key = (agreement.id, month)
    return MonthRow(
        agreement,
        month,
        plans.get(key),
        reports.get(key),
        due_on_of_plan(agreement, month),
        report_due_on(month, _due_day(agreement)),
    )
