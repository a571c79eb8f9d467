"""Look-ups of the selection: calls, applications, judging, the ranking and what is due."""

from grants.selection.queries.calls import find_call_of, get_call, list_callable_projects, list_calls, summarise_call
from grants.selection.queries.due import list_due_for
from grants.selection.queries.papers import (
    application_of_project,
    compute_eligibility,
    get_application,
    list_applications,
    list_applications_of,
    paper_of,
)
from grants.selection.queries.results import find_candidate, formula, ranking

__all__ = [
    "application_of_project",
    "compute_eligibility",
    "find_call_of",
    "find_candidate",
    "formula",
    "get_application",
    "get_call",
    "list_applications",
    "list_applications_of",
    "list_callable_projects",
    "list_calls",
    "list_due_for",
    "paper_of",
    "ranking",
    "summarise_call",
]
