"""Look-ups of who signed up for an activity and who came."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from grants.foundation.clock import today
from grants.foundation.database import db
from grants.people.models import Resident, User
from grants.supervision.models import Activity, ActivityRegistration, ActivitySignIn
from grants.supervision.rules import ActivityStatus, RegistrationStatus


@dataclass(frozen=True)
class Guest:
    """Somebody on the list of an activity: signed up, came, or both; `status` is None for those who just came."""

    resident: Resident
    status: RegistrationStatus | None
    has_come: bool


def find_registration(activity_id: uuid.UUID, resident_id: uuid.UUID) -> ActivityRegistration | None:
    """Return how a resident signed up for an activity."""
    return db.session.get(ActivityRegistration, (activity_id, resident_id))


def count_seated(activity_id: uuid.UUID) -> int:
    """Count who has a seat."""
    return _count(activity_id, RegistrationStatus.SEATED)


def count_waiting(activity_id: uuid.UUID) -> int:
    """Count who waits for a seat."""
    return _count(activity_id, RegistrationStatus.WAITING)


def _count(activity_id: uuid.UUID, status: RegistrationStatus) -> int:
    statement = (
        select(func.count())
        .select_from(ActivityRegistration)
        .where(ActivityRegistration.activity_id == activity_id, ActivityRegistration.status == status)
    )
    return db.session.execute(statement).scalar_one()


def first_waiting(activity_id: uuid.UUID) -> ActivityRegistration | None:
    """Return who has waited for a seat longest."""
    statement = select(ActivityRegistration).where(
        ActivityRegistration.activity_id == activity_id, ActivityRegistration.status == RegistrationStatus.WAITING
    )
    ordered = statement.order_by(ActivityRegistration.at, ActivityRegistration.resident_id)
    return db.session.scalars(ordered.limit(1)).one_or_none()


def list_registrations(activity_id: uuid.UUID) -> list[ActivityRegistration]:
    """List who signed up for an activity in the order of signing up, those who stepped back too."""
    statement = (
        select(ActivityRegistration)
        .where(ActivityRegistration.activity_id == activity_id)
        .options(selectinload(ActivityRegistration.resident))
        .order_by(ActivityRegistration.at, ActivityRegistration.resident_id)
    )
    return list(db.session.scalars(statement))


def list_guests(activity_id: uuid.UUID) -> list[Guest]:
    """List who signed up, seats first, and then who signed in at the door without signing up."""
    statement = (
        select(Resident)
        .join(ActivitySignIn, ActivitySignIn.resident_id == Resident.id)
        .where(ActivitySignIn.activity_id == activity_id)
        .order_by(ActivitySignIn.at, Resident.id)
    )
    came = {one.id: one for one in db.session.scalars(statement)}
    signed_up = list_registrations(activity_id)
    order = list(RegistrationStatus)
    guests = [
        Guest(one.resident, one.status, one.resident_id in came)
        for one in sorted(signed_up, key=lambda one: order.index(one.status))
    ]
    expected = {one.resident_id for one in signed_up}
    return guests + [Guest(one, None, True) for key, one in came.items() if key not in expected]


def list_registrations_of(user: User) -> Sequence[ActivityRegistration]:
    """List what a resident is signed up for and that is still to come, soonest first."""
    if user.resident is None:
        return []
    statement = (
        select(ActivityRegistration)
        .join(Activity, Activity.id == ActivityRegistration.activity_id)
        .where(
            ActivityRegistration.resident_id == user.resident.id,
            ActivityRegistration.status != RegistrationStatus.WITHDRAWN,
            Activity.status == ActivityStatus.ANNOUNCED,
            Activity.held_on >= today(),
        )
        .options(selectinload(ActivityRegistration.activity))
        .order_by(Activity.held_on, Activity.starts)
    )
    return list(db.session.scalars(statement))
