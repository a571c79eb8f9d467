"""Deciding on eligibility: condition by condition, with the computation beside the decision."""

from collections.abc import Mapping
from dataclasses import dataclass

from grants.foundation import audit
from grants.foundation.database import db
from grants.foundation.errors import RuleBroken, require
from grants.foundation.i18n import _
from grants.people.models import User
from grants.selection.models import Application, EligibilityCheck
from grants.selection.policy import papers as policy
from grants.selection.queries import papers as queries
from grants.selection.rules import APPLICATION_FLOW, CONDITION_LABELS, ApplicationAction, Condition, Finding
from grants.selection.service.holding import hold
from grants.selection.service.telling import tell_organisation


@dataclass(frozen=True)
class Decision:
    """An officer's answer for one condition; a reason is owed when it is unmet or differs from the computation."""

    is_met: bool
    reason: str = ""


def decide_eligibility(*, application: Application, officer: User, decisions: Mapping[Condition, Decision]) -> bool:
    """Decide on all conditions at once; returns whether the application goes on to the review."""
    hold(application)
    require(policy.why_not_check(officer, application))
    computed = queries.compute_eligibility(application)
    checks = [_check(application, officer, finding, decisions.get(finding.condition)) for finding in computed]
    db.session.add_all(checks)
    unmet = [check for check in checks if not check.is_met]
    if unmet:
        application.refusal_reason = "\n".join(
            f"{CONDITION_LABELS[check.condition]}：{check.reason}" for check in unmet
        )
    action = ApplicationAction.REFUSE if unmet else ApplicationAction.ADMIT
    application.status = APPLICATION_FLOW.next(application.status, action)
    _tell(application)
    audit.record(
        "application:decide_eligibility",
        actor=officer,
        subject=application,
        is_eligible=not unmet,
        overridden=[one.condition.value for one in checks if one.computed_is_met not in (None, one.is_met)],
    )
    return not unmet


def _check(application: Application, officer: User, finding: Finding, decision: Decision | None) -> EligibilityCheck:
    field = f"reason_{finding.condition.value}"
    label = CONDITION_LABELS[finding.condition]
    if decision is None:
        raise RuleBroken(_("请对“%(label)s”作出判断。", label=label), f"met_{finding.condition.value}")
    reason = decision.reason.strip()
    if finding.is_met is not None and finding.is_met != decision.is_met and not reason:
        raise RuleBroken(_("您的判断与系统核算不一致，请写明理由。"), field)
    if not decision.is_met and not reason:
        if finding.is_met is None:
            raise RuleBroken(_("请写明不符合的理由，申报组织会看到。"), field)
        reason = finding.reason
    return EligibilityCheck(
        application=application,
        condition=finding.condition,
        is_met=decision.is_met,
        computed_is_met=finding.is_met,
        finding=finding.reason,
        reason=reason,
        decided_by_id=officer.id,
    )


def _tell(application: Application) -> None:
    href = f"/applications/{application.ref}"
    if application.refusal_reason:
        title = _("申报书 %(ref)s 未通过资格审查", ref=application.ref)
        tell_organisation(application.organisation_id, title, application.refusal_reason, href)
    else:
        title = _("申报书 %(ref)s 通过资格审查，进入评审", ref=application.ref)
        tell_organisation(application.organisation_id, title, "", href)
