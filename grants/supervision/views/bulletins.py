"""The monthly progress bulletin: the list, preparing one, reading it, issuing it."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from flask import Response, flash, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from grants.foundation.clock import today
from grants.foundation.errors import RuleBroken, require
from grants.foundation.i18n import _, _l
from grants.foundation.web.downloads import table_response
from grants.foundation.web.forms import errors_on, page
from grants.foundation.web.listing import Window
from grants.people import current
from grants.rounds.queries import get_round, list_rounds
from grants.rounds.rules import CATEGORY_LABELS
from grants.supervision import policy, queries, service
from grants.supervision.forms import BulletinForm
from grants.supervision.models import ProgressBulletin
from grants.supervision.rules import MONTH_REPORT_LABELS, first_of, month_of, ranked
from grants.supervision.views.blueprint import blueprint

HEADER = (
    _l("项目编号"),
    _l("项目"),
    _l("承接组织"),
    _l("社区"),
    _l("类别"),
    _l("计划活动"),
    _l("实际活动"),
    _l("人次"),
    _l("未销号整改"),
    _l("待核提示"),
    _l("本月核销提示"),
    _l("月报"),
    _l("时间进度（百分比）"),
)


@blueprint.get("/bulletins/")
def bulletins() -> tuple[str, int]:
    """List the bulletins: issued ones for everybody, those in preparation for the offices."""
    actor = current.actor_or_none()
    return page(
        "supervision/bulletins.html",
        found=queries.list_bulletins(Window.of(request.args), with_drafts=policy.why_not_list_drafts(actor) is None),
        may_prepare=policy.why_not_prepare_bulletin(actor) is None,
    )


@blueprint.route("/bulletins/new", methods=["GET", "POST"])
def prepare_bulletin() -> BaseResponse | tuple[str, int]:
    """Take the figures of a month of a round, the first time or anew."""
    actor = current.actor()
    require(policy.why_not_prepare_bulletin(actor))
    rounds = sorted(list_rounds(), key=lambda one: one.is_rehearsal)
    form = BulletinForm(round=request.args.get("round"), month=request.args.get("month") or _last_month())
    form.round.choices = [(one.ref, one.name) for one in rounds]
    if form.validate_on_submit():
        with errors_on(form):
            made = service.prepare_bulletin(
                round=get_round(form.round.data), month=_month(form), officer=actor, remark=form.remark.data or ""
            )
            flash(_("进度通报已编制，请分管领导审批后发布。"), "success")
            return redirect(url_for("supervision.bulletin", ref=made.ref))
    return page("supervision/prepare_bulletin.html", form=form)


def _last_month() -> str:
    return month_of(first_of(month_of(today())) - timedelta(days=1))


def _month(form: BulletinForm) -> str:
    try:
        return month_of(first_of(form.month.data or ""))
    except ValueError as error:
        raise RuleBroken(_("请按“2026-03”的样子填写月份。"), "month") from error


def _readable(ref: str) -> ProgressBulletin:
    found = queries.get_bulletin(ref)
    require(policy.why_not_read_bulletin(current.actor_or_none(), found))
    return found


@blueprint.get("/bulletins/<ref>")
def bulletin(ref: str) -> Response | tuple[str, int]:
    """Show a bulletin: communities by rank, categories in their order, every project."""
    found, actor = _readable(ref), current.actor_or_none()
    lines = queries.sorted_lines(found)
    if "format" in request.args:
        return table_response(request.args["format"], _("%(month)s 进度通报", month=found.month), HEADER, _cells(found))
    return page(
        "supervision/bulletin.html",
        bulletin=found,
        lines=lines,
        whole=queries.total_of(_("合计"), lines),
        communities=ranked(queries.by_community(lines)),
        categories=queries.by_category(lines),
        report_labels=MONTH_REPORT_LABELS,
        report_tones={"not_due": "neutral", "on_time": "good", "late": "warn", "missing": "bad"},
        edition=service.edition_of(found),
        may_prepare=policy.why_not_prepare_bulletin(actor, found) is None,
        may_issue=policy.why_not_issue_bulletin(actor, found) is None,
    )


def _cells(found: ProgressBulletin) -> Iterator[tuple[Any, ...]]:
    for line in queries.sorted_lines(found):
        project = line.agreement.project
        yield (
            project.ref,
            project.title,
            line.agreement.organisation.name,
            project.community.name,
            str(CATEGORY_LABELS[project.category]),
            line.planned_count,
            line.held_count,
            line.attendance_count,
            line.open_order_count,
            line.open_flag_count,
            line.cleared_flag_count,
            str(MONTH_REPORT_LABELS[line.report_state]),
            line.time_percent,
        )


@blueprint.post("/bulletins/<ref>/issue")
def issue_bulletin(ref: str) -> BaseResponse:
    """Issue a bulletin as the second person."""
    found = _readable(ref)
    require(policy.why_not_issue_bulletin(current.actor(), found))
    if not current.has_stepped_up():
        return redirect(url_for("people.step_up", next=url_for("supervision.bulletin", ref=ref)))
    service.issue_bulletin(bulletin=found, leader=current.actor(), as_read=request.form.get("as_read", ""))
    flash(_("进度通报已发布，已通知各承接组织。"), "success")
    return redirect(url_for("supervision.bulletin", ref=ref))
