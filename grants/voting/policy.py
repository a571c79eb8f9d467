"""What an actor may do with a poll, and why not."""

import uuid
from datetime import datetime

from grants.foundation.i18n import _
from grants.people.models import User
from grants.people.rules import Role
from grants.voting.models import Poll
from grants.voting.rules import PollStatus


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
    return None


def why_not_count(actor: User, poll: Poll) -> str | None:
    """Say why the actor may not count the poll."""
    if poll.status is not PollStatus.CLOSED:
        return _("投票截止后才能计票。")
    return why_not_second(actor, poll)


def why_not_in_time(poll: Poll, moment: datetime) -> str | None:
    """Say why no ballot is taken at this moment, by the database's clock."""
    if poll.status in {PollStatus.DRAFT, PollStatus.FROZEN} or moment < poll.opens_at:
        return _("投票还没有开始。")
    if poll.status is not PollStatus.OPEN or moment >= poll.closes_at:
        return _("投票已经截止。")
    return None
