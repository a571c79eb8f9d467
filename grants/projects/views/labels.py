"""Words and tones that the pages of projects share."""

from collections.abc import Sequence
from types import SimpleNamespace

from grants.foundation.i18n import Text, _
from grants.people.models import Place
from grants.projects.rules import (
    FIVE_LINKS,
    INDICATOR_KIND_LABELS,
    MEASURE_LABELS,
    PROJECT_STATUS_LABELS,
    ProjectStatus,
)
from grants.rounds.models import Round
from grants.rounds.rules import BUDGET_LABELS, CATEGORY_LABELS

LABELS = SimpleNamespace(
    category=CATEGORY_LABELS,
    status=PROJECT_STATUS_LABELS,
    budget=BUDGET_LABELS,
    indicator=INDICATOR_KIND_LABELS,
    measure=MEASURE_LABELS,
    links=FIVE_LINKS,
    tone={
        ProjectStatus.DRAFT: "neutral",
        ProjectStatus.COSTED: "info",
        ProjectStatus.APPROVED: "info",
        ProjectStatus.ANNOUNCED: "progress",
        ProjectStatus.FUNDED: "good",
        ProjectStatus.CALLED: "progress",
        ProjectStatus.AWARDED: "progress",
        ProjectStatus.ACTIVE: "progress",
        ProjectStatus.EVALUATED: "good",
        ProjectStatus.CLOSED: "good",
        ProjectStatus.REJECTED: "bad",
        ProjectStatus.TERMINATED: "bad",
    },
)


def filter_choices(rounds: Sequence[Round], places: Sequence[Place]) -> dict[str, list[tuple[str, Text]]]:
    """Return the choices of the public list's filters."""
    return {
        "round": [("", _("全部届次")), *((round.ref, round.label) for round in rounds)],
        "community": [("", _("全部范围")), *((place.code, place.name) for place in places)],
        "category": [("", _("全部类别")), *CATEGORY_LABELS.items()],
        "status": [("", _("全部状态")), *PROJECT_STATUS_LABELS.items()],
    }
