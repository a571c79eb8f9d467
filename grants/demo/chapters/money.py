"""Tranches are asked for, signed by four offices, paid and confirmed; vouchers prove what was spent."""

from datetime import date, timedelta

from grants.agreements.models import Agreement
from grants.demo.pictures import scan
from grants.demo.teller import Teller
from grants.payments import service
from grants.payments.models import PaymentRequest
from grants.payments.service.vouchers import Spending
from grants.selection.rules import MoneySource

SHOPS = ("惠民文具用品商行", "新华印务有限公司", "邻里食品超市", "阳光保险梧桐营业部", "绿源园艺", "同城会务服务部")
STEPS = ("community", "programme", "finance", "leader", "paid", "confirmed")


def ask(teller: Teller, agreement: Agreement, number: int, day: date) -> PaymentRequest:
    """Ask for a tranche."""
    member = teller.member_of(agreement.organisation)
    with teller.on(day, 9):
        return service.request_payment(
            tranche=agreement.tranches[number - 1],
            actor=member,
            purpose=f"第{'一二三'[number - 1]}期项目经费",
            invoice=scan(teller.dice, "发票", member, "invoice"),
        )


def walk(teller: Teller, request: PaymentRequest, day: date, last: str = "confirmed") -> None:
    """Let the offices sign one after the other, up to `last`."""
    agreement = request.agreement
    community = teller.officer_of(agreement.project.community)
    steps = {
        "community": lambda: service.pass_community(request=request, officer=community, note="工作属实。"),
        "programme": lambda: service.pass_programme(
            request=request, officer=teller.user("programme-1"), note="材料齐全，同意。"
        ),
        "finance": lambda: service.pass_finance(
            request=request, officer=teller.user("finance-1"), note="账户、金额核对无误。"
        ),
        "leader": lambda: service.approve(
            request=request, approver=teller.user("leader-1"), note="同意拨付。", office_record="办公会纪要〔2025〕8号"
        ),
        "paid": lambda: service.pay(
            request=request,
            officer=teller.user("finance-2"),
            bank_reference=f"HD{request.ref.replace('-', '')}",
            paid_on=day + timedelta(days=6),
        ),
        "confirmed": lambda: service.confirm(request=request, actor=teller.member_of(agreement.organisation)),
    }
    for offset, name in enumerate(STEPS[: STEPS.index(last) + 1]):
        with teller.on(day + timedelta(days=offset + 2), 10):
            steps[name]()


def spend(teller: Teller, agreement: Agreement, percent: int, day: date, *, check: bool = True) -> None:
    """Enter a voucher on every public line for a share of it, and have finance accept it."""
    member = teller.member_of(agreement.organisation)
    for line in agreement.budget_lines:
        if line.source is not MoneySource.FISCAL:
            continue
        amount = line.amount_fen * percent // 100
        with teller.on(day, 11):
            voucher = service.enter_voucher(
                line=line,
                actor=member,
                spending=Spending(
                    invoice_number=f"{teller.dice.randrange(10**11, 10**12)}",
                    payee=teller.dice.choice(SHOPS),
                    spent_on=day,
                    amount_fen=amount,
                    purpose=line.content,
                ),
                file=scan(teller.dice, "发票", member, "voucher"),
            )
        if check:
            with teller.on(day + timedelta(days=1), 10):
                service.check_voucher(voucher=voucher, officer=teller.user("finance-1"), is_accepted=True)
