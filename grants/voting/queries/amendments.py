"""Look-ups of what changed, or is proposed to change, after a poll was frozen."""

import uuid
from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from grants.foundation.clock import now
from grants.foundation.database import db, get_one
from grants.voting.models import Poll, PollAmendment, PollOutage
from grants.voting.rules import AmendmentKind, AmendmentStatus, PollStatus


def get_amendment(poll: Poll, identity: uuid.UUID) -> PollAmendment:
    """Return an amendment of a poll by its key, or raise NotFound."""
    statement = select(PollAmendment).where(PollAmendment.poll_id == poll.id, PollAmendment.id == identity)
    found: PollAmendment = get_one(statement)
    return found


def list_amendments(poll: Poll) -> Sequence[PollAmendment]:
    """List the amendments of a poll as they were proposed."""
    people = (joinedload(PollAmendment.proposed_by), joinedload(PollAmendment.decided_by))
    statement = select(PollAmendment).where(PollAmendment.poll_id == poll.id).options(*people)
    return db.session.scalars(statement.order_by(PollAmendment.proposed_at, PollAmendment.id)).unique().all()


def list_outages(poll: Poll) -> Sequence[PollOutage]:
    """List the times in which residents could not vote, the earliest first."""
    statement = select(PollOutage).where(PollOutage.poll_id == poll.id)
    return db.session.scalars(statement.order_by(PollOutage.began_at, PollOutage.id)).all()


def waits_for_extension(poll: Poll) -> bool:
    """Tell whether a later deadline is proposed and not decided; until then the poll is not closed."""
    statement = (
        select(func.count())
        .select_from(PollAmendment)
        .where(
            PollAmendment.poll_id == poll.id,
            PollAmendment.kind == AmendmentKind.EXTENSION,
            PollAmendment.status == AmendmentStatus.PROPOSED,
        )
    )
    return bool(db.session.execute(statement).scalar_one())


def list_undecided_amendments() -> Sequence[PollAmendment]:
    """List the amendments that wait for their second person, the oldest first."""
    statement = select(PollAmendment).where(PollAmendment.status == AmendmentStatus.PROPOSED)
    return db.session.scalars(statement.order_by(PollAmendment.proposed_at, PollAmendment.id)).all()


def list_polls_to_close() -> Sequence[Poll]:
    """List open polls whose time is over."""
    return db.session.scalars(select(Poll).where(Poll.status == PollStatus.OPEN, Poll.closes_at <= now())).all()
