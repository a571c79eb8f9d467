"""Words and tones that the pages of needs share."""

from collections.abc import Sequence
from types import SimpleNamespace

from grants.foundation.i18n import Text, _
from grants.needs.rules import (
    FIVE_CHECKS,
    MEETING_KIND_LABELS,
    NEED_ACTION_LABELS,
    NEED_SOURCE_LABELS,
    NEED_STATUS_LABELS,
    OUTCOME_LABELS,
    STEP_LABELS,
    TARGET_GROUP_LABELS,
    TRIAGE_LABELS,
    URGENCY_LABELS,
    NeedStatus,
    Outcome,
)
from grants.people.models import Place
from grants.rounds.models import Round
from grants.rounds.rules import CATEGORY_LABELS

LABELS = SimpleNamespace(
    category=CATEGORY_LABELS,
    status=NEED_STATUS_LABELS,
    action=NEED_ACTION_LABELS,
    source=NEED_SOURCE_LABELS,
    group=TARGET_GROUP_LABELS,
    urgency=URGENCY_LABELS,
    triage=TRIAGE_LABELS,
    step=STEP_LABELS,
    meeting=MEETING_KIND_LABELS,
    outcome=OUTCOME_LABELS,
    checks=FIVE_CHECKS,
    tone={
        NeedStatus.RAISED: "info",
        NeedStatus.EXAMINED: "progress",
        NeedStatus.DELIBERATED: "progress",
        NeedStatus.DISPUTED: "warn",
        NeedStatus.ADOPTED: "good",
        NeedStatus.DECLINED: "neutral",
        NeedStatus.HANDED_OVER: "neutral",
        NeedStatus.MERGED: "neutral",
    },
    outcome_tone={
        Outcome.PASSED: "good",
        Outcome.REJECTED: "bad",
        Outcome.DISPUTED: "warn",
        Outcome.UNDECIDED: "neutral",
        Outcome.NO_QUORUM: "neutral",
    },
)


def filter_choices(rounds: Sequence[Round], communities: Sequence[Place]) -> dict[str, list[tuple[str, Text]]]:
    """Return the choices of the public list's filters."""
    return {
        "round": [("", _("全部届次")), *((round.ref, round.label) for round in rounds)],
        "community": [("", _("全部社区")), *((place.code, place.name) for place in communities)],
        "category": [("", _("全部类别")), *CATEGORY_LABELS.items()],
        "status": [("", _("全部状态")), *NEED_STATUS_LABELS.items()],
    }
