"""Lines of the residents' roll: what is read, and how a fault is told."""

from datetime import date

import pytest

from grants.foundation.errors import RuleBroken
from grants.people.rules import Gender
from grants.people.rules.roll import COLUMNS, gender_of, read_lines
from tests.factories.people import id_number

TODAY = date(2026, 7, 1)
GOOD = ("张桂兰", id_number(1), "138 0000 1234", "银杏社区", "", "", "否")


def read(*rows: tuple[object, ...]) -> tuple[list[object], list[tuple[int, str]]]:
    lines, faults = read_lines([COLUMNS, *rows], today=TODAY)
    return list(lines), [(fault.line, fault.column) for fault in faults]


def test_a_good_line_is_normalised() -> None:
    lines, faults = read_lines([COLUMNS, GOOD], today=TODAY)
    assert not faults
    assert (lines[0].phone, lines[0].is_away, lines[0].line) == ("13800001234", False, 2)


@pytest.mark.parametrize(
    ("place", "value", "column"),
    [
        (0, "", "姓名"),
        (0, "张3<b>", "姓名"),
        (1, "", "身份证号"),
        (1, "110105194912310021", "身份证号"),
        (1, 110105194912310020, "身份证号"),
        (1, 1.1010519491231002e17, "身份证号"),
        (1, "110105491231002", "身份证号"),
        (2, "0571-888", "手机号"),
        (6, "也许", "是否外出"),
    ],
)
def test_a_bad_cell_names_its_line_and_column(place: int, value: object, column: str) -> None:
    row = [*GOOD]
    row[place] = value
    lines, faults = read(tuple(row))
    assert not lines
    assert faults == [(2, column)]


def test_no_reason_repeats_what_the_cell_held() -> None:
    _lines, faults = read_lines([COLUMNS, ("张三", "110105194912310021", "13812", "", "", "", "")], today=TODAY)
    assert not any("1101051949" in fault.reason or "13812" in fault.reason for fault in faults)


def test_the_same_person_twice_is_told_with_the_first_line() -> None:
    _lines, faults = read_lines([COLUMNS, GOOD, (), GOOD], today=TODAY)
    assert [(fault.line, fault.reason) for fault in faults] == [(4, "与第 2 行的身份证号相同")]


def test_other_words_for_the_columns_are_understood_and_missing_ones_refused() -> None:
    lines, _faults = read_lines([("姓 名", "公民身份号码"), ("张三", id_number(2))], today=TODAY)
    assert len(lines) == 1
    with pytest.raises(RuleBroken, match="身份证号"):
        read_lines([("姓名", "电话"), ("张三", "1")], today=TODAY)
    with pytest.raises(RuleBroken, match="没有内容"):
        read_lines([], today=TODAY)


def test_gender_comes_from_the_seventeenth_digit() -> None:
    assert gender_of("11010519491231002X") is Gender.FEMALE
    assert gender_of("110105194912310038") is Gender.MALE
