"""The queries behind the 届次总结: twelve in all, summed by the database."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select, union
from sqlalchemy.orm import aliased, joinedload

from grants.agreements.models import Agreement, BudgetLine
from grants.evaluation.models import Evaluation, Survey, SurveyAnswer
from grants.foundation.database import db, get_one
from grants.needs.models import Need, NeedSupport
from grants.payments.models import PaymentRequest, Voucher
from grants.payments.rules import VoucherStatus
from grants.people.models import Organisation, Place
from grants.people.rules import PlaceKind
from grants.projects.models import Project
from grants.rounds.models import Envelope, Notice, Objection, Round, RoundPhase
from grants.selection.models import Application, Call, Juror
from grants.selection.rules import ApplicationStatus, MoneySource
from grants.supervision.models import Activity, ActivitySignIn, Complaint, ResidentSupervisor
from grants.supervision.rules import ActivityStatus
from grants.voting.models import Poll, RollEntry
from grants.voting.rules import Channel, PollStatus
from reports.gather.evaluation_rows import PAID


@dataclass(frozen=True)
class DatedSum:
    """Money of one agreement on one day, in 分."""

    agreement_id: uuid.UUID
    on: date
    amount_fen: int


def get_round(reference: str) -> Round:
    """Return a round with its street, fund, envelopes and phases, or raise NotFound."""
    found: Round = get_one(
        select(Round).where(Round.ref == reference).options(joinedload(Round.street), joinedload(Round.fund))
    )
    return found


def envelopes_and_phases(round_id: uuid.UUID) -> tuple[list[Envelope], date | None, date | None]:
    """Return the envelopes, and the first and the last day of the round's phases."""
    first = select(func.min(RoundPhase.starts_on)).where(RoundPhase.round_id == round_id).scalar_subquery()
    last = select(func.max(RoundPhase.ends_on)).where(RoundPhase.round_id == round_id).scalar_subquery()
    rows = db.session.execute(select(Envelope, first, last).where(Envelope.round_id == round_id)).all()
    if not rows:
        return [], None, None
    return [row[0] for row in rows], rows[0][1], rows[0][2]


def needs(round_id: uuid.UUID) -> Sequence[Any]:
    """Count needs by category, community, status and triage."""
    return db.session.execute(
        select(Need.category, Place.name, Need.status, Need.triage, func.count())
        .join(Place, Place.id == Need.community_id)
        .where(Need.round_id == round_id)
        .group_by(Need.category, Place.name, Need.status, Need.triage)
    ).all()


def communities(street_id: uuid.UUID) -> Sequence[Any]:
    """List the communities of a street by their code: id, name, population, number of grids."""
    grid = aliased(Place)
    return db.session.execute(
        select(Place.id, Place.name, Place.population, func.count(grid.id))
        .outerjoin(grid, (grid.parent_id == Place.id) & (grid.kind == PlaceKind.GRID))
        .where(Place.parent_id == street_id, Place.kind == PlaceKind.COMMUNITY)
        .group_by(Place.id, Place.name, Place.population, Place.code)
        .order_by(Place.code)
    ).all()


def turnout(round_id: uuid.UUID) -> Sequence[Any]:
    """Count the rolls of the round's main polls by community and age: entitled, voted, voted on paper.

    A community's main poll is its latest counted one; other polls of the round are not added, so that nobody is
    counted twice.
    """
    later = aliased(Poll)
    main = select(Poll.id).where(
        Poll.round_id == round_id,
        Poll.status == PollStatus.COUNTED,
        ~select(later.id)
        .where(
            later.round_id == round_id,
            later.community_id == Poll.community_id,
            later.status == PollStatus.COUNTED,
            (later.counted_at > Poll.counted_at) | ((later.counted_at == Poll.counted_at) & (later.ref > Poll.ref)),
        )
        .exists(),
    )
    return db.session.execute(
        select(
            RollEntry.community_id,
            RollEntry.age_band,
            func.count(),
            func.count().filter(RollEntry.has_voted),
            func.count().filter(RollEntry.has_voted, RollEntry.channel == Channel.PAPER),
        )
        .where(RollEntry.poll_id.in_(main))
        .group_by(RollEntry.community_id, RollEntry.age_band)
    ).all()


def agreed_projects(round_id: uuid.UUID) -> Sequence[Any]:
    """List the signed agreements, each with project, community, organisation and how it was evaluated."""
    return db.session.execute(
        select(Agreement, Project, Place.name, Organisation.name, Evaluation.total, Evaluation.grade, Evaluation.status)
        .join(Project, Project.id == Agreement.project_id)
        .join(Place, Place.id == Project.community_id)
        .join(Organisation, Organisation.id == Agreement.organisation_id)
        .outerjoin(Evaluation, Evaluation.agreement_id == Agreement.id)
        .where(Project.round_id == round_id, Agreement.signed_on.is_not(None))
        .order_by(Project.ref)
    ).all()


def _of_round(statement: Any, agreement_id: Any, round_id: uuid.UUID) -> Any:
    return (
        statement.join(Agreement, Agreement.id == agreement_id)
        .join(Project, Project.id == Agreement.project_id)
        .where(Project.round_id == round_id, Agreement.signed_on.is_not(None))
    )


def answers(round_id: uuid.UUID) -> Sequence[Any]:
    """Count survey answers by agreement, satisfaction and the three senses."""
    fields = (SurveyAnswer.satisfaction, SurveyAnswer.gain, SurveyAnswer.happiness, SurveyAnswer.safety)
    statement = (
        select(Survey.agreement_id, *fields, func.count())
        .join(SurveyAnswer, SurveyAnswer.survey_id == Survey.id)
        .group_by(Survey.agreement_id, *fields)
    )
    return db.session.execute(_of_round(statement, Survey.agreement_id, round_id)).all()


def payments(round_id: uuid.UUID) -> list[DatedSum]:
    """List what was paid by agreement and day."""
    statement = select(PaymentRequest.agreement_id, PaymentRequest.paid_on, PaymentRequest.amount_fen).where(
        PaymentRequest.status.in_(PAID)
    )
    rows = db.session.execute(_of_round(statement, PaymentRequest.agreement_id, round_id))
    return [DatedSum(agreement, on, int(amount)) for agreement, on, amount in rows]


def spending(round_id: uuid.UUID) -> list[DatedSum]:
    """List the accepted spending of public money by agreement and day."""
    statement = (
        select(Voucher.agreement_id, Voucher.spent_on, func.sum(Voucher.amount_fen))
        .join(BudgetLine, BudgetLine.id == Voucher.budget_line_id)
        .where(Voucher.status == VoucherStatus.ACCEPTED, BudgetLine.source == MoneySource.FISCAL)
        .group_by(Voucher.agreement_id, Voucher.spent_on)
    )
    rows = db.session.execute(_of_round(statement, Voucher.agreement_id, round_id))
    return [DatedSum(agreement, on, int(amount)) for agreement, on, amount in rows]


def activities(round_id: uuid.UUID) -> dict[uuid.UUID, tuple[int, int, int]]:
    """Return number of activities, persons and attendances by agreement."""
    statement = (
        select(
            Activity.agreement_id,
            func.count(),
            func.sum(Activity.person_count),
            func.sum(Activity.attendance_count),
        )
        .where(Activity.status == ActivityStatus.RECORDED)
        .group_by(Activity.agreement_id)
    )
    rows = db.session.execute(_of_round(statement, Activity.agreement_id, round_id))
    return {row[0]: (int(row[1]), int(row[2]), int(row[3])) for row in rows}


def applications(round_id: uuid.UUID) -> dict[ApplicationStatus, int]:
    """Count the round's applications by status."""
    rows = db.session.execute(
        select(Application.status, func.count())
        .join(Call, Call.id == Application.call_id)
        .join(Project, Project.id == Call.project_id)
        .where(Project.round_id == round_id)
        .group_by(Application.status)
    )
    return {status: int(count) for status, count in rows}


def participation(round_id: uuid.UUID) -> dict[str, int]:
    """Count residents by how they took part, and what the report mentions, in one query of many parts."""
    own = select(Project.id).where(Project.round_id == round_id)
    refs = select(Project.ref).where(Project.round_id == round_id)
    agreed = select(Agreement.id).where(Agreement.project_id.in_(own))
    raised = select(Need.id).where(Need.round_id == round_id)
    raisers = union(
        select(NeedSupport.resident_id).where(NeedSupport.need_id.in_(raised)),
        select(Need.proposer_id).where(Need.round_id == round_id, Need.proposer_id.is_not(None)),
    ).subquery()
    parts: dict[str, Any] = {
        "raisers": select(func.count()).select_from(raisers),
        "voters": select(func.count(func.distinct(RollEntry.person_key)))
        .join(Poll, Poll.id == RollEntry.poll_id)
        .where(Poll.round_id == round_id, RollEntry.has_voted),
        "jurors": select(func.count(func.distinct(Juror.resident_id)))
        .join(Call, Call.id == Juror.call_id)
        .where(Call.project_id.in_(own)),
        "supervisors": select(func.count(func.distinct(ResidentSupervisor.resident_id))).where(
            ResidentSupervisor.agreement_id.in_(agreed)
        ),
        "signed_in": select(func.count())
        .select_from(ActivitySignIn)
        .join(Activity, Activity.id == ActivitySignIn.activity_id)
        .where(Activity.agreement_id.in_(agreed)),
        "complaints": select(func.count()).where(
            Complaint.project_ref.in_(refs), Complaint.is_whistleblowing.is_(False)
        ),
        "objections": select(func.count(Objection.id))
        .join(Notice, Notice.id == Objection.notice_id)
        .where(Notice.round_id == round_id),
        "funded": select(func.count()).where(Project.round_id == round_id, Project.funded_at.is_not(None)),
    }
    row = db.session.execute(select(*(part.scalar_subquery().label(name) for name, part in parts.items()))).one()
    return {name: int(value) for name, value in row._mapping.items()}
