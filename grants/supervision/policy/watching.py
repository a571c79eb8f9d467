"""Who may draw and release resident supervisors, visit, order something to be put right, leave an opinion."""

from grants.agreements.models import Agreement, Milestone
from grants.agreements.policy import acts_for, why_not_running
from grants.foundation.clock import local, today
from grants.foundation.i18n import _
from grants.people.models import User
from grants.people.rules import Role
from grants.supervision import queries
from grants.supervision.models import Rectification, RectificationStep, ResidentSupervisor, SupervisionOpinion
from grants.supervision.policy.common import watches_for_community, why_not_oversee
from grants.supervision.rules import RectificationStatus, StepKind, setting


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
    if watches_for_community(actor, agreement):
        return why_not_running(agreement)
    return why_not_oversee(actor, agreement) or why_not_running(agreement)


# Orders to put something right


def why_not_rectify(actor: User, agreement: Agreement) -> str | None:
    """Say why the account cannot order something to be put right."""
    return why_not_oversee(actor, agreement) or why_not_running(agreement)


why_not_clear_flag = why_not_rectify
"""Whoever may order something to be put right may also say that a sign turned out to be harmless."""


def why_not_answer_order(actor: User, order: Rectification) -> str | None:
    """Say why the account cannot answer an order."""
    return None if acts_for(actor, order.agreement) else _("整改由承接组织完成并答复。")


def why_not_recheck(actor: User, order: Rectification) -> str | None:
    """Say why the account cannot re-check what the organisation did about an order."""
    if actor.id == order.answered_by_id:
        return _("答复整改的人不能自己复查。")
    return why_not_oversee(actor, order.agreement)


def _why_not_late(order: Rectification) -> str | None:
    if order.status is not RectificationStatus.OPEN:
        return _("承接组织已经答复或整改已经销号。")
    return None if order.due_on < today() else _("整改期限还没有到。")


def steps_since_due(order: Rectification) -> list[RectificationStep]:
    """Return what was done since the present deadline passed; a new deadline begins anew."""
    return [step for step in order.steps if local(step.at).date() > order.due_on]


def why_not_remind(actor: User, order: Rectification) -> str | None:
    """Say why the account cannot remind the organisation of a late order."""
    if reason := why_not_oversee(actor, order.agreement) or _why_not_late(order):
        return reason
    if any(step.kind is StepKind.REMIND and local(step.at).date() == today() for step in order.steps):
        return _("今天已经催办过。")
    return None


def why_not_escalate(actor: User, order: Rectification) -> str | None:
    """Say why the account cannot report a late order to the leader."""
    if reason := why_not_oversee(actor, order.agreement) or _why_not_late(order):
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


def why_not_leave_opinion(actor: User, agreement: Agreement) -> str | None:
    """Say why the account cannot leave an opinion: the supervisor of the street can, and that of the community."""
    if actor.has_role(Role.SUPERVISOR) or watches_for_community(actor, agreement):
        return None
    return _("监督意见由纪监委和项目所在社区的居务监督填写。")


def why_not_answer_opinion(actor: User, opinion: SupervisionOpinion) -> str | None:
    """Say why the account cannot answer an opinion."""
    if not actor.has_role(Role.PROGRAMME):
        return _("监督意见由社区建设部答复。")
    return None if opinion.answer is None else _("这条意见已经答复过了。")


def why_not_read_opinions(actor: User | None, agreement: Agreement) -> str | None:
    """Say why the account may not read opinions: the offices of the street do, and who watches for the community."""
    readers = (Role.SUPERVISOR, Role.PROGRAMME, Role.APPROVER)
    if actor is not None and (actor.has_role(*readers) or watches_for_community(actor, agreement)):
        return None
    return _("监督意见由街道有关部门和居务监督查阅。")
