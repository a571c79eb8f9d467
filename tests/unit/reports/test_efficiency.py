"""Efficiency ratios against figures worked out by hand, and the charts drawn from them."""

from dataclasses import replace
from datetime import date

import pytest

from grants.growth.queries import ProjectFigures, ProjectsAsked
from grants.growth.rules import RATIO_BY_KEY, RATIOS, Better, Standing, growth, leading, standing
from reports.charts import data_rows, describe, svg
from reports.figures.efficiency import against_median, by_category
from reports.tables.efficiency import (
    Compared,
    ComparedProject,
    category_medians,
    compare,
    export_cells,
    export_header,
)

BASE = ProjectFigures(
    ref="GYCT-2026-01-0001",
    title="楼道议事会",
    round_ref="JC-2026-01",
    round_name="第一届",
    category="governance",
    community="银杏社区",
    community_code="990101001001",
    organisation="梧桐社工",
    is_finished=True,
    amount_fen=6_000_000,
    social_fen=900_000,
    received_fen=5_400_000,
    spent_fen=5_000_000,
    fiscal_spent_fen=4_500_000,
    staff_fen=1_250_000,
    management_fen=400_000,
    activities=20,
    persons=200,
    attendances=800,
    activity_target=25,
    person_target=200,
    attendance_target=400,
    volunteer_hours=150.0,
    answers=40,
    content_answers=38,
    raised_on=date(2026, 1, 10),
    done_on=date(2026, 12, 1),
)
BY_HAND = {
    "person": 250.0,  # 50,000 元 ÷ 200
    "attendance": 62.5,  # 50,000 元 ÷ 800
    "activity": 2_500.0,  # 50,000 元 ÷ 20
    "reach": 160.0,  # 800 ÷ 5 万元
    "execution": 83.333_333,  # 45,000 ÷ 54,000
    "staff": 25.0,
    "management": 8.0,
    "leverage": 0.15,  # 9,000 ÷ 60,000
    "volunteers": 30.0,  # 150 hours ÷ 5 万元
    "targets": 93.333_333,  # (80 + 100 + 100) ÷ 3: twice the attendances counts as reached
    "satisfied": 95.0,
    "response": 325.0,
}


def named(project: ComparedProject) -> dict[str, Compared]:
    return {one.ratio.key: one for one in project.ratios}


def test_the_ratios_of_one_project_are_those_worked_out_by_hand() -> None:
    [alone] = compare([BASE])
    assert {key: one.value for key, one in named(alone).items()} == pytest.approx(BY_HAND)
    assert [one.ratio for one in alone.ratios] == list(RATIOS)
    assert {(one.median, one.peers, one.standing) for one in alone.ratios} == {(None, 0, Standing.UNKNOWN)}


def test_what_has_no_divisor_is_not_known_rather_than_nothing() -> None:
    nobody = replace(BASE, persons=0, attendances=0, activities=0, answers=0, content_answers=0, done_on=None)
    unspent = replace(BASE, spent_fen=0, fiscal_spent_fen=0, staff_fen=0, management_fen=0, received_fen=0)
    no_targets = replace(BASE, activity_target=0, person_target=0, attendance_target=0)
    first, second, third = (named(one) for one in compare([nobody, unspent, no_targets]))
    unknown = {key for key, one in first.items() if one.value is None}
    assert unknown == {"person", "attendance", "activity", "satisfied", "response"}
    assert first["reach"].value == 0
    unknown = {key for key, one in second.items() if one.value is None}
    assert unknown == {
        "person", "attendance", "activity", "reach", "execution", "staff", "management", "volunteers"
    }  # fmt: skip
    assert third["targets"].value is None


def test_a_project_is_compared_with_the_others_of_its_round_and_category() -> None:
    peers = [replace(BASE, ref=f"P{n}", persons=persons) for n, persons in enumerate((100, 250, 500), start=1)]
    elsewhere = [
        replace(BASE, ref="other-kind", category="welfare", persons=1),
        replace(BASE, ref="other-round", round_ref="JC-2025-01", persons=1),
    ]
    own, *others = compare([BASE, *peers, *elsewhere])
    # 500, 200 and 100 元 a head: the median is 200, itself (250) left aside
    assert named(own)["person"].median == pytest.approx(200)
    assert (named(own)["person"].peers, named(own)["person"].standing) == (3, Standing.WORSE)
    # for 100 元 a head the others are 250, 500 and 200
    assert named(others[2])["person"].median == pytest.approx(250)
    assert named(others[2])["person"].standing is Standing.BETTER
    assert named(others[3])["person"].median is None


def test_a_peer_without_the_figure_does_not_count_among_them() -> None:
    own, *_others = compare([BASE, replace(BASE, ref="P1", persons=0), replace(BASE, ref="P2", persons=100)])
    assert (named(own)["person"].peers, named(own)["person"].median) == (1, pytest.approx(500))


@pytest.mark.parametrize(
    ("value", "median", "better", "expected"),
    [
        (90, 100, Better.LOWER, Standing.BETTER),
        (110, 100, Better.LOWER, Standing.WORSE),
        (110, 100, Better.HIGHER, Standing.BETTER),
        (90, 100, Better.HIGHER, Standing.WORSE),
        (110, 100, Better.NEITHER, Standing.ABOVE),
        (90, 100, Better.NEITHER, Standing.BELOW),
        (100.5, 100, Better.LOWER, Standing.EQUAL),
        (100.51, 100, Better.LOWER, Standing.WORSE),
        (0, 0, Better.HIGHER, Standing.EQUAL),
        (1, 0, Better.HIGHER, Standing.BETTER),
        (None, 100, Better.LOWER, Standing.UNKNOWN),
        (100, None, Better.LOWER, Standing.UNKNOWN),
    ],
)
def test_which_way_is_better(value: float | None, median: float | None, better: Better, expected: Standing) -> None:
    assert standing(value, median, better) is expected


def test_growth_is_known_only_where_there_is_something_to_compare_with() -> None:
    assert (growth(150, 100), growth(50, 100), growth(1, 0), growth(None, 5), growth(0, 4)) == (
        50, -50, None, None, -100
    )  # fmt: skip


def test_leading_people_led_excellent_projects_in_enough_rounds() -> None:
    rounds = {"张三": ["1", "2"], "李四": ["1", "1"], "王五": ["1", "2", "3"], "赵六": []}
    assert leading(rounds, 2) == ["王五", "张三"]
    assert leading(rounds, 1) == ["王五", "张三", "李四"]
    assert leading(rounds, 0) == ["王五", "张三", "李四"]


def test_the_exported_row_fits_its_heads_and_leaves_the_unknown_empty() -> None:
    [alone] = compare([replace(BASE, persons=0)])
    row = dict(zip(export_header(), export_cells(alone), strict=True))
    assert row["支出（元）"] == "50000.00"
    assert row["人均成本（元/人）"] is None
    assert row["人次成本（元/人次）"] == 62.5
    assert row["人次成本比较"] == "暂不能比较"


def test_both_charts_say_in_words_what_they_draw() -> None:
    dear = replace(BASE, ref="P1", category="welfare", persons=100)
    medians = category_medians([BASE, dear], "person")
    assert medians == {"governance": pytest.approx(250), "welfare": pytest.approx(500)}
    chart = by_category(RATIO_BY_KEY["person"], medians)
    assert chart is not None
    assert "单位：元/人" in describe(chart)
    assert "250.00" in str(svg(chart))
    own, _peer = compare([BASE, replace(BASE, ref="P2", persons=100)])
    beside = against_median(own)
    assert beside is not None
    assert data_rows(beside)[1] == ("人均成本", "50", "100")
    assert by_category(RATIO_BY_KEY["person"], {}) is None
    assert against_median(compare([BASE])[0]) is None
    assert category_medians([], "person") == {}
    assert compare([]) == []


def test_what_is_asked_for_is_read_kindly() -> None:
    asked = ProjectsAsked.of({"round": " JC-2026-01 ", "category": "nonsense"})
    assert (asked.round_ref, asked.category, asked.count) == ("JC-2026-01", "", 1)
    assert BASE.matches(asked)
    assert not BASE.matches(ProjectsAsked(community="990101001002"))
