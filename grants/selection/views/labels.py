"""Words and tones in which the pages of the selection show statuses."""

from typing import Any

from grants.needs.rules import TRIAGE_LABELS
from grants.rounds.rules import BUDGET_LABELS, CATEGORY_LABELS
from grants.selection.rules import (
    APPLICATION_STATUS_LABELS,
    CALL_STATUS_LABELS,
    CONDITION_LABELS,
    DOCUMENT_LABELS,
    GROUP_LABELS,
    LINKS,
    MONEY_SOURCE_LABELS,
    OUTCOME_LABELS,
    REVIEW_STATUS_LABELS,
    SECTIONS,
    SLOT_LABELS,
    SPECIALITY_LABELS,
    TIE_LABELS,
)

LABELS: dict[str, Any] = {
    "call_words": CALL_STATUS_LABELS,
    "call_tones": {
        "open": "progress",
        "closed": "info",
        "reviewing": "info",
        "ranked": "info",
        "announced": "warn",
        "awarded": "good",
        "failed": "bad",
    },
    "paper_words": APPLICATION_STATUS_LABELS,
    "paper_tones": {
        "draft": "neutral",
        "submitted": "progress",
        "returned": "warn",
        "eligible": "info",
        "ineligible": "bad",
        "withdrawn": "neutral",
        "selected": "good",
        "not_selected": "neutral",
    },
    "review_words": REVIEW_STATUS_LABELS,
    "review_tones": {"open": "warn", "locked": "good", "recused": "neutral", "voided": "bad"},
    "slot_words": SLOT_LABELS,
    "slot_tones": {"waiting": "neutral", "running": "progress", "done": "good", "absent": "warn"},
    "outcome_words": OUTCOME_LABELS,
    "categories": CATEGORY_LABELS,
    "codes": BUDGET_LABELS,
    "sources": MONEY_SOURCE_LABELS,
    "condition_words": CONDITION_LABELS,
    "document_words": DOCUMENT_LABELS,
    "group_words": GROUP_LABELS,
    "sections": SECTIONS,
    "links": LINKS,
    "specialities": SPECIALITY_LABELS,
    "ties": TIE_LABELS,
    "triage_words": TRIAGE_LABELS,
}
