"""Casting a ballot: one code path for every channel, one transaction, one ballot a person.

The unique key of the roll and a conditional update decide, not a check before it. Code and salt of the ballot are
minted with the form; sending the same form twice finds the ballot that is already there and returns the same receipt.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import insert, select, update

from grants.foundation import audit, clock
from grants.foundation.database import database_now, db
from grants.foundation.errors import DomainError, NotPermitted, RuleBroken, TransitionRefused, require
from grants.foundation.i18n import _
from grants.foundation.identifiers import new_code
from grants.foundation.sealing import SealBroken, TokenExpired, vault
from grants.people.models import Resident
from grants.voting import policy, queries
from grants.voting.models import Ballot, Poll, RollEntry
from grants.voting.rules import CHANNEL_LABELS, Channel, canonical_choices, leaf_hash, why_not_valid

PURPOSE = "ballot"


@dataclass(frozen=True)
class BallotForm:
    """What a sealed ballot form carries: whose it is, and the code and salt minted for it."""

    person_key: str
    code: str
    salt: str


@dataclass(frozen=True)
class Receipt:
    """What a voter keeps: the ballot's code, its leaf, and our signature that it is in the box."""

    poll_ref: str
    code: str
    leaf: str
    signature: str


def mint_form(*, poll: Poll, person_key: str) -> str:
    """Return a sealed form for one voter, valid until the poll closes."""
    payload = {"poll": poll.ref, "person": person_key, "code": new_code(), "salt": secrets.token_hex(32)}
    return vault().seal_token(PURPOSE, payload, expires_at=poll.closes_at + timedelta(days=1))


def open_form(*, poll: Poll, token: str) -> BallotForm:
    """Open a sealed form; raises RuleBroken when it is forged, of another poll, or too old."""
    try:
        content = vault().open_token(PURPOSE, token, now=clock.now())
    except (SealBroken, TokenExpired) as error:
        raise RuleBroken(_("选票页面已失效，请重新打开选票。")) from error
    if content["poll"] != poll.ref:
        raise RuleBroken(_("选票页面已失效，请重新打开选票。"))
    return BallotForm(content["person"], content["code"], content["salt"])


def cast(
    *, poll: Poll, resident: Resident, choices: Sequence[str], token: str, channel: Channel = Channel.WEB
) -> Receipt:
    """Cast a resident's one ballot, or return the receipt of this very form if it was already cast.

    Raises RuleBroken for an invalid ballot, NotPermitted for somebody not on the roll or a form of somebody else,
    TransitionRefused outside the time of the poll or when a ballot was cast with another form.
    """
    form = open_form(poll=poll, token=token)
    if form.person_key != resident.person_key:
        raise NotPermitted(_("这张选票不是发给您的，请重新打开选票。"))
    known = [option.code for option in poll.options]
    require(why_not_valid(choices, known, poll.min_choices, poll.max_choices), RuleBroken)
    earlier = queries.find_ballot(poll, form.code)
    if earlier is None:
        _hold_open(poll)
        if not _mark(poll, resident.person_key, channel):
            # Sent twice at once: the other one may have been this very form.
            earlier = queries.find_ballot(poll, form.code)
            if earlier is None:
                raise _refusal(poll, resident.person_key)
    if earlier is not None:
        return receipt_of(poll, earlier.code, earlier.leaf)
    spelling = canonical_choices(choices)
    leaf = leaf_hash(poll.ref, form.code, spelling, form.salt)
    db.session.execute(
        insert(Ballot).values(poll_id=poll.id, code=form.code, choices=spelling, salt=form.salt, leaf=leaf)
    )
    # The entry names no voter: time and person together would say more than the roll may.
    audit.record("ballot:cast", actor=None, subject=poll, channel=channel.value)
    return receipt_of(poll, form.code, leaf)


def _hold_open(poll: Poll) -> None:
    """Share a lock that closing needs alone, then compare the database's clock with the deadline."""
    db.session.execute(select(Poll.id).where(Poll.id == poll.id).with_for_update(read=True))
    db.session.refresh(poll, ["status", "closes_at"])
    require(policy.why_not_in_time(poll, database_now()), TransitionRefused)


def _mark(poll: Poll, person_key: str, channel: Channel) -> bool:
    """Use up the person's right to one ballot; False when there was none to use up."""
    marked = db.session.execute(
        update(RollEntry)
        .where(RollEntry.poll_id == poll.id, RollEntry.person_key == person_key, RollEntry.has_voted.is_(False))
        .values(has_voted=True, channel=channel, voted_on=clock.today())
        .execution_options(synchronize_session=False)
    )
    return bool(marked.rowcount == 1)  # type: ignore[attr-defined]


def _refusal(poll: Poll, person_key: str) -> DomainError:
    entry = queries.find_roll_entry(poll, person_key)
    if entry is None:
        return NotPermitted(_("您不在这次投票的居民名册上。如有疑问，请携带身份证到社区居委会核对。"))
    db.session.refresh(entry)
    where = str(CHANNEL_LABELS[entry.channel]) if entry.channel else ""
    return TransitionRefused(_("您已经通过“%(channel)s”投过票，每人只能投一次。", channel=where))


def receipt_of(poll: Poll, code: str, leaf: str) -> Receipt:
    """Return the signed receipt of a ballot."""
    signature = vault().sign(f"{poll.ref}|{code}|{leaf}".encode()).hex()
    return Receipt(poll.ref, code, leaf, signature)
