"""Look-ups of projects, the needs they answer, and the money they hold in an envelope."""

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload

from grants.foundation.database import db, get_one
from grants.foundation.due import DueItem
from grants.foundation.i18n import _
from grants.foundation.web.listing import Page, Window, paginate
from grants.funds import queries as funds
from grants.people.models import Place, User
from grants.people.rules import Role
from grants.projects.models import Project, ProjectNeed
from grants.projects.rules import EARMARKED, INTERNAL, ProjectStatus
from grants.rounds.models import Notice, Round
from grants.rounds.rules import Category, NoticeStatus

E = TypeVar("E", bound=StrEnum)
INSIDERS = (Role.PROGRAMME, Role.FINANCE, Role.APPROVER, Role.SUPERVISOR)
DRAFTERS = (Role.PROGRAMME, Role.COMMUNITY)


@dataclass(frozen=True)
class ProjectFilter:
    """Which projects a list shows; an empty part does not narrow it."""

    round_ref: str = ""
    community: str = ""
    category: Category | None = None
    status: ProjectStatus | None = None
    text: str = ""

    @classmethod
    def of(cls, args: Mapping[str, str]) -> "ProjectFilter":
        """Read the filter from a query string; what is not understood is left out."""
        return cls(
            round_ref=args.get("round", "").strip(),
            community=args.get("community", "").strip(),
            category=_member(Category, args.get("category")),
            status=_member(ProjectStatus, args.get("status")),
            text=args.get("q", "").strip()[:60],
        )

    @property
    def count(self) -> int:
        """Return how many parts narrow the list, the words searched for left aside."""
        return sum(bool(part) for part in (self.round_ref, self.community, self.category, self.status))


def _member(kind: type[E], value: str | None) -> E | None:
    try:
        return kind(value) if value else None
    except ValueError:
        return None


def get_project(ref: str) -> Project:
    """Return a project by its reference, with round and place."""
    project: Project = get_one(
        select(Project)
        .where(Project.ref == ref)
        .options(joinedload(Project.round), joinedload(Project.community), joinedload(Project.notice))
    )
    return project


def select_projects(filters: ProjectFilter, actor: User | None) -> Select[Any]:
    """Return the select of the projects that a filter lets through and the actor may know of."""
    statement = select(Project)
    visible = _visible_to(actor)
    if visible is not None:
        statement = statement.where(visible)
    if filters.round_ref:
        round_id = select(Round.id).where(Round.ref == filters.round_ref).scalar_subquery()
        statement = statement.where(Project.round_id == round_id)
    if filters.community:
        place = select(Place.id).where(Place.code == filters.community).scalar_subquery()
        statement = statement.where(Project.community_id == place)
    if filters.category:
        statement = statement.where(Project.category == filters.category)
    if filters.status:
        statement = statement.where(Project.status == filters.status)
    for word in filters.text.split():
        columns = (Project.title, Project.summary, Project.ref)
        statement = statement.where(or_(*(column.icontains(word, autoescape=True) for column in columns)))
    return statement


def _visible_to(actor: User | None) -> Any:
    """Return the condition under which a project is public, or None for those who see all.

    What the leader refused before it was announced stays inside the house, like every draft.
    """
    if actor is not None and actor.has_role(*INSIDERS):
        return None
    public = Project.status.not_in(INTERNAL | {ProjectStatus.REJECTED}) | Project.notice_id.is_not(None)
    if actor is not None and actor.community_ids:
        return public | Project.community_id.in_(actor.community_ids)
    return public


def list_projects(
    window: Window, filters: ProjectFilter, actor: User | None = None, *, by_ceiling: bool = False
) -> Page[Project]:
    """List projects newest first, or the largest ceiling first."""
    statement = select_projects(filters, actor).options(joinedload(Project.community), joinedload(Project.round))
    return paginate(statement, window, order=Project.ceiling_fen if by_ceiling else Project.created_at, key=Project.id)


def list_project_rows(filters: ProjectFilter, actor: User | None = None) -> Iterator[tuple[Any, ...]]:
    """Return the columns of an export, newest first."""
    statement = (
        select_projects(filters, actor)
        .join(Place, Place.id == Project.community_id)
        .join(Round, Round.id == Project.round_id)
        .with_only_columns(
            Project.ref,
            Round.name,
            Place.name,
            Project.category,
            Project.title,
            Project.summary,
            Project.status,
            Project.ceiling_fen,
            Project.direct_beneficiary_count,
            Project.starts_on,
            Project.ends_on,
        )
        .order_by(Project.created_at.desc(), Project.id.desc())
    )
    for row in db.session.execute(statement):
        yield tuple(row)


def list_projects_answering(need_id: uuid.UUID) -> list[Project]:
    """List the projects that answer a need, oldest first."""
    statement = (
        select(Project)
        .join(ProjectNeed, ProjectNeed.project_id == Project.id)
        .where(ProjectNeed.need_id == need_id)
        .order_by(Project.created_at, Project.id)
    )
    return list(db.session.scalars(statement))


def list_projects_of_round(round_id: uuid.UUID, *statuses: ProjectStatus) -> list[Project]:
    """List the projects of a round by reference, optionally those in some statuses only."""
    statement = select(Project).where(Project.round_id == round_id).options(joinedload(Project.community))
    if statuses:
        statement = statement.where(Project.status.in_(statuses))
    return list(db.session.scalars(statement.order_by(Project.ref)))


def earmarked_fen(round_id: uuid.UUID, category: Category) -> int:
    """Return the ceilings of projects that are funded while their money still lies in the envelope, in 分."""
    statement = select(func.coalesce(func.sum(Project.ceiling_fen), 0)).where(
        Project.round_id == round_id, Project.category == category, Project.status.in_(EARMARKED)
    )
    return int(db.session.execute(statement).scalar_one())


def uncommitted_fen(round: Round, category: Category) -> int:
    """Return what of an envelope no project has a claim on yet, in 分."""
    return funds.envelope_balance(round.ref, category) - earmarked_fen(round.id, category)


def list_due_for(actor: User) -> list[DueItem]:
    """List what waits for this person: drafts to finish, decisions, notices to publish, projects to fund."""
    wanted = _statuses_of(actor)
    if not wanted:
        return []
    statement = (
        select(Project)
        .where(Project.status.in_(wanted))
        .options(joinedload(Project.community), joinedload(Project.notice))
        .order_by(Project.created_at)
    )
    if not actor.has_role(Role.PROGRAMME, Role.APPROVER):
        statement = statement.where(Project.community_id.in_(actor.community_ids))
    return [_due(project) for project in db.session.scalars(statement.limit(50)) if _is_for(actor, project)]


def _statuses_of(actor: User) -> set[ProjectStatus]:
    wanted: set[ProjectStatus] = set()
    if actor.has_role(Role.COMMUNITY, Role.PROGRAMME):
        wanted.add(ProjectStatus.DRAFT)
    if actor.has_role(Role.PROGRAMME):
        wanted |= {ProjectStatus.APPROVED, ProjectStatus.ANNOUNCED}
    if actor.has_role(Role.APPROVER):
        wanted.add(ProjectStatus.COSTED)
    return wanted


def _is_for(actor: User, project: Project) -> bool:
    """A decision is for somebody else than whoever drafted or submitted."""
    return project.status is not ProjectStatus.COSTED or actor.id not in {project.drafted_by_id, project.costed_by_id}


def _due(project: Project) -> DueItem:
    titles = {
        ProjectStatus.DRAFT: _("完善项目草案：%(title)s", title=project.title),
        ProjectStatus.COSTED: _("立项决策：%(title)s", title=project.title),
        ProjectStatus.APPROVED: _("发布立项公示：%(title)s", title=project.title),
        ProjectStatus.ANNOUNCED: _("公示期满后立项：%(title)s", title=project.title),
    }
    notice = project.notice if project.status is ProjectStatus.ANNOUNCED else None
    return DueItem(
        title=titles[project.status],
        href=f"/projects/{project.ref}/{'decide' if project.status is ProjectStatus.COSTED else 'work'}",
        stage=_("立项"),
        meta=f"{project.ref} · {project.community.name}",
        blocked_by=_blocked_by(notice),
    )


def _blocked_by(notice: Notice | None) -> str | None:
    if notice is None or notice.status is not NoticeStatus.RUNNING:
        return None
    return _("公示 %(ref)s 尚未办结（公示期至 %(day)s）", ref=notice.ref, day=notice.ends_on.isoformat())
