"""Freezing a poll: the roll is fixed, and one public file names everything that decides the result."""

import hashlib
from datetime import date
from itertools import islice
from typing import Any

from sqlalchemy import insert, select

from grants.foundation import audit, clock
from grants.foundation.database import database_now, db, hold
from grants.foundation.errors import RuleBroken, require
from grants.foundation.i18n import _
from grants.foundation.identifiers import born_until
from grants.people.models import Resident, User
from grants.people.rules import age_band
from grants.voting import policy, queries
from grants.voting.models import Poll, PollOption, RollEntry
from grants.voting.rules import POLL_FLOW, PollAction, canonical_json, full_settings

CHUNK = 5000
TIES = ("lowest cost", "most votes", "public lot: SHA-256(seed:code), seed drawn after the close")


def freeze_poll(*, officer: User, poll: Poll) -> None:
    """Fix the rules and the roll: from here on they are public, hashed, and cannot change."""
    hold(poll)
    require(policy.why_not_freeze(officer, poll))
    if poll.closes_at <= database_now():
        raise RuleBroken(_("截止时间已过，请先修改投票时间。"))
    roll = _fix_roll(poll)
    poll.rule_file = canonical_json(rule_file(poll, roll))
    poll.rule_hash = hashlib.sha256(poll.rule_file.encode()).hexdigest()
    poll.status = POLL_FLOW.next(poll.status, PollAction.FREEZE)
    poll.frozen_by_id = officer.id
    audit.record("poll:freeze", actor=officer, subject=poll, rule_hash=poll.rule_hash, roll=roll["size"])


def _fix_roll(poll: Poll) -> dict[str, Any]:
    """Write the roll from the residents who are old enough on the first day; return its hash and size."""
    day = clock.local(poll.opens_at).date()
    people = db.session.execute(
        select(Resident.person_key, Resident.born_on, Resident.community_id)
        .where(
            Resident.community_id.in_([place.id for place in queries.list_areas(poll)]),
            Resident.born_on <= born_until(day, poll.minimum_age),
        )
        .order_by(Resident.person_key)
    )
    digest = hashlib.sha256()
    count = 0
    while chunk := list(islice(people, CHUNK)):
        digest.update("".join(key for key, _born_on, _home in chunk).encode())
        rows = [entry_of(poll, key, born_on, home, day) for key, born_on, home in chunk]
        db.session.execute(insert(RollEntry), rows)
        count += len(rows)
    if count == 0:
        raise RuleBroken(_("这个社区的居民名册还是空的，请先导入名册。"))
    return {"hash": digest.hexdigest(), "size": count}


def entry_of(poll: Poll, person_key: str, born_on: date, home: Any, day: date) -> dict[str, Any]:
    """Return the columns of somebody's place on the roll."""
    return {
        "poll_id": poll.id,
        "person_key": person_key,
        "community_id": home,
        "age_band": age_band(born_on, day),
        "has_voted": False,
    }


def rule_file(poll: Poll, roll: dict[str, Any]) -> dict[str, Any]:
    """Return everything that decides the result: what may be voted, by whom, until when, and how it is counted.

    `rule` can be counted with as it stands. A start share of null is the budget divided by the number of ballots; an
    exhaustive stop is the completion add1e.
    """
    return {
        "format": 1,
        "poll": poll.ref,
        "round": poll.round.ref,
        "title": poll.title,
        "question": poll.question,
        "community": {"code": poll.community.code, "name": poll.community.name},
        "kind": poll.kind.value,
        "min_choices": poll.min_choices,
        "max_choices": poll.max_choices,
        "points": poll.points,
        "minimum_age": poll.minimum_age,
        "budget_fen": poll.budget_fen,
        "opens_at": poll.opens_at.isoformat(),
        "closes_at": poll.closes_at.isoformat(),
        "publication": poll.publication.value,
        "rule": full_settings(poll.kind, poll.rule, poll.rule_options),
        "ties": list(TIES),
        "roll": roll,
        "options": [_option(option) for option in poll.options],
    }


def _option(option: PollOption) -> dict[str, Any]:
    return {
        "code": option.code,
        "title": option.title,
        "cost_fen": option.cost_fen,
        "category": option.category.value,
        "community": option.community.code if option.community else "",
        "subject": option.subject_ref,
        "beneficiary": option.beneficiary,
    }
