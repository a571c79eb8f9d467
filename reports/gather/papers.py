"""Shorter papers of the street's finance: one payment, one fund, one round's budget. Each says what is on record."""

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from grants.agreements.models import Agreement
from grants.agreements.rules import GATE_LABELS
from grants.foundation.clock import local, now
from grants.foundation.database import db, get_one
from grants.foundation.money import daxie, yuan
from grants.funds.models import Account, Entry, Fund, Journal
from grants.funds.rules import ACCOUNT_KIND_LABELS, FUND_SOURCE_LABELS, JOURNAL_KIND_LABELS
from grants.payments.models import PaymentRequest, PaymentStep, Voucher
from grants.payments.rules import PAYMENT_STATUS_LABELS, PaymentAction, PaymentStatus, VoucherStatus
from grants.people.models import Organisation, User
from grants.projects.models import Project
from grants.rounds.models import Round
from reports.data.official_paper import Block, OfficialPaper
from reports.data.table import CENTRE, DATE, RIGHT, Column, Row, Table
from reports.formatting import moment, percent
from reports.gather.common import UNISSUED, Gathered, issuer
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


def _paper(title: tuple[str, ...], body: tuple[Block, ...], *, is_draft: bool) -> OfficialPaper:
    here = now()
    return OfficialPaper(
        title=title,
        body=body,
        signed_by=issuer(),
        signed_on=local(here).date(),
        check_code=UNISSUED,
        verify_url=UNISSUED,
        issued_at=here,
        is_draft=is_draft,
    )


def payment_approval(reference: str) -> Gathered:
    """Return the 资金拨付审批表 of a request; a draft until the leader has approved it. Raises NotFound."""
    request: PaymentRequest = get_one(
        select(PaymentRequest)
        .where(PaymentRequest.ref == reference)
        .options(
            joinedload(PaymentRequest.tranche),
            joinedload(PaymentRequest.agreement).options(
                joinedload(Agreement.project).joinedload(Project.round), joinedload(Agreement.organisation)
            ),
        )
    )
    signatures = db.session.execute(
        select(PaymentStep, User.display_name)
        .join(User, User.id == PaymentStep.actor_id)
        .where(PaymentStep.request_id == request.id)
        .order_by(PaymentStep.at)
    ).all()
    is_draft = request.status not in SIGNED
    project = request.agreement.project
    body = (Block(table=_payment_facts(request)), Block(table=_signatures([(step, name) for step, name in signatures])))
    return Gathered(
        _paper(("专项资金拨付审批表",), body, is_draft=is_draft),
        f"资金拨付审批表 {request.ref}",
        f"SP-{project.round.year}-{project.round.number:02d}",
        is_draft,
    )


def _payment_facts(request: PaymentRequest) -> Table:
    agreement, tranche = request.agreement, request.tranche
    facts = (
        ("拨付编号", request.ref),
        ("项目", f"{agreement.project.ref} {agreement.project.title}"),
        ("承接组织", agreement.organisation.name),
        ("协议编号", agreement.ref),
        ("期次与条件", f"第{tranche.number}期（{tranche.percent}%），{GATE_LABELS[tranche.gate]}"),
        ("拨付金额", f"{yuan(request.amount_fen)}元（大写：{daxie(request.amount_fen)}）"),
        ("收款单位", request.payee_name),
        ("开户银行", request.payee_bank),
        ("收款账号", f"尾号{request.payee_account_last4}（全号以系统存档为准）"),
        ("用途", request.purpose),
        ("办公会纪要", request.office_record or "—"),
        ("支付日期与凭证", f"{request.paid_on or '—'} {request.bank_reference or ''}".strip()),
        ("状态", str(PAYMENT_STATUS_LABELS[request.status])),
    )
    return Table(
        "一、拨付事项",
        (Column("事项", 25, CENTRE), Column("内容", 75)),
        tuple(Row(fact) for fact in facts),
    )


def _signatures(steps: list[Any]) -> Table:
    last = max((step.cycle for step, _name in steps), default=1)
    rows = tuple(
        Row((SIGNATURES[step.action], name, moment(step.at), step.note or "同意"))
        for step, name in steps
        if step.cycle == last and step.action in SIGNATURES
    )
    return Table(
        "二、办理记录",
        (Column("环节", 26), Column("经办人", 16, CENTRE), Column("时间", 30, CENTRE), Column("意见", 28)),
        rows,
    )


def fund_ledger(reference: str) -> Gathered:
    """Return the 专项资金台账 of a fund: every posted journal with what it moved, and the balances. Raises NotFound."""
    fund: Fund = get_one(select(Fund).where(Fund.ref == reference))
    accounts = db.session.scalars(
        select(Account).where(Account.fund_id == fund.id).order_by(Account.kind, Account.key)
    ).all()
    journals = db.session.scalars(
        select(Journal)
        .where(
            Journal.is_posted,
            Journal.id.in_(select(Entry.journal_id).join(Account).where(Account.fund_id == fund.id)),
        )
        .options(selectinload(Journal.entries).joinedload(Entry.account))
        .order_by(Journal.number)
    ).all()
    text = (
        f"资金名称：{fund.name}。来源：{FUND_SOURCE_LABELS[fund.source]}。预算年度：{fund.year}年。"
        f"记账凭证{len(journals)}笔，各账户余额之和为{yuan(sum(one.balance_fen for one in accounts))}元（借贷相等）。"
    )
    balances = Table(
        "一、账户余额",
        (Column("账户", 26), Column("归属", 44), Column("余额（元）", 30, RIGHT)),
        tuple(Row((str(ACCOUNT_KIND_LABELS[one.kind]), one.key or "—", yuan(one.balance_fen))) for one in accounts),
    )
    moves = Table(
        "二、记账明细",
        (
            Column("凭证", 9, CENTRE),
            Column("日期", 17, DATE),
            Column("业务", 14),
            Column("转出账户", 21),
            Column("转入账户", 21),
            Column("金额（元）", 18, RIGHT),
        ),
        tuple(_move(journal) for journal in journals),
    )
    body = (Block(text), Block(table=balances), Block(table=moves))
    return Gathered(
        _paper(("专项资金台账", fund.name), body, is_draft=False), f"{fund.name}台账", f"TZ-{fund.year}", is_draft=False
    )


def _move(journal: Journal) -> Row:
    sources = [entry for entry in journal.entries if entry.amount_fen < 0]
    targets = [entry for entry in journal.entries if entry.amount_fen > 0]
    return Row(
        (
            str(journal.number),
            journal.booked_on.isoformat(),
            str(JOURNAL_KIND_LABELS[journal.kind]),
            _names(sources),
            _names(targets),
            yuan(sum(entry.amount_fen for entry in targets)),
        )
    )


def _names(entries: list[Entry]) -> str:
    return "、".join(f"{ACCOUNT_KIND_LABELS[one.account.kind]} {one.account.key}".strip() for one in entries)


def budget_execution(reference: str) -> Gathered:
    """Return the 预算执行对照表 of a round: agreed, paid, spent and left by project. Raises NotFound."""
    found: Round = get_one(select(Round).where(Round.ref == reference))
    paid = (
        select(PaymentRequest.agreement_id, func.sum(PaymentRequest.amount_fen).label("fen"))
        .where(PaymentRequest.status.in_(PAID))
        .group_by(PaymentRequest.agreement_id)
        .subquery()
    )
    spent = (
        select(Voucher.agreement_id, func.sum(Voucher.amount_fen).label("fen"))
        .where(Voucher.status == VoucherStatus.ACCEPTED)
        .group_by(Voucher.agreement_id)
        .subquery()
    )
    rows = db.session.execute(
        select(
            Project.ref,
            Project.title,
            Organisation.name,
            Agreement.amount_fen + Agreement.social_fen,
            func.coalesce(paid.c.fen, 0),
            func.coalesce(spent.c.fen, 0),
        )
        .join(Agreement, Agreement.project_id == Project.id)
        .join(Organisation, Organisation.id == Agreement.organisation_id)
        .outerjoin(paid, paid.c.agreement_id == Agreement.id)
        .outerjoin(spent, spent.c.agreement_id == Agreement.id)
        .where(Project.round_id == found.id, Agreement.signed_on.is_not(None))
        .order_by(Project.ref)
    ).all()
    sums = [tuple(int(value) for value in row[3:]) for row in rows]
    lines = [
        Row((f"{row[0]} {row[1]}（{row[2]}）", *_amounts(*amounts))) for row, amounts in zip(rows, sums, strict=True)
    ]
    whole = tuple(sum(part) for part in zip(*sums, strict=True)) or (0, 0, 0)
    table = Table(
        "",
        (
            Column("项目与承接组织", 29),
            Column("预算", 16, RIGHT),
            Column("已拨付", 15, RIGHT),
            Column("已支出", 15, RIGHT),
            Column("预算结余", 15, RIGHT),
            Column("执行率", 10, RIGHT),
        ),
        (*lines, Row(("合计", *_amounts(*whole)), "total")),
    )
    text = "预算为协议约定的财政资金与社会资金之和，支出为已认可的票据，执行率为支出占预算的比例。单位：元。"
    return Gathered(
        _paper(("预算执行对照表", found.name), (Block(text), Block(table=table)), is_draft=False),
        f"{found.name}预算执行对照表",
        f"YS-{found.year}-{found.number:02d}",
        is_draft=False,
    )


def _amounts(budget: int, paid: int, spent: int) -> tuple[str, str, str, str, str]:
    return yuan(budget), yuan(paid), yuan(spent), yuan(budget - spent), percent(spent, budget)
