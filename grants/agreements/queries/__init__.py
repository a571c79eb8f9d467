"""Look-ups of agreements, their milestones, tranches and changes, and what waits for whom."""

from grants.agreements.queries.changes import (
    LABELS,
    ChangeRow,
    count_approved,
    describe_change,
    get_amendment,
    has_open_amendment,
    list_amendments,
)
from grants.agreements.queries.compare import (
    BudgetComparison,
    LineComparison,
    PlanComparison,
    compare_budget,
    compare_lines,
    compare_plan,
)
from grants.agreements.queries.due import (
    list_due_for,
)
from grants.agreements.queries.lookups import (
    CLAIM_REMINDER,
    SORTS,
    STREET_READERS,
    Filters,
    award_fen,
    count_by_status,
    count_verified,
    find_agreement_of,
    get_agreement,
    get_milestone,
    get_selected_application,
    list_agreements,
    list_agreements_of,
    list_awaiting_draft,
    list_rounds_with_agreements,
    readable_by,
)
from grants.agreements.queries.tranches import (
    TrancheState,
    tranche_states,
)

__all__ = [
    "CLAIM_REMINDER",
    "LABELS",
    "SORTS",
    "STREET_READERS",
    "BudgetComparison",
    "ChangeRow",
    "Filters",
    "LineComparison",
    "PlanComparison",
    "TrancheState",
    "award_fen",
    "compare_budget",
    "compare_lines",
    "compare_plan",
    "count_approved",
    "count_by_status",
    "count_verified",
    "describe_change",
    "find_agreement_of",
    "get_agreement",
    "get_amendment",
    "get_milestone",
    "get_selected_application",
    "has_open_amendment",
    "list_agreements",
    "list_agreements_of",
    "list_amendments",
    "list_awaiting_draft",
    "list_due_for",
    "list_rounds_with_agreements",
    "readable_by",
    "tranche_states",
]
