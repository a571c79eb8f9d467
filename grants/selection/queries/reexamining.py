"""Look-ups of re-examinations."""

import uuid

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from grants.foundation.database import db, get_one
from grants.rounds.models import Notice, Objection
from grants.selection.models import Call, Reexamination
from grants.selection.rules import Outcome


def list_reexaminations(call: Call) -> list[Reexamination]:
    """List the re-examinations of a call's awards, the earliest first, also those of an award taken back."""
    statement = (
        select(Reexamination)
        .where(Reexamination.call_id == call.id)
        .options(
            joinedload(Reexamination.objection).joinedload(Objection.notice),
            joinedload(Reexamination.opened_by),
            joinedload(Reexamination.found_by),
            joinedload(Reexamination.signed_by),
        )
        .order_by(Reexamination.opened_at, Reexamination.id)
    )
    return list(db.session.scalars(statement))


def get_reexamination(call: Call, reexamination_id: uuid.UUID) -> Reexamination:
    """Return a re-examination of a call; raises NotFound, also for one of another call."""
    statement = select(Reexamination).where(Reexamination.id == reexamination_id, Reexamination.call_id == call.id)
    found: Reexamination = get_one(statement)
    return found


def list_objections_to_award(call: Call) -> list[Objection]:
    """List the objections to the running notice of a call that nobody re-examines yet."""
    examined = select(Reexamination.objection_id)
    statement = (
        select(Objection)
        .where(Objection.notice_id == call.notice_id, Objection.id.not_in(examined))
        .order_by(Objection.raised_at, Objection.ref)
    )
    return list(db.session.scalars(statement)) if call.notice_id else []


def list_standing(notice: Notice) -> list[Reexamination]:
    """List what stands against a notice: re-examinations that are open, or that corrected the decision."""
    statement = (
        select(Reexamination)
        .join(Objection)
        .where(
            Objection.notice_id == notice.id,
            Reexamination.signed_at.is_(None) | (Reexamination.outcome == Outcome.CORRECTED),
        )
    )
    return list(db.session.scalars(statement))
