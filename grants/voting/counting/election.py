"""What is counted: options with a price, a budget, and ballots grouped so that identical ones are counted together.

Money is a whole number of minor units (分, cents). Nothing here knows who voted, or that there is a database.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property, lru_cache
from itertools import chain
from typing import Self

import numpy as np
from numpy.typing import NDArray

IntArray = NDArray[np.int64]
Mark = tuple[tuple[int, ...], tuple[int, ...]]
"""Places of the options on a ballot, in their order, and the points of each."""


class BallotKind(StrEnum):
    """How a ballot is marked; the words are those of the Pabulib format."""

    APPROVAL = "approval"
    CHOOSE_ONE = "choose-1"
    CUMULATIVE = "cumulative"
    SCORING = "scoring"
    ORDINAL = "ordinal"

    @property
    def has_points(self) -> bool:
        """Tell whether one choice can weigh more than another."""
        return self in {BallotKind.CUMULATIVE, BallotKind.SCORING, BallotKind.ORDINAL}


class BadBallot(ValueError):
    """A ballot names an option twice or one that does not exist, or gives it points below zero."""


@dataclass(frozen=True, slots=True)
class Option:
    """One thing that can be chosen; `cost` is in minor units. Limits go by `category` and by `community`."""

    id: str
    cost: int
    category: str = ""
    name: str = ""
    community: str = ""

    def __post_init__(self) -> None:
        if self.cost < 0:
            raise ValueError(f"option {self.id} has a negative cost")


@dataclass(frozen=True, slots=True)
class Ballot:
    """All voters who marked exactly the same: places of the chosen options, points for each, how many voters."""

    choices: tuple[int, ...]
    points: tuple[int, ...]
    weight: int


@dataclass(frozen=True, slots=True, eq=False)
class Supporters:
    """The ballots that support one option: their places, how many voters each stands for, the points it gives."""

    groups: NDArray[np.intp]
    weights: IntArray
    points: IntArray

    @property
    def votes(self) -> int:
        """Return how many voters support the option."""
        return int(self.weights.sum())

    @property
    def score(self) -> int:
        """Return the points all of them give."""
        return int(self.weights @ self.points)


@dataclass(frozen=True)
class Election:
    """A closed vote: options in their published order, the budget in minor units, grouped ballots."""

    options: tuple[Option, ...]
    budget: int
    ballots: tuple[Ballot, ...]
    kind: BallotKind = BallotKind.APPROVAL

    def __post_init__(self) -> None:
        if len({option.id for option in self.options}) != len(self.options):
            raise ValueError("two options have the same id")
        if self.budget < 0:
            raise ValueError("the budget is negative")

    @classmethod
    def from_points(
        cls,
        options: Sequence[Option],
        budget: int,
        ballots: Iterable[Mapping[str, int]],
        kind: BallotKind = BallotKind.CUMULATIVE,
    ) -> Self:
        """Build from ballots that give points to options; an option with 0 points is not supported."""
        return cls.from_weighted(options, budget, ((ballot, 1) for ballot in ballots), kind)

    @classmethod
    def from_weighted(
        cls,
        options: Sequence[Option],
        budget: int,
        ballots: Iterable[tuple[Mapping[str, int], int]],
        kind: BallotKind = BallotKind.APPROVAL,
    ) -> Self:
        """Build from ballots that give points to options, each with the number of voters who marked just that."""
        places = {option.id: place for place, option in enumerate(options)}
        marks: Counter[Mark] = Counter()
        for ballot, weight in ballots:
            try:
                marks[mark_of({places[option_id]: points for option_id, points in ballot.items()})] += weight
            except KeyError as error:
                raise BadBallot(f"a ballot names an option that does not exist: {error.args[0]}") from error
        return cls(tuple(options), budget, grouped(marks), kind)

    @classmethod
    def from_approvals(
        cls,
        options: Sequence[Option],
        budget: int,
        ballots: Iterable[Collection[str]],
        kind: BallotKind = BallotKind.APPROVAL,
    ) -> Self:
        """Build from ballots that are sets of option ids; an empty one still counts as a voter."""
        return cls.from_points(options, budget, (_ones(ballot) for ballot in ballots), kind)

    @classmethod
    def from_rankings(cls, options: Sequence[Option], budget: int, ballots: Iterable[Sequence[str]]) -> Self:
        """Build from ballots that list options, best first: of k ranked the first gets k points, the last 1."""
        return cls.from_points(options, budget, (_ranks(ballot) for ballot in ballots), BallotKind.ORDINAL)

    @cached_property
    def voters(self) -> int:
        """Return how many voters cast a ballot, empty ones included."""
        return sum(ballot.weight for ballot in self.ballots)

    @cached_property
    def weights(self) -> IntArray:
        """Return how many voters each grouped ballot stands for."""
        return np.fromiter((ballot.weight for ballot in self.ballots), np.int64, len(self.ballots))

    @cached_property
    def supporters(self) -> tuple[Supporters, ...]:
        """Return, for every option in order, the grouped ballots that give it points."""
        lengths = np.fromiter((len(ballot.choices) for ballot in self.ballots), np.intp, len(self.ballots))
        size = int(lengths.sum())
        chosen = np.fromiter(chain.from_iterable(ballot.choices for ballot in self.ballots), np.int32, size)
        points = self._all_points(size)
        order = np.argsort(chosen, kind="stable")
        order = order[points[order] > 0]
        edges = np.searchsorted(chosen[order], np.arange(1, len(self.options), dtype=np.int32))
        del chosen
        groups = np.repeat(np.arange(len(self.ballots), dtype=np.intp), lengths)
        parts = np.split(order, edges)[: len(self.options)]
        return tuple(
            Supporters(
                groups[part], self.weights[groups[part]], ones(part.size) if points.strides == (0,) else points[part]
            )
            for part in parts
        )

    def _all_points(self, size: int) -> IntArray:
        """Return the points of all ballots one after the other; the same 1 for all where ballots carry none."""
        if all(ballot.points is all_ones(len(ballot.points)) for ballot in self.ballots):
            return ones(size)
        return np.fromiter(chain.from_iterable(ballot.points for ballot in self.ballots), np.int64, size)

    @cached_property
    def votes(self) -> tuple[int, ...]:
        """Return the number of supporters of every option."""
        return tuple(supporters.votes for supporters in self.supporters)

    @cached_property
    def scores(self) -> tuple[int, ...]:
        """Return the points of every option; equal to `votes` where ballots carry no points."""
        return tuple(supporters.score for supporters in self.supporters)

    def place(self, option_id: str) -> int:
        """Return where an option stands in the published order; raises KeyError when it is none of ours."""
        return self._places[option_id]

    @cached_property
    def _places(self) -> dict[str, int]:
        return {option.id: place for place, option in enumerate(self.options)}


@lru_cache(maxsize=1024)
def all_ones(count: int) -> tuple[int, ...]:
    """Return so many ones; ballots without points share them."""
    return (1,) * count


def ones(size: int) -> IntArray:
    """Return so many ones that take the room of one."""
    return np.broadcast_to(np.int64(1), (size,))


def mark_of(points: Mapping[int, int]) -> Mark:
    """Return what stands on a ballot, from points by the place of the option."""
    places = tuple(sorted(points))
    given = tuple(points[place] for place in places)
    plain = all_ones(len(places))
    return places, plain if given == plain else given


def grouped(marks: Mapping[Mark, int]) -> tuple[Ballot, ...]:
    """Return ballots in an order that depends on their content only, so that a count can be repeated exactly.

    Raises BadBallot for points below zero.
    """
    if any(min(points, default=0) < 0 for _places, points in marks):
        raise BadBallot("a ballot gives points below zero")
    return tuple(Ballot(*mark, marks[mark]) for mark in sorted(marks))


def _ones(ballot: Collection[str]) -> dict[str, int]:
    marks = dict.fromkeys(ballot, 1)
    if len(marks) != len(ballot):
        raise BadBallot("a ballot names an option twice")
    return marks


def _ranks(ballot: Sequence[str]) -> dict[str, int]:
    marks = {option_id: len(ballot) - place for place, option_id in enumerate(ballot)}
    if len(marks) != len(ballot):
        raise BadBallot("a ballot names an option twice")
    return marks
