"""The queries behind the 末期评估报告: twelve in all, however large the project."""

import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from statistics import median
from typing import Any

from sqlalchemy import func, select, union
from sqlalchemy.orm import aliased, contains_eager, joinedload

from grants.agreements.models import Agreement, BudgetLine, Milestone, Tranche
from grants.evaluation.models import (
    Evaluation,
    EvaluationPoint,
    Measurement,
    Survey,
    SurveyAnswer,
    SurveyCheck,
    SurveyInvitation,
)
from grants.evaluation.rules import JUDGED_SENSES, Satisfaction, SurveyChannel
from grants.foundation.database import db
from grants.foundation.errors import NotFound
from grants.foundation.i18n import _
from grants.needs.models import Meeting, MeetingDecision, Need, NeedStamp, NeedSupport
from grants.payments.models import PaymentRequest, Voucher
from grants.payments.rules import PaymentStatus, VoucherStatus
from grants.people.models import User
from grants.projects.models import Indicator, Project, ProjectNeed
from grants.rounds.models import Criterion, Round, ScoreTable
from grants.rounds.rules import ScoreTableKind
from grants.selection.models import TeamMember
from grants.supervision.models import (
    Activity,
    ActivityEvidence,
    Complaint,
    Rectification,
    ResidentSupervisor,
    SiteVisit,
)
from grants.supervision.rules import ActivityStatus, ComplaintStatus
from grants.voting.models import Poll, PollOption, RollEntry
from grants.voting.rules import PollStatus

PAID = (PaymentStatus.PAID, PaymentStatus.CONFIRMED)


@dataclass
class NeedFacts:
    """A need with its stamps and the votes it got in the latest counted poll (None where there was none)."""

    need: Need
    stamps: list[NeedStamp] = field(default_factory=list)
    votes: int | None = None


@dataclass(frozen=True)
class Answered:
    """The answers of the survey, counted."""

    satisfaction: Counter[Satisfaction]
    senses: dict[str, Counter[int]]
    channels: Counter[SurveyChannel]
    comments: tuple[str, ...]


@dataclass(frozen=True)
class Peer:
    """What the ratios of one project are made of, in 分 and counts; `social_fen` is what was agreed."""

    agreement_id: uuid.UUID
    amount_fen: int
    social_fen: int
    spent_fen: int
    persons: int
    attendances: int
    activities: int

    def ratios(self) -> dict[str, Decimal | None]:
        """Return the ratios by name; money in 元."""
        yuan = Decimal(self.spent_fen) / 100
        return {
            "person": yuan / self.persons if self.persons else None,
            "attendance": yuan / self.attendances if self.attendances else None,
            "activity": yuan / self.activities if self.activities else None,
            "reach": Decimal(self.attendances) * 10_000 / yuan if yuan else None,
            "leverage": Decimal(self.social_fen) / self.amount_fen if self.amount_fen else None,
        }


def find_evaluated(reference: str) -> tuple[Agreement, Evaluation, str | None, str | None]:
    """Return agreement, evaluation, who drafted and who published it, by project or agreement reference.

    Raises NotFound without an evaluation. Persons are read as names: a whole account brings its roles along.
    """
    drafter, publisher = aliased(User), aliased(User)
    row = db.session.execute(
        select(Agreement, Evaluation, drafter.display_name, publisher.display_name)
        .join(Agreement.project)
        .join(Evaluation, Evaluation.agreement_id == Agreement.id)
        .outerjoin(drafter, drafter.id == Evaluation.drafted_by_id)
        .outerjoin(publisher, publisher.id == Evaluation.published_by_id)
        .where((Project.ref == reference) | (Agreement.ref == reference))
        .options(
            contains_eager(Agreement.project).options(
                joinedload(Project.round).joinedload(Round.fund), joinedload(Project.community)
            ),
            joinedload(Agreement.organisation),
            joinedload(Agreement.payee),
            joinedload(Agreement.application),
        )
    ).one_or_none()
    if row is None:
        raise NotFound(_("没有找到这个项目的末期评价，请核对项目编号。"))
    agreement, evaluation, drafted_by, published_by = row
    return agreement, evaluation, drafted_by, published_by


def lines_with_spending(agreement_id: uuid.UUID) -> list[tuple[BudgetLine, int]]:
    """List the agreed budget lines with the accepted spending on each, in 分."""
    rows = db.session.execute(
        select(BudgetLine, func.coalesce(func.sum(Voucher.amount_fen), 0))
        .outerjoin(Voucher, (Voucher.budget_line_id == BudgetLine.id) & (Voucher.status == VoucherStatus.ACCEPTED))
        .where(BudgetLine.agreement_id == agreement_id)
        .group_by(BudgetLine.id)
        .order_by(BudgetLine.position)
    )
    return [(line, int(spent)) for line, spent in rows]


def milestones(agreement_id: uuid.UUID) -> Sequence[Milestone]:
    """List the milestones in their order."""
    return db.session.scalars(
        select(Milestone).where(Milestone.agreement_id == agreement_id).order_by(Milestone.position)
    ).all()


def tranches_with_payments(agreement_id: uuid.UUID) -> list[tuple[Tranche, PaymentRequest | None]]:
    """List the tranches, each with the request that was paid, if any."""
    rows = db.session.execute(
        select(Tranche, PaymentRequest)
        .outerjoin(PaymentRequest, (PaymentRequest.tranche_id == Tranche.id) & PaymentRequest.status.in_(PAID))
        .where(Tranche.agreement_id == agreement_id)
        .order_by(Tranche.number)
    )
    return [(tranche, request) for tranche, request in rows]


def needs(project: Project) -> list[NeedFacts]:
    """List the needs a project answers, the oldest first."""
    rows: Any = db.session.execute(
        select(Need, NeedStamp, PollOption.code, Poll)
        .join(ProjectNeed, ProjectNeed.need_id == Need.id)
        .outerjoin(NeedStamp, NeedStamp.need_id == Need.id)
        .outerjoin(PollOption, PollOption.subject_ref == Need.ref)
        .outerjoin(Poll, (Poll.id == PollOption.poll_id) & (Poll.status == PollStatus.COUNTED))
        .where(ProjectNeed.project_id == project.id)
        .order_by(Need.created_at, Need.ref, Poll.counted_at)
    )
    found: dict[uuid.UUID, NeedFacts] = {}
    for need, stamp, code, poll in rows:
        facts = found.setdefault(need.id, NeedFacts(need))
        if stamp is not None and stamp not in facts.stamps:
            facts.stamps.append(stamp)
        if poll is not None:
            facts.votes = _votes(poll, code)
    return list(found.values())


def _votes(poll: Poll, code: str) -> int | None:
    options = (poll.result or {}).get("options", [])
    return next((int(line["votes"]) for line in options if line["code"] == code), None)


def indicators(project: Project) -> list[tuple[Indicator, Measurement | None]]:
    """List the indicators with what was measured by hand."""
    rows = db.session.execute(
        select(Indicator, Measurement)
        .outerjoin(Measurement, Measurement.indicator_id == Indicator.id)
        .where(Indicator.project_id == project.id)
        .order_by(Indicator.position)
    )
    return [(indicator, measurement) for indicator, measurement in rows]


def activities(agreement_id: uuid.UUID) -> list[tuple[Activity, int]]:
    """List the recorded activities by day, each with its number of papers of proof."""
    rows = db.session.execute(
        select(Activity, func.count(ActivityEvidence.id))
        .outerjoin(ActivityEvidence, ActivityEvidence.activity_id == Activity.id)
        .where(Activity.agreement_id == agreement_id, Activity.status == ActivityStatus.RECORDED)
        .group_by(Activity.id)
        .order_by(Activity.held_on, Activity.starts, Activity.ref)
    )
    return [(activity, int(count)) for activity, count in rows]


def scored_lines(project: Project, evaluation: Evaluation) -> list[tuple[Criterion, EvaluationPoint | None]]:
    """List the lines of the round's final table with the points given so far."""
    rows = db.session.execute(
        select(Criterion, EvaluationPoint)
        .join(ScoreTable, ScoreTable.id == Criterion.table_id)
        .outerjoin(
            EvaluationPoint,
            (EvaluationPoint.criterion_id == Criterion.id) & (EvaluationPoint.evaluation_id == evaluation.id),
        )
        .where(ScoreTable.round_id == project.round_id, ScoreTable.kind == ScoreTableKind.FINAL)
        .order_by(Criterion.position)
    )
    return [(criterion, points) for criterion, points in rows]


def answered(agreement_id: uuid.UUID) -> Answered:
    """Count the answers of the project's survey."""
    answers = db.session.scalars(
        select(SurveyAnswer)
        .join(Survey, Survey.id == SurveyAnswer.survey_id)
        .where(Survey.agreement_id == agreement_id)
    ).all()
    return Answered(
        satisfaction=Counter(one.satisfaction for one in answers),
        senses={name: Counter(getattr(one, name) for one in answers) for name in JUDGED_SENSES},
        channels=Counter(one.channel for one in answers),
        # In the order of the alphabet: the order of arrival could tell who wrote
        comments=tuple(sorted({one.comment.strip() for one in answers if one.comment.strip()})),
    )


def orders(agreement_id: uuid.UUID) -> list[tuple[Rectification, str]]:
    """List the orders to put something right, with who gave them."""
    rows = db.session.execute(
        select(Rectification, User.display_name)
        .join(User, User.id == Rectification.issued_by_id)
        .where(Rectification.agreement_id == agreement_id)
        .order_by(Rectification.issued_at, Rectification.ref)
    )
    return [(order, name) for order, name in rows]


def peers(project: Project) -> list[Peer]:
    """List what the ratios are made of for every agreement of the same round and category."""
    spent = (
        select(Voucher.agreement_id, func.sum(Voucher.amount_fen).label("fen"))
        .where(Voucher.status == VoucherStatus.ACCEPTED)
        .group_by(Voucher.agreement_id)
        .subquery()
    )
    held = (
        select(
            Activity.agreement_id,
            func.count().label("activities"),
            func.sum(Activity.person_count).label("persons"),
            func.sum(Activity.attendance_count).label("attendances"),
        )
        .where(Activity.status == ActivityStatus.RECORDED)
        .group_by(Activity.agreement_id)
        .subquery()
    )
    columns: list[Any] = [spent.c.fen, held.c.persons, held.c.attendances, held.c.activities]
    rows = db.session.execute(
        select(
            Agreement.id,
            Agreement.amount_fen,
            Agreement.social_fen,
            *(func.coalesce(column, 0) for column in columns),
        )
        .join(Project, Project.id == Agreement.project_id)
        .outerjoin(spent, spent.c.agreement_id == Agreement.id)
        .outerjoin(held, held.c.agreement_id == Agreement.id)
        .where(Project.round_id == project.round_id, Project.category == project.category)
    )
    return [Peer(row[0], *(int(value) for value in row[1:])) for row in rows]


def medians(group: Sequence[Peer], apart_from: uuid.UUID) -> dict[str, Decimal | None]:
    """Return the median of each ratio over the other projects of the group; None where there is none to compare."""
    others = [peer.ratios() for peer in group if peer.agreement_id != apart_from]
    names = others[0] if others else {}
    known = {name: [value for one in others if (value := one[name]) is not None] for name in names}
    return {name: median(values) if values else None for name, values in known.items()}


def counts(agreement: Agreement) -> dict[str, Any]:
    """Count what the report only mentions, in one query of many parts."""
    project, own = agreement.project, Voucher.agreement_id == agreement.id
    answers = select(ProjectNeed.need_id).where(ProjectNeed.project_id == project.id)
    merged = select(Need.id).where(Need.id.in_(answers) | Need.merged_into_id.in_(answers))
    refs = select(Need.ref).where(Need.id.in_(answers))
    raisers = union(
        select(NeedSupport.resident_id).where(NeedSupport.need_id.in_(merged)),
        select(Need.proposer_id).where(Need.id.in_(merged), Need.proposer_id.is_not(None)),
    ).subquery()
    polls = select(PollOption.poll_id).where(PollOption.subject_ref.in_(refs))
    meetings = select(MeetingDecision.meeting_id).where(MeetingDecision.subject_ref.in_(refs))
    complaints = select(func.count()).where(
        Complaint.project_ref == project.ref, Complaint.is_whistleblowing.is_(False)
    )
    parts: dict[str, Any] = {
        "raisers": select(func.count()).select_from(raisers),
        "merged": select(func.count()).select_from(merged.subquery()),
        "voters": select(func.count(func.distinct(RollEntry.person_key))).where(
            RollEntry.poll_id.in_(polls), RollEntry.has_voted
        ),
        "attended": select(func.coalesce(func.sum(Meeting.attended_count), 0)).where(Meeting.id.in_(meetings)),
        "supervisors": select(func.count()).where(
            ResidentSupervisor.agreement_id == agreement.id, ResidentSupervisor.stood_down_at.is_(None)
        ),
        "visits": select(func.count()).where(SiteVisit.agreement_id == agreement.id),
        "vouchers": select(func.count()).where(own, Voucher.status == VoucherStatus.ACCEPTED),
        "invited": select(func.count(SurveyInvitation.id))
        .join(Survey, Survey.id == SurveyInvitation.survey_id)
        .where(Survey.agreement_id == agreement.id),
        "called": select(func.count(SurveyCheck.id))
        .join(Survey, Survey.id == SurveyCheck.survey_id)
        .where(Survey.agreement_id == agreement.id, SurveyCheck.is_reached),
        "complaints": complaints,
        "complaints_answered": complaints.where(Complaint.status == ComplaintStatus.ANSWERED),
        "leader": select(TeamMember.name)
        .where(TeamMember.application_id == agreement.application_id, TeamMember.is_leader)
        .order_by(TeamMember.position)
        .limit(1),
    }
    row = db.session.execute(select(*(part.scalar_subquery().label(name) for name, part in parts.items()))).one()
    return dict(row._mapping)
