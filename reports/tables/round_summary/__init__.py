"""The tables of the 届次总结."""

from collections.abc import Callable

from reports.data.round_summary import RoundSummary
from reports.tables.base import Table
from reports.tables.round_summary import money, projects, residents


def build(doc: RoundSummary) -> dict[str, Table]:
    """Return all tables by name, after checking that money and votes add up. Raises DoesNotReconcile."""
    money.check(doc)
    makers: dict[str, Callable[[RoundSummary], Table]] = {
        "funnel": residents.funnel,
        "needs": residents.needs,
        "handled": residents.handled,
        "stages": residents.stages,
        "turnout": residents.turnout,
        "ages": residents.ages,
        "categories": money.categories,
        "months": money.months,
        "fairness": money.fairness,
        "results": projects.results,
        "grades": projects.grades,
        "senses": residents.senses,
        "outcomes": projects.outcomes,
        "projects": projects.listing,
    }
    return {name: make(doc) for name, make in makers.items()}
