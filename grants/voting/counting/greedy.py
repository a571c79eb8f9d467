"""Greedy counting (简单多数): the most votes first, as long as the money lasts.

Variants seen in real votes: a threshold, stopping at the first option that does not fit, funding that one all the same
when most of its cost is left (Poznań), and rivals of which only one can be built.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from grants.voting.counting.election import Election
from grants.voting.counting.limits import Floors, Room
from grants.voting.counting.result import Outcome, Result, Round, Why


@dataclass(frozen=True)
class GreedyRule:
    """How greedy counts. `tie_order` lists option ids, first wins a tie; empty means the published order.

    `threshold` is the least score an option needs; at 0 even an option nobody chose is funded when it fits. Without
    `skip` the count stops at the first option that does not fit. With `overrun_percent` that option is still funded,
    as the last, when at least so much of its cost is left. In every group of `exclusion_groups` the first funded
    option knocks the others out. `envelopes` (by category) and `floors` (by community) are in minor units, see
    counting.limits; a full envelope neither stops the count nor is ever overrun, and a floor is not for options nobody
    chose.
    """

    tie_order: tuple[str, ...] = ()
    threshold: int = 0
    skip: bool = True
    overrun_percent: int | None = None
    exclusion_groups: tuple[frozenset[str], ...] = ()
    envelopes: Mapping[str, int] = field(default_factory=dict)
    floors: Mapping[str, int] = field(default_factory=dict)


@dataclass
class _Tally:
    room: Room
    rounds: list[Round] = field(default_factory=list)
    outcomes: dict[int, Outcome] = field(default_factory=dict)
    stopped_at: str | None = None


def count_greedy(election: Election, rule: GreedyRule | None = None) -> Result:
    """Count by points (votes, where ballots carry none), highest first, equal ones in the tie order.

    Raises ValueError when the tie order does not name every option exactly once.
    """
    rule = rule or GreedyRule()
    tally = _start(election, rule)
    for place in _secure_floors(election, rule, tally, ranking(election, rule.tie_order)):
        _decide(election, rule, tally, place)
    return Result(
        winners=tuple(row.option_id for row in tally.rounds),
        total_cost=election.budget - tally.room.left,
        budget=election.budget,
        rounds=tuple(tally.rounds),
        outcomes=tuple(tally.outcomes[place] for place in range(len(election.options))),
    )


def secured_by_floors(election: Election, rule: GreedyRule) -> list[int]:
    """Return the places of options that the floors of their communities bring in, in the order of funding."""
    tally = _start(election, rule)
    _secure_floors(election, rule, tally, ranking(election, rule.tie_order))
    return list(tally.outcomes)


def _start(election: Election, rule: GreedyRule) -> _Tally:
    return _Tally(Room(election.budget, rule.envelopes))


def _secure_floors(election: Election, rule: GreedyRule, tally: _Tally, places: Sequence[int]) -> list[int]:
    """Fund what the floors ask for, most points first; return the places that are still to be decided."""
    floors = Floors(rule.floors)
    undecided = []
    for place in places:
        option = election.options[place]
        if floors.is_short(option) and _can_secure(election, rule, tally, place):
            _fund(election, tally, place, Why.FUNDED_BY_FLOOR)
            floors.fund(option)
        else:
            undecided.append(place)
    return undecided


def _can_secure(election: Election, rule: GreedyRule, tally: _Tally, place: int) -> bool:
    has_support = election.votes[place] > 0 and election.scores[place] >= rule.threshold
    return has_support and _money_for(election, rule, tally, place) is Why.FUNDED


def ranking(election: Election, tie_order: Sequence[str] = ()) -> list[int]:
    """Return the places of all options, most points first, equal ones in the tie order."""
    rank = tie_ranks(election, tie_order)
    return sorted(range(len(election.options)), key=lambda place: (-election.scores[place], rank[place]))


def tie_ranks(election: Election, tie_order: Sequence[str] = ()) -> list[int]:
    """Return the rank of every option among equals: its place in the tie order, or in the published order."""
    if not tie_order:
        return list(range(len(election.options)))
    ranks = {option_id: rank for rank, option_id in enumerate(tie_order)}
    if len(tie_order) != len(election.options) or set(ranks) != {option.id for option in election.options}:
        raise ValueError("the order of ties must name every option exactly once")
    return [ranks[option.id] for option in election.options]


def votes_needed(election: Election, rule: GreedyRule, place: int) -> int | None:
    """Return the least score with which an option that was not funded would have been, or None when no score helps.

    All others keep theirs: they are counted without the option, and it is offered what is left before each of them.
    """
    ranks = tie_ranks(election, rule.tie_order)
    tally = _start(election, rule)
    others = [other for other in ranking(election, rule.tie_order) if other != place]
    found = [_needed_for_floor(election, rule, place, others)]
    needed = None
    for other in _secure_floors(election, rule, tally, others):
        if _money_for(election, rule, tally, place).is_funded:
            needed = election.scores[other] + (0 if ranks[place] < ranks[other] else 1)
        _decide(election, rule, tally, other)
    if _money_for(election, rule, tally, place).is_funded:
        needed = 0
    found.append(None if needed is None else max(needed, rule.threshold))
    return min((score for score in found if score is not None), default=None)


def _needed_for_floor(election: Election, rule: GreedyRule, place: int, others: Sequence[int]) -> int | None:
    """Return the least score with which the floor of its community would have brought an option in, or None."""
    ranks, option = tie_ranks(election, rule.tie_order), election.options[place]
    tally, floors = _start(election, rule), Floors(rule.floors)
    needed = None
    for other in others:
        if floors.is_short(option) and _money_for(election, rule, tally, place) is Why.FUNDED:
            needed = election.scores[other] + (0 if ranks[place] < ranks[other] else 1)
        rival = election.options[other]
        if floors.is_short(rival) and _can_secure(election, rule, tally, other):
            _fund(election, tally, other, Why.FUNDED_BY_FLOOR)
            floors.fund(rival)
    if floors.is_short(option) and _money_for(election, rule, tally, place) is Why.FUNDED:
        needed = 0
    return None if needed is None else max(needed, rule.threshold, 1)


def _decide(election: Election, rule: GreedyRule, tally: _Tally, place: int) -> None:
    """Decide one option and write it down."""
    option = election.options[place]
    why, rival = _why(election, rule, tally, place)
    if why.is_funded:
        _fund(election, tally, place, why)
    else:
        left = tally.room.left_for(option)
        tally.outcomes[place] = Outcome(
            option.id, why, election.votes[place], election.scores[place], option.cost, left, rival
        )
    if why is Why.FUNDED_BY_OVERRUN or (why in {Why.DOES_NOT_FIT, Why.OVER_BUDGET} and not rule.skip):
        tally.stopped_at = option.id


def _fund(election: Election, tally: _Tally, place: int, why: Why) -> None:
    option, left = election.options[place], tally.room.left_for(election.options[place])
    tally.outcomes[place] = Outcome(option.id, why, election.votes[place], election.scores[place], option.cost, left)
    tally.room.spend(option)
    tally.rounds.append(_round(election, tally, place, why))


def _why(election: Election, rule: GreedyRule, tally: _Tally, place: int) -> tuple[Why, str | None]:
    if election.scores[place] < rule.threshold:
        return Why.BELOW_THRESHOLD, None
    why = _money_for(election, rule, tally, place)
    rival = tally.stopped_at
    if why is Why.RIVAL_FUNDED:
        rival = _funded_rival(rule, tally, election.options[place].id)
    return why, rival


def _money_for(election: Election, rule: GreedyRule, tally: _Tally, place: int) -> Why:
    """Return whether an option with enough votes would be funded if its turn were now, or why not."""
    option = election.options[place]
    if tally.stopped_at is not None:
        return Why.AFTER_STOP
    if _funded_rival(rule, tally, option.id) is not None:
        return Why.RIVAL_FUNDED
    if tally.room.overfills_envelope(option):
        return Why.ENVELOPE_FULL
    if option.cost <= tally.room.left:
        return Why.FUNDED
    if rule.overrun_percent is not None and tally.room.left * 100 >= option.cost * rule.overrun_percent:
        return Why.FUNDED_BY_OVERRUN
    return Why.OVER_BUDGET if option.cost > election.budget else Why.DOES_NOT_FIT


def _funded_rival(rule: GreedyRule, tally: _Tally, option_id: str) -> str | None:
    """Return the funded option that shares an exclusion group with this one."""
    rivals = {other for group in rule.exclusion_groups if option_id in group for other in group}
    return next((row.option_id for row in tally.rounds if row.option_id in rivals), None)


def _round(election: Election, tally: _Tally, place: int, why: Why) -> Round:
    option, votes = election.options[place], election.votes[place]
    same = [other for other, score in enumerate(election.scores) if score == election.scores[place] and other != place]
    undecided = tuple(election.options[other].id for other in same if other not in tally.outcomes)
    return Round(
        option_id=option.id,
        votes=votes,
        score=election.scores[place],
        effective_votes=float(votes),
        payment=option.cost / votes if votes else 0.0,
        cost=option.cost,
        running_total=election.budget - tally.room.left,
        tied_with=undecided,
        paying_in_full=votes,
        why=why,
    )
