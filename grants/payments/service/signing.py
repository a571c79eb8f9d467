"""The street's side of a payment: four signatures, the payment itself, and its rejection."""

from datetime import date

from grants.foundation.clock import local, now, today
from grants.foundation.errors import RuleBroken, TransitionRefused, require
from grants.foundation.i18n import _
from grants.foundation.money import yuan
from grants.foundation.notifications import notify
from grants.funds import service as ledger
from grants.payments import policy, queries
from grants.payments.models import PaymentRequest
from grants.payments.rules import PAYMENT_FLOW, PaymentAction
from grants.payments.service.chain import free_money, lock, reservation_of, take
from grants.people.models import User


def _ready(request: PaymentRequest, action: PaymentAction, actor: User) -> None:
    """Hold the request and check that this person may take this step now, with every gate still open."""
    lock(request)
    PAYMENT_FLOW.next(request.status, action)
    require(policy.why_not_sign(actor, request, action))
    require(policy.why_not_payable(request.tranche), RuleBroken)
    if request.amount_fen != queries.payable_fen(request.tranche):
        raise RuleBroken(_("可拨金额已有变化，请退回由承接组织按最新金额重新申请。"))


def pass_community(*, request: PaymentRequest, officer: User, note: str = "") -> None:
    """The community where the project runs confirms that the work is real."""
    _ready(request, PaymentAction.PASS_COMMUNITY, officer)
    take(request, PaymentAction.PASS_COMMUNITY, officer, note)


def pass_programme(*, request: PaymentRequest, officer: User, note: str = "") -> None:
    """The programme office confirms the matter; from here on the money is held in the ledger."""
    _ready(request, PaymentAction.PASS_PROGRAMME, officer)
    ledger.reserve(
        project_ref=request.agreement.project.ref,
        amount_fen=request.amount_fen,
        request_id=reservation_of(request),
        maker=officer,
        memo=request.ref,
    )
    take(request, PaymentAction.PASS_PROGRAMME, officer, note)


def pass_finance(*, request: PaymentRequest, officer: User, note: str = "") -> None:
    """Finance confirms the papers and the money."""
    _ready(request, PaymentAction.PASS_FINANCE, officer)
    take(request, PaymentAction.PASS_FINANCE, officer, note)


def approve(*, request: PaymentRequest, approver: User, note: str = "", office_record: str = "") -> None:
    """The leader approves exactly this content; `office_record` names the meeting where a large sum was decided.

    From the round's threshold on (三重一大) the record of the office meeting is required.
    """
    _ready(request, PaymentAction.APPROVE, approver)
    threshold = int(request.agreement.project.round.settings["office_meeting_threshold_fen"])
    if request.amount_fen >= threshold and not office_record.strip():
        raise RuleBroken(
            _(
                "单笔 %(amount)s 元及以上须经办公会研究（“三重一大”），请填写会议纪要编号。",
                amount=yuan(threshold),
            ),
            "office_record",
        )
    content = queries.content_of(request)
    record = office_record.strip() or None
    take(request, PaymentAction.APPROVE, approver, note, content_hash=content, office_record=record)


def pay(*, request: PaymentRequest, officer: User, bank_reference: str, paid_on: date, note: str = "") -> None:
    """Record that the bank has paid: the second finance officer, the approved content, the held money, nothing else."""
    _ready(request, PaymentAction.PAY, officer)
    require(policy.why_content_changed(request), RuleBroken)
    approval = queries.step_of(request, PaymentAction.APPROVE)
    if approval is None:
        raise TransitionRefused(PAYMENT_FLOW.refusal())
    _require_paper(bank_reference, paid_on, request)
    maker = queries.signed_by(request, PaymentAction.PASS_FINANCE)
    if maker is None:
        raise TransitionRefused(PAYMENT_FLOW.refusal())
    ledger.pay(
        project_ref=request.agreement.project.ref,
        amount_fen=request.amount_fen,
        reservation=reservation_of(request),
        request_id=f"{request.ref}/pay",
        maker=maker,
        checker=approval.actor,
        payer=officer,
        document_hash=request.content_hash or "",
        memo=request.ref,
    )
    take(request, PaymentAction.PAY, officer, note, bank_reference=bank_reference.strip(), paid_on=paid_on)
    _tell(request, _("款项已支付：%(ref)s", ref=request.ref), _("请核对到账后在系统中确认。"))


def _require_paper(bank_reference: str, paid_on: date, request: PaymentRequest) -> None:
    if not bank_reference.strip():
        raise RuleBroken(_("请填写银行回单编号。"), "bank_reference")
    if paid_on > today():
        raise RuleBroken(_("支付日期不能晚于今天。"), "paid_on")
    approval = queries.step_of(request, PaymentAction.APPROVE)
    if approval is not None and paid_on < local(approval.at).date():
        raise RuleBroken(_("支付日期不能早于审批日期。"), "paid_on")


def confirm(*, request: PaymentRequest, actor: User, note: str = "") -> None:
    """The organisation confirms that the money has arrived."""
    lock(request)
    PAYMENT_FLOW.next(request.status, PaymentAction.CONFIRM)
    require(policy.why_not_sign(actor, request, PaymentAction.CONFIRM))
    take(request, PaymentAction.CONFIRM, actor, note, confirmed_at=now(), confirmed_by_id=actor.id)


def reject(*, request: PaymentRequest, approver: User, reason: str) -> None:
    """Reject a request for good; the tranche may then be asked for anew."""
    lock(request)
    PAYMENT_FLOW.next(request.status, PaymentAction.REJECT)
    require(policy.why_not_reject(approver, request))
    if not reason.strip():
        raise RuleBroken(_("请写明驳回的理由。"), "reason")
    free_money(request, approver)
    take(request, PaymentAction.REJECT, approver, reason, return_reason=reason, content_hash=None)
    _tell(request, _("拨付申请已驳回：%(ref)s", ref=request.ref), reason)


def _tell(request: PaymentRequest, title: str, body: str) -> None:
    if request.requested_by_id is not None:
        notify(request.requested_by_id, title, body=body, href=f"/payments/{request.ref}")
