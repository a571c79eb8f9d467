"""The story of every option, and a rule that can be written down and read again."""

import json
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grants.voting.counting.election import Election, Option
from grants.voting.counting.equal_shares import EqualSharesRule
from grants.voting.counting.explain import explain, fairness
from grants.voting.counting.greedy import GreedyRule
from grants.voting.counting.result import Why
from grants.voting.counting.rule import BadRule, Rule, count, rule_of, settings_of
from grants.voting.counting.variants import Comparison, Completion, Fill, Utility
from tests.unit.voting.elections import elections

SHARES = st.builds(
    EqualSharesRule,
    utility=st.sampled_from(Utility),
    completion=st.sampled_from(Completion),
    fill=st.sampled_from(Fill),
    comparison=st.sampled_from(Comparison),
    threshold=st.integers(0, 4),
)
RULES = SHARES | st.builds(GreedyRule, threshold=st.integers(0, 4), skip=st.booleans())


def _vote() -> Election:
    options = [
        Option("canteen", 60, "老"),
        Option("lamps", 30, "老"),
        Option("garden", 50, "绿"),
        Option("choir", 40, "文"),
        Option("nobody", 5, "文"),
    ]
    ballots = [["canteen", "lamps"]] * 6 + [["canteen"]] * 2 + [["garden"]] * 3 + [["choir"]] * 2
    return Election.from_approvals(options, 130, ballots)


def test_where_the_money_of_supporters_went() -> None:
    rule = EqualSharesRule(completion=Completion.NONE)
    election = _vote()
    result = count(election, rule)
    assert result.winners == ("canteen",)
    told = {standing.outcome.option_id: standing for standing in explain(election, rule, result).standings}
    lamps = told["lamps"]
    assert lamps.outcome.why is Why.MONEY_SPENT
    assert [(spending.option_id, spending.money) for spending in lamps.spent_on] == [("canteen", pytest.approx(45))]
    assert lamps.supporters_left == pytest.approx(15)
    assert lamps.effective_support == pytest.approx(0.75)  # 22.50 of 30 at the price of the first round
    garden = told["garden"]
    assert (garden.outcome.why, garden.votes_needed) == (Why.TOO_FEW_VOTES, 5)
    assert garden.effective_support == pytest.approx(0.6)
    assert told["nobody"].effective_support == 0
    assert told["canteen"].effective_support == 1


def test_greedy_says_how_many_votes_were_missing() -> None:
    election = _vote()
    rule = GreedyRule(threshold=1)
    result = count(election, rule)
    assert result.winners == ("canteen", "lamps", "choir")
    told = {standing.outcome.option_id: standing for standing in explain(election, rule, result).standings}
    assert (told["garden"].votes_needed, told["garden"].effective_support) == (7, pytest.approx(3 / 7))
    assert told["garden"].outcome.remaining == 40
    assert told["nobody"].votes_needed is None or told["nobody"].votes_needed >= 1


def test_fairness_panel() -> None:
    panel = fairness(_vote(), ["canteen", "garden"])
    assert (panel.voters, panel.with_funded, panel.with_funded_by_majority) == (13, 11, 10)
    assert [(row.name, row.votes, row.money) for row in panel.categories] == [
        ("老", 14, 60),
        ("绿", 3, 50),
        ("文", 2, 0),
    ]
    assert [(row.funded_count, row.option_count) for row in panel.categories] == [(1, 2), (1, 1), (0, 2)]


@settings(max_examples=300, deadline=None)
@given(elections(), RULES)
def test_every_option_has_a_story(election: Election, rule: Rule) -> None:
    result = count(election, rule)
    explanation = explain(election, rule, result)
    assert [standing.outcome for standing in explanation.standings] == list(result.outcomes)
    for standing in explanation.standings:
        if standing.outcome.why.is_funded:
            assert standing.effective_support == 1
        elif standing.effective_support is not None:
            assert 0 <= standing.effective_support <= 1
        if standing.outcome.why is Why.MONEY_SPENT and result.share is not None:
            assert standing.supporters_left is not None
            assert standing.supporters_left < standing.outcome.cost
            spent = sum(spending.money for spending in standing.spent_on)
            assert spent + standing.supporters_left == pytest.approx(float(result.share) * standing.outcome.votes)


def test_too_low_a_score_and_too_high_a_cost() -> None:
    election = Election.from_approvals([Option("A", 10), Option("B", 99)], 20, [["A"], ["B"], ["B"]])
    rule = EqualSharesRule(threshold=2)
    first, second = explain(election, rule, count(election, rule)).standings
    assert (first.outcome.why, first.effective_support, first.votes_needed) == (Why.BELOW_THRESHOLD, 0.5, 2)
    assert (second.outcome.why, second.effective_support) == (Why.OVER_BUDGET, None)


@settings(max_examples=400, deadline=None)
@given(elections(), RULES)
def test_a_rule_survives_being_written_down(election: Election, rule: Rule) -> None:
    written = json.loads(json.dumps(settings_of(rule, election)))
    again = rule_of(written)
    assert settings_of(again, election) == written
    assert count(election, again).winners == count(election, rule).winners


def test_settings_have_defaults_and_an_end() -> None:
    assert rule_of({"method": "greedy"}) == GreedyRule()
    assert rule_of({"method": "mes"}) == EqualSharesRule()
    given_settings = {"method": "mes", "utility": "points", "start_share": "7/3", "exclusion_groups": [["A", "B"]]}
    rule = rule_of(given_settings)
    assert isinstance(rule, EqualSharesRule)
    assert (rule.start_share, rule.exclusion_groups) == (Fraction(7, 3), (frozenset({"A", "B"}),))
    for bad in ({}, {"method": "lot"}, {"method": "mes", "utility": "luck"}, {"method": "greedy", "luck": 1}):
        with pytest.raises(BadRule):
            rule_of(bad)
