"""One line an agreement: what was done, what is open, when somebody last heard of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from grants.agreements.models import Agreement
from grants.supervision.queries.activities import ActivityTotals, last_recorded_on, totals_of
from grants.supervision.queries.watching import count_open_of


@dataclass(frozen=True)
class WatchRow:
    """An agreement with the sums of its activities and the orders that are not closed."""

    agreement: Agreement
    totals: ActivityTotals
    open_order_count: int
    last_on: date | None


def summarise(agreements: Sequence[Agreement]) -> list[WatchRow]:
    """Return a line for each agreement, with three queries for all of them."""
    keys = [agreement.id for agreement in agreements]
    sums, orders, last = totals_of(keys), count_open_of(keys), last_recorded_on(keys)
    return [
        WatchRow(one, sums.get(one.id, ActivityTotals()), orders.get(one.id, 0), last.get(one.id)) for one in agreements
    ]
