"""Monthly plans and reports: the months of one agreement, one month, one month of the whole street."""

from collections.abc import Iterator
from typing import Any

from flask import Response, flash, jsonify, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from grants.agreements.models import Agreement
from grants.foundation.clock import local, today
from grants.foundation.errors import NotFound, RuleBroken, require
from grants.foundation.i18n import _, _l
from grants.foundation.web.downloads import table_response
from grants.foundation.web.forms import errors_on, page
from grants.people import current
from grants.supervision import policy, queries, service
from grants.supervision.forms import MonthlyPlanForm, RemarkForm, ReportForm
from grants.supervision.models import Activity
from grants.supervision.rules import ActivityStatus, ReportStatus, first_of, month_of, share_of_time
from grants.supervision.views.blueprint import blueprint, watched
from grants.supervision.views.labels import LABELS

HEADER = (
    _l("协议编号"),
    _l("项目"),
    _l("承接组织"),
    _l("社区"),
    _l("计划活动"),
    _l("计划人次"),
    _l("实际活动"),
    _l("人数"),
    _l("人次"),
    _l("志愿者"),
    _l("月报报送时间"),
)


def _month(text: str) -> str:
    """Return the text when it names a month, or refuse as for a page that is not there."""
    try:
        return month_of(first_of(text))
    except ValueError as error:
        raise NotFound(_("没有找到您要的内容，它可能已被移走。")) from error


@blueprint.get("/months/")
def month_list() -> Response | tuple[str, int]:
    """Show one month of every agreement this actor may read: plan, report, who has read it."""
    month = _month(request.args.get("month") or month_of(today()))
    rows = queries.list_month(current.actor(), month)
    if "format" in request.args:
        return table_response(request.args["format"], _("%(month)s 月报汇总", month=month), HEADER, _cells(rows))
    return page("supervision/month_list.html", month=month, rows=rows, day=today(), **LABELS)


def _cells(rows: list[queries.MonthRow]) -> Iterator[tuple[Any, ...]]:
    for row in rows:
        plan, report = row.plan, row.submitted
        yield (
            row.agreement.ref,
            row.agreement.project.title,
            row.agreement.organisation.name,
            row.agreement.project.community.name,
            plan and plan.activity_count,
            plan and plan.attendance_count,
            report and report.activity_count,
            report and report.person_count,
            report and report.attendance_count,
            report and report.volunteer_count,
            report and report.submitted_at,
        )


@blueprint.get("/<ref>/months/")
def months(ref: str) -> tuple[str, int]:
    """Show the months of one agreement."""
    agreement, actor = watched(ref), current.actor()
    return page(
        "supervision/months.html",
        agreement=agreement,
        rows=queries.list_months(agreement),
        day=today(),
        this_month=month_of(today()),
        may_write=policy.why_not_report(actor, agreement) is None,
        **LABELS,
    )


@blueprint.get("/<ref>/months/<month>")
def month(ref: str, month: str) -> tuple[str, int]:
    """Show one month of an agreement: what was planned, what the records say, the report and its remarks."""
    return _show(watched(ref), _month(month), RemarkForm())


def _show(agreement: Agreement, month: str, form: RemarkForm) -> tuple[str, int]:
    actor = current.actor()
    plan, report = queries.find_plan(agreement.id, month), queries.find_report(agreement.id, month)
    may_write = policy.why_not_report(actor, agreement) is None
    return page(
        "supervision/month.html",
        agreement=agreement,
        month=month,
        plan=plan,
        report=report if report is not None and policy.why_not_read_report(actor, report) is None else None,
        totals=queries.totals_of_month(agreement.id, month),
        activities=queries.list_activities_in(agreement.id, month),
        spending=queries.spending_of_month(agreement, month),
        form=form,
        may_plan=may_write and (plan is None or service.why_plan_stands(plan) is None),
        may_report=may_write and (report is None or report.status is ReportStatus.DRAFT),
        may_remark=report is not None and policy.why_not_remark(actor, report) is None,
        **LABELS,
    )


@blueprint.route("/<ref>/months/<month>/plan", methods=["GET", "POST"])
def file_plan(ref: str, month: str) -> BaseResponse | tuple[str, int]:
    """File the plan of a month."""
    agreement, actor, month = watched(ref), current.actor(), _month(month)
    require(policy.why_not_report(actor, agreement))
    form = MonthlyPlanForm(obj=queries.find_plan(agreement.id, month))
    if form.validate_on_submit():
        with errors_on(form):
            service.file_plan(
                agreement=agreement,
                by=actor,
                month=month,
                content=form.content.data or "",
                activity_count=form.activity_count.data or 0,
                attendance_count=form.attendance_count.data or 0,
            )
            flash(_("月度计划已报送。"), "success")
            return redirect(url_for("supervision.month", ref=ref, month=month))
    due_on = queries.due_on_of_plan(agreement, month)
    return page("supervision/plan.html", form=form, agreement=agreement, month=month, due_on=due_on)


@blueprint.route("/<ref>/months/<month>/report", methods=["GET", "POST"])
def write_report(ref: str, month: str) -> BaseResponse | tuple[str, int]:
    """Write a month's report and hand it in; what is recorded stands beside it."""
    agreement, actor, month = watched(ref), current.actor(), _month(month)
    require(policy.why_not_report(actor, agreement))
    held = queries.list_activities_in(agreement.id, month)
    form = ReportForm(obj=queries.find_report(agreement.id, month) or service.Words(progress=_drafted(held)))
    if form.validate_on_submit():
        with errors_on(form):
            _take(agreement, month, form)
            return redirect(url_for("supervision.month", ref=ref, month=month))
    return page(
        "supervision/report.html",
        form=form,
        agreement=agreement,
        month=month,
        totals=queries.totals_of_month(agreement.id, month),
        activities=held,
        spending=queries.spending_of_month(agreement, month),
        time_share=share_of_time(agreement.starts_on, agreement.ends_on, today()),
        why_not=service.why_not_over(agreement, month),
        **LABELS,
    )


def _take(agreement: Agreement, month: str, form: ReportForm) -> None:
    if request.form.get("then") == "save":
        service.save_report(agreement=agreement, by=current.actor(), month=month, words=form.words())
        flash(_("草稿已保存。"), "success")
        return
    service.submit_report(agreement=agreement, by=current.actor(), month=month, words=form.words())
    flash(_("月报已报送，由社区居委会和社区建设部审阅。"), "success")


def _drafted(activities: list[Activity]) -> str:
    """Return the first draft of what was done: a line for each recorded activity, from its own record."""
    return "\n".join(
        _(
            "%(day)s %(title)s：%(persons)s 人，%(attendances)s 人次。",
            day=one.held_on.isoformat(),
            title=one.title,
            persons=one.person_count,
            attendances=one.attendance_count,
        )
        for one in activities
        if one.status is ActivityStatus.RECORDED
    )


@blueprint.post("/<ref>/months/<month>/draft")
def save_report(ref: str, month: str) -> BaseResponse:
    """Keep the draft as it is being typed."""
    agreement, form, month = watched(ref), ReportForm(), _month(month)
    require(policy.why_not_report(current.actor(), agreement))
    if not form.validate_on_submit():
        raise RuleBroken(_("有的内容太长，没有保存。"))
    report = service.save_report(agreement=agreement, by=current.actor(), month=month, words=form.words())
    return jsonify(saved_at=f"{local(report.saved_at):%H:%M}")


@blueprint.post("/<ref>/months/<month>/remark")
def remark(ref: str, month: str) -> BaseResponse | tuple[str, int]:
    """Remark on a month's report for the community or the programme."""
    agreement, form, month = watched(ref), RemarkForm(), _month(month)
    report = queries.find_report(agreement.id, month)
    if report is None:
        raise NotFound(_("这个月的月报还没有报送。"))
    require(policy.why_not_remark(current.actor(), report))
    if form.validate_on_submit():
        with errors_on(form):
            service.remark_on_report(report=report, by=current.actor(), text=form.text.data or "")
            flash(_("审阅意见已保存。"), "success")
            return redirect(url_for("supervision.month", ref=ref, month=month))
    return _show(agreement, month, form)
