"""Look-ups of what the evaluating group changed in the department's evaluation of a round."""

import uuid

from sqlalchemy import select

from grants.evaluation.models import DepartmentPoint
from grants.foundation.database import db


def department_points(round_id: uuid.UUID) -> dict[str, DepartmentPoint]:
    """Return the points set by people for a round, by the code of the indicator."""
    statement = select(DepartmentPoint).where(DepartmentPoint.round_id == round_id)
    return {one.code: one for one in db.session.scalars(statement)}
