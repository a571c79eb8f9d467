"""Who may read an application and its attachments, and who may change, return and check it."""

from datetime import date, datetime
from enum import StrEnum

from grants.foundation.database import database_now
from grants.foundation.i18n import _
from grants.people.models import Organisation, User
from grants.people.rules import OrganisationStatus, Role
from grants.selection.models import Application, ApplicationDocument, Call
from grants.selection.policy.calls import is_accepting, is_sealed, why_not_officer, why_not_open
from grants.selection.rules import (
    FINANCE_DOCUMENTS,
    GROUP_LABELS,
    SHORTLISTED,
    ApplicationStatus,
    CallStatus,
    Group,
    setting,
)


class Sight(StrEnum):
    """How much of an application somebody sees."""

    FULL = "full"
    TEXT = "text"
    BUDGET = "budget"


_OVER = frozenset({CallStatus.AWARDED, CallStatus.FAILED})


def is_own(actor: User, application: Application) -> bool:
    """Tell whether the actor acts for the applicant."""
    return application.organisation_id in actor.organisation_ids


def sight(actor: User, application: Application) -> Sight | None:
    """Return how much the actor sees of an application; None means that it does not exist for them.

    The applicant sees all of it, always. What was handed in is open to the programme office, the leader and the
    supervisors; to the community it belongs to once it is eligible, without attachments; to finance as a budget.
    Experts read it on their score sheets only, without names. A sealed call opens to none of them before its deadline.
    """
    if is_own(actor, application):
        return Sight.FULL
    if application.status is ApplicationStatus.DRAFT or application.submitted_at is None:
        return None
    if is_sealed(application.call, database_now()):
        return None
    if actor.has_role(Role.PROGRAMME, Role.APPROVER, Role.SUPERVISOR):
        return Sight.FULL
    is_home = application.call.project.community_id in actor.community_ids
    if is_home and application.status in SHORTLISTED:
        return Sight.TEXT
    return Sight.BUDGET if actor.has_role(Role.FINANCE) else None


def why_not_open_document(actor: User, document: ApplicationDocument) -> str | None:
    """Say why the actor may not open an attachment."""
    seen = sight(actor, document.application)
    if seen is Sight.FULL:
        return None
    if seen is Sight.BUDGET and document.kind in FINANCE_DOCUMENTS:
        return None
    return _("您可以阅读申报内容，但不能打开这份附件。")


def must_leave_trace(actor: User, application: Application) -> bool:
    """Tell whether opening an attachment is written into the audit chain (纪监委)."""
    return actor.has_role(Role.SUPERVISOR) and not is_own(actor, application)


def why_not_apply(actor: User, call: Call, organisation: Organisation | None, at: datetime) -> str | None:
    """Say why the actor may not begin an application for this organisation."""
    if organisation is None or organisation.id not in actor.organisation_ids:
        return _("请以社会组织成员的账号申报。")
    if organisation.status is not OrganisationStatus.LISTED:
        return _("您的组织还不在社会组织目录中，或已被暂停，请先联系社区建设部。")
    if at < call.opens_at:
        return _("申报还没有开始。")
    return None if is_accepting(call, at) else _("申报已经截止。")


def why_not_edit(actor: User, application: Application, at: datetime, day: date) -> str | None:
    """Say why the actor may not change the application now."""
    if not is_own(actor, application):
        return _("只有申报组织自己的成员可以修改申报书。")
    if application.status is ApplicationStatus.RETURNED:
        if application.correct_until is not None and day > application.correct_until:
            return _("补正期限已过，不能再修改。")
        return None
    if application.status is not ApplicationStatus.DRAFT:
        return _("申报书已经提交，不能再修改；需要修改请先撤回，或等待退回补正。")
    return None if is_accepting(application.call, at) else _("申报已经截止，不能再修改。")


def why_not_edit_page(actor: User, application: Application, page: Group, at: datetime, day: date) -> str | None:
    """Say why the actor may not change this page now; a return opens the pages it names and no other."""
    if (reason := why_not_edit(actor, application, at, day)) is not None:
        return reason
    is_open = application.status is not ApplicationStatus.RETURNED or page is Group.DECLARATION
    if is_open or page in application.open_corrections:
        return None
    return _("“%(page)s”没有要求补正，不能修改。", page=GROUP_LABELS[page])


def why_not_withdraw(actor: User, application: Application, at: datetime) -> str | None:
    """Say why the actor may not take the application back; after the deadline it stands."""
    if not is_own(actor, application):
        return _("只有申报组织自己的成员可以撤回申报。")
    if application.status is ApplicationStatus.RETURNED:
        return None
    if application.status not in {ApplicationStatus.DRAFT, ApplicationStatus.SUBMITTED}:
        return _("当前状态下不能撤回。")
    return None if is_accepting(application.call, at) else _("申报已经截止，不能再撤回。")


def why_not_return(actor: User, application: Application) -> str | None:
    """Say why the actor may not send the application back for correction; there is one chance (a setting)."""
    if (reason := why_not_officer(actor)) is not None:
        return reason
    if (reason := why_not_open(application.call, database_now())) is not None:
        return reason
    if application.status is not ApplicationStatus.SUBMITTED:
        return _("只有已提交、尚未审查的申报书可以退回补正。")
    limit = int(setting(application.call.project.round.settings, "return_limit"))
    if application.returned_count >= limit:
        return _("补正机会只有 %(count)s 次，已经用过，请直接作出审查决定。", count=limit)
    return None


def why_not_check(actor: User, application: Application) -> str | None:
    """Say why the actor may not decide on eligibility; all are checked after the deadline."""
    if (reason := why_not_officer(actor)) is not None:
        return reason
    if application.status is not ApplicationStatus.SUBMITTED:
        return _("只有已提交的申报书可以作资格审查决定。")
    if application.call.status is not CallStatus.CLOSED:
        return _("申报截止后才统一作资格审查决定。")
    return None


def why_not_lapse(actor: User, application: Application, day: date) -> str | None:
    """Say why the actor may not end an application whose correction did not come in time."""
    if (reason := why_not_officer(actor)) is not None:
        return reason
    if application.status is not ApplicationStatus.RETURNED or application.correct_until is None:
        return _("只有退回补正中的申报书可以按逾期处理。")
    return None if day > application.correct_until else _("补正期限还没有到。")


def why_not_disqualify(actor: User, application: Application) -> str | None:
    """Say why the actor may not take eligibility away again, e.g. after an objection was upheld."""
    if (reason := why_not_officer(actor)) is not None:
        return reason
    if application.status not in SHORTLISTED or application.call.status in _OVER:
        return _("当前状态下不能取消资格。")
    return None


def may_see_opinion(actor: User, application: Application) -> bool:
    """Tell whether the community's points are open: to the community itself, to others once all scores are locked."""
    call = application.call
    if is_own(actor, application):
        return can_read_result(application)
    return call.project.community_id in actor.community_ids or call.ranked_at is not None


def can_read_result(application: Application) -> bool:
    """Tell whether scores and reasons may be shown to the applicant: once the award is announced."""
    return application.call.status in {CallStatus.ANNOUNCED, CallStatus.AWARDED}
