"""The blueprint of funds, and what its pages have in common."""

from typing import Any

from flask import Blueprint

from grants.foundation.errors import require
from grants.foundation.web.refusals import keep_refusals
from grants.funds import policy, queries
from grants.funds.models import Fund, FundProposal
from grants.funds.rules import (
    ACCOUNT_KIND_LABELS,
    CONTRIBUTION_KIND_LABELS,
    CONTRIBUTION_STATUS_LABELS,
    END_CAUSE_LABELS,
    FUND_SOURCE_LABELS,
    JOURNAL_KIND_LABELS,
    PROPOSAL_KIND_LABELS,
    PROPOSAL_STATUS_LABELS,
    ProposalStatus,
)
from grants.people import current

blueprint = Blueprint("funds", __name__, url_prefix="/funds")
keep_refusals(blueprint, "fund:refuse", current.actor_or_none)

LABELS: dict[str, Any] = {
    "account_kinds": ACCOUNT_KIND_LABELS,
    "sources": FUND_SOURCE_LABELS,
    "journal_kinds": JOURNAL_KIND_LABELS,
    "proposal_kinds": PROPOSAL_KIND_LABELS,
    "proposal_statuses": PROPOSAL_STATUS_LABELS,
    "contribution_kinds": CONTRIBUTION_KIND_LABELS,
    "contribution_statuses": CONTRIBUTION_STATUS_LABELS,
    "causes": END_CAUSE_LABELS,
    "recoveries": queries.RECOVERY_LABELS,
    "recovery_tones": {
        queries.Recovery.NONE: "neutral",
        queries.Recovery.OPEN: "warn",
        queries.Recovery.OVERDUE: "bad",
        queries.Recovery.DONE: "good",
    },
    "proposal_tones": {
        ProposalStatus.WAITING: "warn",
        ProposalStatus.CONFIRMED: "good",
        ProposalStatus.REFUSED: "bad",
        ProposalStatus.WITHDRAWN: "neutral",
    },
}


def readable_fund(ref: str) -> Fund:
    """Return a fund for somebody who may look into its ledger."""
    require(policy.why_not_read_ledger(current.actor()))
    return queries.get_fund(ref)


def readable_proposal(ref: str) -> FundProposal:
    """Return a proposal for somebody who may look into the ledger."""
    require(policy.why_not_read_ledger(current.actor()))
    return queries.get_proposal(ref)
