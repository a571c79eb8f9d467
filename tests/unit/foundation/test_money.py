"""Reading, showing and splitting money."""

from decimal import Decimal
from fractions import Fraction

import cn2an
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grants.foundation.money import BadAmount, daxie, parse_yuan, split_by_percent, wan, yuan, yuan_plain

DAXIE = {
    600714: "陆仟零柒元壹角肆分",
    1640902: "壹万陆仟肆佰零玖元零贰分",
    32504: "叁佰贰拾伍元零肆分",
    140950: "壹仟肆佰零玖元伍角整",
    10700053: "壹拾万柒仟元零伍角叁分",
    10000000: "壹拾万元整",
    5: "伍分",
    1000: "壹拾元整",
    0: "零元整",
    50: "伍角整",
    55: "伍角伍分",
    100: "壹元整",
    101: "壹元零壹分",
    168032: "壹仟陆佰捌拾元零叁角贰分",
    70000409915: "柒亿零肆仟零玖拾玖元壹角伍分",
    10001000101: "壹亿零壹万零壹元零壹分",
    100_000_000_00: "壹亿元整",
    100_000_010_00: "壹亿零壹拾元整",
    120_000_000_00: "壹亿贰仟万元整",
    10**12 * 100: "壹万亿元整",
    (10**12 + 10**4) * 100: "壹万亿零壹万元整",
    -600714: "负陆仟零柒元壹角肆分",
}


@pytest.mark.parametrize(("fen", "expected"), DAXIE.items(), ids=str)
def test_daxie_vectors(fen: int, expected: str) -> None:
    assert daxie(fen) == expected


def test_daxie_prefix_has_no_gap() -> None:
    assert daxie(600714, prefix=True) == "人民币陆仟零柒元壹角肆分"
    assert daxie(-100, prefix=True) == "人民币负壹元整"


def test_daxie_has_an_end() -> None:
    assert daxie(10**18 - 1).startswith("玖仟玖佰玖拾玖万玖仟玖佰玖拾玖亿")
    with pytest.raises(ValueError, match="too large"):
        daxie(10**18)


@settings(deadline=None)
@given(st.integers(min_value=0, max_value=10**10 - 1))
def test_daxie_agrees_with_cn2an(fen: int) -> None:
    """Below 一亿元 the oracle differs only in two optional signs: no 零 between 元 and 角, no 整 after 角."""
    expected = cn2an.an2cn(str(yuan_plain(fen)), "rmb")  # it looks for str itself, no kind of it
    ours = daxie(fen)
    if fen % 100 >= 10 and fen // 100 % 10 == 0:
        ours = ours.replace("元零", "元")
    assert ours == (expected + "整" if expected.endswith("角") else expected)


@settings(deadline=None)
@given(st.integers(min_value=0, max_value=10**18 - 1))
def test_daxie_can_be_read_back(fen: int) -> None:
    assert _read_daxie(daxie(fen)) == fen


def _read_daxie(text: str) -> int:
    """Read 大写 by the plain meaning of its signs, in 分."""
    whole, _yuan, cents = text.rpartition("元")
    jiao, _jiao, rest = cents.rpartition("角")
    return _read_integer(whole) * 100 + _read_integer(jiao) * 10 + _read_integer(rest.strip("分整"))


def _read_integer(text: str) -> int:
    for sign, value in (("亿", 10**8), ("万", 10**4), ("仟", 1000), ("佰", 100), ("拾", 10)):
        if sign in text:
            high, _sign, low = text.partition(sign)
            return _read_integer(high) * value + _read_integer(low)
    plain = text.strip("零")
    return "零壹贰叁肆伍陆柒捌玖".index(plain) if plain else 0


def test_showing() -> None:
    assert yuan(123450) == "1,234.50"
    assert yuan(-5) == "-0.05"
    assert yuan_plain(123450) == "1234.50"
    assert wan(168_600_000) == "168.60"
    assert wan(12_345_678_900) == "12,345.68"
    assert wan(50_000, places=1) == "0.1"
    assert wan(-1) == "0.00"
    assert wan(12_600_000, places=0) == "13"


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("1,234.5", 123450),
        ("１２３４．５０", 123450),
        ("￥1,234.50", 123450),
        ("¥ 12", 1200),
        ("人民币 12 元", 1200),
        ("12。5", 1250),
        ("1，234", 123400),
        ("0", 0),
        ("007.1", 710),
        ("5.", 500),
        ("999999999.99", 99_999_999_999),
    ],
)
def test_parsing(text: str, fen: int) -> None:
    assert parse_yuan(text) == fen


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "请填写"),
        ("  ￥ ", "请填写"),
        ("-5", "负数"),
        ("－5", "负数"),
        ("1.234", "两位小数"),
        ("1,23", "没有看懂"),
        ("1e5", "没有看懂"),
        ("五百", "没有看懂"),
        ("1.5万", "没有看懂"),
        ("1.2.3", "没有看懂"),
        (".", "没有看懂"),
        ("1000000000", "999,999,999.99"),
        ("9" * 5000, "999,999,999.99"),
        ("٣", "没有看懂"),
    ],
)
def test_refusing(text: str, message: str) -> None:
    with pytest.raises(BadAmount, match=message) as refused:
        parse_yuan(text)
    assert isinstance(refused.value, ValueError)


def test_a_limit_of_its_own() -> None:
    assert parse_yuan("500", max_fen=50_000) == 50_000
    with pytest.raises(BadAmount, match=r"500\.00"):
        parse_yuan("500.01", max_fen=50_000)


@settings(deadline=None)
@given(st.integers(min_value=0, max_value=99_999_999_999))
def test_what_is_shown_can_be_read(fen: int) -> None:
    assert parse_yuan(yuan(fen)) == parse_yuan(yuan_plain(fen)) == fen


def test_splitting() -> None:
    assert split_by_percent(100_00, [50, 40, 10]) == [50_00, 40_00, 10_00]
    assert split_by_percent(100, [Fraction(100, 3)] * 3) == [33, 33, 34]
    assert split_by_percent(1, [50, 50]) == [0, 1]
    assert split_by_percent(10_01, [Decimal("33.3"), Decimal("66.7")]) == [3_33, 6_68]
    assert split_by_percent(0, [100]) == [0]


@pytest.mark.parametrize(("total", "percents"), [(100, [50, 40]), (100, [110, -10]), (-1, [100]), (100, [])])
def test_splitting_refuses(total: int, percents: list[int]) -> None:
    with pytest.raises(ValueError, match="sum to 100"):
        split_by_percent(total, percents)


@settings(deadline=None)
@given(st.integers(0, 10**13), st.lists(st.integers(0, 1000), min_size=1, max_size=8).filter(any))
def test_shares_sum_exactly(total: int, weights: list[int]) -> None:
    percents = [Fraction(100 * weight, sum(weights)) for weight in weights]
    shares = split_by_percent(total, percents)
    assert sum(shares) == total
    assert all(abs(share - total * percent / 100) < 1 for share, percent in zip(shares, percents, strict=True))
