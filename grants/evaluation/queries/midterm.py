"""Look-ups of mid-term evaluations."""

import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, select

from grants.agreements.models import Agreement, Tranche
from grants.agreements.rules import AgreementStatus, Gate, MidtermResult
from grants.evaluation.models import Midterm
from grants.evaluation.rules import MidtermStatus, Progress, elapsed_share
from grants.foundation.clock import today
from grants.foundation.database import db, get_one
from grants.foundation.due import DueItem
from grants.foundation.i18n import _
from grants.foundation.web.listing import Page, Window, paginate
from grants.payments import queries as payments
from grants.people.models import User
from grants.people.rules import Role
from grants.projects.models import Project
from grants.supervision import queries as supervision

OFFICE = (Role.PROGRAMME, Role.APPROVER, Role.SUPERVISOR, Role.FINANCE)


def get_midterm(ref: str) -> Midterm:
    """Return a mid-term evaluation by its reference."""
    found: Midterm = get_one(select(Midterm).where(Midterm.ref == ref))
    return found


def find_midterm_of(agreement_id: uuid.UUID) -> Midterm | None:
    """Return the latest mid-term evaluation of an agreement."""
    statement = select(Midterm).where(Midterm.agreement_id == agreement_id).order_by(Midterm.attempt.desc()).limit(1)
    return db.session.scalars(statement).one_or_none()


def progress_of(agreement: Agreement) -> Progress:
    """Gather what the computed points of the mid-term table are made of, as of today."""
    totals = supervision.totals(agreement.id)
    return Progress(
        elapsed=elapsed_share(agreement.starts_on, agreement.ends_on, today()),
        activity_count=totals.activity_count,
        activity_target=agreement.activity_target,
        person_count=totals.person_count,
        person_target=agreement.person_target,
        attendance_count=totals.attendance_count,
        attendance_target=agreement.attendance_target,
        spent_fen=payments.accepted_fen(agreement.id),
        received_fen=payments.paid_fen(agreement.id),
    )


def select_midterms(actor: User | None) -> Select[Any]:
    """Return the select of mid-term evaluations an actor may read: published ones, and those of their own work."""
    statement = select(Midterm).join(Agreement).join(Project)
    if actor is not None and actor.has_role(*OFFICE):
        return statement
    visible = Midterm.status == MidtermStatus.PUBLISHED
    if actor is not None:
        visible = (
            visible
            | Agreement.organisation_id.in_(actor.organisation_ids)
            | Project.community_id.in_(actor.community_ids)
        )
    return statement.where(visible)


def list_midterms(window: Window, actor: User | None, status: MidtermStatus | None) -> Page[Midterm]:
    """List mid-term evaluations, the newest first."""
    statement = select_midterms(actor)
    if status is not None:
        statement = statement.where(Midterm.status == status)
    return paginate(statement, window, order=Midterm.created_at, key=Midterm.id)


def list_agreements_for_midterm() -> Sequence[Agreement]:
    """List running agreements with a middle tranche that wait for a mid-term evaluation to be opened."""
    going = select(Midterm.agreement_id).where(Midterm.status != MidtermStatus.PUBLISHED)
    statement = select(Agreement).where(
        Agreement.status == AgreementStatus.SIGNED,
        Agreement.needs_midterm,
        Agreement.midterm_result.is_(None) | (Agreement.midterm_result == MidtermResult.FAILED),
        Agreement.tranches.any(Tranche.gate == Gate.MIDTERM),
        Agreement.id.not_in(going),
    )
    return db.session.scalars(statement.order_by(Agreement.ends_on, Agreement.ref)).all()


def list_midterms_due_for(actor: User) -> list[DueItem]:
    """List the mid-term evaluations that wait for the actor."""
    items = []
    if actor.has_role(Role.PROGRAMME):
        for agreement in list_agreements_for_midterm():
            middle = agreement.starts_on + (agreement.ends_on - agreement.starts_on) / 2
            if today() >= middle:
                href = f"/evaluations/midterms/new?agreement={agreement.ref}"
                items.append(_due(_("发起中期评估：%(title)s"), agreement, href, None))
    statement = select(Midterm).where(Midterm.status != MidtermStatus.PUBLISHED).order_by(Midterm.report_due_on)
    for midterm in db.session.scalars(statement):
        words = _words(actor, midterm)
        if words:
            href = f"/evaluations/midterms/{midterm.ref}"
            items.append(_due(words, midterm.agreement, href, midterm))
    return items


def _words(actor: User, midterm: Midterm) -> str | None:
    if midterm.status is MidtermStatus.SUBMITTED:
        return _("审定中期评估：%(title)s") if actor.has_role(Role.APPROVER) else None
    if midterm.reported_at is None and midterm.agreement.organisation_id in actor.organisation_ids:
        return _("报送中期自评：%(title)s")
    is_ready = midterm.reported_at is not None or today() > midterm.report_due_on
    return _("中期评估评分：%(title)s") if is_ready and actor.has_role(Role.PROGRAMME) else None


def _due(words: str, agreement: Agreement, href: str, midterm: Midterm | None) -> DueItem:
    return DueItem(
        title=words % {"title": agreement.project.title},
        href=href,
        stage=_("中期评估"),
        meta=agreement.organisation.name,
        due_on=midterm.report_due_on if midterm is not None and midterm.reported_at is None else None,
    )
