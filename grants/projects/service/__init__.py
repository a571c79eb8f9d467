"""Use cases of projects: drafting from needs, costing, the decision, the notice, and what later stages do."""

from grants.projects.service.deciding import (
    advance,
    announce_project,
    approve_project,
    fund_project,
    reject_project,
    revise_project,
)
from grants.projects.service.drafting import (
    ProjectText,
    draft_project,
    edit_project,
    set_costs,
    set_indicators,
    submit_costs,
)

__all__ = [
    "ProjectText",
    "advance",
    "announce_project",
    "approve_project",
    "draft_project",
    "edit_project",
    "fund_project",
    "reject_project",
    "revise_project",
    "set_costs",
    "set_indicators",
    "submit_costs",
]
