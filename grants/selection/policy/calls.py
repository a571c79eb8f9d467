"""Who may publish, close, extend and give up a call."""

from datetime import datetime

from grants.foundation.i18n import _
from grants.people.models import User
from grants.people.rules import Role
from grants.projects.models import Project
from grants.projects.rules import ProjectStatus
from grants.rounds import policy as rounds
from grants.rounds.rules import Phase
from grants.selection.models import Call, CallExtension, CallQuestion
from grants.selection.rules import CALL_FLOW, CallAction, CallStatus
from grants.selection.rules import settings as rules


def is_accepting(call: Call, at: datetime) -> bool:
    """Tell whether applications may be written and handed in at this moment of the database's clock."""
    return call.status is CallStatus.OPEN and call.opens_at <= at < call.closes_at


def why_not_officer(actor: User) -> str | None:
    """Say why the actor may not run calls at all."""
    return None if actor.has_role(Role.PROGRAMME) else _("只有社区建设部的工作人员可以办理项目征集与遴选。")


def why_not_publish(actor: User, project: Project) -> str | None:
    """Say why the actor may not publish a call for this project."""
    if (reason := why_not_officer(actor)) is not None:
        return reason
    if project.status is not ProjectStatus.FUNDED:
        return _("项目立项公示结束并落实资金后，才能发布征集公告。")
    return rounds.why_not_in_phase(project.round, Phase.CALL)


def why_not_close(actor: User, call: Call, at: datetime) -> str | None:
    """Say why the actor may not close the call; nobody closes it before its time, but in a rehearsal round."""
    if (reason := why_not_officer(actor)) is not None:
        return reason
    if call.status is not CallStatus.OPEN:
        return _("征集已经截止。")
    if at < call.closes_at and not call.project.round.is_rehearsal:
        return _("还没有到公告的截止时间，不能提前截止。")
    return None


def why_not_extend(actor: User, call: Call, at: datetime) -> str | None:
    """Say why the actor may not propose a later deadline."""
    if not actor.has_role(Role.PROGRAMME, Role.APPROVER):
        return _("只有社区建设部或分管领导可以提出延期。")
    return None if is_accepting(call, at) else _("申报已经截止，不能再延期；如无合格申报，请按流标重新征集。")


def why_not_decide_extension(actor: User, extension: CallExtension, at: datetime) -> str | None:
    """Say why the actor may not sign a later deadline; the second person has the other role."""
    if extension.is_approved is not None:
        return _("这项延期申请已有处理结果。")
    if extension.proposed_by_id == actor.id:
        return _("延期须由另一人批准，不能自提自批。")
    wanted = Role.PROGRAMME if extension.proposed_by.has_role(Role.APPROVER) else Role.APPROVER
    if not actor.has_role(wanted):
        return _("延期由社区建设部与分管领导双人办理。")
    return None if is_accepting(extension.call, at) else _("申报已经截止，延期申请失效。")


def is_sealed(call: Call, at: datetime) -> bool:
    """Tell whether what was handed in for this call is still closed to everybody but its authors."""
    return rules.is_sealed(call.status, call.closes_at, call.project.round.settings, at)


def why_not_open(call: Call, at: datetime) -> str | None:
    """Say why nobody may look at the applications of a call yet, however high their office."""
    return _("本届申报实行截止前封存：截止时间以前，任何工作人员只能看到申报份数。") if is_sealed(call, at) else None


def why_not_ask(actor: User, call: Call, at: datetime) -> str | None:
    """Say why the actor may not ask about the call; questions end some days before the deadline."""
    if not actor.has_role(Role.ORGANISATION, Role.RESIDENT, Role.COMMUNITY):
        return _("咨询由社会组织、居民和社区提出。")
    if not is_accepting(call, at):
        return _("现在不在申报时间内，不再接受咨询。")
    if at >= questions_close_at(call):
        return _("咨询已经截止；已答复的内容仍可查看。")
    return None


def questions_close_at(call: Call) -> datetime:
    """Return until when questions on this call are taken; a later deadline moves it."""
    return rules.questions_close_at(call.closes_at, call.project.round.settings)


def why_not_answer(actor: User, question: CallQuestion) -> str | None:
    """Say why the actor may not answer a question; an answer is public and stays."""
    if (reason := why_not_officer(actor)) is not None:
        return reason
    if question.answer is not None:
        return _("这个问题已有公开答复。")
    return _("不能答复自己提出的问题。") if question.asked_by_id == actor.id else None


def why_not_fail(actor: User, call: Call) -> str | None:
    """Say why the actor may not declare that the call found nobody (流标)."""
    if (reason := why_not_officer(actor)) is not None:
        return reason
    return None if CALL_FLOW.allows(call.status, CallAction.FAIL) else _("当前阶段不能宣布流标。")
