"""What waits for whom in agreements."""

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import selectinload

from grants.agreements.models import Agreement, Amendment, Milestone, Suspension
from grants.agreements.queries.lookups import CLAIM_REMINDER, list_awaiting_draft, readable_by
from grants.agreements.rules import CHANGE_KIND_LABELS, AgreementStatus, ChangeStatus, MilestoneStatus
from grants.foundation.clock import today
from grants.foundation.database import db
from grants.foundation.due import DueItem
from grants.foundation.i18n import _
from grants.foundation.money import yuan
from grants.people.models import User
from grants.people.rules import Role
from grants.projects.models import Project


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
    return due + _due_changes(actor) + _due_resumptions(actor)


def _due_changes(actor: User) -> list[DueItem]:
    """List the changes that wait for this actor: the programme office examines, then a leader decides."""
    waiting = [
        status
        for status, role in ((ChangeStatus.PROPOSED, Role.PROGRAMME), (ChangeStatus.ENDORSED, Role.APPROVER))
        if actor.has_role(role)
    ]
    if not waiting:
        return []
    statement = (
        select(Amendment)
        .where(Amendment.status.in_(waiting))
        .options(selectinload(Amendment.agreement).selectinload(Agreement.project))
        .order_by(Amendment.proposed_at)
    )
    return [
        DueItem(
            _("办理协议变更：%(title)s", title=one.agreement.project.title),
            f"/agreements/{one.agreement.ref}/changes/{one.number}",
            _("实施监督"),
            str(CHANGE_KIND_LABELS[one.kind]),
        )
        for one in db.session.scalars(statement)
    ]


def _due_resumptions(actor: User) -> list[DueItem]:
    if not actor.has_role(Role.APPROVER):
        return []
    statement = (
        select(Suspension)
        .where(
            Suspension.resumed_at.is_(None),
            Suspension.resume_proposed_at.is_not(None),
            Suspension.resume_proposed_by_id != actor.id,
        )
        .options(selectinload(Suspension.agreement).selectinload(Agreement.project))
        .order_by(Suspension.resume_proposed_at)
    )
    return [
        DueItem(
            _("批准恢复协议：%(title)s", title=one.agreement.project.title),
            f"/agreements/{one.agreement.ref}/resume",
            _("实施监督"),
            one.resume_note,
        )
        for one in db.session.scalars(statement)
    ]


def _due_draft(actor: User, agreement: Agreement) -> DueItem | None:
    href, meta = f"/agreements/{agreement.ref}", _("资助 %(amount)s 元", amount=yuan(agreement.amount_fen))
    title = agreement.project.title
    if agreement.offered_at is None:
        if actor.has_role(Role.PROGRAMME):
            return DueItem(_("完善协议并送签：%(title)s", title=title), href, _("签约"), meta)
        if agreement.organisation_id in actor.organisation_ids and not agreement.is_agreed:
            return DueItem(_("核对并同意协议方案：%(title)s", title=title), href, _("签约"), meta)
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
