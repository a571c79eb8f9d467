"""Charts from one description, drawn as plain SVG for the page and for print alike.

No script, no style attribute, no library: presentation attributes only, so the strictest content policy lets them
through and WeasyPrint draws them in a few milliseconds. Shades differ in lightness as well as hue, so a grey print can
be read; every chart carries a text alternative and can be turned into a table.
"""

from markupsafe import Markup

from reports.charts import bars, curves, rounds
from reports.charts.canvas import Canvas
from reports.charts.model import Chart, ChartKind, Series, amount

__all__ = ["Chart", "ChartKind", "Series", "data_rows", "describe", "svg"]

_DRAW = {
    ChartKind.BAR: bars.horizontal,
    ChartKind.GROUPED: bars.horizontal,
    ChartKind.STACKED: bars.stacked,
    ChartKind.COLUMN: bars.vertical,
    ChartKind.LINE: curves.line,
    ChartKind.DONUT: rounds.donut,
    ChartKind.RADAR: rounds.radar,
    ChartKind.GAUGE: rounds.gauge,
}
_NAMES = {
    ChartKind.BAR: "条形图",
    ChartKind.GROUPED: "分组条形图",
    ChartKind.STACKED: "堆叠条形图",
    ChartKind.COLUMN: "柱状图",
    ChartKind.LINE: "折线图",
    ChartKind.DONUT: "环形图",
    ChartKind.RADAR: "雷达图",
    ChartKind.GAUGE: "仪表图",
}


def svg(chart: Chart, *, full_title: bool = False) -> Markup:
    """Return the chart as an `<svg>` element with a title and a description.

    `full_title` puts the description into the title too: print takes the alternative text from there, while a browser
    would show it as a tooltip.
    """
    canvas = Canvas()
    _DRAW[chart.kind](chart, canvas)
    description = describe(chart)
    return canvas.svg(f"{chart.title}。{description}" if full_title else chart.title, description)


def describe(chart: Chart) -> str:
    """Return the chart in words: its kind, its unit and every value."""
    unit = f"，单位：{chart.unit}" if chart.unit else ""
    series = []
    for one in chart.series:
        points = "，".join(
            f"{label} {amount(chart, value)}" for label, value in zip(chart.labels, one.values, strict=True)
        )
        series.append(f"{one.name}：{points}" if len(chart.series) > 1 else points)
    return f"{_NAMES[chart.kind]}{unit}。{'；'.join(series)}。"


def data_rows(chart: Chart) -> tuple[tuple[str, ...], ...]:
    """Return the chart as a table: a header row, then one row for each label."""
    header = ("", *(f"{one.name}（{chart.unit}）" if chart.unit else one.name for one in chart.series))
    body = (
        (label, *(amount(chart, one.values[index]) for one in chart.series)) for index, label in enumerate(chart.labels)
    )
    return (header, *body)
