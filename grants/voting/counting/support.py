"""Ranking needs by support: nothing is funded, so nothing has to fit."""

from collections.abc import Sequence
from dataclasses import dataclass

from grants.voting.counting.election import Election
from grants.voting.counting.greedy import ranking


@dataclass(frozen=True)
class Standing:
    """One option's rank (1 is first), its supporters and their weight: points, or 1 each where ballots carry none."""

    option_id: str
    rank: int
    votes: int
    weight: int
    tied_with: tuple[str, ...] = ()


def rank_by_support(election: Election, tie_order: Sequence[str] = ()) -> list[Standing]:
    """Return all options by the weight of their supporters, equal ones in the tie order.

    Of k options ranked on a ballot the first weighs k and the last 1; points and marks weigh what they say. Raises
    ValueError when the tie order does not name every option exactly once.
    """
    return [
        Standing(
            option_id=election.options[place].id,
            rank=rank,
            votes=election.votes[place],
            weight=election.scores[place],
            tied_with=tuple(
                election.options[other].id
                for other, score in enumerate(election.scores)
                if score == election.scores[place] and other != place
            ),
        )
        for rank, place in enumerate(ranking(election, tie_order), start=1)
    ]
