"""Setting the points of one indicator in the department's evaluation of a round."""

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from grants.evaluation import policy, queries, service
from grants.evaluation.forms import DepartmentForm
from grants.evaluation.rules import DEPARTMENT_TABLE
from grants.evaluation.views.blueprint import blueprint
from grants.foundation.errors import NotFound, require
from grants.foundation.i18n import _
from grants.foundation.web.forms import errors_on, page
from grants.people import current
from grants.rounds import queries as rounds


@blueprint.route("/evaluations/department/<ref>/<code>", methods=["GET", "POST"])
def department_point(ref: str, code: str) -> Response | tuple[str, int]:
    """Set the points of an indicator by hand, or go back to those computed."""
    round, actor = rounds.get_round(ref), current.actor()
    require(policy.why_not_set_department_points(actor, round))
    if code not in DEPARTMENT_TABLE:
        raise NotFound(_("没有这项指标。"))
    kept = queries.department_points(round.id).get(code)
    form = DepartmentForm(obj=kept)
    if form.validate_on_submit():
        points = None if form.points.data is None else float(form.points.data)
        with errors_on(form):
            service.set_department_points(
                officer=actor, round=round, code=code, points=points, reason=form.reason.data or ""
            )
            flash(_("已核定。") if points is not None else _("已恢复按记录计算。"), "success")
            return redirect(url_for("department.show", ref=ref))
    return page("evaluation/department_point.html", form=form, round=round, indicator=DEPARTMENT_TABLE[code], kept=kept)
