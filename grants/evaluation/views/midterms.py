"""The list of mid-term evaluations and the page of one."""

from typing import Any

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from grants.agreements import queries as agreements
from grants.evaluation import policy, queries, service
from grants.evaluation.forms import MidtermReportForm, MidtermScoreForm, NewMidtermForm, ReasonForm
from grants.evaluation.models import Midterm
from grants.evaluation.rules import MIDTERM_FORMULAS, MIDTERM_STATUS_LABELS, MidtermStatus
from grants.evaluation.views.blueprint import blueprint
from grants.evaluation.views.typed import typed_points
from grants.foundation.errors import NotFound, require
from grants.foundation.i18n import _
from grants.foundation.web.forms import errors_on, page
from grants.foundation.web.listing import Window
from grants.people import current
from grants.people.models import User


@blueprint.get("/evaluations/midterms/")
def midterms() -> tuple[str, int]:
    """List mid-term evaluations: published ones for everybody, the others for those who work on them."""
    actor = current.actor_or_none()
    asked = request.args.get("status", "")
    status = MidtermStatus(asked) if asked in set(MidtermStatus) else None
    waiting = queries.list_agreements_for_midterm() if actor and policy.is_evaluator(actor) else []
    return page(
        "evaluation/midterms.html",
        midterms=queries.list_midterms(Window.of(request.args), actor, status),
        waiting=waiting,
        status=asked,
        status_labels=MIDTERM_STATUS_LABELS,
        status_choices=[("", _("全部")), *((key.value, label) for key, label in MIDTERM_STATUS_LABELS.items())],
    )


@blueprint.route("/evaluations/midterms/new", methods=["GET", "POST"])
def new_midterm() -> Response | tuple[str, int]:
    """Call on an organisation to report at mid-term."""
    form = NewMidtermForm(agreement=request.args.get("agreement", ""))
    agreement = agreements.get_agreement(form.agreement.data or "")
    if form.validate_on_submit():
        with errors_on(form):
            midterm = service.open_midterm(officer=current.actor(), agreement=agreement)
            flash(_("已发起中期评估，并通知承接组织报送自评。"), "success")
            return redirect(url_for("evaluation.midterm", ref=midterm.ref))
    return page(
        "evaluation/new_midterm.html",
        form=form,
        agreement=agreement,
        days=service.midterm.setting(agreement.project.round, "midterm_report_days"),
        why_not=policy.why_not_open_midterm(current.actor(), agreement),
    )


@blueprint.get("/evaluations/midterms/<ref>")
def midterm(ref: str) -> tuple[str, int]:
    """Show a mid-term evaluation with its points and what can be done next."""
    found = queries.get_midterm(ref)
    require(policy.why_not_read_midterm(current.actor_or_none(), found), NotFound)
    return _page(found)


def _page(
    found: Midterm, report: MidtermReportForm | None = None, scores: MidtermScoreForm | None = None
) -> tuple[str, int]:
    actor, agreement = current.actor_or_none(), found.agreement
    why_not_report = policy.why_not_report_midterm(actor, found) if actor else None
    appeal = queries.find_appeal_of(found)
    is_own = actor is not None and agreement.organisation_id in actor.organisation_ids
    return page(
        "evaluation/midterm.html",
        midterm=found,
        agreement=agreement,
        project=agreement.project,
        criteria=service.midterm_criteria(found),
        lines={line.criterion_id: line for line in found.points},
        formulas=MIDTERM_FORMULAS,
        points=round(sum(line.points for line in found.points), 2),
        pass_score=service.midterm.setting(agreement.project.round, "midterm_pass_score"),
        bonus_limit=service.midterm.setting(agreement.project.round, "midterm_bonus_limit"),
        report=report or MidtermReportForm(obj=found),
        scores=scores or MidtermScoreForm(obj=found),
        reason=ReasonForm(),
        why_not_report=why_not_report if is_own and found.status is MidtermStatus.REPORTING else None,
        can=_can(actor, found) if actor else {},
        appeal=appeal,
        sees_appeal=bool(actor and appeal and policy.why_not_read_appeal(actor, appeal) is None),
        status_labels=MIDTERM_STATUS_LABELS,
    )


def _can(actor: User, found: Midterm) -> dict[str, Any]:
    """Tell which of the acts on this page are open to who looks."""
    return {
        "report": policy.why_not_report_midterm(actor, found) is None,
        "score": policy.why_not_score_midterm(actor, found) is None,
        "fail_late": policy.why_not_fail_late(actor, found) is None,
        "decide": policy.why_not_decide_midterm(actor, found) is None,
        "appeal": policy.why_not_appeal(actor, found) is None,
        "again": policy.why_not_open_midterm(actor, found.agreement) is None,
    }


@blueprint.post("/evaluations/midterms/<ref>/report")
def report_midterm(ref: str) -> Response | tuple[str, int]:
    """Take the organisation's own mid-term report."""
    found, form = queries.get_midterm(ref), MidtermReportForm()
    require(policy.why_not_report_midterm(current.actor(), found))
    if form.validate_on_submit():
        with errors_on(form):
            service.report_midterm(
                member=current.actor(),
                midterm=found,
                report=form.report.data or "",
                problems=form.problems.data or "",
            )
            flash(_("中期自评已报送。"), "success")
            return redirect(url_for("evaluation.midterm", ref=ref))
    return _page(found, report=form)


@blueprint.post("/evaluations/midterms/<ref>/points")
def score_midterm(ref: str) -> Response | tuple[str, int]:
    """Keep points and words; with the button «提交审定» also hand them to the leader."""
    found, form = queries.get_midterm(ref), MidtermScoreForm()
    require(policy.why_not_score_midterm(current.actor(), found))
    if form.validate_on_submit():
        with errors_on(form):
            _score(found, form)
            if "submit" in request.form:
                service.submit_midterm(officer=current.actor(), midterm=found)
                flash(_("中期评估已提交分管领导审定。"), "success")
            else:
                flash(_("评分已保存。"), "success")
            return redirect(url_for("evaluation.midterm", ref=ref))
    return _page(found, scores=form)


def _score(found: Midterm, form: MidtermScoreForm) -> None:
    service.score_midterm(
        officer=current.actor(),
        midterm=found,
        points=typed_points(service.midterm_criteria(found)),
        adjustment=service.Adjustment(
            float(form.bonus_points.data or 0),
            form.bonus_reason.data or "",
            float(form.malus_points.data or 0),
            form.malus_reason.data or "",
        ),
        texts={"conclusion": form.conclusion.data or "", "suggestions": form.suggestions.data or ""},
    )


@blueprint.post("/evaluations/midterms/<ref>/late")
def late_midterm(ref: str) -> Response:
    """Note that the report is late."""
    service.fail_late_midterm(officer=current.actor(), midterm=queries.get_midterm(ref))
    flash(_("已记为逾期未报，提交分管领导审定。"), "success")
    return redirect(url_for("evaluation.midterm", ref=ref))


@blueprint.post("/evaluations/midterms/<ref>/publish")
def publish_midterm(ref: str) -> Response:
    """Publish the result."""
    service.publish_midterm(leader=current.actor(), midterm=queries.get_midterm(ref))
    flash(_("中期评估结果已公布，异议期开始。"), "success")
    return redirect(url_for("evaluation.midterm", ref=ref))


@blueprint.post("/evaluations/midterms/<ref>/send-back")
def send_back_midterm(ref: str) -> Response:
    """Send the scores back with a reason."""
    service.send_back_midterm(
        leader=current.actor(), midterm=queries.get_midterm(ref), reason=ReasonForm().reason.data or ""
    )
    flash(_("已退回重新评分。"), "success")
    return redirect(url_for("evaluation.midterm", ref=ref))
