"""The mid-term table: what is computed, when a report is late, what blocks the next tranche."""

from datetime import date

import pytest

from grants.agreements.rules import MidtermResult, why_midterm_blocks
from grants.evaluation.rules import Progress, elapsed_share, is_overdue, midterm_points, midterm_total

MOST = {"midterm_schedule": 20, "midterm_people": 15, "midterm_execution": 15}


def progress(**parts: float) -> Progress:
    """Return half a term with half of everything done."""
    usual = {
        "elapsed": 0.5,
        "activity_count": 12,
        "activity_target": 24,
        "person_count": 60,
        "person_target": 120,
        "attendance_count": 750,
        "attendance_target": 1500,
        "spent_fen": 80,
        "received_fen": 100,
    }
    return Progress(**{**usual, **parts})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ({}, (20, 15, 12)),
        ({"activity_count": 6}, (10, 15, 12)),
        ({"activity_count": 24, "spent_fen": 900}, (20, 15, 15)),
        ({"person_count": 0}, (20, 7.5, 12)),
        ({"elapsed": 0.0, "activity_count": 0, "person_count": 0, "attendance_count": 0}, (20, 15, 12)),
        ({"received_fen": 0}, (20, 15, 0)),
    ],
)
def test_points_follow_what_was_due_by_now(parts: dict[str, float], expected: tuple[float, ...]) -> None:
    found = midterm_points(progress(**parts), MOST)
    assert tuple(found[code].points for code in MOST) == expected


def test_a_line_the_round_does_not_have_is_left_out() -> None:
    assert set(midterm_points(progress(), {"midterm_schedule": 40, "own": 60})) == {"midterm_schedule"}


@pytest.mark.parametrize(
    ("day", "share"),
    [(date(2025, 12, 1), 0), (date(2026, 1, 1), 0), (date(2026, 1, 11), 0.5), (date(2026, 2, 1), 1)],
)
def test_the_share_of_the_term(day: date, share: float) -> None:
    assert elapsed_share(date(2026, 1, 1), date(2026, 1, 21), day) == share


def test_the_last_day_is_in_time() -> None:
    due = date(2026, 3, 31)
    assert not is_overdue(due, False, due)
    assert is_overdue(due, False, date(2026, 4, 1))
    assert not is_overdue(due, True, date(2026, 4, 1))


def test_bonus_may_carry_the_total_over_a_hundred_and_malus_not_under_nothing() -> None:
    assert midterm_total(98, 5, 0) == 103
    assert midterm_total(4, 0, 10) == 0


@pytest.mark.parametrize(
    ("result", "day", "words"),
    [
        (None, 10, "还没有公布"),
        (MidtermResult.FAILED, 10, "不合格"),
        (MidtermResult.APPEALED, 10, "复核"),
        (MidtermResult.PASSED, 9, "2026-03-10"),
        (MidtermResult.PASSED, 10, None),
    ],
)
def test_the_next_tranche_waits_for_a_pass_that_counts(
    result: MidtermResult | None, day: int, words: str | None
) -> None:
    why = why_midterm_blocks(result, date(2026, 3, 10), date(2026, 3, day))
    assert why is None if words is None else words in (why or "")
