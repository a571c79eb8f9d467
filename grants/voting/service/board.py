"""The board grows while people vote: shuffled batches of leaves, each with the root over all leaves so far.

While the poll is open some leaves, drawn at random, always stay behind for a later batch. So no batch is smaller than
RESERVE, also the last one, and a batch does not tell when in particular somebody voted.
"""

import secrets
from collections.abc import Sequence

from sqlalchemy import insert, select

from grants.foundation import audit, clock
from grants.foundation.database import db
from grants.voting import queries
from grants.voting.models import BoardLeaf, Checkpoint, Poll
from grants.voting.rules import PollStatus, merkle_root

RESERVE = 10
"""The least size of a batch and of what stays behind, in leaves."""
CHUNK = 2000


def is_batch_due() -> bool:
    """Tell whether the board of any poll can grow now."""
    return any(_due_count(poll) for poll in queries.list_boards_in_motion())


def post_due_batches() -> int:
    """Post a batch to every board that can grow; return how many did."""
    return sum(_post(poll, _due_count(poll)) is not None for poll in queries.list_boards_in_motion())


def post_rest(poll: Poll) -> Checkpoint | None:
    """Post all leaves that still wait: the last batch of a poll."""
    return _post(poll, queries.count_waiting_leaves(poll))


def _due_count(poll: Poll) -> int:
    """Return how many leaves may go on the board now: all after the close, once no paper is still to come."""
    waiting = queries.count_waiting_leaves(poll)
    if poll.status is not PollStatus.OPEN and not queries.count_unposted_batches(poll):
        return waiting
    # Whole tens, so that the board does not tell the turnout more closely than the pages do
    return max(0, waiting // RESERVE - 1) * RESERVE


def _post(poll: Poll, count: int) -> Checkpoint | None:
    if count <= 0:
        return None
    # Two workers at once: the second waits here for the first, or fails on the number of the first checkpoint
    last = db.session.scalars(
        select(Checkpoint).where(Checkpoint.poll_id == poll.id).order_by(Checkpoint.number.desc()).limit(1)
    ).one_or_none()
    before = list(queries.list_board_leaves(poll))
    batch = secrets.SystemRandom().sample(queries.list_waiting_leaves(poll), count)
    number = last.number + 1 if last else 1
    root = merkle_root(before + batch)
    checkpoint = Checkpoint(poll_id=poll.id, number=number, size=len(before) + count, root=root, at=clock.now())
    db.session.add(checkpoint)
    db.session.flush()
    _write(poll, batch, len(before), number)
    audit.record("poll:checkpoint", actor=None, subject=poll, number=number, size=checkpoint.size, root=root)
    return checkpoint


def _write(poll: Poll, batch: Sequence[str], first: int, number: int) -> None:
    rows = [
        {"poll_id": poll.id, "position": position, "leaf": leaf, "checkpoint": number}
        for position, leaf in enumerate(batch, start=first)
    ]
    for start in range(0, len(rows), CHUNK):
        db.session.execute(insert(BoardLeaf), rows[start : start + CHUNK])
