"""The fiscal self-evaluation: 10/50/30/10, what an absent class leaves to others, what people judge."""

from decimal import Decimal

import pytest

from grants.evaluation.rules import (
    FiscalClass,
    FiscalLevel,
    FiscalRow,
    execution_points,
    fiscal_points,
    needs_reason,
    why_not_judge,
)

OUTPUT, EFFECT, VOICE = FiscalClass


def row(kind: FiscalClass = OUTPUT, actual: int | None = 10, **parts: object) -> FiscalRow:
    return FiscalRow(kind, Decimal(10), None if actual is None else Decimal(actual), **parts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("rows", "full"),
    [
        ([row(), row(EFFECT), row(VOICE)], [50, 30, 10]),
        ([row(VOICE), row(), row(EFFECT)], [10, 50, 30]),
        ([row(), row(), row(EFFECT), row(VOICE)], [25, 25, 30, 10]),
        ([row(), row(VOICE)], [75, 15]),
        ([row(EFFECT)], [90]),
    ],
)
def test_a_class_that_does_not_apply_leaves_its_points(rows: list[FiscalRow], full: list[int]) -> None:
    assert [most for most, _points in fiscal_points(rows)] == full


def test_thirds_still_sum_to_ninety() -> None:
    found = fiscal_points([row()] * 3 + [row(EFFECT)] * 7 + [row(VOICE)] * 3)
    assert sum(most for most, _points in found) == 90


@pytest.mark.parametrize(
    ("one", "points"),
    [
        (row(), 90),
        (row(actual=5), 45),
        (row(actual=None), 0),
        (row(actual=30), 90),
        (row(actual=30, cut=Decimal(20)), 72),
        (row(actual=20, is_lower_better=True), 45),
        (row(actual=3, percent=Decimal(70)), 63),
    ],
)
def test_unmet_scores_in_proportion_and_people_judge_quality(one: FiscalRow, points: int) -> None:
    assert fiscal_points([one])[0][1] == points


@pytest.mark.parametrize(("spent", "points"), [(0, 0), (50, 5), (100, 10), (150, 10)])
def test_money_is_ten_times_the_share_spent(spent: int, points: int) -> None:
    assert execution_points(100, spent) == points


def test_what_misses_or_far_exceeds_its_target_says_why() -> None:
    assert [needs_reason(row(actual=actual)) for actual in (9, 10, 13, 14)] == [True, False, False, True]


@pytest.mark.parametrize(
    ("level", "percent", "cut", "words"),
    [
        (FiscalLevel.PARTLY, None, 0, "一起填写"),
        (FiscalLevel.PARTLY, 85, 0, "60 至 80"),
        (None, None, -1, "0 至 100"),
        (None, None, 10, "明显超过"),
        (FiscalLevel.MISSED, 60, 0, None),
    ],
)
def test_a_judgement_has_to_make_sense(
    level: FiscalLevel | None, percent: float | None, cut: float, words: str | None
) -> None:
    why = why_not_judge(row(), level, percent, cut)
    assert why is None if words is None else words in (why or "")
