"""Vouchers: every fen spent belongs to a line of the agreement (专款专用)."""

import unicodedata
from dataclasses import dataclass
from datetime import date

from grants.agreements.models import Agreement, BudgetLine
from grants.foundation import audit
from grants.foundation.clock import now, today
from grants.foundation.database import db
from grants.foundation.errors import RuleBroken, require
from grants.foundation.i18n import _
from grants.foundation.models import StoredFile
from grants.foundation.money import yuan
from grants.foundation.notifications import notify
from grants.foundation.numbering import next_reference
from grants.payments import policy, queries
from grants.payments.models import Voucher
from grants.payments.rules import FEE_STANDARDS, VOUCHER_FLOW, FeeBasis, VoucherAction, barred_word, why_over_standard
from grants.payments.service.alerts import warn_line
from grants.people.models import User
from grants.rounds.rules import BUDGET_LABELS, day_words


@dataclass(frozen=True)
class Spending:
    """What an invoice says."""

    invoice_number: str
    payee: str
    spent_on: date
    amount_fen: int
    purpose: str
    fee_basis: FeeBasis | None = None
    fee_units: int | None = None

    @property
    def number(self) -> str:
        """Return the number as it is compared: without blanks, in half width, in capitals."""
        return unicodedata.normalize("NFKC", "".join(self.invoice_number.split())).upper()


def enter_voucher(*, line: BudgetLine, actor: User, spending: Spending, file: StoredFile | None) -> Voucher:
    """Enter a spending against a budget line.

    Raises RuleBroken, with the rule quoted, when it goes over the line, falls outside the agreement's period, was
    entered before, is on the negative list, goes over a fee standard, or has no paper.
    """
    agreement = line.agreement
    require(policy.why_not_enter_voucher(actor, agreement))
    _require_paper(spending, file)
    _require_in_period(agreement, spending.spent_on)
    _require_allowed(agreement, spending.purpose)
    _require_first_time(spending)
    _require_standard(line, spending)
    booked = queries.line_booked_fen(line)
    _require_room(line, booked, spending.amount_fen)
    round = agreement.project.round
    voucher = Voucher(
        ref=next_reference(f"PZ-{round.year}-{round.number:02d}", 5),
        agreement_id=agreement.id,
        budget_line_id=line.id,
        invoice_number=spending.number,
        payee=spending.payee,
        spent_on=spending.spent_on,
        amount_fen=spending.amount_fen,
        purpose=spending.purpose,
        fee_basis=spending.fee_basis,
        fee_units=spending.fee_units if spending.fee_basis else None,
        file_id=file.id if file else None,
        entered_by_id=actor.id,
    )
    db.session.add(voucher)
    warn_line(line, booked, booked + spending.amount_fen)
    audit.record("voucher:enter", actor=actor, subject=voucher, agreement=agreement.ref, amount_fen=spending.amount_fen)
    return voucher


def _require_paper(spending: Spending, file: StoredFile | None) -> None:
    if spending.amount_fen <= 0:
        raise RuleBroken(_("金额必须大于零。"), "amount_fen")
    if file is None:
        raise RuleBroken(_("请上传发票或收据的扫描件或照片。"), "file")


def _require_in_period(agreement: Agreement, spent_on: date) -> None:
    last = min(agreement.ends_on, agreement.terminated_on or agreement.ends_on)
    if spent_on > today():
        raise RuleBroken(_("支出日期不能晚于今天。"), "spent_on")
    if not agreement.starts_on <= spent_on <= last:
        raise RuleBroken(
            _(
                "按协议约定，只列支%(first)s至%(last)s期间发生的费用，这笔支出不在期内。",
                first=day_words(agreement.starts_on),
                last=day_words(last),
            ),
            "spent_on",
        )


def _require_allowed(agreement: Agreement, purpose: str) -> None:
    word = barred_word(purpose, agreement.project.round.settings.get("voucher_negative_list", []))
    if word is not None:
        raise RuleBroken(
            _("按本届资金使用负面清单，不得列支“%(word)s”。如属误判，请改写用途并说明实际内容。", word=word), "purpose"
        )


def _require_first_time(spending: Spending) -> None:
    twin = queries.find_twin_voucher(spending.number, spending.payee)
    if twin is not None:
        raise RuleBroken(
            _(
                "同一张票据只能列支一次：“%(payee)s”的 %(number)s 号票据已登记为 %(ref)s。",
                payee=twin.payee,
                number=spending.number,
                ref=twin.ref,
            ),
            "invoice_number",
        )


def _require_standard(line: BudgetLine, spending: Spending) -> None:
    reason = why_over_standard(line.code, spending.fee_basis, spending.fee_units, spending.amount_fen)
    if reason is None:
        return
    standard = FEE_STANDARDS.get(spending.fee_basis) if spending.fee_basis else None
    if standard is None or standard.code is not line.code:
        raise RuleBroken(reason, "fee_basis")
    raise RuleBroken(reason, "amount_fen" if (spending.fee_units or 0) > 0 else "fee_units")


def _require_room(line: BudgetLine, booked: int, amount_fen: int) -> None:
    if booked + amount_fen > line.amount_fen:
        raise RuleBroken(
            _(
                "专款专用：每笔支出须在协议预算科目额度内。“%(line)s”额度 %(agreed)s 元，已登记 %(booked)s 元，"
                "还可登记 %(left)s 元。",
                line=f"{BUDGET_LABELS[line.code]} {line.content}",
                agreed=yuan(line.amount_fen),
                booked=yuan(booked),
                left=yuan(line.amount_fen - booked),
            ),
            "amount_fen",
        )


def check_voucher(*, voucher: Voucher, officer: User, is_accepted: bool, reason: str = "") -> None:
    """Accept a voucher as spending of the project, or refuse it with the reason the organisation reads."""
    require(policy.why_not_check_voucher(officer, voucher))
    action = VoucherAction.ACCEPT if is_accepted else VoucherAction.REFUSE
    status = VOUCHER_FLOW.next(voucher.status, action)
    if not is_accepted and not reason.strip():
        raise RuleBroken(_("请写明不予认可的理由。"), "reason")
    # The database reads the reason together with the status, so nothing may be flushed in between
    with db.session.no_autoflush:
        voucher.checked_by_id = officer.id
        voucher.checked_at = now()
        voucher.refusal_reason = None if is_accepted else reason.strip()
        voucher.status = status
    if not is_accepted:
        notify(
            voucher.entered_by_id,
            _("票据 %(ref)s 不予认可", ref=voucher.ref),
            body=reason,
            href=f"/payments/vouchers/{voucher.ref}",
        )
    audit.record(f"voucher:{action}", actor=officer, subject=voucher, reason=reason)
