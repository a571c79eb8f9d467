"""Publishing a call, closing it on the database's clock, extending it by two persons, and giving it up."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from grants.foundation import audit
from grants.foundation.clock import local
from grants.foundation.database import database_now, db
from grants.foundation.errors import RuleBroken, require
from grants.foundation.i18n import _
from grants.foundation.numbering import next_reference
from grants.people.models import User
from grants.projects import service as projects
from grants.projects.models import Project
from grants.projects.rules import ProjectAction
from grants.selection.models import Application, Call, CallExtension
from grants.selection.policy import calls as policy
from grants.selection.queries import calls as queries
from grants.selection.rules import CALL_FLOW, ApplicationStatus, CallAction, CallStatus
from grants.selection.service.holding import hold
from grants.selection.service.telling import tell_organisation

_CONCERNED = (
    ApplicationStatus.DRAFT,
    ApplicationStatus.SUBMITTED,
    ApplicationStatus.RETURNED,
    ApplicationStatus.ELIGIBLE,
)


def publish_call(
    *, project: Project, officer: User, closes_at: datetime, opens_at: datetime | None = None, requirements: str = ""
) -> Call:
    """Ask organisations to apply for a funded project, from `opens_at` (now) until `closes_at`."""
    require(policy.why_not_publish(officer, project))
    at = database_now()
    start = opens_at or at
    if closes_at <= max(start, at):
        raise RuleBroken(_("截止时间应晚于开始时间，并且在将来。"), "closes_at")
    round_ = project.round
    call = Call(
        ref=next_reference(f"ZM-{round_.year}-{round_.number:02d}"),
        project=project,
        opens_at=start,
        closes_at=closes_at,
        requirements=requirements.strip(),
        published_by_id=officer.id,
    )
    db.session.add(call)
    projects.advance(project=project, action=ProjectAction.CALL, by=officer)
    audit.record("call:publish", actor=officer, subject=call, project=project.ref, closes_at=closes_at)
    return call


def publish_calls(*, projects: Sequence[Project], officer: User, closes_at: datetime, requirements: str) -> list[Call]:
    """Publish the calls of several projects of one round under one deadline and text: all of them, or none.

    Raises the refusal of the first project that cannot be called for, naming it; the caller undoes the others.
    """
    if not projects:
        raise RuleBroken(_("请至少选择一个项目。"), "projects")
    if len({project.round_id for project in projects}) > 1:
        raise RuleBroken(_("一次只能发布同一届次的项目。"), "projects")
    made = []
    for project in projects:
        if (reason := policy.why_not_publish(officer, project)) is not None:
            raise RuleBroken(_("“%(title)s”：%(reason)s", title=project.title, reason=reason), "projects")
        made.append(publish_call(project=project, officer=officer, closes_at=closes_at, requirements=requirements))
    return made


def close_call(*, call: Call, officer: User | None) -> None:
    """End the time for applications once the deadline has passed; None is the clock itself."""
    hold(call)
    at = database_now()
    if officer is not None:
        require(policy.why_not_close(officer, call, at))
    elif at < call.closes_at:
        raise RuleBroken(_("还没有到公告的截止时间，不能提前截止。"))
    call.status = CALL_FLOW.next(call.status, CallAction.CLOSE)
    call.closed_at = at
    audit.record("call:close", actor=officer, subject=call)


def close_due_calls() -> int:
    """Close every call whose deadline has passed; returns how many. Called by the clockwork, safe to repeat."""
    due = queries.list_calls_to_close(database_now())
    for call in due:
        close_call(call=call, officer=None)
    return len(due)


def propose_extension(*, call: Call, officer: User, closes_at: datetime, reason: str) -> CallExtension:
    """Propose a later deadline; it holds only when a second person of the other role signs."""
    hold(call)
    require(policy.why_not_extend(officer, call, database_now()))
    if queries.find_open_extension(call) is not None:
        raise RuleBroken(_("已有一项延期申请等待批准。"))
    if closes_at <= call.closes_at:
        raise RuleBroken(_("新的截止时间应晚于原截止时间。"), "closes_at")
    if not reason.strip():
        raise RuleBroken(_("请写明延期理由，它会公开。"), "reason")
    extension = CallExtension(
        call=call,
        closes_at=closes_at,
        was_closing_at=call.closes_at,
        reason=reason.strip(),
        proposed_by_id=officer.id,
        proposed_by=officer,
    )
    db.session.add(extension)
    audit.record("call:propose_extension", actor=officer, subject=call, closes_at=closes_at, reason=reason)
    return extension


def decide_extension(*, extension: CallExtension, officer: User, is_approved: bool) -> None:
    """Sign or refuse a later deadline as the second person."""
    call, at = extension.call, database_now()
    hold(call)
    db.session.refresh(extension)
    require(policy.why_not_decide_extension(officer, extension, at))
    extension.is_approved, extension.decided_by_id, extension.decided_at = is_approved, officer.id, at
    if is_approved:
        call.closes_at = extension.closes_at
        text = _(
            "“%(title)s”的申报截止时间延至 %(at)s。理由：%(reason)s",
            title=call.project.title,
            at=local(call.closes_at).strftime("%Y-%m-%d %H:%M"),
            reason=extension.reason,
        )
        _tell_applicants(call, _("申报截止时间已延长"), text)
    audit.record("call:decide_extension", actor=officer, subject=call, is_approved=is_approved)


def fail_call(*, call: Call, officer: User, reason: str) -> None:
    """Declare that a call found nobody (流标), with the public reason; the project may be called for again."""
    hold(call)
    require(policy.why_not_fail(officer, call))
    if not reason.strip():
        raise RuleBroken(_("请写明流标原因，它会公开。"), "reason")
    status = CALL_FLOW.next(call.status, CallAction.FAIL)
    _tell_applicants(call, _("征集未能选定承接组织"), reason.strip())
    call.status, call.fail_reason = status, reason.strip()
    if call.closed_at is None:
        call.closed_at = database_now()
    projects.advance(project=call.project, action=ProjectAction.REOPEN_CALL, by=officer)
    audit.record("call:fail", actor=officer, subject=call, reason=reason)


def _tell_applicants(call: Call, title: str, body: str) -> None:
    statement = select(Application).where(Application.call_id == call.id, Application.status.in_(_CONCERNED))
    for application in db.session.scalars(statement):
        tell_organisation(application.organisation_id, title, body, f"/applications/{application.ref}")


def start_review(*, call: Call, officer: User) -> None:
    """Let the review begin once the panel is drawn; the caller has checked that all applications are decided."""
    if call.status is CallStatus.CLOSED:
        call.status = CALL_FLOW.next(call.status, CallAction.START_REVIEW)
        audit.record("call:start_review", actor=officer, subject=call)
