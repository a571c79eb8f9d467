"""Lines over time."""

from reports.charts.bars import head, tick_digits
from reports.charts.canvas import INK, SMALL, SOFT, Canvas, colour, scale, shorten, text_width
from reports.charts.model import Chart, amount
from reports.formatting import decimal


def line(chart: Chart, canvas: Canvas) -> None:
    """Draw each series as a line with a mark at every value and the last value written out."""
    ticks = scale(chart.top)
    digits = tick_digits(ticks)
    last = max(text_width(amount(chart, one.values[-1]), SMALL) for one in chart.series)
    left, right = 14 + text_width(decimal(ticks[-1], digits), SMALL), canvas.width - last - 14
    top, bottom = head(chart, canvas) + 8, 222.0
    for tick in ticks:
        y = bottom - (bottom - top) * tick / ticks[-1]
        canvas.line(left, y, right, y)
        canvas.text(left - 6, y + 4, decimal(tick, digits), anchor="end", size=SMALL, fill=SOFT)
    slot = (right - left) / len(chart.labels)
    for index, label in enumerate(chart.labels):
        canvas.text(left + slot * (index + 0.5), bottom + 16, shorten(label, slot, SMALL), anchor="middle", size=SMALL)
    ends: list[tuple[float, str]] = []
    for number, one in enumerate(chart.series):
        points = [
            (left + slot * (index + 0.5), bottom - (bottom - top) * float(value) / ticks[-1])
            for index, value in enumerate(one.values)
        ]
        canvas.path("M" + " L".join(f"{x:.1f} {y:.1f}" for x, y in points), stroke=colour(number), width=2)
        for x, y in points:
            _mark(canvas, number, x, y)
        ends.append((points[-1][1], amount(chart, one.values[-1])))
    for y, words in _apart(ends):
        canvas.text(right - slot / 2 + 8, y + 4, words, size=SMALL)
    canvas.line(left, bottom, right, bottom, INK)
    canvas.height = bottom + 24


def _apart(ends: list[tuple[float, str]]) -> list[tuple[float, str]]:
    """Move the labels at the line ends down until none covers another."""
    placed: list[tuple[float, str]] = []
    for y, words in sorted(ends):
        placed.append((max(y, placed[-1][0] + SMALL + 1) if placed else y, words))
    return placed


def _mark(canvas: Canvas, number: int, x: float, y: float) -> None:
    """Draw a mark whose shape also tells the series: disc, square, ring."""
    if number % 3 == 1:
        canvas.rect(x - 3, y - 3, 6, 6, colour(number))
        return
    canvas.dot(x, y, 3.4, colour(number))
    if number % 3 == 2:
        canvas.dot(x, y, 1.7, "#ffffff")
