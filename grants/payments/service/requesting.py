"""The organisation's side: ask for a tranche, take the request back, send it again."""

from collections.abc import Mapping
from types import MappingProxyType

from grants.agreements.models import Tranche
from grants.foundation.clock import now
from grants.foundation.database import db
from grants.foundation.errors import RuleBroken, require
from grants.foundation.i18n import _
from grants.foundation.models import StoredFile
from grants.foundation.numbering import next_reference
from grants.payments import policy, queries
from grants.payments.models import PaymentRequest
from grants.payments.rules import PAYMENT_FLOW, PaymentAction
from grants.payments.service.chain import free_money, lock, take
from grants.payments.service.returning import answer_items, keep_submission
from grants.people.models import User


def request_payment(*, tranche: Tranche, actor: User, purpose: str, invoice: StoredFile | None) -> PaymentRequest:
    """Ask for a tranche. Payee, account and amount are not typed: they follow from the signed agreement.

    Raises RuleBroken with the first gate that is closed, or without an invoice or receipt.
    """
    require(policy.why_not_request(actor, tranche))
    require(policy.why_not_payable(tranche), RuleBroken)
    agreement = tranche.agreement
    round = agreement.project.round
    request = PaymentRequest(
        ref=next_reference(f"BF-{round.year}-{round.number:02d}"),
        tranche_id=tranche.id,
        agreement_id=agreement.id,
        tranche=tranche,
        agreement=agreement,
        requested_by_id=actor.id,
        requested_at=now(),
    )
    _fill(request, purpose, invoice)
    db.session.add(request)
    db.session.flush()
    take(request, PaymentAction.REQUEST, actor)
    keep_submission(request)
    return request


def _fill(request: PaymentRequest, purpose: str, invoice: StoredFile | None) -> None:
    """Write what will be signed for, taken from the agreement as it was signed."""
    if not purpose.strip():
        raise RuleBroken(_("请写明款项用途。"), "purpose")
    if invoice is None:
        raise RuleBroken(_("请上传发票或收据，没有票据不能拨付。"), "invoice")
    agreement = request.agreement
    request.amount_fen = queries.payable_fen(request.tranche)
    request.purpose = purpose.strip()
    request.payee_name = agreement.payee_name
    request.payee_bank = agreement.payee_bank
    request.payee_account_index = agreement.payee_account_index
    request.payee_account_last4 = agreement.payee_account_last4
    request.invoice_file_id = invoice.id
    request.invoice_file = invoice


def request_again(
    *,
    request: PaymentRequest,
    actor: User,
    purpose: str,
    invoice: StoredFile | None = None,
    answers: Mapping[int, str] = MappingProxyType({}),
) -> None:
    """Send a returned request again, corrected: a new cycle begins and every earlier signature is void.

    `answers` says by position what was done about each item of the return; raises RuleBroken while one has no answer.
    """
    lock(request)
    require(policy.why_not_revise(actor, request))
    PAYMENT_FLOW.next(request.status, PaymentAction.REQUEST)
    require(policy.why_not_payable(request.tranche), RuleBroken)
    answer_items(request, actor, answers)
    _fill(request, purpose, invoice or request.invoice_file)
    request.content_hash = None
    request.requested_by_id = actor.id
    request.requested_at = now()
    take(request, PaymentAction.REQUEST, actor, cycle=queries.current_cycle(request) + 1)
    keep_submission(request)


def recall_request(*, request: PaymentRequest, actor: User, reason: str) -> None:
    """Take a request back to correct it, at any time before it is paid; what was signed and held for it falls away."""
    lock(request)
    require(policy.why_not_revise(actor, request))
    PAYMENT_FLOW.next(request.status, PaymentAction.RETURN)
    if not reason.strip():
        raise RuleBroken(_("请说明需要修改的内容。"), "reason")
    free_money(request, actor)
    take(request, PaymentAction.RETURN, actor, reason, return_reason=reason, content_hash=None)
