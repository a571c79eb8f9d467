"""The page of the fiscal self-evaluation of one project."""

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from grants.evaluation import policy, queries, service
from grants.evaluation.forms import FiscalForm
from grants.evaluation.models import Evaluation
from grants.evaluation.rules import LEVEL_LABELS, FiscalLevel
from grants.evaluation.views.blueprint import blueprint
from grants.evaluation.views.typed import number
from grants.foundation.errors import NotFound, require
from grants.foundation.i18n import _
from grants.foundation.web.forms import errors_on, page
from grants.people import current
from grants.projects.rules import INDICATOR_KIND_LABELS


@blueprint.route("/evaluations/<ref>/fiscal", methods=["GET", "POST"])
def fiscal(ref: str) -> Response | tuple[str, int]:
    """Show the self-evaluation with its points; whoever may fills in what people judge."""
    evaluation, form, actor = queries.get_evaluation(ref), FiscalForm(), current.actor()
    require(policy.why_not_read_fiscal(actor, evaluation), NotFound)
    why_not = policy.why_not_fill_fiscal(actor, evaluation)
    if form.is_submitted():
        require(why_not)
    if form.validate_on_submit():
        with errors_on(form):
            service.fill_fiscal(actor=actor, evaluation=evaluation, judgements=_typed(evaluation))
            flash(_("绩效自评已保存，得分已重新计算。"), "success")
            return redirect(url_for("evaluation.fiscal", ref=ref))
    return page(
        "evaluation/fiscal.html",
        evaluation=evaluation,
        project=evaluation.agreement.project,
        table=queries.fiscal_table(evaluation),
        form=form,
        why_not=why_not,
        kinds=INDICATOR_KIND_LABELS,
        level_labels=LEVEL_LABELS,
        levels=[("", _("按完成比例")), *((key.value, label) for key, label in LEVEL_LABELS.items())],
        cuts=policy.is_evaluator(actor),
    )


def _typed(evaluation: Evaluation) -> dict[int, service.Judgement]:
    found = {}
    for indicator in evaluation.agreement.project.indicators:
        at = indicator.position
        if f"note-{at}" not in request.form:
            continue
        level, percent = request.form.get(f"level-{at}", ""), request.form.get(f"percent-{at}", "").strip()
        found[at] = service.Judgement(
            note=request.form[f"note-{at}"][:1000],
            level=FiscalLevel(level) if level in set(FiscalLevel) else None,
            percent=number(percent) if percent else None,
            cut=number(request.form.get(f"cut-{at}", "").strip() or "0"),
        )
    return found
