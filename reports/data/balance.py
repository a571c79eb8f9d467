"""Sums that must agree before a paper is printed."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Balance:
    """What is compared, and the same amount in 分 as it comes from different records: (where from, 分)."""

    what: str
    sums: tuple[tuple[str, int], ...]
