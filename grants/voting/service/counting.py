"""Counting a sealed poll in two visible steps: the public lot for ties first, then the count and its publication."""

import secrets
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from grants.foundation import audit, clock, jobs
from grants.foundation.database import db
from grants.foundation.errors import RuleBroken, require
from grants.foundation.i18n import _
from grants.foundation.models import JobRun
from grants.people.models import User
from grants.voting import policy, queries
from grants.voting.models import Poll, RollEntry
from grants.voting.rules import (
    POLL_FLOW,
    BadSpelling,
    PollAction,
    PollKind,
    full_settings,
    hide_small,
    merkle_root,
    read,
    tie_order,
    why_not_valid,
)

if TYPE_CHECKING:
    from grants.voting.counting.election import Election

COUNT = "voting.count"
BIG = 5_000
"""From so many ballots on the count runs in the background, with its progress shown."""
STEPS = 4

Progress = Callable[[int, int, str], None]


def draw_lot(*, officer: User, poll: Poll) -> None:
    """Draw and publish the seed that decides ties; only then may the poll be counted."""
    _lock(poll)
    require(policy.why_not_draw(officer, poll))
    poll.tie_seed = secrets.token_hex(16)
    audit.record("poll:draw", actor=officer, subject=poll, seed=poll.tie_seed)


def ask_count(*, officer: User, poll: Poll) -> JobRun | None:
    """Count a poll whose lot is drawn: at once, or when it is big by the job that is returned."""
    require(policy.why_not_count(officer, poll))
    require(policy.why_not_before_lot(poll), RuleBroken)
    if queries.count_ballots(poll) <= BIG:
        count_poll(officer=officer, poll=poll)
        return None
    title = _("计票：%(title)s", title=poll.title)
    return jobs.enqueue(COUNT, title=title, payload={"ref": poll.ref, "officer_id": officer.id}, actor=officer)


def count_poll(*, officer: User, poll: Poll) -> None:
    """Draw the lot unless that was done before, count the ballots by the frozen rule and publish the result.

    Every ballot is validated again; ballots and roll marks must agree, or nothing is counted.
    """
    require(policy.why_not_count(officer, poll))
    if poll.tie_seed is None:
        draw_lot(officer=officer, poll=poll)
    publish_count(officer=officer, poll=poll, result=prepare_count(poll))


def prepare_count(poll: Poll, progress: Progress = lambda _done, _total, _message: None) -> dict[str, Any]:
    """Return the result of a sealed poll whose lot is drawn; reads only. Raises RuleBroken for an unsound box."""
    # numpy comes with the counting rules; a web worker that never counts does not load it
    from grants.voting.counting.published import published_count

    progress(0, STEPS, _("正在核对选票与名册"))
    spellings, leaves = queries.list_spellings(poll), queries.list_leaves(poll)
    if len(leaves) != queries.ballots_expected(poll):
        raise RuleBroken(_("选票数与名册上的投票标记数不一致，不能计票，请联系纪监委核查。"))
    progress(1, STEPS, _("正在逐张校验选票"))
    election = election_of(poll, spellings)
    progress(2, STEPS, _("正在计票"))
    codes, costs = [option.id for option in election.options], [option.cost for option in election.options]
    order = tie_order(codes, costs, election.votes, poll.tie_seed or "")
    settings = full_settings(poll.kind, poll.rule, poll.rule_options)
    result = published_count(election, settings, order)
    progress(3, STEPS, _("正在汇总结果"))
    return result | _context(poll, leaves)


def publish_count(*, officer: User, poll: Poll, result: dict[str, Any]) -> None:
    """Store a prepared result; from here on it is public and cannot change."""
    _lock(poll)
    require(policy.why_not_count(officer, poll))
    poll.status = POLL_FLOW.next(poll.status, PollAction.COUNT)
    poll.counted_at = clock.now()
    poll.result = result
    audit.record("poll:count", actor=officer, subject=poll, ballots=result["ballots"], root=result["root"])


def _lock(poll: Poll) -> None:
    db.session.execute(select(Poll.id).where(Poll.id == poll.id).with_for_update())
    db.session.refresh(poll)


def election_of(poll: Poll, spellings: Iterable[tuple[str, int]]) -> "Election":
    """Return what is counted, every spelling of a ballot validated again; raises RuleBroken for a bad one."""
    from grants.voting.counting.election import BallotKind, Option
    from grants.voting.counting.published import election_of as counted

    kinds = {
        PollKind.CUMULATIVE: BallotKind.CUMULATIVE,
        PollKind.SCORING: BallotKind.SCORING,
        PollKind.RANKING: BallotKind.ORDINAL,
    }
    places = queries.community_codes(poll)
    options = [
        Option(
            option.code,
            option.cost_fen,
            option.category.value,
            option.title,
            places[option.community_id or poll.community_id][0],
        )
        for option in poll.options
    ]
    ballots = _valid(poll, spellings)
    return counted(options, poll.budget_fen, kinds.get(poll.kind, BallotKind.APPROVAL), ballots)


def _valid(poll: Poll, spellings: Iterable[tuple[str, int]]) -> list[tuple[dict[str, int], int]]:
    terms, found = queries.terms_of(poll), []
    for spelling, count in spellings:
        try:
            marking = read(poll.kind, spelling)
        except BadSpelling as error:
            raise RuleBroken(_("票箱里有无法识别的选票，不能计票，请联系纪监委核查。")) from error
        require(why_not_valid(terms, marking), RuleBroken)
        found.append((marking, count))
    return found


def _context(poll: Poll, leaves: Sequence[str]) -> dict[str, Any]:
    """Return what stands beside the count: who could vote and who did, small cells hidden, and the root of the box."""
    channels = [(channel, voted) for channel, _all, voted in queries.turnout_by(poll, RollEntry.channel) if channel]
    return {
        "ballots": len(leaves),
        "entitled": queries.turnout(poll).entitled,
        "root": merkle_root(leaves),
        "channels": {channel.value: voted for channel, voted in channels},
        "by_community": _breakdown(queries.voters_by_community(poll)),
        "by_age": _breakdown([(band.value, all_, did) for band, all_, did in queries.voters_by_age(poll)]),
        "communities": {code: name for code, name in queries.community_codes(poll).values()},
    }


def _breakdown(rows: Sequence[tuple[str, int, int]]) -> list[dict[str, Any]]:
    entitled = hide_small([row[1] for row in rows])
    voted = hide_small([row[2] for row in rows])
    return [
        {"name": row[0], "entitled": some, "voted": did} for row, some, did in zip(rows, entitled, voted, strict=True)
    ]
