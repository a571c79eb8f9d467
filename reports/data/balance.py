"""Sums that must agree before a paper is printed."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Balance:
    """What is compared, and the same amount as it comes from different records: (where from, amount).

    Money is in 分; anything else names its `unit`, in which its whole numbers are.
    """

    what: str
    sums: tuple[tuple[str, int], ...]
    unit: str = ""
