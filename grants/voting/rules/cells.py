"""What a breakdown may show: small cells say who somebody is, so they are hidden for good."""

from collections.abc import Sequence

LEAST = 10


def hide_small(counts: Sequence[int], least: int = LEAST) -> list[int | None]:
    """Return the counts of a table with a public sum, those under `least` hidden as None.

    A single hidden cell, or hidden cells that together stay under `least`, would follow from the sum and the others:
    then the next smallest cells are hidden, too, until they do not.
    """
    by_size = sorted(range(len(counts)), key=lambda place: (counts[place], place))
    hidden = [place for place in by_size if counts[place] < least]
    for place in by_size[len(hidden) :]:
        if not hidden or (len(hidden) > 1 and sum(counts[one] for one in hidden) >= least):
            break
        hidden.append(place)
    return [None if place in hidden else count for place, count in enumerate(counts)]
