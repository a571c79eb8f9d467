"""The application form: completeness, budget caps, and two people editing at once."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grants.rounds.rules import DEFAULT_SETTINGS, BudgetCode
from grants.selection.rules import budget, merging
from grants.selection.rules.completeness import Paper, State, marks, missing
from grants.selection.rules.merging import Outcome, digest, raw_of, reconcile
from grants.selection.rules.paper import (
    LINKS,
    SECTIONS,
    ActivityRow,
    BudgetRow,
    DocumentKind,
    Group,
    TeamRow,
    length,
    section_limits,
)

CAPS = DEFAULT_SETTINGS["budget_caps_percent"]
COMPLETE = Paper(
    title="银杏社区老年助餐",
    starts_on=date(2026, 5, 1),
    ends_on=date(2026, 12, 31),
    project_starts_on=date(2026, 5, 1),
    project_ends_on=date(2026, 12, 31),
    person_target=60,
    attendance_target=2400,
    activity_target=40,
    indicator_names={"i1": "助餐人数"},
    promised={"i1": 60.0},
    sections=dict.fromkeys(SECTIONS, "写好了。"),
    limits=section_limits({}),
    activities=(ActivityRow(date(2026, 5, 1), "集中助餐", 40, 60),),
    fiscal=(
        BudgetRow(BudgetCode.MATERIALS, "餐食材料", 100_00, 300),
        BudgetRow(BudgetCode.STAFF, "项目人员补贴", 2_000_00, 5),
    ),
    social=(),
    ceiling_fen=50_000_00,
    caps=CAPS,
    team=(TeamRow("周敏", "统筹", "中级社工师", True),),
    documents=frozenset({DocumentKind.REGISTRATION, DocumentKind.INSPECTION, DocumentKind.PLEDGE}),
    payee_problem=None,
    is_filed=False,
    has_declared=True,
    unfinished=frozenset(),
)


def gaps(**changes: object) -> list[str]:
    return [text for _group, text in missing(replace(COMPLETE, **changes))]  # type: ignore[arg-type]


def test_one_of_the_five_links_is_enough_and_none_is_too_few() -> None:
    without = dict.fromkeys(set(SECTIONS) - set(LINKS), "写好了。")
    assert gaps(sections=without) == ["五社联动至少填写一项"]
    for link in LINKS:
        assert gaps(sections={**without, link: "居民骨干轮值。"}) == []
    assert "超出 1 字" in gaps(sections={**without, "link_capital": "字" * 101})[0]


def test_a_complete_application_lacks_nothing() -> None:
    assert missing(COMPLETE) == []
    assert {mark.state for mark in marks(COMPLETE)} == {State.DONE}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"title": ""}, "项目名称"),
        ({"ends_on": None}, "起止日期"),
        ({"ends_on": date(2026, 4, 1)}, "早于开始"),
        ({"starts_on": date(2026, 4, 30)}, "早于项目计划"),
        ({"ends_on": date(2027, 1, 1)}, "晚于项目计划"),
        ({"person_target": 0}, "服务人数"),
        ({"attendance_target": 59}, "人次少于"),
        ({"activity_target": 41}, "少于承诺的 41 场"),
        ({"promised": {}}, "助餐人数"),
        ({"sections": {**COMPLETE.sections, "risks": ""}}, "风险预计"),
        ({"sections": {**COMPLETE.sections, "risks": "险" * 401}}, "超出 1 字"),
        ({"activities": ()}, "活动计划"),
        ({"activities": (ActivityRow(date(2026, 4, 1), "太早", 40, 1),)}, "不在实施期"),
        ({"fiscal": ()}, "财政资金预算表"),
        ({"ceiling_fen": 39_999_99}, "超过项目限额"),
        ({"fiscal": (BudgetRow(BudgetCode.MANAGEMENT, "管理费", 100, 1),)}, "管理费"),
        ({"team": ()}, "项目团队"),
        ({"team": (TeamRow("周敏", "统筹", "", False),)}, "项目负责人"),
        ({"documents": frozenset({DocumentKind.REGISTRATION, DocumentKind.PLEDGE})}, "年检"),
        ({"is_filed": True}, "承接机构协议"),
        ({"social": (BudgetRow(BudgetCode.MATERIALS, "捐赠", 100, 1),)}, "社会资金证明"),
        ({"payee_problem": "备案组织须由承接机构收款"}, "承接机构收款"),
        ({"has_declared": False}, "诚信承诺"),
        ({"unfinished": frozenset({"fiscal"})}, "填了一半"),
    ],
)
def test_every_gap_is_named(changes: dict[str, object], words: str) -> None:
    assert any(words in text for text in gaps(**changes))


def test_an_untouched_page_is_empty_and_a_begun_one_partial() -> None:
    empty = replace(COMPLETE, sections={}, team=(), unfinished=frozenset({"team"}))
    states = {mark.group: mark.state for mark in marks(empty)}
    assert states[Group.TEXTS] is State.EMPTY
    assert states[Group.TEAM] is State.PARTIAL
    assert states[Group.BUDGET] is State.DONE


def test_length_counts_punctuation_and_a_line_break_as_one() -> None:
    assert length("为老服务，\r\n每周两次。") == 11


rows = st.lists(
    st.builds(
        BudgetRow,
        code=st.sampled_from(BudgetCode),
        content=st.just("内容"),
        unit_price_fen=st.integers(1, 10_000_00),
        quantity=st.integers(1, 50),
    ),
    max_size=12,
)


@given(rows)
@settings(max_examples=500, deadline=None)
def test_the_caps_agree_with_percents_of_the_whole(found: list[BudgetRow]) -> None:
    whole = sum(row.unit_price_fen * row.quantity for row in found)
    over = set()
    for code, percent in CAPS.items():
        taken = sum(row.amount_fen for row in found if row.code.value == code)
        if taken * 100 > percent * whole:
            over.add(code)
    sums = budget.code_sums(found, CAPS)
    assert {one.code.value for one in sums if one.is_over} == over
    assert sum(one.amount_fen for one in sums) == whole
    complaints = budget.problems(found, [], ceiling_fen=whole, caps=CAPS)
    assert len(complaints) == (len(over) if found else 1)


def test_money_of_society_needs_no_caps() -> None:
    social = [BudgetRow(BudgetCode.MANAGEMENT, "管理费", 100_00, 1)]
    assert budget.problems(COMPLETE.fiscal, social, ceiling_fen=COMPLETE.ceiling_fen, caps=CAPS) == []
    assert budget.leverage_percent(40_000_00, 10_000_00) == 25.0
    assert budget.leverage_percent(0, 1) is None


texts = st.text(max_size=6)


@given(base=texts, mine=texts, theirs=texts)
@settings(max_examples=500, deadline=None)
def test_a_part_only_one_side_changed_is_never_lost_and_never_a_conflict(base: str, mine: str, theirs: str) -> None:
    outcome = reconcile(mine, theirs, base_digest=digest(base), is_current=False, is_own=False)
    if mine in (theirs, base):
        assert outcome is Outcome.THEIRS
    elif theirs == base:
        assert outcome is Outcome.MINE
    else:
        assert outcome is Outcome.CONFLICT


def test_a_page_never_conflicts_with_itself_and_a_stranger_without_a_base_does() -> None:
    assert reconcile("b", "a", base_digest=None, is_current=False, is_own=True) is Outcome.MINE
    assert reconcile("b", "a", base_digest=None, is_current=True, is_own=False) is Outcome.MINE
    assert reconcile("b", "a", base_digest=None, is_current=False, is_own=False) is Outcome.CONFLICT


def test_typed_values_go_back_to_what_was_typed() -> None:
    assert raw_of(date(2026, 5, 1)) == "2026-05-01"
    assert raw_of(None) == ""
    assert raw_of("一\r\n二 ") == "一\n二"
    assert raw_of([COMPLETE.fiscal[0]]) == [
        {"code": "01", "content": "餐食材料", "unit_price": "100.00", "quantity": "300"}
    ]
    assert raw_of([COMPLETE.team[0]]) == [
        {"name": "周敏", "duty": "统筹", "qualification": "中级社工师", "is_leader": "1"}
    ]
    with pytest.raises(TypeError):
        merging.raw_of([{"a": 1}])
