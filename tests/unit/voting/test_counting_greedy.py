"""Greedy counting, its variants and its reasons."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grants.voting.counting.election import BadBallot, BallotKind, Election, Option
from grants.voting.counting.greedy import GreedyRule, count_greedy, votes_needed
from grants.voting.counting.result import Why
from tests.unit.voting.elections import elections

RULES = st.builds(
    GreedyRule,
    threshold=st.integers(0, 5),
    skip=st.booleans(),
    overrun_percent=st.none() | st.integers(50, 100),
    exclusion_groups=st.lists(st.frozensets(st.sampled_from(["P0", "P1", "P2"])), max_size=2).map(tuple),
)


def _election(options: list[tuple[str, int, int]], budget: int) -> Election:
    """Build from (id, cost, votes); every voter names one option."""
    ballots = [[option_id] for option_id, _cost, votes in options for _vote in range(votes)]
    return Election.from_approvals([Option(option_id, cost) for option_id, cost, _votes in options], budget, ballots)


def _reasons(election: Election, rule: GreedyRule) -> dict[str, Why]:
    return {outcome.option_id: outcome.why for outcome in count_greedy(election, rule).outcomes}


@settings(deadline=None)
@given(st.booleans().flatmap(lambda points: elections(points=points)), RULES)
def test_what_always_holds(election: Election, rule: GreedyRule) -> None:
    result = count_greedy(election, rule)
    costs = {option.id: option.cost for option in election.options}
    assert result.total_cost == sum(costs[winner] for winner in result.winners)
    if rule.overrun_percent is None:
        assert result.total_cost <= election.budget
    scores = [row.score for row in result.rounds]
    assert scores == sorted(scores, reverse=True)
    totals = [row.running_total for row in result.rounds]
    assert totals == sorted(totals)
    assert {outcome.option_id for outcome in result.outcomes if outcome.why.is_funded} == set(result.winners)
    for group in rule.exclusion_groups:
        assert len(group & set(result.winners)) <= 1
    if rule == GreedyRule():
        left = election.budget - result.total_cost
        assert all(cost > left for option_id, cost in costs.items() if option_id not in result.winners)


@settings(deadline=None)
@given(elections(), RULES, st.integers(0, 5))
def test_the_votes_it_needed_are_enough_and_one_less_is_not(election: Election, rule: GreedyRule, place: int) -> None:
    place %= len(election.options)
    if count_greedy(election, rule).outcomes[place].why.is_funded:
        return
    needed = votes_needed(election, rule, place)
    if needed is None:
        assert not _with_score(election, rule, place, 1_000)
        return
    assert _with_score(election, rule, place, needed)
    assert needed == 0 or not _with_score(election, rule, place, needed - 1)


def _with_score(election: Election, rule: GreedyRule, place: int, score: int) -> bool:
    """Tell whether an option is funded when it alone has another score."""
    changed = Election(election.options, election.budget, election.ballots, election.kind)
    scores = list(election.scores)
    scores[place] = score
    changed.__dict__["scores"] = tuple(scores)
    return count_greedy(changed, rule).outcomes[place].why.is_funded


def test_skipping_what_does_not_fit() -> None:
    election = _election([("A", 60, 9), ("B", 50, 8), ("C", 40, 7), ("D", 200, 6), ("E", 1, 0)], 100)
    result = count_greedy(election)
    assert result.winners == ("A", "C")
    assert (result.outcome("B").why, result.outcome("B").remaining) == (Why.DOES_NOT_FIT, 40)
    assert result.outcome("D").why is Why.OVER_BUDGET
    assert [row.running_total for row in result.rounds] == [60, 100]


def test_stopping_and_overrunning() -> None:
    election = _election([("A", 60, 9), ("B", 50, 8), ("C", 40, 7)], 100)
    assert _reasons(election, GreedyRule(skip=False)) == {
        "A": Why.FUNDED,
        "B": Why.DOES_NOT_FIT,
        "C": Why.AFTER_STOP,
    }
    result = count_greedy(election, GreedyRule(skip=False, overrun_percent=80))
    assert result.winners == ("A", "B")
    assert result.outcome("B").why is Why.FUNDED_BY_OVERRUN
    assert (result.outcome("C").why, result.outcome("C").rival) == (Why.AFTER_STOP, "B")
    assert result.total_cost == 110
    assert count_greedy(election, GreedyRule(skip=False, overrun_percent=81)).winners == ("A",)


def test_threshold_and_rivals() -> None:
    election = _election([("A", 10, 9), ("B", 10, 8), ("C", 10, 2)], 100)
    rule = GreedyRule(threshold=3, exclusion_groups=(frozenset({"A", "B"}),))
    assert _reasons(election, rule) == {"A": Why.FUNDED, "B": Why.RIVAL_FUNDED, "C": Why.BELOW_THRESHOLD}
    assert count_greedy(election, rule).outcome("B").rival == "A"
    assert (votes_needed(election, rule, 1), votes_needed(election, rule, 2)) == (10, 3)


def test_ties_go_by_the_stated_order_and_are_reported() -> None:
    election = _election([("A", 60, 5), ("B", 50, 5), ("C", 60, 5)], 60)
    result = count_greedy(election)
    assert result.winners == ("A",)
    assert result.rounds[0].tied_with == ("B", "C")
    assert count_greedy(election, GreedyRule(tie_order=("C", "B", "A"))).winners == ("C",)
    for order in (("C",), ("A", "B", "C", "C"), ("A", "B", "X")):
        with pytest.raises(ValueError, match="every option exactly once"):
            count_greedy(election, GreedyRule(tie_order=order))


def test_points_decide_where_ballots_carry_them() -> None:
    options = [Option("A", 10), Option("B", 10)]
    points = Election.from_points(options, 10, [{"A": 1, "B": 5}, {"A": 1}, {"A": 0}])
    assert (points.votes, points.scores, points.voters) == ((2, 1), (2, 5), 3)
    assert count_greedy(points).winners == ("B",)
    rankings = Election.from_rankings(options, 10, [["B", "A"], ["B", "A"], ["A"]])
    assert (rankings.scores, rankings.kind) == ((3, 4), BallotKind.ORDINAL)
    assert count_greedy(rankings).winners == ("B",)


def test_equal_ballots_are_counted_together() -> None:
    options = [Option("A", 10), Option("B", 10)]
    election = Election.from_approvals(options, 10, [["A", "B"], ["B", "A"], [], {"A"}])
    assert sorted(ballot.weight for ballot in election.ballots) == [1, 1, 2]
    assert election.voters == 4


@pytest.mark.parametrize("ballot", [["A", "A"], ["X"]])
def test_bad_ballots_are_refused_when_counting(ballot: list[str]) -> None:
    with pytest.raises(BadBallot):
        Election.from_approvals([Option("A", 10)], 10, [ballot])
    with pytest.raises(BadBallot):
        Election.from_rankings([Option("A", 10)], 10, [ballot])


def test_bad_elections_are_refused() -> None:
    with pytest.raises(BadBallot):
        Election.from_points([Option("A", 10)], 10, [{"A": -1}])
    with pytest.raises(ValueError, match="same id"):
        Election((Option("A", 1), Option("A", 2)), 10, ())
    with pytest.raises(ValueError, match="negative"):
        Election((), -1, ())
    with pytest.raises(ValueError, match="negative"):
        Option("A", -1)
