"""Numbers a round may set for its selection, and what holds when it sets none."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from grants.rounds.rules import DEFAULT_SETTINGS
from grants.selection.rules.statuses import CallStatus

SELECTION_DEFAULTS: dict[str, Any] = {
    "section_limits": {},
    "registered_years": 1,
    "abnormal_clear_years": 1,
    "dishonest_clear_years": 2,
    "violation_clear_years": 3,
    "breach_clear_years": 3,
    "poor_grade_clear_years": 2,
    "inspection_years": 2,
    "return_limit": 1,
    "correction_working_days": 5,
    "sealed_until_deadline": False,
    "question_closing_days": 3,
    "review_minimum": 3,
    "jury_quorum_percent": 50,
    "jury_minimum_age": 18,
    "scores_trimmed_from": 5,
}
"""Defaults from practice: 补正 once within 3–5 working days, trim one high and one low from five scores on."""


MOST_QUESTIONS_WAITING = 5
"""How many unanswered questions one account may have on a call."""


def is_sealed(status: CallStatus, closes_at: datetime, settings: Mapping[str, Any], at: datetime) -> bool:
    """Tell whether applications of a call are closed to everybody but their authors at this moment.

    Only where the round wants it so. The seal is the deadline itself: it opens at that second, whoever presses what.
    """
    return status is CallStatus.OPEN and bool(setting(settings, "sealed_until_deadline")) and at < closes_at


def questions_close_at(closes_at: datetime, settings: Mapping[str, Any]) -> datetime:
    """Return until when questions on a call are taken: some days before the deadline, so that answers help all."""
    return closes_at - timedelta(days=int(setting(settings, "question_closing_days")))


def setting(settings: Mapping[str, Any], name: str) -> Any:
    """Return a number of the round; rounds opened before a setting existed follow the default."""
    if name in settings:
        return settings[name]
    return SELECTION_DEFAULTS[name] if name in SELECTION_DEFAULTS else DEFAULT_SETTINGS[name]
