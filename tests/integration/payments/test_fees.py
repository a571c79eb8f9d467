"""Fees over their standard, invoices entered twice, and a budget line that is nearly used up."""

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from grants.foundation.clock import today
from grants.foundation.database import db
from grants.foundation.errors import RuleBroken
from grants.foundation.models import Notification
from grants.payments import service
from grants.payments.models import Voucher
from grants.payments.rules import FeeBasis
from grants.payments.service import Spending
from tests.factories import agreements
from tests.factories import payments as make
from tests.factories.payments import Case, staff

VOLUNTEERS = 3


@pytest.fixture
def case(ctx: Flask) -> Case:
    """Make a signed agreement; its third line is 5,000 元 for volunteers."""
    return make.make_case()


def enter(case: Case, amount_fen: int, basis: FeeBasis | None, units: int | None, line: int = VOLUNTEERS) -> Voucher:
    spending = Spending("N1", "志愿者张某", today(), amount_fen, "四月助餐补贴", basis, units)
    return service.enter_voucher(
        line=case.agreement.budget_lines[line - 1],
        actor=case.member,
        spending=spending,
        file=agreements.make_file("签领单.pdf", purpose="voucher"),
    )


@pytest.mark.parametrize(
    ("amount", "basis", "units", "line", "match", "field"),
    [
        (
            10_001,
            FeeBasis.VOLUNTEER,
            1,
            3,
            r"每人·天不超过 100\.00 元.*1 人·天最多 100\.00 元.*100\.01 元",
            "amount_fen",
        ),
        (10_000, None, None, 3, "请选择计发标准", "fee_basis"),
        (10_000, FeeBasis.VOLUNTEER, None, 3, "请填写数量（人·天）", "fee_units"),
        (10_000, FeeBasis.VOLUNTEER, 0, 3, "请填写数量（人·天）", "fee_units"),
        (10_000, FeeBasis.LECTURE_FULL, 2, 3, "不能列在这个科目", "fee_basis"),
        (10_000, FeeBasis.VOLUNTEER, 2, 1, "不能列在这个科目", "fee_basis"),
    ],
)
def test_a_fee_names_its_standard_and_keeps_to_it(
    case: Case, amount: int, basis: FeeBasis | None, units: int | None, line: int, match: str, field: str
) -> None:
    with pytest.raises(RuleBroken, match=match) as refusal:
        enter(case, amount, basis, units, line)
    assert refusal.value.field == field


def test_a_fee_up_to_the_last_fen_is_entered_and_the_database_keeps_to_it_too(case: Case) -> None:
    voucher = enter(case, 30_000, FeeBasis.VOLUNTEER, 3)
    db.session.commit()
    for values in ({"fee_units": 2}, {"amount_fen": 30_001}, {"fee_units": None}, {"fee_units": 0}):
        with pytest.raises((IntegrityError, DBAPIError), match="fee_"):
            db.session.execute(update(Voucher).where(Voucher.id == voucher.id).values(**values))
        db.session.rollback()


def test_blanks_and_wide_digits_do_not_make_another_invoice(case: Case) -> None:
    make.enter(case, 100, invoice_number="ab12 3456")
    with pytest.raises(RuleBroken, match="只能列支一次"):
        make.enter(case, 100, invoice_number="ＡＢ１２3456 ")


def test_a_digital_invoice_is_entered_once_whoever_is_named_as_payee(case: Case) -> None:
    number = "26332000000012345678"
    first = make.enter(case, 100, invoice_number=number)
    with pytest.raises(RuleBroken, match=first.ref) as refusal:
        make.enter(case, 100, invoice_number=number, payee="银杏超市（另写一名）")
    assert refusal.value.field == "invoice_number"
    other = make.enter(case, 100, payee="另一家")
    db.session.commit()
    with pytest.raises(IntegrityError):
        db.session.execute(update(Voucher).where(Voucher.id == other.id).values(invoice_number=number))


def titles(login: str) -> list[str]:
    statement = select(Notification.title).where(Notification.user_id == staff(login).id)
    return [title for title in db.session.scalars(statement) if "预算科目已用" in title]


def test_eighty_percent_of_a_line_is_told_once_to_who_spends_and_who_checks(case: Case) -> None:
    make.enter(case, 3_199_999)
    assert titles("org-1") == []
    make.enter(case, 1)
    make.enter(case, 100_000)
    for login in ("org-1", "finance-1", "finance-2"):
        assert titles(login) == ["预算科目已用 80%：活动物资费 食材与餐具"], login
    assert titles("leader-1") == []
