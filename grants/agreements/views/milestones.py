"""Milestones: claimed by the organisation, verified or sent back by the community."""

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from grants.agreements import policy, queries, service
from grants.agreements.forms import ClaimForm, VerifyForm
from grants.agreements.models import Milestone
from grants.agreements.views.blueprint import blueprint, readable
from grants.foundation.errors import require
from grants.foundation.i18n import _
from grants.foundation.web.forms import errors_on, page
from grants.people import current


def _milestone(ref: str, position: int) -> Milestone:
    readable(ref)
    return queries.get_milestone(ref, position)


@blueprint.route("/<ref>/milestones/<int:position>/claim", methods=["GET", "POST"])
def claim(ref: str, position: int) -> Response | tuple[str, int]:
    """Say for the organisation that a milestone is reached."""
    milestone, actor = _milestone(ref, position), current.actor()
    require(policy.why_not_claim(actor, milestone))
    form = ClaimForm(claim=milestone.claim)
    if form.validate_on_submit():
        with errors_on(form):
            service.claim_milestone(milestone=milestone, by=actor, claim=form.claim.data or "")
            flash(_("已申报，等待社区居委会核实。"), "success")
            return redirect(url_for("agreements.show", ref=ref))
    return page("agreements/claim.html", form=form, milestone=milestone, agreement=milestone.agreement)


@blueprint.route("/<ref>/milestones/<int:position>/verify", methods=["GET", "POST"])
def verify(ref: str, position: int) -> Response | tuple[str, int]:
    """Verify a claimed milestone for the community, or send it back."""
    milestone, actor = _milestone(ref, position), current.actor()
    require(policy.why_not_verify(actor, milestone))
    form = VerifyForm()
    if form.validate_on_submit():
        with errors_on(form):
            _decide(milestone, form)
            return redirect(url_for("agreements.show", ref=ref))
    return page("agreements/verify.html", form=form, milestone=milestone, agreement=milestone.agreement)


def _decide(milestone: Milestone, form: VerifyForm) -> None:
    note = form.note.data or ""
    if form.decision.data == "verify":
        service.verify_by_community(milestone=milestone, by=current.actor(), note=note)
        flash(_("已核实，接下来由居民监督员核实。"), "success")
    else:
        service.send_back(milestone=milestone, by=current.actor(), reason=note)
        flash(_("已退回承接组织补充。"), "success")
