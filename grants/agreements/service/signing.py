"""Signing an agreement and ending it."""

from datetime import date

from grants.agreements import policy
from grants.agreements.models import Agreement
from grants.agreements.rules import (
    AGREEMENT_FLOW,
    AgreementAction,
    Liability,
    MidtermResult,
)
from grants.agreements.service.shared import require_rule, tell_organisation
from grants.foundation import audit
from grants.foundation.clock import now, today
from grants.foundation.database import hold
from grants.foundation.errors import RuleBroken, require
from grants.foundation.i18n import _
from grants.foundation.models import StoredFile
from grants.needs import service as needs
from grants.needs.rules import Step
from grants.people.models import User
from grants.people.service import standing
from grants.projects import service as projects
from grants.projects.rules import ProjectAction


def sign_agreement(*, agreement: Agreement, by: User, signed_file: StoredFile | None = None) -> None:
    """Put the next signature: the organisation's, then the street's with the signed copy, which starts the project.

    Raises RuleBroken when the street signs without the signed copy.
    """
    hold(agreement)
    status = AGREEMENT_FLOW.next(agreement.status, AgreementAction.SIGN)
    require(policy.why_not_sign(by, agreement))
    if policy.acts_for(by, agreement):
        agreement.signed_for_organisation_id = by.id
        agreement.organisation_signed_at = now()
        audit.record("agreement:sign_for_organisation", actor=by, subject=agreement)
        return
    if signed_file is None:
        raise RuleBroken(_("请上传双方签章的协议扫描件。"), "signed_file")
    agreement.status = status
    agreement.signed_on = today()
    agreement.signed_for_street_id = by.id
    agreement.signed_file = signed_file
    _start_project(agreement, by)
    tell_organisation(agreement, _("协议已生效，可以开始实施：%(title)s", title=agreement.project.title))
    audit.record("agreement:sign", actor=by, subject=agreement, file=signed_file.sha256)


def _start_project(agreement: Agreement, by: User) -> None:
    projects.advance(project=agreement.project, action=ProjectAction.START, by=by)
    note = _("已与%(name)s签订协议 %(ref)s", name=agreement.organisation.name, ref=agreement.ref)
    for need in agreement.project.needs:
        needs.stamp(need=need, step=Step.CARRY_OUT, note=note, by=by)


def complete_agreement(*, agreement: Agreement, by: User) -> None:
    """Note that an agreement is fulfilled; the final evaluation calls this when the project passes."""
    hold(agreement)
    require(policy.why_not_complete(by))
    agreement.status = AGREEMENT_FLOW.next(agreement.status, AgreementAction.COMPLETE)
    agreement.completed_on = today()
    audit.record("agreement:complete", actor=by, subject=agreement)


def note_midterm(
    *, agreement: Agreement, by: User | None, result: MidtermResult | None, counts_on: date | None = None
) -> None:
    """Note how the mid-term evaluation ended and from which day a pass counts; that evaluation calls this."""
    hold(agreement)
    agreement.midterm_result = result
    agreement.midterm_counts_on = counts_on if result is MidtermResult.PASSED else None
    audit.record("agreement:midterm", actor=by, subject=agreement, result=result.value if result else None)


def terminate_agreement(
    *, agreement: Agreement, by: User, reason: str, liability: Liability = Liability.OWN_FAULT
) -> None:
    """End a running agreement before its time, with the reason both sides read and whose doing it was.

    The project ends with it.
    """
    hold(agreement)
    require(policy.why_not_terminate(by))
    status = AGREEMENT_FLOW.next(agreement.status, AgreementAction.TERMINATE)
    require_rule(None if reason.strip() else _("请写明终止的事实与依据。"), "reason")
    agreement.status = status
    agreement.terminated_on = today()
    agreement.terminated_by_id = by.id
    agreement.termination_reason = reason
    agreement.liability = liability
    if liability is Liability.OWN_FAULT:
        source = _("%(ref)s 协议终止", ref=agreement.ref)
        standing.note_breach(officer=by, organisation=agreement.organisation, source=source)
    projects.advance(project=agreement.project, action=ProjectAction.TERMINATE, by=by)
    tell_organisation(agreement, _("协议已被终止：%(title)s", title=agreement.project.title))
    audit.record("agreement:terminate", actor=by, subject=agreement, reason=reason, liability=liability.value)
