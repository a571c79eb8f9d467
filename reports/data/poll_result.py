"""What a 投票结果报告 says: who took part, how it was counted, what came out, and why for every option."""

from dataclasses import dataclass
from datetime import date, datetime

from reports.data.common import Stamp


@dataclass(frozen=True)
class RoundRow:
    """One funded option, in the order of funding; money in 分, `paid` in words."""

    code: str
    title: str
    votes: int
    score: int
    effective_votes: float | None
    payment_fen: int | None
    cost_fen: int
    running_total_fen: int
    paid: str


@dataclass(frozen=True)
class MissedRow:
    """One option that was not funded; `support` is its effective support in percent, where support decided."""

    code: str
    title: str
    votes: int
    cost_fen: int
    support: int | None
    why: str


@dataclass(frozen=True)
class RankRow:
    """One option of a ranking of needs."""

    rank: int
    code: str
    title: str
    category: str
    votes: int
    score: int


@dataclass(frozen=True)
class ShareRow:
    """Votes for a category or community against the money it got, in 分."""

    name: str
    funded_count: int
    option_count: int
    votes: int
    money_fen: int


@dataclass(frozen=True)
class TurnoutRow:
    """Who could vote and who did; None is a cell too small to be published."""

    name: str
    entitled: int | None
    voted: int | None


@dataclass(frozen=True)
class PollResult:
    """Everything the report says. `narrative`, `paid` and `why` are finished sentences, the same as on the page."""

    stamp: Stamp
    street_name: str
    round_name: str
    title: str
    reference: str
    place: str
    kind: str
    method: str
    opened_on: date
    closed_on: date
    counted_at: datetime | None
    is_ranking: bool
    has_points: bool
    shares_money: bool
    pays_by_points: bool
    entitled: int
    ballots: int
    option_count: int
    budget_fen: int
    total_fen: int
    voters_with_funded: int
    voters_with_funded_by_majority: int
    narrative: tuple[str, ...]
    scores: tuple[tuple[str, int], ...]
    rounds: tuple[RoundRow, ...]
    missed: tuple[MissedRow, ...]
    ranks: tuple[RankRow, ...]
    categories: tuple[ShareRow, ...]
    communities: tuple[ShareRow, ...]
    by_community: tuple[TurnoutRow, ...]
    by_age: tuple[TurnoutRow, ...]
    checks: tuple[tuple[str, str], ...]
