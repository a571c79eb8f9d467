"""The rule of changes: what is put on record, what takes two approvals, what is refused."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grants.agreements.rules import (
    CHANGE_FLOW,
    ChangeAction,
    ChangeKind,
    ChangeStatus,
    LineDraft,
    LineMove,
    Plan,
    needs_approval,
    shift_months,
    unexplained,
    why_not_approve_another,
    why_not_extend,
    why_not_move,
    why_not_now,
    why_not_plan,
    why_not_targets,
)
from grants.foundation.errors import TransitionRefused
from grants.rounds.rules import BudgetCode
from grants.selection.rules import MoneySource

ALLOWED = {
    (ChangeStatus.PROPOSED, ChangeAction.FILE): ChangeStatus.FILED,
    (ChangeStatus.PROPOSED, ChangeAction.ENDORSE): ChangeStatus.ENDORSED,
    (ChangeStatus.PROPOSED, ChangeAction.REFUSE): ChangeStatus.REFUSED,
    (ChangeStatus.PROPOSED, ChangeAction.WITHDRAW): ChangeStatus.WITHDRAWN,
    (ChangeStatus.ENDORSED, ChangeAction.APPROVE): ChangeStatus.APPROVED,
    (ChangeStatus.ENDORSED, ChangeAction.REFUSE): ChangeStatus.REFUSED,
    (ChangeStatus.ENDORSED, ChangeAction.WITHDRAW): ChangeStatus.WITHDRAWN,
}


@pytest.mark.parametrize("status", ChangeStatus)
@pytest.mark.parametrize("action", ChangeAction)
def test_every_pair_of_status_and_action(status: ChangeStatus, action: ChangeAction) -> None:
    if (status, action) in ALLOWED:
        assert CHANGE_FLOW.next(status, action) is ALLOWED[status, action]
    else:
        with pytest.raises(TransitionRefused):
            CHANGE_FLOW.next(status, action)


def move(baseline: int, wanted: int, *, now: int | None = None, spent: int = 0, source: str = "fiscal") -> LineMove:
    """Return a line that moves."""
    return LineMove("食材", source, baseline, baseline if now is None else now, wanted, spent)


@pytest.mark.parametrize(("wanted", "is_small"), [(1100, True), (1101, False), (900, True), (899, False)])
def test_a_tenth_of_the_line_is_the_border_to_the_fen(wanted: int, is_small: bool) -> None:
    assert move(1000, wanted).is_small is is_small
    assert needs_approval(ChangeKind.BUDGET, [move(1000, wanted)]) is not is_small


def test_small_moves_add_up_against_what_was_approved_last() -> None:
    assert needs_approval(ChangeKind.BUDGET, [move(1000, 1150, now=1090)])


@pytest.mark.parametrize("kind", [one for one in ChangeKind if one is not ChangeKind.BUDGET])
def test_everything_but_small_moves_takes_approval(kind: ChangeKind) -> None:
    assert needs_approval(kind, [])


@given(st.lists(st.tuples(st.integers(1, 10**6), st.integers(1, 10**6)), min_size=1, max_size=6))
def test_money_moves_only_within_the_total(pairs: list[tuple[int, int]]) -> None:
    moves = [move(before, after) for before, after in pairs]
    may = why_not_move(moves) is None
    same_total = sum(before for before, _after in pairs) == sum(after for _before, after in pairs)
    assert may is (same_total and any(before != after for before, after in pairs))


def test_public_money_never_becomes_social_money() -> None:
    moves = [move(1000, 900), move(1000, 1100, source="social")]
    assert "总额内调剂" in str(why_not_move(moves))


def test_no_line_falls_below_what_is_spent_or_to_nothing() -> None:
    assert "已列支" in str(why_not_move([move(1000, 900, spent=901), move(1000, 1100)]))
    assert why_not_move([move(1000, 900, spent=900), move(1000, 1100)]) is None
    assert "大于零" in str(why_not_move([move(1000, 0), move(1000, 2000)]))


def test_no_change_in_the_last_month_nor_beside_an_open_one_nor_a_third() -> None:
    end = date(2026, 12, 31)

    def answer(day: date, *, approved: int = 0, has_open: bool = False) -> str | None:
        return why_not_now(day=day, ends_on=end, approved_count=approved, has_open=has_open)

    assert answer(date(2026, 11, 30)) is None
    assert "最后一个月" in str(answer(date(2026, 12, 1)))
    assert "审批中" in str(answer(date(2026, 6, 1), has_open=True))
    assert answer(date(2026, 6, 1), approved=1) is None
    assert "不超过 2 次" in str(answer(date(2026, 6, 1), approved=2))
    assert why_not_approve_another(2) is not None


@pytest.mark.parametrize(
    ("wanted", "before", "words"),
    [
        (date(2027, 2, 28), False, None),
        (date(2027, 3, 1), False, "不超过 3 个月"),
        (date(2026, 12, 31), True, "最多延期一次"),
        (date(2026, 11, 30), False, "相同"),
        (date(2026, 11, 29), False, "只办理延期"),
    ],
)
def test_an_extension_is_one_of_three_months_at_most(wanted: date, before: bool, words: str | None) -> None:
    why = why_not_extend(ends_on=date(2026, 11, 30), wanted=wanted, extended_before=before)
    assert why is None if words is None else words in str(why)


def test_months_end_on_the_last_day_of_a_shorter_month() -> None:
    assert shift_months(date(2026, 11, 30), 3) == date(2027, 2, 28)
    assert shift_months(date(2027, 3, 31), -1) == date(2027, 2, 28)
    assert shift_months(date(2026, 1, 15), -1) == date(2025, 12, 15)


def test_targets_change_to_numbers_above_zero() -> None:
    assert why_not_targets({"person_target": 1}, {"person_target": 2}) is None
    assert "没有变化" in str(why_not_targets({"person_target": 1}, {"person_target": 1}))
    assert "大于零" in str(why_not_targets({"person_target": 1}, {"person_target": 0}))


def test_whatever_differs_from_the_application_has_its_reason() -> None:
    asked = [LineDraft(MoneySource.FISCAL, BudgetCode.MATERIALS, "食材", 100, 1)]
    cut = LineDraft(MoneySource.FISCAL, BudgetCode.MATERIALS, "食材", 90, 1)
    assert unexplained(asked, asked) is None
    assert "调整理由" in str(unexplained(asked, [cut]))
    assert unexplained(asked, [LineDraft(cut.source, cut.code, cut.content, 90, 1, "降价")]) is None
    assert "未列入" in str(unexplained(asked, []))
    added = LineDraft(MoneySource.FISCAL, BudgetCode.INSURANCE, "意外险", 5)
    assert "增加理由" in str(unexplained(asked, [*asked, added]))


def test_a_plan_names_leader_and_region() -> None:
    assert why_not_plan(Plan("周敏", "银杏社区", 1, 1, 1)) is None
    assert "负责人" in str(why_not_plan(Plan(" ", "银杏社区", 1, 1, 1)))
    assert "实施区域" in str(why_not_plan(Plan("周敏", "", 1, 1, 1)))
    assert "小于零" in str(why_not_plan(Plan("周敏", "银杏社区", -1, 1, 1)))
