"""What a count says: who won, in which rounds, and for every option why."""

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction


class Why(StrEnum):
    """Why an option was funded or not; each has its sentence on the result page."""

    FUNDED = "funded"
    FUNDED_BY_OVERRUN = "funded_by_overrun"
    FUNDED_BY_FILL = "funded_by_fill"
    FUNDED_BY_FLOOR = "funded_by_floor"
    NO_VOTES = "no_votes"
    BELOW_THRESHOLD = "below_threshold"
    OVER_BUDGET = "over_budget"
    RIVAL_FUNDED = "rival_funded"
    DOES_NOT_FIT = "does_not_fit"
    ENVELOPE_FULL = "envelope_full"
    AFTER_STOP = "after_stop"
    TOO_FEW_VOTES = "too_few_votes"
    MONEY_SPENT = "money_spent"

    @property
    def is_funded(self) -> bool:
        """Tell whether the option won."""
        return self in {Why.FUNDED, Why.FUNDED_BY_OVERRUN, Why.FUNDED_BY_FILL, Why.FUNDED_BY_FLOOR}


@dataclass(frozen=True)
class Round:
    """One decision for an option; money in minor units.

    `effective_votes` and `payment` are those of equal shares (the highest payment of one supporter; with points, the
    price of one point). In a greedy round each supporter "pays" an equal part of the cost.
    `tied_with` names options that were exactly as good, so that only the order of ties decided. `why` tells an option
    that its community's floor or what was left of the budget pays from one that its votes alone brought in.
    """

    option_id: str
    votes: int
    score: int
    effective_votes: float
    payment: float
    cost: int
    running_total: int
    tied_with: tuple[str, ...] = ()
    paying_in_full: int = 0
    paying_the_rest: int = 0
    why: Why = Why.FUNDED


@dataclass(frozen=True)
class Outcome:
    """What became of one option. `remaining` is the money that was left for it when its turn came,
    in its category where that has an envelope with less in it.

    `rival` names the funded option of the same exclusion group, or the one at which the count stopped.
    """

    option_id: str
    why: Why
    votes: int
    score: int
    cost: int
    remaining: int | None = None
    rival: str | None = None


@dataclass(frozen=True)
class Result:
    """The whole answer of one counting rule.

    `smallest_gap` is the smallest relative distance of any decision taken in floating point before it was either clear
    (1e-9 and more) or settled in exact fractions; `settled_exactly` counts the latter. `share` is what every voter had
    to spend in the end, in minor units; `steps` how often it was raised.
    """

    winners: tuple[str, ...]
    total_cost: int
    budget: int
    rounds: tuple[Round, ...]
    outcomes: tuple[Outcome, ...]
    smallest_gap: float | None = None
    settled_exactly: int = 0
    share: Fraction | None = None
    steps: int = 0

    def outcome(self, option_id: str) -> Outcome:
        """Return what became of one option; raises KeyError for an unknown one."""
        for outcome in self.outcomes:
            if outcome.option_id == option_id:
                return outcome
        raise KeyError(option_id)
