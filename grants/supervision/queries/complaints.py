"""Look-ups of complaints; reports of misconduct are found by the street's supervisor only."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, false, func, or_, select

from grants.foundation.database import db, get_one
from grants.foundation.identifiers import BadCode, normalise_code
from grants.foundation.sealing import vault
from grants.foundation.web.listing import Page, Window, paginate
from grants.people.models import User
from grants.people.rules import Role
from grants.projects.models import Project
from grants.projects.rules import ProjectStatus
from grants.supervision.models import Complaint
from grants.supervision.rules import ComplaintStatus

READERS = (Role.PROGRAMME, Role.APPROVER, Role.SUPERVISOR)
"""Roles that read every ordinary complaint of the street."""


def readable_by(actor: User) -> Any:
    """Return the condition under which a complaint may be read by this actor."""
    ordinary = Complaint.is_whistleblowing.is_(False)
    conditions: list[Any] = [Complaint.sent_by_id == actor.id]
    if actor.has_role(Role.SUPERVISOR):
        conditions.append(Complaint.is_whistleblowing)
    if actor.has_role(*READERS):
        conditions.append(ordinary)
    elif communities := actor.community_ids | actor.watched_community_ids:
        own = select(Project.ref).where(Project.community_id.in_(communities))
        conditions.append(and_(ordinary, Complaint.project_ref.in_(own)))
    return or_(false(), *conditions)


def get_complaint(ref: str) -> Complaint:
    """Return a complaint by its reference, or raise NotFound."""
    found: Complaint = get_one(select(Complaint).where(Complaint.ref == ref))
    return found


def find_complaint_by_code(code: str) -> Complaint | None:
    """Return the complaint whose sender was given this code."""
    try:
        index = vault().blind_index("complaint", normalise_code(code))
    except BadCode:
        return None
    return db.session.scalars(select(Complaint).where(Complaint.query_index == index)).one_or_none()


@dataclass(frozen=True)
class ComplaintFilters:
    """What a list of complaints is narrowed to."""

    status: ComplaintStatus | None = None
    project_ref: str = ""


def list_complaints(window: Window, actor: User, filters: ComplaintFilters) -> Page[Complaint]:
    """List the complaints this actor may read, the newest first."""
    statement = select(Complaint).where(readable_by(actor))
    if filters.status is not None:
        statement = statement.where(Complaint.status == filters.status)
    if filters.project_ref:
        statement = statement.where(Complaint.project_ref == filters.project_ref)
    return paginate(statement, window, order=Complaint.sent_at, key=Complaint.id)


def count_complaints(project_ref: str) -> tuple[int, int]:
    """Return how many ordinary complaints about a project came in and how many were answered."""
    statement = select(Complaint.status, func.count()).where(
        Complaint.project_ref == project_ref, Complaint.is_whistleblowing.is_(False)
    )
    counted = dict(db.session.execute(statement.group_by(Complaint.status)).all())
    return sum(counted.values()), counted.get(ComplaintStatus.ANSWERED, 0)


def find_project(ref: str) -> Project | None:
    """Return the project that a complaint names."""
    return db.session.scalars(select(Project).where(Project.ref == ref)).one_or_none()


def list_projects_to_complain_about() -> list[Project]:
    """List the projects that have an organisation, which is what people complain about, newest first."""
    known = (ProjectStatus.AWARDED, ProjectStatus.ACTIVE, ProjectStatus.EVALUATED, ProjectStatus.TERMINATED)
    statement = select(Project).where(Project.status.in_((*known, ProjectStatus.CLOSED)))
    return list(db.session.scalars(statement.order_by(Project.ref.desc())))
