"""Look-ups of agreements, their milestones and tranches, and what waits for whom."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Select, false, func, or_, select
from sqlalchemy.orm import selectinload

from grants.agreements.models import Agreement, Milestone
from grants.agreements.rules import AgreementStatus, MilestoneStatus
from grants.foundation.database import db, get_one
from grants.foundation.web.listing import Page, Window, paginate
from grants.funds.queries import project_money
from grants.people.models import Organisation, User
from grants.people.rules import Role
from grants.projects.models import Project
from grants.projects.rules import ProjectStatus
from grants.rounds.models import Round
from grants.selection.models import Application, Call
from grants.selection.rules import ApplicationStatus

STREET_READERS = (Role.PROGRAMME, Role.FINANCE, Role.APPROVER, Role.SUPERVISOR)
"""Roles that read every agreement of the street."""

CLAIM_REMINDER = timedelta(days=14)
"""A milestone shows on the organisation's desk two weeks before its day."""


def get_agreement(ref: str) -> Agreement:
    """Return an agreement by its reference, or raise NotFound."""
    found: Agreement = get_one(select(Agreement).where(Agreement.ref == ref))
    return found


def find_agreement_of(project_id: uuid.UUID) -> Agreement | None:
    """Return the agreement under which a project is carried out."""
    return db.session.scalars(select(Agreement).where(Agreement.project_id == project_id)).one_or_none()


def list_agreements_of(organisation_ids: Collection[uuid.UUID]) -> list[Agreement]:
    """List the agreements of some organisations, newest first."""
    statement = select(Agreement).where(Agreement.organisation_id.in_(organisation_ids))
    return list(db.session.scalars(statement.order_by(Agreement.created_at.desc())))


def get_milestone(ref: str, position: int) -> Milestone:
    """Return a milestone by its agreement's reference and its place in it, or raise NotFound."""
    statement = select(Milestone).join(Agreement).where(Agreement.ref == ref, Milestone.position == position)
    found: Milestone = get_one(statement)
    return found


def readable_by(actor: User) -> Any:
    """Return the condition under which an agreement may be read by this actor."""
    if actor.has_role(*STREET_READERS):
        return Agreement.id.is_not(None)
    conditions = []
    if actor.organisation_ids:
        conditions.append(Agreement.organisation_id.in_(actor.organisation_ids))
        conditions.append(Agreement.payee_id.in_(actor.organisation_ids))
    communities = actor.community_ids | actor.watched_community_ids
    if communities:
        own = select(Project.id).where(Project.community_id.in_(communities))
        conditions.append(Agreement.project_id.in_(own))
    return or_(false(), *conditions)


@dataclass(frozen=True)
class Filters:
    """What a list of agreements is narrowed to; None leaves a column open."""

    status: AgreementStatus | None = None
    community_id: uuid.UUID | None = None
    round_id: uuid.UUID | None = None
    text: str = ""

    @property
    def active_count(self) -> int:
        """Return how many conditions are set, the status tab not counted."""
        return sum(value not in (None, "") for value in (self.community_id, self.round_id, self.text))


def _select(actor: User, filters: Filters) -> Select[Any]:
    statement = select(Agreement).join(Project, Project.id == Agreement.project_id).where(readable_by(actor))
    if filters.status is not None:
        statement = statement.where(Agreement.status == filters.status)
    if filters.community_id is not None:
        statement = statement.where(Project.community_id == filters.community_id)
    if filters.round_id is not None:
        statement = statement.where(Project.round_id == filters.round_id)
    if filters.text:
        statement = statement.join(Organisation, Organisation.id == Agreement.organisation_id).where(
            or_(
                *(
                    column.contains(filters.text, autoescape=True)
                    for column in (Project.title, Agreement.ref, Organisation.name)
                )
            )
        )
    return statement


SORTS = {"created": Agreement.created_at, "amount": Agreement.amount_fen, "ends": Agreement.ends_on}
"""Columns a list of agreements can be sorted by."""


def list_agreements(window: Window, actor: User, filters: Filters, sort: str = "-created") -> Page[Agreement]:
    """List the agreements this actor may read; `sort` is a key of SORTS, with "-" in front for falling order."""
    order = SORTS.get(sort.removeprefix("-"), Agreement.created_at)
    statement = _select(actor, filters).options(
        selectinload(Agreement.project).selectinload(Project.community),
        selectinload(Agreement.organisation),
        selectinload(Agreement.milestones),
    )
    return paginate(statement, window, order=order, key=Agreement.id, descending=sort.startswith("-"))


def count_by_status(actor: User, filters: Filters) -> dict[AgreementStatus, int]:
    """Count the agreements this actor may read by status, under the other filters."""
    narrowed = _select(actor, Filters(None, filters.community_id, filters.round_id, filters.text)).subquery()
    rows = db.session.execute(select(narrowed.c.status, func.count()).group_by(narrowed.c.status))
    counted = {status: count for status, count in rows}
    return {status: counted.get(status, 0) for status in AgreementStatus}


def list_rounds_with_agreements() -> list[Round]:
    """List the rounds that have agreements, newest first."""
    used = select(Project.round_id).join(Agreement, Agreement.project_id == Project.id)
    return list(db.session.scalars(select(Round).where(Round.id.in_(used)).order_by(Round.number.desc())))


def list_awaiting_draft() -> list[Application]:
    """List the chosen applications whose project has been awarded and has no agreement yet."""
    statement = (
        select(Application)
        .join(Call, Call.id == Application.call_id)
        .join(Project, Project.id == Call.project_id)
        .outerjoin(Agreement, Agreement.project_id == Project.id)
        .where(
            Application.status == ApplicationStatus.SELECTED,
            Project.status == ProjectStatus.AWARDED,
            Agreement.id.is_(None),
        )
        .options(selectinload(Application.call).selectinload(Call.project), selectinload(Application.organisation))
        .order_by(Application.ref)
    )
    return list(db.session.scalars(statement))


def get_selected_application(ref: str) -> Application:
    """Return a chosen application by its reference, or raise NotFound."""
    statement = select(Application).where(Application.ref == ref, Application.status == ApplicationStatus.SELECTED)
    found: Application = get_one(statement)
    return found


def award_fen(application: Application) -> int:
    """Return what the ledger holds as the award of the application's project, less what went back, in 分."""
    money = project_money(application.call.project.ref)
    return money.awarded_fen - money.returned_fen


def count_verified(agreement_id: uuid.UUID) -> tuple[int, int]:
    """Return how many milestones of an agreement are verified, and how many there are."""
    statement = select(func.count(), func.sum((Milestone.status == MilestoneStatus.VERIFIED).cast(db.Integer))).where(
        Milestone.agreement_id == agreement_id
    )
    total, verified = db.session.execute(statement).one()
    return int(verified or 0), int(total)
