"""Orders to put something right: list, one order, issuing, answering, re-checking."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from flask import Response, flash, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from grants.foundation.clock import today
from grants.foundation.errors import NotFound, require
from grants.foundation.files import PAPERS, accept, send
from grants.foundation.i18n import _, _l
from grants.foundation.web.downloads import table_response
from grants.foundation.web.forms import errors_on, page
from grants.foundation.web.listing import Window
from grants.people import current
from grants.supervision import policy, queries, service
from grants.supervision.forms import AnswerForm, IssueForm, RecheckForm
from grants.supervision.models import Rectification
from grants.supervision.rules import (
    RECTIFICATION_FLOW,
    RECTIFICATION_STATUS_LABELS,
    RectificationAction,
    RectificationStatus,
    setting,
)
from grants.supervision.views.blueprint import blueprint, keep, watched
from grants.supervision.views.labels import LABELS

EXPORT_SIZE = 10_000
HEADER = (_l("编号"), _l("项目"), _l("承接组织"), _l("问题"), _l("要求"), _l("期限"), _l("状态"), _l("下达时间"))


@blueprint.get("/rectifications/")
def rectifications() -> Response | tuple[str, int]:
    """List the orders under all agreements this actor may read."""
    status = request.args.get("status", "")
    chosen = RectificationStatus(status) if status in set(RectificationStatus) else None
    actor = current.actor()
    if "format" in request.args:
        found = queries.list_rectifications_for(Window(size=EXPORT_SIZE), actor, chosen)
        return table_response(request.args["format"], _("整改通知"), HEADER, _cells(found.items))
    found = queries.list_rectifications_for(Window.of(request.args), actor, chosen)
    return page("supervision/rectifications.html", found=found, chosen=chosen, **LABELS)


def _cells(orders: list[Rectification]) -> Iterator[tuple[Any, ...]]:
    for order in orders:
        yield (
            order.ref,
            order.agreement.project.title,
            order.agreement.organisation.name,
            order.problem,
            order.demand,
            order.due_on,
            str(RECTIFICATION_STATUS_LABELS[order.status]),
            order.issued_at,
        )


def _watched_order(ref: str) -> Rectification:
    order = queries.get_rectification(ref)
    watched(order.agreement.ref)
    return order


@blueprint.get("/rectifications/<ref>")
def rectification(ref: str) -> tuple[str, int]:
    """Show one order with its answer and the finding of the re-check."""
    order, actor = _watched_order(ref), current.actor()
    answerable = RECTIFICATION_FLOW.allows(order.status, RectificationAction.ANSWER)
    checkable = RECTIFICATION_FLOW.allows(order.status, RectificationAction.ACCEPT)
    return page(
        "supervision/rectification.html",
        order=order,
        may_answer=answerable and policy.why_not_answer_order(actor, order) is None,
        may_remind=policy.why_not_remind(actor, order) is None,
        may_escalate=policy.why_not_escalate(actor, order) is None,
        may_instruct=policy.why_not_instruct(actor, order) is None,
        may_recheck=checkable and policy.why_not_recheck(actor, order) is None,
        **LABELS,
    )


@blueprint.route("/<ref>/rectifications/new", methods=["GET", "POST"])
def issue(ref: str) -> BaseResponse | tuple[str, int]:
    """Order the organisation to put something right."""
    agreement, actor = watched(ref), current.actor()
    require(policy.why_not_rectify(actor, agreement))
    settings = agreement.project.round.settings
    form = IssueForm(
        problem=request.args.get("problem", ""),
        due_on=today() + timedelta(days=int(setting(settings, "rectification_days"))),
    )
    if form.validate_on_submit():
        with errors_on(form):
            order = service.issue_rectification(
                agreement=agreement,
                by=actor,
                problem=form.problem.data or "",
                demand=form.demand.data or "",
                due_on=form.due_on.data,
            )
            flash(_("整改通知 %(ref)s 已下达。未销号前，资金暂停拨付。", ref=order.ref), "success")
            return redirect(url_for("supervision.rectification", ref=order.ref))
    return page("supervision/issue.html", form=form, agreement=agreement)


@blueprint.route("/rectifications/<ref>/answer", methods=["GET", "POST"])
def answer(ref: str) -> BaseResponse | tuple[str, int]:
    """Answer an order for the organisation."""
    order, actor = _watched_order(ref), current.actor()
    require(policy.why_not_answer_order(actor, order))
    form = AnswerForm(answer=order.answer)
    if form.validate_on_submit():
        with errors_on(form):
            file = keep(form.file.data, "rectification")
            service.answer_rectification(rectification=order, by=actor, answer=form.answer.data or "", file=file)
            flash(_("整改答复已提交，等待复查。"), "success")
            return redirect(url_for("supervision.rectification", ref=ref))
    return page("supervision/answer.html", form=form, order=order, accept=accept(PAPERS))


@blueprint.route("/rectifications/<ref>/recheck", methods=["GET", "POST"])
def recheck(ref: str) -> BaseResponse | tuple[str, int]:
    """Re-check what the organisation did."""
    order, actor = _watched_order(ref), current.actor()
    require(policy.why_not_recheck(actor, order))
    form = RecheckForm()
    if form.validate_on_submit():
        with errors_on(form):
            service.recheck_rectification(
                rectification=order,
                by=actor,
                is_done=form.decision.data == "accept",
                note=form.note.data or "",
                due_on=form.due_on.data,
            )
            flash(_("复查结论已保存。"), "success")
            return redirect(url_for("supervision.rectification", ref=ref))
    return page("supervision/recheck.html", form=form, order=order)


@blueprint.get("/rectifications/<ref>/file")
def answer_file(ref: str) -> Response:
    """Hand out what the organisation attached to its answer."""
    order = _watched_order(ref)
    if order.answer_file is None:
        raise NotFound(_("没有找到您要的内容，它可能已被移走。"))
    return send(order.answer_file, inline=True)
