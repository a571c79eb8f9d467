"""Red flags in how the money is spent, for those who supervise (domain: spend before activity, gaps, invoices)."""

from collections import defaultdict
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from grants.agreements.models import Agreement
from grants.agreements.rules import AgreementStatus
from grants.foundation.clock import today
from grants.foundation.database import db
from grants.foundation.i18n import _
from grants.foundation.money import yuan
from grants.payments.models import Voucher
from grants.payments.rules import VoucherStatus
from grants.rounds.rules import BudgetCode
from grants.selection.rules import MoneySource
from grants.supervision.queries import Flag, first_recorded_on
from grants.supervision.rules import SPENDING_GAP_POINTS, FlagKind, month_of, setting, share_of_time

LONGEST_PREPARATION_DAYS = 30
"""Days by which buying may come before the first activity."""
FEWEST_VOUCHERS = 3
"""Vouchers there must be before it means something that most money went to one payee."""


def find_signs(agreement: Agreement) -> list[Flag]:
    """Return every sign in the vouchers of an agreement; refused ones are looked into already."""
    statement = (
        select(Voucher)
        .where(Voucher.agreement_id == agreement.id, Voucher.status != VoucherStatus.REFUSED)
        .options(joinedload(Voucher.budget_line))
        .order_by(Voucher.spent_on, Voucher.ref)
    )
    vouchers = list(db.session.scalars(statement))
    return [
        *_before(agreement, vouchers),
        *_gap(agreement, vouchers),
        *_same_invoice(vouchers),
        *_expert_fees(agreement, vouchers),
        *_one_supplier(vouchers),
    ]


def _before(agreement: Agreement, vouchers: list[Voucher]) -> list[Flag]:
    """Look for money spent long before there was anything to spend it on."""
    first = first_recorded_on(agreement.id)
    early = [
        one for one in vouchers if first is None or one.spent_on < first - timedelta(days=LONGEST_PREPARATION_DAYS)
    ]
    if not early:
        return []
    sums = {"count": len(early), "amount": yuan(sum(one.amount_fen for one in early)), "ref": early[0].ref}
    if first is None:
        text = _("还没有任何活动记录，已报送凭证 %(count)s 张、%(amount)s 元（%(ref)s 等）。", **sums)
    else:
        text = _(
            "凭证 %(count)s 张、%(amount)s 元（%(ref)s 等）的支出日期比第一场活动（%(first)s）早 %(days)s 天以上。",
            first=first.isoformat(),
            days=LONGEST_PREPARATION_DAYS,
            **sums,
        )
    return [Flag(FlagKind.SPENT_BEFORE, text, mark=f"{first} {early[-1].ref}")]


def _gap(agreement: Agreement, vouchers: list[Voucher]) -> list[Flag]:
    """Compare public money spent on accepted vouchers with the time gone; a closed agreement has no pace any more."""
    if agreement.status is not AgreementStatus.SIGNED:
        return []
    spent_fen = sum(
        one.amount_fen
        for one in vouchers
        if one.status is VoucherStatus.ACCEPTED and one.budget_line.source is MoneySource.FISCAL
    )
    spent = spent_fen * 100 // agreement.amount_fen
    gone = share_of_time(agreement.starts_on, agreement.ends_on, today())
    if abs(spent - gone) <= SPENDING_GAP_POINTS:
        return []
    text = _("认可的财政支出占协议资金 %(spent)s%%，时间已过 %(gone)s%%。", spent=spent, gone=gone)
    side = "ahead" if spent > gone else "behind"
    return [Flag(FlagKind.SPENDING_GAP, text, mark=f"{side} {month_of(today())}")]


def _same_invoice(vouchers: list[Voucher]) -> list[Flag]:
    """Find the invoice numbers of these vouchers under any other voucher of the street."""
    numbers = {one.invoice_number: one for one in vouchers}
    statement = select(Voucher).where(Voucher.invoice_number.in_(numbers), Voucher.status != VoucherStatus.REFUSED)
    by_number: dict[str, list[str]] = defaultdict(list)
    for one in db.session.scalars(statement.order_by(Voucher.ref)):
        by_number[one.invoice_number].append(one.ref)
    return [
        Flag(
            FlagKind.SAME_INVOICE,
            _("发票号码 %(number)s 同时用于凭证 %(refs)s。", number=number, refs="、".join(refs)),
        )
        for number, refs in sorted(by_number.items())
        if len(refs) > 1
    ]


def _expert_fees(agreement: Agreement, vouchers: list[Voucher]) -> list[Flag]:
    limit_fen = int(setting(agreement.project.round.settings, "expert_fee_limit_fen"))
    return [
        Flag(
            FlagKind.EXPERT_FEE,
            _(
                "凭证 %(ref)s 的专家费 %(amount)s 元，超过每笔 %(limit)s 元的标准。",
                ref=one.ref,
                amount=yuan(one.amount_fen),
                limit=yuan(limit_fen),
            ),
        )
        for one in vouchers
        if one.budget_line.code is BudgetCode.EXPERTS and one.amount_fen > limit_fen
    ]


def _one_supplier(vouchers: list[Voucher]) -> list[Flag]:
    if len(vouchers) < FEWEST_VOUCHERS:
        return []
    sums: dict[str, int] = defaultdict(int)
    for one in vouchers:
        sums[one.payee.strip()] += one.amount_fen
    payee, most_fen = max(sums.items(), key=lambda item: (item[1], item[0]))
    whole_fen = sum(sums.values())
    if most_fen * 2 <= whole_fen:
        return []
    text = _(
        "%(payee)s 收款 %(amount)s 元，占已报送支出的 %(share)s%%。",
        payee=payee,
        amount=yuan(most_fen),
        share=most_fen * 100 // whole_fen,
    )
    return [Flag(FlagKind.ONE_SUPPLIER, text, mark=f"{payee} {month_of(today())}")]
