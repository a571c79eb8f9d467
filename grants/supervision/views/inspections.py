"""Inspections: the plan of the street, planning one, the calls to people served, the findings."""

from collections.abc import Iterator
from datetime import date
from typing import Any, cast

from flask import Response, flash, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from grants.agreements.models import Agreement
from grants.agreements.policy import acts_for
from grants.foundation.clock import today
from grants.foundation.errors import NotFound, require
from grants.foundation.files import PAPERS, accept, send
from grants.foundation.i18n import _, _l
from grants.foundation.identifiers import mask_phone
from grants.foundation.web.downloads import table_response
from grants.foundation.web.forms import errors_on, page
from grants.foundation.web.listing import Window
from grants.people import current
from grants.people.models import User
from grants.people.queries import list_users_with_role
from grants.people.rules import Role
from grants.people.service.residents import open_identity
from grants.supervision import policy, queries, service
from grants.supervision.forms import CallForm, InspectionPlanForm, ReasonForm, SampleForm, form_for
from grants.supervision.models import Inspection, SpotCall
from grants.supervision.rules import (
    INSPECTION_FLOW,
    INSPECTION_METHOD_LABELS,
    INSPECTION_STATUS_LABELS,
    ITEM_GRADE_LABELS,
    CallOutcome,
    InspectionAction,
    InspectionMethod,
    InspectionStatus,
    quarter_of,
)
from grants.supervision.views.blueprint import blueprint, keep, watched
from grants.supervision.views.labels import LABELS

EXPORT_SIZE = 10_000
HEADER = (
    _l("编号"),
    _l("项目"),
    _l("承接组织"),
    _l("季度"),
    _l("方式"),
    _l("检查人"),
    _l("完成日期"),
    _l("状态"),
    _l("结论"),
)


@blueprint.get("/inspections/")
def inspections() -> Response | tuple[str, int]:
    """List the inspections of all agreements this actor may read, and what is not planned this quarter."""
    status, actor = request.args.get("status", ""), current.actor()
    chosen = InspectionStatus(status) if status in set(InspectionStatus) else None
    is_export = "format" in request.args
    found = queries.list_inspections_for(
        Window(size=EXPORT_SIZE) if is_export else Window.of(request.args), actor, chosen
    )
    if is_export:
        return table_response(request.args["format"], _("检查计划"), HEADER, _cells(found.items))
    return page(
        "supervision/inspections.html",
        found=found,
        chosen=chosen,
        quarter=quarter_of(today()),
        unplanned=queries.list_uninspected() if actor.has_role(Role.PROGRAMME) else [],
        **LABELS,
    )


def _cells(found: list[Inspection]) -> Iterator[tuple[Any, ...]]:
    for one in found:
        yield (
            one.ref,
            one.agreement.project.title,
            one.agreement.organisation.name,
            one.quarter,
            str(INSPECTION_METHOD_LABELS[one.method]),
            one.assigned_to.display_name,
            one.due_on,
            str(INSPECTION_STATUS_LABELS[one.status]),
            str(ITEM_GRADE_LABELS[one.grade]) if one.grade is not None else "",
        )


def _inspectors(agreement: Agreement) -> dict[str, User]:
    """Return who can be sent to inspect a project, by login."""
    roles = (Role.PROGRAMME, Role.COMMUNITY, Role.COMMUNITY_SUPERVISOR)
    found = [one for role in roles for one in list_users_with_role(role)]
    if not current.actor().has_role(Role.PROGRAMME):
        found = [current.actor()]
    return {one.login: one for one in found if policy.why_not_assign(one, agreement) is None}


@blueprint.route("/<ref>/inspections/new", methods=["GET", "POST"])
def plan_inspection(ref: str) -> BaseResponse | tuple[str, int]:
    """Plan an inspection of a project."""
    agreement, actor = watched(ref), current.actor()
    require(policy.why_not_plan_inspection(actor, agreement))
    people, form = _inspectors(agreement), InspectionPlanForm()
    form.assigned_to.choices = [(login, one.display_name) for login, one in people.items()]
    if form.validate_on_submit():
        with errors_on(form):
            made = service.plan_inspection(
                agreement=agreement,
                officer=actor,
                method=InspectionMethod(form.method.data),
                due_on=cast(date, form.due_on.data),
                assigned_to=people[form.assigned_to.data],
                focus=form.focus.data or "",
            )
            flash(_("检查已安排，已通知检查人。"), "success")
            return redirect(url_for("supervision.inspection", ref=made.ref))
    return page("supervision/plan_inspection.html", form=form, agreement=agreement)


def _readable(ref: str) -> Inspection:
    found = queries.get_inspection(ref)
    require(policy.why_not_read_inspection(current.actor(), found))
    return found


def _recordable(ref: str) -> Inspection:
    found = queries.get_inspection(ref)
    require(policy.why_not_record_inspection(current.actor(), found))
    return found


@blueprint.get("/inspections/<ref>")
def inspection(ref: str) -> tuple[str, int]:
    """Show one inspection: plan, calls, findings."""
    return _show(_readable(ref), SampleForm(count=10))


def _show(found: Inspection, form: SampleForm) -> tuple[str, int]:
    actor = current.actor()
    is_open = INSPECTION_FLOW.allows(found.status, InspectionAction.RECORD)
    may_record = is_open and policy.why_not_record_inspection(actor, found) is None
    sees_calls = policy.why_not_read_calls(actor, found) is None
    return page(
        "supervision/inspection.html",
        inspection=found,
        form=form,
        calls=[(call, _phone(call)) for call in found.calls] if sees_calls else [],
        may_record=may_record,
        may_draw=may_record and found.method is InspectionMethod.PHONE and not found.calls,
        may_cancel=is_open and policy.why_not_cancel_inspection(actor, found) is None,
        is_inspected=acts_for(actor, found.agreement),
        **LABELS,
    )


def _phone(call: SpotCall) -> str:
    """Return the number masked; the whole one is shown by the roll, with a reason and a second factor."""
    return mask_phone(open_identity(call.resident).phone)


@blueprint.route("/inspections/<ref>/record", methods=["GET", "POST"])
def record_inspection(ref: str) -> BaseResponse | tuple[str, int]:
    """Write down what an inspection found."""
    found = _recordable(ref)
    form = form_for(found.method)
    if form.validate_on_submit():
        with errors_on(form):
            service.record_inspection(
                inspection=found,
                by=current.actor(),
                done_on=cast(date, form.done_on.data),
                findings=form.findings(),
                summary=form.summary.data or "",
                file=keep(form.file.data, "inspection"),
            )
            flash(_("检查结果已保存，承接组织可以看到。"), "success")
            return redirect(url_for("supervision.inspection", ref=ref))
    return page("supervision/record_inspection.html", form=form, inspection=found, accept=accept(PAPERS), **LABELS)


@blueprint.route("/inspections/<ref>/cancel", methods=["GET", "POST"])
def cancel_inspection(ref: str) -> BaseResponse | tuple[str, int]:
    """Call a planned inspection off."""
    found, actor, form = _readable(ref), current.actor(), ReasonForm()
    require(policy.why_not_cancel_inspection(actor, found))
    if form.validate_on_submit():
        with errors_on(form):
            service.cancel_inspection(inspection=found, officer=actor, reason=form.reason.data or "")
            flash(_("检查已取消。"), "success")
            return redirect(url_for("supervision.inspection", ref=ref))
    return page("supervision/cancel_inspection.html", form=form, inspection=found)


@blueprint.post("/inspections/<ref>/sample")
def draw_sample(ref: str) -> BaseResponse | tuple[str, int]:
    """Draw whom to call."""
    found, form = _recordable(ref), SampleForm()
    if form.validate_on_submit():
        with errors_on(form):
            drawn = service.draw_sample(
                inspection=found, by=current.actor(), count=form.count.data or 0, seed=form.seed.data or ""
            )
            flash(_("已抽取 %(count)s 位居民。", count=len(drawn)), "success")
            return redirect(url_for("supervision.inspection", ref=ref))
    return _show(found, form)


@blueprint.route("/inspections/<ref>/calls/<int:number>", methods=["GET", "POST"])
def record_call(ref: str, number: int) -> BaseResponse | tuple[str, int]:
    """Write down one call."""
    found = _recordable(ref)
    call, form = queries.get_call(found.id, number), CallForm()
    if form.validate_on_submit():
        with errors_on(form):
            service.record_call(
                call=call,
                by=current.actor(),
                outcome=CallOutcome(form.outcome.data),
                has_attended={"yes": True, "no": False}.get(form.has_attended.data or ""),
                score=form.score.data,
                remark=form.remark.data or "",
            )
            flash(_("通话结果已保存。"), "success")
            return redirect(url_for("supervision.inspection", ref=ref))
    return page("supervision/call.html", form=form, call=call, phone=_phone(call), inspection=found)


@blueprint.get("/inspections/<ref>/photo")
def inspection_file(ref: str) -> Response:
    """Hand out what was attached to the findings."""
    found = _readable(ref)
    if found.file is None:
        raise NotFound(_("没有找到您要的内容，它可能已被移走。"))
    return send(found.file, inline=True)
