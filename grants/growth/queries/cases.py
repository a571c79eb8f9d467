"""Look-ups of the library of cases (案例库)."""

import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from grants.agreements.models import Agreement
from grants.evaluation.models import Evaluation
from grants.evaluation.rules import EvaluationStatus
from grants.foundation.database import db, get_one
from grants.growth.models import CasePicture, ExemplaryCase
from grants.growth.queries.efficiency import ProjectsAsked
from grants.people.models import Place
from grants.projects.models import Project
from grants.rounds.models import Round
from grants.supervision.models import Activity, ActivityEvidence
from grants.supervision.rules import ActivityStatus, EvidenceKind

WHOLE = (
    joinedload(ExemplaryCase.agreement).options(
        joinedload(Agreement.organisation),
        joinedload(Agreement.project).options(joinedload(Project.round), joinedload(Project.community)),
    ),
    selectinload(ExemplaryCase.pictures).joinedload(CasePicture.evidence).joinedload(ActivityEvidence.activity),
)


def get_case(ref: str) -> ExemplaryCase:
    """Return a case by its reference, also one that left the library."""
    found: ExemplaryCase = get_one(select(ExemplaryCase).where(ExemplaryCase.ref == ref).options(*WHOLE))
    return found


def find_case_of(agreement_id: uuid.UUID) -> ExemplaryCase | None:
    """Return the case a project has in the library."""
    statement = select(ExemplaryCase).where(
        ExemplaryCase.agreement_id == agreement_id, ExemplaryCase.withdrawn_at.is_(None)
    )
    return db.session.scalars(statement).one_or_none()


def list_cases(asked: ProjectsAsked | None = None, words: str = "") -> Sequence[ExemplaryCase]:
    """List the cases in the library, the newest round first."""
    statement = _narrowed(select(ExemplaryCase).where(ExemplaryCase.withdrawn_at.is_(None)), asked or ProjectsAsked())
    if words:
        statement = statement.where(
            ExemplaryCase.title.contains(words, autoescape=True) | ExemplaryCase.story.contains(words, autoescape=True)
        )
    return db.session.scalars(statement.order_by(Round.number.desc(), ExemplaryCase.ref).options(*WHOLE)).all()


def _narrowed(statement: Select[Any], asked: ProjectsAsked) -> Select[Any]:
    statement = (
        statement.join(Agreement, Agreement.id == ExemplaryCase.agreement_id)
        .join(Project, Project.id == Agreement.project_id)
        .join(Round, Round.id == Project.round_id)
        .join(Place, Place.id == Project.community_id)
    )
    for value, column in (
        (asked.round_ref, Round.ref),
        (asked.community, Place.code),
        (asked.category, Project.category),
    ):
        if value:
            statement = statement.where(column == value)
    return statement


def get_evaluation_of(project_ref: str) -> Evaluation:
    """Return the evaluation of a project, for the office that may make a case of it."""
    found: Evaluation = get_one(
        select(Evaluation)
        .join(Agreement, Agreement.id == Evaluation.agreement_id)
        .join(Project, Project.id == Agreement.project_id)
        .where(Project.ref == project_ref)
    )
    return found


def list_candidates() -> Sequence[Evaluation]:
    """List the published evaluations that have no case yet and did not fail, the best first."""
    chosen = select(ExemplaryCase.agreement_id).where(ExemplaryCase.withdrawn_at.is_(None))
    statement = (
        select(Evaluation)
        .join(Evaluation.agreement)
        .join(Agreement.project)
        .join(Project.round)
        .options(
            contains_eager(Evaluation.agreement).options(
                joinedload(Agreement.organisation),
                contains_eager(Agreement.project).contains_eager(Project.round),
            )
        )
        .where(
            Evaluation.status == EvaluationStatus.PUBLISHED,
            Evaluation.grade != "fail",
            Evaluation.agreement_id.not_in(chosen),
        )
        .order_by(Round.number.desc(), Evaluation.total.desc(), Project.ref)
    )
    return [one for one in db.session.scalars(statement) if not one.agreement.project.round.is_rehearsal]


def list_pictures(agreement_id: uuid.UUID, ids: Sequence[uuid.UUID] | None = None) -> Sequence[ActivityEvidence]:
    """List the photos of a project that everybody may see, the latest first; only those with these keys where given."""
    statement = (
        select(ActivityEvidence)
        .join(ActivityEvidence.activity)
        .options(contains_eager(ActivityEvidence.activity))
        .where(
            Activity.agreement_id == agreement_id,
            Activity.status == ActivityStatus.RECORDED,
            Activity.has_cleared_photos,
            ActivityEvidence.kind == EvidenceKind.PHOTO,
        )
        .order_by(Activity.held_on.desc(), ActivityEvidence.id)
    )
    if ids is not None:
        statement = statement.where(ActivityEvidence.id.in_(ids))
    return db.session.scalars(statement.limit(24)).all()
