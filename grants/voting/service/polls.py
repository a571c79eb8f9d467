"""Drafting, freezing, opening and closing a poll."""

import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import delete, insert, select

from grants.foundation import audit, clock
from grants.foundation.database import database_now, db
from grants.foundation.errors import RuleBroken, TransitionRefused, require
from grants.foundation.i18n import _
from grants.foundation.numbering import next_reference
from grants.people.models import Place, Resident, User
from grants.people.rules import age_band
from grants.rounds.models import Round
from grants.rounds.rules import Category
from grants.voting import policy
from grants.voting.models import Poll, PollOption, RollEntry
from grants.voting.rules import POLL_FLOW, PollAction, canonical_json

CHUNK = 5000


@dataclass(frozen=True)
class OptionDraft:
    """An option as it is drafted; `subject_ref` names the need it stands for."""

    title: str
    summary: str
    category: Category
    cost_fen: int
    subject_ref: str = ""


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
    min_choices: int = 1,
) -> Poll:
    """Draft a poll among the residents of one community."""
    require(policy.why_not_draft(officer, community.id))
    _check_terms(options, min_choices, max_choices, budget_fen, opens_at, closes_at)
    poll = Poll(
        id=uuid.uuid4(),
        ref=next_reference(f"TP-{round.number:02d}-{community.code[-3:]}", width=2),
        round_id=round.id,
        community_id=community.id,
        title=title,
        question=question,
        min_choices=min_choices,
        max_choices=max_choices,
        budget_fen=budget_fen,
        opens_at=opens_at,
        closes_at=closes_at,
        drafted_by_id=officer.id,
    )
    db.session.add(poll)
    db.session.flush()
    _write_options(poll, options)
    audit.record("poll:draft", actor=officer, subject=poll, options=len(options))
    return poll


def edit_poll(*, officer: User, poll: Poll, options: Sequence[OptionDraft], **terms: Any) -> None:
    """Change a draft: its options and its terms (title, question, limits, budget, times) by column name."""
    require(policy.why_not_edit(officer, poll))
    for name, value in terms.items():
        setattr(poll, name, value)
    _check_terms(options, poll.min_choices, poll.max_choices, poll.budget_fen, poll.opens_at, poll.closes_at)
    db.session.execute(delete(PollOption).where(PollOption.poll_id == poll.id))
    db.session.expire(poll, ["options"])
    _write_options(poll, options)
    audit.record("poll:edit", actor=officer, subject=poll, options=len(options))


def _check_terms(
    options: Sequence[OptionDraft], least: int, most: int, budget_fen: int, opens_at: datetime, closes_at: datetime
) -> None:
    if len(options) < 2:
        raise RuleBroken(_("至少需要两个选项才能投票。"))
    if not 1 <= least <= most <= len(options):
        raise RuleBroken(_("可选数量须在 1 和选项总数之间。"), "max_choices")
    if closes_at <= opens_at:
        raise RuleBroken(_("截止时间须晚于开始时间。"), "closes_at")
    if budget_fen <= 0:
        raise RuleBroken(_("请填写投票预算。"), "budget_fen")
    if min(option.cost_fen for option in options) > budget_fen:
        raise RuleBroken(_("预算连最便宜的选项都不够，请核对金额。"), "budget_fen")
    refs = [option.subject_ref for option in options if option.subject_ref]
    if len(set(refs)) != len(refs):
        raise RuleBroken(_("同一条需求在选项中出现了两次。"))


def _write_options(poll: Poll, options: Sequence[OptionDraft]) -> None:
    for position, option in enumerate(options, start=1):
        db.session.add(
            PollOption(
                poll_id=poll.id,
                position=position,
                code=f"{position:02d}",
                title=option.title,
                summary=option.summary,
                category=option.category,
                cost_fen=option.cost_fen,
                subject_ref=option.subject_ref,
            )
        )
    db.session.flush()


def freeze_poll(*, officer: User, poll: Poll) -> None:
    """Fix the rules and the roll: from here on they are public, hashed, and cannot change."""
    require(policy.why_not_freeze(officer, poll))
    if poll.closes_at <= database_now():
        raise RuleBroken(_("截止时间已过，请先修改投票时间。"))
    roll_hash = _fix_roll(poll)
    poll.rule_file = canonical_json(_rule_file(poll, roll_hash))
    poll.rule_hash = hashlib.sha256(poll.rule_file.encode()).hexdigest()
    poll.status = POLL_FLOW.next(poll.status, PollAction.FREEZE)
    poll.frozen_by_id = officer.id
    audit.record("poll:freeze", actor=officer, subject=poll, rule_hash=poll.rule_hash)


def _fix_roll(poll: Poll) -> str:
    """Write the roll from the residents of the community who are old enough; return its hash."""
    day = clock.local(poll.opens_at).date()
    limit = day.replace(year=day.year - poll.minimum_age, day=min(day.day, 28))
    people = db.session.execute(
        select(Resident.person_key, Resident.born_on)
        .where(Resident.community_id == poll.community_id, Resident.born_on <= limit)
        .order_by(Resident.person_key)
    )
    digest = hashlib.sha256()
    count = 0
    while chunk := list(islice(people, CHUNK)):
        rows = [
            {
                "poll_id": poll.id,
                "person_key": key,
                "community_id": poll.community_id,
                "age_band": age_band(born_on, day),
                "has_voted": False,
            }
            for key, born_on in chunk
        ]
        for row in rows:
            digest.update(str(row["person_key"]).encode())
        db.session.execute(insert(RollEntry), rows)
        count += len(rows)
    if count == 0:
        raise RuleBroken(_("这个社区的居民名册还是空的，请先导入名册。"))
    return digest.hexdigest()


def _rule_file(poll: Poll, roll_hash: str) -> dict[str, Any]:
    return {
        "poll": poll.ref,
        "title": poll.title,
        "question": poll.question,
        "ballot": poll.kind.value,
        "min_choices": poll.min_choices,
        "max_choices": poll.max_choices,
        "minimum_age": poll.minimum_age,
        "rule": poll.rule.value,
        "skip_what_does_not_fit": True,
        "threshold": 1,
        "ties": ["lowest cost", "most votes", "public lot: SHA-256(seed:code), seed drawn after the close"],
        "budget_fen": poll.budget_fen,
        "opens_at": poll.opens_at.isoformat(),
        "closes_at": poll.closes_at.isoformat(),
        "roll_hash": roll_hash,
        "options": [
            {"code": option.code, "title": option.title, "cost_fen": option.cost_fen, "subject": option.subject_ref}
            for option in poll.options
        ],
    }


def open_poll(*, officer: User, poll: Poll) -> None:
    """Open a frozen poll; the second person's act."""
    require(policy.why_not_open(officer, poll))
    poll.status = POLL_FLOW.next(poll.status, PollAction.OPEN)
    poll.opened_by_id = officer.id
    audit.record("poll:open", actor=officer, subject=poll)


def close_poll(*, officer: User, poll: Poll) -> None:
    """Close a poll whose time is over (in a rehearsal round also before); takes the lock no ballot is cast under."""
    locked = db.session.execute(select(Poll).where(Poll.id == poll.id).with_for_update()).scalar_one()
    moment = database_now()
    require(policy.why_not_close(officer, locked, moment), TransitionRefused)
    locked.status = POLL_FLOW.next(locked.status, PollAction.CLOSE)
    locked.closed_by_id = officer.id
    locked.closed_at = moment
    audit.record("poll:close", actor=officer, subject=locked)
