"""The numbers a round may set, and what the law says about days and ages."""

from collections.abc import Mapping
from typing import Any

RECORD_WITHIN = 7
"""Days after an activity within which its record is due; the agreement's terms say so too."""

CONTACT_KEPT_DAYS = 365
"""Days after its answer for which the contact of a complaint's sender is kept, as its form promises."""

SUPERVISION_DEFAULTS: dict[str, Any] = {
    "supervisors_per_project": 2,
    "supervisor_minimum_age": 18,
    "rectification_days": 15,
    "rectification_shortest_days": 15,
    "rectification_longest_days": 30,
    "escalation_days": 7,
    "activity_silence_days": 45,
    "activity_silence_warning_days": 30,
    "ending_warning_days": 30,
    "sign_in_repeat_percent": 80,
    "expert_fee_limit_fen": 300_000,
    "monthly_due_day": 5,
}
"""Defaults from practice: 整改 within 15 to 30 days, no activity for 45 days is a warning sign."""


def setting(settings: Mapping[str, Any], name: str) -> Any:
    """Return a number of the round; rounds opened before a setting existed follow the default."""
    return settings.get(name, SUPERVISION_DEFAULTS[name])
