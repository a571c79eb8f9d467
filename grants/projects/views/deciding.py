"""Work pages: everything about a project for the offices, the leader's decision, the notice, the funding."""

from typing import Any

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from grants.foundation.errors import require
from grants.foundation.i18n import _
from grants.foundation.web.forms import errors_on, page
from grants.people import current
from grants.projects import policy, queries, service
from grants.projects.forms import DecideForm, TokenForm
from grants.projects.models import Project
from grants.projects.rules import ProjectStatus, shares
from grants.projects.views.blueprint import blueprint
from grants.projects.views.drafting import to_work
from grants.projects.views.labels import LABELS
from grants.rounds import queries as rounds
from grants.voting import queries as voting


@blueprint.get("/<ref>/work")
def work(ref: str) -> tuple[str, int]:
    """Show the offices where a project stands, what can be done now, and why not."""
    project, actor = queries.get_project(ref), current.actor()
    require(policy.why_not_see(actor, project))
    return page("projects/work.html", steps=policy.list_work(actor, project), **_overview(project))


def _overview(project: Project) -> dict[str, Any]:
    caps = project.round.settings["budget_caps_percent"]
    is_draft = project.status is ProjectStatus.DRAFT
    return {
        "project": project,
        "votes": {need.ref: voting.result_for(need.ref) for need in project.needs},
        "shares": shares(((line.code, line.amount_fen) for line in project.costs), caps),
        "missing": policy.list_missing(project) if is_draft else [],
        "over_caps": policy.list_over_caps(project) if is_draft else [],
        "notices": rounds.list_notices_about(project.ref),
        "uncommitted_fen": queries.uncommitted_fen(project.round, project.category),
        "labels": LABELS,
    }


@blueprint.route("/<ref>/decide", methods=["GET", "POST"])
def decide(ref: str) -> Response | tuple[str, int]:
    """Let the leader approve or turn down, with everything in view; asks for the code again after a while."""
    project, actor = queries.get_project(ref), current.actor()
    require(policy.why_not_see(actor, project))
    form = DecideForm()
    if not current.has_stepped_up():
        if request.method == "GET":
            return redirect(url_for("people.step_up", next=request.path))
        form.form_errors = [_("身份确认已超过十五分钟。请复制您的意见，重新打开本页确认身份后再提交。")]
    elif form.validate_on_submit():
        with errors_on(form):
            _decide(project, form)
            return redirect(url_for("projects.work", ref=ref))
    return page(
        "projects/decide.html",
        form=form,
        why_not_approve=policy.why_not_approve(actor, project),
        why_not_reject=policy.why_not_reject(actor, project),
        **_overview(project),
    )


def _decide(project: Project, form: DecideForm) -> None:
    if form.decision.data == "approve":
        service.approve_project(project=project, leader=current.actor(), note=form.note.data or "")
        flash(_("已同意立项，等待发布公示。"), "success")
    else:
        service.reject_project(project=project, leader=current.actor(), reason=form.note.data or "")
        flash(_("已作出不予立项的决定，理由已通知起草人。"), "success")


@blueprint.post("/<ref>/announce")
def announce(ref: str) -> Response:
    """Publish the decision for objections."""
    project, form = queries.get_project(ref), TokenForm()
    with errors_on(form):
        notice = service.announce_project(project=project, officer=current.actor())
        flash(_("公示 %(ref)s 已发布，公示期至 %(day)s。", ref=notice.ref, day=notice.ends_on.isoformat()), "success")
    return to_work(ref, form)


@blueprint.post("/<ref>/fund")
def fund(ref: str) -> Response:
    """Set the project up after its notice."""
    project, form = queries.get_project(ref), TokenForm()
    with errors_on(form):
        service.fund_project(project=project, officer=current.actor())
        flash(_("项目已正式立项，所回应的需求已盖“集中定事”章。"), "success")
    return to_work(ref, form)
