"""Envelopes, floors, the ranking of needs, and what a breakdown may show: what must hold for every vote."""

from collections import Counter
from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grants.voting.counting.election import Election, Option
from grants.voting.counting.equal_shares import EqualSharesRule
from grants.voting.counting.explain import explain
from grants.voting.counting.greedy import GreedyRule, count_greedy, votes_needed
from grants.voting.counting.result import Why
from grants.voting.counting.rule import BadRule, Rule, count, rule_of, settings_of
from grants.voting.counting.support import rank_by_support
from grants.voting.counting.variants import Comparison, Completion, Fill, Utility
from grants.voting.rules.cells import LEAST, hide_small
from tests.unit.voting.elections import elections
from tests.unit.voting.exact_shares import count_slowly

AMOUNTS = st.integers(0, 30)
LIMITS = st.fixed_dictionaries(
    {
        "envelopes": st.dictionaries(st.sampled_from(["C0", "C1"]), AMOUNTS),
        "floors": st.dictionaries(st.sampled_from(["K0", "K1", "K2"]), AMOUNTS),
        "threshold": st.integers(0, 3),
        "exclusion_groups": st.lists(
            st.sets(st.sampled_from(["P0", "P1", "P2", "P3"]), min_size=2).map(frozenset), max_size=2
        ).map(tuple),
    }
)
RULES: st.SearchStrategy[Rule] = st.one_of(
    st.builds(lambda limits, skip: GreedyRule(skip=skip, **limits), LIMITS, st.booleans()),
    st.builds(
        lambda limits, utility, completion, fill, comparison: EqualSharesRule(
            utility, completion, fill, comparison, **limits
        ),
        LIMITS,
        st.sampled_from(Utility),
        st.sampled_from(Completion),
        st.sampled_from(Fill),
        st.sampled_from(Comparison),
    ),
)


def in_communities(election: Election) -> Election:
    """Return the election with its options in three communities."""
    options = tuple(replace(option, community=f"K{place % 3}") for place, option in enumerate(election.options))
    return replace(election, options=options)


def of(election: Election, rule: Rule) -> Rule:
    """Return the rule with only the rivals that there are."""
    ids = {option.id for option in election.options}
    groups = (group & ids for group in rule.exclusion_groups)
    return replace(rule, exclusion_groups=tuple(group for group in groups if len(group) > 1))


VOTES = st.booleans().flatmap(lambda points: elections(points=points)).map(in_communities)


@settings(max_examples=500, deadline=None)
@given(VOTES, RULES)
def test_no_budget_and_no_envelope_is_ever_overspent(election: Election, rule: Rule) -> None:
    rule = of(election, rule)
    result = count(election, rule)
    spent: Counter[str] = Counter()
    for winner in result.winners:
        option = election.options[election.place(winner)]
        spent[option.category] += option.cost
    assert result.total_cost == sum(spent.values()) <= election.budget
    assert all(spent[category] <= amount for category, amount in rule.envelopes.items())
    assert {outcome.option_id for outcome in result.outcomes if outcome.why.is_funded} == set(result.winners)
    for group in rule.exclusion_groups:
        assert len(group & set(result.winners)) <= 1


@settings(max_examples=500, deadline=None)
@given(VOTES, RULES)
def test_a_floor_is_reached_unless_nothing_with_support_would_fit(election: Election, rule: Rule) -> None:
    rule = of(election, rule)
    result = count(election, rule)
    funded = {election.place(winner) for winner in result.winners}
    left = election.budget - result.total_cost
    for community, floor in rule.floors.items():
        places = [place for place, option in enumerate(election.options) if option.community == community]
        if sum(election.options[place].cost for place in places if place in funded) >= floor:
            continue
        for place in set(places) - funded:
            has_support = election.votes[place] > 0 and election.scores[place] >= rule.threshold
            assert not has_support or not _fits(election, rule, funded, left, place)


def _fits(election: Election, rule: Rule, funded: set[int], left: int, place: int) -> bool:
    option = election.options[place]
    same = [other for other in funded if election.options[other].category == option.category]
    spent = sum(election.options[other].cost for other in same)
    rivals = {other for group in rule.exclusion_groups if option.id in group for other in group}
    has_rival = any(election.options[other].id in rivals for other in funded)
    return not has_rival and option.cost <= min(left, rule.envelopes.get(option.category, left + spent) - spent)


@settings(max_examples=300, deadline=None)
@given(VOTES, RULES)
def test_settings_come_back_as_they_were_and_explain_every_option(election: Election, rule: Rule) -> None:
    rule = of(election, rule)
    result = count(election, rule)
    again = rule_of(settings_of(rule, election))
    assert count(election, again).winners == result.winners
    assert settings_of(again, election) == settings_of(rule, election)
    for standing in explain(election, rule, result).standings:
        support = standing.effective_support
        assert support is None or 0 <= support <= 1
        assert (support == 1) or not standing.outcome.why.is_funded


@settings(max_examples=300, deadline=None)
@given(
    elections().map(in_communities),
    st.sampled_from([Completion.NONE, Completion.ADD1, Completion.ADD1E]),
    st.dictionaries(st.sampled_from(["C0", "C1"]), AMOUNTS),
)
def test_envelopes_are_those_of_the_slow_exact_count(
    election: Election, completion: Completion, envelopes: dict[str, int]
) -> None:
    rule = EqualSharesRule(completion=completion, envelopes=envelopes)
    assert list(count(election, rule).winners) == count_slowly(election, rule)[0]


@settings(max_examples=300, deadline=None)
@given(elections(max_options=5).map(in_communities), LIMITS, st.data())
def test_the_votes_that_were_missing_are_just_enough(
    election: Election, limits: dict[str, object], data: st.DataObject
) -> None:
    rule = GreedyRule(**limits)  # type: ignore[arg-type]
    missed = [place for place, one in enumerate(count_greedy(election, rule).outcomes) if not one.why.is_funded]
    if not missed:
        return
    place = data.draw(st.sampled_from(missed))
    needed = votes_needed(election, rule, place)
    if needed is not None:
        assert _with_score(election, rule, place, max(needed, election.votes[place]))
        assert needed > election.scores[place]


def _with_score(election: Election, rule: GreedyRule, place: int, score: int) -> bool:
    """Tell whether an option is funded when that many more people choose nothing but it."""
    more = score - election.scores[place]
    ballot = type(election.ballots[0])((place,), (1,), more)
    richer = replace(election, ballots=(*election.ballots, ballot)) if more > 0 else election
    return count_greedy(richer, rule).outcomes[place].why.is_funded


def test_a_floor_brings_in_what_its_votes_alone_would_not() -> None:
    options = [
        Option("big", 60, community="K0"),
        Option("next", 40, community="K0"),
        Option("far", 30, community="K1"),
        Option("lone", 30, community="K2"),
    ]
    ballots = [["big", "next"]] * 6 + [["big"]] * 3 + [["far"]] * 2
    election = Election.from_approvals(options, 100, ballots)
    for rule in (GreedyRule(floors={"K1": 1, "K2": 30}), EqualSharesRule(floors={"K1": 1, "K2": 30})):
        result = count(election, rule)
        assert result.winners == ("far", "big")
        assert result.outcome("far").why is Why.FUNDED_BY_FLOOR
        assert result.outcome("lone").why.is_funded is False
        assert result.rounds[0].why is Why.FUNDED_BY_FLOOR
    assert settings_of(EqualSharesRule(floors={"K1": 1}), election)["start_share"] == "70/11"


def test_a_full_envelope_neither_stops_the_count_nor_is_overrun() -> None:
    options = [Option("a", 50, "C0"), Option("b", 40, "C0"), Option("c", 50, "C1")]
    election = Election.from_approvals(options, 100, [["a", "b", "c"]] * 3 + [["a", "b"]] * 2 + [["a"]])
    result = count(election, GreedyRule(skip=False, overrun_percent=10, envelopes={"C0": 60}))
    assert result.winners == ("a", "c")
    assert result.outcome("b").why is Why.ENVELOPE_FULL
    assert result.outcome("b").remaining == 10


@pytest.mark.parametrize("limits", [{"envelopes": {"C0": -1}}, {"floors": {"K0": -1}}])
@pytest.mark.parametrize("method", ["greedy", "mes"])
def test_limits_below_zero_are_refused(limits: dict[str, object], method: str) -> None:
    election = Election.from_approvals([Option("a", 1)], 1, [["a"]])
    with pytest.raises(ValueError, match="negative"):
        count(election, rule_of({"method": method, **limits}))
    with pytest.raises(BadRule):
        rule_of({"method": method, "envelopes": {"C0": "much"}})


@settings(deadline=None)
@given(VOTES)
def test_needs_are_ranked_by_weight_and_get_no_money(election: Election) -> None:
    order = [option.id for option in reversed(election.options)]
    standings = rank_by_support(election, order)
    assert [standing.rank for standing in standings] == list(range(1, len(election.options) + 1))
    for first, second in combinations(standings, 2):
        assert first.weight >= second.weight
        if first.weight == second.weight:
            assert order.index(first.option_id) < order.index(second.option_id)
            assert second.option_id in first.tied_with
    assert sum(standing.votes for standing in standings) == sum(election.votes)


@settings(max_examples=500)
@given(st.lists(st.integers(0, 40), min_size=1, max_size=7))
def test_hidden_cells_do_not_follow_from_the_sum(counts: list[int]) -> None:
    shown = hide_small(counts)
    hidden = [count for count, cell in zip(counts, shown, strict=True) if cell is None]
    assert all(cell is None or cell == count >= LEAST for count, cell in zip(counts, shown, strict=True))
    if hidden and len(hidden) < len(counts):
        assert len(hidden) > 1
        assert sum(hidden) >= LEAST
    if all(count >= LEAST for count in counts):
        assert shown == counts
