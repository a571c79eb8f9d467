"""Drafting, opening and closing a poll."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import delete

from grants.foundation import audit
from grants.foundation.database import database_now, db, hold
from grants.foundation.errors import RuleBroken, TransitionRefused, require
from grants.foundation.i18n import _
from grants.foundation.numbering import next_reference
from grants.people.models import Place, User
from grants.rounds.models import Round
from grants.rounds.rules import Category
from grants.voting import policy, queries
from grants.voting.models import Poll, PollOption
from grants.voting.rules import (
    POLL_FLOW,
    CountingRule,
    PollAction,
    PollKind,
    PollStatus,
    Publication,
    default_publication,
    why_not_settings,
)


@dataclass(frozen=True)
class OptionDraft:
    """An option as it is drafted; `subject_ref` names the need it stands for, `beneficiary` who would get the money.

    `community` is the code of the community it is for; without one it is for the poll's own.
    """

    title: str
    summary: str
    category: Category
    cost_fen: int
    subject_ref: str = ""
    community: str = ""
    beneficiary: str = ""


@dataclass(frozen=True)
class Method:
    """How is voted and counted; `rule_options` as in rules.settings, a publication of None is the sensible one."""

    kind: PollKind = PollKind.APPROVAL
    rule: CountingRule = CountingRule.GREEDY
    rule_options: Mapping[str, Any] = field(default_factory=dict)
    publication: Publication | None = None
    points: int | None = None
    min_choices: int = 1
    minimum_age: int = 18


def draft_poll(
    *,
    officer: User,
    round: Round,
    community: Place,
    title: str,
    question: str,
    options: Sequence[OptionDraft],
    max_choices: int,
    budget_fen: int,
    opens_at: datetime,
    closes_at: datetime,
    method: Method | None = None,
) -> Poll:
    """Draft a poll among the residents of one community, or of all when the community is the street itself."""
    require(policy.why_not_draft(officer, community.id))
    poll = Poll(
        id=uuid.uuid4(),
        ref=next_reference(f"TP-{round.number:02d}-{community.code[-3:]}", width=2),
        round_id=round.id,
        community=community,
        title=title,
        question=question,
        max_choices=max_choices,
        budget_fen=budget_fen,
        opens_at=opens_at,
        closes_at=closes_at,
        drafted_by_id=officer.id,
    )
    _set_method(poll, method or Method(), options)
    _check_terms(poll, options)
    db.session.add(poll)
    db.session.flush()
    _write_options(poll, options)
    audit.record("poll:draft", actor=officer, subject=poll, options=len(options))
    return poll


def edit_poll(
    *, officer: User, poll: Poll, options: Sequence[OptionDraft], method: Method | None = None, **terms: Any
) -> None:
    """Change a draft: its options, its method and its terms (title, question, limits, budget, times) by column name."""
    hold(poll)
    require(policy.why_not_edit(officer, poll))
    for name, value in terms.items():
        setattr(poll, name, value)
    if method is not None:
        _set_method(poll, method, options)
    _check_terms(poll, options)
    db.session.execute(delete(PollOption).where(PollOption.poll_id == poll.id))
    db.session.expire(poll, ["options"])
    _write_options(poll, options)
    audit.record("poll:edit", actor=officer, subject=poll, options=len(options))


def _set_method(poll: Poll, method: Method, options: Sequence[OptionDraft]) -> None:
    for name, value in asdict(method).items():
        setattr(poll, name, value)
    poll.publication = method.publication or default_publication(method.rule, [one.beneficiary for one in options])
    if not method.kind.has_points:
        poll.points = None


def _check_terms(poll: Poll, options: Sequence[OptionDraft]) -> None:
    if len(options) < 2:
        raise RuleBroken(_("至少需要两个选项才能投票。"))
    if not 1 <= poll.min_choices <= poll.max_choices <= len(options):
        raise RuleBroken(_("可选数量须在 1 和选项总数之间，最少不能多于最多。"), "max_choices")
    if poll.closes_at <= poll.opens_at:
        raise RuleBroken(_("截止时间须晚于开始时间。"), "closes_at")
    refs = [option.subject_ref for option in options if option.subject_ref]
    if len(set(refs)) != len(refs):
        raise RuleBroken(_("同一条需求在选项中出现了两次。"))
    _check_points(poll)
    _check_money(poll, options)
    codes = [_code(place) for place in range(1, len(options) + 1)]
    problem = why_not_settings(poll.kind, poll.rule, poll.rule_options, codes=codes, budget_fen=poll.budget_fen)
    if problem is not None:
        raise RuleBroken(problem[1], problem[0])


def _check_points(poll: Poll) -> None:
    if not poll.kind.has_points:
        return
    if poll.points is None or poll.points < 1:
        raise RuleBroken(_("请填写点数或最高分。"), "points")
    if poll.kind is PollKind.CUMULATIVE and poll.points < poll.min_choices:
        raise RuleBroken(_("总点数不够每项各分一点，请增加点数或减少最少选项。"), "points")


def _check_money(poll: Poll, options: Sequence[OptionDraft]) -> None:
    costs = [option.cost_fen for option in options]
    gives_money = poll.rule is not CountingRule.SUPPORT or poll.kind is PollKind.KNAPSACK
    if not gives_money:
        return
    if poll.budget_fen <= 0:
        raise RuleBroken(_("请填写投票预算。"), "budget_fen")
    if min(costs) <= 0:
        raise RuleBroken(_("请为每个选项填写预计费用。"))
    if min(costs) > poll.budget_fen:
        raise RuleBroken(_("预算连最便宜的选项都不够，请核对金额。"), "budget_fen")
    if poll.kind is PollKind.KNAPSACK and sum(sorted(costs)[: poll.min_choices]) > poll.budget_fen:
        raise RuleBroken(_("预算不够选满最少项数，请核对金额。"), "budget_fen")


def _code(position: int) -> str:
    return f"{position:02d}"


def _write_options(poll: Poll, options: Sequence[OptionDraft]) -> None:
    areas = {place.code: place.id for place in queries.list_areas(poll)}
    only = next(iter(areas.values())) if len(areas) == 1 else None
    for position, option in enumerate(options, start=1):
        if option.community and option.community not in areas:
            raise RuleBroken(_("选项“%(title)s”的社区不在这次投票的范围内。", title=option.title))
        db.session.add(
            PollOption(
                poll_id=poll.id,
                position=position,
                code=_code(position),
                title=option.title,
                summary=option.summary,
                category=option.category,
                cost_fen=option.cost_fen,
                subject_ref=option.subject_ref,
                community_id=areas.get(option.community, only),
                beneficiary=option.beneficiary,
            )
        )
    db.session.flush()


def open_poll(*, officer: User, poll: Poll) -> None:
    """Open a frozen poll; the second person's act."""
    hold(poll)
    require(policy.why_not_open(officer, poll))
    poll.status = POLL_FLOW.next(poll.status, PollAction.OPEN)
    poll.opened_by_id = officer.id
    audit.record("poll:open", actor=officer, subject=poll)


def close_poll(*, officer: User, poll: Poll) -> None:
    """Close a poll whose time is over (in a rehearsal round also before); takes the lock no ballot is cast under."""
    hold(poll)
    moment = database_now()
    require(policy.why_not_close(officer, poll, moment), TransitionRefused)
    _close(poll, moment, officer)


def close_due_polls() -> list[str]:
    """Close every open poll whose time is over by the database's clock; a proposed extension keeps one open."""
    closed = []
    for poll in queries.list_polls_to_close():
        hold(poll)
        moment = database_now()
        if poll.status is PollStatus.OPEN and moment >= poll.closes_at and not queries.waits_for_extension(poll):
            _close(poll, moment, None)
            closed.append(poll.ref)
    return closed


def _close(poll: Poll, moment: datetime, officer: User | None) -> None:
    poll.status = POLL_FLOW.next(poll.status, PollAction.CLOSE)
    poll.closed_by_id = officer.id if officer else None
    poll.closed_at = moment
    audit.record("poll:close", actor=officer, subject=poll)
