"""What the start page tells: what can be done now, the current round, and the figures."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from grants.evaluation import queries as evaluation
from grants.evaluation.models import Survey
from grants.evaluation.rules import SurveyStatus
from grants.foundation.clock import today
from grants.foundation.database import database_now, db
from grants.funds.models import Account
from grants.funds.rules import AccountKind
from grants.needs.models import Need
from grants.needs.rules import NeedStatus
from grants.people.models import User
from grants.projects.models import Project
from grants.projects.rules import ProjectStatus
from grants.rounds import queries as rounds
from grants.rounds.models import Envelope, Notice, Round, RoundPhase
from grants.rounds.rules import Category, NoticeStatus, Phase
from grants.selection.models import Call
from grants.selection.rules import CallStatus
from grants.supervision.models import Activity
from grants.supervision.rules import ActivityStatus
from grants.voting.models import Poll
from grants.voting.rules import PollStatus

UNDER_WAY = (
    ProjectStatus.FUNDED,
    ProjectStatus.CALLED,
    ProjectStatus.AWARDED,
    ProjectStatus.ACTIVE,
    ProjectStatus.EVALUATED,
)


@dataclass(frozen=True)
class Figures:
    """The sums of the whole street over all rounds; money in 分."""

    needs: int
    projects: int
    paid_fen: int
    person_count: int
    attendance_count: int
    activities: int


@dataclass
class Home:
    """Everything the start page shows."""

    round: Round | None
    phases: Sequence[RoundPhase] = ()
    polls: Sequence[Poll] = ()
    calls: Sequence[Call] = ()
    notices: Sequence[Notice] = ()
    survey_count: int = 0
    surveys: Sequence[Survey] = ()
    envelopes: dict[Category, int] = field(default_factory=dict)
    needs: Sequence[Need] = ()
    projects: Sequence[Project] = ()
    figures: Figures = Figures(0, 0, 0, 0, 0, 0)

    def running(self, day: date) -> list[Phase]:
        """Return the phases that run on a day."""
        return [item.phase for item in self.phases if item.starts_on <= day <= item.ends_on]


def phase_starts(round_id: uuid.UUID) -> dict[Phase, date]:
    """Return when each phase of a round begins."""
    statement = select(RoundPhase.phase, RoundPhase.starts_on).where(RoundPhase.round_id == round_id)
    return {phase: day for phase, day in db.session.execute(statement)}


def read_home(actor: User | None = None) -> Home:
    """Gather the start page; a resident also finds the surveys that wait for them."""
    home = Home(rounds.find_open_round())
    if home.round is not None:
        order = list(Phase)
        home.phases = sorted(home.round.phases, key=lambda item: order.index(item.phase))
        amounts = select(Envelope.category, Envelope.amount_fen).where(Envelope.round_id == home.round.id)
        home.envelopes = {category: fen for category, fen in db.session.execute(amounts)}
    home.polls = _polls()
    home.calls = _calls()
    home.notices = _notices()
    home.survey_count = _count(select(func.count()).where(Survey.status == SurveyStatus.OPEN))
    home.surveys = evaluation.list_own_surveys(actor)
    home.needs = _needs()
    home.projects = _projects()
    home.figures = read_figures()
    return home


def _polls() -> Sequence[Poll]:
    # The officer closes a poll some time after its last moment; nobody can vote in between
    statement = (
        select(Poll)
        .where(Poll.status == PollStatus.OPEN, Poll.closes_at > database_now())
        .options(joinedload(Poll.community))
    )
    return db.session.scalars(statement.order_by(Poll.closes_at).limit(4)).all()


def _calls() -> Sequence[Call]:
    statement = (
        select(Call)
        .where(Call.status == CallStatus.OPEN, Call.closes_at > database_now())
        .options(joinedload(Call.project))
    )
    return db.session.scalars(statement.order_by(Call.closes_at).limit(4)).all()


def _notices() -> Sequence[Notice]:
    statement = select(Notice).where(Notice.status == NoticeStatus.RUNNING, Notice.ends_on >= today())
    return db.session.scalars(statement.order_by(Notice.ends_on).limit(4)).all()


def _needs() -> Sequence[Need]:
    statement = (
        select(Need)
        .where(Need.status.not_in((NeedStatus.MERGED, NeedStatus.DECLINED)))
        .options(joinedload(Need.community))
        .order_by(Need.created_at.desc(), Need.id)
        .limit(4)
    )
    return db.session.scalars(statement).all()


def _projects() -> Sequence[Project]:
    statement = select(Project).where(Project.status.in_(UNDER_WAY)).options(joinedload(Project.community))
    return db.session.scalars(statement.order_by(Project.funded_at.desc(), Project.id).limit(4)).all()


def _count(statement: object) -> int:
    return int(db.session.scalar(statement) or 0)  # type: ignore[call-overload]


def read_figures() -> Figures:
    """Return the sums of all rounds."""
    done = select(
        func.count(),
        func.coalesce(func.sum(Activity.person_count), 0),
        func.coalesce(func.sum(Activity.attendance_count), 0),
    ).where(Activity.status == ActivityStatus.RECORDED)
    activities, persons, attendances = db.session.execute(done).one()
    paid = select(func.coalesce(func.sum(Account.balance_fen), 0)).where(Account.kind == AccountKind.PAID)
    return Figures(
        needs=_count(select(func.count()).select_from(Need)),
        projects=_count(select(func.count()).select_from(Project).where(Project.funded_at.is_not(None))),
        paid_fen=_count(paid),
        person_count=int(persons),
        attendance_count=int(attendances),
        activities=activities,
    )
