"""Money is a whole number of 分; only reading and showing it knows 元, 万元 and 大写."""

import re
import unicodedata
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from grants.foundation.errors import RuleBroken
from grants.foundation.i18n import _

MAX_FEN = 99_999_999_999
"""Largest amount that can be typed: 999,999,999.99 元, far above any street's fund, so a slipped key is noticed."""

_PLAIN = re.compile(r"[0-9]+(?:\.[0-9]*)?")
_GROUPED = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]*)?")
_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_LARGEST_DAXIE_YUAN = 10**16


class BadAmount(RuleBroken, ValueError):
    """A text is not an amount of money; the message says in Chinese what is wrong with it."""


def yuan(fen: int) -> str:
    """Return 元 with two places and thousands separators: 123450 is "1,234.50"."""
    return _decimal_places(fen, grouped=True)


class YuanText(str):
    """An amount in 元 as text, "1234.50", that still knows its 分: a workbook shows it as a number."""

    fen: int = 0


def yuan_plain(fen: int) -> YuanText:
    """Return 元 with two places and no separators, for data files and form fields: "1234.50"."""
    text = YuanText(_decimal_places(fen, grouped=False))
    text.fen = fen
    return text


def wan(fen: int, places: int = 2) -> str:
    """Return 万元, rounded half up to `places`: 168_600_000 is "168.60"."""
    amount = (Decimal(fen) / 1_000_000).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    return f"{amount + 0:,f}"  # adding 0 turns a rounded "-0.00" into "0.00"


def parse_yuan(text: str, *, max_fen: int = MAX_FEN) -> int:
    """Read what a person typed as 元 and return 分.

    Full-width digits, ￥, 元, blanks and thousands separators are understood; a negative amount, more than two places
    or more than `max_fen` raise BadAmount.
    """
    cleaned = _clean(text)
    if not cleaned:
        raise BadAmount(_("请填写金额"))
    if cleaned[0] in "-−－":
        raise BadAmount(_("金额不能是负数"))
    if not (_PLAIN.fullmatch(cleaned) or _GROUPED.fullmatch(cleaned)):
        raise BadAmount(_("没有看懂这个金额，请以元为单位填写数字，例如 1,234.50"))
    whole, _dot, places = cleaned.replace(",", "").partition(".")
    if len(places) > 2:
        raise BadAmount(_("金额最多保留两位小数（精确到分）"))
    digits = (whole + places.ljust(2, "0")).lstrip("0") or "0"
    if len(digits) > len(str(max_fen)) or int(digits) > max_fen:
        raise BadAmount(_("金额不能超过 %(max)s 元", max=yuan(max_fen)))
    return int(digits)


def daxie(fen: int, *, prefix: bool = False) -> str:
    """Return the amount in banking capitals (大写), as papers for payment want it (支付结算办法, annex 1).

    An amount that ends in 分 takes no 整; one that ends in 元 or 角 takes it. Of the forms the rule allows for a zero
    at 元 before 角, the one with 零 is written (壹拾万柒仟元零伍角叁分), which leaves no room for an added figure.
    `prefix` puts 人民币 in front, with no gap. Raises ValueError from 一亿亿 元 on.
    """
    whole, cents = divmod(abs(fen), 100)
    if whole >= _LARGEST_DAXIE_YUAN:
        raise ValueError("the amount is too large for 大写")
    text = _daxie_integer(whole) + "元" if whole else ""
    text += _daxie_cents(cents, whole)
    return ("人民币" if prefix else "") + ("负" if fen < 0 else "") + (text or "零元整")


def split_by_percent(total_fen: int, percents: Sequence[int | Decimal | Fraction]) -> list[int]:
    """Split an amount into shares that sum to it exactly, as tranches of 50, 40 and 10 percent must.

    Each share is rounded down and the 分 left over go to the largest remainders, later shares first among equals.
    Raises ValueError when the percents are negative or do not sum to 100, or the total is negative.
    """
    parts = [Fraction(percent) for percent in percents]
    if total_fen < 0 or any(part < 0 for part in parts) or sum(parts) != 100:
        raise ValueError("percents must be positive and sum to 100, the total must not be negative")
    exact = [total_fen * part / 100 for part in parts]
    shares = [share.numerator // share.denominator for share in exact]
    by_remainder = sorted(range(len(parts)), key=lambda index: (exact[index] - shares[index], index), reverse=True)
    for index in by_remainder[: total_fen - sum(shares)]:
        shares[index] += 1
    return shares


def _decimal_places(fen: int, *, grouped: bool) -> str:
    whole, cents = divmod(abs(fen), 100)
    sign = "-" if fen < 0 else ""
    return f"{sign}{whole:,}.{cents:02d}" if grouped else f"{sign}{whole}.{cents:02d}"


def _clean(text: str) -> str:
    """Return half-width characters without currency signs, unit and blanks."""
    half_width = unicodedata.normalize("NFKC", text.replace("。", "."))
    return "".join(half_width.split()).removeprefix("人民币").lstrip("¥").removesuffix("元")


def _daxie_cents(cents: int, whole: int) -> str:
    jiao, fen = divmod(cents, 10)
    if not cents:
        return "整" if whole else ""
    zero = "零" if whole and (not jiao or whole % 10 == 0) else ""
    tenths = _DIGITS[jiao] + "角" if jiao else ""
    return zero + tenths + (_DIGITS[fen] + "分" if fen else "整")


def _daxie_integer(number: int) -> str:
    """Return a whole number below 10**16: up to 亿 by 万, above by 亿, with one 零 for every inner run of zeros."""
    for unit, sign in ((10**8, "亿"), (10**4, "万")):
        if number >= unit:
            high, low = divmod(number, unit)
            gap = "零" if 0 < low < unit // 10 else ""
            return _daxie_integer(high) + sign + gap + (_daxie_integer(low) if low else "")
    return _daxie_group(number)


def _daxie_group(number: int) -> str:
    """Return 1 to 9999; a zero inside is one 零, zeros at the end are none."""
    text = ""
    for place in (3, 2, 1, 0):
        digit = number // 10**place % 10
        if digit:
            text += _DIGITS[digit] + _PLACES[place]
        elif text and number % 10**place and not text.endswith("零"):
            text += "零"
    return text
