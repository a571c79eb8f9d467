"""A poll's count as JSON values: what is stored, shown, printed and repeated by anyone. Money in minor units (分)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from grants.voting.counting.election import BallotKind, Election, Option
from grants.voting.counting.explain import Fairness, Standing, explain, fairness
from grants.voting.counting.result import Round
from grants.voting.counting.rule import count, rule_of, settings_of
from grants.voting.counting.support import rank_by_support
from grants.voting.counting.variants import Method

RANKED = "ranked"
"""Why an option of a ranking of needs is where it is: no money was at stake."""


def election_of(
    options: Sequence[Option], budget: int, kind: BallotKind, ballots: Iterable[tuple[Mapping[str, int], int]]
) -> Election:
    """Return what is counted; each ballot comes once with the number of voters who marked just that.

    A ranking comes as ranks (1 is best) and becomes points: of k ranked options the first gets k, the last 1.
    """
    if kind is BallotKind.ORDINAL:
        ballots = ((_points(marking), weight) for marking, weight in ballots)
    return Election.from_weighted(options, budget, ballots, kind)


def _points(ranks: Mapping[str, int]) -> dict[str, int]:
    return {option_id: len(ranks) + 1 - rank for option_id, rank in ranks.items()}


def published_count(election: Election, settings: Mapping[str, Any], tie_order: Sequence[str]) -> dict[str, Any]:
    """Count by a rule with all its settings and return everything that is published about it.

    Raises BadRule for settings that cannot be read and ValueError for a tie order that does not name every option once.
    """
    if settings["method"] == "support":
        return _ranking(election, settings, tie_order)
    rule = rule_of({**settings, "tie_order": list(tie_order)})
    result = count(election, rule)
    explained = explain(election, rule, result)
    return {
        "rule": settings_of(rule, election),
        "winners": list(result.winners),
        "total_cost_fen": result.total_cost,
        "budget_fen": result.budget,
        "counted_by": str(Method.EQUAL_SHARES if result.share is not None else Method.GREEDY),
        "share_fen": None if result.share is None else float(result.share),
        "share": None if result.share is None else str(result.share),
        "steps": result.steps,
        "smallest_gap": result.smallest_gap,
        "settled_exactly": result.settled_exactly,
        "tie_order": list(tie_order),
        "rounds": [_round(row) for row in result.rounds],
        "options": [_option(standing) for standing in explained.standings],
        "fairness": _fairness(explained.fairness),
    }


def _ranking(election: Election, settings: Mapping[str, Any], tie_order: Sequence[str]) -> dict[str, Any]:
    """Return the ranking of needs: every option has a rank, none has money."""
    standings = {standing.option_id: standing for standing in rank_by_support(election, tie_order)}
    return {
        "rule": {**settings, "tie_order": list(tie_order)},
        "winners": [],
        "total_cost_fen": 0,
        "budget_fen": election.budget,
        "counted_by": settings["method"],
        "smallest_gap": None,
        "settled_exactly": 0,
        "tie_order": list(tie_order),
        "rounds": [],
        "options": [
            {
                "code": option.id,
                "rank": standings[option.id].rank,
                "votes": standings[option.id].votes,
                "score": standings[option.id].weight,
                "tied_with": list(standings[option.id].tied_with),
                "is_funded": False,
                "why": RANKED,
                "remaining_fen": None,
            }
            for option in election.options
        ],
        "fairness": _fairness(fairness(election, ())),
    }


def _round(row: Round) -> dict[str, Any]:
    return {
        "code": row.option_id,
        "votes": row.votes,
        "score": row.score,
        "effective_votes": row.effective_votes,
        "payment_fen": row.payment,
        "cost_fen": row.cost,
        "running_total_fen": row.running_total,
        "tied_with": list(row.tied_with),
        "paying_in_full": row.paying_in_full,
        "paying_the_rest": row.paying_the_rest,
        "why": row.why.value,
    }


def _option(standing: Standing) -> dict[str, Any]:
    outcome = standing.outcome
    return {
        "code": outcome.option_id,
        "votes": outcome.votes,
        "score": outcome.score,
        "is_funded": outcome.why.is_funded,
        "why": outcome.why.value,
        "remaining_fen": outcome.remaining,
        "rival": outcome.rival,
        "support": standing.effective_support,
        "votes_needed": standing.votes_needed,
        "supporters_left_fen": standing.supporters_left,
        "spent_on": [{"code": spent.option_id, "fen": spent.money} for spent in standing.spent_on],
    }


def _fairness(panel: Fairness) -> dict[str, Any]:
    return {
        "voters": panel.voters,
        "with_funded": panel.with_funded,
        "with_funded_by_majority": panel.with_funded_by_majority,
        "categories": [asdict(share) for share in panel.categories],
        "communities": [asdict(share) for share in panel.communities],
    }
