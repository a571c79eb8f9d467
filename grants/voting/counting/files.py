"""Count a Pabulib file and say the result as JSON values: the shape other programs rely on."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from grants.voting.counting.election import Election
from grants.voting.counting.equal_shares import EqualSharesRule
from grants.voting.counting.greedy import GreedyRule
from grants.voting.counting.pabulib import read_pabulib
from grants.voting.counting.result import Result, Round
from grants.voting.counting.rule import BadRule, Rule, count, settings_of
from grants.voting.counting.variants import Completion, Fill, Method, Utility


def count_file(
    path: Path,
    *,
    rule: str,
    utility: str = Utility.COST,
    completion: str = Completion.ADD1,
    fill: str = Fill.NONE,
    threshold: int = 0,
    ties: Sequence[str] = (),
) -> dict[str, Any]:
    """Count a `.pb` file by a rule and return the JSON object of `count --json`.

    Amounts are in the currency unit of the file, and one step of add1 is one such unit. Raises BadPabulib for a file
    that cannot be read, BadRule for an unknown setting, ValueError when `ties` does not name every option once.
    """
    file = read_pabulib(path)
    election = file.election()
    scale = file.scale
    chosen = _rule(rule, utility, completion, fill, threshold, tuple(ties), scale)
    return result_values(election, chosen, count(election, chosen), scale)


def result_values(election: Election, rule: Rule, result: Result, scale: int) -> dict[str, Any]:
    """Return a result as JSON values, amounts in currency units of `scale` minor units."""
    settings = settings_of(rule, election)
    if isinstance(rule, EqualSharesRule):
        settings["increment"] = _number(rule.increment, scale)
    return {
        "winners": list(result.winners),
        "total_cost": str(_number(result.total_cost, scale)),
        "budget": str(_number(result.budget, scale)),
        "voters": election.voters,
        "rule": settings,
        "rounds": [_round_values(row, scale) for row in result.rounds],
        "not_funded": [
            {"project_id": outcome.option_id, "why": str(outcome.why), "votes": outcome.votes, "score": outcome.score}
            for outcome in result.outcomes
            if not outcome.why.is_funded
        ],
        "share": None if result.share is None else float(result.share / scale),
        "steps": result.steps,
        "smallest_gap": result.smallest_gap,
        "settled_exactly": result.settled_exactly,
    }


def _rule(
    rule: str, utility: str, completion: str, fill: str, threshold: int, ties: tuple[str, ...], scale: int
) -> Rule:
    if rule == Method.GREEDY:
        return GreedyRule(ties, threshold)
    if rule != Method.EQUAL_SHARES:
        raise BadRule(f"unknown rule {rule!r}: it is {Method.GREEDY} or {Method.EQUAL_SHARES}")
    try:
        return EqualSharesRule(
            utility=Utility(utility),
            completion=Completion(completion),
            fill=Fill(fill),
            tie_order=ties,
            threshold=threshold,
            increment=scale,
        )
    except ValueError as error:
        raise BadRule(str(error)) from error


def _round_values(row: Round, scale: int) -> dict[str, Any]:
    return {
        "project_id": row.option_id,
        "votes": row.votes,
        "score": row.score,
        "effective_votes": row.effective_votes,
        "payment": row.payment / scale,
        "cost": _number(row.cost, scale),
        "running_total": _number(row.running_total, scale),
        "tied_with": list(row.tied_with),
    }


def _number(minor: int, scale: int) -> int | float:
    """Return currency units, whole where they are whole."""
    return minor // scale if minor % scale == 0 else minor / scale
