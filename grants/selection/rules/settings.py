"""Numbers a round may set for its selection, and what holds when it sets none."""

from collections.abc import Mapping
from typing import Any

from grants.rounds.rules import DEFAULT_SETTINGS

SELECTION_DEFAULTS: dict[str, Any] = {
    "section_limits": {},
    "registered_years": 1,
    "abnormal_clear_years": 1,
    "dishonest_clear_years": 2,
    "violation_clear_years": 3,
    "inspection_years": 2,
    "return_limit": 1,
    "correction_working_days": 5,
    "review_minimum": 3,
    "jury_quorum_percent": 50,
    "jury_minimum_age": 18,
    "scores_trimmed_from": 5,
}
"""Defaults from practice: 补正 once within 3–5 working days, trim one high and one low from five scores on."""


def setting(settings: Mapping[str, Any], name: str) -> Any:
    """Return a number of the round; rounds opened before a setting existed follow the default."""
    if name in settings:
        return settings[name]
    return SELECTION_DEFAULTS[name] if name in SELECTION_DEFAULTS else DEFAULT_SETTINGS[name]
