"""Look-ups of polls, rolls, boards and results. Nothing here tells how anybody voted, or a tally before the count."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload

from grants.foundation.clock import local
from grants.foundation.database import db, get_one
from grants.foundation.due import DueItem
from grants.foundation.errors import NotFound
from grants.foundation.i18n import _
from grants.foundation.web.listing import Page, Window, paginate
from grants.people.models import Place, User
from grants.people.rules import PlaceKind, Role
from grants.voting.models import Poll, PollOption, RollEntry
from grants.voting.queries.amendments import list_undecided_amendments
from grants.voting.queries.paper import list_paper_due
from grants.voting.rules import CountingRule, PollStatus, Terms, rounded_turnout
from grants.voting.rules.stories import why_not_funded

PUBLIC = (PollStatus.FROZEN, PollStatus.OPEN, PollStatus.CLOSED, PollStatus.SEALED, PollStatus.COUNTED)
OVER = frozenset({PollStatus.CLOSED, PollStatus.SEALED, PollStatus.COUNTED})


@dataclass(frozen=True)
class OptionResult:
    """What a counted poll said about one subject."""

    poll_ref: str
    poll_title: str
    votes: int
    ballots: int
    is_funded: bool
    why: str


@dataclass(frozen=True)
class Turnout:
    """How many of those entitled have voted; exact only after the poll is closed."""

    entitled: int
    voted: int
    is_exact: bool

    @property
    def percent(self) -> float:
        """Return the share of voters in percent."""
        return round(self.voted * 100 / self.entitled, 1) if self.entitled else 0.0


def get_poll(ref: str) -> Poll:
    """Return a poll by its reference, with its options."""
    poll: Poll = get_one(select(Poll).where(Poll.ref == ref).options(joinedload(Poll.options)))
    return poll


def select_polls(actor: User | None, filters: dict[str, Any]) -> Select[Any]:
    """Return the select of polls an actor may know of: drafts are for officers."""
    statement = select(Poll)
    if actor is None or not actor.has_role(Role.PROGRAMME, Role.COMMUNITY, Role.APPROVER, Role.SUPERVISOR):
        statement = statement.where(Poll.status.in_(PUBLIC))
    for name in ("round_id", "status"):
        if filters.get(name):
            statement = statement.where(getattr(Poll, name) == filters[name])
    if filters.get("community_id"):
        statement = statement.where(_of_community(filters["community_id"]))
    return statement


def list_polls(window: Window, actor: User | None, filters: dict[str, Any]) -> Page[Poll]:
    """List polls, the latest deadline first."""
    return paginate(select_polls(actor, filters), window, order=Poll.closes_at, key=Poll.id)


def list_open_polls(community_id: uuid.UUID | None = None) -> Sequence[Poll]:
    """List polls that are open: of all, or those of one community and of its street."""
    statement = select(Poll).where(Poll.status == PollStatus.OPEN).order_by(Poll.closes_at)
    if community_id is not None:
        statement = statement.where(_of_community(community_id))
    return db.session.scalars(statement).all()


def _of_community(community_id: uuid.UUID) -> Any:
    street = select(Place.parent_id).where(Place.id == community_id).scalar_subquery()
    return or_(Poll.community_id == community_id, Poll.community_id == street)


def list_areas(poll: Poll) -> Sequence[Place]:
    """List the communities whose residents vote: the poll's own, or all of the street."""
    if not poll.is_street_wide:
        return [poll.community]
    within = (Place.parent_id == poll.community_id, Place.kind == PlaceKind.COMMUNITY)
    return db.session.scalars(select(Place).where(*within).order_by(Place.code)).all()


def list_polls_of_round(round_id: uuid.UUID) -> Sequence[Poll]:
    """List all polls of a round by reference."""
    return db.session.scalars(select(Poll).where(Poll.round_id == round_id).order_by(Poll.ref)).all()


def terms_of(poll: Poll) -> Terms:
    """Return what a poll asks of a ballot."""
    costs = {option.code: option.cost_fen for option in poll.options}
    return Terms(poll.kind, costs, poll.min_choices, poll.max_choices, poll.points, poll.budget_fen)


def find_roll_entry(poll: Poll, person_key: str) -> RollEntry | None:
    """Return somebody's right to vote in a poll."""
    return db.session.get(RollEntry, (poll.id, person_key))


def turnout(poll: Poll) -> Turnout:
    """Count who is entitled and who has voted; rounded down to tens until the poll is closed."""
    entitled, voted = db.session.execute(
        select(func.count(), func.count().filter(RollEntry.has_voted)).where(RollEntry.poll_id == poll.id)
    ).one()
    is_exact = poll.status in OVER
    return Turnout(entitled, voted if is_exact else rounded_turnout(voted), is_exact)


def turnout_by(poll: Poll, column: Any) -> list[tuple[Any, int, int]]:
    """Count entitled and voted by a column of the roll (channel, age band); officers see it after the close."""
    rows = db.session.execute(
        select(column, func.count(), func.count().filter(RollEntry.has_voted))
        .where(RollEntry.poll_id == poll.id)
        .group_by(column)
        .order_by(column)
    )
    return [(value, total, voted) for value, total, voted in rows]


def result_for(subject_ref: str) -> OptionResult | None:
    """Return what the latest counted poll with a budget said about a need, or None; a ranking decides nothing."""
    row = db.session.execute(
        select(PollOption.code, Poll)
        .join(Poll, Poll.id == PollOption.poll_id)
        .where(
            PollOption.subject_ref == subject_ref,
            Poll.status == PollStatus.COUNTED,
            Poll.rule != CountingRule.SUPPORT,
        )
        .order_by(Poll.counted_at.desc())
        .limit(1)
    ).one_or_none()
    if row is None or row.Poll.result is None:
        return None
    line = next(item for item in row.Poll.result["options"] if item["code"] == row.code)
    return OptionResult(
        row.Poll.ref, row.Poll.title, line["votes"], row.Poll.result["ballots"], line["is_funded"], why_not_funded(line)
    )


def find_poll_about(subject_ref: str) -> Poll | None:
    """Return the latest poll in which a need is an option, counted or not."""
    return db.session.scalars(
        select(Poll)
        .join(PollOption, PollOption.poll_id == Poll.id)
        .where(PollOption.subject_ref == subject_ref)
        .order_by(Poll.created_at.desc())
        .limit(1)
    ).one_or_none()


def list_due_for(actor: User) -> list[DueItem]:
    """List polls that wait for the actor: to vote, to open, to close, to count."""
    items = []
    if actor.has_role(Role.RESIDENT) and actor.resident is not None:
        for poll in list_open_polls(actor.resident.community_id):
            entry = find_roll_entry(poll, actor.resident.person_key)
            if entry is not None and not entry.has_voted:
                items.append(_due(poll, _("请投票：%(title)s", title=poll.title)))
    if actor.has_role(Role.PROGRAMME, Role.APPROVER):
        items += _office_due(actor)
    if actor.has_role(Role.SUPERVISOR):
        asked = select(Poll).where(Poll.status == PollStatus.CLOSED, Poll.sealed_by_id.is_not(None))
        for poll in db.session.scalars(asked.order_by(Poll.closes_at)):
            items.append(_due(poll, _("见证封存票箱：%(title)s", title=poll.title)))
    for batch, words in list_paper_due(actor):
        items.append(replace(_due(batch.poll, words), href=f"/polls/{batch.poll.ref}/paper/{batch.ref}"))
    return items


def _office_due(actor: User) -> list[DueItem]:
    words = {
        PollStatus.DRAFT: _("锁定规则：%(title)s"),
        PollStatus.FROZEN: _("开放投票：%(title)s"),
        PollStatus.OPEN: _("到期截止：%(title)s"),
        PollStatus.CLOSED: _("申请封存票箱：%(title)s"),
        PollStatus.SEALED: _("计票并公布：%(title)s"),
    }
    statement = select(Poll).where(Poll.status.in_(list(words))).order_by(Poll.closes_at)
    items = []
    for poll in db.session.scalars(statement):
        if poll.status is PollStatus.DRAFT and not actor.has_role(Role.PROGRAMME):
            continue
        blocked = None
        if poll.status in {PollStatus.FROZEN, PollStatus.SEALED} and poll.frozen_by_id == actor.id:
            blocked = _("须由另一位经办人办理")
        if poll.status is PollStatus.CLOSED and poll.sealed_by_id:
            blocked = _("等待纪监委见证")
        items.append(_due(poll, words[poll.status] % {"title": poll.title}, blocked))
    for amendment in list_undecided_amendments():
        blocked = _("须由另一位经办人办理") if amendment.proposed_by_id == actor.id else None
        items.append(_due(amendment.poll, _("确认投票变更：%(title)s", title=amendment.poll.title), blocked))
    return items


def _due(poll: Poll, title: str, blocked: str | None = None) -> DueItem:
    return DueItem(
        title=title,
        href=f"/polls/{poll.ref}",
        stage=_("居民投票"),
        meta=poll.community.name,
        due_on=local(poll.closes_at).date(),
        blocked_by=blocked,
    )


def require_visible(poll: Poll, actor: User | None) -> None:
    """Refuse a draft to everybody but officers, as if it did not exist."""
    officers = (Role.PROGRAMME, Role.COMMUNITY, Role.APPROVER, Role.SUPERVISOR)
    if poll.status not in PUBLIC and (actor is None or not actor.has_role(*officers)):
        raise NotFound(_("没有找到您要的内容，它可能已被移走。"))
