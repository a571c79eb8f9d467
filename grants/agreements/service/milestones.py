"""Milestones: claimed, verified for the community, sent back."""

from grants.agreements import policy
from grants.agreements.models import Milestone
from grants.agreements.rules import (
    MILESTONE_FLOW,
    MilestoneAction,
)
from grants.agreements.service.shared import require_rule, tell_community, tell_organisation
from grants.foundation import audit
from grants.foundation.clock import now
from grants.foundation.database import hold
from grants.foundation.errors import require
from grants.foundation.i18n import _
from grants.people.models import User


def claim_milestone(*, milestone: Milestone, by: User, claim: str) -> None:
    """Say for the organisation that a milestone is reached, and on which recorded activities that rests."""
    hold(milestone)
    require(policy.why_not_claim(by, milestone))
    status = MILESTONE_FLOW.next(milestone.status, MilestoneAction.CLAIM)
    require_rule(None if claim.strip() else _("请说明完成情况，并写明对应的活动记录。"), "claim")
    milestone.status = status
    milestone.claim = claim
    milestone.claimed_at = now()
    milestone.claimed_by_id = by.id
    milestone.send_back_reason = None
    tell_community(milestone)
    audit.record("milestone:claim", actor=by, subject=milestone.agreement, position=milestone.position)


def verify_by_community(*, milestone: Milestone, by: User, note: str = "") -> None:
    """Confirm a claimed milestone for the community; a resident supervisor confirms it after that."""
    hold(milestone)
    require(policy.why_not_verify(by, milestone))
    milestone.status = MILESTONE_FLOW.next(milestone.status, MilestoneAction.VERIFY_COMMUNITY)
    milestone.community_by_id = by.id
    milestone.community_at = now()
    milestone.community_note = note
    audit.record("milestone:verify_community", actor=by, subject=milestone.agreement, position=milestone.position)


def send_back(*, milestone: Milestone, by: User, reason: str) -> None:
    """Return a claimed milestone to the organisation, with what is missing."""
    hold(milestone)
    require(policy.why_not_verify(by, milestone))
    return_milestone(milestone, reason)
    audit.record(
        "milestone:send_back", actor=by, subject=milestone.agreement, position=milestone.position, reason=reason
    )


def return_milestone(milestone: Milestone, reason: str) -> None:
    """Put a milestone back to "planned" with the reason; the caller has asked a policy and writes the audit entry."""
    status = MILESTONE_FLOW.next(milestone.status, MilestoneAction.SEND_BACK)
    require_rule(None if reason.strip() else _("请写明退回的原因和需要补充的内容。"), "reason")
    milestone.status = status
    milestone.send_back_reason = reason
    milestone.community_by_id = None
    milestone.community_at = None
    milestone.community_note = ""
    tell_organisation(
        milestone.agreement,
        _("里程碑被退回，请补充：%(name)s", name=milestone.name),
        f"/milestones/{milestone.position}/claim",
    )
