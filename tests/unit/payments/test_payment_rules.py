"""The pure rules of payments: the chain's table, what is payable, what a hash stands for."""

from datetime import date

import pytest

from grants.agreements.rules import Gate
from grants.foundation.errors import TransitionRefused
from grants.payments.rules import (
    CHAIN,
    PAYMENT_FLOW,
    RESERVED_IN,
    SIGNATURES,
    VOUCHER_FLOW,
    Deadline,
    PaymentAction,
    PaymentStatus,
    VoucherAction,
    VoucherStatus,
    barred_word,
    content_hash,
    payable,
    reaches_percent,
    step_in,
)


@pytest.mark.parametrize("status", PaymentStatus)
@pytest.mark.parametrize("action", PaymentAction)
def test_every_pair_of_status_and_action_is_in_the_table_or_refused(
    status: PaymentStatus, action: PaymentAction
) -> None:
    if (status, action) in PAYMENT_FLOW.table:
        assert PAYMENT_FLOW.next(status, action) is PAYMENT_FLOW.table[status, action]
    else:
        with pytest.raises(TransitionRefused):
            PAYMENT_FLOW.next(status, action)


def test_the_chain_leads_from_the_request_to_the_confirmed_arrival_without_a_shortcut() -> None:
    status = PAYMENT_FLOW.next(PaymentStatus.DRAFT, PaymentAction.REQUEST)
    for step in CHAIN:
        assert step.status is status
        assert step_in(status) is step
        status = PAYMENT_FLOW.next(status, step.action)
    assert status is PaymentStatus.CONFIRMED
    assert {PaymentAction.REQUEST, *(step.action for step in CHAIN)} - {PaymentAction.CONFIRM} == SIGNATURES


def test_nothing_leaves_a_payment_that_was_confirmed_or_rejected() -> None:
    for status in (PaymentStatus.CONFIRMED, PaymentStatus.REJECTED):
        assert PAYMENT_FLOW.actions(status) == []
    assert not PAYMENT_FLOW.allows(PaymentStatus.PAID, PaymentAction.RETURN)


def test_whatever_holds_money_can_be_sent_back() -> None:
    assert all(PAYMENT_FLOW.allows(status, PaymentAction.RETURN) for status in RESERVED_IN)


@pytest.mark.parametrize(
    ("gate", "accepted", "paid", "expected"),
    [
        (Gate.SIGNED, 0, 0, 1_000),
        (Gate.MIDTERM, 4_000, 5_000, 1_000),
        (Gate.FINAL, 10_000, 9_000, 1_000),
        (Gate.FINAL, 12_000, 9_000, 1_000),
        (Gate.FINAL, 9_400, 9_000, 400),
        (Gate.FINAL, 9_000, 9_000, 0),
        (Gate.FINAL, 8_000, 9_000, 0),
    ],
)
def test_the_last_tranche_is_paid_as_far_as_spending_exceeds_what_was_paid(
    gate: Gate, accepted: int, paid: int, expected: int
) -> None:
    assert payable(gate, 1_000, accepted, paid) == expected


@pytest.mark.parametrize(("part", "whole", "reached"), [(80, 100, True), (7_999, 10_000, False), (0, 0, True)])
def test_a_share_is_compared_without_rounding(part: int, whole: int, reached: bool) -> None:
    assert reaches_percent(part, whole, 80) is reached


def test_any_change_of_content_changes_the_hash() -> None:
    parts: list[object] = ["BF-1", "暖阳", 100, "用途", ""]
    hashes = {content_hash(parts)} | {content_hash([*parts[:n], "x", *parts[n + 1 :]]) for n in range(len(parts))}
    assert len(hashes) == len(parts) + 1
    assert content_hash(["ab", "c"]) != content_hash(["a", "bc"])


def test_a_barred_word_is_found_inside_a_sentence() -> None:
    assert barred_word("慰问用白酒两箱", ["香烟", "白酒"]) == "白酒"
    assert barred_word("医用酒精消毒液", ["香烟", "白酒"]) is None


@pytest.mark.parametrize("status", VoucherStatus)
@pytest.mark.parametrize("action", VoucherAction)
def test_a_voucher_is_judged_once(status: VoucherStatus, action: VoucherAction) -> None:
    assert VOUCHER_FLOW.allows(status, action) is (status is VoucherStatus.ENTERED)


@pytest.mark.parametrize(
    ("days", "used", "near", "late"),
    [(5, 3, False, False), (5, 4, True, False), (5, 5, True, False), (5, 6, True, True), (3, 2, False, False)],
)
def test_a_step_warns_from_eighty_percent_of_its_working_days_on(days: int, used: int, near: bool, late: bool) -> None:
    deadline = Deadline(date(2026, 5, 12), days, used)
    assert (deadline.is_near, deadline.is_late) == (near, late)
