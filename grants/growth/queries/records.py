"""What an organisation has done over the rounds, and who led projects that were graded 优秀."""

import uuid
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from grants.agreements.models import Agreement, Milestone
from grants.agreements.rules import AgreementStatus, MilestoneStatus
from grants.evaluation.models import Evaluation, Survey, SurveyAnswer
from grants.evaluation.rules import EvaluationStatus, Grade, Satisfaction, SurveyStatus
from grants.foundation.clock import local
from grants.foundation.database import db, get_by_id
from grants.foundation.identifiers import mask_name
from grants.funds import queries as funds
from grants.funds.queries.balances import ProjectMoney
from grants.growth.models import LeaderConsent
from grants.growth.rules import leading
from grants.people.models import Organisation
from grants.projects.models import Project
from grants.rounds.models import Round

CONTENT = (Satisfaction.VERY_GOOD, Satisfaction.GOOD)


@dataclass
class RoundRecord:
    """An organisation in one round; money in 分. What was not measured yet has no percent."""

    round: Round
    projects: int = 0
    terminated: int = 0
    grades: Counter[Grade] = field(default_factory=Counter)
    agreed_fen: int = 0
    paid_fen: int = 0
    answers: int = 0
    content_answers: int = 0
    milestones: int = 0
    milestones_on_time: int = 0

    @property
    def satisfied_percent(self) -> float | None:
        """Return the share of content answers of all its projects in the round."""
        return round(self.content_answers * 100 / self.answers, 1) if self.answers else None

    @property
    def on_time_percent(self) -> float | None:
        """Return the share of verified milestones that were claimed by their day."""
        return round(self.milestones_on_time * 100 / self.milestones, 1) if self.milestones else None


def read_record(organisation_id: uuid.UUID) -> list[RoundRecord]:
    """Return what an organisation has done, the newest round first; rehearsals are left out."""
    rows = [row for row in _agreements(organisation_id) if not row[0].project.round.is_rehearsal]
    ids = [agreement.id for agreement, _grade in rows]
    money = funds.summarise_projects([agreement.project.ref for agreement, _grade in rows])
    answers, on_time = _answers(ids), _milestones(ids)
    found: dict[uuid.UUID, RoundRecord] = {}
    for agreement, grade in rows:
        record = found.setdefault(agreement.project.round_id, RoundRecord(agreement.project.round))
        record.projects += 1
        record.terminated += agreement.status is AgreementStatus.TERMINATED
        record.agreed_fen += agreement.amount_fen
        record.paid_fen += money.get(agreement.project.ref, ProjectMoney()).paid_fen
        if grade is not None:
            record.grades[grade] += 1
        record.answers += answers[agreement.id, False]
        record.content_answers += answers[agreement.id, True]
        record.milestones += on_time[agreement.id, False]
        record.milestones_on_time += on_time[agreement.id, True]
    return sorted(found.values(), key=lambda one: -one.round.number)


def _agreements(organisation_id: uuid.UUID) -> list[Any]:
    statement = (
        select(Agreement, Evaluation.grade)
        .outerjoin(
            Evaluation,
            (Evaluation.agreement_id == Agreement.id) & (Evaluation.status == EvaluationStatus.PUBLISHED),
        )
        .where(Agreement.organisation_id == organisation_id, Agreement.status != AgreementStatus.DRAFT)
        .options(joinedload(Agreement.project).joinedload(Project.round))
    )
    return list(db.session.execute(statement).unique().all())


def _answers(ids: Sequence[uuid.UUID]) -> Counter[tuple[uuid.UUID, bool]]:
    """Count the answers under (agreement, False) and the content ones of them under (agreement, True)."""
    statement = (
        select(Survey.agreement_id, SurveyAnswer.satisfaction)
        .join(SurveyAnswer, SurveyAnswer.survey_id == Survey.id)
        .where(Survey.agreement_id.in_(ids), Survey.status == SurveyStatus.CLOSED)
    )
    found: Counter[tuple[uuid.UUID, bool]] = Counter()
    for agreement, answer in db.session.execute(statement):
        found[agreement, False] += 1
        found[agreement, True] += answer in CONTENT
    return found


def _milestones(ids: Sequence[uuid.UUID]) -> Counter[tuple[uuid.UUID, bool]]:
    """Count the verified milestones under (agreement, False) and those on time under (agreement, True)."""
    statement = select(Milestone.agreement_id, Milestone.claimed_at, Milestone.due_on).where(
        Milestone.agreement_id.in_(ids), Milestone.status == MilestoneStatus.VERIFIED
    )
    found: Counter[tuple[uuid.UUID, bool]] = Counter()
    for agreement, claimed, due in db.session.execute(statement):
        found[agreement, False] += 1
        found[agreement, True] += claimed is not None and local(claimed).date() <= due
    return found


@dataclass(frozen=True)
class Leader:
    """Somebody who led projects: the name as it may be shown, and in which rounds a project was graded 优秀."""

    shown_name: str
    organisation: Organisation
    excellent_rounds: tuple[str, ...]
    excellent_projects: int
    projects: int
    is_named: bool


def list_leading_people(least: int, organisation_id: uuid.UUID | None = None) -> list[Leader]:
    """List who led projects graded 优秀 in at least so many rounds; the name is masked without their consent."""
    led: dict[str, list[tuple[Organisation, str, bool]]] = {}
    for organisation, name, round_, grade in _led(organisation_id):
        if not round_.is_rehearsal:
            led.setdefault(f"{organisation.ref}\n{name}", []).append(
                (organisation, round_.name, grade is Grade.EXCELLENT)
            )
    consents = _consents()
    chosen = leading({key: [name for _one, name, good in rows if good] for key, rows in led.items()}, least)
    people = []
    for key in chosen:
        rows, name = led[key], key.partition("\n")[2]
        is_named = (rows[0][0].id, name) in consents
        rounds = tuple(dict.fromkeys(round_name for _one, round_name, good in rows if good))
        good = sum(good for _one, _name, good in rows)
        shown = name if is_named else mask_name(name)
        people.append(Leader(shown, rows[0][0], rounds, good, len(rows), is_named))
    return people


def _led(organisation_id: uuid.UUID | None) -> list[Any]:
    statement = (
        select(Organisation, Agreement.leader_name, Round, Evaluation.grade)
        .join(Agreement, Agreement.organisation_id == Organisation.id)
        .join(Project, Project.id == Agreement.project_id)
        .join(Round, Round.id == Project.round_id)
        .outerjoin(
            Evaluation,
            (Evaluation.agreement_id == Agreement.id) & (Evaluation.status == EvaluationStatus.PUBLISHED),
        )
        .where(Agreement.status != AgreementStatus.DRAFT, Agreement.leader_name != "")
        .order_by(Round.number, Project.ref)
    )
    if organisation_id is not None:
        statement = statement.where(Organisation.id == organisation_id)
    return list(db.session.execute(statement).all())


def _consents() -> set[tuple[uuid.UUID, str]]:
    statement = select(LeaderConsent.organisation_id, LeaderConsent.name).where(LeaderConsent.withdrawn_at.is_(None))
    return {(organisation, name) for organisation, name in db.session.execute(statement)}


def list_leaders_of(organisation_id: uuid.UUID) -> list[str]:
    """List the names of those who led a project of an organisation, for the organisation itself."""
    statement = select(Agreement.leader_name).where(
        Agreement.organisation_id == organisation_id,
        Agreement.status != AgreementStatus.DRAFT,
        Agreement.leader_name != "",
    )
    return sorted(set(db.session.scalars(statement)))


def list_consents(organisation_id: uuid.UUID) -> Sequence[LeaderConsent]:
    """List the consents in force of an organisation's leaders."""
    statement = select(LeaderConsent).where(
        LeaderConsent.organisation_id == organisation_id, LeaderConsent.withdrawn_at.is_(None)
    )
    return db.session.scalars(statement.order_by(LeaderConsent.name)).all()


def get_consent(identity: uuid.UUID) -> LeaderConsent:
    """Return a consent by its key, or raise NotFound."""
    return get_by_id(LeaderConsent, identity)


def list_own_organisations(ids: Collection[uuid.UUID]) -> Sequence[Organisation]:
    """List the organisations with these keys, by name."""
    return db.session.scalars(select(Organisation).where(Organisation.id.in_(ids)).order_by(Organisation.name)).all()
