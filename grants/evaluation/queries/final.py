"""Look-ups of surveys, facts and evaluations."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select

from grants.agreements.models import Agreement
from grants.agreements.rules import AgreementStatus, MilestoneStatus
from grants.evaluation import rules
from grants.evaluation.models import (
    Evaluation,
    Measurement,
    Survey,
    SurveyAnswer,
    SurveyCheck,
    SurveyInvitation,
)
from grants.evaluation.queries.appeals import list_appeals_due_for
from grants.evaluation.queries.midterm import list_midterms_due_for
from grants.evaluation.rules import (
    EvaluationStatus,
    Facts,
    Satisfaction,
    SurveyChannel,
    SurveyStatus,
    SurveySummary,
)
from grants.foundation.clock import local
from grants.foundation.database import db, get_one
from grants.foundation.due import DueItem
from grants.foundation.i18n import _
from grants.foundation.web.listing import Page, Window, paginate
from grants.payments import queries as payments
from grants.people.models import Resident, User
from grants.people.rules import Role
from grants.projects.models import Indicator, Project
from grants.rounds.rules import BudgetCode
from grants.supervision import queries as supervision
from grants.supervision.models import Activity, ActivitySignIn, Complaint
from grants.supervision.rules import ComplaintStatus


def get_evaluation(ref: str) -> Evaluation:
    """Return an evaluation by its reference."""
    found: Evaluation = get_one(select(Evaluation).where(Evaluation.ref == ref))
    return found


def find_evaluation_of(agreement_id: uuid.UUID) -> Evaluation | None:
    """Return the evaluation of an agreement."""
    return db.session.scalars(select(Evaluation).where(Evaluation.agreement_id == agreement_id)).one_or_none()


def get_survey(ref: str) -> Survey:
    """Return a survey by its reference."""
    found: Survey = get_one(select(Survey).where(Survey.ref == ref))
    return found


def find_survey_of(agreement_id: uuid.UUID) -> Survey | None:
    """Return the survey of an agreement."""
    return db.session.scalars(select(Survey).where(Survey.agreement_id == agreement_id)).one_or_none()


def find_invitation(token_hash: str) -> SurveyInvitation | None:
    """Return the invitation that a token belongs to."""
    return db.session.scalars(select(SurveyInvitation).where(SurveyInvitation.token_hash == token_hash)).one_or_none()


def find_own_invitation(survey: Survey, resident: Resident) -> SurveyInvitation | None:
    """Return the invitation of a resident."""
    statement = select(SurveyInvitation).where(
        SurveyInvitation.survey_id == survey.id, SurveyInvitation.resident_id == resident.id
    )
    return db.session.scalars(statement).one_or_none()


def was_served(agreement_id: uuid.UUID, resident: Resident) -> bool:
    """Tell whether a resident signed in to an activity of a project."""
    return db.session.scalar(select(_served(resident).where(Activity.agreement_id == agreement_id).exists())) or False


def _served(resident: Resident) -> Select[Any]:
    statement = select(Activity.agreement_id).join(ActivitySignIn, ActivitySignIn.activity_id == Activity.id)
    return statement.where(ActivitySignIn.resident_id == resident.id)


def list_open_surveys() -> Sequence[Survey]:
    """List the surveys that take answers, the newest first."""
    statement = select(Survey).where(Survey.status == SurveyStatus.OPEN).order_by(Survey.opened_at.desc(), Survey.ref)
    return db.session.scalars(statement).all()


def list_own_surveys(actor: User | None) -> Sequence[Survey]:
    """List the open surveys of projects that served this resident and that they have not answered, the oldest first."""
    resident = actor.resident if actor is not None else None
    if resident is None:
        return []
    mine = select(SurveyInvitation.survey_id).where(SurveyInvitation.resident_id == resident.id)
    statement = select(Survey).where(
        Survey.status == SurveyStatus.OPEN,
        Survey.agreement_id.in_(_served(resident)) | Survey.id.in_(mine),
        Survey.id.not_in(mine.where(SurveyInvitation.is_used)),
    )
    return db.session.scalars(statement.order_by(Survey.opened_at, Survey.ref)).all()


def survey_summary(agreement_id: uuid.UUID) -> SurveySummary:
    """Return what the people served said about a project."""
    survey = find_survey_of(agreement_id)
    if survey is None:
        return SurveySummary(counts={})
    rows = db.session.execute(
        select(SurveyAnswer.satisfaction, func.count())
        .where(SurveyAnswer.survey_id == survey.id)
        .group_by(SurveyAnswer.satisfaction)
    )
    counts = {satisfaction: count for satisfaction, count in rows}
    means = db.session.execute(
        select(*(func.avg(getattr(SurveyAnswer, name)) for name in rules.JUDGED_SENSES)).where(
            SurveyAnswer.survey_id == survey.id
        )
    ).one()
    invited = db.session.execute(
        select(func.count()).select_from(SurveyInvitation).where(SurveyInvitation.survey_id == survey.id)
    ).scalar_one()
    senses = {name: float(mean or 0) for name, mean in zip(rules.JUDGED_SENSES, means, strict=True)}
    ordered = {answer: counts.get(answer, 0) for answer in Satisfaction}
    entered = db.session.execute(
        select(func.count()).where(SurveyAnswer.survey_id == survey.id, SurveyAnswer.channel != SurveyChannel.LINK)
    ).scalar_one()
    return rules.summarise(ordered, senses, invited, entered)


@dataclass(frozen=True)
class Sample:
    """How many were served, must answer, were called and must be called."""

    served: int
    direct: int
    needed: int
    checked: int
    checks_needed: int
    absent: int
    """How many of those called say they were never there."""


def sample_of(agreement: Agreement) -> Sample:
    """Return what the round's rules ask of the survey of a project, and what was reached."""
    settings, survey = agreement.project.round.settings, find_survey_of(agreement.id)
    served = supervision.totals(agreement.id).person_count
    direct = rules.direct_beneficiaries(served, agreement.person_target)
    reached, absent, answers = 0, 0, 0
    if survey is not None:
        calls = select(func.count(), func.count().filter(SurveyCheck.has_joined.is_(False))).where(
            SurveyCheck.survey_id == survey.id, SurveyCheck.is_reached
        )
        reached, absent = db.session.execute(calls).one()
        answers = survey_summary(agreement.id).answers
    return Sample(
        served=served,
        direct=direct,
        needed=rules.answers_needed(int(settings["survey_minimum"]), int(settings.get("survey_percent", 0)), direct),
        checked=reached,
        checks_needed=rules.checks_needed(answers, int(settings.get("survey_checks", 0))),
        absent=absent,
    )


def has_entered_answers(survey: Survey, actor: User) -> bool:
    """Tell whether somebody typed in answers of a survey."""
    mine = select(SurveyAnswer.id).where(SurveyAnswer.survey_id == survey.id, SurveyAnswer.entered_by_id == actor.id)
    return db.session.scalar(select(mine.exists())) or False


def list_comments(survey: Survey) -> Sequence[str]:
    """List what people wrote, in no telling order."""
    return db.session.scalars(
        select(SurveyAnswer.comment)
        .where(SurveyAnswer.survey_id == survey.id, SurveyAnswer.comment != "")
        .order_by(SurveyAnswer.comment)
    ).all()


def facts_of(agreement: Agreement) -> Facts:
    """Gather what the computed points are made of."""
    totals = supervision.totals(agreement.id)
    verified = [item for item in agreement.milestones if item.status is MilestoneStatus.VERIFIED]
    on_time = [
        item for item in verified if item.claimed_at is not None and local(item.claimed_at).date() <= item.due_on
    ]
    answered, complaints = db.session.execute(
        select(func.count().filter(Complaint.status == ComplaintStatus.ANSWERED), func.count()).where(
            Complaint.project_ref == agreement.project.ref, Complaint.is_whistleblowing.is_(False)
        )
    ).one()
    return Facts(
        activity_count=totals.activity_count,
        activity_target=agreement.activity_target,
        person_count=totals.person_count,
        person_target=agreement.person_target,
        attendance_count=totals.attendance_count,
        attendance_target=agreement.attendance_target,
        milestones_on_time=len(on_time),
        milestones=len(agreement.milestones),
        spent_fen=sum(payments.spent_by_line(agreement.id).values()),
        received_fen=payments.paid_fen(agreement.id),
        complaints_answered=answered,
        complaints=complaints,
        survey=survey_summary(agreement.id),
        satisfaction_target=float(agreement.project.round.settings["satisfaction_target"]),
    )


def measurements_of(evaluation: Evaluation) -> dict[uuid.UUID, Measurement]:
    """Return the values that the indicators of a project reached, by indicator."""
    statement = select(Measurement).join(Indicator).where(Indicator.project_id == evaluation.agreement.project_id)
    return {one.indicator_id: one for one in db.session.scalars(statement)}


def efficiency_of(agreement: Agreement) -> rules.Efficiency:
    """Return the efficiency ratios of one project."""
    totals = supervision.totals(agreement.id)
    spent = payments.spent_by_line(agreement.id)
    management = sum(spent.get(line.id, 0) for line in agreement.budget_lines if line.code is BudgetCode.MANAGEMENT)
    return rules.efficiency(
        spent_fen=sum(spent.values()),
        persons=totals.person_count,
        attendances=totals.attendance_count,
        activities=totals.activity_count,
        awarded_fen=agreement.amount_fen,
        management_fen=management,
        social_fen=agreement.social_fen,
    )


def select_evaluations(actor: User | None, filters: dict[str, Any]) -> Select[Any]:
    """Return the select of evaluations an actor may read."""
    statement = select(Evaluation).join(Agreement).join(Project)
    office = actor is not None and actor.has_role(Role.PROGRAMME, Role.APPROVER, Role.SUPERVISOR, Role.FINANCE)
    if not office:
        visible = Evaluation.status == EvaluationStatus.PUBLISHED
        if actor is not None:
            visible = (
                visible
                | Agreement.organisation_id.in_(actor.organisation_ids)
                | Project.community_id.in_(actor.community_ids)
            )
        statement = statement.where(visible)
    for name, column in (("status", Evaluation.status), ("grade", Evaluation.grade), ("round_id", Project.round_id)):
        if filters.get(name):
            statement = statement.where(column == filters[name])
    return statement


def list_evaluations(window: Window, actor: User | None, filters: dict[str, Any]) -> Page[Evaluation]:
    """List evaluations, the newest first."""
    return paginate(select_evaluations(actor, filters), window, order=Evaluation.created_at, key=Evaluation.id)


def list_agreements_to_evaluate() -> Sequence[Agreement]:
    """List running agreements that have no final evaluation yet, the first to end first."""
    return db.session.scalars(
        select(Agreement)
        .outerjoin(Evaluation, Evaluation.agreement_id == Agreement.id)
        .where(Agreement.status == AgreementStatus.SIGNED, Evaluation.id.is_(None))
        .order_by(Agreement.ends_on)
    ).all()


def list_due_for(actor: User) -> list[DueItem]:
    """List surveys and evaluations that wait for the actor."""
    items = [_own_survey(survey) for survey in list_own_surveys(actor)]
    items += list_midterms_due_for(actor) + list_appeals_due_for(actor)
    if actor.has_role(Role.PROGRAMME):
        for agreement in list_agreements_to_evaluate():
            items.append(_due(_("末期评价：%(title)s"), agreement, f"/evaluations/new?agreement={agreement.ref}"))
    statement = select(Evaluation).where(Evaluation.status != EvaluationStatus.PUBLISHED)
    for evaluation in db.session.scalars(statement):
        words = _words(actor, evaluation)
        if words:
            items.append(_due(words, evaluation.agreement, f"/evaluations/{evaluation.ref}"))
    return items


def _own_survey(survey: Survey) -> DueItem:
    project = survey.agreement.project
    title = _("评价您参加过的项目：%(title)s", title=project.title)
    return DueItem(title=title, href=f"/surveys/mine/{survey.ref}", stage=_("居民评价"), meta=project.community.name)


def _words(actor: User, evaluation: Evaluation) -> str | None:
    if evaluation.status is EvaluationStatus.SUBMITTED:
        return _("审定评价：%(title)s") if actor.has_role(Role.APPROVER) else None
    if evaluation.agreement.organisation_id in actor.organisation_ids and not evaluation.self_assessment:
        return _("填写自评：%(title)s")
    return _("完成评分：%(title)s") if actor.has_role(Role.PROGRAMME) else None


def _due(words: str, agreement: Agreement, href: str) -> DueItem:
    return DueItem(
        title=words % {"title": agreement.project.title},
        href=href,
        stage=_("评价结项"),
        meta=agreement.organisation.name,
        due_on=agreement.ends_on,
    )


def has_open_survey(agreement_id: uuid.UUID) -> bool:
    """Tell whether the survey of an agreement takes answers."""
    survey = find_survey_of(agreement_id)
    return survey is not None and survey.status is SurveyStatus.OPEN
