"""Equal shares against the slow exact count, and what must hold for every election."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grants.voting.counting.election import Election, Option
from grants.voting.counting.equal_shares import EqualSharesRule, count_equal_shares, prefers
from grants.voting.counting.result import Why
from grants.voting.counting.variants import Comparison, Completion, Fill, Utility
from tests.unit.voting.elections import NEARLY_EQUAL, elections
from tests.unit.voting.exact_shares import count_slowly

RULES = st.builds(EqualSharesRule, utility=st.sampled_from(Utility), completion=st.sampled_from(Completion))


@settings(max_examples=600, deadline=None)
@given(st.booleans().flatmap(lambda points: elections(points=points)), RULES)
def test_same_as_the_slow_exact_count(election: Election, rule: EqualSharesRule) -> None:
    result = count_equal_shares(election, rule)
    winners, _steps = count_slowly(election, rule)
    assert list(result.winners) == winners


@settings(max_examples=300, deadline=None)
@given(
    elections(costs=NEARLY_EQUAL),
    st.sampled_from(Utility),
    st.sets(st.sampled_from(["P0", "P1", "P2"]), min_size=1).map(frozenset),
)
def test_close_calls_are_settled_exactly(election: Election, utility: Utility, rivals: frozenset[str]) -> None:
    groups = (rivals & {option.id for option in election.options},)
    rule = EqualSharesRule(utility=utility, completion=Completion.NONE, exclusion_groups=groups)
    assert list(count_equal_shares(election, rule).winners) == count_slowly(election, rule)[0]
    walk = EqualSharesRule(utility=utility, increment=10**9 + 1, exclusion_groups=groups)
    assert list(count_equal_shares(election, walk).winners) == count_slowly(election, walk)[0]


@settings(max_examples=200, deadline=None)
@given(elections(), RULES, st.sampled_from(Fill), st.integers(0, 3))
def test_what_always_holds(election: Election, rule: EqualSharesRule, fill: Fill, threshold: int) -> None:
    rule = EqualSharesRule(utility=rule.utility, completion=rule.completion, fill=fill, threshold=threshold)
    result = count_equal_shares(election, rule)
    costs = {option.id: option.cost for option in election.options}
    assert result.total_cost == sum(costs[winner] for winner in result.winners) <= election.budget
    assert len(set(result.winners)) == len(result.winners)
    totals = [row.running_total for row in result.rounds]
    assert totals == sorted(totals)
    assert [outcome.option_id for outcome in result.outcomes] == [option.id for option in election.options]
    assert {outcome.option_id for outcome in result.outcomes if outcome.why.is_funded} == set(result.winners)
    assert all(election.scores[election.place(winner)] >= max(1, threshold) for winner in result.winners)


@settings(max_examples=150, deadline=None)
@given(elections(), st.randoms(use_true_random=False))
def test_order_of_ballots_and_names_of_voters_do_not_matter(election: Election, random: object) -> None:
    shuffled = list(election.ballots)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    again = Election(election.options, election.budget, tuple(shuffled), election.kind)
    assert count_equal_shares(again).winners == count_equal_shares(election).winners


def _election(costs: dict[str, int], budget: int, ballots: list[list[str]]) -> Election:
    return Election.from_approvals([Option(option_id, cost) for option_id, cost in costs.items()], budget, ballots)


def test_a_minority_gets_its_part() -> None:
    """60 voters want A, B, C and 40 want D; greedy gives the majority all, equal shares does not."""
    election = _election({"A": 300, "B": 300, "C": 300, "D": 300}, 900, [["A", "B", "C"]] * 60 + [["D"]] * 40)
    result = count_equal_shares(election, EqualSharesRule(completion=Completion.NONE))
    assert result.winners == ("A", "D")
    assert result.share == 9
    completed = count_equal_shares(election)
    assert set(completed.winners) == {"A", "B", "D"}
    assert (completed.share, completed.steps) == (14, 5)  # one step more and C would be funded, too


def test_what_a_round_says() -> None:
    election = _election({"A": 60, "B": 30}, 90, [["A"]] * 6 + [["A", "B"]] * 3)
    rounds = count_equal_shares(election, EqualSharesRule(completion=Completion.NONE)).rounds
    assert (rounds[0].option_id, rounds[0].votes, rounds[0].paying_in_full) == ("A", 9, 9)
    assert rounds[0].payment == pytest.approx(60 / 9)
    assert rounds[0].effective_votes == pytest.approx(9)
    assert len(rounds) == 1
    completed = count_equal_shares(election)
    assert completed.rounds[1].running_total == 90
    assert completed.share == 17
    assert completed.rounds[1].effective_votes == pytest.approx(3)


def test_supporters_short_of_money_pay_the_rest() -> None:
    """B costs 22: its two supporters who paid for A before have 8 left each, the third still 10."""
    election = _election({"A": 6, "B": 22}, 60, [["A"], ["A", "B"], ["A", "B"], ["B"], [], []])
    result = count_equal_shares(election, EqualSharesRule(completion=Completion.NONE, utility=Utility.CARDINALITY))
    assert result.winners == ("A", "B")
    assert result.rounds[1].payment == pytest.approx(22 / 3)
    dearer = _election({"A": 6, "B": 25}, 60, [["A"], ["A", "B"], ["A", "B"], ["B"], [], []])
    last = count_equal_shares(dearer, EqualSharesRule(completion=Completion.NONE, utility=Utility.CARDINALITY)).rounds[
        1
    ]
    assert (last.option_id, last.payment, last.effective_votes) == ("B", pytest.approx(9), pytest.approx(25 / 9))
    assert (last.paying_in_full, last.paying_the_rest) == (1, 2)


def test_ties_go_to_the_lowest_cost_then_votes_then_order() -> None:
    election = _election({"A": 20, "B": 10, "C": 10}, 20, [["A", "B", "C"]] * 4)
    result = count_equal_shares(election)
    assert result.winners == ("B", "C")
    assert set(result.rounds[0].tied_with) == {"A", "C"}
    assert result.settled_exactly >= 1
    assert result.smallest_gap == 0
    lot = count_equal_shares(election, EqualSharesRule(tie_order=("C", "A", "B")))
    assert lot.winners[0] == "C"
    with pytest.raises(ValueError, match="every option"):
        count_equal_shares(election, EqualSharesRule(tie_order=("C",)))


def test_a_tie_that_floating_point_gets_wrong() -> None:
    """Thirds and sevenths: A and B cost the same per supporter to the last digit, and the order must decide."""
    election = Election.from_approvals(
        [Option("X", 7), Option("A", 10), Option("B", 10), Option("Y", 3)],
        40,
        [["X", "A", "Y"], ["X", "B", "Y"], ["X", "A"], ["X", "B"], ["Y", "A"], ["Y", "B"], ["X"]],
    )
    for order in (("X", "Y", "A", "B"), ("X", "Y", "B", "A")):
        rule = EqualSharesRule(utility=Utility.CARDINALITY, tie_order=order, completion=Completion.NONE)
        result = count_equal_shares(election, rule)
        winners = [winner for winner in result.winners if winner in {"A", "B"}]
        assert winners[0] == order[2]
        assert result.settled_exactly >= 1


def test_reasons() -> None:
    costs = {"A": 60, "B": 30, "few": 50, "none": 1, "huge": 1000, "weak": 5, "fill": 8}
    ballots = [["A", "B"]] * 6 + [["A"]] + [["few"]] * 2 + [["huge", "fill"]] * 2 + [["weak"]]
    rule = EqualSharesRule(completion=Completion.NONE, threshold=2)
    reasons = {
        outcome.option_id: outcome.why for outcome in count_equal_shares(_election(costs, 120, ballots), rule).outcomes
    }
    assert reasons == {
        "A": Why.FUNDED,
        "B": Why.MONEY_SPENT,
        "few": Why.TOO_FEW_VOTES,
        "none": Why.NO_VOTES,
        "huge": Why.OVER_BUDGET,
        "weak": Why.BELOW_THRESHOLD,
        "fill": Why.FUNDED,
    }


def test_fill_spends_the_rest_by_votes() -> None:
    election = _election({"A": 60, "B": 50, "C": 40}, 100, [["A"]] * 6 + [["B"]] * 1 + [["C"]] * 3)
    plain = count_equal_shares(election, EqualSharesRule(completion=Completion.NONE))
    assert plain.winners == ("A",)
    filled = count_equal_shares(election, EqualSharesRule(completion=Completion.NONE, fill=Fill.GREEDY))
    assert filled.winners == ("A", "C")
    assert filled.outcome("C").why is Why.FUNDED_BY_FILL
    assert filled.rounds[1].payment == 0
    assert filled.total_cost == 100


def test_rivals() -> None:
    groups = (frozenset({"A", "B"}),)
    election = _election({"A": 40, "B": 30, "C": 30}, 100, [["A", "B"]] * 5 + [["A"]] + [["C"]] * 4)
    result = count_equal_shares(election, EqualSharesRule(exclusion_groups=groups, fill=Fill.GREEDY))
    assert set(result.winners) == {"A", "C"}
    assert (result.outcome("B").why, result.outcome("B").rival) == (Why.RIVAL_FUNDED, "A")
    for completion in Completion:
        rule = EqualSharesRule(exclusion_groups=groups, completion=completion)
        assert not {"A", "B"} <= set(count_equal_shares(election, rule).winners)


def test_comparison_with_greedy() -> None:
    election = _election({"big": 100, "s1": 30, "s2": 30}, 100, [["big"]] * 6 + [["s1", "big"]] * 2 + [["s2"]] * 3)
    shares = count_equal_shares(election)
    assert "big" not in shares.winners or shares.winners == ("big",)
    assert prefers(election, Comparison.SATISFACTION, ["big"], ["s1", "s2"])
    assert not prefers(election, Comparison.REACH, ["s1"], ["s1"])
    compared = count_equal_shares(election, EqualSharesRule(comparison=Comparison.SATISFACTION))
    assert compared.winners == ("big",)


def test_a_long_walk_is_not_made_step_by_step() -> None:
    """One supporter of a dear option: a walk of 80 million steps of one 分, of which all but a few are needless."""
    election = _election({"A": 1_000, "B": 90_000_000_00}, 90_000_010_00, [["A"]] * 99 + [["B"]])
    result = count_equal_shares(election)
    assert set(result.winners) == {"A", "B"}
    result = count_equal_shares(election, EqualSharesRule(completion=Completion.ADD1E))
    assert set(result.winners) == {"A", "B"}


def test_nothing_to_count() -> None:
    empty = Election((), 10, ())
    assert count_equal_shares(empty).winners == ()
    nobody = _election({"A": 1}, 10, [])
    assert count_equal_shares(nobody).outcome("A").why is Why.NO_VOTES
    with pytest.raises(KeyError):
        count_equal_shares(nobody).outcome("B")
    with pytest.raises(ValueError, match="at least one"):
        EqualSharesRule(increment=0)


def test_the_first_share_can_be_given() -> None:
    election = _election({"A": 10, "B": 10}, 20, [["A"], ["B"]])
    assert count_equal_shares(election, EqualSharesRule(start_share=Fraction(1))).steps == 9
    with pytest.raises(ValueError, match="first share"):
        count_equal_shares(election, EqualSharesRule(start_share=Fraction(11)))
    stopped = EqualSharesRule(start_share=Fraction(1), completion=Completion.NONE)
    assert count_equal_shares(election, stopped).winners == ()
