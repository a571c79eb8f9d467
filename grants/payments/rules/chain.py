"""The chain of a payment: who signs in which order, and what each signature leads to."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from grants.agreements.rules import Gate
from grants.foundation.i18n import Text, _, _l
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
    PASS_COMMUNITY = "pass_community"  # noqa: S105
    PASS_PROGRAMME = "pass_programme"  # noqa: S105
    PASS_FINANCE = "pass_finance"  # noqa: S105
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
        (PaymentStatus.APPROVED, PaymentAction.RETURN): PaymentStatus.RETURNED,
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


VOUCHER_STATUS_LABELS: dict[VoucherStatus, Text] = {
    VoucherStatus.ENTERED: _l("待审核"),
    VoucherStatus.ACCEPTED: _l("已认可"),
    VoucherStatus.REFUSED: _l("不予认可"),
}


class VoucherAction(StrEnum):
    """What the finance officer does with a voucher."""

    ACCEPT = "accept"
    REFUSE = "refuse"


VOUCHER_FLOW = Workflow(
    {
        (VoucherStatus.ENTERED, VoucherAction.ACCEPT): VoucherStatus.ACCEPTED,
        (VoucherStatus.ENTERED, VoucherAction.REFUSE): VoucherStatus.REFUSED,
    }
)


@dataclass(frozen=True)
class Step:
    """A place in the chain: the status it is taken in, who it belongs to, and the setting with its working days."""

    action: PaymentAction
    status: PaymentStatus
    label: Text
    days_setting: str = ""


CHAIN: tuple[Step, ...] = (
    Step(PaymentAction.PASS_COMMUNITY, PaymentStatus.REQUESTED, _l("社区居委会核实"), "community"),
    Step(PaymentAction.PASS_PROGRAMME, PaymentStatus.COMMUNITY_PASSED, _l("社区建设部审核"), "programme"),
    Step(PaymentAction.PASS_FINANCE, PaymentStatus.PROGRAMME_PASSED, _l("街道财政审核"), "finance"),
    Step(PaymentAction.APPROVE, PaymentStatus.FINANCE_PASSED, _l("分管领导审批"), "leader"),
    Step(PaymentAction.PAY, PaymentStatus.APPROVED, _l("街道财政支付"), "pay"),
    Step(PaymentAction.CONFIRM, PaymentStatus.PAID, _l("承接组织确认到账")),
)
"""What follows the organisation's request, in order; each signature is a person of its own."""

SIGNATURES = frozenset(
    {
        PaymentAction.REQUEST,
        PaymentAction.PASS_COMMUNITY,
        PaymentAction.PASS_PROGRAMME,
        PaymentAction.PASS_FINANCE,
        PaymentAction.APPROVE,
        PaymentAction.PAY,
    }
)
"""Actions that are a signature; confirming and sending back are not."""

RESERVED_IN = frozenset({PaymentStatus.PROGRAMME_PASSED, PaymentStatus.FINANCE_PASSED, PaymentStatus.APPROVED})
"""While a request stands in one of these its money is held in the ledger."""

UNDER_WAY = frozenset(step.status for step in CHAIN)


def step_in(status: PaymentStatus) -> Step | None:
    """Return the step that a request in this status waits for, None where it waits for no signature."""
    return next((step for step in CHAIN if step.status is status), None)


def payable(gate: Gate, tranche_fen: int, accepted_fen: int, paid_fen: int) -> int:
    """Return what of a tranche is paid, in 分: the last one only as far as accepted spending exceeds what was paid.

    payable = min(tranche, accepted actual − paid) (domain §7); earlier tranches are advances.
    """
    if gate is not Gate.FINAL:
        return tranche_fen
    return max(0, min(tranche_fen, accepted_fen - paid_fen))


def reaches_percent(part: int, whole: int, percent: int) -> bool:
    """Tell whether `part` is at least `percent` percent of `whole`, without rounding."""
    return part * 100 >= whole * percent


def content_hash(parts: Sequence[object]) -> str:
    """Return the hash of what an approval stands for: payee, account, amount, purpose, paper."""
    text = json.dumps([str(part) for part in parts], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def barred_word(purpose: str, words: Sequence[str]) -> str | None:
    """Return the first word of the negative list that a purpose contains."""
    return next((word for word in words if word in purpose), None)


ALERT_PERCENT = 80
"""From this share of a step's working days on, whoever has the step is warned (domain §7)."""


class AlertLevel(StrEnum):
    """How urgent a warning is."""

    NEAR = "near"
    LATE = "late"


@dataclass(frozen=True)
class Deadline:
    """A step's term: the day it ends, its working days, and how many of them have passed."""

    due_on: date
    days: int
    used: int

    @property
    def is_late(self) -> bool:
        """Tell whether the term has passed."""
        return self.used > self.days

    @property
    def is_near(self) -> bool:
        """Tell whether it is time to warn."""
        return reaches_percent(self.used, self.days, ALERT_PERCENT)

    @property
    def level(self) -> AlertLevel | None:
        """Return which warning is due."""
        if self.is_late:
            return AlertLevel.LATE
        return AlertLevel.NEAR if self.is_near else None

    @property
    def words(self) -> str:
        """Return how a page says it."""
        if self.is_late:
            return _("限 %(days)s 个工作日，已超 %(over)s 个工作日", days=self.days, over=self.used - self.days)
        return _("限 %(days)s 个工作日，已用 %(used)s 个", days=self.days, used=self.used)
