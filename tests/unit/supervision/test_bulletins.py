"""The progress bulletin: who is late, who comes first; and words for everything supervision writes into the log."""

import re
from datetime import date
from pathlib import Path

import pytest

import grants.supervision.service
from grants.people.rules.audit_words import SUBJECTS, VERBS
from grants.supervision.rules import MonthReportState, Standing, month_report_state, ranked

DUE = date(2026, 4, 5)


@pytest.mark.parametrize(
    ("handed_in_on", "day", "state"),
    [
        (DUE, date(2026, 4, 9), MonthReportState.ON_TIME),
        (date(2026, 4, 6), date(2026, 4, 9), MonthReportState.LATE),
        (None, DUE, MonthReportState.NOT_DUE),
        (None, date(2026, 4, 6), MonthReportState.MISSING),
    ],
)
def test_a_report_is_late_from_the_day_after(handed_in_on: date | None, day: date, state: MonthReportState) -> None:
    assert month_report_state(handed_in_on, DUE, day) is state


def _standing(name: str, planned: int, held: int, attended: int) -> Standing:
    return Standing(name, 1, planned, held, attended, 0, 0)


def test_communities_rank_by_the_share_of_the_plan_then_by_attendances_and_equals_share_a_place() -> None:
    placed = ranked(
        [
            _standing("没报计划", 0, 9, 900),
            _standing("一半", 4, 2, 10),
            _standing("全做一", 2, 2, 30),
            _standing("全做二", 3, 3, 30),
            _standing("全做多", 2, 2, 31),
        ]
    )
    assert [(place, one.name) for place, one in placed] == [
        (1, "全做多"),
        (2, "全做一"),
        (2, "全做二"),
        (4, "一半"),
        (5, "没报计划"),
    ]


def test_everything_supervision_writes_into_the_log_has_words() -> None:
    folder = Path(grants.supervision.service.__file__).parent
    tags = {tag for file in folder.glob("*.py") for tag in re.findall(r'"([a-z_]+:[a-z_]+)"', file.read_text("utf-8"))}
    assert len(tags) > 25
    wordless = [tag for tag in tags if tag.split(":")[0] not in SUBJECTS or tag.split(":")[1] not in VERBS]
    assert wordless == []
