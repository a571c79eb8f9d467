"""Why the result is what it is: plain data from which the result page tells every option's story."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil

import numpy as np

from grants.voting.counting.election import Election
from grants.voting.counting.equal_shares import EqualSharesRule, SharesCount, greedy_rival
from grants.voting.counting.greedy import GreedyRule, count_greedy, votes_needed
from grants.voting.counting.result import Outcome, Result, Why
from grants.voting.counting.rule import Rule
from grants.voting.counting.shares_run import Candidate, FloatArray, Run, total_of


@dataclass(frozen=True)
class Spending:
    """Money in minor units that the supporters of one option spent on another."""

    option_id: str
    money: float


@dataclass(frozen=True)
class Standing:
    """One option's story.

    `effective_support` is 1 for a funded option; for another, how much of what it needed it had, at best 0.99…: under
    equal shares the largest part of its cost that its supporters would have paid at the price of some round, or with
    all they had left in the end; under greedy its score against the score it needed. None where support did not decide.
    `votes_needed` is the least score (greedy) or number of supporters with a full share (equal shares) that would have
    been enough. `supporters_left` and `spent_on` say where its supporters' money is.
    """

    outcome: Outcome
    effective_support: float | None
    votes_needed: int | None = None
    supporters_left: float | None = None
    spent_on: tuple[Spending, ...] = ()


@dataclass(frozen=True)
class GroupShare:
    """Votes for the options of a category or a community against the money they got, in minor units."""

    name: str
    votes: int
    money: int
    funded_count: int
    option_count: int


@dataclass(frozen=True)
class Fairness:
    """Who gets something: voters with at least one funded option, and how many that would be by simple majority."""

    voters: int
    with_funded: int
    with_funded_by_majority: int
    categories: tuple[GroupShare, ...]
    communities: tuple[GroupShare, ...] = ()


@dataclass(frozen=True)
class Explanation:
    """The stories of all options in published order, and the fairness panel."""

    standings: tuple[Standing, ...]
    fairness: Fairness


def explain(election: Election, rule: Rule, result: Result) -> Explanation:
    """Return the explanation of a result that this rule gave for this election."""
    # With a comparison greedy may have won; its result has no share, and its own story is the true one
    if isinstance(rule, EqualSharesRule) and result.share is not None:
        run = SharesCount(election, rule).run(result.share)
        standings = _shares_standings(election, result, rule, run)
    else:
        standings = _greedy_standings(election, result, rule)
    return Explanation(tuple(standings), fairness(election, result.winners))


def fairness(election: Election, winners: Iterable[str]) -> Fairness:
    """Return the fairness panel for a list of winners."""
    chosen = {election.place(option_id) for option_id in winners}
    majority = {election.place(option_id) for option_id in count_greedy(election).winners}
    return Fairness(
        voters=election.voters,
        with_funded=_reached(election, chosen),
        with_funded_by_majority=_reached(election, majority),
        categories=_shares(election, chosen, [option.category for option in election.options]),
        communities=_shares(election, chosen, [option.community for option in election.options]),
    )


def _reached(election: Election, places: set[int]) -> int:
    return sum(ballot.weight for ballot in election.ballots if not places.isdisjoint(ballot.choices))


def _shares(election: Election, chosen: set[int], names: Sequence[str]) -> tuple[GroupShare, ...]:
    """Return votes and money for each of the names that the options have, in the order in which they come first."""
    groups: dict[str, list[int]] = {}
    for place, name in enumerate(names):
        groups.setdefault(name, []).append(place)
    return tuple(_share(election, name, places, chosen) for name, places in groups.items())


def _share(election: Election, name: str, places: Sequence[int], chosen: set[int]) -> GroupShare:
    funded = [place for place in places if place in chosen]
    return GroupShare(
        name=name,
        votes=sum(election.votes[place] for place in places),
        money=sum(election.options[place].cost for place in funded),
        funded_count=len(funded),
        option_count=len(places),
    )


def _greedy_standings(election: Election, result: Result, rule: Rule) -> Iterable[Standing]:
    greedy = rule if isinstance(rule, GreedyRule) else greedy_rival(election, rule)
    for place, outcome in enumerate(result.outcomes):
        needed = None if outcome.why.is_funded else votes_needed(election, greedy, place)
        support = 1.0 if outcome.why.is_funded else None
        if needed:
            support = outcome.score / needed
        yield Standing(outcome, support, needed)


def _shares_standings(election: Election, result: Result, rule: EqualSharesRule, run: Run) -> Iterable[Standing]:
    watched = {
        candidate.place: candidate
        for candidate in SharesCount(election, rule).candidates
        if not result.outcomes[candidate.place].why.is_funded
    }
    support = dict.fromkeys(watched, 0.0)
    spent: dict[int, list[Spending]] = {place: [] for place in watched}
    left = np.full(len(election.ballots), float(run.share))
    for funding in run.fundings:
        key = funding.price / funding.candidate.scale
        before = left.copy()
        funding.candidate.pay(left, funding.price)
        paid = before - left
        for place, candidate in watched.items():
            support[place] = max(support[place], _would_pay(candidate, before, key * candidate.scale))
            money = total_of(candidate.float_weights, paid[candidate.groups])
            if money > 0:
                spent[place].append(Spending(election.options[funding.candidate.place].id, money))
    for place, outcome in enumerate(result.outcomes):
        if place in watched:
            yield _watched_standing(outcome, watched[place], run, left, support[place], spent[place])
        else:
            yield _bare_standing(outcome, rule)


def _watched_standing(
    outcome: Outcome, candidate: Candidate, run: Run, left: FloatArray, support: float, spent: list[Spending]
) -> Standing:
    money = total_of(candidate.float_weights, left[candidate.groups])
    return Standing(
        outcome=outcome,
        effective_support=min(1.0, max(support, money / candidate.cost)),
        votes_needed=ceil(candidate.cost / run.share) if outcome.why is Why.TOO_FEW_VOTES else None,
        supporters_left=money,
        spent_on=tuple(sorted(spent, key=lambda spending: -spending.money)),
    )


def _bare_standing(outcome: Outcome, rule: EqualSharesRule) -> Standing:
    """Return the story of an option that was funded or took no part."""
    if outcome.why.is_funded:
        return Standing(outcome, 1.0)
    if outcome.why is Why.BELOW_THRESHOLD:
        return Standing(outcome, outcome.score / rule.threshold, rule.threshold)
    return Standing(outcome, 0.0 if outcome.why is Why.NO_VOTES else None)


def _would_pay(candidate: Candidate, budgets: FloatArray, price: float) -> float:
    """Return which part of its cost the supporters of an option would have paid at this price."""
    money = np.minimum(budgets[candidate.groups], candidate.due(price))
    return total_of(candidate.float_weights, money) / candidate.cost
