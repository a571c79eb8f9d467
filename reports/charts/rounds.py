"""Round charts: shares of a whole, five sides of one thing, one value on its scale."""

from math import cos, pi, sin

from reports.charts.canvas import GRID, INK, SMALL, SOFT, Canvas, colour, text_width
from reports.charts.model import Chart, amount
from reports.formatting import decimal, percent


def donut(chart: Chart, canvas: Canvas) -> None:
    """Draw the first series as shares of its sum, with a list of names, values and percentages beside it."""
    values = chart.series[0].values
    total = sum(float(value) for value in values)
    canvas.height = max(190, 40 + 24 * len(values))
    x, y, outer, inner = 150.0, canvas.height / 2, 82.0, 48.0
    angle = -pi / 2
    for index, value in enumerate(values):
        sweep = 2 * pi * float(value) / total if total else 0
        if sweep:
            canvas.path(_ring(x, y, outer, inner, angle, min(sweep, 2 * pi - 1e-4)), colour(index), "#ffffff", 1.5)
        angle += sweep
    canvas.text(x, y + 1, decimal(total, chart.digits), anchor="middle", size=20)
    canvas.text(x, y + 18, chart.unit, anchor="middle", size=SMALL, fill=SOFT)
    row = y - 12 * len(values) + 16
    names = max(text_width(label) for label in chart.labels)
    for index, (label, value) in enumerate(zip(chart.labels, values, strict=True)):
        canvas.rect(290, row - 10, 11, 11, colour(index))
        canvas.text(308, row, label)
        canvas.text(308 + names + 60, row, amount(chart, value), anchor="end")
        canvas.text(308 + names + 130, row, percent(value, total), anchor="end", fill=SOFT)
        row += 24


def radar(chart: Chart, canvas: Canvas) -> None:
    """Draw each series as a shape over the axes of the labels, with the values of the first one beside the names."""
    canvas.width, canvas.height = 440, 276
    x, y, radius = canvas.width / 2, 144.0, 98.0
    corners = [(-pi / 2 + 2 * pi * index / len(chart.labels)) for index in range(len(chart.labels))]
    for ring in range(1, 6):
        canvas.path(_polygon([(x, y, radius * ring / 5, angle) for angle in corners]), stroke=GRID, width=1)
    for angle, label, value in zip(corners, chart.labels, chart.series[0].values, strict=True):
        canvas.line(x, y, x + radius * cos(angle), y + radius * sin(angle))
        anchor = "middle" if abs(cos(angle)) < 0.2 else ("start" if cos(angle) > 0 else "end")
        edge_x, edge_y = x + (radius + 12) * cos(angle), y + (radius + 14) * sin(angle)
        canvas.text(edge_x, edge_y + (0 if sin(angle) < 0 else 8), f"{label} {amount(chart, value)}", anchor=anchor)
    for number, one in enumerate(chart.series):
        shape = _polygon(
            [(x, y, radius * float(value) / chart.top, angle) for value, angle in zip(one.values, corners, strict=True)]
        )
        canvas.tint(shape, colour(number))
        canvas.path(shape, stroke=colour(number), width=2)
    if chart.unit:
        canvas.text(canvas.width - 4, 13, f"单位：{chart.unit}", anchor="end", size=SMALL, fill=SOFT)


def gauge(chart: Chart, canvas: Canvas) -> None:
    """Draw one value on a half ring from zero to the maximum."""
    canvas.width, canvas.height = 280, 148
    x, y, outer, inner = canvas.width / 2, 124.0, 110.0, 82.0
    share = min(float(chart.series[0].values[0]) / chart.top, 1.0)
    canvas.path(_ring(x, y, outer, inner, pi, pi), GRID)
    if share:
        canvas.path(_ring(x, y, outer, inner, pi, pi * share), colour(0))
    canvas.text(x, y - 22, amount(chart, chart.series[0].values[0]), anchor="middle", size=36)
    canvas.text(
        x, y + 2, f"{chart.labels[0]}（{chart.unit}）" if chart.unit else chart.labels[0], anchor="middle", fill=SOFT
    )
    canvas.text(x - 96, y + 17, "0", anchor="middle", size=SMALL, fill=INK)
    canvas.text(x + 96, y + 17, decimal(chart.top, 0), anchor="middle", size=SMALL, fill=INK)


def _ring(x: float, y: float, outer: float, inner: float, start: float, sweep: float) -> str:
    """Return a piece of a ring as a path, clockwise from `start` (radians, 0 points right)."""
    end = start + sweep
    big = int(sweep > pi)
    points = [(x + r * cos(a), y + r * sin(a)) for r, a in ((outer, start), (outer, end), (inner, end), (inner, start))]
    (x1, y1), (x2, y2), (x3, y3), (x4, y4) = points
    return (
        f"M{x1:.2f} {y1:.2f} A{outer} {outer} 0 {big} 1 {x2:.2f} {y2:.2f}"
        f" L{x3:.2f} {y3:.2f} A{inner} {inner} 0 {big} 0 {x4:.2f} {y4:.2f} Z"
    )


def _polygon(points: list[tuple[float, float, float, float]]) -> str:
    return "M" + " L".join(f"{x + r * cos(a):.2f} {y + r * sin(a):.2f}" for x, y, r, a in points) + " Z"
