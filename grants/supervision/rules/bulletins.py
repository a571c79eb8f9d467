"""The monthly progress bulletin (进度通报): how each project stands, and how communities compare."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from grants.foundation.i18n import Text, _l

SPENDING_GAP_POINTS = 25
"""Percentage points by which spending may lag behind time, or run ahead of it, before it is pointed out."""


class MonthReportState(StrEnum):
    """Whether the report of the month was handed in by its day."""

    NOT_DUE = "not_due"
    ON_TIME = "on_time"
    LATE = "late"
    MISSING = "missing"


MONTH_REPORT_LABELS: dict[MonthReportState, Text] = {
    MonthReportState.NOT_DUE: _l("未到期"),
    MonthReportState.ON_TIME: _l("按期"),
    MonthReportState.LATE: _l("迟报"),
    MonthReportState.MISSING: _l("未报"),
}
OWED = frozenset({MonthReportState.LATE, MonthReportState.MISSING})


def month_report_state(handed_in_on: date | None, due_on: date, day: date) -> MonthReportState:
    """Judge a month's report on a day; handed in on the last day is in time."""
    if handed_in_on is not None:
        return MonthReportState.LATE if handed_in_on > due_on else MonthReportState.ON_TIME
    return MonthReportState.MISSING if day > due_on else MonthReportState.NOT_DUE


class Standing(NamedTuple):
    """What the projects of one community, or of one category, did together in a month."""

    name: str
    project_count: int
    planned_count: int
    held_count: int
    attendance_count: int
    open_order_count: int
    owed_count: int

    @property
    def held_share(self) -> float | None:
        """Return held activities as a share of those planned; None where nothing was planned."""
        return self.held_count / self.planned_count if self.planned_count else None


def ranked(standings: Sequence[Standing]) -> list[tuple[int, Standing]]:
    """Rank by share of the plan held, then by attendances; equals share a place, and the next place is left out."""

    def merit(one: Standing) -> tuple[float, int]:
        return (-(one.held_share if one.held_share is not None else -1.0), -one.attendance_count)

    ordered = sorted(standings, key=lambda one: (*merit(one), one.name))
    places: list[tuple[int, Standing]] = []
    for number, one in enumerate(ordered, 1):
        is_equal = bool(places) and merit(places[-1][1]) == merit(one)
        places.append((places[-1][0] if is_equal else number, one))
    return places
