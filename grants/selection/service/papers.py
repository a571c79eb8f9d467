"""The life of an application: begun, handed in, taken back, returned once for correction."""

import hashlib
import json
from collections.abc import Mapping

from grants.foundation import audit
from grants.foundation.clock import today
from grants.foundation.database import database_now, db
from grants.foundation.errors import RuleBroken, require
from grants.foundation.i18n import _
from grants.foundation.numbering import next_reference
from grants.foundation.workdays import add_working_days
from grants.people.models import Organisation, User
from grants.people.rules import LegalKind
from grants.rounds.queries import holiday_table
from grants.selection.models import Application, ApplicationTarget, Call, CorrectionItem, Submission
from grants.selection.policy import papers as policy
from grants.selection.queries import papers as queries
from grants.selection.rules import (
    APPLICATION_FLOW,
    CORRECTABLE,
    GROUP_LABELS,
    ApplicationAction,
    Group,
    setting,
)
from grants.selection.rules.completeness import missing
from grants.selection.rules.paper import section_limits
from grants.selection.service.holding import hold
from grants.selection.service.telling import tell_organisation

SHOWN_GAPS = 3


def start_application(*, call: Call, organisation: Organisation | None, actor: User) -> Application:
    """Begin a draft, filled with what the register and the project already know."""
    require(policy.why_not_apply(actor, call, organisation, database_now()))
    assert organisation is not None  # noqa: S101 - the policy has refused None
    if (existing := queries.find_application_of(call, [organisation.id])) is not None:
        raise RuleBroken(_("贵组织已有本项目的申报书 %(ref)s，请在原申报书上继续。", ref=existing.ref))
    project = call.project
    promised = list(project.indicators)
    payee = organisation.host if organisation.legal_kind is LegalKind.FILED else organisation
    application = Application(
        ref=next_reference(f"SB-{project.round.year}-{project.round.number:02d}"),
        call=call,
        organisation=organisation,
        payee=payee,
        title=project.title,
        starts_on=project.starts_on,
        ends_on=project.ends_on,
        sections={"experience": organisation.profile[: section_limits({})["experience"]]}
        if organisation.profile
        else {},
        unfinished={},
        edits={},
        updated_by_id=actor.id,
    )
    application.targets = [ApplicationTarget(indicator=indicator, target=indicator.target) for indicator in promised]
    db.session.add(application)
    audit.record("application:start", actor=actor, subject=application, call=call.ref)
    return application


def submit_application(*, application: Application, actor: User, has_declared: bool) -> Submission:
    """Hand the application in, complete and declared; returns what was kept of it.

    Raises RuleBroken with what is missing. The receipt number is given once and survives a correction.
    """
    hold(application)
    at = database_now()
    require(policy.why_not_edit(actor, application, at, today()))
    application.has_declared = has_declared
    gaps = missing(queries.paper_of(application))
    if gaps:
        field = "has_declared" if gaps[0][0] is Group.DECLARATION else None
        shown = "；".join(text for _group, text in gaps[:SHOWN_GAPS])
        raise RuleBroken(_("还有 %(count)s 处没有完成：%(shown)s。", count=len(gaps), shown=shown), field)
    _check_limit(application)
    status = APPLICATION_FLOW.next(application.status, ApplicationAction.SUBMIT)
    round_ = application.call.project.round
    if application.receipt_number is None:
        application.receipt_number = next_reference(f"HZ-{round_.year}-{round_.number:02d}")
    application.submitted_at, application.submitted_by_id = at, actor.id
    application.status = status
    application.correct_until = None
    submission = _keep(application, actor)
    audit.record(
        "application:submit",
        actor=actor,
        subject=application,
        receipt=application.receipt_number,
        content_hash=submission.content_hash,
    )
    return submission


def _check_limit(application: Application) -> None:
    project = application.call.project
    limit = int(setting(project.round.settings, "applications_per_organisation"))
    others = queries.count_handed_in(application.organisation_id, project.round_id, besides=application.id)
    if others >= limit:
        raise RuleBroken(
            _("每个组织本届最多申报 %(limit)s 个项目，贵组织已提交 %(count)s 个。", limit=limit, count=others)
        )


def _keep(application: Application, actor: User) -> Submission:
    """Keep the whole text as it is handed in, so that a later correction can be compared with it."""
    whole = queries.whole_content(application)
    canonical = json.dumps(whole, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    submission = Submission(
        application=application,
        number=len(queries.list_submissions(application)) + 1,
        content=whole,
        content_hash=hashlib.sha256(canonical.encode()).hexdigest(),
        by_id=actor.id,
    )
    db.session.add(submission)
    return submission


def withdraw_application(*, application: Application, actor: User) -> None:
    """Take an application back before the deadline; it may be resumed while the call is open."""
    hold(application)
    require(policy.why_not_withdraw(actor, application, database_now()))
    application.status = APPLICATION_FLOW.next(application.status, ApplicationAction.WITHDRAW)
    audit.record("application:withdraw", actor=actor, subject=application)


def resume_application(*, application: Application, actor: User) -> None:
    """Go on with an application that was taken back; what it says is declared anew when it is handed in again."""
    hold(application)
    require(policy.why_not_apply(actor, application.call, application.organisation, database_now()))
    application.status = APPLICATION_FLOW.next(application.status, ApplicationAction.RESUME)
    application.has_declared = False
    audit.record("application:resume", actor=actor, subject=application)


def return_application(*, application: Application, officer: User, sections: Mapping[Group, str]) -> None:
    """Send an application back for correction, once: the pages named, each with its reason, and a last day.

    Only these pages can be changed; a page whose reason is blank is not sent back.
    """
    hold(application)
    require(policy.why_not_return(officer, application))
    asked = {page: sections[page].strip() for page in CORRECTABLE if sections.get(page, "").strip()}
    if not asked:
        raise RuleBroken(_("请至少对一个部分写明需要补正的内容。"))
    reason = "\n".join(f"{GROUP_LABELS[page]}：{text}" for page, text in asked.items())
    settings = application.call.project.round.settings
    application.status = APPLICATION_FLOW.next(application.status, ApplicationAction.RETURN)
    application.return_reason = reason
    application.returned_count += 1
    application.corrections += [
        CorrectionItem(number=application.returned_count, page=page, reason=text, asked_by_id=officer.id)
        for page, text in asked.items()
    ]
    application.correct_until = add_working_days(
        today(), int(setting(settings, "correction_working_days")), holiday_table()
    )
    application.has_declared = False
    tell_organisation(
        application.organisation_id,
        _("申报书 %(ref)s 退回补正", ref=application.ref),
        _("请在 %(on)s 前补正并重新提交。需要补正：%(reason)s", on=application.correct_until, reason=reason),
        f"/applications/{application.ref}",
    )
    audit.record("application:return", actor=officer, subject=application, pages=sorted(asked), reason=reason)


def lapse_application(*, application: Application, officer: User) -> None:
    """End an application whose correction did not come in time."""
    hold(application)
    require(policy.why_not_lapse(officer, application, today()))
    application.refusal_reason = _(
        "逾期未补正（期限 %(on)s）。需要补正的内容：%(reason)s",
        on=application.correct_until,
        reason=application.return_reason,
    )
    application.status = APPLICATION_FLOW.next(application.status, ApplicationAction.REFUSE)
    title = _("申报书 %(ref)s 逾期未补正", ref=application.ref)
    href = f"/applications/{application.ref}"
    tell_organisation(application.organisation_id, title, application.refusal_reason, href)
    audit.record("application:lapse", actor=officer, subject=application)
