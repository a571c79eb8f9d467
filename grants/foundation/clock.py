"""The application's only clock: aware UTC inside, Asia/Shanghai outside."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """Return the present moment as aware UTC."""
    return datetime.now(UTC)


def today() -> date:
    """Return today's date where the street is."""
    return now().astimezone(SHANGHAI).date()


def local(moment: datetime) -> datetime:
    """Return the moment as a clock in the street shows it."""
    return moment.astimezone(SHANGHAI)


def start_of(day: date) -> datetime:
    """Return the first moment of a street day as aware UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=SHANGHAI).astimezone(UTC)
