"""The words and tones in which the pages of agreements show statuses."""

from typing import Any

from grants.agreements.models import Agreement
from grants.agreements.rules import (
    AGREEMENT_STATUS_LABELS,
    CHANGE_KIND_LABELS,
    CHANGE_STATUS_LABELS,
    GATE_LABELS,
    LIABILITY_LABELS,
    MILESTONE_STATUS_LABELS,
    AgreementStatus,
)
from grants.foundation.i18n import _
from grants.rounds.rules import BUDGET_LABELS
from grants.selection.rules import MONEY_SOURCE_LABELS


def status_words(agreement: Agreement) -> str:
    """Return where an agreement stands; a draft also says whose turn it is."""
    if agreement.suspension is not None and agreement.status is AgreementStatus.SIGNED:
        return _("已暂停")
    if agreement.status is not AgreementStatus.DRAFT:
        return str(AGREEMENT_STATUS_LABELS[agreement.status])
    if agreement.offered_at is None:
        return _("方案已确认") if agreement.is_agreed else _("起草中")
    return _("待承接组织签署") if agreement.organisation_signed_at is None else _("待街道签署")


LABELS: dict[str, Any] = {
    "status_words": status_words,
    "statuses": AGREEMENT_STATUS_LABELS,
    "milestone_statuses": MILESTONE_STATUS_LABELS,
    "gates": GATE_LABELS,
    "liabilities": LIABILITY_LABELS,
    "change_kinds": CHANGE_KIND_LABELS,
    "change_statuses": CHANGE_STATUS_LABELS,
    "change_tones": {
        "proposed": "warn",
        "endorsed": "warn",
        "approved": "good",
        "filed": "good",
        "refused": "bad",
        "withdrawn": "neutral",
    },
    "codes": BUDGET_LABELS,
    "sources": MONEY_SOURCE_LABELS,
    "tones": {"draft": "warn", "signed": "progress", "completed": "good", "terminated": "bad"},
    "milestone_tones": {"planned": "neutral", "claimed": "warn", "community_verified": "info", "verified": "good"},
}
