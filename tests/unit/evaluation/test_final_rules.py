"""Grades by a round's own lines and words; what a re-examination may change."""

import pytest

from grants.evaluation.rules import BandTable, Grade, LineChange, changed_lines, grade_label, grade_of, why_not_uphold

BANDS = {"excellent": 85, "good": 80, "pass": 60}


@pytest.mark.parametrize(
    ("total", "table", "expected", "word"),
    [
        (85, BandTable.PROJECT, Grade.EXCELLENT, "优秀"),
        (84.99, BandTable.PROJECT, Grade.GOOD, "良好"),
        (84.99, BandTable.FISCAL, Grade.GOOD, "良"),
        (84.99, BandTable.LETTERS, Grade.PASS, "B 等"),
        (60, BandTable.LETTERS, Grade.PASS, "B 等"),
        (59.99, BandTable.LETTERS, Grade.FAIL, "C 等"),
    ],
)
def test_a_round_grades_by_its_own_lines_and_words(total: float, table: BandTable, expected: Grade, word: str) -> None:
    grade = grade_of(total, BANDS, table=table)
    assert grade is expected
    assert str(grade_label(grade, {"band_table": table.value})) == word
    assert grade_of(total, BANDS, True, table) is Grade.FAIL


LINES = {"a": ("团队", 3.0), "b": ("档案", 2.0)}


@pytest.mark.parametrize(
    ("typed", "lifts", "words"),
    [
        ({"a": (3.0, "同"), "computed": (9.0, "改")}, False, "须调整得分"),
        ({"a": (2.0, "更低")}, False, "不能低于"),
        ({"a": (4.0, " ")}, False, "写明依据"),
        ({"a": (4.0, "补充了证书")}, False, None),
        ({}, True, None),
    ],
)
def test_an_upheld_appeal_raises_something_and_lowers_nothing(
    typed: dict[str, tuple[float, str]], lifts: bool, words: str | None
) -> None:
    why = why_not_uphold(changed_lines(LINES, typed), lifts)
    assert why is None if words is None else words in (why or "")


def test_the_change_keeps_what_was_there_before() -> None:
    assert changed_lines(LINES, {"b": (3.0, " 已补 "), "a": (3.0, "")}) == {"b": LineChange("档案", 2.0, 3.0, "已补")}
