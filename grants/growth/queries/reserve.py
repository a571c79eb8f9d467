"""What the last round leaves to the next: the reserve (储备库), who has priority, who is kept out."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from grants.agreements.models import Agreement
from grants.agreements.rules import AgreementStatus
from grants.evaluation.models import Evaluation
from grants.evaluation.rules import EvaluationStatus, Grade
from grants.foundation.database import db
from grants.growth.models import CarriedNeed
from grants.growth.rules import kept_out_until
from grants.needs.models import Need, NeedSupport
from grants.needs.rules import NeedStatus
from grants.people.models import Organisation
from grants.people.rules.dossier import StandingKind
from grants.projects.models import Project, ProjectNeed
from grants.projects.rules import ProjectStatus
from grants.rounds.models import Round

WAITING = (NeedStatus.EXAMINED, NeedStatus.DELIBERATED, NeedStatus.ADOPTED)
"""Found worth doing by the two committees and not done: what was declined, handed over or merged has its answer."""
NOT_DONE = (ProjectStatus.REJECTED, ProjectStatus.DRAFT, ProjectStatus.COSTED, ProjectStatus.TERMINATED)
"""A project that was never decided, was refused or was stopped leaves its needs waiting."""


def find_former_round(round: Round) -> Round | None:
    """Return the real round before this one."""
    statement = select(Round).where(Round.number < round.number, Round.opened_at.is_not(None))
    found = db.session.scalars(statement.order_by(Round.number.desc())).all()
    return next((one for one in found if not one.is_rehearsal), None)


def list_reserve(into: Round, community_ids: Sequence[uuid.UUID] | None = None) -> list[Need]:
    """List the needs of the former round that wait in the reserve, those with most supporters first."""
    former = find_former_round(into)
    if former is None:
        return []
    done = (
        select(ProjectNeed.need_id)
        .join(Project, Project.id == ProjectNeed.project_id)
        .where(Project.status.not_in(NOT_DONE))
    )
    statement = (
        select(Need)
        .where(
            Need.round_id == former.id,
            Need.status.in_(WAITING),
            Need.id.not_in(done),
            Need.id.not_in(select(CarriedNeed.from_need_id)),
        )
        .options(joinedload(Need.community), joinedload(Need.round))
        .order_by(Need.support_count.desc(), Need.ref)
    )
    if community_ids is not None:
        statement = statement.where(Need.community_id.in_(community_ids))
    return list(db.session.scalars(statement))


def is_in_reserve(need: Need, into: Round) -> bool:
    """Tell whether a need waits in the reserve for a round."""
    return any(one.id == need.id for one in list_reserve(into, [need.community_id]))


def find_carried_from(need_id: uuid.UUID) -> CarriedNeed | None:
    """Return the record that a need was taken over into a later round."""
    return db.session.scalars(select(CarriedNeed).where(CarriedNeed.from_need_id == need_id)).one_or_none()


def list_carried_into(round: Round) -> Sequence[CarriedNeed]:
    """List the needs that were taken over into a round, by their new reference."""
    statement = (
        select(CarriedNeed)
        .join(Need, Need.id == CarriedNeed.need_id)
        .where(Need.round_id == round.id)
        .options(joinedload(CarriedNeed.need).joinedload(Need.community), joinedload(CarriedNeed.from_need))
        .order_by(Need.ref)
    )
    return db.session.scalars(statement).all()


def count_supporters(need_id: uuid.UUID) -> int:
    """Count who stands behind a need."""
    return db.session.scalar(select(func.count()).where(NeedSupport.need_id == need_id)) or 0


@dataclass(frozen=True)
class Result:
    """How one organisation's project of a round ended."""

    organisation: Organisation
    project: Project
    total: float | None
    grade: Grade | None
    is_terminated: bool


def list_results(round: Round) -> list[Result]:
    """List how the projects of a round ended: those with a published grade and those that were stopped."""
    statement = (
        select(Organisation, Project, Evaluation.total, Evaluation.grade, Agreement.status)
        .join(Agreement, Agreement.organisation_id == Organisation.id)
        .join(Project, Project.id == Agreement.project_id)
        .outerjoin(
            Evaluation,
            (Evaluation.agreement_id == Agreement.id) & (Evaluation.status == EvaluationStatus.PUBLISHED),
        )
        .where(Project.round_id == round.id, Agreement.status != AgreementStatus.DRAFT)
        .order_by(Evaluation.total.desc(), Project.ref)
    )
    rows = [
        Result(organisation, project, total, grade, status is AgreementStatus.TERMINATED)
        for organisation, project, total, grade, status in db.session.execute(statement)
    ]
    return [one for one in rows if one.grade is not None or one.is_terminated]


@dataclass(frozen=True)
class KeptOut:
    """An organisation that may not apply until a day has passed, and why."""

    organisation: Organisation
    cause: StandingKind
    since: date
    until: date


def list_kept_out(day: date, years: Mapping[StandingKind, int]) -> list[KeptOut]:
    """List who is kept out on a day for how its projects ended here, the longest first; `years` are the round's."""
    marks = {StandingKind.BREACH: Organisation.breach_on, StandingKind.POOR_GRADE: Organisation.poor_grade_on}
    found = []
    for cause, column in marks.items():
        statement = select(Organisation, column).where(column.is_not(None)).order_by(Organisation.ref)
        rows: Any = db.session.execute(statement)
        for organisation, since in rows:
            until = kept_out_until(since, years[cause])
            if until >= day:
                found.append(KeptOut(organisation, cause, since, until))
    return sorted(found, key=lambda one: one.until, reverse=True)
