"""Look-ups of inspections and of the calls to people who were served."""

import uuid
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from grants.agreements.models import Agreement
from grants.agreements.queries import readable_by
from grants.agreements.rules import AgreementStatus
from grants.foundation.clock import today
from grants.foundation.database import db, get_by_id, get_one
from grants.foundation.web.listing import Page, Window, paginate
from grants.people.models import User
from grants.supervision.models import Inspection, SpotCall
from grants.supervision.rules import InspectionStatus, quarter_of


def get_inspection(ref: str) -> Inspection:
    """Return an inspection by its reference, or raise NotFound."""
    found: Inspection = get_one(select(Inspection).where(Inspection.ref == ref))
    return found


def get_call(inspection_id: uuid.UUID, number: int) -> SpotCall:
    """Return one call of an inspection by its number, or raise NotFound."""
    return get_by_id(SpotCall, (inspection_id, number))


def _select() -> Any:
    return select(Inspection).options(
        selectinload(Inspection.assigned_to),
        selectinload(Inspection.agreement).options(
            selectinload(Agreement.project), selectinload(Agreement.organisation)
        ),
    )


def list_inspections_for(window: Window, actor: User, status: InspectionStatus | None = None) -> Page[Inspection]:
    """List the inspections under all agreements this actor may read, the latest day first."""
    statement = _select().join(Agreement).where(readable_by(actor))
    if status is not None:
        statement = statement.where(Inspection.status == status)
    return paginate(statement, window, order=Inspection.due_on, key=Inspection.id)


def list_inspections(agreement_id: uuid.UUID, *, is_done_only: bool = False) -> list[Inspection]:
    """List the inspections of an agreement, the latest day first; those to come are no business of the inspected."""
    statement = _select().where(
        Inspection.agreement_id == agreement_id, Inspection.status != InspectionStatus.CANCELLED
    )
    if is_done_only:
        statement = statement.where(Inspection.status == InspectionStatus.DONE)
    return list(db.session.scalars(statement.order_by(Inspection.due_on.desc(), Inspection.ref)))


def list_assigned(user: User) -> list[Inspection]:
    """List the inspections somebody is to make, the soonest first."""
    statement = _select().where(Inspection.status == InspectionStatus.PLANNED, Inspection.assigned_to_id == user.id)
    return list(db.session.scalars(statement.order_by(Inspection.due_on, Inspection.ref)))


def list_overdue_of_others(user: User) -> list[Inspection]:
    """List the inspections of other people whose day has passed, the oldest first."""
    statement = _select().where(
        Inspection.status == InspectionStatus.PLANNED,
        Inspection.assigned_to_id != user.id,
        Inspection.due_on < today(),
    )
    return list(db.session.scalars(statement.order_by(Inspection.due_on, Inspection.ref)))


def list_uninspected() -> list[Agreement]:
    """List running agreements for which no inspection is planned or made in the quarter of today."""
    planned = select(Inspection.agreement_id).where(
        Inspection.quarter == quarter_of(today()), Inspection.status != InspectionStatus.CANCELLED
    )
    statement = (
        select(Agreement)
        .where(Agreement.status == AgreementStatus.SIGNED, Agreement.starts_on <= today(), Agreement.id.not_in(planned))
        .options(selectinload(Agreement.project), selectinload(Agreement.organisation))
    )
    return list(db.session.scalars(statement.order_by(Agreement.ref)))
