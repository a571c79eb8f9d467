"""Look-ups of paper batches: stubs, slips, and whether they add up. What a slip says is for its keyers only."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import false, func, select
from sqlalchemy.orm import joinedload

from grants.foundation.database import db, get_one
from grants.foundation.i18n import _
from grants.people.models import Resident, User
from grants.people.rules import Role
from grants.voting.models import PaperBatch, PaperSlip, PaperStub, Poll
from grants.voting.rules import BatchStatus, PollStatus


@dataclass(frozen=True)
class Reconciliation:
    """The control sums of a batch, from the counter to the box."""

    stubs: int
    accepted: int
    slips: int
    drawn_out: int
    keyed_once: int
    keyed_twice: int
    differing: int
    settled: int
    spoiled: int

    @property
    def refused(self) -> int:
        """Return how many stubs were refused because their holders had no right left."""
        return self.stubs - self.accepted

    @property
    def to_key(self) -> int:
        """Return how many slips are read after the lot over any surplus."""
        return self.slips - self.drawn_out

    @property
    def missing(self) -> int:
        """Return how many accepted stubs have no slip: somebody took it home."""
        return self.accepted - self.to_key

    @property
    def valid(self) -> int:
        """Return how many settled slips are ballots; the others are blank or spoiled."""
        return self.settled - self.spoiled

    @property
    def adds_up(self) -> bool:
        """Tell whether everything was read, agreed on, and covered by stubs."""
        return self.settled == self.to_key and self.missing >= 0


def get_batch(poll: Poll, ref: str) -> PaperBatch:
    """Return a batch of a poll by its reference."""
    found: PaperBatch = get_one(select(PaperBatch).where(PaperBatch.poll_id == poll.id, PaperBatch.ref == ref))
    return found


def list_batches(poll: Poll) -> Sequence[PaperBatch]:
    """List the batches of a poll by reference."""
    statement = select(PaperBatch).where(PaperBatch.poll_id == poll.id).options(joinedload(PaperBatch.opened_by))
    return db.session.scalars(statement.order_by(PaperBatch.ref)).all()


def reconcile(batch: PaperBatch) -> Reconciliation:
    """Count stubs and slips of a batch at every station of their way."""
    stubs = db.session.execute(
        select(func.count(), func.count().filter(PaperStub.is_accepted)).where(PaperStub.batch_id == batch.id)
    ).one()
    settled = PaperSlip.settled_choices
    slips = db.session.execute(
        select(
            func.count(PaperSlip.first_choices),
            func.count(PaperSlip.second_choices),
            func.count().filter(PaperSlip.first_choices != PaperSlip.second_choices),
            func.count(settled),
            func.count().filter(settled == ""),
        ).where(PaperSlip.batch_id == batch.id)
    ).one()
    return Reconciliation(*stubs, batch.slip_count or 0, batch.drawn_out, *slips)


@dataclass(frozen=True)
class StubRow:
    """A stub as the counter sees it."""

    number: int
    name: str
    is_accepted: bool
    refusal: str
    is_helped: bool


def list_stubs(batch: PaperBatch) -> list[StubRow]:
    """List the stubs of a batch, the latest number first."""
    rows = db.session.execute(
        select(PaperStub.number, Resident.name, PaperStub.is_accepted, PaperStub.refusal, PaperStub.helper_id)
        .outerjoin(Resident, Resident.person_key == PaperStub.person_key)
        .where(PaperStub.batch_id == batch.id)
        .order_by(PaperStub.number.desc())
    )
    return [StubRow(number, name or "", ok, refusal, helper is not None) for number, name, ok, refusal, helper in rows]


def next_stub_number(batch: PaperBatch) -> int:
    """Return the number after the highest one entered."""
    highest = db.session.execute(select(func.max(PaperStub.number)).where(PaperStub.batch_id == batch.id)).scalar_one()
    return int(highest or 0) + 1


def list_slips_for(batch: PaperBatch, keyer_id: uuid.UUID) -> list[tuple[int, bool]]:
    """List (number, whether this keyer has keyed it): a keyer never sees the other's reading."""
    mine = PaperSlip.second_choices if batch.second_keyer_id == keyer_id else PaperSlip.first_choices
    done = mine.is_not(None) if keyer_id in batch.keyers else false()
    rows = db.session.execute(
        select(PaperSlip.number, done).where(PaperSlip.batch_id == batch.id).order_by(PaperSlip.number)
    )
    return [(number, bool(keyed)) for number, keyed in rows]


def list_differing(batch: PaperBatch) -> Sequence[PaperSlip]:
    """List the slips that were read in two ways and wait for the third look."""
    statement = select(PaperSlip).where(PaperSlip.batch_id == batch.id, PaperSlip.settled_choices.is_(None))
    return db.session.scalars(statement.order_by(PaperSlip.number)).all()


def list_paper_due(actor: User) -> list[tuple[PaperBatch, str]]:
    """List (batch, what to do) of paper that waits for the actor: a lot for the supervisor, batches to be finished."""
    waiting = select(PaperBatch).join(Poll, Poll.id == PaperBatch.poll_id).options(joinedload(PaperBatch.poll))
    waiting = waiting.where(PaperBatch.status != BatchStatus.POSTED).order_by(PaperBatch.ref)
    found: list[tuple[PaperBatch, str]] = []
    if actor.has_role(Role.SUPERVISOR):
        lots = waiting.where(PaperBatch.lot_asked_by_id.is_not(None), PaperBatch.lot_agreed_by_id.is_(None))
        found += [
            (batch, _("同意抽签：%(batch)s 的选票多于存根", batch=batch.ref)) for batch in db.session.scalars(lots)
        ]
    if actor.has_role(Role.COMMUNITY, Role.PROGRAMME):
        over = waiting.where(Poll.status == PollStatus.CLOSED)
        if not actor.has_role(Role.PROGRAMME):
            over = over.where(Poll.community_id.in_(actor.community_ids))
        found += [(batch, _("录入并入箱：纸质选票 %(batch)s", batch=batch.ref)) for batch in db.session.scalars(over)]
    return found
