"""Bars and columns: one quantity for each label."""

from reports.charts.canvas import INK, SMALL, SOFT, Canvas, colour, legend, scale, shorten, text_width
from reports.charts.model import Chart, amount
from reports.formatting import decimal

MAX_LABEL = 190
BAR = 15
GAP = 11
STACK = 20


def horizontal(chart: Chart, canvas: Canvas) -> None:
    """Draw one bar for each label, or one for each label and series, with its value at the end."""
    top, left, right = _frame(chart, canvas)
    many = len(chart.series) > 1
    thick = 11 if many else BAR
    span = right - left
    y = top
    for index, label in enumerate(chart.labels):
        block = thick * len(chart.series)
        _label(canvas, label, left, y + block / 2 + 4)
        for number, one in enumerate(chart.series):
            width = span * _share(float(one.values[index]), chart.top)
            canvas.rect(left, y + number * thick, width, thick - 1.5, colour(number))
            text = amount(chart, one.values[index])
            canvas.text(left + width + 5, y + number * thick + thick - 2.5, text, size=SMALL)
        y += block + GAP
    canvas.line(left, top - 5, left, y - GAP + 5, INK)
    canvas.height = y


def stacked(chart: Chart, canvas: Canvas) -> None:
    """Draw one bar for each label, cut into its series, with the sum at the end."""
    top, left, right = _frame(chart, canvas)
    span = right - left
    y = top
    for index, label in enumerate(chart.labels):
        _label(canvas, label, left, y + STACK / 2 + 4)
        x = left
        for number, one in enumerate(chart.series):
            width = span * _share(float(one.values[index]), chart.top)
            canvas.rect(x, y, width - 1, STACK - 2, colour(number))
            inside = amount(chart, one.values[index])
            if width > text_width(inside, SMALL) + 8:
                fill = "#ffffff" if number in {0, 2, 4} else INK
                canvas.text(x + width / 2, y + STACK / 2 + 3, inside, anchor="middle", size=SMALL, fill=fill)
            x += width
        total = decimal(sum(float(one.values[index]) for one in chart.series), chart.digits)
        canvas.text(x + 5, y + STACK / 2 + 3, total, size=SMALL)
        y += STACK + GAP
    canvas.line(left, top - 5, left, y - GAP + 5, INK)
    canvas.height = y


def vertical(chart: Chart, canvas: Canvas) -> None:
    """Draw upright columns over short labels, side by side where there are several series."""
    ticks = scale(chart.top)
    left, right = 14 + text_width(decimal(ticks[-1], tick_digits(ticks)), SMALL), canvas.width - 8
    top, bottom = head(chart, canvas) + 16, 236.0
    for tick in ticks:
        y = bottom - (bottom - top) * tick / ticks[-1]
        canvas.line(left, y, right, y)
        canvas.text(left - 6, y + 4, decimal(tick, tick_digits(ticks)), anchor="end", size=SMALL, fill=SOFT)
    slot = (right - left) / len(chart.labels)
    wide = min(slot * 0.62 / len(chart.series), 46)
    for index, label in enumerate(chart.labels):
        middle = left + slot * (index + 0.5)
        x = middle - wide * len(chart.series) / 2
        for number, one in enumerate(chart.series):
            height = (bottom - top) * float(one.values[index]) / ticks[-1]
            canvas.rect(x + 1, bottom - height, wide - 2, height, colour(number))
            text = amount(chart, one.values[index])
            if text_width(text, 10) <= max(wide, slot / len(chart.series)):
                canvas.text(x + wide / 2, bottom - height - 4, text, anchor="middle", size=10)
            x += wide
        canvas.text(middle, bottom + 16, shorten(label, slot, SMALL), anchor="middle", size=SMALL)
    canvas.line(left, bottom, right, bottom, INK)
    canvas.height = bottom + 24


def _frame(chart: Chart, canvas: Canvas) -> tuple[float, float, float]:
    """Return where the first bar starts, where bars begin and where the longest may end."""
    widest = max(text_width(label) for label in chart.labels)
    left = min(widest, MAX_LABEL) + 12
    longest = amount(chart, max(value for one in chart.series for value in one.values))
    return head(chart, canvas) + 8, left, canvas.width - text_width(longest, SMALL) - 22


def head(chart: Chart, canvas: Canvas) -> float:
    """Draw unit and keys; return the height they take."""
    if chart.unit:
        canvas.text(canvas.width - 4, 13, f"单位：{chart.unit}", anchor="end", size=SMALL, fill=SOFT)
    if len(chart.series) > 1:
        legend(canvas, tuple(one.name for one in chart.series), 4, 13)
    return 22 if chart.unit or len(chart.series) > 1 else 4


def _label(canvas: Canvas, label: str, left: float, y: float) -> None:
    canvas.text(left - 8, y, shorten(label, MAX_LABEL), anchor="end")


def _share(value: float, top: float) -> float:
    return value / top if top else 0


def tick_digits(ticks: tuple[float, ...]) -> int:
    """Return how many decimals the ticks of an axis need."""
    return 0 if all(float(tick).is_integer() for tick in ticks) else (1 if ticks[1] >= 0.1 else 2)
