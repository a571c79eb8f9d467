"""What an actor may do with a poll, and why not."""

import uuid
from datetime import datetime

from grants.foundation.i18n import _
from grants.people.models import User
from grants.people.rules import PlaceKind, Role
from grants.voting import queries
from grants.voting.models import PaperBatch, Poll, PollAmendment, RollEntry
from grants.voting.rules import AmendmentKind, AmendmentStatus, BatchStatus, PollStatus


def why_not_draft(actor: User, community_id: uuid.UUID) -> str | None:
    """Say why the actor may not draft a poll for a community."""
    if actor.has_role(Role.PROGRAMME) or community_id in actor.community_ids:
        return None
    return _("只有社区建设部和本社区居委会可以起草投票。")


def why_not_edit(actor: User, poll: Poll) -> str | None:
    """Say why the actor may not change a draft."""
    if poll.status is not PollStatus.DRAFT:
        return _("规则锁定后投票内容不能再改。")
    return why_not_draft(actor, poll.community_id)


def why_not_freeze(actor: User, poll: Poll) -> str | None:
    """Say why the actor may not freeze the rules."""
    if not actor.has_role(Role.PROGRAMME):
        return _("只有社区建设部可以锁定投票规则。")
    return _("只有草拟中的投票可以锁定规则。") if poll.status is not PollStatus.DRAFT else None


def why_not_open(actor: User, poll: Poll) -> str | None:
    """Say why the actor may not open the poll: it takes somebody other than who froze it."""
    if poll.status is not PollStatus.FROZEN:
        return _("规则锁定后才能开放投票。")
    return why_not_second(actor, poll)


def why_not_second(actor: User, poll: Poll) -> str | None:
    """Say why the actor cannot be the second person for this poll."""
    if not actor.has_role(Role.PROGRAMME, Role.APPROVER):
        return _("只有社区建设部或分管领导可以办理。")
    if actor.id == poll.frozen_by_id:
        return _("锁定规则和开放、截止投票须由不同的人办理。")
    return None


def why_not_close(actor: User, poll: Poll, moment: datetime) -> str | None:
    """Say why the actor may not close the poll now; early closing exists in rehearsal rounds only."""
    if poll.status is not PollStatus.OPEN:
        return _("只有开放中的投票可以截止。")
    if not actor.has_role(Role.PROGRAMME, Role.APPROVER):
        return _("只有社区建设部或分管领导可以办理。")
    if moment < poll.closes_at and not poll.round.settings.get("is_rehearsal"):
        return _("还没有到公布的截止时间，不能提前截止。")
    if queries.waits_for_extension(poll):
        return _("有延长投票时间的提议还没有办理，请先办理。")
    return None


def why_not_count(actor: User, poll: Poll) -> str | None:
    """Say why the actor may not count the poll."""
    if poll.status is not PollStatus.SEALED:
        return _("票箱封存后才能计票。")
    return why_not_second(actor, poll)


def why_not_draw(actor: User, poll: Poll) -> str | None:
    """Say why the actor may not draw the lot for ties."""
    if poll.status is not PollStatus.SEALED:
        return _("票箱封存后才能抽签。")
    return _("已经抽过签，不能重抽。") if poll.tie_seed else why_not_second(actor, poll)


def why_not_before_lot(poll: Poll) -> str | None:
    """Say why a poll cannot be counted yet: the lot for ties is drawn and published first."""
    return None if poll.tie_seed else _("请先公开抽签，再计票。")


def why_not_seal(actor: User, poll: Poll) -> str | None:
    """Say why the actor may not ask for the box to be sealed."""
    if poll.status is not PollStatus.CLOSED:
        return _("投票截止后才能封存票箱。")
    if not actor.has_role(Role.PROGRAMME, Role.APPROVER):
        return _("只有社区建设部或分管领导可以申请封存票箱。")
    return _("已经申请封存，等待纪监委见证。") if poll.sealed_by_id else None


def why_not_witness(actor: User, poll: Poll) -> str | None:
    """Say why the actor may not witness the sealing: the supervisor does, after an officer has asked."""
    if not actor.has_role(Role.SUPERVISOR):
        return _("封存票箱须由纪监委见证。")
    if poll.status is not PollStatus.CLOSED or poll.sealed_by_id is None:
        return _("经办人申请封存后，纪监委才能见证。")
    return _("申请封存和见证须由不同的人办理。") if actor.id == poll.sealed_by_id else None


def why_not_in_time(poll: Poll, moment: datetime) -> str | None:
    """Say why no ballot is taken at this moment, by the database's clock."""
    if poll.status in {PollStatus.DRAFT, PollStatus.FROZEN} or moment < poll.opens_at:
        return _("投票还没有开始。")
    if poll.status is not PollStatus.OPEN or moment >= poll.closes_at:
        return _("投票已经截止。")
    return None


# Changes after the freeze

AMENDABLE = frozenset({PollStatus.FROZEN, PollStatus.OPEN})


def why_not_amend(actor: User, poll: Poll, kind: AmendmentKind) -> str | None:
    """Say why the actor may not propose a change of a frozen poll; the community may propose voters left out."""
    if poll.status not in AMENDABLE:
        return _("规则锁定后、投票截止前才能提出变更。")
    if kind is AmendmentKind.ROLL:
        if actor.has_role(Role.PROGRAMME) or serves(actor, poll):
            return None
        return _("名册增补由本社区居委会或社区建设部提出。")
    return None if actor.has_role(Role.PROGRAMME, Role.APPROVER) else _("只有社区建设部或分管领导可以提出。")


def why_not_decide_amendment(actor: User, amendment: PollAmendment) -> str | None:
    """Say why the actor may not decide about a proposed change: it takes somebody other than who proposed it."""
    if amendment.status is not AmendmentStatus.PROPOSED:
        return _("这项变更已经办理。")
    if not actor.has_role(Role.PROGRAMME, Role.APPROVER):
        return _("只有社区建设部或分管领导可以办理。")
    return _("提出和确认变更须由不同的人办理。") if actor.id == amendment.proposed_by_id else None


# Channels without a screen of one's own


def serves(actor: User, poll: Poll) -> bool:
    """Tell whether the actor runs kiosks and paper of a poll: its community's officers and the programme office."""
    if actor.has_role(Role.PROGRAMME) or poll.community_id in actor.community_ids:
        return True
    return poll.community.kind is PlaceKind.STREET and actor.has_role(Role.COMMUNITY)


def why_not_serve(actor: User, poll: Poll) -> str | None:
    """Say why the actor may not work with kiosks, codes and paper of a poll."""
    return None if serves(actor, poll) else _("只有社区建设部和本社区居委会可以办理线下投票。")


def why_not_see_channels(actor: User, poll: Poll) -> str | None:
    """Say why the actor may not look at the channels of a poll."""
    if actor.has_role(Role.SUPERVISOR, Role.APPROVER):
        return None
    return why_not_serve(actor, poll)


def why_not_open_station(actor: User, poll: Poll) -> str | None:
    """Say why the actor may not open a kiosk now."""
    if poll.status is not PollStatus.OPEN:
        return _("投票开放期间才能开启自助机。")
    return why_not_serve(actor, poll)


def why_not_open_batch(actor: User, poll: Poll) -> str | None:
    """Say why the actor may not begin a batch of paper ballots."""
    if poll.status is not PollStatus.OPEN:
        return _("投票开放期间才能开始一批纸质选票。")
    return why_not_serve(actor, poll)


def why_not_issue_codes(actor: User, poll: Poll) -> str | None:
    """Say why the actor may not print activation codes now."""
    if poll.status not in {PollStatus.FROZEN, PollStatus.OPEN}:
        return _("名册锁定后、投票截止前才能印制投票码。")
    return why_not_serve(actor, poll)


def why_not_take_stub(actor: User, batch: PaperBatch) -> str | None:
    """Say why the actor may not enter a stub into a batch."""
    if batch.status is not BatchStatus.STUBS:
        return _("这一批已经清点签字，不能再登记存根。")
    if batch.poll.status is not PollStatus.OPEN:
        return _("投票开放期间才能登记存根；截止后只能录入已登记存根的选票。")
    return why_not_serve(actor, batch.poll)


def why_not_sign_batch(actor: User, batch: PaperBatch) -> str | None:
    """Say why the actor may not sign the count of envelopes: the second signature is somebody else's."""
    if batch.status is not BatchStatus.STUBS:
        return _("这一批已经清点签字。")
    if batch.counted_by_id == actor.id:
        return _("您已清点，请由另一位工作人员独立清点并签字。")
    return why_not_serve(actor, batch.poll)


def why_not_key(actor: User, batch: PaperBatch) -> str | None:
    """Say why the actor may not key slips of a batch: two officers do, each alone, after any lot over a surplus."""
    if batch.status is not BatchStatus.SIGNED:
        return _("清点签字后才能录入。") if batch.status is BatchStatus.STUBS else _("这一批已由两人录入完毕。")
    if queries.surplus_of(batch) > 0:
        return _("选票多于存根，须先由社区建设部提出、纪监委同意，公开抽签抽出多余的选票。")
    if None not in (batch.first_keyer_id, batch.second_keyer_id) and actor.id not in batch.keyers:
        return _("这一批已由另外两人录入。")
    return why_not_serve(actor, batch.poll)


def why_not_settle(actor: User, batch: PaperBatch) -> str | None:
    """Say why the actor may not take the third look at slips that were read differently."""
    if batch.status is not BatchStatus.KEYED:
        return _("两人录入完毕后才需要第三人核对。")
    if actor.id in batch.keyers:
        return _("录入人不能自己核对，请由第三人查看原票。")
    return None if actor.has_role(Role.SUPERVISOR) else why_not_serve(actor, batch.poll)


def why_not_ask_for_lot(actor: User, batch: PaperBatch) -> str | None:
    """Say why the actor may not ask for a lot over more slips than accepted stubs."""
    if batch.status is not BatchStatus.SIGNED or queries.surplus_of(batch) <= 0:
        return _("选票没有多于存根，不需要抽签。")
    if not actor.has_role(Role.PROGRAMME):
        return _("多出选票的处理由社区建设部提出、纪监委同意。")
    return _("已经提出，等待纪监委同意。") if batch.lot_asked_by_id else None


def why_not_agree_to_lot(actor: User, batch: PaperBatch) -> str | None:
    """Say why the actor may not agree to the lot over a surplus."""
    if not actor.has_role(Role.SUPERVISOR):
        return _("多出选票的处理由社区建设部提出、纪监委同意。")
    if batch.lot_asked_by_id is None or batch.lot_agreed_by_id is not None:
        return _("没有等待同意的抽签。")
    return None


def why_not_post(actor: User, batch: PaperBatch) -> str | None:
    """Say why the actor may not put a batch into the box."""
    if batch.status is not BatchStatus.SETTLED:
        return _("每张选票都核对一致后才能入箱。")
    if batch.poll.status not in {PollStatus.OPEN, PollStatus.CLOSED}:
        return _("票箱已经封存，不能再放入选票。")
    return why_not_serve(actor, batch.poll)


def why_not_assist(actor: User, poll: Poll, entry: RollEntry | None = None) -> str | None:
    """Say why the actor may not help somebody to vote: officers of the resident's community do, while it is open."""
    if poll.status is not PollStatus.OPEN:
        return _("投票开放期间才能协助投票。")
    home = entry.community_id if entry is not None else None
    if not actor.has_role(Role.COMMUNITY) or (home is not None and home not in actor.community_ids):
        return _("只有居民所在社区的居委会工作人员可以协助投票。")
    return None if entry is not None else why_not_serve(actor, poll)


def why_not_monitor(actor: User | None, poll: Poll) -> str | None:
    """Say why the actor may not see how the voting runs: staff at any time, everybody after the close."""
    if poll.status in {PollStatus.CLOSED, PollStatus.SEALED, PollStatus.COUNTED}:
        return None
    if actor is not None and actor.has_role(Role.PROGRAMME, Role.COMMUNITY, Role.APPROVER, Role.SUPERVISOR):
        return None
    return _("投票截止后，运行监测向所有人公开。")
