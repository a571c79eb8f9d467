"""Papers of the street's money: a fund's ledger and what was done with a round's budget, as it is on record."""

from collections import Counter, defaultdict
from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from grants.agreements.models import Agreement, BudgetLine
from grants.foundation.database import db, get_one
from grants.foundation.money import yuan
from grants.funds.models import Account, Entry, Fund, Journal
from grants.funds.rules import (
    ACCOUNT_KIND_LABELS,
    FUND_SOURCE_LABELS,
    JOURNAL_KIND_LABELS,
    PROJECT_ACCOUNTS,
    AccountKind,
    JournalKind,
)
from grants.payments.models import Voucher
from grants.payments.rules import VoucherStatus
from grants.projects.models import Project
from grants.rounds.models import Round
from grants.rounds.rules import BUDGET_LABELS, CATEGORY_LABELS, Category
from reports.data.balance import Balance
from reports.data.sheet import Part, Sheet
from reports.data.table import CENTRE, DATE, RIGHT, Column, Row, Table
from reports.formatting import clip, percent
from reports.gather.common import Gathered, unissued_stamp
from reports.gather.money_rows import AgreedProject, agreed_projects, booked_by_project


def fund_ledger(reference: str) -> Gathered:
    """Return the 专项资金台账 of a fund: balances, by project, by month, every posted journal. Raises NotFound."""
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
        .options(selectinload(Journal.entries).joinedload(Entry.account), joinedload(Journal.reverses))
        .order_by(Journal.number)
    ).all()
    whole = sum(one.balance_fen for one in accounts)
    sheet = Sheet(
        stamp=unissued_stamp(is_draft=False),
        title="专项资金台账",
        about=f"{fund.name}（{fund.ref}）",
        parts=(
            Part(
                text=f"来源：{FUND_SOURCE_LABELS[fund.source]}。预算年度：{fund.year}年。记账凭证{len(journals)}笔，"
                f"各账户余额之和为{yuan(whole)}元（借贷相等）。"
            ),
            Part("账户余额", tables=(_balances(accounts),)),
            Part("分项目情况", tables=(_by_project(accounts),)),
            Part("分月情况", tables=(_by_month(journals),)),
            Part("记账明细", tables=(_moves(journals),)),
        ),
        balances=_ledger_checks(accounts, journals),
        is_wide=True,
    )
    return Gathered(sheet, f"{fund.name}台账", f"TZ-{fund.year}", is_draft=False)


def _ledger_checks(accounts: Sequence[Account], journals: Sequence[Journal]) -> tuple[Balance, ...]:
    moved: Counter[AccountKind] = Counter()
    for journal in journals:
        for entry in journal.entries:
            moved[entry.account.kind] += entry.amount_fen
    kinds = {one.kind for one in accounts}
    return tuple(
        Balance(
            f"“{ACCOUNT_KIND_LABELS[kind]}”余额",
            (("账户余额", sum(one.balance_fen for one in accounts if one.kind is kind)), ("分录合计", moved[kind])),
        )
        for kind in sorted(kinds)
    )


def _balances(accounts: Sequence[Account]) -> Table:
    rows = [Row((str(ACCOUNT_KIND_LABELS[one.kind]), _owner(one) or "—", yuan(one.balance_fen))) for one in accounts]
    whole = Row(("合计（借贷相等）", "", yuan(sum(one.balance_fen for one in accounts))), "total")
    return Table(
        "各账户余额",
        (Column("账户", 26), Column("归属", 44), Column("余额", 30, RIGHT)),
        (*rows, whole),
        unit="单位：元",
    )


def _by_project(accounts: Sequence[Account]) -> Table:
    sums: dict[str, Counter[AccountKind]] = defaultdict(Counter)
    for one in accounts:
        if one.kind in PROJECT_ACCOUNTS:
            sums[one.key][one.kind] += one.balance_fen
    rows = [_project_row(key, sums[key]) for key in sorted(sums)]
    whole = _project_row("合计", sum(sums.values(), Counter()), "total")
    return Table(
        "各项目资金",
        (
            Column("项目", 24),
            Column("授予总额", 16, RIGHT),
            *(Column(str(ACCOUNT_KIND_LABELS[kind]), 15, RIGHT) for kind in PROJECT_ACCOUNTS),
        ),
        (*rows, whole),
        unit="单位：元",
    )


def _project_row(name: str, sums: Counter[AccountKind], kind: str = "plain") -> Row:
    return Row((name, yuan(sums.total()), *(yuan(sums[one]) for one in PROJECT_ACCOUNTS)), kind)


def _by_month(journals: Sequence[Journal]) -> Table:
    shown = (JournalKind.APPROPRIATE, JournalKind.AWARD, JournalKind.PAY, JournalKind.RETURN)
    sums: dict[str, Counter[JournalKind]] = defaultdict(Counter)
    for journal in journals:
        kind, sign = (journal.reverses.kind, -1) if journal.reverses is not None else (journal.kind, 1)
        sums[f"{journal.booked_on:%Y-%m}"][kind] += sign * journal.amount_fen
    rows = [Row((month, *(yuan(sums[month][kind]) for kind in shown))) for month in sorted(sums)]
    whole = [sum(one[kind] for one in sums.values()) for kind in shown]
    return Table(
        "各月发生额",
        (Column("月份", 20, CENTRE), *(Column(str(JOURNAL_KIND_LABELS[kind]), 20, RIGHT) for kind in shown)),
        (*rows, Row(("合计", *(yuan(fen) for fen in whole)), "total")),
        unit="单位：元",
        note="红字冲销从被冲销的业务中扣减。",
    )


def _moves(journals: Sequence[Journal]) -> Table:
    return Table(
        "记账凭证",
        (
            Column("凭证号", 11, CENTRE),
            Column("日期", 11, DATE),
            Column("业务", 10, CENTRE),
            Column("转出账户", 18),
            Column("转入账户", 18),
            Column("摘要", 19),
            Column("金额（元）", 13, RIGHT),
        ),
        tuple(_move(journal) for journal in journals),
        is_dense=True,
    )


def _move(journal: Journal) -> Row:
    sources = [entry for entry in journal.entries if entry.amount_fen < 0]
    targets = [entry for entry in journal.entries if entry.amount_fen > 0]
    return Row(
        (
            journal.ref,
            journal.booked_on.isoformat(),
            str(JOURNAL_KIND_LABELS[journal.kind]),
            _names(sources),
            _names(targets),
            clip(journal.memo, 24) or "—",
            yuan(sum(entry.amount_fen for entry in targets)),
        )
    )


def _names(entries: list[Entry]) -> str:
    return "、".join(f"{ACCOUNT_KIND_LABELS[one.account.kind]} {_owner(one.account)}".strip() for one in entries)


def _owner(account: Account) -> str:
    """Return whose account it is; an envelope's is the round and the category, in words."""
    place, slash, category = account.key.partition("/")
    return f"{place} {CATEGORY_LABELS[Category(category)]}" if slash else place


def budget_execution(reference: str) -> Gathered:
    """Return the 预算执行对照表 of a round: agreed, paid, spent and left by project and by line. Raises NotFound."""
    found: Round = get_one(select(Round).where(Round.ref == reference))
    rows, codes = agreed_projects(found), _by_code(found)
    sheet = Sheet(
        stamp=unissued_stamp(is_draft=False),
        title="预算执行对照表",
        about=found.name,
        parts=(
            Part(
                text="预算为协议约定的财政资金与社会资金之和，协议签订后预算没有调整；支出为已认可的票据，"
                "执行率为支出占预算的比例。"
            ),
            Part("分项目", tables=(_execution(rows),)),
            Part("分科目", tables=(_codes(codes),)),
        ),
        balances=(
            Balance(
                "预算总额", (("分项目", sum(row.agreed_fen for row in rows)), ("分科目", sum(one[1] for one in codes)))
            ),
            Balance(
                "支出总额",
                (("分项目", sum(row.all_spent_fen for row in rows)), ("分科目", sum(one[2] for one in codes))),
            ),
            Balance(
                "已拨付资金",
                (("各项目合计", sum(row.paid_fen for row in rows)), ("资金台账", booked_by_project(found))),
            ),
        ),
        is_wide=True,
    )
    return Gathered(sheet, f"{found.name}预算执行对照表", f"YS-{found.year}-{found.number:02d}", is_draft=False)


def _execution(rows: Sequence[AgreedProject]) -> Table:
    lines = [
        Row((f"{row.ref} {row.title}", row.organisation, *_amounts(row.agreed_fen, row.paid_fen, row.all_spent_fen)))
        for row in rows
    ]
    whole = _amounts(
        sum(row.agreed_fen for row in rows), sum(row.paid_fen for row in rows), sum(row.all_spent_fen for row in rows)
    )
    return Table(
        "各项目预算执行",
        (
            Column("项目", 27),
            Column("承接组织", 17),
            Column("预算", 12, RIGHT),
            Column("已拨付", 12, RIGHT),
            Column("已支出", 12, RIGHT),
            Column("预算结余", 12, RIGHT),
            Column("执行率", 8, RIGHT),
        ),
        (*lines, Row(("合计", "", *whole), "total")),
        unit="单位：元",
    )


def _by_code(found: Round) -> list[tuple[str, int, int]]:
    """Return the budget and the accepted spending of each budget code of a round, in 分."""
    spent = (
        select(Voucher.budget_line_id, func.sum(Voucher.amount_fen).label("fen"))
        .where(Voucher.status == VoucherStatus.ACCEPTED)
        .group_by(Voucher.budget_line_id)
        .subquery()
    )
    rows = db.session.execute(
        select(BudgetLine.code, func.sum(BudgetLine.amount_fen), func.sum(func.coalesce(spent.c.fen, 0)))
        .join(Agreement, Agreement.id == BudgetLine.agreement_id)
        .join(Project, Project.id == Agreement.project_id)
        .outerjoin(spent, spent.c.budget_line_id == BudgetLine.id)
        .where(Project.round_id == found.id, Agreement.signed_on.is_not(None))
        .group_by(BudgetLine.code)
        .order_by(BudgetLine.code)
    )
    return [(str(BUDGET_LABELS[code]), int(budget), int(used)) for code, budget, used in rows]


def _codes(codes: Sequence[tuple[str, int, int]]) -> Table:
    rows = [
        Row((name, yuan(budget), yuan(used), yuan(budget - used), percent(used, budget)))
        for name, budget, used in codes
    ]
    budget, used = sum(one[1] for one in codes), sum(one[2] for one in codes)
    return Table(
        "各科目预算执行",
        (
            Column("科目", 32),
            Column("预算", 18, RIGHT),
            Column("已支出", 18, RIGHT),
            Column("预算结余", 18, RIGHT),
            Column("执行率", 14, RIGHT),
        ),
        (*rows, Row(("合计", yuan(budget), yuan(used), yuan(budget - used), percent(used, budget)), "total")),
        unit="单位：元",
    )


def _amounts(budget: int, paid: int, spent: int) -> tuple[str, str, str, str, str]:
    return yuan(budget), yuan(paid), yuan(spent), yuan(budget - spent), percent(spent, budget)
