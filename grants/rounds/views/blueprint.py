"""The blueprint of rounds and notices, and what its pages have in common."""

from typing import Any

from flask import Blueprint

from grants.foundation.errors import require
from grants.people import current
from grants.rounds import policy, queries
from grants.rounds.models import Round
from grants.rounds.rules import (
    BAND_LABELS,
    BUDGET_LABELS,
    CATEGORY_LABELS,
    NOTICE_KIND_LABELS,
    NOTICE_STATUS_LABELS,
    NUMBER_SETTINGS,
    OBJECTION_STATUS_LABELS,
    PHASE_LABELS,
    ROUND_STATUS_LABELS,
    SCORE_TABLE_LABELS,
    STEP_LABELS,
    WEIGHT_LABELS,
    NoticeStatus,
    ObjectionStatus,
    RoundStatus,
)

blueprint = Blueprint("rounds", __name__)

LABELS: dict[str, Any] = {
    "categories": CATEGORY_LABELS,
    "phases": PHASE_LABELS,
    "statuses": ROUND_STATUS_LABELS,
    "tones": {
        RoundStatus.DRAFT: "warn",
        RoundStatus.OPEN: "progress",
        RoundStatus.CLOSED: "good",
        RoundStatus.ARCHIVED: "neutral",
    },
    "tables": SCORE_TABLE_LABELS,
    "numbers": NUMBER_SETTINGS,
    "steps": STEP_LABELS,
    "weights": WEIGHT_LABELS,
    "bands": BAND_LABELS,
    "budget": BUDGET_LABELS,
    "notice_kinds": NOTICE_KIND_LABELS,
    "notice_statuses": NOTICE_STATUS_LABELS,
    "notice_tones": {
        NoticeStatus.RUNNING: "progress",
        NoticeStatus.ENDED: "good",
        NoticeStatus.WITHDRAWN: "neutral",
    },
    "objection_statuses": OBJECTION_STATUS_LABELS,
    "objection_tones": {
        ObjectionStatus.OPEN: "warn",
        ObjectionStatus.UPHELD: "bad",
        ObjectionStatus.REJECTED: "neutral",
    },
}


def readable_round(ref: str) -> Round:
    """Return a round for somebody who may look at it; one in preparation is for the offices."""
    round = queries.get_round(ref)
    require(policy.why_not_see_round(current.actor_or_none(), round))
    return round


def editable_round(ref: str) -> Round:
    """Return a round for the officer who prepares it."""
    round = queries.get_round(ref)
    require(policy.why_not_edit_round(current.actor(), round))
    return round
