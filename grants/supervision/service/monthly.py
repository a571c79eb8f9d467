"""Monthly plans and reports: filed by the organisation, read and remarked by the community and the programme."""

from dataclasses import dataclass

from grants.agreements.models import Agreement
from grants.foundation import audit
from grants.foundation.clock import now, today
from grants.foundation.database import db, hold
from grants.foundation.errors import RuleBroken, require
from grants.foundation.i18n import _
from grants.people.models import User
from grants.supervision import policy, queries
from grants.supervision.models import MonthlyPlan, ProgressReport, ReportRemark
from grants.supervision.rules import (
    REMARK_SIDE_LABELS,
    REPORT_FLOW,
    ReportAction,
    ReportStatus,
    last_of,
    month_after,
    month_of,
)
from grants.supervision.service.shared import require_rule, tell_organisation


def file_plan(
    *, agreement: Agreement, by: User, month: str, content: str, activity_count: int, attendance_count: int
) -> MonthlyPlan:
    """File the plan of this month or the next; it may be changed until the day it is due, and not after.

    A plan that comes late is taken, and shows as late: it is worth more than none.
    """
    require(policy.why_not_report(by, agreement))
    _check_plan(agreement, month, content, activity_count, attendance_count)
    plan = queries.find_plan(agreement.id, month)
    if plan is None:
        plan = MonthlyPlan(agreement=agreement, month=month)
        db.session.add(plan)
    else:
        hold(plan)
        require_rule(why_plan_stands(plan), "content")
    plan.content = content
    plan.activity_count = activity_count
    plan.attendance_count = attendance_count
    plan.filed_by_id = by.id
    plan.filed_at = now()
    audit.record("monthly_plan:file", actor=by, subject=agreement, month=month, activities=activity_count)
    return plan


def why_plan_stands(plan: MonthlyPlan) -> str | None:
    """Say why a filed plan cannot be changed any more."""
    due_on = queries.due_on_of_plan(plan.agreement, plan.month)
    if today() <= due_on:
        return None
    return _("月度计划在 %(day)s 之后不能修改；变化请在月报中说明。", day=due_on.isoformat())


def _check_plan(agreement: Agreement, month: str, content: str, activities: int, attendances: int) -> None:
    _check_month(agreement, month)
    this = month_of(today())
    if month not in (this, month_after(this)):
        raise RuleBroken(_("只能填报本月和下月的计划。"), "content")
    require_rule(None if content.strip() else _("请写明本月的工作安排。"), "content")
    require_rule(None if activities >= 0 else _("请填写不小于零的整数"), "activity_count")
    require_rule(None if attendances >= 0 else _("请填写不小于零的整数"), "attendance_count")


def _check_month(agreement: Agreement, month: str) -> None:
    if not month_of(agreement.starts_on) <= month <= month_of(agreement.ends_on):
        raise RuleBroken(_("这个月不在协议期限内。"))


@dataclass(frozen=True)
class Words:
    """What the organisation writes in a monthly report; the figures come from the records."""

    progress: str = ""
    spending: str = ""
    problems: str = ""
    next_steps: str = ""


def save_report(*, agreement: Agreement, by: User, month: str, words: Words) -> ProgressReport:
    """Keep the draft of a month's report, from the month's first day on."""
    require(policy.why_not_report(by, agreement))
    report = _write(agreement, month, words)
    audit.record("monthly_report:save", actor=by, subject=agreement, month=month)
    return report


def submit_report(*, agreement: Agreement, by: User, month: str, words: Words) -> ProgressReport:
    """Hand in a month's report once the month is over; its figures are what the records say at that moment."""
    require(policy.why_not_report(by, agreement))
    report = _write(agreement, month, words)
    status = REPORT_FLOW.next(report.status, ReportAction.SUBMIT)
    if early := why_not_over(agreement, month):
        raise RuleBroken(early)
    require_rule(None if words.progress.strip() else _("请写明本月的工作进展。"), "progress")
    totals = queries.totals_of_month(agreement.id, month)
    report.activity_count = totals.activity_count
    report.person_count = totals.person_count
    report.attendance_count = totals.attendance_count
    report.volunteer_count = totals.volunteer_count
    report.status = status
    report.submitted_by_id = by.id
    report.submitted_at = now()
    audit.record(
        "monthly_report:submit",
        actor=by,
        subject=agreement,
        month=month,
        activities=totals.activity_count,
        persons=totals.person_count,
        attendances=totals.attendance_count,
    )
    return report


def why_not_over(agreement: Agreement, month: str) -> str | None:
    """Say why a month's report cannot be handed in yet: on the last day of the month or of the term it can."""
    last = min(last_of(month), agreement.ends_on)
    if today() >= last:
        return None
    return _("这个月还没有结束，%(day)s 起可以报送，之前可以先保存草稿。", day=last.isoformat())


def _write(agreement: Agreement, month: str, words: Words) -> ProgressReport:
    _check_month(agreement, month)
    if month > month_of(today()):
        raise RuleBroken(_("这个月还没有开始。"))
    report = queries.find_report(agreement.id, month)
    if report is None:
        report = ProgressReport(agreement=agreement, month=month, status=ReportStatus.DRAFT)
        db.session.add(report)
    else:
        hold(report)
        if report.status is not ReportStatus.DRAFT:
            raise RuleBroken(_("这份月报已经报送，不能再修改。"))
    report.progress = words.progress
    report.spending = words.spending
    report.problems = words.problems
    report.next_steps = words.next_steps
    report.saved_at = now()
    return report


def remark_on_report(*, report: ProgressReport, by: User, text: str) -> ReportRemark:
    """Say for the community or the programme what reading a report led to; the organisation is told."""
    hold(report)
    require(policy.why_not_remark(by, report))
    require_rule(None if text.strip() else _("请写明审阅意见；没有意见请写“已阅”。"), "text")
    side = policy.remark_side(by, report.agreement)
    remark = ReportRemark(report=report, side=side, text=text, by_id=by.id)
    db.session.add(remark)
    agreement = report.agreement
    tell_organisation(
        agreement,
        _(
            "%(side)s已审阅 %(month)s 月报：%(title)s",
            side=REMARK_SIDE_LABELS[remark.side],
            month=report.month,
            title=agreement.project.title,
        ),
        f"/supervision/{agreement.ref}/months/{report.month}",
    )
    audit.record("monthly_report:remark", actor=by, subject=agreement, month=report.month, side=side)
    return remark
