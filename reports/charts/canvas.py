"""SVG by hand: shapes, text and the calm palette."""

import unicodedata
from math import ceil, floor, log10

from markupsafe import Markup

WIDTH = 588  # CSS pixels: the width of the text on an A4 page, so print shows the sizes below as they are
INK = "#222222"
SOFT = "#5f6468"
GRID = "#dcdfe2"
# Ordered so that neighbours differ in lightness (35, 75, 33, 81, 57 of 100): legible on a grey print
PALETTE = ("#3f566b", "#aabbc8", "#8a2c28", "#dcc79c", "#7d8f6e", "#c9cdd1")
FONTS = "Open Hei, Noto Sans SC, PingFang SC, Microsoft YaHei, Open Rare Hei, sans-serif"
SMALL = 12
NORMAL = 13


class Canvas:
    """Collects shapes; grows downwards as the drawing asks for height."""

    def __init__(self) -> None:
        self.height: float = 0
        self.width: float = WIDTH
        self._parts: list[Markup] = []

    def rect(self, x: float, y: float, width: float, height: float, fill: str) -> None:
        """Draw a filled box."""
        self._add('<rect x="{}" y="{}" width="{}" height="{}" fill="{}"/>', x, y, max(width, 0), height, fill)

    def line(self, x1: float, y1: float, x2: float, y2: float, stroke: str = GRID, width: float = 1) -> None:
        """Draw a straight line."""
        self._add(
            '<line x1="{}" y1="{}" x2="{}" y2="{}" stroke="{}" stroke-width="{}"/>', x1, y1, x2, y2, stroke, width
        )

    def path(self, data: str, fill: str = "none", stroke: str = "none", width: float = 0) -> None:
        """Draw a path."""
        self._add('<path d="{}" fill="{}" stroke="{}" stroke-width="{}"/>', data, fill, stroke, width)

    def tint(self, data: str, fill: str) -> None:
        """Draw a path as a light veil of its colour."""
        self._add('<path d="{}" fill="{}" fill-opacity="0.16"/>', data, fill)

    def dot(self, x: float, y: float, radius: float, fill: str) -> None:
        """Draw a filled circle."""
        self._add('<circle cx="{}" cy="{}" r="{}" fill="{}"/>', x, y, radius, fill)

    def text(
        self, x: float, y: float, words: str, *, anchor: str = "start", size: float = NORMAL, fill: str = INK
    ) -> None:
        """Write one line; `y` is its baseline, `anchor` is start, middle or end."""
        self._add(
            '<text x="{}" y="{}" font-size="{}" text-anchor="{}" fill="{}">{}</text>', x, y, size, anchor, fill, words
        )

    def svg(self, title: str, description: str) -> Markup:
        """Return the finished element."""
        head = Markup(
            '<svg xmlns="http://www.w3.org/2000/svg" class="chart" role="img" viewBox="0 0 {} {}"'
            ' width="{}" height="{}" font-family="{}"><title>{}</title><desc>{}</desc>'
        ).format(_n(self.width), _n(self.height), _n(self.width), _n(self.height), FONTS, title, description)
        return head + Markup("").join(self._parts) + Markup("</svg>")

    def _add(self, shape: str, *values: float | str) -> None:
        # The shapes are the literals above; what is filled in is escaped
        self._parts.append(Markup(shape).format(*(v if isinstance(v, str) else _n(v) for v in values)))  # noqa: S704


def legend(canvas: Canvas, names: tuple[str, ...], left: float, baseline: float) -> None:
    """Draw one line of keys."""
    x = left
    for index, name in enumerate(names):
        canvas.rect(x, baseline - 9, 10, 10, colour(index))
        canvas.text(x + 15, baseline, name, size=SMALL, fill=SOFT)
        x += 15 + text_width(name, SMALL) + 18


def colour(index: int) -> str:
    """Return the palette's colour for a series."""
    return PALETTE[index % len(PALETTE)]


def text_width(words: str, size: float = NORMAL) -> float:
    """Estimate how wide a text is: full-width characters one em, others a little more than half."""
    return sum(size if unicodedata.east_asian_width(letter) in "WFA" else size * 0.56 for letter in words)


def shorten(words: str, room: float, size: float = NORMAL) -> str:
    """Return the text cut to the room there is, with … at its end."""
    if text_width(words, size) <= room:
        return words
    while words and text_width(words, size) + size > room:
        words = words[:-1]
    return words + "…"


def scale(top: float, steps: int = 5) -> tuple[float, ...]:
    """Return round tick values from 0 to at least `top`."""
    if top <= 0:
        return (0.0, 1.0)
    rough = top / steps
    power = 10.0 ** floor(log10(rough))
    step = next(factor * power for factor in (1, 2, 2.5, 5, 10) if factor * power >= rough - 1e-9)
    return tuple(step * index for index in range(ceil(top / step - 1e-9) + 1))


def _n(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") or "0"
