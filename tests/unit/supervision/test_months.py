"""Months of an agreement: which there are, when plan and report are due, how much time is over."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grants.supervision.rules import (
    first_of,
    last_of,
    month_after,
    month_of,
    months_between,
    plan_due_on,
    report_due_on,
    share_of_time,
)

DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 1))


@given(DAYS)
def test_a_day_lies_in_its_month_and_the_next_month_follows_at_once(day: date) -> None:
    month = month_of(day)
    assert first_of(month) <= day <= last_of(month)
    assert first_of(month_after(month)) == last_of(month) + timedelta(days=1)


@pytest.mark.parametrize("text", ["", "2026", "2026-3", "2026-13", "2026-00", "2026-03-01", "二零二六-03"])
def test_what_is_no_month_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  # whichever words the parser finds
        first_of(text)


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [
        (date(2026, 1, 31), date(2026, 2, 1), ["2026-01", "2026-02"]),
        (date(2026, 12, 1), date(2027, 1, 31), ["2026-12", "2027-01"]),
        (date(2026, 3, 5), date(2026, 3, 5), ["2026-03"]),
        (date(2026, 3, 5), date(2026, 2, 28), []),
    ],
)
def test_a_term_has_every_month_it_touches(start: date, end: date, months: list[str]) -> None:
    assert months_between(start, end) == months


def test_plan_and_report_are_due_on_their_day_but_no_plan_before_the_agreement_is_in_force() -> None:
    assert plan_due_on("2026-12", 5, date(2026, 1, 1)) == date(2026, 12, 5)
    assert plan_due_on("2026-12", 5, date(2026, 12, 20)) == date(2026, 12, 20)
    assert report_due_on("2026-12", 5) == date(2027, 1, 5)


@pytest.mark.parametrize(
    ("day", "share"),
    [(date(2026, 2, 28), 0), (date(2026, 3, 1), 10), (date(2026, 3, 10), 100), (date(2026, 4, 1), 100)],
)
def test_the_share_of_time_stays_between_nothing_and_all(day: date, share: int) -> None:
    assert share_of_time(date(2026, 3, 1), date(2026, 3, 10), day) == share
