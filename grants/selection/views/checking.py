"""The officers' decisions on one application: eligibility, return for correction, disqualification."""

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from grants.foundation.errors import RuleBroken, require
from grants.foundation.i18n import _
from grants.foundation.web.forms import errors_on, page
from grants.people import current
from grants.selection import queries, service
from grants.selection.forms.calls import EligibilityForm
from grants.selection.forms.paper import ReasonForm, ReturnForm
from grants.selection.models import Application
from grants.selection.policy import calls as call_policy
from grants.selection.policy import papers as policy
from grants.selection.queries import judging
from grants.selection.queries.calls import deadline_clock
from grants.selection.rules import CORRECTABLE
from grants.selection.views.blueprint import blueprint, full
from grants.selection.views.labels import LABELS


@blueprint.get("/calls/<ref>/eligibility")
def screening(ref: str) -> tuple[str, int]:
    """Show how the eligibility check of a call stands and why it was decided so, to those who watch over it."""
    found = queries.get_call(ref)
    require(call_policy.why_not_open(found, deadline_clock()))
    rows = judging.summarise_screening(queries.list_applications(found))
    counts = queries.summarise_call(found)
    return page("selection/screening.html", call=found, rows=rows, counts=counts, **LABELS)


@blueprint.route("/applications/<ref>/eligibility", methods=["GET", "POST"])
def eligibility(ref: str) -> Response | tuple[str, int]:
    """Decide on every condition, with the computation and its reason beside it."""
    application = full(ref)
    require(policy.why_not_check(current.actor(), application))
    findings = queries.compute_eligibility(application)
    form = EligibilityForm()
    if form.validate_on_submit() and (answer := _decide(application, form)) is not None:
        flash(_("资格审查通过，进入评审。") if answer else _("已作出不通过的决定，并通知申报组织。"), "success")
        return redirect(url_for("selection.applications", ref=application.call.ref))
    if not form.is_submitted():
        for finding in findings:
            if finding.is_met is not None:
                form[finding.condition.value].form.is_met.data = "1" if finding.is_met else "0"
    return page("selection/eligibility.html", form=form, application=application, findings=findings, **LABELS)


def _decide(application: Application, form: EligibilityForm) -> bool | None:
    """Decide, or show the refusal at its condition and return None."""
    try:
        return service.decide_eligibility(application=application, officer=current.actor(), decisions=form.decisions())
    except RuleBroken as refusal:
        form.say(refusal.field, refusal.message)
        return None


@blueprint.route("/applications/<ref>/return", methods=["GET", "POST"])
def send_back(ref: str) -> Response | tuple[str, int]:
    """Send the application back for correction, once."""
    application = full(ref)
    require(policy.why_not_return(current.actor(), application))
    form = ReturnForm()
    if form.validate_on_submit():
        with errors_on(form):
            service.return_application(application=application, officer=current.actor(), sections=form.sections())
            flash(_("已退回补正，并通知申报组织。"), "success")
            return redirect(url_for("selection.applications", ref=application.call.ref))
    return page("selection/return.html", form=form, application=application, correctable=CORRECTABLE, **LABELS)


@blueprint.route("/applications/<ref>/disqualify", methods=["GET", "POST"])
def disqualify(ref: str) -> Response | tuple[str, int]:
    """Take eligibility away again."""
    application = full(ref)
    require(policy.why_not_disqualify(current.actor(), application))
    form = ReasonForm()
    if form.validate_on_submit():
        with errors_on(form):
            service.disqualify(application=application, officer=current.actor(), reason=form.reason.data or "")
            flash(_("已取消评审资格，并通知申报组织。"), "success")
            return redirect(url_for("selection.applications", ref=application.call.ref))
    return page("selection/disqualify.html", form=form, application=application, **LABELS)


@blueprint.post("/applications/<ref>/lapse")
def lapse(ref: str) -> Response:
    """End an application whose correction did not come in time."""
    application = full(ref)
    service.lapse_application(application=application, officer=current.actor())
    flash(_("已按逾期未补正处理，并通知申报组织。"), "success")
    return redirect(url_for("selection.applications", ref=application.call.ref))
