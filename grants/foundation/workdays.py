"""Working days: weekends and 法定节假日 are skipped, 调休 working weekends count. Pure sums over a holiday table.

The library's calendar is exact for the years the State Council has published. A later year is never guessed: its
notice must be imported first, and until then the sum stops with CalendarMissing.
"""

import csv
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from types import MappingProxyType

from grants.foundation.errors import RuleBroken
from grants.foundation.i18n import _

_DAY = timedelta(days=1)
_SATURDAY = 5
_OFF_WORDS = frozenset({"休", "假", "放假", "休息", "节假日", "休息日", "holiday", "off", "false", "否", "0"})
_WORK_WORDS = frozenset({"班", "上班", "工作", "工作日", "补班", "调休上班", "workday", "work", "true", "是", "1"})
_HEADINGS = frozenset({"日期", "date", "on", "day"})
_DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?|(\d{4})(\d{2})(\d{2})", re.ASCII)
_FIXED_HOLIDAYS = ((1, 1, "元旦"), (5, 1, "劳动节"), (10, 1, "国庆节"), (10, 2, "国庆节"), (10, 3, "国庆节"))
_FEWEST_DAYS_OFF = 11
"""全国年节及纪念日放假办法: 11 days a year until 2024, 13 since."""


class CalendarMissing(RuleBroken):
    """Nobody has said yet which days of this year are worked; `year` is the one to import."""

    def __init__(self, year: int) -> None:
        self.year = year
        super().__init__(
            _(
                "还没有 %(year)s 年的节假日调休安排，无法计算工作日。"
                "请管理员在国务院办公厅公布放假通知后导入：flask holidays import %(year)s.csv",
                year=year,
            )
        )


class HolidayFileError(RuleBroken, ValueError):
    """A holiday file has lines that cannot be read; `faults` holds (line number, what is wrong)."""

    def __init__(self, faults: Iterable[tuple[int, str]]) -> None:
        self.faults = tuple(faults)
        lines = [_("第 %(line)s 行：%(fault)s", line=line, fault=fault) for line, fault in self.faults]
        super().__init__("\n".join(lines))


@dataclass(frozen=True)
class HolidayRow:
    """One line of a holiday notice: a day that is off, or a weekend day that is worked."""

    on: date
    is_workday: bool
    name: str = ""


@dataclass(frozen=True)
class HolidayTable:
    """The days that differ from "Monday to Friday are worked", and the years for which they are known."""

    days: Mapping[date, bool] = field(default_factory=dict)
    years: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        object.__setattr__(self, "days", MappingProxyType(dict(self.days)))

    def with_imported(self, rows: Iterable[HolidayRow]) -> "HolidayTable":
        """Return a table in which imported rows win over what was known about their days.

        A year becomes covered only when its rows are complete (`why_year_incomplete`): a notice often names a day or
        two of the year before or after, and that says nothing about the rest of that year.
        """
        imported = list(rows)
        complete = {year for year in {row.on.year for row in imported} if why_year_incomplete(imported, year) is None}
        return HolidayTable({**self.days, **{row.on: row.is_workday for row in imported}}, self.years | complete)


@cache
def builtin_table() -> HolidayTable:
    """Return the calendar that comes with the chinesecalendar library (2004 to the last published year)."""
    from chinese_calendar import constants  # thousands of dates, needed only where working days are counted

    days = dict.fromkeys(constants.holidays, False) | dict.fromkeys(constants.workdays, True)
    return HolidayTable(days, frozenset(on.year for on in constants.holidays))


def is_working_day(day: date, table: HolidayTable) -> bool:
    """Tell whether offices work on this day; raises CalendarMissing for a year the table does not cover."""
    if day.year not in table.years:
        raise CalendarMissing(day.year)
    return table.days.get(day, day.weekday() < _SATURDAY)


def add_working_days(day: date, count: int, table: HolidayTable) -> date:
    """Return the `count`-th working day after `day`; counting starts on the day after, as for 公示 periods.

    A notice published on day X for 5 working days may be objected to until the end of the date returned.
    A `count` of 0 returns `day` itself. Raises ValueError for a negative count, CalendarMissing for an unknown year.
    """
    if count < 0:
        raise ValueError("working days are counted forward only")
    while count:
        day += _DAY
        count -= is_working_day(day, table)
    return day


def working_days_between(start: date, end: date, table: HolidayTable) -> int:
    """Return how many working days follow `start` up to and including `end`; negative when `end` comes first."""
    if end < start:
        return -working_days_between(end, start, table)
    return sum(is_working_day(start + _DAY * offset, table) for offset in range(1, (end - start).days + 1))


def parse_holiday_csv(text: str) -> list[HolidayRow]:
    """Read a holiday notice: 日期,休/班,名称 a line, heading optional; HolidayFileError names every bad line."""
    rows: dict[date, HolidayRow] = {}
    faults: list[tuple[int, str]] = []
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff")))
    for cells in reader:
        cells = [cell.strip() for cell in cells]
        if not any(cells) or cells[0].startswith("#") or (not rows and cells[0].lower() in _HEADINGS):
            continue
        row = _read_row(cells)
        if isinstance(row, str):
            faults.append((reader.line_num, row))
        elif row.on in rows:
            faults.append((reader.line_num, _("日期 %(on)s 重复出现", on=row.on.isoformat())))
        else:
            rows[row.on] = row
    if not rows and not faults:
        faults.append((1, _("文件里没有任何日期")))
    if faults:
        raise HolidayFileError(faults)
    return sorted(rows.values(), key=lambda row: row.on)


def why_year_incomplete(rows: Iterable[HolidayRow], year: int) -> str | None:
    """Return what shows that these rows are not the whole notice of a year, or None.

    Only the holidays with a fixed date can be checked by name; the others are checked by their number.
    """
    off = {row.on for row in rows if row.on.year == year and not row.is_workday}
    for month, day, name in _FIXED_HOLIDAYS:
        if date(year, month, day) not in off:
            return _(
                "%(year)s 年的安排里没有 %(month)s 月 %(day)s 日（%(name)s）",
                year=year,
                month=month,
                day=day,
                name=name,
            )
    if len(off) < _FEWEST_DAYS_OFF:
        return _("%(year)s 年的安排里只有 %(count)s 天放假，看起来不完整", year=year, count=len(off))
    return None


def _read_row(cells: list[str]) -> HolidayRow | str:
    """Return the row, or the reason why the line cannot be read."""
    on = _read_date(cells[0])
    if on is None:
        return _("日期“%(typed)s”无法识别，请写成 2027-01-01 的样子", typed=cells[0])
    word = cells[1].lower() if len(cells) > 1 else ""
    if word not in _OFF_WORDS | _WORK_WORDS:
        return _("第二列“%(typed)s”无法识别，放假写“休”，调休上班写“班”", typed=word)
    return HolidayRow(on, word in _WORK_WORDS, cells[2] if len(cells) > 2 else "")


def _read_date(text: str) -> date | None:
    match = _DATE.fullmatch(text)
    if match is None:
        return None
    year, month, day = (int(part) for part in match.groups() if part is not None)
    try:
        return date(year, month, day)
    except ValueError:
        return None
