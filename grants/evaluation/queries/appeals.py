"""Look-ups of appeals."""

from collections.abc import Sequence

from sqlalchemy import select

from grants.evaluation.models import Appeal, Evaluation, Midterm
from grants.evaluation.rules import AppealStatus
from grants.foundation.database import db, get_one
from grants.foundation.due import DueItem
from grants.foundation.i18n import _
from grants.people.models import User
from grants.people.rules import Role


def get_appeal(ref: str) -> Appeal:
    """Return an appeal by its reference."""
    found: Appeal = get_one(select(Appeal).where(Appeal.ref == ref))
    return found


def find_appeal_of(subject: Evaluation | Midterm) -> Appeal | None:
    """Return the appeal against an evaluation."""
    column = Appeal.evaluation_id if isinstance(subject, Evaluation) else Appeal.midterm_id
    return db.session.scalars(select(Appeal).where(column == subject.id)).one_or_none()


def list_open_appeals() -> Sequence[Appeal]:
    """List the appeals that wait to be examined, the oldest first."""
    statement = select(Appeal).where(Appeal.status == AppealStatus.OPEN).order_by(Appeal.filed_at, Appeal.ref)
    return db.session.scalars(statement).all()


def list_appeals_due_for(actor: User) -> list[DueItem]:
    """List the appeals that the actor may examine: they had no hand in the result."""
    if not actor.has_role(Role.PROGRAMME, Role.APPROVER):
        return []
    return [
        DueItem(
            title=_("复核申诉：%(title)s", title=appeal.agreement.project.title),
            href=f"/evaluations/appeals/{appeal.ref}",
            stage=_("评价申诉"),
            meta=appeal.agreement.organisation.name,
        )
        for appeal in list_open_appeals()
        if actor.id not in (appeal.first_scored_by_id, appeal.first_decided_by_id)
    ]
