"""The blueprint that the pages of growth hang on."""

from typing import Any

from flask import Blueprint

from grants.foundation.i18n import _
from grants.people import queries as people
from grants.rounds import queries as rounds
from grants.rounds.rules import CATEGORY_LABELS

blueprint = Blueprint("growth", __name__)


def filter_choices() -> dict[str, list[tuple[str, Any]]]:
    """Return the choices of round, community and category."""
    real = [one for one in rounds.list_rounds() if not one.is_rehearsal]
    return {
        "round": [("", _("全部届次")), *((one.ref, one.label) for one in real)],
        "community": [("", _("全部社区")), *((one.code, one.name) for one in people.list_communities())],
        "category": [("", _("全部类别")), *((key.value, label) for key, label in CATEGORY_LABELS.items())],
    }
