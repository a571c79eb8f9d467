"""Look-ups of resident supervisors, their draws, visits and orders to put something right."""

import uuid
from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, select
from sqlalchemy.orm import selectinload

from grants.agreements.models import Agreement
from grants.agreements.queries import readable_by
from grants.agreements.rules import AgreementStatus
from grants.foundation.clock import today
from grants.foundation.database import db, get_by_id, get_one
from grants.foundation.web.listing import Page, Window, paginate
from grants.people.models import OrganisationMember, Resident, User
from grants.people.rules import AccountStatus
from grants.projects.models import Project
from grants.supervision.models import (
    Rectification,
    ResidentSupervisor,
    SiteVisit,
    SupervisionOpinion,
    SupervisorDraw,
)
from grants.supervision.rules import RectificationStatus


def _on_duty(user_id: uuid.UUID) -> Select[Any]:
    return (
        select(ResidentSupervisor)
        .join(Resident, Resident.id == ResidentSupervisor.resident_id)
        .where(Resident.user_id == user_id, ResidentSupervisor.stood_down_at.is_(None))
    )


def find_supervisor(user: User | None, agreement_id: uuid.UUID) -> ResidentSupervisor | None:
    """Return the draw by which this account's resident watches an agreement, unless they stood down."""
    if user is None:
        return None
    statement = _on_duty(user.id).where(ResidentSupervisor.agreement_id == agreement_id)
    return db.session.scalars(statement).one_or_none()


def is_supervisor_of(user: User | None, agreement_id: uuid.UUID) -> bool:
    """Tell whether this account belongs to a resident drawn to watch the agreement and still on duty."""
    return find_supervisor(user, agreement_id) is not None


def list_supervised(user: User) -> list[Agreement]:
    """List the agreements a resident was drawn to watch, newest first."""
    drawn = _on_duty(user.id).with_only_columns(ResidentSupervisor.agreement_id)
    statement = select(Agreement).where(Agreement.id.in_(drawn)).order_by(Agreement.created_at.desc())
    return list(db.session.scalars(statement))


def list_supervisors(agreement_id: uuid.UUID) -> list[ResidentSupervisor]:
    """List everybody ever drawn for an agreement, in the order of the draws."""
    statement = (
        select(ResidentSupervisor)
        .where(ResidentSupervisor.agreement_id == agreement_id)
        .order_by(ResidentSupervisor.drawn_at, ResidentSupervisor.id)
    )
    return list(db.session.scalars(statement))


def get_supervisor(identity: uuid.UUID) -> ResidentSupervisor:
    """Return a draw of one resident by its key, or raise NotFound."""
    return get_by_id(ResidentSupervisor, identity)


def list_draws(agreement_id: uuid.UUID) -> list[SupervisorDraw]:
    """List the logs of the draws for an agreement, oldest first."""
    statement = select(SupervisorDraw).where(SupervisorDraw.agreement_id == agreement_id)
    return list(db.session.scalars(statement.order_by(SupervisorDraw.drawn_at)))


def list_candidates(agreement: Agreement, born_until: date) -> list[Resident]:
    """List who may be drawn to watch an agreement, by key.

    Residents of the project's community, born on or before `born_until`, with an active account, who belong neither
    to the organisation nor to its payee and were not drawn for this agreement before.
    """
    belongs = select(OrganisationMember.user_id).where(
        OrganisationMember.organisation_id.in_({agreement.organisation_id, agreement.payee_id})
    )
    drawn = select(ResidentSupervisor.resident_id).where(ResidentSupervisor.agreement_id == agreement.id)
    statement = (
        select(Resident)
        .join(User, User.id == Resident.user_id)
        .where(
            Resident.community_id == agreement.project.community_id,
            Resident.born_on <= born_until,
            User.status == AccountStatus.ACTIVE,
            User.id.not_in(belongs),
            Resident.id.not_in(drawn),
        )
        .order_by(Resident.id)
    )
    return [resident for resident in db.session.scalars(statement) if _is_only_resident(resident, agreement)]


def _is_only_resident(resident: Resident, agreement: Agreement) -> bool:
    """Tell whether somebody is neither staff nor holds a role in an organisation of the agreement."""
    user = resident.user
    return (
        user is not None
        and not user.is_staff
        and user.organisation_ids.isdisjoint({agreement.organisation_id, agreement.payee_id})
    )


def list_without_supervisors() -> list[Agreement]:
    """List running agreements that no resident watches yet."""
    watched = exists().where(
        ResidentSupervisor.agreement_id == Agreement.id, ResidentSupervisor.stood_down_at.is_(None)
    )
    statement = (
        select(Agreement)
        .where(Agreement.status == AgreementStatus.SIGNED, ~watched)
        .options(selectinload(Agreement.project))
    )
    return list(db.session.scalars(statement.order_by(Agreement.signed_on)))


# Visits


def list_visits(agreement_id: uuid.UUID) -> list[SiteVisit]:
    """List the visits made under an agreement, newest first."""
    statement = select(SiteVisit).where(SiteVisit.agreement_id == agreement_id)
    return list(db.session.scalars(statement.order_by(SiteVisit.visited_on.desc(), SiteVisit.created_at.desc())))


def get_visit(identity: uuid.UUID) -> SiteVisit:
    """Return a visit by its key, or raise NotFound."""
    return get_by_id(SiteVisit, identity)


# Rectifications


def count_open_rectifications(agreement_id: uuid.UUID) -> int:
    """Count the orders of an agreement that are not closed; while there is one, no tranche is paid."""
    return count_open_of([agreement_id]).get(agreement_id, 0)


def count_open_of(agreement_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, int]:
    """Count the orders not closed of several agreements, in one query."""
    statement = (
        select(Rectification.agreement_id, func.count())
        .where(Rectification.agreement_id.in_(agreement_ids), Rectification.status != RectificationStatus.CLOSED)
        .group_by(Rectification.agreement_id)
    )
    return dict(db.session.execute(statement).all())


def get_rectification(ref: str) -> Rectification:
    """Return an order by its reference, or raise NotFound."""
    found: Rectification = get_one(select(Rectification).where(Rectification.ref == ref))
    return found


def list_overdue(actor: User) -> list[Rectification]:
    """List the open orders whose day has passed under all agreements this actor may read, the oldest first."""
    statement = (
        select(Rectification)
        .join(Agreement)
        .where(readable_by(actor), Rectification.status == RectificationStatus.OPEN, Rectification.due_on < today())
        .options(
            selectinload(Rectification.steps), selectinload(Rectification.agreement).selectinload(Agreement.project)
        )
    )
    return list(db.session.scalars(statement.order_by(Rectification.due_on)))


def list_rectifications(agreement_id: uuid.UUID) -> list[Rectification]:
    """List the orders of an agreement, newest first."""
    statement = select(Rectification).where(Rectification.agreement_id == agreement_id)
    return list(db.session.scalars(statement.order_by(Rectification.issued_at.desc())))


def list_rectifications_for(
    window: Window, actor: User, status: RectificationStatus | None = None
) -> Page[Rectification]:
    """List the orders of all agreements this actor may read, the newest first."""
    statement = (
        select(Rectification)
        .join(Agreement)
        .where(readable_by(actor))
        .options(
            selectinload(Rectification.agreement).options(
                selectinload(Agreement.project), selectinload(Agreement.organisation)
            )
        )
    )
    if status is not None:
        statement = statement.where(Rectification.status == status)
    return paginate(statement, window, order=Rectification.issued_at, key=Rectification.id)


def in_communities(community_ids: Collection[uuid.UUID]) -> ColumnElement[bool]:
    """Return the condition that an agreement's project runs in one of these communities."""
    return Agreement.project_id.in_(select(Project.id).where(Project.community_id.in_(community_ids)))


# Opinions of the supervisor


def list_opinions(agreement_id: uuid.UUID) -> list[SupervisionOpinion]:
    """List what the supervisor said about a project, newest first."""
    statement = select(SupervisionOpinion).where(SupervisionOpinion.agreement_id == agreement_id)
    return list(db.session.scalars(statement.order_by(SupervisionOpinion.at.desc())))


def get_opinion(identity: uuid.UUID) -> SupervisionOpinion:
    """Return an opinion by its key, or raise NotFound."""
    return get_by_id(SupervisionOpinion, identity)


def list_unanswered_opinions() -> list[SupervisionOpinion]:
    """List the opinions that nobody has answered, the oldest first."""
    statement = (
        select(SupervisionOpinion)
        .where(SupervisionOpinion.answer.is_(None))
        .options(selectinload(SupervisionOpinion.agreement).selectinload(Agreement.project))
    )
    return list(db.session.scalars(statement.order_by(SupervisionOpinion.at)))
