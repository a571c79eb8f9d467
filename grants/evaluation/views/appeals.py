"""Appeals against results: filed by the organisation, examined by people who had no hand in them."""

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from grants.evaluation import policy, queries, service
from grants.evaluation.forms import AppealDecisionForm, AppealForm
from grants.evaluation.models import Appeal, Evaluation, Midterm
from grants.evaluation.rules import APPEAL_STATUS_LABELS
from grants.evaluation.views.blueprint import blueprint
from grants.evaluation.views.typed import typed_points
from grants.foundation.errors import NotFound, require
from grants.foundation.i18n import _
from grants.foundation.web.forms import errors_on, page
from grants.people import current


@blueprint.route("/evaluations/<ref>/appeal", methods=["GET", "POST"])
def appeal_final(ref: str) -> Response | tuple[str, int]:
    """Object to the result of the final evaluation."""
    return _file(queries.get_evaluation(ref))


@blueprint.route("/evaluations/midterms/<ref>/appeal", methods=["GET", "POST"])
def appeal_midterm(ref: str) -> Response | tuple[str, int]:
    """Object to the result of the mid-term evaluation."""
    return _file(queries.get_midterm(ref))


def _file(subject: Evaluation | Midterm) -> Response | tuple[str, int]:
    require(policy.why_not_appeal(current.actor(), subject))
    form = AppealForm()
    if form.validate_on_submit():
        with errors_on(form):
            filed = service.file_appeal(member=current.actor(), subject=subject, grounds=form.grounds.data or "")
            flash(_("申诉已提交，将由原评分人、审定人以外的人员复核。"), "success")
            return redirect(url_for("evaluation.appeal", ref=filed.ref))
    return page("evaluation/appeal_new.html", form=form, subject=subject, back=_address(subject))


def _address(subject: Evaluation | Midterm) -> str:
    """Return the page of what is appealed against."""
    endpoint = "evaluation.show" if isinstance(subject, Evaluation) else "evaluation.midterm"
    return url_for(endpoint, ref=subject.ref)


@blueprint.get("/evaluations/appeals/<ref>")
def appeal(ref: str) -> tuple[str, int]:
    """Show an appeal with what was decided, or the form of the re-examination."""
    found = queries.get_appeal(ref)
    require(policy.why_not_read_appeal(current.actor(), found), NotFound)
    return _page(found, AppealDecisionForm())


def _page(found: Appeal, form: AppealDecisionForm) -> tuple[str, int]:
    why_not = policy.why_not_examine(current.actor(), found)
    return page(
        "evaluation/appeal.html",
        appeal=found,
        subject=found.subject,
        project=found.agreement.project,
        back=_address(found.subject),
        lines=service.judged_lines(found.subject) if why_not is None else [],
        form=form,
        why_not=why_not,
        has_veto=isinstance(found.subject, Evaluation) and found.subject.veto_item is not None,
        is_late=isinstance(found.subject, Midterm) and found.subject.is_late,
        status_labels=APPEAL_STATUS_LABELS,
    )


@blueprint.post("/evaluations/appeals/<ref>/decide")
def decide_appeal(ref: str) -> Response | tuple[str, int]:
    """Answer an appeal."""
    found, form = queries.get_appeal(ref), AppealDecisionForm()
    require(policy.why_not_examine(current.actor(), found))
    if form.validate_on_submit():
        with errors_on(form):
            service.decide_appeal(officer=current.actor(), appeal=found, finding=_finding(found, form))
            flash(_("复核结果已登记，并通知承接组织。"), "success")
            return redirect(url_for("evaluation.appeal", ref=ref))
    return _page(found, form)


def _finding(found: Appeal, form: AppealDecisionForm) -> service.Finding:
    return service.Finding(
        is_upheld=form.is_upheld.data == "yes",
        answer=form.answer.data or "",
        points=typed_points([line.criterion for line in service.judged_lines(found.subject)]),
        lifts_veto="lifts_veto" in request.form,
    )
