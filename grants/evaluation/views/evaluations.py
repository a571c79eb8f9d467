"""The list of evaluations and the page of one."""

from typing import Any

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from grants.agreements import queries as agreements
from grants.evaluation import policy, queries, service
from grants.evaluation.forms import NewEvaluationForm, ReasonForm, SelfAssessmentForm, TextsForm
from grants.evaluation.models import Evaluation, Measurement
from grants.evaluation.rules import (
    EVALUATION_STATUS_LABELS,
    FINAL_FORMULAS,
    GRADE_LABELS,
    VETO_LABELS,
    EvaluationStatus,
    Grade,
)
from grants.evaluation.views.blueprint import blueprint
from grants.evaluation.views.typed import number, typed_points
from grants.foundation.errors import NotFound, require
from grants.foundation.i18n import _
from grants.foundation.web.forms import errors_on, page
from grants.foundation.web.listing import Window
from grants.people import current
from grants.people.models import User
from grants.projects.models import Indicator
from grants.projects.rules import MEASURE_LABELS
from grants.rounds import queries as rounds


@blueprint.get("/evaluations/")
def index() -> tuple[str, int]:
    """List evaluations: published ones for everybody, the others for those who work on them."""
    actor = current.actor_or_none()
    filters: dict[str, Any] = {
        "status": _member(EvaluationStatus, request.args.get("status")),
        "grade": _member(Grade, request.args.get("grade")),
    }
    waiting = queries.list_agreements_to_evaluate() if actor and policy.is_evaluator(actor) else []
    return page(
        "evaluation/index.html",
        evaluations=queries.list_evaluations(Window.of(request.args), actor, filters),
        waiting=waiting,
        surveys=queries.list_open_surveys(),
        department_rounds=rounds.list_rounds() if actor and actor.has_role(*queries.OFFICE) else [],
        status_labels=EVALUATION_STATUS_LABELS,
        status_choices=[("", _("全部")), *((key.value, label) for key, label in EVALUATION_STATUS_LABELS.items())],
        grade_choices=[("", _("全部")), *((key.value, label) for key, label in GRADE_LABELS.items())],
    )


def _member(kind: Any, text: str | None) -> Any:
    return kind(text) if text in {item.value for item in kind} else None


@blueprint.route("/evaluations/new", methods=["GET", "POST"])
def new() -> Response | tuple[str, int]:
    """Start the final evaluation of an agreement."""
    form = NewEvaluationForm(agreement=request.args.get("agreement", ""))
    agreement = agreements.get_agreement(form.agreement.data or "")
    if form.validate_on_submit():
        with errors_on(form):
            evaluation = service.draft_evaluation(officer=current.actor(), agreement=agreement)
            flash(_("已开始末期评价，能计算的分数已自动填好。"), "success")
            return redirect(url_for("evaluation.show", ref=evaluation.ref))
    return page(
        "evaluation/new.html",
        form=form,
        agreement=agreement,
        survey=queries.find_survey_of(agreement.id),
        why_not=policy.why_not_draft(current.actor(), agreement),
    )


@blueprint.get("/evaluations/<ref>")
def show(ref: str) -> tuple[str, int]:
    """Show an evaluation with its points and what can be done next."""
    evaluation = queries.get_evaluation(ref)
    actor = current.actor_or_none()
    require(policy.why_not_read(actor, evaluation), NotFound)
    return _page(evaluation, TextsForm(obj=evaluation), SelfAssessmentForm(text=evaluation.self_assessment))


def _page(evaluation: Evaluation, texts: TextsForm, own: SelfAssessmentForm) -> tuple[str, int]:
    actor = current.actor_or_none()
    lines = {line.criterion_id: line for line in evaluation.points}
    project, measurements = evaluation.agreement.project, queries.measurements_of(evaluation)
    return page(
        "evaluation/show.html",
        evaluation=evaluation,
        agreement=evaluation.agreement,
        project=project,
        criteria=service.criteria_of(evaluation),
        lines=lines,
        measurements=measurements,
        measured_rows=[_measured_row(one, measurements.get(one.id)) for one in project.indicators],
        measure_labels=MEASURE_LABELS,
        total=round(sum(line.points for line in evaluation.points), 2),
        survey=queries.find_survey_of(evaluation.agreement_id),
        summary=queries.survey_summary(evaluation.agreement_id),
        sample=queries.sample_of(evaluation.agreement),
        ratios=queries.efficiency_of(evaluation.agreement),
        texts=texts,
        own=own,
        reason=ReasonForm(),
        formulas=FINAL_FORMULAS,
        veto_labels=VETO_LABELS,
        appeal=queries.find_appeal_of(evaluation),
        sees_appeal=_sees_appeal(actor, evaluation),
        can=_can(evaluation) if actor else {},
        why_not_close=policy.why_not_close_project(actor, evaluation) if actor and policy.is_evaluator(actor) else None,
        status_labels=EVALUATION_STATUS_LABELS,
    )


def _measured_row(indicator: Indicator, found: Measurement | None) -> list[str]:
    value = f"{found.value:g} {indicator.unit}" if found else "—"
    return [indicator.name, f"{indicator.target:g} {indicator.unit}", value, found.source if found else ""]


def _can(evaluation: Evaluation) -> dict[str, bool]:
    """Tell which of the acts on this page are open to who looks."""
    actor = current.actor()
    return {
        "score": policy.why_not_score(actor, evaluation) is None,
        "assess": policy.why_not_assess_self(actor, evaluation) is None,
        "decide": policy.why_not_decide(actor, evaluation) is None,
        "close": policy.why_not_close_project(actor, evaluation) is None,
        "see_survey": _sees_survey(actor, evaluation),
        "fiscal": policy.why_not_read_fiscal(actor, evaluation) is None,
        "appeal": policy.why_not_appeal(actor, evaluation) is None,
        "settle": policy.why_not_settle(actor, evaluation) is None,
    }


def _sees_appeal(actor: User | None, evaluation: Evaluation) -> bool:
    found = queries.find_appeal_of(evaluation)
    return actor is not None and found is not None and policy.why_not_read_appeal(actor, found) is None


def _sees_survey(actor: User, evaluation: Evaluation) -> bool:
    survey = queries.find_survey_of(evaluation.agreement_id)
    return survey is not None and policy.why_not_see_survey(actor, survey) is None


@blueprint.post("/evaluations/<ref>/points")
def score(ref: str) -> Response | tuple[str, int]:
    """Keep judged points and texts; with the button «提交审定» also hand the evaluation on."""
    evaluation = queries.get_evaluation(ref)
    form = TextsForm()
    if form.validate_on_submit():
        with errors_on(form):
            service.enter_values(officer=current.actor(), evaluation=evaluation, values=_typed_values(evaluation))
            service.set_points(
                officer=current.actor(),
                evaluation=evaluation,
                points=typed_points(service.criteria_of(evaluation)),
                texts={name: form[name].data or "" for name in form.data if name != "csrf_token"},
            )
            if "submit" in request.form:
                service.submit_evaluation(officer=current.actor(), evaluation=evaluation)
                flash(_("评价已提交分管领导审定。"), "success")
            else:
                flash(_("评分已保存。"), "success")
            return redirect(url_for("evaluation.show", ref=ref))
    return _page(evaluation, form, SelfAssessmentForm(text=evaluation.self_assessment))


def _typed_values(evaluation: Evaluation) -> dict[int, tuple[float, str]]:
    typed = {}
    for indicator in evaluation.agreement.project.indicators:
        text = request.form.get(f"value-{indicator.position}", "").strip()
        if text:
            typed[indicator.position] = (number(text), request.form.get(f"source-{indicator.position}", ""))
    return typed


@blueprint.post("/evaluations/<ref>/self-assessment")
def assess(ref: str) -> Response | tuple[str, int]:
    """Keep the organisation's own assessment."""
    evaluation = queries.get_evaluation(ref)
    form = SelfAssessmentForm()
    if form.validate_on_submit():
        with errors_on(form):
            service.assess_self(member=current.actor(), evaluation=evaluation, text=form.text.data or "")
            flash(_("自评已保存。"), "success")
            return redirect(url_for("evaluation.show", ref=ref))
    return _page(evaluation, TextsForm(obj=evaluation), form)


@blueprint.post("/evaluations/<ref>/publish")
def publish(ref: str) -> Response:
    """Publish the result."""
    service.publish_evaluation(leader=current.actor(), evaluation=queries.get_evaluation(ref))
    flash(_("评价结果已公布。"), "success")
    return redirect(url_for("evaluation.show", ref=ref))


@blueprint.post("/evaluations/<ref>/send-back")
def send_back(ref: str) -> Response:
    """Send the evaluation back with a reason."""
    form = ReasonForm()
    service.send_back_evaluation(
        leader=current.actor(), evaluation=queries.get_evaluation(ref), reason=form.reason.data or ""
    )
    flash(_("已退回重新评分。"), "success")
    return redirect(url_for("evaluation.show", ref=ref))


@blueprint.post("/evaluations/<ref>/settle")
def settle(ref: str) -> Response:
    """Return what was awarded but never paid."""
    service.return_unspent(officer=current.actor(), evaluation=queries.get_evaluation(ref))
    flash(_("结余已收回。"), "success")
    return redirect(url_for("evaluation.show", ref=ref))


@blueprint.post("/evaluations/<ref>/close")
def close(ref: str) -> Response:
    """Close the project."""
    service.close_project(officer=current.actor(), evaluation=queries.get_evaluation(ref))
    flash(_("项目已结项。"), "success")
    return redirect(url_for("evaluation.show", ref=ref))
