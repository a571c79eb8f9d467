"""The chain of a payment: who signs in which order, and what each signature leads to."""

from enum import StrEnum

from grants.foundation.i18n import Text, _l
from grants.foundation.workflow import Workflow


class PaymentStatus(StrEnum):
    """Where a payment request stands; the name says who has passed it."""

    DRAFT = "draft"
    REQUESTED = "requested"
    COMMUNITY_PASSED = "community_passed"
    PROGRAMME_PASSED = "programme_passed"
    FINANCE_PASSED = "finance_passed"
    APPROVED = "approved"
    PAID = "paid"
    CONFIRMED = "confirmed"
    RETURNED = "returned"
    REJECTED = "rejected"


class PaymentAction(StrEnum):
    """What moves a payment on or back."""

    REQUEST = "request"
    PASS_COMMUNITY = "pass_community"
    PASS_PROGRAMME = "pass_programme"
    PASS_FINANCE = "pass_finance"
    APPROVE = "approve"
    PAY = "pay"
    CONFIRM = "confirm"
    RETURN = "return"
    REJECT = "reject"


PAYMENT_FLOW = Workflow(
    {
        (PaymentStatus.DRAFT, PaymentAction.REQUEST): PaymentStatus.REQUESTED,
        (PaymentStatus.RETURNED, PaymentAction.REQUEST): PaymentStatus.REQUESTED,
        (PaymentStatus.REQUESTED, PaymentAction.PASS_COMMUNITY): PaymentStatus.COMMUNITY_PASSED,
        (PaymentStatus.REQUESTED, PaymentAction.RETURN): PaymentStatus.RETURNED,
        (PaymentStatus.COMMUNITY_PASSED, PaymentAction.PASS_PROGRAMME): PaymentStatus.PROGRAMME_PASSED,
        (PaymentStatus.COMMUNITY_PASSED, PaymentAction.RETURN): PaymentStatus.RETURNED,
        (PaymentStatus.PROGRAMME_PASSED, PaymentAction.PASS_FINANCE): PaymentStatus.FINANCE_PASSED,
        (PaymentStatus.PROGRAMME_PASSED, PaymentAction.RETURN): PaymentStatus.RETURNED,
        (PaymentStatus.FINANCE_PASSED, PaymentAction.APPROVE): PaymentStatus.APPROVED,
        (PaymentStatus.FINANCE_PASSED, PaymentAction.RETURN): PaymentStatus.RETURNED,
        (PaymentStatus.FINANCE_PASSED, PaymentAction.REJECT): PaymentStatus.REJECTED,
        (PaymentStatus.APPROVED, PaymentAction.PAY): PaymentStatus.PAID,
        (PaymentStatus.PAID, PaymentAction.CONFIRM): PaymentStatus.CONFIRMED,
    }
)

PAYMENT_STATUS_LABELS: dict[PaymentStatus, Text] = {
    PaymentStatus.DRAFT: _l("草稿"),
    PaymentStatus.REQUESTED: _l("待社区居委会核实"),
    PaymentStatus.COMMUNITY_PASSED: _l("待社区建设部审核"),
    PaymentStatus.PROGRAMME_PASSED: _l("待街道财政审核"),
    PaymentStatus.FINANCE_PASSED: _l("待分管领导审批"),
    PaymentStatus.APPROVED: _l("待支付"),
    PaymentStatus.PAID: _l("已支付，待到账确认"),
    PaymentStatus.CONFIRMED: _l("已到账"),
    PaymentStatus.RETURNED: _l("退回补正"),
    PaymentStatus.REJECTED: _l("已驳回"),
}


class VoucherStatus(StrEnum):
    """A voucher is accepted or refused by the street's finance officer."""

    ENTERED = "entered"
    ACCEPTED = "accepted"
    REFUSED = "refused"
