"""What waits for whom in supervision."""

import uuid
from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from grants.agreements.models import Agreement, Milestone
from grants.agreements.rules import AgreementStatus, MilestoneStatus
from grants.foundation.clock import today
from grants.foundation.database import db
from grants.foundation.due import DueItem
from grants.foundation.i18n import Text, _, _l
from grants.people.models import Resident, User
from grants.people.rules import Role
from grants.supervision.models import Complaint, Inspection, Rectification, ResidentSupervisor
from grants.supervision.queries.activities import list_unrecorded
from grants.supervision.queries.bulletins import list_waiting_bulletins
from grants.supervision.queries.complaints import readable_by as complaint_readable_by
from grants.supervision.queries.flags import warnings_of
from grants.supervision.queries.inspections import list_assigned, list_overdue_of_others, list_uninspected
from grants.supervision.queries.monthly import MonthRow, list_owed, list_running, list_unread
from grants.supervision.queries.watching import (
    in_communities,
    list_overdue,
    list_unanswered_opinions,
    list_without_supervisors,
)
from grants.supervision.rules import (
    RECORD_WITHIN,
    ComplaintStatus,
    FlagKind,
    RectificationStatus,
    RemarkSide,
    StepKind,
    last_of,
    month_of,
)

STAGE = _l("实施监督")


def list_due_for(actor: User) -> list[DueItem]:
    """List what waits for this actor in supervision, by role."""
    return [item for roles, find in _WAITING if actor.has_role(*roles) for item in find(actor)]


def _made_by_me(actor: User) -> list[DueItem]:
    return _inspections(list_assigned(actor), _l("检查"))


def _made_late(actor: User) -> list[DueItem]:
    return _inspections(list_overdue_of_others(actor), _l("催办检查"))


def _to_draw(_actor: User) -> list[DueItem]:
    return [
        DueItem(
            _("抽取居民监督员：%(title)s", title=agreement.project.title),
            f"/supervision/{agreement.ref}/supervisors",
            str(STAGE),
        )
        for agreement in list_without_supervisors()
    ]


def _for_organisation(actor: User) -> list[DueItem]:
    day = today()
    due = [
        DueItem(
            _("上传活动记录：%(title)s", title=activity.title),
            f"/supervision/activities/{activity.ref}/record",
            str(STAGE),
            activity.agreement.project.title,
            activity.held_on + timedelta(days=RECORD_WITHIN),
        )
        for activity in list_unrecorded(actor.organisation_ids, day)
    ]
    statement = (
        select(Rectification)
        .join(Agreement)
        .where(Rectification.status == RectificationStatus.OPEN, Agreement.organisation_id.in_(actor.organisation_ids))
        .options(selectinload(Rectification.agreement).selectinload(Agreement.project))
        .order_by(Rectification.due_on)
    )
    return due + [
        DueItem(
            _("整改并答复：%(ref)s", ref=order.ref),
            f"/supervision/rectifications/{order.ref}",
            str(STAGE),
            order.agreement.project.title,
            order.due_on,
        )
        for order in db.session.scalars(statement)
    ]


def _months_owed(actor: User) -> list[DueItem]:
    """Return for each agreement the oldest report owed, and the plan of the running month when it is not there."""
    owed = list_owed(list_running(actor.organisation_ids))
    first_reports: dict[uuid.UUID, MonthRow] = {}
    for row in owed:
        if row.submitted is None and last_of(row.month) < today():
            first_reports.setdefault(row.agreement.id, row)
    reports = [
        DueItem(
            _("报送 %(month)s 月报：%(title)s", month=row.month, title=row.agreement.project.title),
            f"/supervision/{row.agreement.ref}/months/{row.month}/report",
            str(STAGE),
            row.agreement.ref,
            row.report_due_on,
        )
        for row in first_reports.values()
    ]
    return reports + [
        DueItem(
            _("报送 %(month)s 月度计划：%(title)s", month=row.month, title=row.agreement.project.title),
            f"/supervision/{row.agreement.ref}/months/{row.month}/plan",
            str(STAGE),
            row.agreement.ref,
            row.plan_due_on,
        )
        for row in owed
        if row.plan is None and row.month == month_of(today())
    ]


def _reports_to_read(actor: User) -> list[DueItem]:
    """Return the reports this actor's side has not remarked on, and the agreements whose reports are late."""
    side = RemarkSide.PROGRAMME if actor.has_role(Role.PROGRAMME) else RemarkSide.COMMUNITY
    running = [
        one for one in list_running() if side is RemarkSide.PROGRAMME or one.project.community_id in actor.community_ids
    ]
    titles = {one.id: one.project.title for one in running}
    unread = [
        DueItem(
            _("审阅 %(month)s 月报：%(title)s", month=report.month, title=titles[report.agreement_id]),
            f"/supervision/{report.agreement.ref}/months/{report.month}",
            str(STAGE),
        )
        for report in list_unread(list(titles))
        if all(remark.side is not side for remark in report.remarks)
    ]
    late = {row.agreement.id: row for row in reversed(list_owed(running)) if row.is_report_late(today())}
    return unread + [
        DueItem(
            _("催报 %(month)s 月报：%(title)s", month=row.month, title=row.agreement.project.title),
            f"/supervision/{row.agreement.ref}/months/",
            str(STAGE),
            row.agreement.ref,
            row.report_due_on,
        )
        for row in late.values()
    ]


def _warnings(actor: User) -> list[DueItem]:
    """Return what the organisation is reminded of in time: a term that runs out, a project that has gone quiet."""
    found = [(agreement, flag) for agreement in list_running(actor.organisation_ids) for flag in warnings_of(agreement)]
    return [
        DueItem(
            _("协议即将到期，请抓紧完成：%(title)s", title=agreement.project.title)
            if flag.kind is FlagKind.ENDING_SOON
            else _("较长时间没有活动，请安排：%(title)s", title=agreement.project.title),
            f"/supervision/{agreement.ref}/",
            str(STAGE),
            flag.text,
            agreement.ends_on if flag.kind is FlagKind.ENDING_SOON else None,
        )
        for agreement, flag in found
    ]


def _late_orders(actor: User) -> list[DueItem]:
    """Return the late orders: the leader reads those reported and not yet instructed on, who issues them the others."""
    is_leader = actor.has_role(Role.APPROVER)
    return [
        DueItem(
            _("批示逾期整改：%(ref)s", ref=order.ref) if is_leader else _("催办逾期整改：%(ref)s", ref=order.ref),
            f"/supervision/rectifications/{order.ref}",
            str(STAGE),
            order.agreement.project.title,
            order.due_on,
        )
        for order in list_overdue(actor)
        if _is_reported(order) is is_leader
    ]


def _is_reported(order: Rectification) -> bool:
    """Tell whether the latest word to or from the leader is a report that waits for instruction."""
    kinds = [step.kind for step in order.steps if step.kind is not StepKind.REMIND]
    return bool(kinds) and kinds[-1] is StepKind.ESCALATE


def _bulletins(actor: User) -> list[DueItem]:
    """Return the bulletins that wait for a leader who did not prepare them."""
    return [
        DueItem(
            _("审批 %(month)s 进度通报", month=one.month),
            f"/supervision/bulletins/{one.ref}",
            str(STAGE),
            one.round.name,
        )
        for one in list_waiting_bulletins()
        if one.prepared_by_id != actor.id
    ]


def _opinions(_actor: User) -> list[DueItem]:
    return [
        DueItem(
            _("答复监督意见：%(title)s", title=one.agreement.project.title),
            f"/supervision/opinions/{one.id}/answer",
            str(STAGE),
        )
        for one in list_unanswered_opinions()
    ]


def _inspections(found: list[Inspection], what: Text) -> list[DueItem]:
    return [
        DueItem(
            _("%(what)s：%(title)s", what=what, title=one.agreement.project.title),
            f"/supervision/inspections/{one.ref}",
            str(STAGE),
            one.assigned_to.display_name,
            one.due_on,
        )
        for one in found
    ]


def _quarter_to_plan(_actor: User) -> list[DueItem]:
    """Return one line for all running projects that nobody is to inspect in this quarter."""
    count = len(list_uninspected())
    if not count:
        return []
    return [DueItem(_("安排本季度检查：还有 %(count)s 个项目", count=count), "/supervision/inspections/", str(STAGE))]


def _for_resident_supervisor(actor: User) -> list[DueItem]:
    watched = (
        select(ResidentSupervisor.agreement_id)
        .join(Resident, Resident.id == ResidentSupervisor.resident_id)
        .where(Resident.user_id == actor.id, ResidentSupervisor.stood_down_at.is_(None))
    )
    statement = (
        select(Milestone)
        .join(Agreement)
        .where(
            Milestone.status == MilestoneStatus.COMMUNITY_VERIFIED,
            Agreement.status == AgreementStatus.SIGNED,
            Agreement.id.in_(watched),
        )
        .options(selectinload(Milestone.agreement).selectinload(Agreement.project))
        .order_by(Milestone.due_on)
    )
    return [
        DueItem(
            _("请您核实：%(name)s", name=milestone.name),
            f"/supervision/{milestone.agreement.ref}/milestones/{milestone.position}",
            str(STAGE),
            milestone.agreement.project.title,
        )
        for milestone in db.session.scalars(statement)
    ]


def _rechecks(actor: User) -> list[DueItem]:
    statement = (
        select(Rectification)
        .join(Agreement)
        .where(Rectification.status == RectificationStatus.ANSWERED)
        .options(selectinload(Rectification.agreement).selectinload(Agreement.project))
    )
    if not actor.has_role(Role.PROGRAMME):
        statement = statement.where(in_communities(actor.community_ids))
    return [
        DueItem(
            _("复查整改：%(ref)s", ref=order.ref),
            f"/supervision/rectifications/{order.ref}",
            str(STAGE),
            order.agreement.project.title,
            order.due_on,
        )
        for order in db.session.scalars(statement.order_by(Rectification.due_on))
    ]


def _complaints(actor: User) -> list[DueItem]:
    statement = select(Complaint).where(Complaint.status == ComplaintStatus.OPEN, complaint_readable_by(actor))
    if actor.has_role(Role.SUPERVISOR):
        statement = statement.where(Complaint.is_whistleblowing)
    else:
        statement = statement.where(Complaint.is_whistleblowing.is_(False))
    return [
        DueItem(
            _("答复投诉：%(ref)s", ref=complaint.ref),
            f"/supervision/complaints/{complaint.ref}",
            str(STAGE),
            _("涉及项目 %(ref)s", ref=complaint.project_ref),
        )
        for complaint in db.session.scalars(statement.order_by(Complaint.sent_at))
    ]


_Find = Callable[[User], list[DueItem]]
_WAITING: tuple[tuple[tuple[Role, ...], _Find], ...] = (
    ((Role.ORGANISATION,), _for_organisation),
    ((Role.ORGANISATION,), _months_owed),
    ((Role.ORGANISATION,), _warnings),
    ((Role.RESIDENT,), _for_resident_supervisor),
    ((Role.PROGRAMME, Role.COMMUNITY), _rechecks),
    ((Role.PROGRAMME, Role.COMMUNITY), _reports_to_read),
    ((Role.PROGRAMME, Role.COMMUNITY, Role.COMMUNITY_SUPERVISOR), _made_by_me),
    ((Role.PROGRAMME, Role.COMMUNITY, Role.APPROVER), _late_orders),
    ((Role.APPROVER,), _bulletins),
    ((Role.PROGRAMME,), _opinions),
    ((Role.PROGRAMME,), _made_late),
    ((Role.PROGRAMME,), _quarter_to_plan),
    ((Role.PROGRAMME,), _to_draw),
    ((Role.PROGRAMME, Role.COMMUNITY, Role.SUPERVISOR), _complaints),
)
"""Which roles something waits for, in the order of the desk."""
