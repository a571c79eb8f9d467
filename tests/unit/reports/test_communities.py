"""The communities' scoreboard against figures worked out by hand."""

import io
from dataclasses import replace

from openpyxl import load_workbook

from grants.foundation.web.downloads import table_response
from grants.growth.queries import CommunityFigures
from reports.charts import describe
from reports.figures.communities import by_community
from reports.tables.communities import export_header, export_rows, rounds_of, scoreboard

FIRST = CommunityFigures(
    round_number=1,
    round_ref="JC-2025-01",
    round_name="第一届",
    community_code="990101001001",
    community="银杏社区",
    needs=40,
    supports=400,
    votes=300,
    roll=1_000,
    projects=2,
    amount_fen=6_000_000,
    activities=20,
    persons=200,
    attendances=800,
    answers=60,
    content_answers=54,
)
SECOND = replace(
    FIRST, round_number=2, round_ref="JC-2026-02", round_name="第二届", needs=50, votes=450, projects=0,
    attendances=600, answers=0, content_answers=0,
)  # fmt: skip
OTHER = replace(
    SECOND, community_code="990101001002", community="海棠社区", needs=10, votes=0, roll=0, projects=1, attendances=0
)


def test_a_round_is_compared_with_the_round_before() -> None:
    board = scoreboard([FIRST, SECOND, OTHER], "JC-2026-02")
    assert board is not None
    ginkgo, crabapple = board.scores
    assert (board.round_name, board.former_name) == ("第二届", "第一届")
    assert (ginkgo.turnout, ginkgo.satisfied) == (45.0, None)
    assert ginkgo.growth["needs"] == 25.0
    assert ginkgo.growth["projects"] == -100.0
    assert ginkgo.growth["attendances"] == -25.0
    assert ginkgo.growth["turnout"] == 15.0  # points, not percent
    assert ginkgo.growth["satisfied"] is None
    assert (crabapple.turnout, crabapple.growth["needs"]) == (None, None)


def test_the_total_is_made_of_sums_and_never_of_percents() -> None:
    board = scoreboard([FIRST, SECOND, OTHER], "JC-2026-02")
    assert board is not None
    assert (board.total.needs, board.total.votes, board.total.roll, board.total.turnout) == (60, 450, 1_000, 45.0)
    assert board.total.growth["needs"] == 50.0


def test_without_a_choice_the_newest_round_with_a_project_is_shown() -> None:
    empty = replace(SECOND, round_number=3, round_ref="JC-2027-03", round_name="第三届", projects=0)
    board = scoreboard([FIRST, SECOND, OTHER, empty])
    assert board is not None
    assert board.round_ref == "JC-2026-02"
    first = scoreboard([FIRST], "nonsense")
    assert first is not None
    assert (first.former_name, first.total.growth["needs"]) == (None, None)
    assert scoreboard([]) is None
    assert rounds_of([FIRST, SECOND, OTHER]) == [("JC-2026-02", "第二届"), ("JC-2025-01", "第一届")]


def test_the_chart_leaves_out_who_has_no_figure() -> None:
    board = scoreboard([FIRST, SECOND, OTHER], "JC-2026-02")
    assert board is not None
    turnout = by_community(board, "turnout")
    assert turnout is not None
    assert turnout.labels == ("银杏社区",)
    assert "银杏社区 45.0" in describe(turnout)
    assert by_community(board, "satisfied") is None


def test_the_workbook_sums_the_counts_by_formulas_that_agree_with_the_board() -> None:
    board = scoreboard([FIRST, SECOND, OTHER], "JC-2026-02")
    assert board is not None
    header, totals = export_header()
    data = table_response("xlsx", "x", header, export_rows(board), totals=totals).get_data()
    sheet = load_workbook(io.BytesIO(data), data_only=True).active
    assert sheet is not None
    last = dict(zip(header, next(sheet.iter_rows(min_row=4, values_only=True)), strict=True))
    assert (last["需求（条）"], last["投票（人次）"], last["项目（个）"]) == (60, 450, 1)
    assert last["协议金额（元）"] == board.total.amount_fen / 100
    assert last["投票率（%）"] is None
