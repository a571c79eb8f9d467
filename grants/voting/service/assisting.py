"""Voting with a helper: an officer of the resident's own community fills in what the resident says, on the record.

Who helped and why stands beside the roll entry and never beside the ballot.
"""

from dataclasses import dataclass
from datetime import timedelta

from grants.foundation import clock
from grants.foundation.errors import NotPermitted, RuleBroken, TransitionRefused, require
from grants.foundation.i18n import _
from grants.foundation.sealing import SealBroken, TokenExpired, vault
from grants.people.models import Resident, User
from grants.voting import policy, queries
from grants.voting.models import Poll, RollEntry
from grants.voting.rules import CHANNEL_LABELS, Channel, Marking
from grants.voting.service.casting import Help, Receipt, cast, mint_form, open_form

PURPOSE = "assist"
LIFETIME = timedelta(minutes=30)


@dataclass(frozen=True)
class Assistance:
    """One begun help: the ballot form of the resident and the reason that goes on the roll."""

    form: str
    reason: str
    name: str


def begin(*, officer: User, poll: Poll, resident: Resident, reason: str) -> str:
    """Begin to help a resident; returns a sealed text that only this officer can go on with.

    Raises NotPermitted outside the officer's community, TransitionRefused for somebody who has voted, RuleBroken
    without a reason.
    """
    entry = queries.find_roll_entry(poll, resident.person_key)
    if entry is None:
        raise NotPermitted(_("这位居民不在这次投票的居民名册上。"))
    require(policy.why_not_assist(officer, poll, entry))
    if entry.has_voted:
        where = str(CHANNEL_LABELS[entry.channel]) if entry.channel else ""
        raise TransitionRefused(_("这位居民已经通过“%(channel)s”投过票。", channel=where))
    if len(reason.strip()) < 2:
        raise RuleBroken(_("请写明需要协助的原因。"), "reason")
    payload = {
        "poll": poll.ref,
        "officer": str(officer.id),
        "reason": reason.strip(),
        "name": resident.name,
        "form": mint_form(poll=poll, person_key=resident.person_key),
    }
    return vault().seal_token(PURPOSE, payload, expires_at=clock.now() + LIFETIME)


def go_on(*, officer: User, poll: Poll, token: str) -> Assistance:
    """Open a begun help; raises RuleBroken when it is too old, NotPermitted for another officer or poll."""
    try:
        content = vault().open_token(PURPOSE, token, now=clock.now())
    except (SealBroken, TokenExpired) as error:
        raise RuleBroken(_("页面已失效，请重新查找居民。")) from error
    if (content["poll"], content["officer"]) != (poll.ref, str(officer.id)):
        raise NotPermitted(_("这次协助是另一位工作人员开始的。"))
    return Assistance(content["form"], content["reason"], content["name"])


def cast_for(*, officer: User, poll: Poll, token: str, marking: Marking) -> Receipt:
    """Cast the ballot of the helped resident; the same page sent again gets the same receipt. Raises as `cast`."""
    begun = go_on(officer=officer, poll=poll, token=token)
    person = open_form(poll=poll, token=begun.form).person_key
    entry: RollEntry | None = queries.find_roll_entry(poll, person)
    require(policy.why_not_assist(officer, poll, entry))
    return cast(
        poll=poll,
        person_key=person,
        marking=marking,
        token=begun.form,
        channel=Channel.PROXY,
        help=Help(officer.id, begun.reason),
    )
