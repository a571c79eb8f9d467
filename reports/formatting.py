"""How figures, dates and people's own words are written on paper. Every function takes None as "not known": —."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from markupsafe import Markup, escape

from grants.foundation.clock import local

UNKNOWN = "—"
MAX_FIELD = 5_000
MAX_PARAGRAPHS = 60
ELIDED = "（内容较长，此处从略，全文以系统存档为准。）"
_NUMERALS = "零一二三四五六七八九"


def count(value: int | None) -> str:
    """Return a whole number with thousands separators."""
    return UNKNOWN if value is None else f"{value:,}"


def decimal(value: Decimal | int | float | None, places: int = 2) -> str:
    """Return a number rounded half up to `places`, with thousands separators."""
    if value is None:
        return UNKNOWN
    rounded = Decimal(str(value)).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    return f"{rounded + 0:,f}"


def percent(part: Decimal | int | float | None, whole: Decimal | int | float | None = 1, places: int = 1) -> str:
    """Return part of whole as a percentage; — where there is no whole."""
    if part is None or not whole:
        return UNKNOWN
    return f"{decimal(Decimal(str(part)) * 100 / Decimal(str(whole)), places)}%"


def day(value: date | None) -> str:
    """Return a date as papers write it, without leading zeros (2026年3月5日); of a moment the street's day."""
    if isinstance(value, datetime):
        value = local(value)
    return UNKNOWN if value is None else f"{value.year}年{value.month}月{value.day}日"


def short_day(value: date | None) -> str:
    """Return a date for narrow columns: 2026-03-05."""
    return UNKNOWN if value is None else value.isoformat()


def moment(value: datetime | None) -> str:
    """Return a moment by the street's clock: 2026年3月5日 14:05."""
    if value is None:
        return UNKNOWN
    here = local(value)
    return f"{day(here.date())} {here:%H:%M}"


def local_day(value: datetime) -> str:
    """Return the street's date of a moment: 2026年3月5日."""
    return day(local(value).date())


def w3c(value: datetime) -> str:
    """Return a moment for a file's own description: 2026-03-05T06:05:00Z."""
    return f"{value.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def numeral(number: int) -> str:
    """Return 1 to 99 in Chinese numerals, for the numbers of headings: 一, 十, 二十一."""
    if not 1 <= number <= 99:
        raise ValueError(f"headings are numbered 1 to 99, not {number}")
    tens, ones = divmod(number, 10)
    head = "" if not tens else ("十" if tens == 1 else _NUMERALS[tens] + "十")
    return head + (_NUMERALS[ones] if ones else "")


def paragraphs(text: str | None) -> Markup:
    """Return people's own words as paragraphs, escaped; very long texts are cut, and say so."""
    lines = [line.strip() for line in (text or "").splitlines() if line.strip()]
    kept: list[str] = []
    room = MAX_FIELD
    for line in lines[:MAX_PARAGRAPHS]:
        if room <= 0:
            break
        kept.append(line[:room])
        room -= len(line)
    if len(kept) < len(lines) or room < 0:
        kept.append(ELIDED)
    return Markup().join(Markup("<p>{}</p>\n").format(line) for line in kept) or Markup("<p>{}</p>\n").format(UNKNOWN)


def lines(text: str | None) -> Markup:
    """Return a short text for a table cell, its line ends kept, at most five of them."""
    kept = [line.strip() for line in (text or "").splitlines() if line.strip()]
    shown = [clip(line, 200) for line in kept[:5]] + (["……"] if len(kept) > 5 else [])
    return Markup("<br>").join(escape(line) for line in shown) or escape(UNKNOWN)


def quoted(text: str) -> str:
    """Return the text in “ ”, with quotation marks inside it turned into ‘ ’."""
    return f"“{text.replace('“', '‘').replace('”', '’')}”"


def clip(text: str, limit: int) -> str:
    """Return the text cut to `limit` characters, with …… in place of the rest."""
    return text if len(text) <= limit else text[: limit - 2] + "……"


FILTERS: dict[str, Callable[..., Any]] = {
    "count": count,
    "decimal": decimal,
    "percent": percent,
    "day": day,
    "short_day": short_day,
    "moment": moment,
    "local_day": local_day,
    "w3c": w3c,
    "numeral": numeral,
    "paragraphs": paragraphs,
    "lines": lines,
    "quoted": quoted,
    "clip": clip,
}
