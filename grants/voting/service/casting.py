"""Casting a ballot: one code path for every channel, one transaction, one ballot a person.

The unique key of the roll and a conditional update decide, not a check before it. Code and salt of the ballot are
minted with the form; sending the same form twice finds the ballot that is already there and returns the same receipt.
"""

import secrets
import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Update, insert, literal, select, update

from grants.foundation import audit, clock
from grants.foundation.database import database_moment, database_now, db
from grants.foundation.errors import DomainError, NotPermitted, RuleBroken, TransitionRefused, require
from grants.foundation.i18n import _
from grants.foundation.identifiers import new_code
from grants.foundation.sealing import SealBroken, TokenExpired, vault
from grants.voting import policy, queries
from grants.voting.models import Ballot, ChallengedBallot, Poll, RollEntry
from grants.voting.rules import CHANNEL_LABELS, Channel, Marking, PollStatus, leaf_hash, spell, why_not_valid

PURPOSE = "ballot"


@dataclass(frozen=True)
class BallotForm:
    """What a sealed ballot form carries: whose it is, and the code and salt minted for it."""

    person_key: str
    code: str
    salt: str


@dataclass(frozen=True)
class Help:
    """Who helped somebody to vote, and why the person could not do so alone."""

    helper_id: uuid.UUID
    reason: str


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


def note_start(*, poll: Poll, channel: Channel) -> None:
    """Count that somebody looks at a filled-in ballot once more; next to the ballots cast it shows where people stop.

    Nobody is named, and no choice.
    """
    audit.record("ballot:start", actor=None, subject=poll, channel=channel.value)


def cast(
    *,
    poll: Poll,
    person_key: str,
    marking: Marking,
    token: str,
    channel: Channel = Channel.WEB,
    help: Help | None = None,
    station: str = "",
) -> Receipt:
    """Cast a person's one ballot, or return the receipt of this very form if it was already cast.

    `station` names a kiosk for the counts per station. Raises RuleBroken for an invalid ballot, NotPermitted for
    somebody not on the roll or a form of somebody else, TransitionRefused outside the time of the poll or when a
    ballot was cast with another form.
    """
    form = open_form(poll=poll, token=token)
    if form.person_key != person_key:
        raise NotPermitted(_("这张选票不是发给您的，请重新打开选票。"))
    require(why_not_valid(queries.terms_of(poll), marking), RuleBroken)
    spelling = spell(poll.kind, marking)
    leaf = leaf_hash(poll.ref, form.code, spelling, form.salt)
    ballot = {"code": form.code, "choices": spelling, "salt": form.salt, "leaf": leaf}
    mark = _marks(poll, person_key, channel, help).where(RollEntry.poll_id == _open_poll(poll, form.code))
    if not _take(mark, poll, ballot):
        return _answer_again(poll, person_key, form)
    # The entry names no voter: time and person together would say more than the roll may.
    where = {"station": station} if station else {}
    audit.record("ballot:cast", actor=None, subject=poll, channel=channel.value, **where)
    return receipt_of(poll, form.code, leaf)


def _open_poll(poll: Poll, code: str) -> Any:
    """Return the key of the poll while it takes ballots (policy.why_not_in_time), under a lock that only closing needs.

    It is asked inside the statement that marks the roll: whatever else must hold for a ballot to be taken belongs
    here too, so that casting stays at six statements.
    """
    moment = database_moment()
    opened = select(ChallengedBallot.code).where(ChallengedBallot.poll_id == poll.id, ChallengedBallot.code == code)
    taking = (Poll.status == PollStatus.OPEN, Poll.opens_at <= moment, Poll.closes_at > moment, ~opened.exists())
    return select(Poll.id).where(Poll.id == poll.id, *taking).with_for_update(read=True).scalar_subquery()


def _take(mark: Update, poll: Poll, ballot: dict[str, str]) -> bool:
    """Mark the roll and put the ballot in the box, both or neither; False when there was nothing to mark."""
    if db.engine.dialect.name == "postgresql":
        # One journey to the server instead of two
        marked = mark.returning(RollEntry.poll_id).cte("marked")
        row = select(marked.c.poll_id, *(literal(value) for value in ballot.values()))
        put = insert(Ballot).from_select(["poll_id", *ballot], row).returning(Ballot.code)
        return db.session.execute(put).first() is not None
    if not _changed_one(mark):
        return False
    db.session.execute(insert(Ballot).values(poll_id=poll.id, **ballot))
    return True


def _answer_again(poll: Poll, person_key: str, form: BallotForm) -> Receipt:
    """Return the receipt of a form that was sent before, or say why its ballot was not taken."""
    earlier = queries.find_ballot(poll, form.code)
    if earlier is not None:
        return receipt_of(poll, earlier.code, earlier.leaf)
    if queries.find_challenged(poll, form.code):
        raise TransitionRefused(_("这张选票已经作抽查打开，不能再投出。请重新打开选票投票。"))
    hold_open(poll)
    raise _refusal(poll, person_key)


def hold_open(poll: Poll) -> None:
    """Share a lock that closing needs alone, then compare the database's clock with the deadline."""
    db.session.execute(select(Poll.id).where(Poll.id == poll.id).with_for_update(read=True))
    db.session.refresh(poll, ["status", "closes_at"])
    require(policy.why_not_in_time(poll, database_now()), TransitionRefused)


def mark_roll(poll: Poll, person_key: str, channel: Channel, help: Help | None = None) -> bool:
    """Use up the person's right to one ballot; False when there was none to use up."""
    return _changed_one(_marks(poll, person_key, channel, help))


def _marks(poll: Poll, person_key: str, channel: Channel, help: Help | None) -> Update:
    return (
        update(RollEntry)
        .where(RollEntry.poll_id == poll.id, RollEntry.person_key == person_key, RollEntry.has_voted.is_(False))
        .values(
            has_voted=True,
            channel=channel,
            voted_on=clock.today(),
            helper_id=help.helper_id if help else None,
            help_reason=help.reason if help else None,
        )
    )


def _changed_one(statement: Update) -> bool:
    result = db.session.execute(statement, execution_options={"synchronize_session": False})
    return bool(result.rowcount == 1)  # type: ignore[attr-defined]


def put_in_box(poll: Poll, marking: Marking, *, code: str | None = None, salt: str | None = None) -> str:
    """Store a valid marking as a ballot and return its leaf; without a code and salt it gets its own (paper)."""
    code, salt = code or new_code(), salt or secrets.token_hex(32)
    spelling = spell(poll.kind, marking)
    leaf = leaf_hash(poll.ref, code, spelling, salt)
    db.session.execute(insert(Ballot).values(poll_id=poll.id, code=code, choices=spelling, salt=salt, leaf=leaf))
    return leaf


def _refusal(poll: Poll, person_key: str) -> DomainError:
    entry = queries.find_roll_entry(poll, person_key)
    if entry is None:
        return NotPermitted(_("您不在这次投票的居民名册上。如有疑问，请携带身份证到社区居委会核对。"))
    db.session.refresh(entry)
    if not entry.has_voted:  # the poll opened between the two questions
        return RuleBroken(_("选票页面已失效，请重新打开选票。"))
    where = str(CHANNEL_LABELS[entry.channel]) if entry.channel else ""
    return TransitionRefused(_("您已经通过“%(channel)s”投过票，每人只能投一次。", channel=where))


def receipt_of(poll: Poll, code: str, leaf: str) -> Receipt:
    """Return the signed receipt of a ballot."""
    signature = vault().sign(f"{poll.ref}|{code}|{leaf}".encode()).hex()
    return Receipt(poll.ref, code, leaf, signature)
