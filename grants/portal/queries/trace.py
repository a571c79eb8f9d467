"""Everything the page of one project tells, from the first need to the last fen, in a fixed number of reads."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager, joinedload

from grants.agreements.models import Agreement, BudgetLine, Tranche
from grants.evaluation.models import Evaluation, Measurement, Survey, SurveyAnswer, SurveyInvitation
from grants.evaluation.rules import JUDGED_SENSES, EvaluationStatus, Satisfaction, SurveySummary, summarise
from grants.foundation.database import db, get_one
from grants.foundation.errors import NotFound
from grants.foundation.i18n import _
from grants.funds.models import Account, Entry, Journal
from grants.funds.rules import AccountKind
from grants.needs.models import Need, NeedStamp
from grants.payments.models import PaymentRequest, Voucher
from grants.payments.rules import PaymentStatus, VoucherStatus
from grants.people.models import User
from grants.people.rules import Role
from grants.projects.models import Indicator, Project, ProjectNeed
from grants.projects.rules import ProjectStatus
from grants.rounds.models import Round
from grants.selection.models import Application, Call
from grants.selection.rules import ApplicationStatus, CallStatus
from grants.supervision.models import Activity, Rectification, SiteVisit
from grants.supervision.rules import ActivityStatus
from grants.voting.models import Poll, PollOption
from grants.voting.rules import PollStatus
from grants.voting.rules.stories import WHY_LABELS

HIDDEN = (ProjectStatus.DRAFT, ProjectStatus.COSTED)
"""Drafts are for those who work on them; a decided project is public, also a rejected one with its reason."""
INSIDERS = (Role.PROGRAMME, Role.COMMUNITY, Role.FINANCE, Role.APPROVER, Role.SUPERVISOR)
PUBLISHED_CALLS = (CallStatus.ANNOUNCED, CallStatus.AWARDED)
SUBMITTED = frozenset(ApplicationStatus) - {ApplicationStatus.DRAFT, ApplicationStatus.WITHDRAWN}


@dataclass(frozen=True)
class PollLine:
    """What a poll said about one of the needs."""

    poll: Poll
    need_ref: str
    result: dict[str, Any] | None

    @property
    def outcome(self) -> str:
        """Return in a few words what became of the need in a counted poll."""
        return str(WHY_LABELS[self.result["why"]]) if self.result else ""


@dataclass(frozen=True)
class Movement:
    """One line of the public ledger of a project: its effect on what is available, held and paid, in 分."""

    journal: Journal
    amount_fen: int


@dataclass
class Trace:
    """A project with all that happened before and after it; empty parts have not happened yet."""

    project: Project
    needs: Sequence[Need] = ()
    polls: Sequence[PollLine] = ()
    indicators: Sequence[tuple[Indicator, Measurement | None]] = ()
    call: Call | None = None
    application_count: int = 0
    ranking: Sequence[Application] = ()
    agreement: Agreement | None = None
    tranches: Sequence[tuple[Tranche, PaymentRequest | None]] = ()
    lines: Sequence[tuple[BudgetLine, int]] = ()
    activities: Sequence[Activity] = ()
    visits: Sequence[SiteVisit] = ()
    rectifications: Sequence[Rectification] = ()
    balances: dict[AccountKind, int] = field(default_factory=dict)
    movements: Sequence[Movement] = ()
    survey: SurveySummary | None = None
    evaluation: Evaluation | None = None

    @property
    def recorded(self) -> list[Activity]:
        """Return the activities that took place."""
        return [one for one in self.activities if one.status is ActivityStatus.RECORDED]

    @property
    def person_count(self) -> int:
        """Return 人数 over the recorded activities."""
        return sum(one.person_count for one in self.recorded)

    @property
    def attendance_count(self) -> int:
        """Return 人次 over the recorded activities."""
        return sum(one.attendance_count for one in self.recorded)

    @property
    def awarded_fen(self) -> int:
        """Return what the ledger set aside for the project, in 分."""
        return sum(self.balances.values())

    @property
    def paid_fen(self) -> int:
        """Return what was paid out, in 分."""
        return self.balances.get(AccountKind.PAID, 0)

    @property
    def spent_fen(self) -> int:
        """Return what accepted vouchers prove to be spent, in 分."""
        return sum(spent for _line, spent in self.lines)

    @property
    def payments(self) -> list[tuple[Tranche, PaymentRequest]]:
        """Return the tranches that were paid."""
        done = {PaymentStatus.PAID, PaymentStatus.CONFIRMED}
        return [(tranche, request) for tranche, request in self.tranches if request and request.status in done]


def read_trace(ref: str, actor: User | None) -> Trace:
    """Return the whole trace of a project, or raise NotFound where the actor may not know of it."""
    trace = Trace(get_project(ref, actor))
    _before(trace)
    _selection(trace)
    if trace.agreement is not None:
        _delivery(trace, trace.agreement.id)
        _rating(trace, trace.agreement.id)
    if trace.project.funded_at is not None:
        _ledger(trace)
    return trace


def get_project(ref: str, actor: User | None) -> Project:
    """Return a project; one that is still being drafted only for those who work with it."""
    statement = (
        select(Project)
        .where(Project.ref == ref)
        .options(
            joinedload(Project.round).joinedload(Round.fund),
            *(joinedload(part) for part in (Project.community, Project.notice, Project.meeting)),
        )
    )
    project: Project = get_one(statement)
    if project.status in HIDDEN and (actor is None or not actor.has_role(*INSIDERS)):
        raise NotFound(_("没有找到您要的内容，它可能已被移走。"))
    return project


def _before(trace: Trace) -> None:
    statement = (
        select(Need)
        .join(ProjectNeed, ProjectNeed.need_id == Need.id)
        .outerjoin(NeedStamp, NeedStamp.need_id == Need.id)
        .where(ProjectNeed.project_id == trace.project.id)
        .options(contains_eager(Need.stamps), joinedload(Need.proposer))
        .order_by(Need.created_at, Need.id, NeedStamp.at)
    )
    trace.needs = list(db.session.scalars(statement).unique())
    trace.polls = _polls([need.ref for need in trace.needs])
    trace.indicators = [
        (one, measured)
        for one, measured in db.session.execute(
            select(Indicator, Measurement)
            .outerjoin(Measurement, Measurement.indicator_id == Indicator.id)
            .where(Indicator.project_id == trace.project.id)
            .order_by(Indicator.position)
        )
    ]


def _polls(refs: Iterable[str]) -> list[PollLine]:
    statement = (
        select(PollOption.code, PollOption.subject_ref, Poll)
        .join(Poll, Poll.id == PollOption.poll_id)
        .where(PollOption.subject_ref.in_(list(refs)), Poll.status != PollStatus.DRAFT)
        .order_by(Poll.closes_at)
    )
    lines = []
    for code, subject, poll in db.session.execute(statement):
        found = next((one for one in (poll.result or {}).get("options", ()) if one["code"] == code), None)
        lines.append(PollLine(poll, subject, found))
    return lines


def _selection(trace: Trace) -> None:
    statement = (
        select(Call)
        .where(Call.project_id == trace.project.id)
        .options(
            joinedload(Call.applications).joinedload(Application.organisation),
            joinedload(Call.notice),
        )
        .order_by(Call.created_at.desc())
    )
    calls = list(db.session.scalars(statement).unique())
    if calls:
        trace.call = call = calls[0]
        trace.application_count = sum(one.status in SUBMITTED for one in call.applications)
        if call.status in PUBLISHED_CALLS:
            ranked = [one for one in call.applications if one.rank is not None]
            trace.ranking = sorted(ranked, key=lambda one: one.rank or 0)
    found = select(Agreement).where(Agreement.project_id == trace.project.id)
    eager = found.options(joinedload(Agreement.organisation), joinedload(Agreement.milestones))
    agreement = db.session.scalars(eager).unique().one_or_none()
    # An unsigned draft binds nobody and may still change
    trace.agreement = agreement if agreement is not None and agreement.signed_on is not None else None


def _delivery(trace: Trace, agreement_id: uuid.UUID) -> None:
    trace.tranches = [
        (tranche, asked)
        for tranche, asked in db.session.execute(
            select(Tranche, PaymentRequest)
            .outerjoin(
                PaymentRequest,
                (PaymentRequest.tranche_id == Tranche.id) & (PaymentRequest.status != PaymentStatus.REJECTED),
            )
            .where(Tranche.agreement_id == agreement_id)
            .order_by(Tranche.number)
        )
    ]
    accepted = (Voucher.budget_line_id == BudgetLine.id) & (Voucher.status == VoucherStatus.ACCEPTED)
    spent = select(func.coalesce(func.sum(Voucher.amount_fen), 0)).where(accepted).correlate(BudgetLine)
    lines = select(BudgetLine, spent.scalar_subquery()).where(BudgetLine.agreement_id == agreement_id)
    rows = db.session.execute(lines.order_by(BudgetLine.position))
    trace.lines = [(line, int(total)) for line, total in rows]
    activities = select(Activity).where(
        Activity.agreement_id == agreement_id, Activity.status != ActivityStatus.CANCELLED
    )
    eager = activities.options(joinedload(Activity.evidence)).order_by(Activity.held_on.desc(), Activity.ref)
    trace.activities = list(db.session.scalars(eager).unique())
    visits = select(SiteVisit).where(SiteVisit.agreement_id == agreement_id).order_by(SiteVisit.visited_on.desc())
    trace.visits = list(db.session.scalars(visits))
    orders = select(Rectification).where(Rectification.agreement_id == agreement_id)
    trace.rectifications = list(db.session.scalars(orders.order_by(Rectification.issued_at.desc())))


def _rating(trace: Trace, agreement_id: uuid.UUID) -> None:
    evaluation = select(Evaluation).where(
        Evaluation.agreement_id == agreement_id, Evaluation.status == EvaluationStatus.PUBLISHED
    )
    trace.evaluation = db.session.scalars(evaluation).one_or_none()
    invited = (
        select(func.count())
        .select_from(SurveyInvitation)
        .where(SurveyInvitation.survey_id == Survey.id)
        .correlate(Survey)
        .scalar_subquery()
    )
    sums = [func.sum(getattr(SurveyAnswer, name)) for name in JUDGED_SENSES]
    statement = (
        select(SurveyAnswer.satisfaction, func.count(SurveyAnswer.id), func.max(invited), *sums)
        .select_from(Survey)
        .outerjoin(SurveyAnswer, SurveyAnswer.survey_id == Survey.id)
        .where(Survey.agreement_id == agreement_id)
        .group_by(Survey.id, SurveyAnswer.satisfaction)
    )
    rows = db.session.execute(statement).all()
    if not rows:
        return
    counts = {row[0]: row[1] for row in rows if row[0] is not None}
    total = sum(counts.values()) or 1
    senses = {name: sum(int(row[3 + place] or 0) for row in rows) / total for place, name in enumerate(JUDGED_SENSES)}
    trace.survey = summarise({answer: counts.get(answer, 0) for answer in Satisfaction}, senses, rows[0][2] or 0)


def _ledger(trace: Trace) -> None:
    statement = (
        select(Journal, Account.kind, Entry.amount_fen)
        .join(Entry, Entry.journal_id == Journal.id)
        .join(Account, Account.id == Entry.account_id)
        .where(Account.key == trace.project.ref, Journal.is_posted)
        .order_by(Journal.number)
    )
    moved: dict[uuid.UUID, Movement] = {}
    for journal, kind, amount in db.session.execute(statement):
        trace.balances[kind] = trace.balances.get(kind, 0) + amount
        known = moved.get(journal.id)
        size = max(abs(amount), known.amount_fen if known else 0)
        moved[journal.id] = Movement(journal, size)
    trace.movements = list(moved.values())
