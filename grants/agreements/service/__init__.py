"""Use cases of agreements: draft, offer, sign, change, suspend, end; claim and verify milestones."""

from grants.agreements.service.changes import (
    TARGETS,
    Spending,
    Wish,
    approve_change,
    endorse_change,
    know_spending,
    propose_change,
    refuse_change,
    withdraw_change,
)
from grants.agreements.service.drafting import (
    USUAL_TERM,
    Content,
    agree_draft,
    asked_lines,
    draft_agreement,
    offer_agreement,
    payee_of,
    revise_agreement,
)
from grants.agreements.service.milestones import (
    claim_milestone,
    return_milestone,
    send_back,
    verify_by_community,
)
from grants.agreements.service.shared import require_rule
from grants.agreements.service.signing import (
    complete_agreement,
    note_midterm,
    sign_agreement,
    terminate_agreement,
)
from grants.agreements.service.suspending import (
    propose_resume,
    resume_agreement,
    suspend_agreement,
)

__all__ = [
    "TARGETS",
    "USUAL_TERM",
    "Content",
    "Spending",
    "Wish",
    "agree_draft",
    "approve_change",
    "asked_lines",
    "claim_milestone",
    "complete_agreement",
    "draft_agreement",
    "endorse_change",
    "know_spending",
    "note_midterm",
    "offer_agreement",
    "payee_of",
    "propose_change",
    "propose_resume",
    "refuse_change",
    "require_rule",
    "resume_agreement",
    "return_milestone",
    "revise_agreement",
    "send_back",
    "sign_agreement",
    "suspend_agreement",
    "terminate_agreement",
    "verify_by_community",
    "withdraw_change",
]
