"""Working days around 调休, and what happens for a year nobody has published yet."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grants.foundation.workdays import (
    CalendarMissing,
    HolidayFileError,
    HolidayRow,
    HolidayTable,
    add_working_days,
    builtin_table,
    is_working_day,
    parse_holiday_csv,
    why_year_incomplete,
    working_days_between,
)

TABLE = builtin_table()
YEAR_2027 = """日期,安排,名称
2027-01-01,休,元旦
2027-02-05,休,春节
2027-02-06,休,春节
2027-02-07,休,春节
2027/2/8,休,春节
2027年4月5日,休,清明节
20270501,休,劳动节
2027-05-02,休,劳动节
2027-06-09,休,端午节
2027-09-15,休,中秋节
2027-10-01,休,国庆节
2027-10-02,休,国庆节
2027-10-03,休,国庆节
2027-10-09,班,国庆节调休
2026-12-31,休,元旦
"""


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        (date(2026, 2, 13), True),  # an ordinary Friday
        (date(2026, 2, 14), True),  # a Saturday worked before 春节
        (date(2026, 2, 17), False),  # 春节 itself
        (date(2026, 2, 28), True),  # a Saturday worked after it
        (date(2026, 3, 7), False),  # an ordinary Saturday
        (date(2026, 10, 1), False),
        (date(2026, 10, 10), True),
    ],
)
def test_published_year(day: date, worked: bool) -> None:
    assert is_working_day(day, TABLE) is worked


def test_counting_starts_on_the_day_after() -> None:
    assert add_working_days(date(2026, 3, 2), 5, TABLE) == date(2026, 3, 9)
    assert add_working_days(date(2026, 3, 2), 0, TABLE) == date(2026, 3, 2)
    # Published on a Saturday: Monday is day 1
    assert add_working_days(date(2026, 3, 7), 5, TABLE) == date(2026, 3, 13)
    # 春节 2026: off 15 to 23 February, the Saturdays of 14 and 28 are worked
    assert add_working_days(date(2026, 2, 12), 5, TABLE) == date(2026, 2, 26)
    with pytest.raises(ValueError, match="forward"):
        add_working_days(date(2026, 3, 2), -1, TABLE)


def test_days_between() -> None:
    assert working_days_between(date(2026, 3, 2), date(2026, 3, 9), TABLE) == 5
    assert working_days_between(date(2026, 3, 9), date(2026, 3, 2), TABLE) == -5
    assert working_days_between(date(2026, 3, 7), date(2026, 3, 8), TABLE) == 0


@settings(deadline=None)
@given(st.dates(date(2010, 1, 1), date(2026, 6, 30)), st.integers(1, 60))
def test_adding_and_counting_agree(day: date, count: int) -> None:
    end = add_working_days(day, count, TABLE)
    assert is_working_day(end, TABLE)
    assert working_days_between(day, end, TABLE) == count


def test_an_unpublished_year_is_never_guessed() -> None:
    last = max(TABLE.years)
    with pytest.raises(CalendarMissing) as missing:
        add_working_days(date(last, 12, 28), 10, TABLE)
    assert missing.value.year == last + 1
    assert f"{last + 1} 年" in missing.value.message
    assert f"flask holidays import {last + 1}.csv" in missing.value.message
    with pytest.raises(CalendarMissing):
        working_days_between(date(last, 12, 28), date(last + 1, 1, 2), TABLE)


def test_an_imported_year() -> None:
    table = HolidayTable({}, frozenset({2026})).with_imported(parse_holiday_csv(YEAR_2027))
    assert table.years == {2026, 2027}
    assert not is_working_day(date(2027, 10, 1), table)
    assert is_working_day(date(2027, 10, 9), table)
    assert not is_working_day(date(2026, 12, 31), table)
    assert add_working_days(date(2026, 12, 30), 1, table) == date(2027, 1, 4)


def test_a_few_days_do_not_make_a_year() -> None:
    rows = parse_holiday_csv("2028-01-01,休,元旦")
    table = TABLE.with_imported(rows)
    assert 2028 not in table.years
    assert "5 月 1 日（劳动节）" in str(why_year_incomplete(rows, 2028))
    fixed = [HolidayRow(date(2028, month, day), False) for month, day in ((1, 1), (5, 1), (10, 1), (10, 2), (10, 3))]
    assert "只有 5 天" in str(why_year_incomplete(fixed, 2028))


def test_the_imported_table_wins() -> None:
    table = TABLE.with_imported([HolidayRow(date(2026, 2, 14), False), HolidayRow(date(2026, 3, 2), False)])
    assert not is_working_day(date(2026, 2, 14), table)
    assert not is_working_day(date(2026, 3, 2), table)
    assert not is_working_day(date(2026, 10, 1), table)
    assert is_working_day(date(2026, 2, 14), TABLE)


def test_a_table_cannot_be_changed() -> None:
    days = {date(2026, 3, 2): False}
    table = HolidayTable(days, frozenset({2026}))
    days.clear()
    assert not is_working_day(date(2026, 3, 2), table)


def test_reading_a_file() -> None:
    rows = parse_holiday_csv("\ufeff" + YEAR_2027)
    assert rows[0] == HolidayRow(date(2026, 12, 31), False, "元旦")
    assert rows[-1] == HolidayRow(date(2027, 10, 9), True, "国庆节调休")
    assert len(rows) == 15
    assert parse_holiday_csv("# 注释\n\n2027-01-02,上班\n") == [HolidayRow(date(2027, 1, 2), True)]


def test_every_bad_line_is_named() -> None:
    text = "日期,安排\n2027-01-01,休\n2027-02-30,休\n元旦,休\n2027-01-02,也许\n2027-01-01,班\n2027-03-03\n"
    with pytest.raises(HolidayFileError) as refused:
        parse_holiday_csv(text)
    assert [line for line, _fault in refused.value.faults] == [3, 4, 5, 6, 7]
    assert "第 4 行：日期“元旦”无法识别" in refused.value.message
    assert "重复" in refused.value.message
    with pytest.raises(HolidayFileError, match="没有任何日期"):
        parse_holiday_csv("日期,安排\n")


def test_the_library_knows_whole_years() -> None:
    """Every year it claims is complete by our own measure; a half-known year would shorten periods silently."""
    for year in TABLE.years:
        off = [HolidayRow(date(year, 1, 1) + timedelta(days=number), False) for number in range(366)]
        known = [row for row in off if row.on.year == year and TABLE.days.get(row.on) is False]
        if year >= 2008:  # 清明、端午、中秋 became holidays
            assert len(known) >= 11
