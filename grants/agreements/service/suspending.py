"""Suspending an agreement, and letting it go on by two people."""

from grants.agreements import policy
from grants.agreements.models import Agreement, Suspension
from grants.agreements.service.shared import require_rule, tell_organisation
from grants.foundation import audit
from grants.foundation.clock import now
from grants.foundation.database import db, hold
from grants.foundation.errors import TransitionRefused, require
from grants.foundation.i18n import _
from grants.foundation.notifications import notify
from grants.people import queries as people
from grants.people.models import User
from grants.people.rules import Role


def suspend_agreement(*, agreement: Agreement, by: User, reason: str) -> Suspension:
    """Stop all payments under an agreement until it is resumed, with the reason both sides read."""
    hold(agreement)
    require(policy.why_not_suspend(by, agreement))
    require_rule(None if reason.strip() else _("请写明暂停的理由和恢复的条件。"), "reason")
    suspension = Suspension(reason=reason, suspended_by_id=by.id)
    agreement.suspensions.append(suspension)
    db.session.flush()
    tell_organisation(agreement, _("协议已暂停，恢复前不能申请拨付：%(title)s", title=agreement.project.title))
    audit.record("agreement:suspend", actor=by, subject=agreement, reason=reason)
    return suspension


def propose_resume(*, agreement: Agreement, by: User, note: str) -> None:
    """Propose that a suspended agreement goes on; a leader other than the proposer approves."""
    suspension = _held(agreement)
    require(policy.why_not_propose_resume(by, agreement))
    require_rule(None if note.strip() else _("请写明暂停的原因已经消除的依据。"), "note")
    suspension.resume_note, suspension.resume_proposed_by_id, suspension.resume_proposed_at = note, by.id, now()
    for leader in people.list_users_with_role(Role.APPROVER):
        notify(
            leader.id,
            _("请批准恢复协议：%(title)s", title=agreement.project.title),
            href=f"/agreements/{agreement.ref}/resume",
        )
    audit.record("agreement:propose_resume", actor=by, subject=agreement, note=note)


def resume_agreement(*, agreement: Agreement, by: User) -> None:
    """Let a suspended agreement go on, as a second person."""
    suspension = _held(agreement)
    require(policy.why_not_resume(by, agreement))
    suspension.resumed_by_id, suspension.resumed_at = by.id, now()
    tell_organisation(agreement, _("协议已恢复：%(title)s", title=agreement.project.title))
    audit.record("agreement:resume", actor=by, subject=agreement)


def _held(agreement: Agreement) -> Suspension:
    hold(agreement)
    suspension = agreement.suspension
    if suspension is None:
        raise TransitionRefused(_("协议没有暂停。"))
    hold(suspension)
    return suspension
