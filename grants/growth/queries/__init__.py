"""Look-ups over all rounds: what projects cost and reached, what organisations and communities have done."""

from grants.growth.queries.cases import (
    find_case_of,
    get_case,
    get_evaluation_of,
    list_candidates,
    list_cases,
    list_pictures,
)
from grants.growth.queries.communities import CommunityFigures, list_community_figures
from grants.growth.queries.efficiency import ProjectFigures, ProjectsAsked, list_figures
from grants.growth.queries.records import (
    Leader,
    RoundRecord,
    get_consent,
    list_consents,
    list_leaders_of,
    list_leading_people,
    list_own_organisations,
    read_record,
)
from grants.growth.queries.reserve import (
    KeptOut,
    Result,
    count_supporters,
    find_carried_from,
    find_former_round,
    is_in_reserve,
    list_carried_into,
    list_kept_out,
    list_reserve,
    list_results,
)

__all__ = [
    "CommunityFigures",
    "KeptOut",
    "Leader",
    "ProjectFigures",
    "ProjectsAsked",
    "Result",
    "RoundRecord",
    "count_supporters",
    "find_carried_from",
    "find_case_of",
    "find_former_round",
    "get_case",
    "get_consent",
    "get_evaluation_of",
    "is_in_reserve",
    "list_candidates",
    "list_carried_into",
    "list_cases",
    "list_community_figures",
    "list_consents",
    "list_figures",
    "list_kept_out",
    "list_leaders_of",
    "list_leading_people",
    "list_own_organisations",
    "list_pictures",
    "list_reserve",
    "list_results",
    "read_record",
]
