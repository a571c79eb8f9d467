"""What has to be proven before a tranche is paid, each condition with its answer."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select

from grants.agreements.models import Agreement, Tranche
from grants.agreements.policy import why_not_payable as why_suspended
from grants.agreements.rules import AgreementStatus, Gate, MilestoneStatus, why_midterm_blocks
from grants.foundation.clock import today
from grants.foundation.database import db
from grants.foundation.i18n import _
from grants.foundation.money import yuan
from grants.payments.models import PaymentRequest
from grants.payments.queries.money import PAID, accepted_fen, paid_fen, payable_fen
from grants.payments.rules import reaches_percent
from grants.supervision import queries as supervision
from grants.supervision.rules import RectificationStatus


@dataclass(frozen=True)
class GateCheck:
    """One condition of a tranche, whether it is met, and the facts; `why_not` is what to read when it is not.

    `links` lead to the papers that stand in the way: name and address.
    """

    label: str
    is_met: bool
    detail: str
    why_not: str
    links: tuple[tuple[str, str], ...] = ()


def gate_checks(tranche: Tranche) -> list[GateCheck]:
    """List every condition of a tranche in the order in which they are met; an ended agreement has no other."""
    agreement = tranche.agreement
    if agreement.status is AgreementStatus.TERMINATED:
        return [_in_force(agreement)]
    checks = [_in_force(agreement), *_suspended(agreement), _account_unchanged(agreement), *_earlier_paid(tranche)]
    if tranche.milestone is not None:
        checks.append(_milestone(tranche))
    checks.append(_no_rectification(agreement))
    if tranche.gate is Gate.MIDTERM:
        checks.extend(_midterm_passed(agreement))
        checks.append(_spent_enough(agreement))
    if tranche.gate is Gate.FINAL:
        checks.append(_evaluated(agreement))
        if agreement.status is AgreementStatus.COMPLETED:
            # Before the evaluation vouchers still come in, and the sum would mislead
            checks.append(_something_to_pay(tranche))
    return checks


def _in_force(agreement: Agreement) -> GateCheck:
    met = agreement.status in (AgreementStatus.SIGNED, AgreementStatus.COMPLETED)
    signed = _("%(day)s 签署", day=agreement.signed_on.isoformat()) if agreement.signed_on else _("尚未签署")
    ended = agreement.status is AgreementStatus.TERMINATED
    return GateCheck(
        _("协议已签署且有效"),
        met,
        _("已终止") if ended else signed,
        _("协议已终止，不再拨付。") if ended else _("协议双方签署后才能申请拨付。"),
    )


def _suspended(agreement: Agreement) -> Iterator[GateCheck]:
    reason = why_suspended(agreement)
    if reason is not None:
        yield GateCheck(_("协议没有暂停"), False, _("已暂停"), reason)


def _account_unchanged(agreement: Agreement) -> GateCheck:
    payee = agreement.payee
    met = payee.can_be_payee and payee.account_index == agreement.payee_account_index
    return GateCheck(
        _("收款账户与协议一致"),
        met,
        _("%(name)s，账号尾号 %(last4)s", name=agreement.payee_name, last4=agreement.payee_account_last4),
        _("收款单位的账户与签约时不一致，须先签补充协议确认新账户。"),
    )


def _earlier_paid(tranche: Tranche) -> Iterator[GateCheck]:
    earlier = [item for item in tranche.agreement.tranches if item.number < tranche.number]
    if not earlier:
        return
    statement = select(PaymentRequest.tranche_id).where(
        PaymentRequest.agreement_id == tranche.agreement_id, PaymentRequest.status.in_(PAID)
    )
    settled = set(db.session.scalars(statement))
    waiting = [item.number for item in earlier if item.id not in settled]
    yield GateCheck(
        _("前期款项已拨付"),
        not waiting,
        _("第 %(number)s 期尚未拨付", number=waiting[0]) if waiting else _("前 %(count)s 期已拨付", count=len(earlier)),
        _("请先办理第 %(number)s 期拨付。", number=waiting[0] if waiting else 0),
    )


def _milestone(tranche: Tranche) -> GateCheck:
    milestone = tranche.milestone
    met = milestone is not None and milestone.status is MilestoneStatus.VERIFIED
    name = milestone.name if milestone else ""
    return GateCheck(
        _("里程碑“%(name)s”已核实", name=name),
        met,
        _("社区与居民监督员均已核实") if met else _("尚未核实"),
        _("里程碑“%(name)s”须经社区和居民监督员核实后才能申请。", name=name),
    )


def _no_rectification(agreement: Agreement) -> GateCheck:
    closed = RectificationStatus.CLOSED
    orders = [one for one in supervision.list_rectifications(agreement.id) if one.status is not closed]
    reasons = "".join(
        _("%(ref)s“%(problem)s”（限 %(day)s 前整改）。", ref=one.ref, problem=one.problem, day=one.due_on.isoformat())
        for one in orders
    )
    return GateCheck(
        _("没有未完成的整改"),
        not orders,
        _("%(count)s 项整改未完成", count=len(orders)) if orders else _("无"),
        _("还有 %(count)s 项整改没有通过复查，复查通过前暂停拨付：%(reasons)s", count=len(orders), reasons=reasons),
        tuple((_("整改通知 %(ref)s", ref=one.ref), f"/supervision/rectifications/{one.ref}") for one in orders),
    )


def _midterm_passed(agreement: Agreement) -> Iterator[GateCheck]:
    if not agreement.needs_midterm:
        return
    reason = why_midterm_blocks(agreement.midterm_result, agreement.midterm_counts_on, today())
    yield GateCheck(
        _("中期评估合格"), reason is None, _("已合格，公示期满") if reason is None else reason, reason or ""
    )


def _spent_enough(agreement: Agreement) -> GateCheck:
    threshold = int(agreement.project.round.settings["tranche_spend_threshold_percent"])
    paid, accepted = paid_fen(agreement.id), accepted_fen(agreement.id)
    return GateCheck(
        _("前期资金执行率不低于 %(percent)s%%", percent=threshold),
        reaches_percent(accepted, paid, threshold),
        _("已拨 %(paid)s 元，已认可票据 %(accepted)s 元", paid=yuan(paid), accepted=yuan(accepted)),
        _(
            "前期已拨 %(paid)s 元，经认可的支出 %(accepted)s 元，未达到 %(percent)s%%。请登记票据并等待财政审核。",
            paid=yuan(paid),
            accepted=yuan(accepted),
            percent=threshold,
        ),
    )


def _evaluated(agreement: Agreement) -> GateCheck:
    met = agreement.status is AgreementStatus.COMPLETED
    return GateCheck(
        _("末期评价合格"),
        met,
        _("评价已公布，协议履行完毕") if met else _("评价尚未公布"),
        _("末期评价合格并公布后才能申请尾款。"),
    )


def _something_to_pay(tranche: Tranche) -> GateCheck:
    amount = payable_fen(tranche)
    return GateCheck(
        _("经认可的支出超过已拨款项"),
        amount > 0,
        _("可拨 %(amount)s 元", amount=yuan(amount)),
        _("经认可的支出没有超过已拨款项，无需再拨尾款；结余由街道财政收回。"),
    )
