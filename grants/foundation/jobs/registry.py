"""What kinds of background work there are."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import time
from typing import Any

from grants.foundation.i18n import Text
from grants.foundation.jobs.progress import Progress
from grants.foundation.models import StoredFile

Work = Callable[..., StoredFile | None]


@dataclass(frozen=True)
class Registered:
    """One kind of job: its function, and when it runs by itself."""

    kind: str
    work: Work
    writes: bool
    daily_at: time | None
    title: Text
    every_minutes: int | None = None
    when: Callable[[], bool] | None = None


_kinds: dict[str, Registered] = {}


def job(
    kind: str,
    *,
    writes: bool = False,
    daily_at: time | None = None,
    every_minutes: int | None = None,
    when: Callable[[], bool] | None = None,
    title: Text = "",
) -> Callable[[Work], Work]:
    """Register a function `(progress, **payload) -> StoredFile | None` as the work of a kind of job.

    The function runs in an application context, reads as long as it likes without holding up anybody, calls
    `progress.begin_writing()` before its first change, and never commits: its changes and the job's end are one
    transaction. `writes=True` starts in the writing part at once (on SQLite nobody else can write meanwhile).
    `daily_at` is a street time at which it runs by itself once a day, under `title`, without payload. `every_minutes`
    does the same all day long, but only when `when` says that there is something to do.
    """

    def register(work: Work) -> Work:
        if kind in _kinds and _kinds[kind].work is not work:
            raise ValueError(f"two functions are registered as job {kind!r}")
        _kinds[kind] = Registered(kind, work, writes, daily_at, title, every_minutes, when)
        return work

    return register


def registered(kind: str) -> Registered:
    """Return a kind of job, or raise ValueError with its name."""
    try:
        return _kinds[kind]
    except KeyError:
        raise ValueError(f"no function is registered as job {kind!r}") from None


def daily_kinds() -> list[Registered]:
    """List the kinds that run by themselves."""
    return [found for found in _kinds.values() if found.daily_at is not None]


def frequent_kinds() -> list[Registered]:
    """List the kinds that run by themselves all day long."""
    return [found for found in _kinds.values() if found.every_minutes is not None]


def call(found: Registered, progress: Progress, payload: dict[str, Any]) -> StoredFile | None:
    """Run a job's function."""
    return found.work(progress, **payload)
