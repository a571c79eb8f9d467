"""Who may do what with activities: announce, record, sign up, sign in, see the evidence."""

from grants.agreements.models import Agreement
from grants.agreements.policy import acts_for, why_not_running
from grants.agreements.policy import why_not_read as why_not_read_agreement
from grants.foundation.clock import local, now, today
from grants.foundation.i18n import _
from grants.people.models import User
from grants.people.rules import Role
from grants.supervision import queries
from grants.supervision.models import Activity, ActivityEvidence
from grants.supervision.policy.common import is_overseer, watches_for_community
from grants.supervision.rules import ActivityStatus, EvidenceKind, RegistrationStatus, has_begun


def why_not_announce(actor: User, agreement: Agreement) -> str | None:
    """Say why the account cannot announce an activity."""
    if not acts_for(actor, agreement):
        return _("活动由承接组织预告。")
    return why_not_running(agreement)


def why_not_record(actor: User, activity: Activity) -> str | None:
    """Say why the account cannot record what an activity was."""
    if not acts_for(actor, activity.agreement):
        return _("活动记录由承接组织填写。")
    if activity.held_on > today():
        return _("活动还没有举行，结束后再填写记录。")
    return why_not_running(activity.agreement)


def why_not_cancel(actor: User, activity: Activity) -> str | None:
    """Say why the account cannot cancel an announced activity."""
    return None if acts_for(actor, activity.agreement) else _("活动由承接组织取消。")


def why_not_show_code(actor: User | None, activity: Activity) -> str | None:
    """Say why the account may not see the sign-in code, which is shown on the spot only."""
    if acts_for(actor, activity.agreement) or is_overseer(actor, activity.agreement):
        return None
    return _("签到码在活动现场出示。")


def why_not_sign_in(actor: User | None, activity: Activity) -> str | None:
    """Say why the account cannot sign in to the activity: residents do, for themselves, on the day."""
    if actor is None or actor.resident is None or not actor.has_role(Role.RESIDENT):
        return _("请用居民本人的账号签到；没有账号的，请在现场的纸质签到表上签名。")
    if activity.status is ActivityStatus.CANCELLED:
        return _("这场活动已取消。")
    if activity.held_on != today():
        return _("签到只在活动当天开放。")
    if activity.status is ActivityStatus.RECORDED:
        return _("活动记录已提交，签到已经结束。")
    if queries.has_signed_in(activity.id, actor.resident.id):
        return _("您已经签到过了，每人一次。")
    return None


def _why_no_seats(actor: User | None, activity: Activity) -> str | None:
    if actor is None or actor.resident is None or not actor.has_role(Role.RESIDENT):
        return _("请用居民本人的账号报名。")
    if activity.seat_count is None:
        return _("这场活动不用报名，直接来参加就可以。")
    if activity.status is ActivityStatus.CANCELLED:
        return _("这场活动已取消。")
    if activity.status is ActivityStatus.RECORDED or has_begun(activity.held_on, activity.starts, local(now())):
        return _("活动已经开始，报名结束。到了现场可以直接扫码签到。")
    return None


def is_signed_up(actor: User | None, activity: Activity) -> bool:
    """Tell whether the account's resident has a seat or waits for one."""
    if actor is None or actor.resident is None:
        return False
    found = queries.find_registration(activity.id, actor.resident.id)
    return found is not None and found.status is not RegistrationStatus.WITHDRAWN


def why_not_register(actor: User | None, activity: Activity) -> str | None:
    """Say why the account cannot sign up: residents do, for themselves, until the activity begins."""
    if reason := _why_no_seats(actor, activity):
        return reason
    return _("您已经报过名了。") if is_signed_up(actor, activity) else None


def why_not_withdraw(actor: User | None, activity: Activity) -> str | None:
    """Say why the account cannot take its signing up back."""
    if reason := _why_no_seats(actor, activity):
        return reason
    return None if is_signed_up(actor, activity) else _("您没有报名这场活动。")


def why_not_list_guests(actor: User | None, activity: Activity) -> str | None:
    """Say why the account may not see who signed up: those who hold the activity and those who watch by office do."""
    reason = why_not_read_agreement(actor, activity.agreement)
    return None if reason is None else _("报名和签到名单只供承接组织和监督人员查看。")


def why_not_open_evidence(actor: User | None, evidence: ActivityEvidence) -> str | None:
    """Say why the account may not open a piece of evidence; sign-in sheets carry names and are never public."""
    activity = evidence.activity
    is_photo = evidence.kind is EvidenceKind.PHOTO
    if is_photo and activity.has_cleared_photos and activity.status is ActivityStatus.RECORDED:
        return None
    if is_photo and queries.is_supervisor_of(actor, activity.agreement_id):
        return None
    if why_not_read_agreement(actor, activity.agreement) is None or watches_for_community(actor, activity.agreement):
        return None
    return _("这份材料含有个人信息，不对外公开。")
