"""Look-ups of the channels without one's own screen: printed codes, kiosks, paper. Nothing here tells a choice."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from grants.foundation import clock
from grants.foundation.database import db, get_one
from grants.people.models import Resident, User
from grants.people.queries import token_hash
from grants.voting.models import ActivationCode, KioskStation, PaperBatch, PaperSlip, PaperStub, Poll, RollEntry
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


# Activation codes

_LIVE = (ActivationCode.used_on.is_(None), ActivationCode.revoked_on.is_(None))


@dataclass(frozen=True)
class CodeFilter:
    """Whom a sheet of codes is for: a part of the roll that has not voted yet."""

    place_id: uuid.UUID | None = None
    who: str = "offline"

    @property
    def narrows(self) -> list[Any]:
        """Return the conditions on residents: a grid, an estate or a community; without account; away from home."""
        found: list[Any] = []
        if self.place_id is not None:
            places = (Resident.community_id, Resident.grid_id, Resident.estate_id)
            found.append(or_(*(column == self.place_id for column in places)))
        if self.who == "offline":
            found.append(Resident.user_id.is_(None))
        if self.who == "away":
            found.append(Resident.is_away.is_(True))
        return found


Scope = set[uuid.UUID] | None
"""Communities whose residents may be served; None is the whole street."""


def _still_to_vote(poll: Poll, scope: Scope) -> Any:
    entry = (RollEntry.poll_id == poll.id, RollEntry.has_voted.is_(False))
    statement = select(Resident).join(RollEntry, RollEntry.person_key == Resident.person_key).where(*entry)
    return statement if scope is None else statement.where(RollEntry.community_id.in_(scope))


def _without_code(poll: Poll) -> Any:
    live = select(ActivationCode.person_key).where(ActivationCode.poll_id == poll.id, *_LIVE)
    return Resident.person_key.not_in(live)


def list_to_receive_codes(poll: Poll, wanted: CodeFilter, scope: Scope, limit: int) -> list[Resident]:
    """List who has neither voted nor holds a code that works, by place and name: one sheet of them."""
    statement = _still_to_vote(poll, scope).where(_without_code(poll), *wanted.narrows)
    order = (Resident.grid_id, Resident.estate_id, Resident.name, Resident.id)
    return list(db.session.scalars(statement.order_by(*order).limit(limit)))


def count_to_receive_codes(poll: Poll, wanted: CodeFilter, scope: Scope) -> int:
    """Count who has neither voted nor holds a code that works."""
    statement = _still_to_vote(poll, scope).where(_without_code(poll), *wanted.narrows)
    return db.session.execute(select(func.count()).select_from(statement.subquery())).scalar_one()


def find_code(poll: Poll, code_hash: str) -> ActivationCode | None:
    """Return a poll's activation code by its hash."""
    statement = select(ActivationCode).where(ActivationCode.poll_id == poll.id, ActivationCode.code_hash == code_hash)
    return db.session.scalars(statement).one_or_none()


@dataclass(frozen=True)
class SheetRow:
    """A sheet of codes in figures."""

    sheet: str
    issued_on: date
    issued_by: str
    codes: int
    used: int
    revoked: int


def list_sheets(poll: Poll) -> list[SheetRow]:
    """List the sheets of codes of a poll, the latest first."""
    rows = db.session.execute(
        select(
            ActivationCode.sheet,
            func.min(ActivationCode.issued_on),
            func.min(User.display_name),
            func.count(),
            func.count(ActivationCode.used_on),
            func.count(ActivationCode.revoked_on),
        )
        .join(User, User.id == ActivationCode.issued_by_id)
        .where(ActivationCode.poll_id == poll.id)
        .group_by(ActivationCode.sheet)
        .order_by(ActivationCode.sheet.desc())
    )
    return [SheetRow(*row) for row in rows]


# Kiosks


def find_live_station(poll: Poll, token: str) -> KioskStation | None:
    """Return the kiosk that a device's token belongs to, while it is open."""
    statement = select(KioskStation).where(
        KioskStation.poll_id == poll.id,
        KioskStation.token_hash == token_hash(token),
        KioskStation.closed_at.is_(None),
        KioskStation.expires_at > clock.now(),
    )
    return db.session.scalars(statement).one_or_none()


def get_station(poll: Poll, identity: uuid.UUID) -> KioskStation:
    """Return a kiosk of a poll."""
    found: KioskStation = get_one(
        select(KioskStation).where(KioskStation.poll_id == poll.id, KioskStation.id == identity)
    )
    return found


def list_stations(poll: Poll) -> Sequence[KioskStation]:
    """List the kiosks of a poll, the latest opened first."""
    statement = select(KioskStation).where(KioskStation.poll_id == poll.id).options(joinedload(KioskStation.opened_by))
    return db.session.scalars(statement.order_by(KioskStation.opened_at.desc())).all()


# Paper


def accepted_stubs(batch: PaperBatch) -> int:
    """Count the stubs of a batch whose ballots count."""
    statement = select(func.count()).select_from(PaperStub)
    return db.session.execute(statement.where(PaperStub.batch_id == batch.id, PaperStub.is_accepted)).scalar_one()


def surplus_of(batch: PaperBatch) -> int:
    """Return how many slips more than accepted stubs a signed batch still has."""
    if batch.slip_count is None or batch.signed_by_id is None:
        return 0
    return max(0, batch.slip_count - batch.drawn_out - accepted_stubs(batch))
