"""The tables of the 末期评估报告."""

from collections.abc import Callable

from reports.data.project_evaluation import ProjectEvaluation
from reports.tables.base import Table
from reports.tables.project_evaluation import money, residents, results


def build(doc: ProjectEvaluation) -> dict[str, Table]:
    """Return all tables by name, after checking that money and scores add up. Raises DoesNotReconcile."""
    money.check(doc)
    makers: dict[str, Callable[[ProjectEvaluation], Table]] = {
        "needs": residents.needs,
        "steps": residents.steps,
        "methods": results.methods,
        "targets": results.targets,
        "milestones": results.milestones,
        "budget": money.budget,
        "funding": money.funding,
        "tranches": money.tranches,
        "ratios": results.ratios,
        "survey": residents.survey,
        "findings": results.findings,
        "partners": residents.partners,
        "scores": results.scores,
        "activities": results.activities,
    }
    return {name: make(doc) for name, make in makers.items()}
