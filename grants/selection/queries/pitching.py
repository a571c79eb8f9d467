"""Look-ups of the day of pitches."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from grants.foundation.database import db, get_one
from grants.selection.models import Application, Call, PitchDay, PitchSlot


def find_pitch(call: Call) -> PitchDay | None:
    """Return the day of pitches of a call with its turns in order, or None."""
    turns = selectinload(PitchDay.slots).joinedload(PitchSlot.application).joinedload(Application.organisation)
    statement = select(PitchDay).where(PitchDay.call_id == call.id).options(turns, joinedload(PitchDay.drawn_by))
    return db.session.scalars(statement).one_or_none()


def get_slot(call: Call, position: int) -> PitchSlot:
    """Return a turn by its place in the order; raises NotFound."""
    statement = select(PitchSlot).join(PitchDay).where(PitchDay.call_id == call.id, PitchSlot.position == position)
    found: PitchSlot = get_one(statement)
    return found
