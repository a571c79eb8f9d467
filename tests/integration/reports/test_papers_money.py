"""Papers about money: what they say is what the ledger and the vouchers say."""

from dataclasses import replace

import pytest
from flask import Flask

from grants.evaluation.models import Evaluation
from grants.foundation.database import db
from grants.foundation.money import yuan
from grants.payments.rules import PaymentStatus
from reports.data.balance import Balance
from reports.documents import balances
from reports.tables.base import DoesNotReconcile
from tests.factories import payments
from tests.factories.payments import Case
from tests.integration.reports.conftest import PAID_FEN, SPENT_FEN
from tests.integration.reports.reading import gathered, printed, scalar

Evaluated = tuple[Case, Evaluation]


def make_request(status: PaymentStatus) -> str:
    """Return the reference of a payment request in a status."""
    made = payments.make_request(payments.make_case(), status)
    db.session.commit()
    return made.ref


def test_a_payment_approval_names_those_who_signed(ctx: Flask) -> None:
    made = gathered("payment-approval", make_request(PaymentStatus.CONFIRMED))
    assert not made.is_draft
    signed = made.document.parts[1].tables[0].rows
    assert len({row.cells[1] for row in signed}) == len(signed) == 6
    assert all(box.name and box.on for box in made.document.stamp.signatories)
    text = printed("payment-approval", made)
    assert "专项资金拨付审批表" in text
    assert yuan(scalar("SELECT SUM(amount_fen) FROM payment_request")) in text
    assert "人民币叁万元整" in text


def test_a_notice_of_payment_is_a_draft_without_number_until_the_leader_approves(ctx: Flask) -> None:
    draft = gathered("payment-notice", make_request(PaymentStatus.FINANCE_PASSED))
    assert draft.is_draft
    assert "〕号" in printed("payment-notice", draft)


def test_a_notice_of_payment_says_what_is_paid_to_whom(ctx: Flask) -> None:
    made = gathered("payment-notice", make_request(PaymentStatus.CONFIRMED))
    text = printed("payment-notice", made)
    assert "办事处文件" in text
    assert "〕7号" in text
    assert "第一期资金的通知" in text
    assert "（￥30,000.00）" in text
    assert "人民币叁万元整" in text
    assert scalar("SELECT COUNT(*) FROM agreement WHERE payee_name = :name", name=made.document.addressee) == 1
    assert made.document.balances == (Balance("已支付金额", (("各期合计", PAID_FEN), ("资金台账", PAID_FEN))),)


def test_sums_that_differ_stop_a_paper() -> None:
    with pytest.raises(DoesNotReconcile, match="已支付金额"):
        balances.check((Balance("已支付金额", (("各期合计", 1), ("资金台账", 2))),))


def test_a_ledger_is_complete_and_adds_up(evaluated: Evaluated) -> None:
    fund = evaluated[0].parties.round.fund.ref
    made = gathered("fund-ledger", fund)
    _head, accounts, projects, months, moves = made.document.parts
    assert len(moves.tables[0].rows) == scalar("SELECT COUNT(*) FROM journal WHERE is_posted")
    assert accounts.tables[0].rows[-1].cells[-1] == "0.00"
    assert projects.tables[0].rows[-1].cells[1] == yuan(scalar("SELECT SUM(amount_fen) FROM agreement"))
    assert months.tables[0].rows[-1].cells[3] == yuan(PAID_FEN)
    balances.check(made.document.balances)
    assert "专项资金台账" in printed("fund-ledger", made)


def test_the_execution_of_a_budget_adds_up_by_project_and_by_line(evaluated: Evaluated) -> None:
    made = gathered("budget-execution", evaluated[0].parties.round.ref)
    _head, projects, codes = made.document.parts
    assert projects.tables[0].rows[-1].cells[2:5] == ("65,000.00", "30,000.00", yuan(sum(SPENT_FEN)))
    assert codes.tables[0].rows[-1].cells[1:3] == ("65,000.00", yuan(sum(SPENT_FEN)))
    text = printed("budget-execution", made)
    assert "预算执行对照表" in text
    short = replace(made.document, balances=(Balance("预算总额", (("分项目", 1), ("分科目", 2))),))
    with pytest.raises(DoesNotReconcile):
        printed("budget-execution", replace(made, document=short))
