"""Activities: announced to everybody, signed in to by phone, recorded with sign-in sheet and photos, or cancelled."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time

from grants.agreements.models import Agreement
from grants.foundation import audit
from grants.foundation.clock import now, today
from grants.foundation.database import db, hold
from grants.foundation.errors import NotFound, NotPermitted, RuleBroken, require
from grants.foundation.i18n import _
from grants.foundation.identifiers import BadCode, new_code, normalise_code
from grants.foundation.models import StoredFile
from grants.foundation.numbering import next_reference
from grants.needs.rules import TargetGroup
from grants.people.models import Resident, User
from grants.supervision import policy, queries
from grants.supervision.models import Activity, ActivityEvidence, ActivitySignIn
from grants.supervision.rules import ACTIVITY_FLOW, ActivityAction, EvidenceKind
from grants.supervision.service.registrations import tell_registered
from grants.supervision.service.shared import require_rule, round_prefix


@dataclass(frozen=True)
class Plan:
    """What is announced about an activity.

    `capacity` is how many people the place holds, when known; `seat_count` is how many may sign up beforehand, and
    without it nobody needs to.
    """

    title: str
    held_on: date
    starts: time
    ends: time
    place_text: str
    target_group: TargetGroup = TargetGroup.ALL
    team: str = ""
    capacity: int | None = None
    seat_count: int | None = None


def announce_activity(*, agreement: Agreement, by: User, plan: Plan) -> Activity:
    """Tell everybody about an activity to come, within the term of the agreement."""
    require(policy.why_not_announce(by, agreement))
    _check_plan(agreement, plan)
    activity = Activity(
        ref=next_reference(round_prefix("HD", agreement)),
        agreement=agreement,
        sign_in_code=new_code(),
        announced_by_id=by.id,
        title=plan.title,
        held_on=plan.held_on,
        starts=plan.starts,
        ends=plan.ends,
        place_text=plan.place_text,
        target_group=plan.target_group,
        team=plan.team,
        capacity=plan.capacity,
        seat_count=plan.seat_count,
    )
    db.session.add(activity)
    audit.record("activity:announce", actor=by, subject=activity, agreement=agreement.ref, held_on=plan.held_on)
    return activity


def _check_plan(agreement: Agreement, plan: Plan) -> None:
    if plan.held_on < today():
        raise RuleBroken(_("活动要提前预告，日期不能早于今天。"), "held_on")
    if not agreement.starts_on <= plan.held_on <= agreement.ends_on:
        raise RuleBroken(
            _(
                "活动日期要在协议期限内（%(from)s 至 %(to)s）。",
                **{"from": agreement.starts_on.isoformat(), "to": agreement.ends_on.isoformat()},
            ),
            "held_on",
        )
    if plan.ends <= plan.starts:
        raise RuleBroken(_("结束时间要晚于开始时间。"), "ends")
    if plan.seat_count is not None and plan.seat_count < 1:
        raise RuleBroken(_("请填写大于零的整数"), "seat_count")
    if plan.seat_count is not None and plan.capacity is not None and plan.seat_count > plan.capacity:
        raise RuleBroken(_("报名名额不能超过场地可容纳的人数。"), "seat_count")


def cancel_activity(*, activity: Activity, by: User, reason: str) -> None:
    """Call an announced activity off; the reason stands on its public page."""
    hold(activity)
    require(policy.why_not_cancel(by, activity))
    status = ACTIVITY_FLOW.next(activity.status, ActivityAction.CANCEL)
    require_rule(None if reason.strip() else _("请写明取消的原因，居民会看到。"), "reason")
    activity.status = status
    activity.cancel_reason = reason
    tell_registered(activity, _("您报名的活动取消了：%(title)s", title=activity.title), reason)
    audit.record("activity:cancel", actor=by, subject=activity, reason=reason)


def sign_in(*, resident: Resident, code: str) -> Activity:
    """Note that a resident came, by the code shown on the spot; once a person, on the day, with their own account."""
    activity = _by_code(code)
    actor = resident.user
    require(policy.why_not_sign_in(actor, activity))
    if actor is None:
        raise NotPermitted(_("请用居民本人的账号签到。"))
    db.session.add(ActivitySignIn(activity_id=activity.id, resident_id=resident.id))
    audit.record("activity:sign_in", actor=actor, subject=activity)
    return activity


def _by_code(code: str) -> Activity:
    try:
        found = queries.find_activity_by_code(normalise_code(code))
    except BadCode as error:
        raise RuleBroken(str(error), "code") from error
    if found is None:
        raise NotFound(_("没有找到这个签到码，请核对现场出示的编码。"))
    return found


@dataclass(frozen=True)
class Record:
    """What an activity was: persons (人数) and attendances (人次), and how it went."""

    person_count: int
    attendance_count: int
    summary: str
    volunteer_count: int = 0
    reflection: str = ""
    has_cleared_photos: bool = False


def record_activity(
    *,
    activity: Activity,
    by: User,
    record: Record,
    sign_in_sheets: Sequence[StoredFile],
    photos: Sequence[StoredFile],
    others: Sequence[StoredFile] = (),
) -> None:
    """Record an activity with its sign-in sheet and photos, without which it does not count.

    The same photo handed in elsewhere is not refused here; it shows as a red flag to everybody who verifies.
    """
    hold(activity)
    require(policy.why_not_record(by, activity))
    status = ACTIVITY_FLOW.next(activity.status, ActivityAction.RECORD)
    _check_record(activity, record)
    require_rule(None if sign_in_sheets else _("请上传签到表（拍照或扫描）。"), "sign_in_sheets")
    require_rule(None if photos else _("请至少上传一张现场照片。"), "photos")
    activity.status = status
    activity.recorded_at = now()
    activity.recorded_by_id = by.id
    activity.person_count = record.person_count
    activity.attendance_count = record.attendance_count
    activity.volunteer_count = record.volunteer_count
    activity.summary = record.summary
    activity.reflection = record.reflection
    activity.has_cleared_photos = record.has_cleared_photos
    kinds = ((EvidenceKind.SIGN_IN, sign_in_sheets), (EvidenceKind.PHOTO, photos), (EvidenceKind.OTHER, others))
    activity.evidence.extend(ActivityEvidence(kind=kind, file=file) for kind, files in kinds for file in files)
    audit.record(
        "activity:record",
        actor=by,
        subject=activity,
        persons=record.person_count,
        attendances=record.attendance_count,
        files=[file.sha256 for _kind, files in kinds for file in files],
    )


def _check_record(activity: Activity, record: Record) -> None:
    require_rule(None if record.summary.strip() else _("请写一段活动小结。"), "summary")
    if record.person_count < 1:
        raise RuleBroken(_("人数至少为 1；没有人参加的活动请取消。"), "person_count")
    if record.attendance_count < record.person_count:
        raise RuleBroken(_("人次不能少于人数：同一个人参加多场次时，人次多于人数。"), "attendance_count")
    if record.volunteer_count < 0:
        raise RuleBroken(_("志愿者人数不能是负数。"), "volunteer_count")
    signed_in = queries.count_sign_ins(activity.id)
    if record.person_count < signed_in:
        raise RuleBroken(_("已有 %(count)s 位居民扫码签到，人数不能少于签到人数。", count=signed_in), "person_count")
