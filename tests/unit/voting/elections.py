"""Small made-up elections for property tests, with few different numbers, so that ties are frequent."""

from hypothesis import strategies as st

from grants.voting.counting.election import Ballot, BallotKind, Election, Option

SMALL = st.integers(0, 12)
NEARLY_EQUAL = st.sampled_from([10**10, 10**10 + 1, 10**10 + 2, 2 * 10**10, 2 * 10**10 + 1])
"""Costs whose relative distance is below what floating point may decide."""


@st.composite
def elections(
    draw: st.DrawFn, *, points: bool = False, costs: st.SearchStrategy[int] = SMALL, max_options: int = 6
) -> Election:
    """Draw an election; with `points` its ballots are cumulative."""
    count = draw(st.integers(1, max_options))
    prices = draw(st.lists(costs, min_size=count, max_size=count))
    options = tuple(Option(f"P{place}", cost, category=f"C{place % 2}") for place, cost in enumerate(prices))
    ballots = []
    for _group in range(draw(st.integers(1, 8))):
        choices = tuple(sorted(draw(st.sets(st.integers(0, count - 1)))))
        given = draw(st.lists(st.integers(0, 3), min_size=len(choices), max_size=len(choices))) if points else None
        ballots.append(Ballot(choices, tuple(given) if given else (1,) * len(choices), draw(st.integers(1, 4))))
    kind = BallotKind.CUMULATIVE if points else BallotKind.APPROVAL
    return Election(options, draw(st.integers(0, max(40, sum(prices)))), tuple(ballots), kind)
