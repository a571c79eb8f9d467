"""The last check before a paper is printed."""

from collections.abc import Iterable

from reports.data.balance import Balance
from reports.tables.base import reconcile


def check(balances: Iterable[Balance]) -> None:
    """Raise DoesNotReconcile when amounts that must be the same differ by as little as one 分."""
    for one in balances:
        reconcile(one.what, dict(one.sums))
