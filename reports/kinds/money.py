"""Papers about money: approval, notice of payment, ledgers and what was done with a round's budget."""

from grants.foundation.i18n import _, _l
from grants.funds import policy as funds_policy
from grants.payments import policy as payments_policy
from grants.people.models import User
from reports.gather import choices, fund_papers, fund_use, fund_use_rows, payment_papers
from reports.kinds.base import OFFICIAL, SHEET, Heading, ReportKind, why_not_office


def _why_not_ledger(actor: User | None, _ref: str) -> str | None:
    return funds_policy.why_not_read_ledger(actor) if actor is not None else _("请先登录。")


def _why_not_payment(actor: User | None, ref: str) -> str | None:
    return payments_policy.why_not_see(actor, choices.payment_of(ref))


KINDS = (
    ReportKind(
        "payment-approval",
        _l("资金拨付审批表"),
        _l("一笔拨付的事项、金额、收款单位和逐级办理记录。领导审批前为草稿。"),
        _l("拨付申请"),
        SHEET,
        payment_papers.payment_approval,
        choices.sent_payments,
        why_not_office,
        heading=Heading.MONEY,
    ),
    ReportKind(
        "payment-notice",
        _l("拨付通知书"),
        _l("领导审批后发给承接组织的通知：金额、收款单位、用途和有关要求。领导审批前为草稿。"),
        _l("拨付申请"),
        OFFICIAL,
        payment_papers.payment_notice,
        choices.payments_of_viewer,
        _why_not_payment,
        is_open=True,
        heading=Heading.MONEY,
    ),
    ReportKind(
        "fund-ledger",
        _l("专项资金台账"),
        _l("一项专项资金的账户余额和全部记账明细。"),
        _l("专项资金"),
        SHEET,
        fund_papers.fund_ledger,
        choices.funds,
        _why_not_ledger,
        heading=Heading.MONEY,
    ),
    ReportKind(
        "fund-use",
        _l("专项资金使用情况报告"),
        _l("一届、一年或一个季度的资金来源、拨付、支出、收回和执行，与台账核对。期间结束前为草稿。"),
        _l("届次或期间"),
        SHEET,
        fund_use.gather,
        fund_use_rows.choices,
        why_not_office,
        heading=Heading.MONEY,
    ),
    ReportKind(
        "budget-execution",
        _l("预算执行对照表"),
        _l("一届各项目的预算、拨付、支出、结余和执行率。"),
        _l("届次"),
        SHEET,
        fund_papers.budget_execution,
        choices.rounds_with_agreements,
        why_not_office,
        heading=Heading.MONEY,
    ),
)
