"""Re-examinations of an award: opened from the award page, found, and signed by a second person."""

import uuid

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from grants.foundation.errors import require
from grants.foundation.i18n import _
from grants.foundation.web.forms import errors_on, page
from grants.people import current
from grants.rounds.queries import get_objection
from grants.selection import queries, service
from grants.selection.forms.judging import FindingForm, ScopeForm
from grants.selection.policy import reexamining as policy
from grants.selection.queries.reexamining import get_reexamination
from grants.selection.rules import Outcome
from grants.selection.views.blueprint import blueprint, not_found
from grants.selection.views.labels import LABELS


@blueprint.route("/calls/<ref>/award/reexamine/<objection_ref>", methods=["GET", "POST"])
def open_reexamination(ref: str, objection_ref: str) -> Response | tuple[str, int]:
    """Open the re-examination of an objection."""
    call, objection = queries.get_call(ref), get_objection(objection_ref)
    if objection.notice.subject_ref != ref:
        raise not_found()
    require(policy.why_not_open(current.actor(), call, objection))
    form = ScopeForm()
    if form.validate_on_submit():
        with errors_on(form):
            service.open_reexamination(
                call=call, objection=objection, officer=current.actor(), scope=form.scope.data or ""
            )
            flash(_("复核已启动；办结前不能确认入选。"), "success")
            return redirect(url_for("selection.award", ref=ref))
    return page("selection/reexamine.html", form=form, call=call, objection=objection)


@blueprint.route("/calls/<ref>/award/reexaminations/<uuid:reexamination_id>", methods=["GET", "POST"])
def find_outcome(ref: str, reexamination_id: uuid.UUID) -> Response | tuple[str, int]:
    """Write down what the re-examination found."""
    call = queries.get_call(ref)
    found = get_reexamination(call, reexamination_id)
    require(policy.why_not_find(current.actor(), found))
    form = FindingForm(obj=found)
    if form.validate_on_submit():
        with errors_on(form):
            service.find_outcome(
                reexamination=found,
                officer=current.actor(),
                outcome=Outcome(form.outcome.data),
                finding=form.finding.data or "",
            )
            flash(_("复核意见已提出，等待另一角色的第二人签署。"), "success")
            return redirect(url_for("selection.award", ref=ref))
    return page("selection/reexamination.html", form=form, call=call, one=found, **LABELS)


@blueprint.post("/calls/<ref>/award/reexaminations/<uuid:reexamination_id>/sign")
def sign_outcome(ref: str, reexamination_id: uuid.UUID) -> Response:
    """Sign the outcome as the second person."""
    found = get_reexamination(queries.get_call(ref), reexamination_id)
    service.sign_outcome(reexamination=found, officer=current.actor())
    flash(_("复核已办结。"), "success")
    return redirect(url_for("selection.award", ref=ref))
