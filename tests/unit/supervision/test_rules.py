"""Status tables of supervision, ages, overlaps and settings."""

from datetime import date, time
from enum import StrEnum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grants.foundation.errors import TransitionRefused
from grants.foundation.identifiers import age_on, born_until
from grants.foundation.workflow import Workflow
from grants.supervision.rules import (
    ACTIVITY_FLOW,
    RECTIFICATION_FLOW,
    SUPERVISION_DEFAULTS,
    ActivityAction,
    ActivityStatus,
    RectificationAction,
    RectificationStatus,
    overlaps,
    setting,
)

ALLOWED: list[tuple[Workflow[Any, Any], type[StrEnum], type[StrEnum], dict[tuple[str, str], str]]] = [
    (
        ACTIVITY_FLOW,
        ActivityStatus,
        ActivityAction,
        {("announced", "record"): "recorded", ("announced", "cancel"): "cancelled"},
    ),
    (
        RECTIFICATION_FLOW,
        RectificationStatus,
        RectificationAction,
        {("open", "answer"): "answered", ("answered", "accept"): "closed", ("answered", "reject"): "open"},
    ),
]
PAIRS = [
    (flow, status, action, allowed.get((status.value, action.value)))
    for flow, statuses, actions, allowed in ALLOWED
    for status in statuses
    for action in actions
]


@pytest.mark.parametrize(("flow", "status", "action", "target"), PAIRS)
def test_every_pair_of_status_and_action_is_decided(
    flow: Workflow[Any, Any], status: StrEnum, action: StrEnum, target: str | None
) -> None:
    if target is None:
        with pytest.raises(TransitionRefused):
            flow.next(status, action)
    else:
        assert flow.next(status, action).value == target


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(1, 90))
def test_the_last_birthday_is_the_last_one_old_enough(day: date, age: int) -> None:
    last = born_until(day, age)
    assert age_on(last, day) >= age
    assert age_on(date.fromordinal(last.toordinal() + 1), day) < age


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ((9, 11), (10, 12), True),
        ((9, 11), (11, 12), False),
        ((9, 12), (10, 11), True),
        ((10, 11), (9, 12), True),
        ((9, 10), (11, 12), False),
    ],
)
def test_spans_overlap_when_they_share_a_minute(one: tuple[int, int], other: tuple[int, int], expected: bool) -> None:
    spans = [(time(start), time(end)) for start, end in (one, other)]
    assert overlaps(spans[0], spans[1]) is expected
    assert overlaps(spans[1], spans[0]) is expected


def test_a_round_may_set_its_own_numbers_and_otherwise_follows_the_defaults() -> None:
    assert setting({}, "rectification_days") == SUPERVISION_DEFAULTS["rectification_days"]
    assert setting({"rectification_days": 20}, "rectification_days") == 20
