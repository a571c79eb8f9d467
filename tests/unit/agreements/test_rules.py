"""The arithmetic of a draft: gates, caps, milestones; and what the usual terms promise."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grants.agreements.rules import (
    AGREEMENT_FLOW,
    MILESTONE_FLOW,
    AgreementAction,
    AgreementStatus,
    Gate,
    LineDraft,
    MilestoneAction,
    MilestoneDraft,
    MilestoneStatus,
    default_milestones,
    default_terms,
    gates_for,
    over_cap,
    why_not_lines,
    why_not_milestones,
)
from grants.foundation.errors import TransitionRefused
from grants.rounds.rules import DEFAULT_SETTINGS, BudgetCode
from grants.selection.rules import MoneySource

CAPS = DEFAULT_SETTINGS["budget_caps_percent"]


def line(code: BudgetCode, amount_fen: int, source: MoneySource = MoneySource.FISCAL) -> LineDraft:
    """Return a budget line."""
    return LineDraft(source, code, "内容", amount_fen)


@pytest.mark.parametrize(
    ("count", "gates"),
    [
        (1, [Gate.FINAL]),
        (2, [Gate.SIGNED, Gate.FINAL]),
        (3, [Gate.SIGNED, Gate.MIDTERM, Gate.FINAL]),
        (4, [Gate.SIGNED, Gate.MIDTERM, Gate.MIDTERM, Gate.FINAL]),
    ],
)
def test_the_first_tranche_opens_by_signing_and_the_last_by_evaluation(count: int, gates: list[Gate]) -> None:
    assert gates_for(count) == gates


def test_social_money_counts_neither_against_the_award_nor_under_caps() -> None:
    lines = [line(BudgetCode.MATERIALS, 100), line(BudgetCode.STAFF, 900, MoneySource.SOCIAL)]
    assert why_not_lines(lines, 100) is None
    assert over_cap(lines, CAPS) is None
    assert why_not_lines([line(BudgetCode.MATERIALS, 100, MoneySource.SOCIAL)], 100) is not None


def test_a_cap_is_exact_to_the_fen() -> None:
    at_cap = [line(BudgetCode.MANAGEMENT, 1000), line(BudgetCode.MATERIALS, 9000)]
    above = [line(BudgetCode.MANAGEMENT, 1000), line(BudgetCode.MATERIALS, 8999)]
    assert over_cap(at_cap, CAPS) is None
    assert "管理费" in (over_cap(above, CAPS) or "")


def test_two_lines_of_one_code_share_its_cap() -> None:
    lines = [line(BudgetCode.STAFF, 200), line(BudgetCode.STAFF, 200), line(BudgetCode.MATERIALS, 600)]
    assert "人员费" in (over_cap(lines, CAPS) or "")


def test_the_usual_milestones_keep_the_rules() -> None:
    drafts = default_milestones(date(2026, 3, 1), date(2026, 10, 31))
    assert why_not_milestones(drafts, date(2026, 3, 1), date(2026, 10, 31)) is None
    assert drafts[0].due_on == date(2026, 7, 1)


@given(st.dates(date(2026, 1, 1), date(2030, 1, 1)), st.integers(2, 720))
def test_the_usual_milestones_fit_any_term(starts_on: date, days: int) -> None:
    ends_on = date.fromordinal(starts_on.toordinal() + days)
    assert why_not_milestones(default_milestones(starts_on, ends_on), starts_on, ends_on) is None


def test_a_single_milestone_is_not_enough() -> None:
    day = date(2026, 5, 1)
    assert "至少" in (why_not_milestones([MilestoneDraft("唯一", day)], day, day) or "")


def test_the_usual_terms_name_earmarking_and_rectification() -> None:
    terms = default_terms()
    for promise in ("专款专用", "整改", "居民监督员", "签到表不对外公开"):
        assert promise in terms


@pytest.mark.parametrize("status", AgreementStatus)
@pytest.mark.parametrize("action", AgreementAction)
def test_every_pair_of_an_agreement_is_decided(status: AgreementStatus, action: AgreementAction) -> None:
    allowed = {
        (AgreementStatus.DRAFT, AgreementAction.SIGN): AgreementStatus.SIGNED,
        (AgreementStatus.SIGNED, AgreementAction.COMPLETE): AgreementStatus.COMPLETED,
        (AgreementStatus.SIGNED, AgreementAction.TERMINATE): AgreementStatus.TERMINATED,
    }
    if (status, action) in allowed:
        assert AGREEMENT_FLOW.next(status, action) is allowed[status, action]
    else:
        with pytest.raises(TransitionRefused):
            AGREEMENT_FLOW.next(status, action)


def test_a_milestone_is_verified_through_both_sides_only() -> None:
    ways = [pair for pair, target in MILESTONE_FLOW.table.items() if target is MilestoneStatus.VERIFIED]
    assert ways == [(MilestoneStatus.COMMUNITY_VERIFIED, MilestoneAction.VERIFY_RESIDENT)]
    ways = [pair for pair, target in MILESTONE_FLOW.table.items() if target is MilestoneStatus.COMMUNITY_VERIFIED]
    assert ways == [(MilestoneStatus.CLAIMED, MilestoneAction.VERIFY_COMMUNITY)]
