"""Papers about one payment: the 拨付审批表 with its signatures, and the 拨付通知书 to the organisation."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from grants.agreements.models import Agreement, Tranche
from grants.agreements.rules import GATE_LABELS
from grants.foundation.clock import local
from grants.foundation.database import db, get_one
from grants.foundation.money import daxie, yuan
from grants.funds.models import Account, Entry, Journal
from grants.funds.rules import FUND_SOURCE_LABELS, AccountKind, FundSource, JournalKind
from grants.payments.models import PaymentRequest, PaymentStep
from grants.payments.queries import list_returns
from grants.payments.rules import ITEM_KIND_LABELS, PAYMENT_STATUS_LABELS, PaymentAction, PaymentStatus
from grants.people.models import User
from grants.projects.models import Project
from grants.rounds.models import Round
from reports.data.balance import Balance
from reports.data.common import Signatory
from reports.data.sheet import Part, Sheet
from reports.data.table import CENTRE, RIGHT, Column, Row, Table
from reports.formatting import day, moment
from reports.gather import official
from reports.gather.common import Gathered, document_series, issuer, unissued_stamp
from reports.gather.evaluation_rows import PAID

SIGNED = (PaymentStatus.APPROVED, *PAID)
SIGNATURES = {
    PaymentAction.REQUEST: "申请（承接组织）",
    PaymentAction.PASS_COMMUNITY: "社区居委会核实",
    PaymentAction.PASS_PROGRAMME: "社区建设部审核",
    PaymentAction.PASS_FINANCE: "街道财政审核",
    PaymentAction.APPROVE: "分管领导审批",
    PaymentAction.PAY: "支付",
}
BOXES_OF = {
    PaymentAction.PASS_PROGRAMME: "编制",
    PaymentAction.PASS_FINANCE: "审核",
    PaymentAction.APPROVE: "审批",
}
NUMERALS = "一二三四五六七八九十"
Steps = Sequence[tuple[PaymentStep, str]]


def payment_approval(reference: str) -> Gathered:
    """Return the 资金拨付审批表 of a request; a draft until the leader has approved it. Raises NotFound."""
    request, steps = _read(reference)
    project = request.agreement.project
    is_draft = request.status not in SIGNED or project.round.is_rehearsal
    tranches, paid = _tranches(request), _booked_fen(request)
    sheet = Sheet(
        stamp=unissued_stamp(is_draft=is_draft, signatories=_boxes(steps)),
        title="专项资金拨付审批表",
        about=f"{project.title}　第{request.tranche.number}期",
        above=project.round.name,
        parts=(
            Part(facts=_facts(request)),
            Part("办理记录", tables=(_signatures(steps),)),
            *_returns(request),
            Part("本协议拨付情况", tables=(_payments(tranches),)),
        ),
        balances=(_balance(tranches, paid),),
    )
    return Gathered(
        sheet, f"资金拨付审批表 {request.ref}", f"SP-{project.round.year}-{project.round.number:02d}", is_draft
    )


def payment_notice(reference: str) -> Gathered:
    """Return the 拨付通知书 to the organisation; a draft until the leader has approved the payment. Raises NotFound."""
    request, steps = _read(reference)
    agreement, tranche = request.agreement, request.tranche
    project = agreement.project
    approved = [step for step, _name in steps if step.action is PaymentAction.APPROVE]
    is_final = bool(approved) and request.status in SIGNED and not project.round.is_rehearsal
    on = local(approved[-1].at).date() if is_final else None
    number = NUMERALS[tranche.number - 1]
    tranches, paid = _tranches(request), _booked_fen(request)
    body = official.headed(
        (
            "",
            (
                f"按照《“{project.title}”项目资助协议》（编号{agreement.ref}）的约定，经社区居委会核实、社区建设部审核、"
                f"街道财政审核和分管领导审批，同意拨付第{number}期项目资金。现将有关事项通知如下：",
            ),
        ),
        (
            "一、拨付金额和收款单位",
            (
                f"本次拨付{daxie(request.amount_fen, prefix=True)}（￥{yuan(request.amount_fen)}），"
                f"占协议财政资金的{tranche.percent}%，从{project.round.fund.name}中列支，用于{request.purpose}。"
                f"收款单位{request.payee_name}，开户银行{request.payee_bank}，账号尾号{request.payee_account_last4}。",
                _payments(tranches),
            ),
        ),
        ("二、有关要求", _demands(request)),
    )
    document = official.red_paper(
        official.title_lines(f"{issuer()}关于拨付", f"“{project.title}”项目", f"第{number}期资金的通知"),
        agreement.organisation.name,
        body,
        on=on,
        copies_to=f"{project.community.name}居民委员会，街道财政",
        signatories=_boxes(steps),
        balances=(_balance(tranches, paid),),
    )
    return Gathered(
        document, f"拨付通知书 {request.ref}", document_series(document.signed_on.year)[1], document.is_draft
    )


def _read(reference: str) -> tuple[PaymentRequest, Steps]:
    request: PaymentRequest = get_one(
        select(PaymentRequest)
        .where(PaymentRequest.ref == reference)
        .options(
            joinedload(PaymentRequest.tranche),
            joinedload(PaymentRequest.agreement).options(
                joinedload(Agreement.project).options(
                    joinedload(Project.round).joinedload(Round.fund), joinedload(Project.community)
                ),
                joinedload(Agreement.organisation),
            ),
        )
    )
    rows = db.session.execute(
        select(PaymentStep, User.display_name)
        .join(User, User.id == PaymentStep.actor_id)
        .where(PaymentStep.request_id == request.id)
        .order_by(PaymentStep.at)
    ).all()
    last = max((step.cycle for step, _name in rows), default=1)
    return request, [(step, name) for step, name in rows if step.cycle == last]


def _boxes(steps: Steps) -> tuple[Signatory, ...]:
    signed = {BOXES_OF[step.action]: (name, local(step.at).date()) for step, name in steps if step.action in BOXES_OF}
    return tuple(Signatory(role, *signed.get(role, ("", None))) for role in BOXES_OF.values())


def _facts(request: PaymentRequest) -> tuple[tuple[str, str], ...]:
    agreement, tranche = request.agreement, request.tranche
    fund = agreement.project.round.fund
    return (
        ("拨付编号", request.ref),
        ("项目", f"{agreement.project.ref} {agreement.project.title}"),
        ("承接组织", agreement.organisation.name),
        ("协议编号", agreement.ref),
        ("资金来源", f"{fund.name}（{FUND_SOURCE_LABELS[fund.source]}）"),
        ("期次与条件", f"第{tranche.number}期（{tranche.percent}%），{GATE_LABELS[tranche.gate]}"),
        ("拨付金额", f"{yuan(request.amount_fen)}元（大写：{daxie(request.amount_fen, prefix=True)}）"),
        ("收款单位", request.payee_name),
        ("开户银行", request.payee_bank),
        ("收款账号", f"尾号{request.payee_account_last4}（全号以系统存档为准）"),
        ("用途", request.purpose),
        ("办公会纪要", request.office_record or "—"),
        ("支付日期与凭证", f"{day(request.paid_on)} {request.bank_reference or ''}".strip()),
        ("状态", str(PAYMENT_STATUS_LABELS[request.status])),
    )


def _signatures(steps: Steps) -> Table:
    rows = tuple(
        Row((SIGNATURES[step.action], name, moment(step.at), step.note or "同意"))
        for step, name in steps
        if step.action in SIGNATURES
    )
    columns = (Column("环节", 26), Column("经办人", 16, CENTRE), Column("时间", 30, CENTRE), Column("意见", 28))
    return Table("逐级办理记录", columns, rows)


def _returns(request: PaymentRequest) -> Iterator[Part]:
    """Yield the items of every return with their answers, the earliest first; nothing where none was made."""
    returns = list(reversed(list_returns(request)))
    if not returns:
        return
    rows = tuple(
        Row((f"第{one.cycle}轮", str(ITEM_KIND_LABELS[item.kind]), item.text, item.answer or "待补正"))
        for one in returns
        for item in one.items
    )
    columns = (Column("退回", 12, CENTRE), Column("内容", 16, CENTRE), Column("需要补正", 36), Column("补正说明", 36))
    yield Part("退回补正情况", tables=(Table("逐项补正记录", columns, rows),))


def _tranches(request: PaymentRequest) -> Sequence[Any]:
    """List the tranches of the agreement, each with its live request, if any."""
    return db.session.execute(
        select(Tranche, PaymentRequest)
        .outerjoin(
            PaymentRequest,
            (PaymentRequest.tranche_id == Tranche.id) & (PaymentRequest.status != PaymentStatus.REJECTED),
        )
        .where(Tranche.agreement_id == request.agreement_id)
        .order_by(Tranche.number)
    ).all()


def _payments(tranches: Sequence[Any]) -> Table:
    rows = [
        Row(
            (
                f"第{tranche.number}期",
                f"{tranche.percent}%",
                yuan(tranche.amount_fen),
                yuan(_paid_fen(live)),
                str(PAYMENT_STATUS_LABELS[live.status]) if live is not None else "未申请",
            )
        )
        for tranche, live in tranches
    ]
    whole = (sum(one.amount_fen for one, _live in tranches), sum(_paid_fen(live) for _one, live in tranches))
    percents = sum(one.percent for one, _live in tranches)
    return Table(
        "各期拨付情况",
        (
            Column("期次", 14, CENTRE),
            Column("比例", 12, CENTRE),
            Column("协议金额", 24, RIGHT),
            Column("已支付", 24, RIGHT),
            Column("状态", 26, CENTRE),
        ),
        (*rows, Row(("合计", f"{percents}%", *(yuan(fen) for fen in whole), ""), "total")),
        unit="单位：元",
    )


def _paid_fen(request: PaymentRequest | None) -> int:
    return request.amount_fen if request is not None and request.status in PAID else 0


def _booked_fen(request: PaymentRequest) -> int:
    """Return what the ledger has as paid to the project, reversals deducted, in 分."""
    statement = (
        select(func.coalesce(func.sum(Entry.amount_fen), 0))
        .join(Account, Account.id == Entry.account_id)
        .join(Journal, Journal.id == Entry.journal_id)
        .where(
            Account.kind == AccountKind.PAID,
            Account.key == request.agreement.project.ref,
            Journal.kind != JournalKind.RETURN,
        )
    )
    return int(db.session.execute(statement).scalar_one())


def _balance(tranches: Sequence[Any], booked: int) -> Balance:
    return Balance("已支付金额", (("各期合计", sum(_paid_fen(live) for _one, live in tranches)), ("资金台账", booked)))


def _demands(request: PaymentRequest) -> tuple[str, ...]:
    settings = request.agreement.project.round.settings
    found = [
        "1. 资金单独核算、专款专用，到账后请登录系统确认。",
        "2. 支出及时登记票据。申请下一期前，已拨付资金的执行率应不低于"
        f"{settings['tranche_spend_threshold_percent']}%，且没有未完成的整改事项。",
        "3. 接受社区居委会、居民监督员、街道财政和纪检监察机构的监督检查。",
    ]
    if request.agreement.project.round.fund.source is FundSource.LOTTERY:
        found.append("4. 在项目场地、物资和活动资料的显著位置标明“彩票公益金资助—中国福利彩票”。")
    return tuple(found)
