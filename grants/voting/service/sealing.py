"""Sealing: after the close the ballots are written again in a random order, so that nothing joins them to voters.

An officer asks, the supervisor witnesses. Whatever is wrong with the box must be found now, while its rows still tell
how they came in; so a box that does not add up is not sealed.
"""

import secrets
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import delete, insert, select

from grants.foundation import audit, clock, jobs
from grants.foundation.compaction import secure_deletes
from grants.foundation.database import db
from grants.foundation.errors import RuleBroken, require
from grants.foundation.i18n import _
from grants.foundation.models import JobRun, JobStatus
from grants.people.models import User
from grants.voting import policy, queries
from grants.voting.models import Ballot, Poll, RollEntry, SealedBallot
from grants.voting.rules import POLL_FLOW, PollAction, leaf_hash
from grants.voting.service import board

FORGET_ORDER = "voting.forget_order"
REWRITTEN = ("ballot", "roll_entry")
"""Tables whose files still tell the order of voting until they are compacted."""
CHUNK = 2000


def ask_seal(*, officer: User, poll: Poll) -> None:
    """Ask the supervisor to come and see the box sealed."""
    _lock(poll)
    require(policy.why_not_seal(officer, poll))
    poll.sealed_by_id = officer.id
    audit.record("poll:ask_seal", actor=officer, subject=poll)


def witness_seal(*, supervisor: User, poll: Poll) -> None:
    """Seal the box in the supervisor's presence; the job that follows removes the last traces of the order."""
    _lock(poll)
    require(policy.why_not_witness(supervisor, poll))
    require(why_not_sound(poll), RuleBroken)
    board.post_rest(poll)
    count = _move_ballots(poll)
    _rewrite_roll(poll)
    poll.status = POLL_FLOW.next(poll.status, PollAction.SEAL)
    poll.witnessed_by_id = supervisor.id
    poll.sealed_at = clock.now()
    audit.record("poll:seal", actor=supervisor, subject=poll, ballots=count)
    _forget_order_soon(supervisor)


def _lock(poll: Poll) -> None:
    db.session.execute(select(Poll.id).where(Poll.id == poll.id).with_for_update())
    db.session.refresh(poll)


def _move_ballots(poll: Poll) -> int:
    """Write every ballot again in a random order and empty the box, in this transaction; return how many."""
    secure_deletes()
    ballots = list(db.session.execute(select(Ballot.__table__).where(Ballot.poll_id == poll.id)).mappings())
    secrets.SystemRandom().shuffle(ballots)
    for chunk in _chunks(ballots):
        db.session.execute(insert(SealedBallot), [dict(row) for row in chunk])
    db.session.execute(delete(Ballot).where(Ballot.poll_id == poll.id))
    db.session.expire_all()
    return len(ballots)


def why_not_sound(poll: Poll) -> str | None:
    """Say what does not add up in the box of a closed poll."""
    if batches := queries.count_unposted_batches(poll):
        return _("还有 %(count)d 批纸质选票没有入箱，请先完成录入和核对。", count=batches)
    box = list(queries.list_box(poll))
    if not set(queries.list_board_leaves(poll)) <= {leaf for _code, _choices, _salt, leaf in box}:
        return _("公示板上有一枚指纹在票箱里找不到对应的选票，不能封存，请纪监委先核查。")
    if len(box) != queries.ballots_expected(poll):
        return _("选票数与名册上的投票标记数不一致，不能封存，请纪监委先核查。")
    if any(leaf_hash(poll.ref, code, choices, salt) != leaf for code, choices, salt, leaf in box):
        return _("有选票与它的指纹不符，不能封存，请纪监委先核查。")
    return None


def _rewrite_roll(poll: Poll) -> None:
    """Write the roll again by person key; PostgreSQL keeps its rows in the order of voting, SQLite in their places."""
    if db.engine.dialect.name != "postgresql":
        return
    table = RollEntry.__table__
    rows = db.session.execute(select(table).where(table.c.poll_id == poll.id).order_by(table.c.person_key)).mappings()
    entries = [dict(row) for row in rows]
    db.session.execute(delete(RollEntry).where(RollEntry.poll_id == poll.id))
    for chunk in _chunks(entries):
        db.session.execute(insert(RollEntry), chunk)
    db.session.expire_all()


def _chunks(rows: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(rows), CHUNK):
        yield rows[start : start + CHUNK]


def _forget_order_soon(supervisor: User) -> None:
    """Have the tables compacted after this transaction; one waiting job does for several polls."""
    waiting = select(JobRun.id).where(JobRun.kind == FORGET_ORDER, JobRun.status == JobStatus.QUEUED)
    # Locked, so that no worker takes it before our rows are there to be forgotten
    if db.session.execute(waiting.limit(1).with_for_update()).first() is None:
        jobs.enqueue(FORGET_ORDER, title=_("清除票箱的先后次序"), payload={}, actor=supervisor, record=False)
