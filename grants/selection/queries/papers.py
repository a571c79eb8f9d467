"""Look-ups of applications, and what an application says in the shapes that rules work on."""

import uuid
from collections.abc import Iterable
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from grants.foundation.clock import local
from grants.foundation.database import database_now, db, get_one
from grants.foundation.i18n import _
from grants.foundation.web.listing import Page, Window, paginate
from grants.people.models import Organisation, User
from grants.people.queries import find_open_account_change
from grants.people.rules import LegalKind, OrganisationStatus, Role
from grants.projects.models import Project
from grants.selection.models import Application, ApplicationDocument, Call, Submission
from grants.selection.queries.calls import NEVER_HANDED_IN, sealed_calls
from grants.selection.rules import (
    SECTIONS,
    SHORTLISTED,
    ActivityRow,
    ApplicationStatus,
    BudgetRow,
    DocumentKind,
    MoneySource,
    TargetRow,
    TeamRow,
    setting,
)
from grants.selection.rules.completeness import Paper
from grants.selection.rules.eligibility import Case, Finding, Funded, Registrant, findings
from grants.selection.rules.merging import Raw, raw_of
from grants.selection.rules.paper import section_limits


def _with_call() -> Any:
    # Made when asked for, see grants.funds.queries.journals
    return joinedload(Application.call).joinedload(Call.project)


def get_application(ref: str) -> Application:
    """Return an application by its reference, with its call and organisation."""
    application: Application = get_one(
        select(Application)
        .where(Application.ref == ref)
        .options(
            _with_call().options(joinedload(Project.round), joinedload(Project.community)),
            joinedload(Application.organisation).joinedload(Organisation.host),
            selectinload(Application.budget_lines),
        )
    )
    return application


def get_document(application: Application, document_id: uuid.UUID) -> ApplicationDocument:
    """Return an attachment of this application; one of another application is not found."""
    document: ApplicationDocument = get_one(
        select(ApplicationDocument)
        .where(ApplicationDocument.id == document_id, ApplicationDocument.application_id == application.id)
        .options(joinedload(ApplicationDocument.file))
    )
    return document


def list_applications_of(organisation_ids: Iterable[uuid.UUID]) -> list[Application]:
    """List the applications of some organisations, the latest first."""
    statement = (
        select(Application)
        .where(Application.organisation_id.in_(tuple(organisation_ids)))
        .options(_with_call(), joinedload(Application.organisation))
        .order_by(Application.created_at.desc(), Application.ref)
    )
    return list(db.session.scalars(statement).unique())


def page_of_readable(actor: User, window: Window, *, status: ApplicationStatus | None = None) -> Page[Application]:
    """List what an office may read of all calls, the latest first: the community its own, shortlisted ones only.

    Calls that are sealed until their deadline stay out.
    """
    statement = (
        select(Application)
        .join(Call)
        .join(Project)
        .where(
            Application.status != ApplicationStatus.DRAFT,
            Application.submitted_at.is_not(None),
            Application.call_id.not_in(sealed_calls(database_now())),
        )
        .options(_with_call(), joinedload(Application.organisation), selectinload(Application.budget_lines))
    )
    if not actor.has_role(Role.PROGRAMME, Role.APPROVER, Role.SUPERVISOR, Role.FINANCE):
        statement = statement.where(Project.community_id.in_(actor.community_ids), Application.status.in_(SHORTLISTED))
    if status is not None:
        statement = statement.where(Application.status == status)
    return paginate(statement, window, order=Application.created_at, key=Application.id)


def list_applications(call: Call, *, statuses: Iterable[ApplicationStatus] = ()) -> list[Application]:
    """List what was handed in for a call (or what stands in some statuses), by reference."""
    wanted = tuple(statuses)
    statement = (
        select(Application)
        .where(
            Application.call_id == call.id,
            Application.status.in_(wanted) if wanted else Application.status.not_in(NEVER_HANDED_IN),
        )
        .options(
            joinedload(Application.organisation),
            selectinload(Application.budget_lines),
        )
        .order_by(Application.ref)
    )
    return list(db.session.scalars(statement).unique())


def find_application_of(call: Call, organisation_ids: Iterable[uuid.UUID]) -> Application | None:
    """Return the first application that one of these organisations has for a call."""
    statement = select(Application).where(
        Application.call_id == call.id, Application.organisation_id.in_(tuple(organisation_ids))
    )
    return db.session.scalars(statement.order_by(Application.ref)).first()


def application_of_project(project_id: uuid.UUID) -> Application | None:
    """Return the application that was chosen for a project, once its notice has begun."""
    statement = (
        select(Application)
        .join(Call)
        .where(Call.project_id == project_id, Application.status == ApplicationStatus.SELECTED)
    )
    return db.session.scalars(statement).one_or_none()


def list_submissions(application: Application) -> list[Submission]:
    """List what was handed in, each time, in order."""
    statement = select(Submission).where(Submission.application_id == application.id).order_by(Submission.number)
    return list(db.session.scalars(statement))


def count_handed_in(organisation_id: uuid.UUID, round_id: uuid.UUID, *, besides: uuid.UUID | None = None) -> int:
    """Count how many applications an organisation has handed in within a round."""
    statement = (
        select(func.count())
        .select_from(Application)
        .join(Call)
        .join(Project)
        .where(
            Application.organisation_id == organisation_id,
            Application.status.not_in(NEVER_HANDED_IN),
            Project.round_id == round_id,
        )
    )
    if besides is not None:
        statement = statement.where(Application.id != besides)
    return db.session.execute(statement).scalar_one()


def budget_rows(application: Application, source: MoneySource) -> tuple[BudgetRow, ...]:
    """Return one of the two budget tables."""
    return tuple(
        BudgetRow(line.code, line.content, line.unit_price_fen, line.quantity)
        for line in application.budget_lines
        if line.source is source
    )


def typed_content(application: Application) -> dict[str, Any]:
    """Return what the application says, part by part, as values."""
    content: dict[str, Any] = {
        "title": application.title,
        "payee": application.payee.ref if application.payee else None,
        "starts_on": application.starts_on,
        "ends_on": application.ends_on,
        "person_target": application.person_target or None,
        "attendance_target": application.attendance_target or None,
        "activity_target": application.activity_target or None,
        "indirect_target": application.indirect_target or None,
        "vulnerable_target": application.vulnerable_target or None,
        "service_point": application.service_point,
        "targets": _target_rows(application),
        "activities": [
            ActivityRow(row.month, row.title, row.session_count, row.person_count) for row in application.activities
        ],
        "fiscal": budget_rows(application, MoneySource.FISCAL),
        "social": budget_rows(application, MoneySource.SOCIAL),
        "team": [TeamRow(row.name, row.duty, row.qualification, row.is_leader) for row in application.team],
    }
    return content | {key: application.sections.get(key, "") for key in SECTIONS}


def _target_rows(application: Application) -> list[TargetRow]:
    """Return a row for every indicator of the project, in its order; one without a promise stays blank."""
    promised = {row.indicator_id: row.target for row in application.targets}
    return [
        TargetRow(str(indicator.id), promised.get(indicator.id)) for indicator in application.call.project.indicators
    ]


def raw_content(application: Application) -> dict[str, Raw]:
    """Return every part as it is typed; what could not be read yet comes as it was left."""
    content = {key: raw_of(value) for key, value in typed_content(application).items()}
    return content | application.unfinished


def whole_content(application: Application) -> dict[str, Raw]:
    """Return everything that is handed in: every part as typed, and each attachment as its kind and its hash."""
    papers = [{"kind": one.kind.value, "sha256": one.file.sha256} for one in application.documents]
    return {**raw_content(application), "documents": papers}


def why_not_payee(application: Application) -> str | None:
    """Say why the payee chosen cannot be paid; a filed organisation (备案) is paid through its host, never itself."""
    organisation, payee = application.organisation, application.payee
    if organisation.legal_kind is LegalKind.FILED:
        if organisation.host is None:
            return _("备案组织不能直接收款，请先在组织档案中登记承接机构")
        if payee is None or payee.id != organisation.host_id:
            return _("备案组织的款项须由承接机构“%(host)s”收取", host=organisation.host.name)
    elif payee is None or payee.id != organisation.id:
        return _("收款主体应为申报组织自身")
    if not payee.can_be_payee:
        if find_open_account_change(payee.id) is not None:
            return _("收款主体“%(name)s”的银行账户已登记，待街道核对后即可提交申报", name=payee.name)
        return _("收款主体“%(name)s”还没有登记银行账户，请在组织档案的“收款账户”中登记", name=payee.name)
    return None


def paper_of(application: Application) -> Paper:
    """Return the application as its completeness is measured."""
    project = application.call.project
    settings = project.round.settings
    kinds = db.session.scalars(
        select(ApplicationDocument.kind).where(ApplicationDocument.application_id == application.id)
    )
    content = typed_content(application)
    return Paper(
        title=application.title,
        starts_on=application.starts_on,
        ends_on=application.ends_on,
        project_starts_on=project.starts_on,
        project_ends_on=project.ends_on,
        person_target=application.person_target,
        attendance_target=application.attendance_target,
        activity_target=application.activity_target,
        indicator_names={str(one.id): one.name for one in project.indicators},
        promised={row.indicator: row.target for row in content["targets"] if row.target is not None},
        sections=application.sections,
        limits=section_limits(setting(settings, "section_limits")),
        activities=tuple(content["activities"]),
        fiscal=content["fiscal"],
        social=content["social"],
        ceiling_fen=project.ceiling_fen,
        caps=setting(settings, "budget_caps_percent"),
        team=tuple(content["team"]),
        documents=frozenset(DocumentKind(kind) for kind in kinds),
        payee_problem=why_not_payee(application),
        is_filed=application.organisation.legal_kind is LegalKind.FILED,
        has_declared=application.has_declared,
        unfinished=frozenset(application.unfinished),
        vulnerable_target=application.vulnerable_target,
    )


def _registrant(organisation: Organisation) -> Registrant:
    return Registrant(
        name=organisation.name,
        is_filed=organisation.legal_kind is LegalKind.FILED,
        is_listed=organisation.status is OrganisationStatus.LISTED,
        registered_on=organisation.registered_on,
        inspections=organisation.inspections,
        abnormal_until=organisation.abnormal_until,
        dishonest_until=organisation.dishonest_until,
        violation_on=organisation.violation_on,
        breach_on=organisation.breach_on,
        poor_grade_on=organisation.poor_grade_on,
    )


def _funded(application: Application) -> tuple[Funded, ...]:
    """Return what the applicant was chosen for before, by name and time."""
    statement = select(Application.ref, Application.title, Application.starts_on, Application.ends_on).where(
        Application.organisation_id == application.organisation_id,
        Application.id != application.id,
        Application.status == ApplicationStatus.SELECTED,
        Application.starts_on.is_not(None),
        Application.ends_on.is_not(None),
    )
    rows = db.session.execute(statement.order_by(Application.ref))
    return tuple(Funded(ref, title, start, end) for ref, title, start, end in rows if start and end)


def compute_eligibility(application: Application) -> list[Finding]:
    """Compute the conditions as they stand on the day the call closes, the same day for every applicant."""
    call = application.call
    project = call.project
    host = application.organisation.host
    settings = project.round.settings
    case = Case(
        applicant=_registrant(application.organisation),
        host=_registrant(host) if host else None,
        payee_problem=why_not_payee(application),
        fiscal_fen=application.fiscal_fen,
        ceiling_fen=project.ceiling_fen,
        application_count=1 + count_handed_in(application.organisation_id, project.round_id, besides=application.id),
        application_limit=setting(settings, "applications_per_organisation"),
        title=application.title,
        starts_on=application.starts_on,
        ends_on=application.ends_on,
        funded=_funded(application),
    )
    return findings(case, day=local(call.closes_at).date(), settings=settings)
