"""“我也需要”: one a person, counted without a race."""

from typing import Any, cast

from sqlalchemy import CursorResult, delete, update
from sqlalchemy.exc import IntegrityError

from grants.foundation import audit
from grants.foundation.database import db
from grants.foundation.errors import RuleBroken, TransitionRefused, require
from grants.foundation.i18n import _
from grants.needs import policy
from grants.needs.models import Need, NeedSupport
from grants.needs.rules import OPEN_FOR_SUPPORT
from grants.people.models import Resident, User


def second_need(*, need: Need, actor: User) -> None:
    """Stand behind a need of one's own community; RuleBroken for the second time, TransitionRefused if too late."""
    require(policy.why_not_second(actor, need), RuleBroken)
    resident = _resident(actor)
    _count(need, +1)
    try:
        with db.session.begin_nested():
            db.session.add(NeedSupport(need_id=need.id, resident_id=resident.id))
    except IntegrityError:
        raise RuleBroken(_("您已经表示过“我也需要”，每人计一次。")) from None
    audit.record("need:second", actor=actor, subject=need)


def withdraw_second(*, need: Need, actor: User) -> None:
    """Take one's “me too” back while the need waits for its meeting."""
    require(policy.why_not_withdraw(actor, need), RuleBroken)
    resident = _resident(actor)
    _count(need, -1)
    gone = _execute(delete(NeedSupport).where(NeedSupport.need_id == need.id, NeedSupport.resident_id == resident.id))
    if gone != 1:
        raise RuleBroken(_("您没有附议过这条需求。"))
    audit.record("need:withdraw_second", actor=actor, subject=need)


def _resident(actor: User) -> Resident:
    if actor.resident is None:
        raise RuleBroken(_("只有在册居民可以附议。"))
    return actor.resident


def _count(need: Need, change: int) -> None:
    """Move the count in the database, which also holds the need's row until the commit (no merge in between)."""
    moved = _execute(
        update(Need)
        .where(Need.id == need.id, Need.status.in_(OPEN_FOR_SUPPORT))
        .values(support_count=Need.support_count + change)
        .execution_options(synchronize_session=False)
    )
    if moved != 1:
        raise TransitionRefused(_("这条需求已进入后续环节，不再接受附议。"))
    db.session.refresh(need, ["support_count"])


def _execute(statement: Any) -> int:
    return cast(CursorResult[Any], db.session.execute(statement)).rowcount
