"""One run of equal shares with a given share for everybody: fast in floating point, exact where it is close.

Prices are looked at lazily: what an option cost per supporter when last looked at can only have grown since, because
money is only spent, so the old price is a lower bound and most options need not be looked at in most rounds.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from heapq import heappop, heappush

import numpy as np
from numpy.typing import NDArray

from grants.voting.counting.election import IntArray

TOLERANCE = 1e-9
"""Relative distance below which floating point does not decide; its own error stays a thousand times smaller."""

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Candidate:
    """An option in the form the sums need. A supporter pays `price` for each of its `units` (1 without points).

    `scale` is the utility of one unit: the cost of the option where utility is cost, otherwise 1. `rank` decides among
    equals, the lowest first. `rivals` are the places of options that this one knocks out; `envelope` names the one that
    its cost is taken from, if there is one.
    """

    place: int
    cost: int
    scale: int
    rank: int
    groups: NDArray[np.intp]
    weights: IntArray
    units: IntArray
    rivals: frozenset[int] = frozenset()
    envelope: str | None = None

    @cached_property
    def voters(self) -> int:
        """Return how many voters support the option."""
        return int(self.weights.sum())

    @cached_property
    def unit_sum(self) -> int:
        """Return the units of all its supporters."""
        return int(self.weights @ self.units)

    @cached_property
    def lowest_key(self) -> float:
        """Return the price per utility when every supporter can pay it."""
        return self.cost / self.unit_sum / self.scale

    @cached_property
    def float_weights(self) -> FloatArray:
        """Return the weights for sums in floating point."""
        return self.weights.astype(np.float64)

    @cached_property
    def float_units(self) -> FloatArray | None:
        """Return the units for sums in floating point, or None when all are 1."""
        return None if bool((self.units == 1).all()) else self.units.astype(np.float64)

    def due(self, price: float) -> FloatArray | float:
        """Return what each supporter owes at this price."""
        return price if self.float_units is None else price * self.float_units

    def pay(self, budgets: FloatArray, price: float) -> None:
        """Take from every supporter the price of its units, or all it has left."""
        money = budgets[self.groups]
        budgets[self.groups] = money - np.minimum(money, self.due(price))


@dataclass
class Precision:
    """How close decisions came, over all runs of a count."""

    smallest_gap: float | None = None
    settled_exactly: int = 0

    def saw(self, gap: float) -> None:
        """Remember a relative distance when it is the smallest so far."""
        if self.smallest_gap is None or gap < self.smallest_gap:
            self.smallest_gap = gap


@dataclass(frozen=True)
class Funding:
    """One funded option of a run: the price of one unit, and the places of options that were exactly as good."""

    candidate: Candidate
    price: float
    tied_with: tuple[int, ...] = ()


@dataclass(frozen=True)
class _Offer:
    candidate: Candidate
    key: float
    price: float
    nobody_short: bool


def replay(voting_groups: int, share: Fraction, fundings: Sequence[Funding]) -> Iterator[tuple[Funding, FloatArray]]:
    """Yield every funding with what each group had just before it; the array ends as what is left after the last."""
    budgets = np.full(voting_groups, float(share))
    for funding in fundings:
        yield funding, budgets
        funding.candidate.pay(budgets, funding.price)


class Ledger:
    """What everybody has left in exact fractions, rebuilt from the fundings when a decision needs it.

    A group that once paid all it had keeps exactly nothing; any other has the share minus the exact prices it paid. So
    a sum over many groups is a few fractions times whole numbers, however many groups there are.
    """

    def __init__(self, voting_groups: int, share: Fraction) -> None:
        self._share = share
        self._budgets = np.full(voting_groups, float(share))
        self._has_money = np.ones(voting_groups, dtype=bool)
        self._prices: list[tuple[Candidate, Fraction]] = []

    def catch_up(self, fundings: Sequence[Funding]) -> None:
        """Book the fundings that are not booked yet."""
        for funding in fundings[len(self._prices) :]:
            price, short = self.price(funding.candidate)
            self._has_money[funding.candidate.groups[short]] = False
            self._prices.append((funding.candidate, price))
            funding.candidate.pay(self._budgets, funding.price)

    def money(self, groups: NDArray[np.intp], weights: IntArray) -> Fraction:
        """Return what these groups have together, every group as often as its weight says."""
        counted = np.zeros(len(self._budgets), dtype=np.int64)
        counted[groups] = weights * self._has_money[groups]
        total = self._share * int(counted.sum())
        for candidate, price in self._prices:
            total -= price * int(counted[candidate.groups] @ candidate.units)
        return total

    def price(self, candidate: Candidate) -> tuple[Fraction, NDArray[np.bool_]]:
        """Return the exact price of an affordable option and which of its supporters pay all they have.

        Who is clearly short is known from floating point; who is close to it is compared in fractions, until nobody
        new turns out to be short.
        """
        estimate, _nobody_short = float_price(candidate, self._budgets)
        due = candidate.due(estimate)
        money = self._budgets[candidate.groups]
        short = money < due - TOLERANCE * due
        close = np.flatnonzero(~short & (money < due + TOLERANCE * due))
        exact_money = self._each(candidate.groups[close])
        while True:
            paying = ~short
            rest = candidate.cost - self.money(candidate.groups[short], candidate.weights[short])
            price = rest / int(candidate.weights[paying] @ candidate.units[paying])
            found = [
                place
                for place, has in zip(close, exact_money, strict=True)
                if not short[place] and has < price * int(candidate.units[place])
            ]
            if not found:
                return price, short
            short[found] = True

    def _each(self, groups: NDArray[np.intp]) -> list[Fraction]:
        """Return what each of these groups has; groups that paid for the same options are worked out once."""
        paid = np.zeros((len(groups), len(self._prices) + 1), dtype=np.int64)
        paid[:, -1] = self._has_money[groups]
        for number, (candidate, _price) in enumerate(self._prices):
            spots = np.minimum(np.searchsorted(candidate.groups, groups), len(candidate.groups) - 1)
            paid[:, number] = np.where(candidate.groups[spots] == groups, candidate.units[spots], 0)
        known: dict[bytes, Fraction] = {}
        for row in paid:
            if row.tobytes() not in known:
                spent = (price * int(units) for (_candidate, price), units in zip(self._prices, row, strict=False))
                known[row.tobytes()] = self._share - sum(spent) if row[-1] else Fraction(0)
        return [known[row.tobytes()] for row in paid]


class Run:
    """Equal shares once, from a given share for everybody to the point where nothing more is affordable."""

    def __init__(
        self,
        candidates: Sequence[Candidate],
        voting_groups: int,
        share: Fraction,
        precision: Precision,
        envelopes: Mapping[str, int],
    ) -> None:
        """`candidates` come in the order of their lowest keys; `envelopes` say what is left in each, in minor units."""
        self.share = share
        self.fundings: list[Funding] = []
        self._precision = precision
        self._groups = voting_groups
        self._budgets = np.full(voting_groups, float(share))
        self._ledger: Ledger | None = None
        self._closed: set[int] = set()
        self._envelopes = dict(envelopes)
        self._in_envelopes = [candidate for candidate in candidates if candidate.envelope is not None]
        self._queue: list[tuple[float, int, Candidate]] = []
        for number, candidate in enumerate(candidates):
            if candidate.cost == 0:
                self._fund_for_free(candidate)
            elif self._starts_affordable(candidate):
                # Sorted input is a heap already; the number keeps equal keys from being compared further
                self._queue.append((candidate.lowest_key, number, candidate))

    def go(self) -> "Run":
        """Fund the best affordable option until there is none; return self."""
        while (best := self._best_offer()) is not None:
            offer, tied = best
            self.fundings.append(Funding(offer.candidate, offer.price, tied))
            self._close_after(offer.candidate)
            offer.candidate.pay(self._budgets, offer.price)
        return self

    @property
    def total_cost(self) -> int:
        """Return what the funded options cost together."""
        return sum(funding.candidate.cost for funding in self.fundings)

    @property
    def places(self) -> list[int]:
        """Return the places of the funded options, in the order of funding."""
        return [funding.candidate.place for funding in self.fundings]

    def _fund_for_free(self, candidate: Candidate) -> None:
        if candidate.place not in self._closed:
            self.fundings.append(Funding(candidate, 0.0))
            self._close_after(candidate)

    def _close_after(self, funded: Candidate) -> None:
        """Knock out the rivals of a funded option, and what no longer fits its envelope."""
        self._closed |= funded.rivals
        if funded.envelope is None:
            return
        self._envelopes[funded.envelope] -= funded.cost
        left = self._envelopes[funded.envelope]
        self._closed |= {
            other.place for other in self._in_envelopes if other.envelope == funded.envelope and other.cost > left
        }

    def _starts_affordable(self, candidate: Candidate) -> bool:
        money = self.share.numerator * candidate.voters
        cost = candidate.cost * self.share.denominator
        self._precision.saw(abs(money - cost) / cost)
        return money >= cost

    def _best_offer(self) -> tuple[_Offer, tuple[int, ...]] | None:
        """Return the best affordable option and the places of those that were exactly as good."""
        offers: list[tuple[int, _Offer]] = []
        limit = float("inf")
        while self._queue and self._queue[0][0] <= limit:
            _bound, number, candidate = heappop(self._queue)
            offer = None if candidate.place in self._closed else self._offer(candidate)
            if offer is not None:
                offers.append((number, offer))
                limit = min(limit, offer.key * (1 + TOLERANCE))
        if not offers:
            return None
        chosen, tied = self._choose([offer for _number, offer in offers], limit)
        for number, offer in offers:
            if offer is not chosen:
                heappush(self._queue, (offer.key, number, offer.candidate))
        return chosen, tied

    def _offer(self, candidate: Candidate) -> _Offer | None:
        """Return what an option costs its supporters now, or None when they cannot pay for it any more."""
        money = total_of(candidate.float_weights, self._budgets[candidate.groups])
        gap = (money - candidate.cost) / candidate.cost
        self._precision.saw(abs(gap))
        if abs(gap) < TOLERANCE:
            self._precision.settled_exactly += 1
            exact = self._exact().money(candidate.groups, candidate.weights)
            if exact < candidate.cost:
                return None
        elif gap < 0:
            return None
        price, nobody_short = float_price(candidate, self._budgets)
        return _Offer(candidate, price / candidate.scale, price, nobody_short)

    def _choose(self, offers: list[_Offer], limit: float) -> tuple[_Offer, tuple[int, ...]]:
        close = [offer for offer in offers if offer.key <= limit]
        if len(close) == 1:
            best = close[0]
            others = [offer.key for offer in offers if offer is not best]
            others += [self._queue[0][0]] if self._queue else []
            if others:
                self._precision.saw(min(others) / best.key - 1)
            return best, ()
        self._precision.settled_exactly += 1
        keys = sorted(offer.key for offer in close)
        self._precision.saw(keys[1] / keys[0] - 1)
        exact = [self._exact_key(offer) for offer in close]
        equal = [offer for offer, key in zip(close, exact, strict=True) if key == min(exact)]
        best = min(equal, key=lambda offer: offer.candidate.rank)
        return best, tuple(offer.candidate.place for offer in equal if offer is not best)

    def _exact_key(self, offer: _Offer) -> Fraction:
        candidate = offer.candidate
        if offer.nobody_short:
            return Fraction(candidate.cost, candidate.unit_sum * candidate.scale)
        return self._exact().price(candidate)[0] / candidate.scale

    def _exact(self) -> Ledger:
        if self._ledger is None:
            self._ledger = Ledger(self._groups, self.share)
        self._ledger.catch_up(self.fundings)
        return self._ledger


def total_of(weights: FloatArray, amounts: FloatArray) -> float:
    """Return the weighted sum, pairwise and in one thread: more exact than a BLAS, and never waits for its threads."""
    return float((weights * amounts).sum())


def float_price(candidate: Candidate, budgets: FloatArray) -> tuple[float, bool]:
    """Return the price of an affordable option, and whether none of its supporters is short of it or close to that.

    Starting from "everybody can pay", those who cannot give all they have and the others share the rest, until nobody
    new falls short: a fixpoint, without sorting.
    """
    money, weights, units = budgets[candidate.groups], candidate.float_weights, candidate.float_units
    price, left = candidate.cost / candidate.unit_sum, float(candidate.cost)
    nobody_short = bool((money >= candidate.due(price * (1 + TOLERANCE))).all())
    while not nobody_short:
        paying = money >= (price if units is None else price * units)
        if paying.all() or not paying.any():
            break
        short = ~paying
        left -= total_of(weights[short], money[short])
        money, weights = money[paying], weights[paying]
        units = None if units is None else units[paying]
        price = max(price, left / float(weights.sum() if units is None else total_of(weights, units)))
    return price, nobody_short
