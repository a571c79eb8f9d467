"""The arithmetic of scores: exact fractions inside, two decimals where a figure is published.

Nothing here knows who scored: the same functions fill the ranking, the result an applicant reads and the recount.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from grants.foundation.i18n import Text, _l

CENT = Decimal("0.01")
LEVELS = (1, 2, 3, 4, 5)
"""What a juror chooses between for each question, from worst to best."""
KEPT_AT_LEAST = 3
"""Scores that must remain after trimming."""


@dataclass(frozen=True)
class TieBreak:
    """One step that parts equal composites: the mean points of some criteria, the higher wins."""

    name: Text
    prefixes: tuple[str, ...]

    def covers(self, code: str) -> bool:
        """Tell whether a criterion counts for this step."""
        return code.startswith(self.prefixes)


TIE_BREAKS: tuple[TieBreak, ...] = (
    TieBreak(_l("需求契合度得分"), ("need_",)),
    TieBreak(_l("迫切程度与弱势群体得分"), ("need_urgency",)),
    TieBreak(_l("预算合理性得分"), ("budget_",)),
)
DRAW = _l("公开种子抽签")


def two_decimals(value: Fraction | Decimal | int) -> Decimal:
    """Round half up to two decimals, as published figures are."""
    exact = value if isinstance(value, Decimal) else Decimal(value.numerator) / Decimal(value.denominator)
    return exact.quantize(CENT, rounding=ROUND_HALF_UP)


def why_not_points(points: Decimal, max_points: int) -> bool:
    """Tell whether points are outside 0 to the maximum, or not in halves."""
    return points < 0 or points > max_points or points * 2 != (points * 2).to_integral_value()


def mean(values: Sequence[Decimal]) -> Fraction:
    """Return the exact mean; raises ValueError for no values."""
    if not values:
        raise ValueError("no scores to average")
    return sum((Fraction(value) for value in values), Fraction(0)) / len(values)


@dataclass(frozen=True)
class Trimmed:
    """The mean of the scores that count, and the two that were dropped (None when none were)."""

    mean: Decimal
    counted: tuple[Decimal, ...]
    lowest: Decimal | None = None
    highest: Decimal | None = None


def trimmed_mean(totals: Sequence[Decimal], *, trimmed_from: int = 5) -> Trimmed:
    """Drop one highest and one lowest when there are enough scores and three remain, then average to two decimals."""
    ordered = sorted(totals)
    if len(ordered) >= trimmed_from and len(ordered) - 2 >= KEPT_AT_LEAST:
        kept = tuple(ordered[1:-1])
        return Trimmed(two_decimals(mean(kept)), kept, ordered[0], ordered[-1])
    return Trimmed(two_decimals(mean(ordered)), tuple(ordered))


def deviates(total: Decimal, totals: Sequence[Decimal], percent: int) -> bool:
    """Tell whether one total lies more than `percent` of the mean of all totals away from it."""
    average = mean(totals)
    return abs(Fraction(total) - average) * 100 > average * percent


def jury_points(level: int, max_points: int) -> int:
    """Return what a juror's choice (1 to 5) is worth for a question of `max_points`."""
    if level not in LEVELS:
        raise ValueError("a juror chooses between 1 and 5")
    return (2 * level * max_points + LEVELS[-1]) // (2 * LEVELS[-1])


def composite(expert: Decimal, jury: Decimal, community: Decimal, weights: Mapping[str, int]) -> Decimal:
    """Weigh the three published scores by the round's percents, to two decimals."""
    parts = {"expert": expert, "jury": jury, "community": community}
    total = sum(weights[name] for name in parts)
    if total <= 0:
        raise ValueError("the weights must not all be zero")
    weighed = sum((Fraction(parts[name]) * weights[name] for name in parts), Fraction(0))
    return two_decimals(weighed / total)


@dataclass(frozen=True)
class Standing:
    """What ranks one application: its composite, and the means that part equals, in the order of TIE_BREAKS."""

    key: str
    composite: Decimal
    tie_means: tuple[Fraction, ...]


@dataclass(frozen=True)
class Ranked:
    """A place in the ranking, and which step parted it from the one it was equal with (None: no tie)."""

    key: str
    rank: int
    tie_break: Text | None


def lot(seed: str, key: str) -> str:
    """Return the lot of a key under a published seed; the smaller lot comes first. Anyone can recompute it."""
    return hashlib.sha256(f"{seed}|{key}".encode()).hexdigest()


def rank(standings: Sequence[Standing], seed: str) -> list[Ranked]:
    """Order by composite, then the tie-breaks, then the lot; no two share a place."""
    ordered = sorted(standings, key=lambda one: lot(seed, one.key))
    ordered.sort(key=lambda one: (one.composite, one.tie_means), reverse=True)
    places = []
    for number, standing in enumerate(ordered, start=1):
        neighbours = ordered[max(0, number - 2) : number - 1] + ordered[number : number + 1]
        places.append(Ranked(standing.key, number, _parted_by(standing, neighbours)))
    return places


def _parted_by(standing: Standing, neighbours: Sequence[Standing]) -> Text | None:
    """Name the last step that was needed against a neighbour with the same composite."""
    steps = [_step(standing, other) for other in neighbours if other.composite == standing.composite]
    if not steps:
        return None
    deepest = max(steps)
    return TIE_BREAKS[deepest].name if deepest < len(TIE_BREAKS) else DRAW


def _step(one: Standing, other: Standing) -> int:
    for number, (mine, theirs) in enumerate(zip(one.tie_means, other.tie_means, strict=True)):
        if mine != theirs:
            return number
    return len(TIE_BREAKS)


@dataclass(frozen=True)
class Heard:
    """Everything said about one application, without anybody's name."""

    key: str
    totals: tuple[Decimal, ...]
    jury: tuple[int, ...]
    community: int
    tie_means: tuple[Fraction, ...]


@dataclass(frozen=True)
class Judged:
    """What follows from it: the published figures and the place."""

    key: str
    expert: Trimmed
    jury: Decimal
    community: Decimal
    composite: Decimal
    rank: int
    tie_break: Text | None


def judge(heard: Sequence[Heard], *, weights: Mapping[str, int], trimmed_from: int, seed: str) -> list[Judged]:
    """Return the figures and places of all applications of a call, best first.

    Raises ValueError when an application has no expert or no juror: the caller refuses before that.
    """
    figures = {}
    for one in heard:
        expert = trimmed_mean(one.totals, trimmed_from=trimmed_from)
        jury = two_decimals(mean([Decimal(total) for total in one.jury]))
        community = two_decimals(one.community)
        figures[one.key] = (expert, jury, community, composite(expert.mean, jury, community, weights))
    standings = [Standing(one.key, figures[one.key][3], one.tie_means) for one in heard]
    return [Judged(place.key, *figures[place.key], place.rank, place.tie_break) for place in rank(standings, seed)]
