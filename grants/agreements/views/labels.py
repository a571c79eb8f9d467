"""The words and tones in which the pages of agreements show statuses."""

from typing import Any

from grants.agreements.rules import AGREEMENT_STATUS_LABELS, GATE_LABELS, MILESTONE_STATUS_LABELS
from grants.rounds.rules import BUDGET_LABELS
from grants.selection.rules import MONEY_SOURCE_LABELS

TONES = {"draft": "warn", "signed": "progress", "completed": "good", "terminated": "bad"}
MILESTONE_TONES = {"planned": "neutral", "claimed": "warn", "community_verified": "info", "verified": "good"}
LABELS: dict[str, Any] = {
    "statuses": AGREEMENT_STATUS_LABELS,
    "milestone_statuses": MILESTONE_STATUS_LABELS,
    "gates": GATE_LABELS,
    "codes": BUDGET_LABELS,
    "sources": MONEY_SOURCE_LABELS,
    "tones": TONES,
    "milestone_tones": MILESTONE_TONES,
}
