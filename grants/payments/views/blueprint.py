"""The blueprint of payments, and what its pages have in common."""

from typing import Any

from flask import Blueprint

from grants.agreements import policy as agreement_policy
from grants.agreements import queries as agreements
from grants.agreements.models import Agreement
from grants.agreements.rules import GATE_LABELS
from grants.foundation.errors import require
from grants.foundation.web.refusals import keep_refusals
from grants.payments import policy, queries
from grants.payments.models import PaymentRequest, Voucher
from grants.payments.rules import (
    FEE_STANDARDS,
    FINDING_LABELS,
    ITEM_KIND_LABELS,
    PAYMENT_STATUS_LABELS,
    VOUCHER_STATUS_LABELS,
    PaymentStatus,
    VoucherStatus,
)
from grants.people import current
from grants.rounds.rules import BUDGET_LABELS
from grants.selection.rules import MONEY_SOURCE_LABELS

blueprint = Blueprint("payments", __name__, url_prefix="/payments")
keep_refusals(blueprint, "payment:refuse", current.actor_or_none)

LABELS: dict[str, Any] = {
    "statuses": PAYMENT_STATUS_LABELS,
    "tones": {
        status: {
            PaymentStatus.CONFIRMED: "good",
            PaymentStatus.PAID: "good",
            PaymentStatus.RETURNED: "warn",
            PaymentStatus.REJECTED: "bad",
            PaymentStatus.DRAFT: "neutral",
        }.get(status, "progress")
        for status in PaymentStatus
    },
    "voucher_statuses": VOUCHER_STATUS_LABELS,
    "voucher_tones": {
        VoucherStatus.ENTERED: "progress",
        VoucherStatus.ACCEPTED: "good",
        VoucherStatus.REFUSED: "bad",
    },
    "fees": FEE_STANDARDS,
    "findings": FINDING_LABELS,
    "item_kinds": ITEM_KIND_LABELS,
    "gates": GATE_LABELS,
    "budget": BUDGET_LABELS,
    "sources": MONEY_SOURCE_LABELS,
}


def readable_request(ref: str) -> PaymentRequest:
    """Return a request for somebody who may open it."""
    request = queries.get_request(ref)
    require(policy.why_not_see(current.actor(), request))
    return request


def readable_agreement(ref: str) -> Agreement:
    """Return an agreement for somebody who may open it."""
    agreement = agreements.get_agreement(ref)
    require(agreement_policy.why_not_read(current.actor(), agreement))
    return agreement


def readable_voucher(ref: str) -> Voucher:
    """Return a voucher for somebody who may open it."""
    voucher = queries.get_voucher(ref)
    require(policy.why_not_see_voucher(current.actor(), voucher))
    return voucher
