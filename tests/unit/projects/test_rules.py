"""Projects: every status × action, shares against caps, and the kinds of indicator."""

import itertools

import pytest

from grants.foundation.errors import TransitionRefused
from grants.projects.rules import (
    PROJECT_FLOW,
    CostLine,
    IndicatorKind,
    ProjectAction,
    ProjectStatus,
    missing_kinds,
    shares,
)
from grants.rounds.rules import BudgetCode

S, A = ProjectStatus, ProjectAction
EXPECTED = {
    (S.DRAFT, A.COST): S.COSTED,
    (S.COSTED, A.REVISE): S.DRAFT,
    (S.COSTED, A.APPROVE): S.APPROVED,
    (S.COSTED, A.REJECT): S.REJECTED,
    (S.APPROVED, A.ANNOUNCE): S.ANNOUNCED,
    (S.ANNOUNCED, A.FUND): S.FUNDED,
    (S.ANNOUNCED, A.REJECT): S.REJECTED,
    (S.ANNOUNCED, A.REVISE): S.DRAFT,
    (S.FUNDED, A.CALL): S.CALLED,
    (S.CALLED, A.AWARD): S.AWARDED,
    (S.CALLED, A.REOPEN_CALL): S.FUNDED,
    (S.AWARDED, A.START): S.ACTIVE,
    (S.ACTIVE, A.EVALUATE): S.EVALUATED,
    (S.ACTIVE, A.TERMINATE): S.TERMINATED,
    (S.EVALUATED, A.CLOSE): S.CLOSED,
}


@pytest.mark.parametrize(("status", "action"), list(itertools.product(S, A)))
def test_every_status_and_action_leads_where_the_house_says_or_nowhere(status: S, action: A) -> None:
    if (status, action) in EXPECTED:
        assert PROJECT_FLOW.next(status, action) is EXPECTED[status, action]
    else:
        with pytest.raises(TransitionRefused):
            PROJECT_FLOW.next(status, action)


def test_shares_sum_by_code_in_the_order_of_the_chart() -> None:
    found = shares([(BudgetCode.MANAGEMENT, 100), (BudgetCode.MATERIALS, 850), (BudgetCode.MANAGEMENT, 50)], {"09": 10})
    assert [(share.code, share.amount_fen, share.percent) for share in found] == [
        (BudgetCode.MATERIALS, 850, 85.0),
        (BudgetCode.MANAGEMENT, 150, 15.0),
    ]
    assert [share.is_over for share in found] == [False, True]
    assert found[1].cap_fen == 100
    assert found[0].cap_fen is None


@pytest.mark.parametrize(("amount", "is_over"), [(1000, False), (1001, True)])
def test_exactly_at_the_cap_is_allowed_and_one_fen_more_is_not(amount: int, is_over: bool) -> None:
    found = shares([(BudgetCode.MATERIALS, 10_000 - amount), (BudgetCode.MANAGEMENT, amount)], {"09": 10})
    assert found[-1].is_over is is_over


def test_no_lines_make_no_shares() -> None:
    assert shares([], {"09": 10}) == []


def test_a_line_costs_price_times_quantity() -> None:
    assert CostLine(BudgetCode.MATERIALS, "桌椅", 12_345, 3).amount_fen == 37_035


@pytest.mark.parametrize(
    ("kinds", "count"),
    [
        (set(), 3),
        ({IndicatorKind.OUTPUT_TIME}, 2),
        ({IndicatorKind.OUTPUT_COUNT, IndicatorKind.EFFECT_SUSTAINED}, 1),
        ({IndicatorKind.OUTPUT_COUNT, IndicatorKind.EFFECT_SOCIAL, IndicatorKind.SATISFACTION}, 0),
    ],
)
def test_output_effect_and_satisfaction_are_all_needed(kinds: set[IndicatorKind], count: int) -> None:
    assert len(missing_kinds(kinds)) == count
