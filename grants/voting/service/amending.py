"""What may still change after the rules were frozen: by two people, with a reason, on the poll's own page.

A deadline moves only forward, the roll only grows, words are corrected; what decides the result never changes.
"""

import uuid
from datetime import datetime, timedelta
from math import ceil
from typing import Any

from sqlalchemy import insert

from grants.foundation import audit, clock
from grants.foundation.database import database_now, db, hold
from grants.foundation.errors import NotPermitted, RuleBroken, TransitionRefused, require
from grants.foundation.i18n import _
from grants.foundation.identifiers import born_until, why_not_resident_id
from grants.people import queries as people
from grants.people.models import Resident, User
from grants.people.rules import Role
from grants.people.service import residents
from grants.voting import policy, queries
from grants.voting.models import Poll, PollAmendment, PollOption, PollOutage, RollEntry
from grants.voting.rules import AmendmentKind, AmendmentStatus, Channel
from grants.voting.rules.amendments import WORDING_LENGTHS, Wording, lost_minutes
from grants.voting.service.freezing import entry_of


def propose_extension(*, officer: User, poll: Poll, closes_at: datetime, reason: str) -> PollAmendment:
    """Propose a later deadline; the other person may still refuse it."""
    require(policy.why_not_amend(officer, poll, AmendmentKind.EXTENSION))
    if closes_at <= poll.closes_at:
        raise RuleBroken(_("截止时间只能推后，不能提前。"), "closes_at")
    return _propose(poll, officer, AmendmentKind.EXTENSION, {"closes_at": closes_at.isoformat()}, reason)


def propose_wording(*, officer: User, poll: Poll, wording: Wording, text: str, reason: str) -> PollAmendment:
    """Propose to correct the title, the question or the words of an option; never a cost or a rule."""
    require(policy.why_not_amend(officer, poll, AmendmentKind.WORDING))
    place, column = _place(poll, wording)
    before, after = str(getattr(place, column)), text.strip()
    if after == before:
        raise RuleBroken(_("文字没有变化。"), "text")
    if len(after) > WORDING_LENGTHS[column] or (column == "title" and not after):
        raise RuleBroken(_("请填写不超过 %(max)d 个字。", max=WORDING_LENGTHS[column]), "text")
    change = {"field": wording.field, "code": wording.code, "before": before, "after": after}
    return _propose(poll, officer, AmendmentKind.WORDING, change, reason)


def find_left_out(*, officer: User, id_number: str) -> Resident:
    """Find a resident by the whole identity number inside what the officer may see; the search is logged."""
    if why_not_resident_id(id_number) is not None:
        raise RuleBroken(_("身份证号不正确，请核对。"), "id_number")
    found = residents.search(officer=officer, key=residents.search_key(officer=officer, words=id_number))
    if not found:
        raise RuleBroken(_("居民名册上没有这个人，请先在“居民名册”登记。"), "id_number")
    return found[0]


def propose_roll(*, officer: User, poll: Poll, resident: Resident, reason: str) -> PollAmendment:
    """Propose to add a resident who was left out; the page names the community, never the person."""
    require(policy.why_not_amend(officer, poll, AmendmentKind.ROLL))
    if not officer.has_role(Role.PROGRAMME) and resident.community_id not in officer.community_ids:
        raise NotPermitted(_("只能为本社区的居民提出增补。"))
    _check_new_voter(poll, resident)
    change = {"resident": str(resident.id), "community": resident.community.name}
    return _propose(poll, officer, AmendmentKind.ROLL, change, reason)


def record_outage(
    *, officer: User, poll: Poll, began_at: datetime, ended_at: datetime, channel: Channel | None, what: str
) -> PollOutage:
    """Note a time in which residents could not vote (`channel` None: all) and propose to give its minutes back.

    Every channel gets them, so that nobody has to guess which deadline is theirs; minutes that two outages share are
    given back once.
    """
    require(policy.why_not_amend(officer, poll, AmendmentKind.EXTENSION))
    if not poll.opens_at <= began_at < ended_at <= database_now():
        raise RuleBroken(_("中断须在投票开始之后，结束须晚于开始，且不能晚于现在。"), "ended_at")
    earlier = [(outage.began_at, outage.ended_at) for outage in queries.list_outages(poll)]
    minutes = lost_minutes([*earlier, (began_at, ended_at)]) - lost_minutes(earlier)
    outage = PollOutage(
        poll=poll, began_at=began_at, ended_at=ended_at, channel=channel, what=what, recorded_by=officer
    )
    db.session.add(outage)
    if minutes > 0:
        outage.amendment = _propose(poll, officer, AmendmentKind.EXTENSION, {"minutes": ceil(minutes)}, what)
    audit.record("poll:record_outage", actor=officer, subject=poll, minutes=ceil(minutes))
    return outage


def _propose(poll: Poll, officer: User, kind: AmendmentKind, change: dict[str, Any], reason: str) -> PollAmendment:
    if not reason.strip():
        raise RuleBroken(_("请写明理由，它会公布在投票页上。"), "reason")
    amendment = PollAmendment(poll=poll, kind=kind, change=change, reason=reason.strip(), proposed_by=officer)
    db.session.add(amendment)
    audit.record("poll:propose_amendment", actor=officer, subject=poll, kind=kind.value)
    return amendment


def decide_amendment(*, officer: User, amendment: PollAmendment, adopt: bool) -> None:
    """Adopt an amendment, which takes effect at once, or refuse it; never by who proposed it."""
    # The lock that no ballot is cast under: a deadline moves between two ballots, not during one
    poll = amendment.poll
    hold(poll)
    hold(amendment)
    require(policy.why_not_decide_amendment(officer, amendment))
    if adopt and poll.status not in policy.AMENDABLE:
        raise TransitionRefused(_("投票已经截止，变更不能再生效。"))
    amendment.status = AmendmentStatus.ADOPTED if adopt else AmendmentStatus.REFUSED
    amendment.decided_by = officer
    amendment.decided_at = clock.now()
    db.session.flush()
    if adopt:
        _EFFECTS[amendment.kind](poll, amendment.change)
    verb = "poll:adopt_amendment" if adopt else "poll:refuse_amendment"
    audit.record(verb, actor=officer, subject=poll, kind=amendment.kind.value)


def _extend(poll: Poll, change: dict[str, Any]) -> None:
    moment = database_now()
    if "minutes" in change:
        later = max(poll.closes_at, moment) + timedelta(minutes=change["minutes"])
    else:
        later = datetime.fromisoformat(change["closes_at"])
    if later <= max(poll.closes_at, moment):
        raise RuleBroken(_("提议的截止时间已经过去或不晚于现在的截止时间，请重新提出。"))
    poll.closes_at = later


def _reword(poll: Poll, change: dict[str, Any]) -> None:
    place, column = _place(poll, Wording(change["field"], change["code"]))
    if getattr(place, column) != change["before"]:
        raise RuleBroken(_("这段文字在提出后已有变化，请重新提出。"))
    setattr(place, column, change["after"])


def _place(poll: Poll, wording: Wording) -> tuple[Poll | PollOption, str]:
    if wording.field in {"title", "question"}:
        return poll, wording.field
    option = next((one for one in poll.options if one.code == wording.code), None)
    if option is None or wording.field not in {"option_title", "option_summary"}:
        raise RuleBroken(_("请选择要更正的文字。"), "wording")
    return option, wording.field.removeprefix("option_")


def _add_to_roll(poll: Poll, change: dict[str, Any]) -> None:
    resident = people.get_resident(uuid.UUID(change["resident"]))
    _check_new_voter(poll, resident)
    day = clock.local(poll.opens_at).date()
    row = entry_of(poll, resident.person_key, resident.born_on, resident.community_id, day)
    db.session.execute(insert(RollEntry).values(**row))


def _check_new_voter(poll: Poll, resident: Resident) -> None:
    if resident.community_id not in {place.id for place in queries.list_areas(poll)}:
        raise RuleBroken(_("这位居民不属于这次投票的社区。"), "id_number")
    if resident.born_on > born_until(clock.local(poll.opens_at).date(), poll.minimum_age):
        raise RuleBroken(_("这位居民在投票开始之日未满 %(age)d 周岁。", age=poll.minimum_age), "id_number")
    if queries.find_roll_entry(poll, resident.person_key) is not None:
        raise RuleBroken(_("这位居民已经在名册上。"), "id_number")


_EFFECTS = {
    AmendmentKind.EXTENSION: _extend,
    AmendmentKind.WORDING: _reword,
    AmendmentKind.ROLL: _add_to_roll,
}
