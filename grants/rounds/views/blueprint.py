"""The blueprint of rounds and notices, and what its pages have in common."""

from collections.abc import Iterable
from typing import Any

from flask import Blueprint

from grants.foundation.errors import require
from grants.funds.models import Account
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
    Category,
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


@blueprint.app_template_filter("envelope_name")
def envelope_name(key: str) -> str:
    """Return an envelope's ledger key in words, "JC-2026-01 福利慈善"; any other key stays as it is."""
    round_ref, _slash, category = key.partition("/")
    return f"{round_ref} {CATEGORY_LABELS[Category(category)]}" if category in set(Category) else key


@blueprint.app_template_filter("envelope_order")
def envelope_order(accounts: Iterable[Account]) -> list[Account]:
    """Return envelope accounts by round, and within each the five categories in their order."""
    places = {str(category): place for place, category in enumerate(Category)}

    def place(account: Account) -> tuple[str, int]:
        round_ref, _slash, category = account.key.partition("/")
        return round_ref, places.get(category, len(places))

    return sorted(accounts, key=place)


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
