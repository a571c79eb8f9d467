"""What the efficiency ratios are made of: one row a project with a signed agreement, in a fixed number of reads."""

import uuid
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from sqlalchemy import Select, func, select

from grants.agreements.models import Agreement, BudgetLine
from grants.agreements.rules import AgreementStatus
from grants.evaluation.models import Evaluation, Survey, SurveyAnswer
from grants.evaluation.rules import EvaluationStatus, Satisfaction, SurveyStatus
from grants.foundation.clock import local
from grants.foundation.database import db
from grants.needs.models import Need
from grants.payments.models import PaymentRequest, Voucher
from grants.payments.rules import PaymentStatus, VoucherStatus
from grants.people.models import Organisation, Place
from grants.projects.models import Project, ProjectNeed
from grants.rounds.models import Round
from grants.rounds.rules import BudgetCode, Category
from grants.selection.rules import MoneySource
from grants.supervision.models import Activity
from grants.supervision.rules import ActivityStatus

PAID = (PaymentStatus.PAID, PaymentStatus.CONFIRMED)
CONTENT = (Satisfaction.VERY_GOOD, Satisfaction.GOOD)


@dataclass(frozen=True)
class ProjectsAsked:
    """Which projects a page shows; an empty part does not narrow it. Medians are always of the whole category."""

    round_ref: str = ""
    community: str = ""
    category: str = ""

    @classmethod
    def of(cls, args: Mapping[str, str]) -> "ProjectsAsked":
        """Read the choice from a query string; a category that there is none of is left out."""
        category = args.get("category", "").strip()
        return cls(
            round_ref=args.get("round", "").strip(),
            community=args.get("community", "").strip(),
            category=category if category in set(Category) else "",
        )

    @property
    def count(self) -> int:
        """Return how many parts narrow the list."""
        return sum(bool(part) for part in (self.round_ref, self.community, self.category))


@dataclass(frozen=True)
class ProjectFigures:
    """The figures of one project: money in 分, volunteer time in hours; None is not known yet, never nothing."""

    ref: str
    title: str
    round_ref: str
    round_name: str
    category: str
    community: str
    community_code: str
    organisation: str
    is_finished: bool
    amount_fen: int
    social_fen: int
    received_fen: int
    spent_fen: int
    fiscal_spent_fen: int
    staff_fen: int
    management_fen: int
    activities: int
    persons: int
    attendances: int
    activity_target: int
    person_target: int
    attendance_target: int
    volunteer_hours: float
    answers: int
    content_answers: int
    raised_on: date | None
    done_on: date | None

    def matches(self, asked: ProjectsAsked) -> bool:
        """Tell whether a page that asks for these projects shows this one."""
        wanted = (asked.round_ref, asked.community, asked.category)
        own = (self.round_ref, self.community_code, self.category)
        return all(not one or one == mine for one, mine in zip(wanted, own, strict=True))


def list_figures() -> list[ProjectFigures]:
    """List the figures of all projects with a signed agreement, rehearsals left out, by reference."""
    held, hours = _held(), _volunteer_hours()
    spent, received, said = _spent(), _received(), _said()
    raised = _raised()
    rows = []
    for project, agreement, organisation, community, round_, published in _projects():
        money = spent.get(agreement.id, Counter())
        activities, persons, attendances = held.get(agreement.id, (0, 0, 0))
        answers = said.get(agreement.id, Counter())
        rows.append(
            ProjectFigures(
                ref=project.ref,
                title=project.title,
                round_ref=round_.ref,
                round_name=round_.name,
                category=project.category.value,
                community=community.name,
                community_code=community.code,
                organisation=organisation,
                is_finished=published is not None,
                amount_fen=agreement.amount_fen,
                social_fen=agreement.social_fen,
                received_fen=received.get(agreement.id, 0),
                spent_fen=money["all"],
                fiscal_spent_fen=money["fiscal"],
                staff_fen=money[BudgetCode.STAFF],
                management_fen=money[BudgetCode.MANAGEMENT],
                activities=activities,
                persons=persons,
                attendances=attendances,
                activity_target=agreement.activity_target,
                person_target=agreement.person_target,
                attendance_target=agreement.attendance_target,
                volunteer_hours=hours.get(agreement.id, 0.0),
                answers=answers.total(),
                content_answers=sum(answers[one] for one in CONTENT),
                raised_on=raised.get(project.id),
                done_on=local(published).date() if published is not None else None,
            )
        )
    return rows


def _projects() -> list[Any]:
    statement = (
        select(Project, Agreement, Organisation.name, Place, Round, Evaluation.published_at)
        .join(Agreement, Agreement.project_id == Project.id)
        .join(Organisation, Organisation.id == Agreement.organisation_id)
        .join(Place, Place.id == Project.community_id)
        .join(Round, Round.id == Project.round_id)
        .outerjoin(
            Evaluation,
            (Evaluation.agreement_id == Agreement.id) & (Evaluation.status == EvaluationStatus.PUBLISHED),
        )
        .where(Agreement.status != AgreementStatus.DRAFT)
        .order_by(Project.ref)
    )
    return [row for row in db.session.execute(statement).all() if not row[4].is_rehearsal]


def _held() -> dict[uuid.UUID, tuple[int, int, int]]:
    sums = (func.count(), func.sum(Activity.person_count), func.sum(Activity.attendance_count))
    rows = db.session.execute(_recorded(Activity.agreement_id, *sums).group_by(Activity.agreement_id))
    return {agreement: (int(count), int(persons), int(times)) for agreement, count, persons, times in rows}


def _recorded(*columns: Any) -> Select[Any]:
    return select(*columns).where(Activity.status == ActivityStatus.RECORDED)


def _volunteer_hours() -> dict[uuid.UUID, float]:
    # The engines subtract times of day each in its own way, so that is done here
    columns = (Activity.agreement_id, Activity.volunteer_count, Activity.starts, Activity.ends)
    found: Counter[uuid.UUID] = Counter()
    for agreement, count, starts, ends in db.session.execute(_recorded(*columns).where(Activity.volunteer_count > 0)):
        found[agreement] += count * _minutes_between(starts, ends)
    return {agreement: minutes / 60 for agreement, minutes in found.items()}


def _minutes_between(starts: time, ends: time) -> int:
    return (ends.hour - starts.hour) * 60 + ends.minute - starts.minute


def _spent() -> dict[uuid.UUID, Counter[str]]:
    statement = (
        select(Voucher.agreement_id, BudgetLine.code, BudgetLine.source, func.sum(Voucher.amount_fen))
        .join(BudgetLine, BudgetLine.id == Voucher.budget_line_id)
        .where(Voucher.status == VoucherStatus.ACCEPTED)
        .group_by(Voucher.agreement_id, BudgetLine.code, BudgetLine.source)
    )
    found: dict[uuid.UUID, Counter[str]] = {}
    for agreement, code, source, amount in db.session.execute(statement):
        sums = found.setdefault(agreement, Counter())
        sums["all"] += int(amount)
        sums[code] += int(amount)
        if source is MoneySource.FISCAL:
            sums["fiscal"] += int(amount)
    return found


def _received() -> dict[uuid.UUID, int]:
    statement = (
        select(PaymentRequest.agreement_id, func.sum(PaymentRequest.amount_fen))
        .where(PaymentRequest.status.in_(PAID))
        .group_by(PaymentRequest.agreement_id)
    )
    return {agreement: int(amount) for agreement, amount in db.session.execute(statement)}


def _said() -> dict[uuid.UUID, Counter[Satisfaction]]:
    statement = (
        select(Survey.agreement_id, SurveyAnswer.satisfaction, func.count())
        .join(SurveyAnswer, SurveyAnswer.survey_id == Survey.id)
        .where(Survey.status == SurveyStatus.CLOSED)
        .group_by(Survey.agreement_id, SurveyAnswer.satisfaction)
    )
    found: dict[uuid.UUID, Counter[Satisfaction]] = {}
    for agreement, answer, count in db.session.execute(statement):
        found.setdefault(agreement, Counter())[answer] += int(count)
    return found


def _raised() -> dict[uuid.UUID, date]:
    statement = (
        select(ProjectNeed.project_id, func.min(Need.created_at))
        .join(Need, Need.id == ProjectNeed.need_id)
        .group_by(ProjectNeed.project_id)
    )
    return {project: local(moment).date() for project, moment in db.session.execute(statement)}
