"""The pages of service efficiency: everybody reads them; the printed evaluation says the same."""

import io
from collections.abc import Callable

import pytest
from flask import Flask
from openpyxl import load_workbook

from grants.foundation.database import db
from grants.growth.queries import list_figures
from reports.gather import evaluation_rows
from reports.tables.efficiency import compare
from tests.browsing import Browser
from tests.factories import projects
from tests.factories.remembering import remembered
from tests.integration.reports.conftest import SPENT_FEN, make_evaluated

Browse = Callable[[str | None], Browser]


@remembered
def make_scored() -> str:
    """Make a project whose evaluation is scored and not published, and one without an agreement."""
    case, _evaluation = make_evaluated()
    projects.make_draft(case.parties.round, title="还没有协议的项目")
    db.session.commit()
    ref: str = case.agreement.project.ref
    return ref


@pytest.fixture
def scored(app: Flask) -> str:
    """Return the reference of the project with an agreement."""
    with app.app_context():
        return make_scored()


def test_the_figures_agree_with_those_the_printed_evaluation_is_made_of(app: Flask, scored: str) -> None:
    with app.app_context():
        [one] = compare(list_figures())
        [peer] = evaluation_rows.peers(evaluation_rows.find_evaluated(scored)[0].project)
        printed = {key: value for key, value in peer.ratios().items() if value is not None}
        mine = {ratio.ratio.key: ratio.value for ratio in one.ratios}
        assert len(printed) == 5
        assert {key: mine[key] for key in printed} == pytest.approx({key: float(one) for key, one in printed.items()})
        assert one.figures.spent_fen == sum(SPENT_FEN)
        assert one.figures.fiscal_spent_fen == sum(SPENT_FEN[:2])
        assert one.figures.answers == 32
        assert (mine["satisfied"], mine["response"]) == (87.5, None)


def test_everybody_reads_the_page_and_the_figures_behind_a_project(browse: Browse, scored: str) -> None:
    seen = browse(None).get("/statistics/efficiency?ratio=reach")
    assert "每万元服务人次" in seen.text
    assert "实施中，数据仅供参考" in seen.text
    assert "还没有协议的项目" not in seen.text
    assert seen.soup.select_one("svg.chart desc") is not None
    one = browse(None).get(f"/statistics/efficiency/{scored}")
    assert "18,845.70 元" in one.text
    assert "暂不能比较" in one.text
    assert "尚未公布" in one.text


def test_a_choice_without_projects_says_so_and_nonsense_is_no_error(browse: Browse, scored: str) -> None:
    visitor = browse(None)
    for query in ("round=JC-1999-01", "community=1", "category=welfare&community=0"):
        assert "还没有可以比较的项目" in visitor.get(f"/statistics/efficiency?{query}").text
    assert scored in visitor.get("/statistics/efficiency?category=nonsense&ratio=nonsense").html
    visitor.get("/statistics/efficiency/GYCT-0000-00-0000", status=404)
    visitor.get("/statistics/efficiency.pdf", status=404)


def test_the_workbook_holds_numbers_and_empty_cells(browse: Browse, scored: str) -> None:
    answer = browse(None).client.get("/statistics/efficiency.xlsx")
    sheet = load_workbook(io.BytesIO(answer.data)).active
    assert sheet is not None
    heads, row, totals = (list(line) for line in sheet.iter_rows(values_only=True))
    assert totals[:7] == ["合计", None, None, None, None, None, "=SUM(G2:G2)"]
    found = dict(zip(heads, row, strict=True))
    assert sheet.freeze_panes == "A2"
    assert found["支出（元）"] == pytest.approx(sum(SPENT_FEN) / 100)
    assert found["从提事到办成（天）"] is None
    assert found["项目编号"] == scored
