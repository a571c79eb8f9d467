"""What was spent in a month, which a later stage knows from its vouchers."""

from collections.abc import Callable
from dataclasses import dataclass

from grants.agreements.models import Agreement


@dataclass(frozen=True)
class LineSpending:
    """What a budget line saw in a month, in 分; `until_fen` is all that was booked by its end, of `agreed_fen`."""

    line: str
    voucher_count: int
    booked_fen: int
    accepted_fen: int
    until_fen: int
    agreed_fen: int


_later: list[Callable[[Agreement, str], list[LineSpending]]] = []


def know_spending(find: Callable[[Agreement, str], list[LineSpending]]) -> None:
    """Hear of the spending that only a later stage knows."""
    if find not in _later:
        _later.append(find)


def spending_of_month(agreement: Agreement, month: str) -> list[LineSpending]:
    """List the agreed lines with what was spent in a month ("2026-10"), by the day of the vouchers."""
    return [row for find in _later for row in find(agreement, month)]
