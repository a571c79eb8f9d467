"""What waits for somebody in the selection: the lines of their desk."""

from collections.abc import Callable

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from grants.foundation.clock import local
from grants.foundation.database import database_now, db
from grants.foundation.due import DueItem
from grants.foundation.i18n import _
from grants.people.models import User
from grants.people.rules import Role
from grants.projects.models import Project
from grants.rounds.queries import phase_of
from grants.rounds.rules import NoticeStatus, Phase
from grants.selection.models import (
    Application,
    Call,
    CallExtension,
    CommunityOpinion,
    Juror,
    JuryScore,
    PanelMember,
    Review,
)
from grants.selection.queries import calls, questions, results
from grants.selection.rules import ApplicationStatus, CallStatus, ReviewStatus

_PENDING = (ApplicationStatus.SUBMITTED, ApplicationStatus.RETURNED)


def list_due_for(actor: User) -> list[DueItem]:
    """List what this account can do now in the selection; a few look-ups for each role it holds."""
    items: list[DueItem] = []
    for role, lines in _LINES.items():
        if actor.has_role(role):
            items += lines(actor)
    return items


def _for_organisation(actor: User) -> list[DueItem]:
    statement = (
        select(Application)
        .join(Call)
        .where(
            Application.organisation_id.in_(actor.organisation_ids),
            ((Application.status == ApplicationStatus.DRAFT) & (Call.status == CallStatus.OPEN))
            | (Application.status == ApplicationStatus.RETURNED),
        )
        .options(joinedload(Application.call).joinedload(Call.project))
        .order_by(Application.ref)
    )
    items = []
    for one in db.session.scalars(statement):
        is_returned = one.status is ApplicationStatus.RETURNED
        items.append(
            DueItem(
                title=_("补正并重新提交申报书") if is_returned else _("完成并提交申报书"),
                href=f"/applications/{one.ref}",
                stage=_("申报评审"),
                meta=one.call.project.title,
                due_on=one.correct_until if is_returned else local(one.call.closes_at).date(),
            )
        )
    return items


def _for_programme(actor: User) -> list[DueItem]:
    items = [
        DueItem(_("发布征集公告"), f"/calls/new?project={one.ref}", _("申报评审"), one.title)
        for one in calls.list_callable_projects()
    ]
    active = (CallStatus.OPEN, CallStatus.CLOSED, CallStatus.REVIEWING, CallStatus.RANKED, CallStatus.ANNOUNCED)
    waiting = questions.count_waiting()
    for call in _calls_in(active):
        items += _officer_lines(call)
        if call.id in waiting:
            text = _("答复申报咨询：%(count)s 条", count=waiting[call.id])
            due_on = local(call.closes_at).date()
            items.append(DueItem(text, f"/calls/{call.ref}#questions", _("申报评审"), call.project.title, due_on))
    return items


def _calls_in(statuses: tuple[CallStatus, ...]) -> list[Call]:
    statement = (
        select(Call)
        .where(Call.status.in_(statuses))
        .options(joinedload(Call.project).joinedload(Project.round), joinedload(Call.notice))
        .order_by(Call.ref)
    )
    return list(db.session.scalars(statement))


def _officer_lines(call: Call) -> list[DueItem]:
    title = call.project.title
    if call.status is CallStatus.OPEN and database_now() >= call.closes_at:
        return [
            DueItem(
                _("申报时间已到，截止申报"), f"/calls/{call.ref}", _("申报评审"), title, local(call.closes_at).date()
            )
        ]
    if call.status is CallStatus.CLOSED:
        return _checking_lines(call)
    if call.status is CallStatus.REVIEWING:
        return _review_lines(call)
    if call.status is CallStatus.RANKED and call.decided_by_id is None:
        return [DueItem(_("提出拟入选名单"), f"/calls/{call.ref}/award", _("申报评审"), title)]
    if call.status is CallStatus.ANNOUNCED and call.notice is not None:
        is_over = call.notice.status is NoticeStatus.ENDED or local(database_now()).date() > call.notice.ends_on
        return [DueItem(_("公示期满，确认入选"), f"/calls/{call.ref}/award", _("申报评审"), title)] if is_over else []
    return []


def _checking_lines(call: Call) -> list[DueItem]:
    statement = (
        select(func.count())
        .select_from(Application)
        .where(Application.call_id == call.id, Application.status.in_(_PENDING))
    )
    pending = db.session.execute(statement).scalar_one()
    if pending:
        text = _("资格审查：%(count)s 份申报书", count=pending)
        return [DueItem(text, f"/calls/{call.ref}/applications", _("申报评审"), call.project.title)]
    return [DueItem(_("抽取评审专家"), f"/calls/{call.ref}/panel", _("申报评审"), call.project.title)]


def _review_lines(call: Call) -> list[DueItem]:
    title = call.project.title
    if not call.jury_log:
        return [DueItem(_("抽取居民评审团"), f"/calls/{call.ref}/jury", _("申报评审"), title)]
    reasons = results.blockers(call)
    blocked = reasons[0] if reasons else None
    return [DueItem(_("生成评审排名"), f"/calls/{call.ref}/panel", _("申报评审"), title, blocked_by=blocked)]


def _for_leader(actor: User) -> list[DueItem]:
    items = [
        DueItem(_("审定拟入选名单"), f"/calls/{call.ref}/award", _("申报评审"), call.project.title)
        for call in _calls_in((CallStatus.RANKED,))
        if call.decided_by_id not in (None, actor.id)
    ]
    waiting = select(CallExtension).where(CallExtension.is_approved.is_(None)).options(joinedload(CallExtension.call))
    items += [
        DueItem(_("审批申报延期"), f"/calls/{one.call.ref}", _("申报评审"), one.reason)
        for one in db.session.scalars(waiting)
        if one.proposed_by_id != actor.id and one.call.status is CallStatus.OPEN
    ]
    voids = (
        select(Review)
        .where(Review.status == ReviewStatus.LOCKED, Review.void_proposed_by_id.is_not(None))
        .options(joinedload(Review.application).joinedload(Application.call))
    )
    items += [
        DueItem(_("审批评分作废"), f"/calls/{one.application.call.ref}/panel", _("申报评审"), one.void_reason or "")
        for one in db.session.scalars(voids)
        if one.void_proposed_by_id != actor.id
    ]
    return items


def _for_expert(actor: User) -> list[DueItem]:
    statement = (
        select(PanelMember)
        .join(Call)
        .where(
            PanelMember.expert_id == actor.id,
            PanelMember.replaced_at.is_(None),
            Call.status == CallStatus.REVIEWING,
        )
        .options(joinedload(PanelMember.call).joinedload(Call.project).joinedload(Project.round))
    )
    items = []
    for seat in db.session.scalars(statement):
        items += _seat_lines(seat)
    return items


def _seat_lines(seat: PanelMember) -> list[DueItem]:
    call = seat.call
    phase = phase_of(call.project.round, Phase.REVIEW)
    due_on = phase.ends_on if phase else None
    if seat.declared_at is None:
        return [
            DueItem(
                _("提交利益冲突声明"), f"/reviews/{call.ref}/declaration", _("申报评审"), call.project.title, due_on
            )
        ]
    counted = select(func.count()).select_from(Review).where(Review.member_id == seat.id)
    left = db.session.execute(counted.where(Review.status == ReviewStatus.OPEN)).scalar_one()
    items = []
    if left:
        text = _("评审打分：还有 %(count)s 份", count=left)
        items.append(DueItem(text, f"/reviews/{call.ref}", _("申报评审"), call.project.title, due_on))
    owed = [one for one in results.deviating(call) if one.member_id == seat.id and not one.deviation_reason]
    if owed:
        items.append(
            DueItem(_("说明评分偏离理由"), f"/reviews/sheet/{owed[0].id}", _("申报评审"), call.project.title, due_on)
        )
    return items


def _for_resident(actor: User) -> list[DueItem]:
    if actor.resident is None:
        return []
    mine = Juror.resident_id == actor.resident.id
    given = select(JuryScore.application_id).join(Juror).where(mine)
    waiting = select(Application.call_id).where(
        Application.status == ApplicationStatus.ELIGIBLE, Application.id.not_in(given)
    )
    statement = (
        select(Call)
        .join(Juror, Juror.call_id == Call.id)
        .where(mine, Call.status == CallStatus.REVIEWING, Call.id.in_(waiting))
        .options(joinedload(Call.project))
    )
    return [
        DueItem(_("居民评审团：为项目打分"), f"/reviews/jury/{call.ref}", _("申报评审"), call.project.title)
        for call in db.session.scalars(statement)
    ]


def _for_community(actor: User) -> list[DueItem]:
    answered = select(CommunityOpinion.application_id)
    statement = (
        select(Application)
        .join(Call)
        .join(Project)
        .where(
            Project.community_id.in_(actor.community_ids),
            Call.status == CallStatus.REVIEWING,
            Application.status == ApplicationStatus.ELIGIBLE,
            Application.id.not_in(answered),
        )
        .options(joinedload(Application.organisation))
        .order_by(Application.ref)
    )
    return [
        DueItem(
            _("提出社区意见"),
            f"/applications/{one.ref}/opinion",
            _("申报评审"),
            f"{one.title} · {one.organisation.name}",
        )
        for one in db.session.scalars(statement)
    ]


_LINES: dict[Role, Callable[[User], list[DueItem]]] = {
    Role.ORGANISATION: _for_organisation,
    Role.PROGRAMME: _for_programme,
    Role.APPROVER: _for_leader,
    Role.EXPERT: _for_expert,
    Role.RESIDENT: _for_resident,
    Role.COMMUNITY: _for_community,
}
