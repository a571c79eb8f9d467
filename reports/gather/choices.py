"""Which papers can be made now: references with the words to choose them by."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, false, or_, select
from sqlalchemy.orm import joinedload

from grants.agreements import queries as agreement_queries
from grants.agreements.models import Agreement
from grants.evaluation import queries as evaluations
from grants.evaluation.models import Evaluation, Survey
from grants.foundation.database import db, get_one
from grants.funds.models import Fund
from grants.payments.models import PaymentRequest
from grants.payments.rules import PaymentStatus
from grants.people.models import User
from grants.people.rules import Role
from grants.projects.models import Project
from grants.rounds.models import Notice, Round
from grants.selection.models import Call
from grants.supervision.models import Rectification

SURVEY_READERS = (Role.PROGRAMME, Role.APPROVER, Role.SUPERVISOR)
UNSENT = (PaymentStatus.DRAFT, PaymentStatus.RETURNED, PaymentStatus.REJECTED)


@dataclass(frozen=True)
class Viewer:
    """Who looks at the catalogue: a person, a visitor, or the operator at the command line, who sees everything."""

    actor: User | None
    is_operator: bool = False


OPERATOR = Viewer(None, is_operator=True)


@dataclass(frozen=True)
class Choice:
    """A paper that can be made now."""

    ref: str
    label: str


def evaluated_projects(viewer: Viewer, round_ref: str | None) -> list[Choice]:
    """List the projects with a final evaluation that this viewer may read."""
    statement: Select[Any]
    if viewer.is_operator:
        statement = select(Evaluation).join(Agreement).join(Project)
    else:
        statement = evaluations.select_evaluations(viewer.actor, {})
    statement = statement.options(joinedload(Evaluation.agreement).joinedload(Agreement.project)).order_by(Project.ref)
    if round_ref:
        statement = statement.join(Round, Round.id == Project.round_id).where(Round.ref == round_ref)
    projects = [one.agreement.project for one in db.session.scalars(statement)]
    return [Choice(project.ref, f"{project.ref} {project.title}") for project in projects]


def rounds_with_agreements(_viewer: Viewer, round_ref: str | None) -> list[Choice]:
    """List the rounds in which at least one agreement was signed."""
    signed = select(Project.round_id).join(Agreement).where(Agreement.signed_on.is_not(None))
    statement = select(Round.ref, Round.name).where(Round.id.in_(signed)).order_by(Round.number.desc())
    if round_ref:
        statement = statement.where(Round.ref == round_ref)
    return [Choice(ref, f"{ref} {name}") for ref, name in db.session.execute(statement)]


def rounds_to_print() -> list[Choice]:
    """List the rounds, latest first."""
    return named(select(Round.ref, Round.name).order_by(Round.number.desc(), Round.ref))


def of_viewer(statement: Any, viewer: Viewer, round_ref: str | None) -> Any:
    """Narrow a statement over Agreement and Project to what the viewer may read, and to one round."""
    if round_ref:
        statement = statement.join(Round, Round.id == Project.round_id).where(Round.ref == round_ref)
    actor = viewer.actor
    if viewer.is_operator or (actor is not None and actor.has_role(*agreement_queries.STREET_READERS)):
        return statement
    if actor is None:
        return statement.where(false())
    return statement.where(
        or_(Agreement.organisation_id.in_(actor.organisation_ids), Project.community_id.in_(actor.community_ids))
    )


def _payments() -> Any:
    return (
        select(PaymentRequest.ref, Project.title)
        .join(Agreement, Agreement.id == PaymentRequest.agreement_id)
        .join(Project, Project.id == Agreement.project_id)
        .where(PaymentRequest.status.not_in(UNSENT))
        .order_by(PaymentRequest.ref)
    )


def payments_of_viewer(viewer: Viewer, round_ref: str | None) -> list[Choice]:
    """List the payment requests under way or paid that the viewer may see."""
    return named(of_viewer(_payments(), viewer, round_ref))


def sent_payments(_viewer: Viewer, round_ref: str | None) -> list[Choice]:
    """List the payment requests that are being signed or were paid."""
    return named(of_viewer(_payments(), OPERATOR, round_ref))


def named(statement: Any) -> list[Choice]:
    """Return (reference, name) rows as choices."""
    return [Choice(ref, f"{ref} {name}") for ref, name in db.session.execute(statement)]


def funds(_viewer: Viewer, round_ref: str | None) -> list[Choice]:
    """List the funds; with a round, the one that pays for it."""
    statement = select(Fund.ref, Fund.name).order_by(Fund.year.desc(), Fund.ref)
    if round_ref:
        statement = statement.join(Round, Round.fund_id == Fund.id).where(Round.ref == round_ref)
    return [Choice(ref, f"{ref} {name}") for ref, name in db.session.execute(statement)]


def notices(_viewer: Viewer, round_ref: str | None) -> list[Choice]:
    """List the public notices, latest first."""
    statement = select(Notice.ref, Notice.title).order_by(Notice.published_at.desc(), Notice.ref)
    if round_ref:
        statement = statement.join(Round, Round.id == Notice.round_id).where(Round.ref == round_ref)
    return named(statement)


def ranked_calls(_viewer: Viewer, round_ref: str | None) -> list[Choice]:
    """List the calls whose applications were ranked."""
    statement = (
        select(Call.ref, Project.title)
        .join(Project, Project.id == Call.project_id)
        .where(Call.ranked_at.is_not(None))
        .order_by(Call.ref)
    )
    if round_ref:
        statement = statement.join(Round, Round.id == Project.round_id).where(Round.ref == round_ref)
    return named(statement)


def _agreements() -> Any:
    return (
        select(Agreement.ref, Project.title).join(Project, Project.id == Agreement.project_id).order_by(Agreement.ref)
    )


def agreements_of_viewer(viewer: Viewer, round_ref: str | None) -> list[Choice]:
    """List the agreements the viewer may read, drafts too."""
    return named(of_viewer(_agreements(), viewer, round_ref))


def files(_viewer: Viewer, round_ref: str | None) -> list[Choice]:
    """List the projects with a signed agreement, by their own reference."""
    statement = (
        select(Project.ref, Project.title)
        .join(Agreement, Agreement.project_id == Project.id)
        .where(Agreement.signed_on.is_not(None))
        .order_by(Project.ref)
    )
    return named(of_viewer(statement, OPERATOR, round_ref))


def terminated_of_viewer(viewer: Viewer, round_ref: str | None) -> list[Choice]:
    """List the agreements that ended before their time, of those the viewer may read."""
    return named(of_viewer(_agreements().where(Agreement.terminated_on.is_not(None)), viewer, round_ref))


def orders_of_viewer(viewer: Viewer, round_ref: str | None) -> list[Choice]:
    """List the orders to put something right, of the agreements the viewer may read."""
    statement = (
        select(Rectification.ref, Project.title)
        .join(Agreement, Agreement.id == Rectification.agreement_id)
        .join(Project, Project.id == Agreement.project_id)
        .order_by(Rectification.ref)
    )
    return named(of_viewer(statement, viewer, round_ref))


def surveys_of_viewer(viewer: Viewer, round_ref: str | None) -> list[Choice]:
    """List the surveys whose course the viewer may see: the offices, and the communities of the projects."""
    statement: Any = (
        select(Survey.ref, Project.title)
        .join(Agreement, Agreement.id == Survey.agreement_id)
        .join(Project, Project.id == Agreement.project_id)
        .order_by(Survey.ref)
    )
    actor = viewer.actor
    if not viewer.is_operator and (actor is None or not actor.has_role(*SURVEY_READERS)):
        statement = statement.where(Project.community_id.in_(actor.community_ids if actor is not None else ()))
    return named(of_viewer(statement, OPERATOR, round_ref))


def survey_of(ref: str) -> Survey:
    """Return a survey by its own reference or its project's, or raise NotFound."""
    found: Survey = get_one(
        select(Survey)
        .join(Agreement, Agreement.id == Survey.agreement_id)
        .join(Project, Project.id == Agreement.project_id)
        .where((Survey.ref == ref) | (Project.ref == ref))
        .options(joinedload(Survey.agreement).joinedload(Agreement.project))
    )
    return found


def order_of(ref: str) -> Rectification:
    """Return an order with its agreement, or raise NotFound."""
    found: Rectification = get_one(
        select(Rectification)
        .where(Rectification.ref == ref)
        .options(joinedload(Rectification.agreement).joinedload(Agreement.project))
    )
    return found


def round_exists(ref: str) -> bool:
    """Tell whether there is a round with this reference."""
    return db.session.execute(select(Round.id).where(Round.ref == ref)).first() is not None


def evaluation_of(project_ref: str) -> Evaluation | None:
    """Return the evaluation of a project, with what its policy asks about."""
    return db.session.scalars(
        select(Evaluation)
        .join(Agreement, Agreement.id == Evaluation.agreement_id)
        .join(Project, Project.id == Agreement.project_id)
        .where((Project.ref == project_ref) | (Agreement.ref == project_ref))
        .options(joinedload(Evaluation.agreement).joinedload(Agreement.project))
    ).one_or_none()


def agreement_of(ref: str) -> Agreement:
    """Return an agreement by its own reference or its project's, or raise NotFound."""
    found: Agreement = get_one(
        select(Agreement)
        .join(Project, Project.id == Agreement.project_id)
        .where((Agreement.ref == ref) | (Project.ref == ref))
        .options(joinedload(Agreement.project))
    )
    return found


def payment_of(ref: str) -> PaymentRequest:
    """Return a payment request, or raise NotFound."""
    found: PaymentRequest = get_one(
        select(PaymentRequest)
        .where(PaymentRequest.ref == ref)
        .options(joinedload(PaymentRequest.agreement).joinedload(Agreement.project))
    )
    return found
