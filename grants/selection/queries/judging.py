"""Look-ups of experts, panels, score sheets, juries and opinions."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.orm.interfaces import LoaderOption

from grants.foundation.database import db, get_by_id, get_one
from grants.people.models import Organisation, OrganisationMember, Resident, User
from grants.people.queries import list_users_with_role
from grants.people.rules import Role
from grants.projects.models import Project
from grants.rounds.models import Criterion, Round, ScoreTable
from grants.rounds.rules import ScoreTableKind
from grants.selection.models import (
    Application,
    Call,
    CommunityOpinion,
    EligibilityCheck,
    Expert,
    Juror,
    JuryScore,
    PanelMember,
    Review,
)
from grants.selection.rules import ApplicationStatus, CallStatus, Condition, ReviewStatus, Speciality
from grants.selection.rules.drawing import Candidate

_OFFICES = (Role.PROGRAMME, Role.APPROVER, Role.FINANCE, Role.COMMUNITY, Role.ORGANISATION)


def _sheet() -> tuple[LoaderOption, ...]:
    # Made when asked for, see grants.funds.queries.journals
    return (
        selectinload(Review.scores),
        joinedload(Review.member),
        joinedload(Review.application).joinedload(Application.call).joinedload(Call.project),
    )


def list_checks(application: Application) -> list[EligibilityCheck]:
    """List the decisions on eligibility, in the order of the conditions."""
    statement = (
        select(EligibilityCheck)
        .where(EligibilityCheck.application_id == application.id)
        .options(joinedload(EligibilityCheck.decided_by))
    )
    found = {check.condition: check for check in db.session.scalars(statement)}
    return [found[condition] for condition in Condition if condition in found]


@dataclass(frozen=True)
class ScreeningRow:
    """How far the eligibility check of one application is: its decisions in the order of the conditions."""

    application: Application
    checks: list[EligibilityCheck]

    @property
    def met_count(self) -> int:
        """Return how many conditions were found met."""
        return sum(check.is_met for check in self.checks)

    @property
    def overridden_count(self) -> int:
        """Return how many decisions differ from the computation."""
        return sum(check.computed_is_met not in (None, check.is_met) for check in self.checks)


def summarise_screening(applications: Sequence[Application]) -> list[ScreeningRow]:
    """Return the state of the eligibility check for every application, in their order, in one read."""
    statement = (
        select(EligibilityCheck)
        .where(EligibilityCheck.application_id.in_([one.id for one in applications]))
        .options(joinedload(EligibilityCheck.decided_by))
    )
    found = {(check.application_id, check.condition): check for check in db.session.scalars(statement)}
    return [
        ScreeningRow(one, [found[one.id, condition] for condition in Condition if (one.id, condition) in found])
        for one in applications
    ]


@dataclass(frozen=True)
class PoolRow:
    """An account with the role of expert, and its entry in the pool when there is one."""

    user: User
    entry: Expert | None

    @property
    def is_drawable(self) -> bool:
        """Tell whether the expert may be drawn: in the pool, and holding no office and no organisation."""
        return self.entry is not None and self.entry.is_in_pool and not self.user.has_role(*_OFFICES)


def list_pool() -> list[PoolRow]:
    """List everybody who has the role of expert, with their entry."""
    entries = {entry.user_id: entry for entry in db.session.scalars(select(Expert))}
    return [PoolRow(user, entries.get(user.id)) for user in list_users_with_role(Role.EXPERT)]


def drawn_names(call: Call) -> dict[str, str]:
    """Return name and login name of everybody in the draw of a panel, by the login name that the log keeps."""
    rows = db.session.execute(
        select(User.login, User.display_name).where(User.login.in_(call.panel_log["pool"] if call.panel_log else []))
    )
    return {login: f"{name}（{login}）" for login, name in rows}


def list_candidates() -> list[Candidate]:
    """List who may be drawn for a panel, by login name."""
    return [
        Candidate(row.user.login, row.entry is not None and row.entry.speciality is Speciality.FINANCE)
        for row in list_pool()
        if row.is_drawable
    ]


def list_panel(call: Call) -> list[PanelMember]:
    """List the experts of a call, also the replaced ones, by label."""
    statement = (
        select(PanelMember)
        .where(PanelMember.call_id == call.id)
        .options(joinedload(PanelMember.expert), selectinload(PanelMember.declarations))
        .order_by(PanelMember.label)
    )
    return list(db.session.scalars(statement))


def find_member(call: Call, user: User) -> PanelMember | None:
    """Return the seat of an expert on the panel of a call, unless they were replaced."""
    statement = select(PanelMember).where(
        PanelMember.call_id == call.id, PanelMember.expert_id == user.id, PanelMember.replaced_at.is_(None)
    )
    return db.session.scalars(statement).one_or_none()


def get_member(member_id: uuid.UUID) -> PanelMember:
    """Return a seat on a panel by its key."""
    return get_by_id(PanelMember, member_id)


def list_seats(user: User) -> list[PanelMember]:
    """List the panels an expert sits on, the latest call first."""
    statement = (
        select(PanelMember)
        .join(Call)
        .where(PanelMember.expert_id == user.id, PanelMember.replaced_at.is_(None))
        .options(joinedload(PanelMember.call).joinedload(Call.project))
        .order_by(Call.created_at.desc())
    )
    return list(db.session.scalars(statement))


def list_sheets(member: PanelMember) -> list[Review]:
    """List an expert's live score sheets for a call by the applicants' letters; recused ones are not among them."""
    statement = (
        select(Review)
        .join(Application)
        .where(
            Review.member_id == member.id,
            Review.status.in_((ReviewStatus.OPEN, ReviewStatus.LOCKED)),
            Application.status != ApplicationStatus.INELIGIBLE,
        )
        .options(*_sheet())
        .order_by(Application.blind_label)
    )
    return list(db.session.scalars(statement).unique())


def get_review(review_id: uuid.UUID) -> Review:
    """Return a score sheet by its key."""
    review: Review = get_one(select(Review).where(Review.id == review_id).options(*_sheet()))
    return review


def list_reviews(call: Call) -> list[Review]:
    """List all score sheets of a call, also recused and voided ones."""
    statement = (
        select(Review)
        .join(Application)
        .where(Application.call_id == call.id)
        .options(*_sheet())
        .order_by(Application.blind_label, Review.id)
    )
    return list(db.session.scalars(statement).unique())


def list_reviews_of_member(member: PanelMember) -> list[Review]:
    """List every score sheet of an expert for a call, whatever became of it."""
    return list(db.session.scalars(select(Review).where(Review.member_id == member.id)))


def criteria(round_: Round, kind: ScoreTableKind) -> list[Criterion]:
    """Return the lines of a round's score table, in order."""
    statement = (
        select(Criterion)
        .join(ScoreTable)
        .where(ScoreTable.round_id == round_.id, ScoreTable.kind == kind)
        .order_by(Criterion.position)
    )
    return list(db.session.scalars(statement))


def list_jurors(call: Call) -> list[Juror]:
    """List the residents drawn for the jury of a call."""
    statement = select(Juror).where(Juror.call_id == call.id).options(joinedload(Juror.resident)).order_by(Juror.id)
    return list(db.session.scalars(statement))


def find_juror(call: Call, resident: Resident | None) -> Juror | None:
    """Return the seat of a resident on the jury of a call."""
    if resident is None:
        return None
    statement = select(Juror).where(Juror.call_id == call.id, Juror.resident_id == resident.id)
    return db.session.scalars(statement).one_or_none()


def get_juror(juror_id: uuid.UUID) -> Juror:
    """Return a seat on a jury by its key."""
    return get_by_id(Juror, juror_id)


def list_jury_calls(resident: Resident) -> list[Call]:
    """List the calls whose jury a resident was drawn for, the latest first."""
    statement = (
        select(Call)
        .join(Juror, Juror.call_id == Call.id)
        .where(Juror.resident_id == resident.id)
        .options(joinedload(Call.project).joinedload(Project.community))
        .order_by(Call.created_at.desc())
    )
    return list(db.session.scalars(statement))


def list_jury_scores(call: Call) -> list[JuryScore]:
    """List what the jury of a call has given so far."""
    statement = select(JuryScore).join(Juror).where(Juror.call_id == call.id)
    return list(db.session.scalars(statement))


def list_scores_of(juror: Juror) -> dict[uuid.UUID, JuryScore]:
    """Return what a juror has given, by application."""
    found = db.session.scalars(select(JuryScore).where(JuryScore.juror_id == juror.id))
    return {score.application_id: score for score in found}


def find_opinion(application: Application) -> CommunityOpinion | None:
    """Return the community's opinion on an application."""
    statement = select(CommunityOpinion).where(CommunityOpinion.application_id == application.id)
    return db.session.scalars(statement).one_or_none()


def list_opinions(call: Call) -> dict[uuid.UUID, CommunityOpinion]:
    """Return the community's opinions on a call's applications, by application."""
    statement = select(CommunityOpinion).join(Application).where(Application.call_id == call.id)
    return {opinion.application_id: opinion for opinion in db.session.scalars(statement)}


def find_by_label(call: Call, label: str) -> Application | None:
    """Return the eligible application behind a letter."""
    statement = select(Application).where(
        Application.call_id == call.id,
        Application.blind_label == label,
        Application.status != ApplicationStatus.INELIGIBLE,
    )
    return db.session.scalars(statement).one_or_none()


def list_labelled(call: Call) -> list[Application]:
    """List a call's applications that are judged, by letter."""
    statement = (
        select(Application)
        .where(
            Application.call_id == call.id,
            Application.blind_label.is_not(None),
            Application.status != ApplicationStatus.INELIGIBLE,
        )
        .options(selectinload(Application.budget_lines), joinedload(Application.organisation))
        .order_by(func.length(Application.blind_label), Application.blind_label)
    )
    return list(db.session.scalars(statement).unique())


def list_calls_in_review() -> list[Call]:
    """List the calls whose applications are being judged."""
    statement = (
        select(Call)
        .where(Call.status.in_((CallStatus.REVIEWING, CallStatus.RANKED)))
        .options(joinedload(Call.project))
        .order_by(Call.ref)
    )
    return list(db.session.scalars(statement))


def list_register() -> list[Organisation]:
    """List every organisation of the register by name, whether or not it has applied."""
    return list(db.session.scalars(select(Organisation).order_by(Organisation.name)))


def names_to_hide(application: Application) -> tuple[list[str], list[str]]:
    """Return the names that a blind reader must not meet: of the organisations, and of people."""
    bodies = [one for one in (application.organisation, application.organisation.host, application.payee) if one]
    organisations = [name for body in bodies for name in (body.name, body.short_name, body.uscc) if name]
    members = db.session.scalars(
        select(User.display_name)
        .join(OrganisationMember, OrganisationMember.user_id == User.id)
        .where(OrganisationMember.organisation_id.in_([body.id for body in bodies]))
    )
    people = [*(member.name for member in application.team), *(body.head_name for body in bodies), *members]
    return list(dict.fromkeys(organisations)), list(dict.fromkeys(people))
