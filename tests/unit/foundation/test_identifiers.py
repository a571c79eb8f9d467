"""Codes of organisations, people and places: checked, explained, masked."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grants.foundation import identifiers as ids

FICTIONAL_USCC = (
    "51990101MJ0000114K",
    "51990101MJ0000122E",
    "52990101MJ0000114G",
    "52990101MJ0000122B",
    "53990101MJ0000114D",
    "53990101MJ00001228",
)
STANDARD_EXAMPLE = "11010519491231002X"


@pytest.mark.parametrize("code", FICTIONAL_USCC)
def test_uscc_that_passes_both_checks(code: str) -> None:
    assert ids.uscc_warnings(code) == []
    assert ids.uscc_warnings(f" {code[:8].lower()}-{code[8:].lower()} ") == []
    assert ids.is_social_organisation(code)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("5199", ["18 位，现在是 4 位"]),
        ("51990101MJ000011IO", ["“I、O”"]),
        ("51990101MJ0000114L", ["末位校验码不符"]),
        ("51990101MJ0000115K", ["第 17 位", "末位校验码不符"]),
        ("91350100M0001TGQXM", ["末位校验码不符"]),  # a genuine early code, known to fail
        ("5199A101MJ0000114K", ["行政区划", "末位"]),
        ("58990101MJ0000114K", ["第 2 位", "末位"]),
        ("0199010100000114XX", ["第 1 位"]),
    ],
)
def test_uscc_is_explained(code: str, words: list[str]) -> None:
    warnings = ids.uscc_warnings(code)
    assert all(any(word in warning for warning in warnings) for word in words)
    assert not ids.is_social_organisation("91350100M0001TGQXM")


@settings(deadline=None)
@given(st.sampled_from(FICTIONAL_USCC), st.integers(8, 17), st.sampled_from("0123456789ABCDEFGHJKLMNPQRTUWXY"))
def test_one_wrong_character_is_noticed(code: str, place: int, sign: str) -> None:
    wrong = code[:place] + sign + code[place + 1 :]
    assert bool(ids.uscc_warnings(wrong)) is (wrong != code)


def _with_check(seventeen: str) -> str:
    return next(seventeen + last for last in "0123456789X" if ids.why_not_resident_id(seventeen + last) is None)


def test_resident_id() -> None:
    assert ids.why_not_resident_id(STANDARD_EXAMPLE) is None
    assert ids.why_not_resident_id("１１０１０５ 19491231 002x") is None
    assert ids.birth_date(STANDARD_EXAMPLE) == date(1949, 12, 31)


@pytest.mark.parametrize("prefix", ["810000", "820000", "830000", "990101", "931156"])
def test_cards_of_newer_kinds_are_accepted(prefix: str) -> None:
    assert ids.why_not_resident_id(_with_check(prefix + "20000229001")) is None


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("110105491231002", "15 位"),
        ("1101051949123100", "18 位"),
        ("11010519491231002A", "末位"),
        ("100105194912310021", "地区代码"),
        ("110105194913310021", "出生日期"),
        ("110105190002290021", "出生日期"),
        ("110105194912310021", "校验位"),
        ("", "18 位"),
    ],
)
def test_resident_id_is_refused_without_repeating_it(number: str, words: str) -> None:
    reason = ids.why_not_resident_id(number)
    assert reason is not None
    assert words in reason
    assert not number or number not in reason


def test_birth_in_the_future() -> None:
    number = _with_check("99010120300101001")
    assert ids.why_not_resident_id(number, today=date(2026, 1, 1)) is not None
    assert ids.birth_date("x") is None


def test_age() -> None:
    assert ids.age_on(date(2008, 3, 1), date(2026, 2, 28)) == 17
    assert ids.age_on(date(2008, 3, 1), date(2026, 3, 1)) == 18
    assert ids.age_on(date(2008, 2, 29), date(2026, 2, 28)) == 17
    assert ids.age_on(date(2008, 2, 29), date(2026, 3, 1)) == 18


@pytest.mark.parametrize(
    "typed", ["13812341234", "138 1234 1234", "+86-138-1234-1234", "008613812341234", "8613812341234", "１３８12341234"]
)
def test_mobile(typed: str) -> None:
    assert ids.normalise_phone(typed) == "13812341234"
    assert ids.why_not_mobile(typed) is None


@pytest.mark.parametrize("typed", ["", "12812341234", "1381234123", "0571-88001234", "138123412345"])
def test_not_a_mobile(typed: str) -> None:
    assert "11 位" in str(ids.why_not_mobile(typed))


@pytest.mark.parametrize(
    ("code", "level", "parent"),
    [
        ("990000000000", "province", None),
        ("990100000000", "city", "990000000000"),
        ("990101000000", "county", "990100000000"),
        ("990101001000", "street", "990101000000"),
        ("990101001001", "community", "990101001000"),
        ("990101100010", "community", "990101100000"),
        ("441900003000", "street", "441900000000"),  # a city without counties
    ],
)
def test_area_codes(code: str, level: str, parent: str | None) -> None:
    area = ids.area_code(code)
    assert (area.level, area.parent) == (level, parent)


def test_area_inside_area() -> None:
    street = ids.area_code("990101001000")
    assert street.contains(street)
    assert street.contains(ids.area_code("990101001012"))
    assert not street.contains(ids.area_code("990101002012"))
    assert not ids.area_code("990101001012").contains(street)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("990101", "12 位"),
        ("99010100100A", "12 位"),
        ("000101001001", "上级"),
        ("990001001001", "上级"),
        ("990101000001", "上级"),
        ("990101001600", "末三位"),
    ],
)
def test_bad_area_codes(code: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        ids.area_code(code)


def test_masks() -> None:
    assert [ids.mask_name(name) for name in ("张三", "张小三", "欧阳小三", "王", "", " 李四 ")] == [
        "张*",
        "张*三",
        "欧**三",
        "*",
        "",
        "李*",
    ]
    assert ids.mask_phone("138 1234 1234") == "138****1234"
    assert ids.mask_phone("0571-88001234") == "****34"
    assert ids.mask_phone("110") == "****"
    assert ids.mask_phone("") == ""
    assert ids.mask_id(STANDARD_EXAMPLE) == "1****************X"
    assert ids.mask_id("12345") == "*****"
    assert ids.mask_account("6222 0212 3456 1234") == "****1234"
    assert ids.mask_account("1234") == "****"
    assert ids.mask_account("") == ""


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("梧桐街道和平社区阳光小区3幢2单元501室", "梧桐街道和平社区阳光小区****"),
        ("阳光小区三幢501室（和平社区）", "阳光小区****"),
        ("滨江区梧桐街道长河路88号", "滨江区梧桐街道****"),
        ("滨江区长河路88号", "滨江区****"),
        ("长河路88号", "****"),
        ("和平社区", "和平社区"),
        ("", ""),
    ],
)
def test_address_never_shows_a_house(address: str, shown: str) -> None:
    assert ids.mask_address(address) == shown


def test_codes() -> None:
    code = ids.new_code()
    assert len(code) == 19
    assert code.count("-") == 3
    assert ids.new_code() != code
    assert ids.normalise_code("oOil-2345 6789_abcd") == "0011-2345-6789-ABCD"


@settings(deadline=None)
@given(st.text("0123456789ABCDEFGHJKMNPQRSTVWXYZ", min_size=16, max_size=16))
def test_a_code_survives_being_copied_by_hand(plain: str) -> None:
    canonical = ids.normalise_code(plain)
    assert ids.normalise_code(canonical) == canonical
    assert ids.normalise_code(plain.lower().replace("0", "o").replace("1", "l")) == canonical


@pytest.mark.parametrize("typed", ["", "7Q2M-0K4T-9XZ1", "7Q2M-0K4T-9XZ1-B3CU", "7Q2M-0K4T-9XZ1-B3CDE"])
def test_what_is_no_code(typed: str) -> None:
    with pytest.raises(ids.BadCode, match="16 位"):
        ids.normalise_code(typed)
