"""The last check before a paper is printed."""

from collections.abc import Iterable

from reports.data.balance import Balance
from reports.tables.base import DoesNotReconcile, reconcile


def check(balances: Iterable[Balance]) -> None:
    """Raise DoesNotReconcile when amounts that must be the same differ by as little as one 分, or one of their unit."""
    for one in balances:
        if not one.unit:
            reconcile(one.what, dict(one.sums))
        elif len({amount for _name, amount in one.sums}) > 1:
            listed = "，".join(f"{name} {amount:,} {one.unit}" for name, amount in one.sums)
            raise DoesNotReconcile(f"{one.what}不相符：{listed}")
