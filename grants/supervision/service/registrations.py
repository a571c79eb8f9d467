"""Signing up for an announced activity: a seat while there is one, then the waiting list, which moves up by itself."""

from grants.foundation import audit
from grants.foundation.clock import now
from grants.foundation.database import db, hold
from grants.foundation.errors import NotPermitted, require
from grants.foundation.i18n import _
from grants.foundation.notifications import notify
from grants.people.models import User
from grants.supervision import policy, queries
from grants.supervision.models import Activity, ActivityRegistration
from grants.supervision.rules import RegistrationStatus, place_in


def register(*, activity: Activity, by: User) -> ActivityRegistration:
    """Sign a resident up; whoever stepped back and comes again stands behind those who came before."""
    hold(activity)
    require(policy.why_not_register(by, activity))
    resident = by.resident
    if resident is None or activity.seat_count is None:
        raise NotPermitted(_("请用居民本人的账号报名。"))
    status = place_in(activity.seat_count, queries.count_seated(activity.id))
    found = queries.find_registration(activity.id, resident.id)
    if found is None:
        found = ActivityRegistration(activity_id=activity.id, resident_id=resident.id)
        db.session.add(found)
    found.status = status
    found.at = now()
    audit.record("activity:register", actor=by, subject=activity, status=found.status)
    return found


def withdraw_registration(*, activity: Activity, by: User) -> None:
    """Give a seat or a place on the waiting list back; the first who waits gets the seat and is told."""
    hold(activity)
    require(policy.why_not_withdraw(by, activity))
    found = queries.find_registration(activity.id, by.resident.id) if by.resident is not None else None
    if found is None:
        raise NotPermitted(_("您没有报名这场活动。"))
    was_seated = found.status is RegistrationStatus.SEATED
    found.status = RegistrationStatus.WITHDRAWN
    db.session.flush()
    if was_seated:
        _move_up(activity)
    audit.record("activity:withdraw", actor=by, subject=activity)


def _move_up(activity: Activity) -> None:
    first = queries.first_waiting(activity.id)
    if first is None:
        return
    first.status = RegistrationStatus.SEATED
    if first.resident.user_id is not None:
        notify(
            first.resident.user_id,
            _("候补成功，您有名额了：%(title)s", title=activity.title),
            _("不能参加的请取消报名，把名额让给其他邻居。"),
            f"/supervision/activities/{activity.ref}",
        )


def tell_registered(activity: Activity, title: str, text: str) -> None:
    """Leave a message for everybody who has a seat or waits for one."""
    for one in queries.list_registrations(activity.id):
        if one.status is not RegistrationStatus.WITHDRAWN and one.resident.user_id is not None:
            notify(one.resident.user_id, title, text, f"/supervision/activities/{activity.ref}")
