"""Who may draw, declare, score, lock, explain and void; and what a score hides until it is locked."""

from grants.foundation.i18n import _
from grants.people.models import User
from grants.people.rules import Role
from grants.rounds import policy as rounds
from grants.rounds.rules import Phase
from grants.selection.models import Application, Call, Juror, PanelMember, Review
from grants.selection.policy.calls import why_not_officer
from grants.selection.rules import ApplicationStatus, CallStatus, ReviewStatus

_PENDING = frozenset({ApplicationStatus.SUBMITTED, ApplicationStatus.RETURNED})


def why_not_draw_panel(actor: User, call: Call) -> str | None:
    """Say why the actor may not draw the experts."""
    if (reason := why_not_officer(actor)) is not None:
        return reason
    if call.status is not CallStatus.CLOSED:
        return _("申报截止、资格审查完成后，抽取一次评审专家。")
    if any(one.status in _PENDING for one in call.applications):
        return _("还有申报书没有完成资格审查，请先逐一作出决定。")
    if not any(one.status is ApplicationStatus.ELIGIBLE for one in call.applications):
        return _("没有通过资格审查的申报书，请按流标处理后重新征集。")
    return rounds.why_not_in_phase(call.project.round, Phase.REVIEW)


def why_not_see_panel(actor: User) -> str | None:
    """Say why the actor may not see who was drawn."""
    if actor.has_role(Role.PROGRAMME, Role.APPROVER, Role.SUPERVISOR):
        return None
    return _("评审专家名单在评审期间只对组织者和监督者开放。")


def why_not_replace(actor: User, member: PanelMember, reviews: list[Review]) -> str | None:
    """Say why the actor may not replace an expert by the next of the draw."""
    if (reason := why_not_officer(actor)) is not None:
        return reason
    if member.call.status is not CallStatus.REVIEWING or member.replaced_at is not None:
        return _("只有评审期间在任的专家可以更换。")
    if any(one.status is ReviewStatus.LOCKED for one in reviews):
        return _("这位专家已有锁定的评分，不能更换。")
    return None


def is_sitting(actor: User, member: PanelMember) -> bool:
    """Tell whether the actor is this member of the panel and still sits on it."""
    return member.expert_id == actor.id and member.replaced_at is None and actor.has_role(Role.EXPERT)


def why_not_declare(actor: User, member: PanelMember) -> str | None:
    """Say why the actor may not declare ties for this call."""
    if not is_sitting(actor, member):
        return _("您不是这次评审的专家。")
    if member.declared_at is not None:
        return _("您已提交利益冲突声明。评分中发现需要回避的，请在评分表上申请回避。")
    return None if member.call.status is CallStatus.REVIEWING else _("评审还没有开始或已经结束。")


def may_open(actor: User, review: Review) -> bool:
    """Tell whether a score sheet exists for the actor: own, declared, and neither recused nor void."""
    return (
        is_sitting(actor, review.member)
        and review.member.declared_at is not None
        and review.status in {ReviewStatus.OPEN, ReviewStatus.LOCKED}
    )


def why_not_score(actor: User, review: Review) -> str | None:
    """Say why the actor may not write on the score sheet."""
    if not may_open(actor, review):
        return _("您没有这份评分表。")
    if review.status is not ReviewStatus.OPEN:
        return _("评分已锁定，不能再修改。")
    return None if review.application.call.status is CallStatus.REVIEWING else _("评审已经结束。")


def why_not_explain(actor: User, review: Review) -> str | None:
    """Say why the actor may not explain a deviating score."""
    if not may_open(actor, review) or review.status is not ReviewStatus.LOCKED:
        return _("只有锁定后的评分需要说明偏离理由。")
    return None if review.application.call.status is CallStatus.REVIEWING else _("评审已经结束。")


def why_not_void(actor: User, review: Review) -> str | None:
    """Say why the actor may not propose to void a locked sheet (two persons, with a reason)."""
    if not actor.has_role(Role.PROGRAMME, Role.APPROVER):
        return _("评分作废须由社区建设部与分管领导双人办理。")
    if review.status is not ReviewStatus.LOCKED:
        return _("只有已锁定的评分可以作废。")
    if review.application.call.status is not CallStatus.REVIEWING:
        return _("排名已经产生，不能再作废评分。")
    return _("已有作废申请等待批准。") if review.void_proposed_by_id else None


def why_not_decide_void(actor: User, review: Review, proposer: User) -> str | None:
    """Say why the actor may not sign the voiding as the second person, who has the other role."""
    wanted = Role.PROGRAMME if proposer.has_role(Role.APPROVER) else Role.APPROVER
    if actor.id == proposer.id or not actor.has_role(wanted):
        return _("评分作废须由另一角色的第二人批准。")
    if review.status is not ReviewStatus.LOCKED or review.application.call.status is not CallStatus.REVIEWING:
        return _("当前状态下不能作废。")
    return None


def why_not_draw_jury(actor: User, call: Call) -> str | None:
    """Say why the actor may not draw the residents' jury."""
    if (reason := why_not_officer(actor)) is not None:
        return reason
    if call.status is not CallStatus.REVIEWING:
        return _("抽取评审专家后，抽取一次居民评审团。")
    if call.jury_log:
        return _("居民评审团已经抽取。")
    return rounds.why_not_in_phase(call.project.round, Phase.REVIEW)


def is_juror(actor: User, juror: Juror) -> bool:
    """Tell whether the actor is the resident who was drawn."""
    return actor.resident is not None and actor.resident.id == juror.resident_id


def why_not_jury_score(actor: User, juror: Juror, application: Application) -> str | None:
    """Say why the actor may not give (or type in, from paper) a juror's points."""
    if not is_juror(actor, juror) and not _types_in_for(actor, juror):
        return _("您不是这次居民评审团的成员。")
    if application.call_id != juror.call_id or application.status is not ApplicationStatus.ELIGIBLE:
        return _("这份申报书不在评审范围内。")
    return None if juror.call.status is CallStatus.REVIEWING else _("评审还没有开始或已经结束。")


def _types_in_for(actor: User, juror: Juror) -> bool:
    """Tell whether the actor may type in a paper sheet: an officer of the community the project belongs to."""
    return juror.call.project.community_id in actor.community_ids


def why_not_give_opinion(actor: User, application: Application) -> str | None:
    """Say why the actor may not give the community's opinion."""
    call = application.call
    if call.project.community_id not in actor.community_ids:
        return _("只有项目所在社区的居委会可以提出意见。")
    if application.status is not ApplicationStatus.ELIGIBLE or call.status is not CallStatus.REVIEWING:
        return _("评审期间对通过资格审查的申报提出意见。")
    return None


def why_not_keep_expert(actor: User) -> str | None:
    """Say why the actor may not keep the pool of experts."""
    return why_not_officer(actor)
