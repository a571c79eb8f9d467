"""What waits for somebody: the lines of the desk, offered by every stage in the same shape."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class DueItem:
    """One thing to do: where, for what, until when, and why it cannot be done yet if it is blocked."""

    title: str
    href: str
    stage: str
    meta: str = ""
    due_on: date | None = None
    blocked_by: str | None = None

    def is_late(self, day: date) -> bool:
        """Tell whether the day to do it has passed."""
        return self.due_on is not None and self.due_on < day
