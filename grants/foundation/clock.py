"""The application's only clock: aware UTC inside, Asia/Shanghai outside."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")

_set_to: ContextVar[datetime | None] = ContextVar("set_to", default=None)


def now() -> datetime:
    """Return the present moment as aware UTC."""
    return _set_to.get() or datetime.now(UTC)


def is_set() -> bool:
    """Tell whether somebody has set the clock, as the loader of a past round does."""
    return _set_to.get() is not None


@contextmanager
def set_to(moment: datetime) -> Iterator[None]:
    """Let everything inside happen at `moment`: how the demo street gets a past that the rules agree with."""
    token = _set_to.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _set_to.reset(token)


def today() -> date:
    """Return today's date where the street is."""
    return now().astimezone(SHANGHAI).date()


def local(moment: datetime) -> datetime:
    """Return the moment as a clock in the street shows it."""
    return moment.astimezone(SHANGHAI)


def start_of(day: date) -> datetime:
    """Return the first moment of a street day as aware UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=SHANGHAI).astimezone(UTC)
