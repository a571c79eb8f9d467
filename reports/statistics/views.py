"""/statistics/: what projects cost and reached beside others of their kind, and how communities grow."""

from importlib import import_module
from typing import Any

from flask import Blueprint, Response, request

from grants.foundation.errors import NotFound
from grants.foundation.i18n import _
from grants.foundation.web.downloads import table_response
from grants.foundation.web.forms import page
from grants.growth import queries
from grants.growth.queries import ProjectsAsked
from grants.growth.rules import RATIO_BY_KEY, RATIOS, STANDING_LABELS, STANDING_MARKS
from grants.people import queries as people
from grants.rounds import queries as rounds
from grants.rounds.rules import CATEGORY_LABELS, RoundStatus
from reports.charts import Chart, data_rows, svg

blueprint = Blueprint("statistics", __name__)
TONES = {"better": "good", "worse": "warn"}


def _pandas(name: str) -> Any:
    """Return a module that loads pandas, which a worker that shows no statistics never does."""
    return import_module(name)


def _choices() -> dict[str, list[tuple[str, Any]]]:
    real = [one for one in rounds.list_rounds() if not one.is_rehearsal]
    return {
        "round": [("", _("全部届次")), *((one.ref, one.label) for one in real)],
        "community": [("", _("全部社区")), *((one.code, one.name) for one in people.list_communities())],
        "category": [("", _("全部类别")), *((key.value, label) for key, label in CATEGORY_LABELS.items())],
        "ratio": [(one.key, one.label) for one in RATIOS],
    }


def _drawn(chart: Chart | None) -> tuple[Any, Any, str] | None:
    return None if chart is None else (svg(chart), data_rows(chart), chart.title)


@blueprint.get("/statistics/efficiency")
def efficiency() -> tuple[str, int]:
    """Show every project's efficiency ratios beside the median of its category."""
    asked, listed = ProjectsAsked.of(request.args), queries.list_figures()
    tables, figures = _pandas("reports.tables.efficiency"), _pandas("reports.figures.efficiency")
    ratio = RATIO_BY_KEY.get(request.args.get("ratio", ""), RATIOS[0])
    in_round = [one for one in listed if not asked.round_ref or one.round_ref == asked.round_ref]
    return page(
        "report_pages/efficiency.html",
        asked=asked,
        ratio=ratio,
        main=[one for one in RATIOS if one.is_main],
        projects=[one for one in tables.compare(listed) if one.figures.matches(asked)],
        chart=_drawn(figures.by_category(ratio, tables.category_medians(in_round, ratio.key))),
        choices=_choices(),
        **_words(),
    )


def _words() -> dict[str, Any]:
    return {
        "standings": STANDING_LABELS,
        "marks": STANDING_MARKS,
        "tones": TONES,
        "categories": {key.value: label for key, label in CATEGORY_LABELS.items()},
    }


@blueprint.get("/statistics/efficiency/<ref>")
def project_efficiency(ref: str) -> tuple[str, int]:
    """Show all ratios of one project with the figures they are made of."""
    tables, figures = _pandas("reports.tables.efficiency"), _pandas("reports.figures.efficiency")
    found = next((one for one in tables.compare(queries.list_figures()) if one.figures.ref == ref), None)
    if found is None:
        raise NotFound(_("这个项目还没有签订协议，暂无服务效率数据。"))
    return page(
        "report_pages/efficiency_project.html",
        project=found,
        figures=found.figures,
        chart=_drawn(figures.against_median(found)),
        **_words(),
    )


@blueprint.get("/statistics/efficiency.<any(csv, xlsx):form>")
def efficiency_export(form: str) -> Response:
    """Give the ratios of the chosen projects, their medians and the figures used as a table."""
    asked, tables = ProjectsAsked.of(request.args), _pandas("reports.tables.efficiency")
    chosen = [one for one in tables.compare(queries.list_figures()) if one.figures.matches(asked)]
    rows = map(tables.export_cells, chosen)
    return table_response(form, _("服务效率"), tables.export_header(), rows, totals=tables.SUMMED)


@blueprint.get("/statistics/communities")
def communities() -> tuple[str, int]:
    """Show every community in a round beside the round before."""
    tables, figures = _pandas("reports.tables.communities"), _pandas("reports.figures.communities")
    listed = queries.list_community_figures()
    board, key = tables.scoreboard(listed, request.args.get("round", "")), request.args.get("figure", "")
    drawn = key if key in figures.CHARTS else "attendances"
    return page(
        "report_pages/communities.html",
        board=board,
        drawn=drawn,
        chart=_drawn(figures.by_community(board, drawn)) if board else None,
        rounds=tables.rounds_of(listed),
        is_running=board is not None and rounds.get_round(board.round_ref).status is RoundStatus.OPEN,
        figures=[(name, words[0]) for name, words in figures.CHARTS.items()],
    )


@blueprint.get("/statistics/communities.<any(csv, xlsx):form>")
def communities_export(form: str) -> Response:
    """Give the scoreboard of a round as a table; the workbook sums its counts by formula."""
    tables = _pandas("reports.tables.communities")
    board = tables.scoreboard(queries.list_community_figures(), request.args.get("round", ""))
    header, totals = tables.export_header()
    return table_response(form, _("社区成绩单"), header, tables.export_rows(board) if board else [], totals=totals)
