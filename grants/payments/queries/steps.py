"""The chain of one request: its cycle, who signed, and what the signatures stand for."""

import uuid

from grants.payments.models import PaymentRequest, PaymentStep
from grants.payments.rules import SIGNATURES, PaymentAction, content_hash
from grants.people.models import User


def current_cycle(request: PaymentRequest) -> int:
    """Return the number of the cycle under way; it rises when a returned request is sent again."""
    return max((step.cycle for step in request.steps), default=1)


def step_of(request: PaymentRequest, action: PaymentAction) -> PaymentStep | None:
    """Return the step of this kind in the present cycle."""
    cycle = current_cycle(request)
    return next((step for step in request.steps if step.cycle == cycle and step.action is action), None)


def signers(request: PaymentRequest) -> dict[uuid.UUID, PaymentAction]:
    """Return who has signed in the present cycle, and for what."""
    cycle = current_cycle(request)
    return {step.actor_id: step.action for step in request.steps if step.cycle == cycle and step.action in SIGNATURES}


def signed_by(request: PaymentRequest, action: PaymentAction) -> User | None:
    """Return who gave this signature in the present cycle."""
    step = step_of(request, action)
    return step.actor if step else None


def content_of(request: PaymentRequest) -> str:
    """Return the hash of what an approval of this request stands for, as it is now."""
    invoice = request.invoice_file.sha256 if request.invoice_file else ""
    return content_hash(
        [
            request.ref,
            request.tranche_id,
            request.payee_name,
            request.payee_bank,
            request.payee_account_index,
            request.amount_fen,
            request.purpose,
            invoice,
        ]
    )
