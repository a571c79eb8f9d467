"""The words of grades and vetoes in the papers of evaluation, as the round's own table has them."""

from collections.abc import Mapping
from typing import Any

from grants.evaluation.models import Evaluation
from grants.evaluation.rules import BAND_TABLES, VETO_LABELS, Grade, band_table

LINES = ((Grade.EXCELLENT, "excellent"), (Grade.GOOD, "good"), (Grade.PASS, "pass"))


def bands(settings: Mapping[str, Any]) -> str:
    """Return the lines of a round's grades in one sentence."""
    words, lines = BAND_TABLES[band_table(settings)], settings["grade_bands"]
    said, above = [], None
    for grade, key in LINES:
        if grade in words:
            below = f"、不足{above}分" if above is not None else ""
            said.append(f"{lines[key]}分及以上{below}为{words[grade]}")
            above = lines[key]
    return "，".join([*said, f"不足{above}分为{words[Grade.FAIL]}"])


def vetoes(evaluation: Evaluation) -> tuple[str, ...]:
    """Return what vetoed a project, none where nothing did."""
    if not evaluation.veto_reason:
        return ()
    kind = f"{VETO_LABELS[evaluation.veto_item]}，" if evaluation.veto_item else ""
    return (f"{kind}{evaluation.veto_reason.rstrip('。')}",)
