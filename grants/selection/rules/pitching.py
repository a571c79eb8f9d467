"""The time table of the day of pitches."""

from datetime import datetime, timedelta

SHORTEST_TURN, LONGEST_TURN = 3, 60
"""Minutes."""


def turn_starts_at(first: datetime, minutes_each: int, position: int) -> datetime:
    """Return when the turn at a position (from 1) is due; turns follow each other without a gap."""
    return first + timedelta(minutes=minutes_each * (position - 1))
