"""Spot checks of vouchers: which ones a seed draws, so that anybody can draw them again, and what was found."""

import hashlib
from collections.abc import Sequence
from enum import StrEnum

from grants.foundation.i18n import Text, _l


class FindingResult(StrEnum):
    """What a look at the original paper showed."""

    MATCHING = "matching"
    FAULTY = "faulty"


FINDING_LABELS: dict[FindingResult, Text] = {
    FindingResult.MATCHING: _l("相符"),
    FindingResult.FAULTY: _l("有问题"),
}


def draw_sample(refs: Sequence[str], seed: str, count: int) -> list[str]:
    """Return `count` of the references: those with the smallest SHA-256 of «seed:reference», in that order."""
    return sorted(refs, key=lambda ref: hashlib.sha256(f"{seed}:{ref}".encode()).hexdigest())[:count]
