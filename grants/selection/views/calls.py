"""Calls: the public list and page, publishing, closing, extending, giving up."""

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from grants.foundation.errors import require
from grants.foundation.i18n import _
from grants.foundation.web.downloads import table_response
from grants.foundation.web.forms import errors_on, page
from grants.foundation.web.listing import Window
from grants.people import current
from grants.people.queries import list_organisations_of
from grants.projects.queries import get_project
from grants.selection import queries, service
from grants.selection.forms.calls import CallForm, ExtensionForm, closing_moment
from grants.selection.forms.paper import ConfirmForm, ReasonForm
from grants.selection.models import Call
from grants.selection.policy import awards as award_policy
from grants.selection.policy import calls as policy
from grants.selection.policy import papers as paper_policy
from grants.selection.queries import calls as call_queries
from grants.selection.queries import papers as paper_queries
from grants.selection.queries import results
from grants.selection.queries.calls import deadline_clock
from grants.selection.rules import CallStatus
from grants.selection.views.blueprint import blueprint
from grants.selection.views.labels import LABELS
from grants.selection.views.questions import questions_of

VIEWS: dict[str, tuple[CallStatus, ...]] = {
    "open": (CallStatus.OPEN,),
    "running": (CallStatus.CLOSED, CallStatus.REVIEWING, CallStatus.RANKED, CallStatus.ANNOUNCED),
    "over": (CallStatus.AWARDED, CallStatus.FAILED),
}


@blueprint.get("/calls/")
def calls() -> tuple[str, int]:
    """List the calls for everybody; officers also see which projects wait for one."""
    view = request.args.get("view", "open")
    at = deadline_clock()
    listing = queries.list_calls(Window.of(request.args), at=at, statuses=VIEWS.get(view, ()))
    actor = current.actor_or_none()
    waiting = []
    if actor is not None and policy.why_not_officer(actor) is None:
        waiting = queries.list_callable_projects()
    return page("selection/calls.html", listing=listing, view=view, waiting=waiting, at=at, **LABELS)


@blueprint.get("/calls/<ref>")
def call(ref: str) -> tuple[str, int]:
    """Show a call to everybody: what is asked, until when, how it is scored, and the result once announced."""
    found = queries.get_call(ref)
    actor = current.actor_or_none()
    at = deadline_clock()
    mine, why_not_apply = None, None
    if actor is not None and actor.organisation_ids:
        mine = paper_queries.find_application_of(found, actor.organisation_ids)
        organisation = next(iter(list_organisations_of(actor)), None)
        why_not_apply = paper_policy.why_not_apply(actor, found, organisation, at)
    published = found.status in award_policy.PUBLISHED
    return page(
        "selection/call.html",
        call=found,
        at=at,
        counts=queries.summarise_call(found),
        formula=queries.formula(found),
        criteria=results.criteria_of(found),
        rows=queries.ranking(found) if published else [],
        chosen=queries.application_of_project(found.project_id) if published else None,
        mine=mine,
        why_not_apply=why_not_apply,
        is_accepting=policy.is_accepting(found, at),
        is_officer=actor is not None and policy.why_not_officer(actor) is None,
        extension=call_queries.find_open_extension(found),
        **questions_of(found, actor),
        **LABELS,
    )


@blueprint.route("/calls/new", methods=["GET", "POST"])
def new_call() -> Response | tuple[str, int]:
    """Publish the call of a funded project."""
    project = get_project(request.args.get("project", ""))
    require(policy.why_not_publish(current.actor(), project))
    form = CallForm() if request.method == "POST" else CallForm.usual()
    if form.validate_on_submit():
        with errors_on(form):
            made = service.publish_call(
                project=project,
                officer=current.actor(),
                closes_at=closing_moment(form.closes_on.data),
                requirements=form.requirements.data or "",
            )
            flash(_("征集公告已发布，编号 %(ref)s。", ref=made.ref), "success")
            return redirect(url_for("selection.call", ref=made.ref))
    return page("selection/new_call.html", form=form, project=project, **LABELS)


@blueprint.post("/calls/<ref>/close")
def close_call(ref: str) -> Response:
    """End the time for applications after its deadline."""
    service.close_call(call=queries.get_call(ref), officer=current.actor())
    flash(_("申报已截止，请开始资格审查。"), "success")
    return redirect(url_for("selection.applications", ref=ref))


@blueprint.route("/calls/<ref>/fail", methods=["GET", "POST"])
def fail_call(ref: str) -> Response | tuple[str, int]:
    """Declare that the call found nobody."""
    found = queries.get_call(ref)
    require(policy.why_not_fail(current.actor(), found))
    form = ReasonForm()
    if form.validate_on_submit():
        with errors_on(form):
            service.fail_call(call=found, officer=current.actor(), reason=form.reason.data or "")
            flash(_("已宣布流标，项目可以重新征集。"), "success")
            return redirect(url_for("selection.call", ref=ref))
    return page("selection/fail_call.html", form=form, call=found)


@blueprint.route("/calls/<ref>/extend", methods=["GET", "POST"])
def extend_call(ref: str) -> Response | tuple[str, int]:
    """Propose a later deadline."""
    found = queries.get_call(ref)
    require(policy.why_not_extend(current.actor(), found, deadline_clock()))
    form = ExtensionForm()
    if form.validate_on_submit():
        with errors_on(form):
            service.propose_extension(
                call=found,
                officer=current.actor(),
                closes_at=closing_moment(form.closes_on.data),
                reason=form.reason.data or "",
            )
            flash(_("延期申请已提出，等待另一人批准。"), "success")
            return redirect(url_for("selection.call", ref=ref))
    return page("selection/extend_call.html", form=form, call=found)


@blueprint.post("/calls/<ref>/extend/<any(approve, refuse):answer>")
def decide_extension(ref: str, answer: str) -> Response:
    """Sign or refuse a later deadline as the second person, with a fresh second factor."""
    found = queries.get_call(ref)
    if not current.has_stepped_up():
        return redirect(url_for("people.step_up", next=url_for("selection.call", ref=ref)))
    extension = call_queries.find_open_extension(found)
    if extension is not None:
        service.decide_extension(extension=extension, officer=current.actor(), is_approved=answer == "approve")
        flash(_("延期申请已处理。"), "success")
    return redirect(url_for("selection.call", ref=ref))


@blueprint.route("/calls/<ref>/apply", methods=["GET", "POST"])
def apply(ref: str) -> Response | tuple[str, int]:
    """Begin an application for one of the actor's organisations."""
    found, actor = queries.get_call(ref), current.actor()
    organisations = list_organisations_of(actor)
    if (mine := paper_queries.find_application_of(found, actor.organisation_ids)) is not None:
        return redirect(url_for("selection.application", ref=mine.ref))
    organisation = next((one for one in organisations if one.ref == request.form.get("organisation")), None)
    organisation = organisation or (organisations[0] if organisations else None)
    require(paper_policy.why_not_apply(actor, found, organisation, deadline_clock()))
    form = ConfirmForm()
    if form.validate_on_submit():
        with errors_on(form):
            made = service.start_application(call=found, organisation=organisation, actor=actor)
            flash(_("申报书已建立，已带入组织档案和项目信息。"), "success")
            return redirect(url_for("selection.edit", ref=made.ref, group="basics"))
    return page(
        "selection/apply.html", form=form, call=found, organisations=organisations, chosen=organisation, **LABELS
    )


@blueprint.get("/calls/<ref>/applications")
def applications(ref: str) -> tuple[str, int]:
    """Show the officers what was handed in, and who still has to be checked."""
    found, actor = queries.get_call(ref), current.actor()
    why_sealed = policy.why_not_open(found, deadline_clock())
    return page(
        "selection/applications.html",
        call=found,
        rows=[] if why_sealed else queries.list_applications(found),
        why_sealed=why_sealed,
        counts=queries.summarise_call(found),
        why_not_close=policy.why_not_close(actor, found, deadline_clock()),
        is_officer=policy.why_not_officer(actor) is None,
        **LABELS,
    )


@blueprint.get("/calls/<ref>/applications.<any(csv, xlsx):form>")
def export_applications(ref: str, form: str) -> Response:
    """Export the list of applications."""
    found = queries.get_call(ref)
    require(policy.why_not_open(found, deadline_clock()))
    header = [
        _("申报编号"),
        _("申报单位"),
        _("项目名称"),
        _("财政资金（元）"),
        _("社会资金（元）"),
        _("提交时间"),
        _("状态"),
    ]
    return table_response(form, f"{ref}-applications", header, _export_rows(found))


def _export_rows(found: Call) -> list[list[object]]:
    words = LABELS["paper_words"]
    return [
        [
            one.ref,
            one.organisation.name,
            one.title,
            one.fiscal_fen / 100,
            one.social_fen / 100,
            one.submitted_at,
            str(words[one.status]),
        ]
        for one in queries.list_applications(found)
    ]
