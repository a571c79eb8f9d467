"""Vouchers: within their line and the agreement's period, once, and judged by a second person."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import text, update
from sqlalchemy.exc import DBAPIError

from grants.foundation.clock import now, set_to, today
from grants.foundation.database import db
from grants.foundation.errors import NotPermitted, RuleBroken, TransitionRefused
from grants.payments import queries, service
from grants.payments.models import Voucher
from grants.payments.rules import VoucherStatus
from grants.payments.service.vouchers import Spending
from tests.factories import agreements
from tests.factories import payments as make
from tests.factories.payments import Case, staff


@pytest.fixture
def case(ctx: Flask) -> Case:
    """Make a signed agreement; its first line is 40,000 元 for materials."""
    return make.make_case()


def test_spending_is_entered_up_to_the_last_fen_of_its_line(case: Case) -> None:
    make.enter(case, 3_999_999)
    with pytest.raises(
        RuleBroken, match=r"专款专用.*“活动物资费 食材与餐具”额度 40,000\.00 元.*还可登记 0\.01 元"
    ) as refusal:
        make.enter(case, 2)
    assert refusal.value.field == "amount_fen"
    make.enter(case, 1)
    row = queries.list_line_rows(case.agreement)[0]
    assert (row.entered_fen, row.accepted_fen, row.left_fen) == (4_000_000, 0, 0)


def test_the_database_itself_keeps_to_the_line(case: Case) -> None:
    make.enter(case, 3_000_000)
    other = make.enter(case, 1_000_000)
    db.session.commit()
    with pytest.raises(DBAPIError, match="within their budget line"):
        db.session.execute(update(Voucher).where(Voucher.id == other.id).values(amount_fen=1_000_001))
    db.session.rollback()
    with pytest.raises(DBAPIError, match="within their budget line"):
        db.session.execute(
            text(
                "INSERT INTO voucher (id, ref, agreement_id, budget_line_id, invoice_number, payee, spent_on,"
                " amount_fen, purpose, status, entered_by_id, created_at) SELECT agreement_id, 'PZ-X', agreement_id,"
                " budget_line_id, 'N', 'P', spent_on, 1, 'x', 'entered', entered_by_id, created_at FROM voucher LIMIT 1"
            )
        )


def test_a_refused_voucher_gives_its_room_and_its_invoice_back(case: Case) -> None:
    first = make.enter(case, 4_000_000, invoice_number="26320001")
    with pytest.raises(RuleBroken, match="理由"):
        service.check_voucher(voucher=first, officer=staff("finance-1"), is_accepted=False)
    service.check_voucher(voucher=first, officer=staff("finance-1"), is_accepted=False, reason="抬头不是本组织")
    assert make.enter(case, 4_000_000, invoice_number="26320001").status is VoucherStatus.ENTERED


def test_an_invoice_is_entered_once_in_any_project(case: Case) -> None:
    first = make.enter(case, 100, invoice_number="26320001")
    other = Case(case.parties, agreements.make_signed(case.parties, title="银杏社区亲子阅读"))
    with pytest.raises(RuleBroken, match=f"只能列支一次.*{first.ref}") as refusal:
        make.enter(other, 100, invoice_number="26320001")
    assert refusal.value.field == "invoice_number"
    make.enter(other, 100, invoice_number="26320001", payee="另一家商店")


def test_spending_outside_the_agreement_is_refused(case: Case) -> None:
    first = case.agreement.starts_on
    with pytest.raises(RuleBroken, match="不在期内"):
        make.enter(case, spent_on=first - timedelta(days=1))
    with pytest.raises(RuleBroken, match="不能晚于今天"):
        make.enter(case, spent_on=today() + timedelta(days=1))
    with set_to(now() + timedelta(days=400)), pytest.raises(RuleBroken, match="不在期内"):
        make.enter(case, spent_on=case.agreement.ends_on + timedelta(days=1))


@pytest.mark.parametrize("purpose", ["慰问用白酒两箱", "交通罚款", "发放购物卡"])
def test_what_is_on_the_negative_list_is_refused_with_the_rule(case: Case, purpose: str) -> None:
    with pytest.raises(RuleBroken, match="负面清单") as refusal:
        make.enter(case, purpose=purpose)
    assert refusal.value.field == "purpose"


def test_only_the_organisation_enters_and_only_another_hand_of_finance_judges(case: Case) -> None:
    line = case.agreement.budget_lines[0]
    spending = Spending("1", "店", today(), 100, "纸笔")
    with pytest.raises(NotPermitted, match="承接组织登记"):
        service.enter_voucher(
            line=line, actor=staff("finance-1"), spending=spending, file=agreements.make_file("发票.jpg")
        )
    with pytest.raises(RuleBroken, match="扫描件"):
        service.enter_voucher(line=line, actor=case.member, spending=spending, file=None)
    voucher = make.enter(case)
    for who in ("org-1", "programme-1", "leader-1", "supervisor-1"):
        with pytest.raises(NotPermitted):
            service.check_voucher(voucher=voucher, officer=staff(who), is_accepted=True)
    service.check_voucher(voucher=voucher, officer=staff("finance-1"), is_accepted=True)
    with pytest.raises(TransitionRefused):
        service.check_voucher(voucher=voucher, officer=staff("finance-2"), is_accepted=False, reason="反悔")


def test_accepted_spending_is_counted_by_line_and_source(case: Case) -> None:
    make.accept(case, 100_000, line=1)
    make.accept(case, 50_000, line=2)
    make.accept(case, 20_000, line=4)
    make.enter(case, 999)
    lines = case.agreement.budget_lines
    assert queries.spent_by_line(case.agreement.id) == {lines[0].id: 100_000, lines[1].id: 50_000}
    assert sum(queries.spent_by_line(case.agreement.id, source=None).values()) == 170_000
    assert queries.accepted_fen(case.agreement.id) == 150_000


def test_numbers_of_vouchers_have_no_gap(case: Case) -> None:
    make.enter(case)
    db.session.commit()
    with pytest.raises(RuleBroken):
        make.enter(case, 99_999_999)
    db.session.rollback()
    make.enter(case)
    refs = [voucher.ref for voucher in queries.list_vouchers_of(case.agreement.id)]
    assert sorted(refs) == ["PZ-2026-01-00001", "PZ-2026-01-00002"]
