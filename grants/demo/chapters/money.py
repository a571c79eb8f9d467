"""Tranches are asked for, signed by four offices, paid and confirmed; vouchers prove what was spent."""

import random
from datetime import date, timedelta

from grants.agreements.models import Agreement, BudgetLine
from grants.demo.pictures import scan
from grants.demo.teller import Teller
from grants.foundation.files import store_bytes
from grants.foundation.money import yuan_plain
from grants.payments import queries, service
from grants.payments.models import PaymentRequest
from grants.payments.rules import FEE_STANDARDS, Correction, FeeBasis, FindingResult, ItemKind, guess_columns, ticked
from grants.payments.service.vouchers import Spending
from grants.rounds.rules import BudgetCode
from grants.selection.rules import MoneySource

SHOPS = ("惠民文具用品商行", "新华印务有限公司", "邻里食品超市", "阳光保险梧桐营业部", "绿源园艺", "同城会务服务部")
FEES = {BudgetCode.EXPERTS: FeeBasis.LECTURE_FULL, BudgetCode.VOLUNTEERS: FeeBasis.VOLUNTEER}
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
            request=request,
            approver=teller.user("leader-1"),
            note="同意拨付。",
            office_record=f"办公会纪要〔{day.year}〕8号",
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
                    fee_basis=FEES.get(line.code),
                    fee_units=_units(line, amount),
                ),
                file=scan(teller.dice, "发票", member, "voucher"),
            )
        if check:
            with teller.on(day + timedelta(days=1), 10):
                service.check_voucher(voucher=voucher, officer=teller.user("finance-1"), is_accepted=True)


def _units(line: BudgetLine, amount_fen: int) -> int | None:
    """Return for how many hours or days a fee is, so that it stays within its standard."""
    return -(-amount_fen // FEE_STANDARDS[FEES[line.code]].most_fen) if line.code in FEES else None


def correct(teller: Teller, request: PaymentRequest, day: date) -> None:
    """Let the programme office send a request back with items, and the organisation answer each the same day."""
    member = teller.member_of(request.agreement.organisation)
    items = [ticked("invoice_head"), Correction(ItemKind.PURPOSE, "请写明第二期资金用于哪些科目。")]
    with teller.on(day, 9):
        service.return_request(request=request, actor=teller.user("programme-1"), items=items)
    with teller.on(day, 15):
        service.request_again(
            request=request,
            actor=member,
            purpose="第二期项目经费：活动物资、志愿者补贴和保险",
            invoice=scan(random.Random(request.ref), "发票（重新开具）", member, "invoice"),  # noqa: S311 - a picture
            answers={1: "已按街道名称重新开具发票并上传。", 2: "已写明用途，与协议预算科目一致。"},
        )


def close_books(teller: Teller, day: date) -> None:
    """Import the bank's statement, spot-check a project, and have the supervisor ask and finance answer."""
    _statement(teller, day)
    _spot_check(teller, day)
    with teller.on(day - timedelta(days=2), 9):
        opinion = service.leave_opinion(
            supervisor=teller.user("supervisor-1"),
            body="个别项目首期资金到账后一个月内没有登记支出，请核实资金是否闲置。",
            scope="按项目",
        )
    with teller.on(day - timedelta(days=1), 15):
        service.answer_opinion(
            opinion=opinion,
            officer=teller.user("finance-1"),
            answer="已逐个核实：活动物资已到货、发票在途，本月底前补登票据；今后到账满二十天未登记支出的，由街道财政电话提醒。",
        )


def _statement(teller: Teller, day: date) -> None:
    """Import what the bank says it has paid; one receipt is numbered otherwise, one payment is none of the street's."""
    header = ("交易日期", "对方户名", "支出金额", "回单编号", "摘要")
    rows: list[tuple[object, ...]] = [
        (item.paid_on, item.payee_name, yuan_plain(item.amount_fen), item.bank_reference, item.ref)
        for item in queries.list_unmatched_requests()
    ]
    if rows:
        last = rows[-1]
        rows[-1] = (*last[:3], f"{last[3]}A", last[4])
    rows.append((day - timedelta(days=3), "梧桐街道物业服务部", "360.00", "HD20261121099", "账户管理费"))
    text = "\r\n".join(",".join(str(cell) for cell in row) for row in (header, *rows))
    officer = teller.user("finance-2")
    with teller.on(day - timedelta(days=2), 14):
        file = store_bytes(
            text.encode("gb18030"), name="专户对账单.csv", media_type="text/csv", purpose="bank", actor_id=officer.id
        )
        statement = service.take_statement(file=file, officer=officer)
        service.apply_statement(statement=statement, columns=guess_columns(header), officer=officer)


def _spot_check(teller: Teller, day: date) -> None:
    """Look at three vouchers of the latest payment that was confirmed; nothing wrong is found but a missing signature."""
    request = queries.find_latest_confirmed()
    if request is None:
        return
    officer, agreement = teller.user("finance-2"), request.agreement
    count = min(3, len(queries.list_vouchers_to_draw(agreement.id)))
    with teller.on(day - timedelta(days=1), 9):
        check = service.draw_check(agreement=agreement, officer=officer, count=count, seed=f"demo-{request.ref}")
        for item in queries.get_check(check.ref).items:
            is_first = item.position == 1
            service.record_finding(
                item=item,
                officer=officer,
                result=FindingResult.FAULTY if is_first else FindingResult.MATCHING,
                finding="缺验收人签字，其余内容相符。" if is_first else "",
            )
        conclusion = f"抽查 {count} 张票据，金额、收款方与原始凭证相符；1 张缺验收人签字，请于十日内补齐。"
        service.close_check(check=check, officer=officer, conclusion=conclusion)
