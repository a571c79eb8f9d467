"""The yearly 调休 notice: taken in as a whole, one year after the other."""

from datetime import date

from sqlalchemy import delete

from grants.foundation import audit
from grants.foundation.database import db
from grants.foundation.errors import RuleBroken
from grants.foundation.models import Holiday
from grants.foundation.workdays import HolidayRow, parse_holiday_csv, why_year_incomplete


def import_holidays(text: str, year: int) -> list[HolidayRow]:
    """Replace what is known of a year by a notice in CSV; rows of other years in the file replace their own day only.

    Raises HolidayFileError for lines that cannot be read and RuleBroken for a notice that is not whole.
    """
    rows = parse_holiday_csv(text)
    why_not = why_year_incomplete(rows, year)
    if why_not is not None:
        raise RuleBroken(why_not)
    days = [row.on for row in rows]
    db.session.execute(delete(Holiday).where(Holiday.day.between(date(year, 1, 1), date(year, 12, 31))))
    db.session.execute(delete(Holiday).where(Holiday.day.in_(days)))
    db.session.add_all(Holiday(day=row.on, is_workday=row.is_workday, name=row.name[:40]) for row in rows)
    audit.record("holiday:import", actor=None, subject=None, year=year, days=len(rows))
    return rows
