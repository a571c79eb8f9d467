"""Who may rank, propose, second, confirm and take back an award."""

from grants.foundation.i18n import _
from grants.people.models import User
from grants.people.rules import Role
from grants.rounds.models import Notice
from grants.rounds.queries import has_upheld_objection
from grants.rounds.rules import NoticeStatus
from grants.selection.models import Call
from grants.selection.policy.calls import why_not_officer
from grants.selection.policy.reexamining import why_reexamination_stops
from grants.selection.rules import CallStatus

PUBLISHED = frozenset({CallStatus.ANNOUNCED, CallStatus.AWARDED})


def why_not_see_ranking(actor: User, call: Call) -> str | None:
    """Say why the actor may not see the scores: nobody does before the ranking is made."""
    if not actor.has_role(Role.PROGRAMME, Role.APPROVER, Role.SUPERVISOR):
        return _("评审明细只对组织者和监督者开放；结果公示后请看征集公告页。")
    if call.ranked_at is None:
        return _("评分全部锁定并生成排名后才能查看，任何人都不能提前看到分数。")
    return None


def why_not_recount(actor: User | None, call: Call) -> str | None:
    """Say why somebody may not compute the ranking again: everybody may once it is published, the offices before."""
    if call.status in PUBLISHED:
        return None
    return _("结果公示后，任何人都可以下载评分数据复核。") if actor is None else why_not_see_ranking(actor, call)


def why_not_rank(actor: User, call: Call) -> str | None:
    """Say why the actor may not make the ranking (apart from what the scores still lack)."""
    if (reason := why_not_officer(actor)) is not None:
        return reason
    return None if call.status is CallStatus.REVIEWING else _("只有评审中的征集可以生成排名。")


def why_not_propose(actor: User, call: Call) -> str | None:
    """Say why the actor may not propose the award."""
    if (reason := why_not_officer(actor)) is not None:
        return reason
    if call.status is not CallStatus.RANKED:
        return _("生成排名后才能提出拟入选名单。")
    return _("拟入选名单已经提出，等待分管领导审定。") if call.decided_by_id else None


def why_not_second(actor: User, call: Call) -> str | None:
    """Say why the actor may not second (or send back) the award: a leader, and another person."""
    if not actor.has_role(Role.APPROVER):
        return _("拟入选名单由分管领导审定。")
    if call.status is not CallStatus.RANKED or call.decided_by_id is None:
        return _("没有等待审定的拟入选名单。")
    return _("提出人与审定人须是两个人。") if call.decided_by_id == actor.id else None


def why_not_confirm(actor: User, call: Call) -> str | None:
    """Say why the actor may not make the award final."""
    if (reason := why_not_officer(actor)) is not None:
        return reason
    if call.status is not CallStatus.ANNOUNCED or call.notice is None:
        return _("只有公示中的名单可以确认。")
    return why_notice_stops(call.notice) or why_reexamination_stops(call.notice)


def why_notice_stops(notice: Notice) -> str | None:
    """Say what in the notice stops the award: it was withdrawn, or an objection was upheld."""
    if notice.status is NoticeStatus.WITHDRAWN:
        return _("公示已撤回，请撤销拟入选决定后重新办理。")
    if has_upheld_objection(notice):
        return _("有异议成立，不能确认入选；请撤销拟入选决定后重新办理。")
    return None


def why_not_revoke(actor: User, call: Call) -> str | None:
    """Say why the actor may not take an announced award back."""
    if (reason := why_not_officer(actor)) is not None:
        return reason
    return None if call.status is CallStatus.ANNOUNCED else _("只有公示中的拟入选决定可以撤销。")
