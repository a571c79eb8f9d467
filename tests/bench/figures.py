"""What a measurement says, and the page it is written on."""

import platform
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "benchmarks.md"
HEAD = """# Benchmarks

Written by `make bench`. Every figure is a ratio of two things measured in one run on one machine, taking turns; the
absolute values beside it are for information only, they differ from machine to machine. A target is met (达到) or
missed (未达到); no test depends on either. What must never creep back is gated elsewhere by counts that do not drift:
SQL statements a request (`tests/whole_site/test_statements.py`) and modules loaded at start-up
(`tests/whole_site/test_light_start.py`).
"""


@dataclass(frozen=True)
class Figure:
    """One line: what was measured, how it came out, the values behind it, and the target if there is one."""

    what: str
    value: str
    behind: str = ""
    target: str = ""
    is_met: bool | None = None

    @property
    def verdict(self) -> str:
        """Return whether the target is met, in both languages."""
        return {True: "met 达到", False: "missed 未达到", None: ""}[self.is_met]


@dataclass
class Section:
    """The figures of one measurement, with how they were taken."""

    title: str
    how: str
    figures: list[Figure] = field(default_factory=list)
    is_skipped: bool = False

    def at_most(self, what: str, value: float, limit: float, *, unit: str = "×", behind: str = "") -> None:
        """Add a figure that should not be larger than its target."""
        self.figures.append(Figure(what, _spelt(value, unit), behind, f"≤ {_spelt(limit, unit)}", value <= limit))

    def at_least(self, what: str, value: float, limit: float, *, unit: str = "×", behind: str = "") -> None:
        """Add a figure that should not be smaller than its target."""
        self.figures.append(Figure(what, _spelt(value, unit), behind, f"≥ {_spelt(limit, unit)}", value >= limit))

    def holds(self, what: str, is_so: bool, behind: str = "") -> None:
        """Add something that is either so or not."""
        self.figures.append(Figure(what, "yes" if is_so else "no", behind, "yes", is_so))

    def note(self, what: str, value: str, behind: str = "") -> None:
        """Add a figure without a target."""
        self.figures.append(Figure(what, value, behind))

    def as_text(self) -> str:
        """Return the section as Markdown."""
        lines = [f"## {self.title}", "", self.how, ""]
        if self.figures:
            lines += ["| measured | ratio | behind it | target | |", "|---|---|---|---|---|"]
            lines += [
                f"| {one.what} | {one.value} | {one.behind} | {one.target} | {one.verdict} |" for one in self.figures
            ]
        return "\n".join(lines) + "\n"


def _spelt(value: float, unit: str) -> str:
    digits = 0 if value >= 100 else 1 if value >= 10 else 2
    return f"{value:.{digits}f}{unit if unit in {'×', '%'} else f' {unit}'}".strip()


def skipped(title: str, reason: str) -> Section:
    """Return a section that only says why it is empty."""
    return Section(title, f"Not measured: {reason}.", is_skipped=True)


def page_of(sections: Sequence[Section], seconds: float) -> str:
    """Return the whole page."""
    judged = [one.is_met for section in sections for one in section.figures if one.is_met is not None]
    told = (
        f"Taken on {datetime.now(UTC):%Y-%m-%d} in {seconds / 60:.1f} minutes: Python {platform.python_version()}, "
        f"{_processors()}, {_sqlite()}. {sum(judged)} of {len(judged)} targets met."
    )
    return "\n".join([HEAD, told, "", *(section.as_text() for section in sections)])


def _processors() -> str:
    import os

    return f"{os.cpu_count()} processors ({platform.machine()})"


def _sqlite() -> str:
    try:
        import pysqlite3

        return f"SQLite {pysqlite3.sqlite_version}"
    except ImportError:
        return f"SQLite {sqlite3.sqlite_version}"
