"""Who may do what with a need; each answer is the sentence that the person reads."""

from uuid import UUID

from grants.foundation.i18n import _
from grants.needs import queries
from grants.needs.models import Need, NeedAttachment
from grants.needs.rules import (
    ENDED,
    NEED_FLOW,
    OPEN_FOR_POLL,
    OPEN_FOR_SUPPORT,
    MeetingKind,
    NeedAction,
    NeedStatus,
    Outcome,
    Triage,
)
from grants.people.models import Place, User
from grants.people.rules import Role
from grants.rounds import policy as rounds
from grants.rounds.models import Round
from grants.rounds.rules import Phase, RoundStatus
from grants.voting import queries as voting
from grants.voting.rules import PollStatus

POLL_RUNNING = frozenset({PollStatus.FROZEN, PollStatus.OPEN, PollStatus.CLOSED, PollStatus.SEALED})


def why_not_raise(actor: User, round: Round) -> str | None:
    """Say why the account cannot raise a need in this round: residents do, each in their own community."""
    if actor.resident is None or not actor.has_role(Role.RESIDENT):
        return _("只有在册居民可以提出需求。请用居民账号登录，或到社区居委会服务窗口，由工作人员代为登记。")
    return rounds.why_not_in_phase(round, Phase.NEEDS)


def why_not_enter(actor: User, round: Round, community: Place) -> str | None:
    """Say why the officer cannot enter a need for a resident or from an unsigned paper."""
    return _why_not_of(actor, community) or rounds.why_not_in_phase(round, Phase.NEEDS)


def may_act_in(actor: User, community: Place) -> bool:
    """Tell whether the officer works for this community (the programme works for all)."""
    return _why_not_of(actor, community) is None


def communities_of(actor: User) -> set[UUID] | None:
    """Return the communities whose needs the officer works on; None stands for the whole street."""
    return None if actor.has_role(Role.PROGRAMME) else actor.community_ids


def _why_not_of(actor: User, community: Place) -> str | None:
    if actor.has_role(Role.PROGRAMME) or community.id in actor.community_ids:
        return None
    if actor.has_role(Role.COMMUNITY):
        return _("您负责的不是%(community)s，只能办理本社区的事项。", community=community.name)
    return _("只有社区居委会和社区建设部的工作人员可以办理。")


def why_not_second(actor: User, need: Need) -> str | None:
    """Say why the account cannot say “me too”: once a person, in one's own community, before the meeting."""
    resident = actor.resident
    if resident is None:
        return _("只有在册居民可以附议。")
    if resident.community_id != need.community_id:
        return _("附议只能在自己的社区进行。这条需求属于%(community)s，欢迎浏览。", community=need.community.name)
    if need.status not in OPEN_FOR_SUPPORT:
        return _("这条需求已进入后续环节，不再接受附议。")
    if queries.has_seconded(need, resident):
        return _("您已经表示过“我也需要”，每人计一次。")
    return None


def why_not_withdraw(actor: User, need: Need) -> str | None:
    """Say why the account cannot take its “me too” back."""
    resident = actor.resident
    if resident is None or not queries.has_seconded(need, resident):
        return _("您没有附议过这条需求。")
    if need.proposer_id == resident.id:
        return _("这条需求是您提出的，您的一票始终计入。")
    if need.status not in OPEN_FOR_SUPPORT:
        return _("这条需求已进入后续环节，附议人数不再变动。")
    return None


def may_screen_somewhere(actor: User | None) -> bool:
    """Tell whether screening is part of the account's work at all."""
    return actor is not None and actor.has_role(Role.COMMUNITY, Role.PROGRAMME)


def may_see_proposer(actor: User | None, need: Need) -> bool:
    """Tell whether the full name may be shown: to whoever handles the need, and to the proposer."""
    if actor is None:
        return False
    is_own = need.proposer is not None and need.proposer.user_id == actor.id
    return is_own or actor.has_role(Role.PROGRAMME, Role.SUPERVISOR) or need.community_id in actor.community_ids


def why_not_see_photo(actor: User | None, attachment: NeedAttachment) -> str | None:
    """Say why a photo is not shown: the public sees it after an officer released it."""
    if attachment.is_public or may_see_proposer(actor, attachment.need):
        return None
    return _("这张照片尚未公开：工作人员确认其中没有可辨认的个人之后才会公开。")


def why_not_screen(actor: User, need: Need) -> str | None:
    """Say why the officer has no say on this need."""
    refusal = _why_not_of(actor, need.community)
    if refusal is None and need.proposer is not None and need.proposer.user_id == actor.id:
        return _("这条需求由您本人提出，请由其他同志办理（回避）。")
    if refusal is None and need.round.status is not RoundStatus.OPEN:
        return _("本届未在进行中，不能再办理需求。")
    return refusal


def why_not_do(actor: User, need: Need, action: NeedAction) -> str | None:
    """Say why the officer cannot take this step with the need now; None where it is possible."""
    refusal = why_not_screen(actor, need)
    if refusal is None and not NEED_FLOW.allows(need.status, action):
        refusal = NEED_FLOW.refusal()
    if refusal is None and action is NeedAction.DECLINE:
        refusal = _why_not_decline(need)
    if refusal is None and action is NeedAction.ADOPT:
        refusal = _why_not_adopt(need)
    return refusal


def _why_not_decline(need: Need) -> str | None:
    """一根弦: a dispute is not ended by an officer, only by the residents' or representatives' meeting."""
    if need.status is not NeedStatus.DISPUTED:
        return None
    for decision in queries.list_decisions(need.ref):
        if decision.meeting.kind is not MeetingKind.DELIBERATION and decision.outcome is Outcome.REJECTED:
            return None
    return _("这条需求存在较大争议，须先提交居民（代表）会议表决；会议未通过的，才能答复不采纳。")


def _why_not_adopt(need: Need) -> str | None:
    """Adopted is what a meeting passed or a counted poll funded; a lost poll outweighs the meeting before it."""
    if need.triage is not Triage.SERVICE:
        return _("只有“靠服务解决”的需求可以立项；管理、执法类事项请转交有关部门。")
    poll = voting.find_poll_about(need.ref)
    if poll is not None and poll.status in POLL_RUNNING:
        return _("这条需求正在居民投票（%(poll)s）中，计票公布之后再定。", poll=poll.ref)
    result = voting.result_for(need.ref)
    if result is not None and not result.is_funded:
        return _("居民投票（%(poll)s）没有选中这条需求，本届不能采纳。%(why)s", poll=result.poll_ref, why=result.why)
    if result is None and need.status is not NeedStatus.DELIBERATED:
        return _("这条需求还没有议事会议通过，也没有在居民投票中入选，暂不能采纳。")
    return None


def why_not_merge(actor: User, need: Need, target: Need) -> str | None:
    """Say why one need cannot be united with another."""
    refusal = why_not_do(actor, need, NeedAction.MERGE)
    if refusal is not None:
        return refusal
    if need.id == target.id:
        return _("不能与自身合并。")
    if need.community_id != target.community_id or need.round_id != target.round_id:
        return _("只能与同一社区、同一届的需求合并。")
    if target.status in ENDED:
        return _("目标需求%(ref)s已办结，请选择仍在办理的需求。", ref=target.ref)
    return None


def why_not_meet(actor: User, round: Round, community: Place) -> str | None:
    """Say why the officer cannot put a meeting of this community on record."""
    refusal = _why_not_of(actor, community)
    if refusal is None and round.status is not RoundStatus.OPEN:
        return _("本届未在进行中，不能登记议事会议。")
    return refusal


def why_not_put_to_vote(actor: User, need: Need) -> str | None:
    """Say why residents cannot be asked to vote on this need."""
    refusal = _why_not_of(actor, need.community)
    if refusal is None and (need.status not in OPEN_FOR_POLL or need.triage is not Triage.SERVICE):
        return _("%(ref)s不能提交投票：须是“靠服务解决”、没有争议、尚未采纳的需求。", ref=need.ref)
    if refusal is None and (poll := voting.find_poll_about(need.ref)) is not None:
        return _("%(ref)s已列入投票 %(poll)s。", ref=need.ref, poll=poll.ref)
    return refusal


def may_see_minutes_file(actor: User | None, community_id: object) -> bool:
    """Tell whether the signed sheet may be opened: names and signatures are never public."""
    if actor is None:
        return False
    return actor.has_role(Role.PROGRAMME, Role.APPROVER, Role.SUPERVISOR) or community_id in actor.community_ids
