"""Points typed into the rows of a score table."""

from collections.abc import Sequence
from math import isfinite

from flask import request

from grants.rounds.models import Criterion


def typed_points(criteria: Sequence[Criterion]) -> dict[str, tuple[float, str]]:
    """Return what was typed for each line: (points, basis); empty lines are left out."""
    typed = {}
    for criterion in criteria:
        text = request.form.get(f"points-{criterion.code}", "").strip()
        if text:
            typed[criterion.code] = (number(text), request.form.get(f"basis-{criterion.code}", ""))
    return typed


def number(text: str) -> float:
    """Read points; what is no number becomes one that no criterion accepts, so the service answers."""
    try:
        found = round(float(text), 2)
    except (ValueError, OverflowError):
        return -1.0
    return found if isfinite(found) and abs(found) < 1_000_000_000 else -1.0
