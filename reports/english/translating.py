"""From the Chinese tables and charts of a paper to English ones: the same numbers, only the labels change."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from babel.support import Translations
from markupsafe import Markup

from grants.foundation.clock import local
from reports.charts import Chart, Series
from reports.data.table import Column, Row, Table

CATALOGUE = Path(__file__).resolve().parents[2] / "grants" / "translations"
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
UNITS = {
    "份": "papers",
    "笔": "vouchers",
    "次": "times",
    "人": "people",
    "场": "sessions",
    "处": "places",
    "人次": "attendances",
    "个": "",
    "件": "cases",
    "元": "yuan",
    "天": "days",
}

SPOKEN = (
    ("堆叠条形图", "Stacked bar chart"),
    ("分组条形图", "Grouped bar chart"),
    ("条形图", "Bar chart"),
    ("柱状图", "Column chart"),
    ("折线图", "Line chart"),
    ("环形图", "Ring chart"),
    ("雷达图", "Radar chart"),
    ("仪表图", "Gauge"),
    ("。", ". "),
    ("，", ", "),
    ("；", "; "),
    ("：", ": "),
)
Say = Callable[[str], str]
Rule = tuple[re.Pattern[str], Callable[[re.Match[str], Say], str]]


def _counted(match: re.Match[str], _say: Say) -> str:
    return f"{match[1]} {UNITS[match[2]]}".strip()


RULES: tuple[Rule, ...] = (
    (re.compile(r"第(\d+)期"), lambda m, _say: f"No. {m[1]}"),
    (re.compile(rf"([\d,.]+)({'|'.join(sorted(UNITS, key=len, reverse=True))})"), _counted),
    (re.compile(r"(\d\d) (.+)"), lambda m, say: f"{m[1]} {say(m[2])}"),
    (re.compile(r"(.+)（([\d.]+)分，得([\d.]+)分）"), lambda m, say: f"{say(m[1])} ({m[3]} of {m[2]} points)"),
    (re.compile(r"等级：(.+)"), lambda m, say: f"Grade: {say(m[1])}"),
    (re.compile(r"延后(\d+)天"), lambda m, _say: f"{m[1]} days late"),
    (re.compile(r"提前(\d+)天"), lambda m, _say: f"{m[1]} days early"),
    (re.compile(r"(\d{1,2})月"), lambda m, _say: MONTHS[int(m[1]) - 1]),
    (re.compile(r"佐证(\d+)份"), lambda m, _say: f"{m[1]} papers"),
    (re.compile(r"共(\d+)项指标，完成(\d+)项。"), lambda m, _say: f"{m[1]} indicators, {m[2]} of them met."),
    (
        re.compile(r"(\d{4})年(\d+)月(\d+)日完成：(.*)", re.DOTALL),
        lambda m, _say: f"Done on {english_day(date(int(m[1]), int(m[2]), int(m[3])))}: {m[4]}",
    ),
    (re.compile(r"未完成：(.*)", re.DOTALL), lambda m, _say: f"Not done: {m[1]}"),
)
"""Labels that are put together from numbers and words. What no rule and no word fits stays as people wrote it."""


@lru_cache(maxsize=1)
def _catalogue() -> Any:
    return Translations.load(str(CATALOGUE), ["en"])


def say(text: str) -> str:
    """Return a label in English; a text that is nobody's label, such as a title, comes back unchanged."""
    if not text:
        return text
    known = str(_catalogue().ugettext(text))
    if known != text:
        # The Chinese fonts draw a curly apostrophe as wide as a character
        return known.replace("’", "'")
    for pattern, put in RULES:
        match = pattern.fullmatch(text)
        if match:
            return put(match, say)
    return text


def table(one: Table) -> Table:
    """Return a table with its labels in English; every cell is looked at, numbers stay as they are."""
    return replace(
        one,
        caption=say(one.caption),
        unit=say(one.unit),
        note=say(one.note),
        columns=tuple(Column(say(column.title), column.width, column.align) for column in one.columns),
        rows=tuple(Row(tuple(say(cell) for cell in row.cells), row.kind) for row in one.rows),
        spans=tuple((say(text), width) for text, width in one.spans),
    )


def chart(one: Chart) -> "EnglishChart":
    """Return a chart with its labels in English; the unit goes into the title, for drawings name it in Chinese."""
    unit = say(one.unit).replace("％", "%")
    return EnglishChart(
        one.kind,
        f"{say(one.title)} ({unit})" if unit else say(one.title),
        tuple(say(label) for label in one.labels),
        tuple(Series(say(row.name), row.values) for row in one.series),
        "",
        one.digits,
        one.maximum,
    )


class EnglishChart(Chart):
    """A chart whose text alternative is English too."""

    def worded(self, drawing: Markup) -> Markup:
        """Return the drawing with the words and marks of its text alternative in English."""
        text = str(drawing)
        for chinese, english in SPOKEN:
            text = text.replace(chinese, english)
        return Markup(text)  # noqa: S704 - drawn by us, every label escaped there


def english_day(value: date | None) -> str:
    """Return a date as English papers write it: 5 March 2026."""
    return "—" if value is None else f"{value.day} {value:%B} {value.year}"


def english_moment(value: Any) -> str:
    """Return a moment by the street's clock: 5 March 2026 14:05."""
    here = local(value)
    return f"{english_day(here.date())} {here:%H:%M}"
