"""Changes after the freeze: which words may be corrected, and how much time an outage cost."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

WORDING_LENGTHS = {"title": 120, "question": 1000, "summary": 500}


@dataclass(frozen=True)
class Wording:
    """Which words of a poll: its title or question, or title or summary of the option with a code."""

    field: str
    code: str = ""

    @classmethod
    def parse(cls, text: str) -> "Wording":
        """Read what a form sends: `question`, or `option_title:03`."""
        field, _colon, code = text.partition(":")
        return cls(field, code)


def lost_minutes(outages: Iterable[tuple[datetime, datetime]]) -> float:
    """Return how many minutes were lost in all; time that several outages share counts once."""
    lost = 0.0
    end: datetime | None = None
    for began, ended in sorted(outages):
        start = began if end is None else max(began, end)
        if ended > start:
            lost += (ended - start).total_seconds() / 60
        end = ended if end is None else max(end, ended)
    return lost
