"""Who may do what while a project runs; each answer is the sentence that the person reads."""

from grants.agreements.models import Agreement, Milestone
from grants.agreements.policy import acts_for, is_of_community, why_not_running
from grants.agreements.policy import why_not_read as why_not_read_agreement
from grants.foundation.clock import local, now, today
from grants.foundation.i18n import _
from grants.people.models import User
from grants.people.rules import Role
from grants.supervision import queries
from grants.supervision.models import (
    Activity,
    ActivityEvidence,
    Complaint,
    Inspection,
    ProgressReport,
    Rectification,
    RectificationStep,
    ResidentSupervisor,
    SupervisionOpinion,
)
from grants.supervision.queries.complaints import READERS as COMPLAINT_READERS
from grants.supervision.rules import (
    ActivityStatus,
    EvidenceKind,
    InspectionStatus,
    RectificationStatus,
    RegistrationStatus,
    RemarkSide,
    ReportStatus,
    StepKind,
    has_begun,
    setting,
)


def why_not_watch(actor: User | None, agreement: Agreement) -> str | None:
    """Say why the account may not open the supervision file of an agreement."""
    reason = why_not_read_agreement(actor, agreement)
    if reason is None or queries.is_supervisor_of(actor, agreement.id):
        return None
    return _("监督档案供承接组织、所在社区、街道有关部门和抽取的居民监督员查阅；公开的活动请看“活动”页面。")


def is_only_resident(actor: User) -> bool:
    """Tell whether the account has no office and no organisation: its start page is what it was drawn for."""
    return actor.roles == {Role.RESIDENT}


def is_overseer(actor: User | None, agreement: Agreement) -> bool:
    """Tell whether the account watches the agreement by office: the programme, or the project's own community."""
    return actor is not None and (actor.has_role(Role.PROGRAMME) or is_of_community(actor, agreement))


def _why_not_overseer(actor: User, agreement: Agreement) -> str | None:
    if acts_for(actor, agreement):
        return _("承接组织的人员不能监督自己的项目。")
    if is_overseer(actor, agreement):
        return None
    if actor.has_role(Role.COMMUNITY):
        return _("这个项目在%(community)s实施，由该社区居委会办理。", community=agreement.project.community.name)
    return _("由项目所在社区居委会或社区建设部办理。")


# Activities


def why_not_announce(actor: User, agreement: Agreement) -> str | None:
    """Say why the account cannot announce an activity."""
    if not acts_for(actor, agreement):
        return _("活动由承接组织预告。")
    return why_not_running(agreement)


def why_not_record(actor: User, activity: Activity) -> str | None:
    """Say why the account cannot record what an activity was."""
    if not acts_for(actor, activity.agreement):
        return _("活动记录由承接组织填写。")
    if activity.held_on > today():
        return _("活动还没有举行，结束后再填写记录。")
    return why_not_running(activity.agreement)


def why_not_cancel(actor: User, activity: Activity) -> str | None:
    """Say why the account cannot cancel an announced activity."""
    return None if acts_for(actor, activity.agreement) else _("活动由承接组织取消。")


def why_not_show_code(actor: User | None, activity: Activity) -> str | None:
    """Say why the account may not see the sign-in code, which is shown on the spot only."""
    if acts_for(actor, activity.agreement) or is_overseer(actor, activity.agreement):
        return None
    return _("签到码在活动现场出示。")


def why_not_sign_in(actor: User | None, activity: Activity) -> str | None:
    """Say why the account cannot sign in to the activity: residents do, for themselves, on the day."""
    if actor is None or actor.resident is None or not actor.has_role(Role.RESIDENT):
        return _("请用居民本人的账号签到；没有账号的，请在现场的纸质签到表上签名。")
    if activity.status is ActivityStatus.CANCELLED:
        return _("这场活动已取消。")
    if activity.held_on != today():
        return _("签到只在活动当天开放。")
    if activity.status is ActivityStatus.RECORDED:
        return _("活动记录已提交，签到已经结束。")
    if queries.has_signed_in(activity.id, actor.resident.id):
        return _("您已经签到过了，每人一次。")
    return None


def _why_no_seats(actor: User | None, activity: Activity) -> str | None:
    if actor is None or actor.resident is None or not actor.has_role(Role.RESIDENT):
        return _("请用居民本人的账号报名。")
    if activity.seat_count is None:
        return _("这场活动不用报名，直接来参加就可以。")
    if activity.status is ActivityStatus.CANCELLED:
        return _("这场活动已取消。")
    if activity.status is ActivityStatus.RECORDED or has_begun(activity.held_on, activity.starts, local(now())):
        return _("活动已经开始，报名结束。到了现场可以直接扫码签到。")
    return None


def is_signed_up(actor: User | None, activity: Activity) -> bool:
    """Tell whether the account's resident has a seat or waits for one."""
    if actor is None or actor.resident is None:
        return False
    found = queries.find_registration(activity.id, actor.resident.id)
    return found is not None and found.status is not RegistrationStatus.WITHDRAWN


def why_not_register(actor: User | None, activity: Activity) -> str | None:
    """Say why the account cannot sign up: residents do, for themselves, until the activity begins."""
    if reason := _why_no_seats(actor, activity):
        return reason
    return _("您已经报过名了。") if is_signed_up(actor, activity) else None


def why_not_withdraw(actor: User | None, activity: Activity) -> str | None:
    """Say why the account cannot take its signing up back."""
    if reason := _why_no_seats(actor, activity):
        return reason
    return None if is_signed_up(actor, activity) else _("您没有报名这场活动。")


def why_not_list_guests(actor: User | None, activity: Activity) -> str | None:
    """Say why the account may not see who signed up: those who hold the activity and those who watch by office do."""
    reason = why_not_read_agreement(actor, activity.agreement)
    return None if reason is None else _("报名和签到名单只供承接组织和监督人员查看。")


def why_not_open_evidence(actor: User | None, evidence: ActivityEvidence) -> str | None:
    """Say why the account may not open a piece of evidence; sign-in sheets carry names and are never public."""
    activity = evidence.activity
    is_photo = evidence.kind is EvidenceKind.PHOTO
    if is_photo and activity.has_cleared_photos and activity.status is ActivityStatus.RECORDED:
        return None
    if is_photo and queries.is_supervisor_of(actor, activity.agreement_id):
        return None
    if why_not_read_agreement(actor, activity.agreement) is None:
        return None
    return _("这份材料含有个人信息，不对外公开。")


# Resident supervisors


def why_not_draw(actor: User, agreement: Agreement) -> str | None:
    """Say why the account cannot draw resident supervisors."""
    if not actor.has_role(Role.PROGRAMME):
        return _("居民监督员由社区建设部抽取。")
    return why_not_running(agreement)


def why_not_stand_down(actor: User, supervisor: ResidentSupervisor) -> str | None:
    """Say why the account cannot release a resident from the duty: the resident can, and the programme."""
    if supervisor.stood_down_at is not None:
        return _("这位居民监督员已经退出。")
    if actor.has_role(Role.PROGRAMME) or supervisor.resident.user_id == actor.id:
        return None
    return _("只有本人或社区建设部可以办理退出。")


def why_not_verify(actor: User, milestone: Milestone) -> str | None:
    """Say why the account cannot verify a milestone as a resident, or send it back."""
    if not queries.is_supervisor_of(actor, milestone.agreement_id):
        return _("由为这个项目抽取的居民监督员核实。")
    if actor.id in {milestone.claimed_by_id, milestone.community_by_id} or acts_for(actor, milestone.agreement):
        return _("申报、社区核实、居民核实应由三位不同的人办理。")
    return why_not_running(milestone.agreement)


def why_not_visit(actor: User, agreement: Agreement) -> str | None:
    """Say why the account cannot record a visit."""
    if queries.is_supervisor_of(actor, agreement.id) and not acts_for(actor, agreement):
        return why_not_running(agreement)
    return _why_not_overseer(actor, agreement) or why_not_running(agreement)


# Orders to put something right


def why_not_rectify(actor: User, agreement: Agreement) -> str | None:
    """Say why the account cannot order something to be put right."""
    return _why_not_overseer(actor, agreement) or why_not_running(agreement)


why_not_clear_flag = why_not_rectify
"""Whoever may order something to be put right may also say that a sign turned out to be harmless."""


def why_not_answer_order(actor: User, order: Rectification) -> str | None:
    """Say why the account cannot answer an order."""
    return None if acts_for(actor, order.agreement) else _("整改由承接组织完成并答复。")


def why_not_recheck(actor: User, order: Rectification) -> str | None:
    """Say why the account cannot re-check what the organisation did about an order."""
    if actor.id == order.answered_by_id:
        return _("答复整改的人不能自己复查。")
    return _why_not_overseer(actor, order.agreement)


def _why_not_late(order: Rectification) -> str | None:
    if order.status is not RectificationStatus.OPEN:
        return _("承接组织已经答复或整改已经销号。")
    return None if order.due_on < today() else _("整改期限还没有到。")


def steps_since_due(order: Rectification) -> list[RectificationStep]:
    """Return what was done since the present deadline passed; a new deadline begins anew."""
    return [step for step in order.steps if local(step.at).date() > order.due_on]


def why_not_remind(actor: User, order: Rectification) -> str | None:
    """Say why the account cannot remind the organisation of a late order."""
    if reason := _why_not_overseer(actor, order.agreement) or _why_not_late(order):
        return reason
    if any(step.kind is StepKind.REMIND and local(step.at).date() == today() for step in order.steps):
        return _("今天已经催办过。")
    return None


def why_not_escalate(actor: User, order: Rectification) -> str | None:
    """Say why the account cannot report a late order to the leader."""
    if reason := _why_not_overseer(actor, order.agreement) or _why_not_late(order):
        return reason
    kinds = {step.kind for step in steps_since_due(order)}
    if StepKind.ESCALATE in kinds:
        return _("已经报请分管领导。")
    days = int(setting(order.agreement.project.round.settings, "escalation_days"))
    if StepKind.REMIND not in kinds or (today() - order.due_on).days < days:
        return _("先催办；逾期满 %(days)s 天仍未整改的，报请分管领导。", days=days)
    return None


def why_not_instruct(actor: User, order: Rectification) -> str | None:
    """Say why the account cannot instruct on a late order: the leader does, once for each report."""
    if not actor.has_role(Role.APPROVER):
        return _("由分管领导批示。")
    kinds = [step.kind for step in order.steps if step.kind is not StepKind.REMIND]
    if order.status is RectificationStatus.CLOSED or not kinds or kinds[-1] is not StepKind.ESCALATE:
        return _("没有待批示的报告。")
    return None


# Opinions of the supervisor


def why_not_leave_opinion(actor: User) -> str | None:
    """Say why the account cannot leave an opinion of the supervisor."""
    return None if actor.has_role(Role.SUPERVISOR) else _("监督意见由纪监委填写。")


def why_not_answer_opinion(actor: User, opinion: SupervisionOpinion) -> str | None:
    """Say why the account cannot answer an opinion."""
    if not actor.has_role(Role.PROGRAMME):
        return _("监督意见由社区建设部答复。")
    return None if opinion.answer is None else _("这条意见已经答复过了。")


def why_not_read_opinions(actor: User | None) -> str | None:
    """Say why the account may not read the supervisor's opinions: the offices of the street do."""
    readers = (Role.SUPERVISOR, Role.PROGRAMME, Role.APPROVER)
    return None if actor is not None and actor.has_role(*readers) else _("监督意见由街道有关部门查阅。")


# Complaints


def why_not_read_complaint(actor: User, complaint: Complaint) -> str | None:
    """Say why the account may not read a complaint; reports of misconduct go to the supervisor only."""
    if complaint.is_whistleblowing:
        return None if actor.has_role(Role.SUPERVISOR) else _("举报件只由纪监委受理。")
    if complaint.sent_by_id == actor.id or actor.has_role(*COMPLAINT_READERS):
        return None
    project = queries.find_project(complaint.project_ref)
    if project is not None and project.community_id in actor.community_ids:
        return None
    return _("您不能查看这件投诉。")


def why_not_answer_complaint(actor: User, complaint: Complaint) -> str | None:
    """Say why the account cannot answer a complaint: programme or own community; misconduct the supervisor."""
    if complaint.is_whistleblowing:
        return why_not_read_complaint(actor, complaint)
    project = queries.find_project(complaint.project_ref)
    if actor.id == complaint.sent_by_id:
        return _("不能答复自己提出的投诉。")
    if actor.has_role(Role.PROGRAMME) or (project is not None and project.community_id in actor.community_ids):
        return None
    return _("投诉由项目所在社区居委会或社区建设部答复。")


def why_not_reveal(actor: User, complaint: Complaint) -> str | None:
    """Say why the account may not see how to reach the sender: only those who answer may."""
    if complaint.contact_cipher is None:
        return _("投诉人没有留下联系方式。")
    return why_not_answer_complaint(actor, complaint)


# Monthly plans and reports


def why_not_report(actor: User, agreement: Agreement) -> str | None:
    """Say why the account can neither file monthly plans nor write monthly reports."""
    if not acts_for(actor, agreement):
        return _("月度计划和月报由承接组织填报。")
    return why_not_running(agreement)


def why_not_read_report(actor: User | None, report: ProgressReport) -> str | None:
    """Say why the account may not read a monthly report: a draft is its writers' own."""
    reason = why_not_watch(actor, report.agreement)
    if reason is None and report.status is ReportStatus.DRAFT and not acts_for(actor, report.agreement):
        return _("这个月的月报还没有报送。")
    return reason


def remark_side(actor: User | None, agreement: Agreement) -> RemarkSide | None:
    """Return for which side the account remarks on monthly reports; an officer's own community comes first."""
    if actor is None or acts_for(actor, agreement):
        return None
    if is_of_community(actor, agreement):
        return RemarkSide.COMMUNITY
    return RemarkSide.PROGRAMME if actor.has_role(Role.PROGRAMME) else None


def why_not_remark(actor: User, report: ProgressReport) -> str | None:
    """Say why the account cannot remark on a monthly report."""
    side = remark_side(actor, report.agreement)
    if side is None:
        return _("月报由项目所在社区居委会和社区建设部审阅。")
    if report.status is ReportStatus.DRAFT:
        return _("这个月的月报还没有报送。")
    if any(one.side is side for one in report.remarks):
        return _("本方已经审阅过这份月报。")
    return None


# Inspections


def why_not_plan_inspection(actor: User, agreement: Agreement) -> str | None:
    """Say why the account can neither plan an inspection nor call one off."""
    if not actor.has_role(Role.PROGRAMME):
        return _("检查由社区建设部安排。")
    return why_not_running(agreement)


def why_not_assign(user: User, agreement: Agreement) -> str | None:
    """Say why somebody cannot be sent to inspect a project."""
    return _why_not_overseer(user, agreement)


def why_not_record_inspection(actor: User, inspection: Inspection) -> str | None:
    """Say why the account cannot write down what an inspection found: the person who was sent does."""
    if actor.id != inspection.assigned_to_id:
        return _("由指定的检查人填写：%(name)s。", name=inspection.assigned_to.display_name)
    return _why_not_overseer(actor, inspection.agreement) or why_not_running(inspection.agreement)


def why_not_read_inspection(actor: User | None, inspection: Inspection) -> str | None:
    """Say why the account may not read an inspection: the inspected read the result, not the plan."""
    reason = why_not_watch(actor, inspection.agreement)
    if reason is None and inspection.status is not InspectionStatus.DONE and not _is_staff_reader(actor, inspection):
        return _("检查完成后，承接组织和居民监督员才能看到结果。")
    return reason


def _is_staff_reader(actor: User | None, inspection: Inspection) -> bool:
    if acts_for(actor, inspection.agreement):
        return False
    return why_not_read_agreement(actor, inspection.agreement) is None


def why_not_read_calls(actor: User | None, inspection: Inspection) -> str | None:
    """Say why the account may not see whom was called and what they said: not the inspected, ever."""
    return None if _is_staff_reader(actor, inspection) else _("抽访对象和回答不提供给承接组织。")
