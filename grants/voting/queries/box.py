"""Look-ups of the ballots: until a poll is sealed they lie in the box, then in the sealed one."""

from sqlalchemy import func, select

from grants.foundation.database import db
from grants.voting.models import Ballot, Poll, SealedBallot
from grants.voting.queries.channels import paper_totals
from grants.voting.queries.polls import turnout


def box_of(poll: Poll) -> type[Ballot] | type[SealedBallot]:
    """Return the table in which a poll's ballots lie."""
    return Ballot if poll.sealed_at is None else SealedBallot


def find_ballot(poll: Poll, code: str) -> Ballot | SealedBallot | None:
    """Return the ballot under a code."""
    if poll.sealed_at is None:
        return db.session.get(Ballot, (poll.id, code))
    return db.session.get(SealedBallot, (poll.id, code))


def count_ballots(poll: Poll) -> int:
    """Count the ballots in the box."""
    box = box_of(poll)
    return db.session.execute(select(func.count()).select_from(box).where(box.poll_id == poll.id)).scalar_one()


def ballots_expected(poll: Poll) -> int:
    """Return how many ballots a closed poll's box must hold: roll marks less blank and missing paper slips."""
    return turnout(poll).voted - paper_totals(poll).without_ballot


def list_board(poll: Poll) -> list[tuple[str, str, str]]:
    """List (code, choices, leaf) in the order of the random codes: what an open poll publishes after its close."""
    return [(code, choices, leaf) for code, choices, _salt, leaf in list_box(poll)]


def list_box(poll: Poll) -> list[tuple[str, str, str, str]]:
    """List (code, choices, salt, leaf) in the order of the random codes, for whoever recomputes the leaves."""
    box = box_of(poll)
    rows = db.session.execute(
        select(box.code, box.choices, box.salt, box.leaf).where(box.poll_id == poll.id).order_by(box.code)
    )
    return [(code, choices, salt, leaf) for code, choices, salt, leaf in rows]
