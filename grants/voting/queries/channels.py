"""Look-ups of the channels without one's own screen: printed codes, kiosks, paper. Nothing here tells a choice."""

from dataclasses import dataclass

from sqlalchemy import func, select

from grants.foundation.database import db
from grants.voting.models import PaperBatch, PaperSlip, PaperStub, Poll
from grants.voting.rules import BatchStatus


@dataclass(frozen=True)
class PaperTotals:
    """Paper in figures: accepted stubs, how many of them lie in batches not yet posted, valid slips in the box.

    The roll marks of the paper channel are `accepted`; its ballots are `in_box`. The difference is explained by
    `waiting` (not yet posted) and `without_ballot` (blank, spoiled or missing slips of posted batches).
    """

    accepted: int
    waiting: int
    in_box: int

    @property
    def without_ballot(self) -> int:
        """Return how many people used up their right on paper with a slip that is blank, spoiled or missing."""
        return self.accepted - self.waiting - self.in_box


def count_unposted_batches(poll: Poll) -> int:
    """Count the paper batches that are not in the box yet; while there is one, the box may not be sealed."""
    statement = select(func.count()).select_from(PaperBatch)
    unposted = (PaperBatch.poll_id == poll.id, PaperBatch.status != BatchStatus.POSTED)
    return db.session.execute(statement.where(*unposted)).scalar_one()


def paper_totals(poll: Poll) -> PaperTotals:
    """Count stubs and slips of a poll."""
    stubs = (
        select(func.count(), func.count().filter(PaperBatch.status != BatchStatus.POSTED))
        .select_from(PaperStub)
        .join(PaperBatch, PaperBatch.id == PaperStub.batch_id)
        .where(PaperBatch.poll_id == poll.id, PaperStub.is_accepted)
    )
    accepted, waiting = db.session.execute(stubs).one()
    slips = (
        select(func.count())
        .select_from(PaperSlip)
        .join(PaperBatch, PaperBatch.id == PaperSlip.batch_id)
        .where(
            PaperBatch.poll_id == poll.id,
            PaperBatch.status == BatchStatus.POSTED,
            func.coalesce(PaperSlip.settled_choices, "") != "",
        )
    )
    return PaperTotals(accepted, waiting, db.session.execute(slips).scalar_one())
