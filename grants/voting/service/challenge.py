"""Opening a filled-in ballot for checking instead of casting it (抽查): does the system keep what was marked?

Nobody, not even the system, knows beforehand which ballot is cast and which is opened. What was opened can never be
cast: the tables of cast and of opened ballots refuse each other's codes.
"""

from sqlalchemy import select

from grants.foundation import audit, clock
from grants.foundation.database import db
from grants.foundation.errors import NotPermitted, RuleBroken, TransitionRefused, require
from grants.foundation.i18n import _
from grants.voting import queries
from grants.voting.models import ChallengedBallot, Poll, RollEntry
from grants.voting.rules import Marking, leaf_hash, spell, why_not_valid
from grants.voting.service.casting import hold_open, open_form

MOST_A_POLL = 5_000
"""Opened ballots are published one by one; more than so many in one poll are a nuisance, not a check."""


def challenge(*, poll: Poll, person_key: str, marking: Marking, token: str) -> ChallengedBallot:
    """Open a filled-in ballot for checking; the same form opened twice shows the same.

    Raises TransitionRefused outside the time of the poll and for somebody who has voted, RuleBroken for an invalid
    ballot, NotPermitted for somebody else's form or somebody who is not on the roll.
    """
    form = open_form(poll=poll, token=token)
    if form.person_key != person_key:
        raise NotPermitted(_("这张选票不是发给您的，请重新打开选票。"))
    require(why_not_valid(queries.terms_of(poll), marking), RuleBroken)
    hold_open(poll)
    _hold_right(poll, person_key)
    opened = queries.find_challenged(poll, form.code)
    if opened is not None:
        return opened
    require(_why_not_more(poll), RuleBroken)
    spelling = spell(poll.kind, marking)
    leaf = leaf_hash(poll.ref, form.code, spelling, form.salt)
    opened = ChallengedBallot(
        poll_id=poll.id, code=form.code, choices=spelling, salt=form.salt, leaf=leaf, opened_on=clock.today()
    )
    db.session.add(opened)
    # As with a cast ballot, the entry names no voter
    audit.record("ballot:challenge", actor=None, subject=poll, leaf=leaf)
    return opened


def _hold_right(poll: Poll, person_key: str) -> None:
    """Lock the person's place on the roll: the same form sent as a ballot waits until this is decided."""
    mine = select(RollEntry).where(RollEntry.poll_id == poll.id, RollEntry.person_key == person_key)
    right = db.session.scalars(mine.with_for_update().execution_options(populate_existing=True)).one_or_none()
    if right is None:
        raise NotPermitted(_("您不在这次投票的居民名册上。如有疑问，请携带身份证到社区居委会核对。"))
    if right.has_voted:
        raise TransitionRefused(_("您已经投过票，每人只能投一次；投出的选票不能再作抽查。"))


def _why_not_more(poll: Poll) -> str | None:
    return _("这次投票的抽查已经很多，请直接投票。") if queries.count_challenged(poll) >= MOST_A_POLL else None
