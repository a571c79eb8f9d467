"""The chain of a payment: who signs in which order, and what each signature leads to."""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
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
    def words(self) -> str:
        """Return how a page says it."""
        if self.is_late:
            return _("限 %(days)s 个工作日，已超 %(over)s 个工作日", days=self.days, over=self.used - self.days)
        return _("限 %(days)s 个工作日，已用 %(used)s 个", days=self.days, used=self.used)


class BankColumn(StrEnum):
    """What a column of a bank statement says."""

    DATE = "date"
    AMOUNT = "amount"
    REFERENCE = "reference"
    PAYEE = "payee"
    MEMO = "memo"


BANK_COLUMN_LABELS: dict[BankColumn, Text] = {
    BankColumn.DATE: _l("交易日期"),
    BankColumn.AMOUNT: _l("支出金额"),
    BankColumn.REFERENCE: _l("银行回单编号"),
    BankColumn.PAYEE: _l("收款户名"),
    BankColumn.MEMO: _l("摘要或附言"),
}
BANK_COLUMN_WORDS: dict[BankColumn, tuple[str, ...]] = {
    BankColumn.DATE: ("交易日期", "记账日期", "入账日期", "日期", "交易时间"),
    BankColumn.AMOUNT: ("借方发生额", "借方金额", "支出金额", "付款金额", "支出", "借方", "交易金额", "发生额", "金额"),
    BankColumn.REFERENCE: ("回单编号", "回单号", "银行回单", "流水号", "凭证号", "业务编号"),
    BankColumn.PAYEE: ("对方户名", "收款人名称", "收款户名", "对方名称", "收款人", "户名"),
    BankColumn.MEMO: ("摘要", "附言", "用途", "备注"),
}
"""How banks head their columns; of several words the earlier one is the better sign."""

NEEDED_COLUMNS = (BankColumn.DATE, BankColumn.AMOUNT, BankColumn.REFERENCE)
SUGGEST_WITHIN_DAYS = 10
"""A line this near to the recorded day of payment, over the same amount, is worth showing as a suggestion."""


def guess_columns(header: Sequence[str]) -> dict[BankColumn, int]:
    """Return which column of a statement means what, as far as the heads say; no column is taken twice."""
    found: dict[BankColumn, int] = {}
    for column, words in BANK_COLUMN_WORDS.items():
        places = (
            place for word in words for place, head in enumerate(header) if word in head and place not in found.values()
        )
        place = next(places, None)
        if place is not None:
            found[column] = place
    return found


def header_place(rows: Sequence[Sequence[str]]) -> int:
    """Return which row holds the heads: the first that names what is needed, for banks put titles above it."""
    for number, row in enumerate(rows[:20]):
        if all(column in guess_columns(row) for column in NEEDED_COLUMNS):
            return number
    return 0


_DAY = re.compile(r"(\d{4})\D?(\d{1,2})\D?(\d{1,2})")


def day_of(cell: str) -> date | None:
    """Return the day a cell says: 2026-05-12, 2026/5/12, 20260512, 2026年5月12日, with or without a time of day."""
    found = _DAY.match(cell.strip())
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


def out_fen(cell: str) -> int | None:
    """Return what a cell of the amount column says was paid, in 分; None for an empty one, incoming money or no sum."""
    text = cell.strip().lstrip("'").replace("¥", "").replace("￥", "").replace(",", "").replace("，", "")
    try:
        amount = Decimal(text) * 100
    except InvalidOperation:
        return None
    return int(amount) if amount == amount.to_integral_value() and amount > 0 else None


@dataclass(frozen=True)
class StatementLine:
    """A payment that a statement names."""

    booked_on: date
    amount_fen: int
    reference: str
    payee: str = ""
    memo: str = ""


def read_lines(
    rows: Sequence[Sequence[str]], columns: Mapping[BankColumn, int]
) -> tuple[list[StatementLine], list[int]]:
    """Return the payments below the heads, and the numbers (from 1) of rows that say none: income, sums, remarks."""
    lines, skipped = [], []
    start = header_place(rows) + 1
    for number, row in enumerate(rows[start:], start=start + 1):
        said = {column: row[place].strip() if place < len(row) else "" for column, place in columns.items()}
        day, amount = day_of(said[BankColumn.DATE]), out_fen(said[BankColumn.AMOUNT])
        reference = said[BankColumn.REFERENCE].lstrip("'")[:60]
        if day is None or amount is None or not reference:
            skipped.append(number)
            continue
        payee, memo = said.get(BankColumn.PAYEE, "")[:120], said.get(BankColumn.MEMO, "")[:200]
        lines.append(StatementLine(day, amount, reference, payee, memo))
    return lines, skipped
