"""The words and tones in which the pages of supervision show statuses."""

from typing import Any

from grants.agreements.rules import AGREEMENT_STATUS_LABELS, MILESTONE_STATUS_LABELS
from grants.needs.rules import TARGET_GROUP_LABELS
from grants.supervision.rules import (
    ACTIVITY_STATUS_LABELS,
    CALL_OUTCOME_LABELS,
    COMPLAINT_STATUS_LABELS,
    FLAG_LABELS,
    INSPECTION_METHOD_LABELS,
    INSPECTION_STATUS_LABELS,
    ITEM_GRADE_LABELS,
    RECTIFICATION_STATUS_LABELS,
    REGISTRATION_STATUS_LABELS,
    REMARK_SIDE_LABELS,
    REPORT_STATUS_LABELS,
    STEP_LABELS,
)

LABELS: dict[str, Any] = {
    "statuses": AGREEMENT_STATUS_LABELS,
    "milestone_statuses": MILESTONE_STATUS_LABELS,
    "activity_statuses": ACTIVITY_STATUS_LABELS,
    "order_statuses": RECTIFICATION_STATUS_LABELS,
    "step_labels": STEP_LABELS,
    "complaint_statuses": COMPLAINT_STATUS_LABELS,
    "flag_labels": FLAG_LABELS,
    "report_statuses": REPORT_STATUS_LABELS,
    "sides": REMARK_SIDE_LABELS,
    "methods": INSPECTION_METHOD_LABELS,
    "inspection_statuses": INSPECTION_STATUS_LABELS,
    "inspection_tones": {"planned": "info", "done": "good", "cancelled": "neutral"},
    "grades": ITEM_GRADE_LABELS,
    "grade_tones": {"good": "good", "improve": "warn", "fail": "bad"},
    "call_outcomes": CALL_OUTCOME_LABELS,
    "registration_statuses": REGISTRATION_STATUS_LABELS,
    "registration_tones": {"seated": "good", "waiting": "warn", "withdrawn": "neutral"},
    "groups": TARGET_GROUP_LABELS,
    "tones": {"draft": "warn", "signed": "progress", "completed": "good", "terminated": "bad"},
    "milestone_tones": {"planned": "neutral", "claimed": "warn", "community_verified": "info", "verified": "good"},
    "activity_tones": {"announced": "info", "recorded": "good", "cancelled": "neutral"},
    "order_tones": {"open": "bad", "answered": "warn", "closed": "good"},
    "report_tones": {"draft": "warn", "submitted": "good"},
    "complaint_tones": {"open": "warn", "answered": "good"},
}
