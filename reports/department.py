"""/evaluations/department/: a round's performance evaluation on screen, before it is printed."""

from flask import Blueprint

from grants.evaluation import policy, queries
from grants.evaluation.rules import CODE_OF_NAME
from grants.foundation.errors import NotFound, require
from grants.foundation.web.forms import page
from grants.people import current
from reports.gather.performance_scores import assess
from reports.kinds.base import why_not_office

blueprint = Blueprint("department", __name__)


@blueprint.get("/evaluations/department/<ref>")
def show(ref: str) -> tuple[str, int]:
    """Show every indicator of a round with its formula's inputs, its points, and what people set."""
    actor = current.actor()
    require(why_not_office(actor, ref), NotFound)
    found = assess(ref)
    return page(
        "report_pages/department.html",
        round=found.round,
        lines=[(CODE_OF_NAME[line.name], line) for line in found.lines],
        total=found.total,
        band=found.band,
        points=queries.department_points(found.round.id),
        why_not=policy.why_not_set_department_points(actor, found.round),
    )
