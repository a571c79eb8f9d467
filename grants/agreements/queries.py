"""Look-ups of agreements, their milestones and tranches, and what waits for whom."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Select, and_, false, func, or_, select
from sqlalchemy.orm import selectinload

from grants.agreements.models import Agreement, Milestone, Tranche
from grants.agreements.rules import AgreementStatus, Gate, MilestoneStatus
from grants.foundation.clock import today
from grants.foundation.database import db, get_one
from grants.foundation.due import DueItem
from grants.foundation.i18n import _
from grants.foundation.money import yuan
from grants.foundation.web.listing import Page, Window, paginate
from grants.funds.queries import project_money
from grants.people.models import Organisation, User
from grants.people.rules import Role
from grants.projects.models import Project
from grants.projects.rules import ProjectStatus
from grants.rounds.models import Round
from grants.rounds.rules import BudgetCode
from grants.selection.models import Application, Call
from grants.selection.rules import ApplicationStatus, MoneySource

STREET_READERS = (Role.PROGRAMME, Role.FINANCE, Role.APPROVER, Role.SUPERVISOR)
"""Roles that read every agreement of the street."""

CLAIM_REMINDER = timedelta(days=14)
"""A milestone shows on the organisation's desk two weeks before its day."""


def get_agreement(ref: str) -> Agreement:
    """Return an agreement by its reference, or raise NotFound."""
    found: Agreement = get_one(select(Agreement).where(Agreement.ref == ref))
    return found


def find_agreement_of(project_id: uuid.UUID) -> Agreement | None:
    """Return the agreement under which a project is carried out."""
    return db.session.scalars(select(Agreement).where(Agreement.project_id == project_id)).one_or_none()


def list_agreements_of(organisation_ids: Collection[uuid.UUID]) -> list[Agreement]:
    """List the agreements of some organisations, newest first."""
    statement = select(Agreement).where(Agreement.organisation_id.in_(organisation_ids))
    return list(db.session.scalars(statement.order_by(Agreement.created_at.desc())))


def get_milestone(ref: str, position: int) -> Milestone:
    """Return a milestone by its agreement's reference and its place in it, or raise NotFound."""
    statement = select(Milestone).join(Agreement).where(Agreement.ref == ref, Milestone.position == position)
    found: Milestone = get_one(statement)
    return found


def readable_by(actor: User) -> Any:
    """Return the condition under which an agreement may be read by this actor."""
    if actor.has_role(*STREET_READERS):
        return Agreement.id.is_not(None)
    conditions = []
    if actor.organisation_ids:
        conditions.append(Agreement.organisation_id.in_(actor.organisation_ids))
        conditions.append(Agreement.payee_id.in_(actor.organisation_ids))
    if actor.community_ids:
        own = select(Project.id).where(Project.community_id.in_(actor.community_ids))
        conditions.append(Agreement.project_id.in_(own))
    return or_(false(), *conditions)


@dataclass(frozen=True)
class Filters:
    """What a list of agreements is narrowed to; None leaves a column open."""

    status: AgreementStatus | None = None
    community_id: uuid.UUID | None = None
    round_id: uuid.UUID | None = None
    text: str = ""

    @property
    def active_count(self) -> int:
        """Return how many conditions are set, the status tab not counted."""
        return sum(value not in (None, "") for value in (self.community_id, self.round_id, self.text))


def _select(actor: User, filters: Filters) -> Select[Any]:
    statement = select(Agreement).join(Project, Project.id == Agreement.project_id).where(readable_by(actor))
    if filters.status is not None:
        statement = statement.where(Agreement.status == filters.status)
    if filters.community_id is not None:
        statement = statement.where(Project.community_id == filters.community_id)
    if filters.round_id is not None:
        statement = statement.where(Project.round_id == filters.round_id)
    if filters.text:
        statement = statement.join(Organisation, Organisation.id == Agreement.organisation_id).where(
            or_(
                *(
                    column.contains(filters.text, autoescape=True)
                    for column in (Project.title, Agreement.ref, Organisation.name)
                )
            )
        )
    return statement


SORTS = {"created": Agreement.created_at, "amount": Agreement.amount_fen, "ends": Agreement.ends_on}
"""Columns a list of agreements can be sorted by."""


def list_agreements(window: Window, actor: User, filters: Filters, sort: str = "-created") -> Page[Agreement]:
    """List the agreements this actor may read; `sort` is a key of SORTS, with "-" in front for falling order."""
    order = SORTS.get(sort.removeprefix("-"), Agreement.created_at)
    statement = _select(actor, filters).options(
        selectinload(Agreement.project).selectinload(Project.community),
        selectinload(Agreement.organisation),
        selectinload(Agreement.milestones),
    )
    return paginate(statement, window, order=order, key=Agreement.id, descending=sort.startswith("-"))


def count_by_status(actor: User, filters: Filters) -> dict[AgreementStatus, int]:
    """Count the agreements this actor may read by status, under the other filters."""
    narrowed = _select(actor, Filters(None, filters.community_id, filters.round_id, filters.text)).subquery()
    rows = db.session.execute(select(narrowed.c.status, func.count()).group_by(narrowed.c.status))
    counted = {status: count for status, count in rows}
    return {status: counted.get(status, 0) for status in AgreementStatus}


def list_rounds_with_agreements() -> list[Round]:
    """List the rounds that have agreements, newest first."""
    used = select(Project.round_id).join(Agreement, Agreement.project_id == Project.id)
    return list(db.session.scalars(select(Round).where(Round.id.in_(used)).order_by(Round.number.desc())))


def list_awaiting_draft() -> list[Application]:
    """List the chosen applications whose project has been awarded and has no agreement yet."""
    statement = (
        select(Application)
        .join(Call, Call.id == Application.call_id)
        .join(Project, Project.id == Call.project_id)
        .outerjoin(Agreement, Agreement.project_id == Project.id)
        .where(
            Application.status == ApplicationStatus.SELECTED,
            Project.status == ProjectStatus.AWARDED,
            Agreement.id.is_(None),
        )
        .options(selectinload(Application.call).selectinload(Call.project), selectinload(Application.organisation))
        .order_by(Application.ref)
    )
    return list(db.session.scalars(statement))


def get_selected_application(ref: str) -> Application:
    """Return a chosen application by its reference, or raise NotFound."""
    statement = select(Application).where(Application.ref == ref, Application.status == ApplicationStatus.SELECTED)
    found: Application = get_one(statement)
    return found


def award_fen(application: Application) -> int:
    """Return what the ledger holds as the award of the application's project, less what went back, in 分."""
    money = project_money(application.call.project.ref)
    return money.awarded_fen - money.returned_fen


def count_verified(agreement_id: uuid.UUID) -> tuple[int, int]:
    """Return how many milestones of an agreement are verified, and how many there are."""
    statement = select(func.count(), func.sum((Milestone.status == MilestoneStatus.VERIFIED).cast(db.Integer))).where(
        Milestone.agreement_id == agreement_id
    )
    total, verified = db.session.execute(statement).one()
    return int(verified or 0), int(total)


@dataclass(frozen=True)
class BudgetComparison:
    """What was asked for and what is agreed under one line code of one money source, in 分."""

    source: MoneySource
    code: BudgetCode
    requested_fen: int
    agreed_fen: int

    @property
    def difference_fen(self) -> int:
        """Return agreed minus requested."""
        return self.agreed_fen - self.requested_fen


def compare_budget(agreement: Agreement) -> list[BudgetComparison]:
    """Set the application's budget against the agreement's, by source and line code in the order of the chart."""
    compared = []
    for source in MoneySource:
        for code in BudgetCode:
            asked = sum(
                line.amount_fen
                for line in agreement.application.budget_lines
                if line.source is source and line.code is code
            )
            agreed = sum(
                line.amount_fen for line in agreement.budget_lines if line.source is source and line.code is code
            )
            if asked or agreed:
                compared.append(BudgetComparison(source, code, asked, agreed))
    return compared


@dataclass(frozen=True)
class TrancheState:
    """A tranche and whether what this stage can know of its gate is passed; `waits_for` says what is missing."""

    tranche: Tranche
    is_open: bool
    waits_for: str


def tranche_states(agreement: Agreement) -> list[TrancheState]:
    """Tell for each tranche whether its gate is passed as far as signing, milestones and evaluation go.

    Rectifications and spending are judged by the payments stage, which comes later.
    """
    return [_tranche_state(agreement, tranche) for tranche in agreement.tranches]


def _tranche_state(agreement: Agreement, tranche: Tranche) -> TrancheState:
    waits_for = ""
    if agreement.status is AgreementStatus.DRAFT:
        waits_for = _("等待协议签署")
    elif agreement.status is AgreementStatus.TERMINATED:
        waits_for = _("协议已终止，不再拨付")
    elif tranche.milestone is not None and tranche.milestone.status is not MilestoneStatus.VERIFIED:
        waits_for = _("等待里程碑 %(number)s 核实", number=tranche.milestone.position)
    elif tranche.gate is Gate.FINAL and agreement.status is not AgreementStatus.COMPLETED:
        waits_for = _("等待末期评价合格")
    return TrancheState(tranche, not waits_for, waits_for)


def list_due_for(actor: User) -> list[DueItem]:
    """List what waits for this actor in agreements: drafts, signatures, milestones to claim and to verify."""
    due: list[DueItem] = []
    if actor.has_role(Role.PROGRAMME):
        due += [
            DueItem(
                _("起草协议：%(title)s", title=application.call.project.title),
                "/agreements/?status=awaiting",
                _("签约"),
                _("承接组织 %(name)s", name=application.organisation.name),
            )
            for application in list_awaiting_draft()
        ]
    drafts = and_(Agreement.status == AgreementStatus.DRAFT, readable_by(actor))
    if actor.has_role(Role.PROGRAMME, Role.APPROVER, Role.ORGANISATION):
        due += [
            item
            for agreement in db.session.scalars(
                select(Agreement).where(drafts).options(selectinload(Agreement.project)).order_by(Agreement.created_at)
            )
            if (item := _due_draft(actor, agreement)) is not None
        ]
    if actor.has_role(Role.ORGANISATION, Role.COMMUNITY):
        due += _due_milestones(actor)
    return due


def _due_draft(actor: User, agreement: Agreement) -> DueItem | None:
    href, meta = f"/agreements/{agreement.ref}", _("资助 %(amount)s 元", amount=yuan(agreement.amount_fen))
    title = agreement.project.title
    if agreement.offered_at is None:
        if actor.has_role(Role.PROGRAMME):
            return DueItem(_("完善协议并送签：%(title)s", title=title), f"{href}/edit", _("签约"), meta)
        return None
    if agreement.organisation_signed_at is None:
        if agreement.organisation_id in actor.organisation_ids:
            return DueItem(_("签署协议：%(title)s", title=title), f"{href}/sign", _("签约"), meta)
        return None
    if actor.has_role(Role.PROGRAMME, Role.APPROVER) and actor.id != agreement.drafted_by_id:
        return DueItem(_("代表街道签署协议：%(title)s", title=title), f"{href}/sign", _("签约"), meta)
    return None


def _due_milestones(actor: User) -> list[DueItem]:
    claimable = and_(
        Milestone.status == MilestoneStatus.PLANNED,
        Milestone.due_on <= today() + CLAIM_REMINDER,
        Agreement.organisation_id.in_(actor.organisation_ids),
    )
    own = select(Project.id).where(Project.community_id.in_(actor.community_ids))
    claimed = and_(Milestone.status == MilestoneStatus.CLAIMED, Agreement.project_id.in_(own))
    statement = (
        select(Milestone)
        .join(Agreement)
        .where(Agreement.status == AgreementStatus.SIGNED, or_(claimable, claimed))
        .options(selectinload(Milestone.agreement).selectinload(Agreement.project))
        .order_by(Milestone.due_on)
    )
    return [_due_milestone(milestone) for milestone in db.session.scalars(statement)]


def _due_milestone(milestone: Milestone) -> DueItem:
    agreement = milestone.agreement
    href = f"/agreements/{agreement.ref}/milestones/{milestone.position}"
    if milestone.status is MilestoneStatus.CLAIMED:
        return DueItem(
            _("核实里程碑：%(name)s", name=milestone.name), f"{href}/verify", _("实施监督"), agreement.project.title
        )
    title = _("申报里程碑完成：%(name)s", name=milestone.name)
    if milestone.send_back_reason:
        title = _("里程碑被退回，请补充后重新申报：%(name)s", name=milestone.name)
    return DueItem(title, f"{href}/claim", _("实施监督"), agreement.project.title, milestone.due_on)
