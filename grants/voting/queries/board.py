"""Look-ups of the board: the leaves that stand on it in batches, their roots, and what still waits in the box."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from grants.foundation.database import db
from grants.voting.models import BoardLeaf, ChallengedBallot, Checkpoint, Poll
from grants.voting.queries.box import box_of, count_ballots
from grants.voting.rules import PollStatus

LEAVES_A_PAGE = 50


@dataclass(frozen=True)
class Spot:
    """Where a leaf stands on the board, or that it waits in the box (no position yet)."""

    leaf: str
    code: str | None
    choices: str | None
    position: int | None = None
    checkpoint: Checkpoint | None = None


def list_checkpoints(poll: Poll) -> Sequence[Checkpoint]:
    """List the published states of the board, the first one first."""
    statement = select(Checkpoint).where(Checkpoint.poll_id == poll.id).order_by(Checkpoint.number)
    return db.session.scalars(statement).all()


def find_last_checkpoint(poll: Poll) -> Checkpoint | None:
    """Return the newest published state of the board."""
    statement = select(Checkpoint).where(Checkpoint.poll_id == poll.id).order_by(Checkpoint.number.desc()).limit(1)
    return db.session.scalars(statement).one_or_none()


def list_board_leaves(poll: Poll) -> Sequence[str]:
    """List all leaves on the board in their order."""
    statement = select(BoardLeaf.leaf).where(BoardLeaf.poll_id == poll.id).order_by(BoardLeaf.position)
    return db.session.scalars(statement).all()


def page_of_leaves(poll: Poll, number: int) -> Sequence[BoardLeaf]:
    """Return one page of the board, counted from 1."""
    first = (max(number, 1) - 1) * LEAVES_A_PAGE
    statement = (
        select(BoardLeaf)
        .where(BoardLeaf.poll_id == poll.id, BoardLeaf.position.between(first, first + LEAVES_A_PAGE - 1))
        .order_by(BoardLeaf.position)
    )
    return db.session.scalars(statement).all()


def count_board(poll: Poll) -> int:
    """Count the leaves on the board."""
    statement = select(func.count()).select_from(BoardLeaf).where(BoardLeaf.poll_id == poll.id)
    return db.session.execute(statement).scalar_one()


def list_waiting_leaves(poll: Poll) -> Sequence[str]:
    """List the leaves in the box that are not on the board yet."""
    box = box_of(poll)
    shown = select(BoardLeaf.leaf).where(BoardLeaf.poll_id == poll.id, BoardLeaf.leaf == box.leaf)
    return db.session.scalars(select(box.leaf).where(box.poll_id == poll.id, ~shown.exists()).order_by(box.code)).all()


def count_waiting_leaves(poll: Poll) -> int:
    """Count the ballots in the box whose leaves are not on the board yet."""
    return count_ballots(poll) - count_board(poll)


def list_boards_in_motion() -> Sequence[Poll]:
    """List the polls whose board may still grow."""
    statement = select(Poll).where(Poll.status.in_((PollStatus.OPEN, PollStatus.CLOSED))).order_by(Poll.ref)
    return db.session.scalars(statement).all()


def find_spot(poll: Poll, *, code: str = "", leaf: str = "") -> Spot | None:
    """Return where the ballot under a receipt code, or with a leaf, stands; None when the box knows neither."""
    box = box_of(poll)
    by = box.code == code if code else box.leaf == leaf
    ballot = db.session.execute(select(box.code, box.choices, box.leaf).where(box.poll_id == poll.id, by)).one_or_none()
    if ballot is None:
        return None
    shown = select(BoardLeaf).where(BoardLeaf.poll_id == poll.id, BoardLeaf.leaf == ballot.leaf)
    line = db.session.scalars(shown).one_or_none()
    if line is None:
        return Spot(ballot.leaf, ballot.code, ballot.choices)
    checkpoint = db.session.get(Checkpoint, (poll.id, line.checkpoint))
    return Spot(ballot.leaf, ballot.code, ballot.choices, line.position, checkpoint)


def find_challenged(poll: Poll, code: str) -> ChallengedBallot | None:
    """Return the ballot that was opened for checking under a code."""
    return db.session.get(ChallengedBallot, (poll.id, code))


def list_challenged(poll: Poll) -> Sequence[ChallengedBallot]:
    """List the ballots that were opened for checking, by their random codes."""
    statement = select(ChallengedBallot).where(ChallengedBallot.poll_id == poll.id).order_by(ChallengedBallot.code)
    return db.session.scalars(statement).all()


def count_challenged(poll: Poll) -> int:
    """Count the ballots that were opened for checking."""
    statement = select(func.count()).select_from(ChallengedBallot).where(ChallengedBallot.poll_id == poll.id)
    return db.session.execute(statement).scalar_one()


def list_public_choices(poll: Poll) -> Sequence[str]:
    """List what the ballots say apart from codes and leaves, sorted, so that no order leads back to either."""
    box = box_of(poll)
    return sorted(db.session.scalars(select(box.choices).where(box.poll_id == poll.id)))


def choices_by_leaf(poll: Poll, leaves: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Return (code, choices) by leaf; only for polls that publish the two together, after the count."""
    box = box_of(poll)
    rows = db.session.execute(
        select(box.leaf, box.code, box.choices).where(box.poll_id == poll.id, box.leaf.in_(leaves))
    )
    return {leaf: (code, choices) for leaf, code, choices in rows}
