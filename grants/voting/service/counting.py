"""Counting a closed poll and publishing what came out, with the reason for every option."""

import secrets
from typing import Any

from grants.foundation import audit, clock
from grants.foundation.errors import RuleBroken, require
from grants.foundation.i18n import _
from grants.people.models import User
from grants.voting import policy, queries
from grants.voting.models import Poll, RollEntry
from grants.voting.rules import POLL_FLOW, PollAction, merkle_root, read, tie_order, why_not_valid


def count_poll(*, officer: User, poll: Poll) -> None:
    """Draw the lot for ties, count the ballots by the frozen rule and store the result.

    Every ballot is validated again; ballots and roll marks must agree, or nothing is counted.
    """
    require(policy.why_not_count(officer, poll))
    board = queries.list_board(poll)
    turnout = queries.turnout(poll)
    if len(board) != queries.ballots_expected(poll):
        raise RuleBroken(_("选票数与名册上的投票标记数不一致，不能计票，请联系纪监委核查。"))
    seed = secrets.token_hex(16)
    result = {
        **_tally(poll, [choices for _code, choices, _leaf in board], seed),
        "ballots": len(board),
        "entitled": turnout.entitled,
        "root": merkle_root([leaf for _code, _choices, leaf in board]),
        "channels": {
            channel.value: voted for channel, _total, voted in queries.turnout_by(poll, RollEntry.channel) if channel
        },
    }
    poll.status = POLL_FLOW.next(poll.status, PollAction.COUNT)
    poll.tie_seed = seed
    poll.counted_at = clock.now()
    poll.result = result
    audit.record("poll:count", actor=officer, subject=poll, ballots=len(board), root=result["root"])


def _tally(poll: Poll, ballots: list[str], seed: str) -> dict[str, Any]:
    # numpy comes with the counting rules; a web worker that never counts does not load it.
    from grants.voting.counting.election import Election, Option
    from grants.voting.counting.greedy import GreedyRule, count_greedy

    codes = [option.code for option in poll.options]
    terms = queries.terms_of(poll)
    marks = [read(poll.kind, ballot) for ballot in ballots]
    for mark in marks:
        require(why_not_valid(terms, mark), RuleBroken)
    options = [Option(option.code, option.cost_fen, option.category.value, option.title) for option in poll.options]
    election = Election.from_approvals(options, poll.budget_fen, marks)
    order = tie_order(codes, [option.cost for option in options], election.votes, seed)
    result = count_greedy(election, GreedyRule(tie_order=tuple(order), threshold=1))
    return {
        "winners": list(result.winners),
        "total_cost_fen": result.total_cost,
        "tie_order": order,
        "rounds": [
            {"code": row.option_id, "votes": row.votes, "cost_fen": row.cost, "running_total_fen": row.running_total}
            for row in result.rounds
        ],
        "options": [
            {
                "code": outcome.option_id,
                "votes": outcome.votes,
                "is_funded": outcome.why.is_funded,
                "why": outcome.why.value,
                "remaining_fen": outcome.remaining,
            }
            for outcome in result.outcomes
        ],
    }
