"""Suspending an agreement, and letting it go on by two people."""

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from grants.agreements import policy, queries, service
from grants.agreements.forms import ConfirmForm, ResumeForm, SuspendForm
from grants.agreements.views.blueprint import blueprint, readable
from grants.foundation.errors import require
from grants.foundation.i18n import _
from grants.foundation.web.forms import errors_on, page
from grants.people import current


@blueprint.route("/<ref>/suspend", methods=["GET", "POST"])
def suspend(ref: str) -> Response | tuple[str, int]:
    """Stop all payments under an agreement."""
    agreement, actor, form = readable(ref), current.actor(), SuspendForm()
    require(policy.why_not_suspend(actor, agreement))
    if form.validate_on_submit():
        with errors_on(form):
            service.suspend_agreement(agreement=agreement, by=actor, reason=form.reason.data or "")
            flash(_("协议已暂停，已通知承接组织。"), "success")
            return redirect(url_for("agreements.show", ref=ref))
    return page("agreements/suspend.html", form=form, agreement=queries.get_agreement(ref))


@blueprint.route("/<ref>/resume", methods=["GET", "POST"])
def resume(ref: str) -> Response | tuple[str, int]:
    """Propose that a suspended agreement goes on; then, as another person and a leader, approve it."""
    agreement, actor = readable(ref), current.actor()
    approves = policy.why_not_resume(actor, agreement) is None
    require(None if approves else policy.why_not_propose_resume(actor, agreement))
    if approves and not current.has_stepped_up():
        return redirect(url_for("people.step_up", next=request.path))
    form = ConfirmForm() if approves else ResumeForm()
    if form.validate_on_submit():
        with errors_on(form):
            if isinstance(form, ResumeForm):
                service.propose_resume(agreement=agreement, by=actor, note=form.note.data or "")
            else:
                service.resume_agreement(agreement=agreement, by=actor)
            flash(_("协议已恢复。") if approves else _("已提出恢复，等待分管领导批准。"), "success")
            return redirect(url_for("agreements.show", ref=ref))
    return page("agreements/resume.html", form=form, agreement=queries.get_agreement(ref), approves=approves)
