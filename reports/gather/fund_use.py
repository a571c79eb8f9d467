"""The 专项资金使用情况报告 of a round, a year or a quarter: what came in, what was paid, spent and taken back."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from grants.foundation.money import wan, yuan
from grants.funds.rules import FUND_SOURCE_LABELS, JOURNAL_KIND_LABELS, JournalKind
from grants.rounds.rules import BUDGET_LABELS, CATEGORY_LABELS, Category
from grants.selection.rules import MoneySource
from reports.charts import Chart, ChartKind, Series
from reports.data.balance import Balance
from reports.data.sheet import Depth, Part, Sheet
from reports.data.table import CENTRE, DATE, RIGHT, Column, Row, Table
from reports.formatting import count, percent, short_day
from reports.gather import fund_use_rows as rows
from reports.gather.common import DEPARTMENT, Gathered, unissued_stamp
from reports.gather.fund_use_rows import FundUse, Payment, Scope

FEN_PER_WAN = 1_000_000
SLOW_PERCENT = 80
SHOWN_MOVES = (JournalKind.APPROPRIATE, JournalKind.AWARD, JournalKind.PAY, JournalKind.RETURN)


def gather(reference: str) -> Gathered:
    """Return the report on a round (JC-2026-03), a year (2026) or a quarter (2026Q3); final once that is over.

    Raises NotFound for anything else, and for a period in which nothing was paid and nothing moved.
    """
    scope = rows.scope_of(reference)
    facts = rows.read(scope)
    paid = sum(one.amount_fen for one in facts.payments)
    sheet = Sheet(
        stamp=unissued_stamp(is_draft=scope.is_running),
        title="专项资金使用情况报告",
        about=scope.title,
        facts=(
            ("报告期间", f"{short_day(scope.first_on)} 至 {short_day(scope.last_on)}"),
            ("资金来源", "、".join(dict.fromkeys(str(FUND_SOURCE_LABELS[fund.source]) for fund in facts.funds))),
            ("拨付金额", f"{wan(paid)}万元"),
            ("主管部门", DEPARTMENT),
        ),
        parts=(
            Part("摘要", Depth.FRONT, text=_abstract(scope, facts, paid), keys=_keys(facts, paid)),
            Part("资金来源和安排", text=_sources(facts), tables=(_moves(facts),)),
            Part(
                "拨付情况",
                tables=(_by_category(facts.payments), _by_month(facts.payments)),
                charts=_chart(facts.payments),
            ),
            Part("支出情况", text=_spending_text(facts), tables=(_by_code(facts),)),
            Part("分项目执行", tables=(_projects(facts),)),
            Part("存在的问题和下一步安排", points=_findings(facts, paid)),
            Part("逐笔拨付明细", Depth.ANNEX, tables=(_listing(facts.payments),), is_turned=True),
        ),
        balances=_balances(facts, paid),
        has_cover=True,
    )
    return Gathered(sheet, f"{scope.title}专项资金使用情况报告", f"SY-{scope.last_on.year}", scope.is_running)


def _balances(facts: FundUse, paid: int) -> tuple[Balance, ...]:
    return (
        Balance(
            "拨付金额",
            (
                ("逐笔明细", paid),
                ("分项目", sum(one.paid_fen for one in facts.projects)),
                ("资金台账", facts.moved[JournalKind.PAY]),
            ),
        ),
        Balance(
            "财政资金支出",
            (
                (
                    "分科目",
                    sum(fen for (_code, source), fen in facts.spent.items() if source is MoneySource.FISCAL),
                ),
                ("分项目", sum(one.spent_fen for one in facts.projects)),
            ),
        ),
    )


def _abstract(scope: Scope, facts: FundUse, paid: int) -> str:
    spent = sum(one.spent_fen for one in facts.projects)
    return (
        f"{scope.title}，公益创投专项资金共拨付{len(facts.payments)}笔、{yuan(paid)}元，"
        f"涉及{len({one.project_ref for one in facts.payments})}个项目；"
        f"承接组织报账并经认可的财政资金支出{yuan(spent)}元；"
        f"收回结余{yuan(facts.moved[JournalKind.RETURN])}元。各项数据与资金台账核对一致。"
    )


def _keys(facts: FundUse, paid: int) -> tuple[tuple[str, str], ...]:
    return (
        ("拨付（万元）", wan(paid)),
        ("拨付笔数", count(len(facts.payments))),
        ("财政支出（万元）", wan(sum(one.spent_fen for one in facts.projects))),
        ("收回结余（万元）", wan(facts.moved[JournalKind.RETURN])),
    )


def _sources(facts: FundUse) -> str:
    lines = [
        f"{fund.name}（{fund.ref}），来源{FUND_SOURCE_LABELS[fund.source]}，预算年度{fund.year}年"
        + (f"，预算文号{fund.document_number}。" if fund.document_number else "。")
        for fund in facts.funds
    ]
    return "\n".join(lines) or "报告期间没有资金变动。"


def _moves(facts: FundUse) -> Table:
    shown = [kind for kind in SHOWN_MOVES if kind is not JournalKind.APPROPRIATE or not facts.is_round]
    table_rows = tuple(Row((str(JOURNAL_KIND_LABELS[kind]), yuan(facts.moved[kind]))) for kind in shown)
    note = "红字冲销已从对应业务中扣减。"
    return Table("资金变动", (Column("业务", 50), Column("金额", 50, RIGHT)), table_rows, unit="单位：元", note=note)


def _by_category(payments: Sequence[Payment]) -> Table:
    sums: Counter[Category] = Counter()
    numbers: Counter[Category] = Counter()
    for one in payments:
        sums[one.category] += one.amount_fen
        numbers[one.category] += 1
    whole = sums.total()
    lines = [
        Row((str(CATEGORY_LABELS[one]), count(numbers[one]), yuan(sums[one]), percent(sums[one], whole)))
        for one in Category
    ]
    columns = (Column("类别", 34), Column("笔数", 16, RIGHT), Column("金额", 30, RIGHT), Column("占比", 20, RIGHT))
    total = Row(("合计", count(len(payments)), yuan(whole), percent(whole, whole)), "total")
    return Table("分类别拨付", columns, (*lines, total), unit="单位：元")


def _monthly(payments: Sequence[Payment]) -> dict[str, int]:
    sums: Counter[str] = Counter()
    for one in payments:
        sums[f"{one.paid_on:%Y-%m}"] += one.amount_fen
    return dict(sorted(sums.items()))


def _by_month(payments: Sequence[Payment]) -> Table:
    sums, running = _monthly(payments), 0
    lines = []
    for month, fen in sums.items():
        running += fen
        lines.append(Row((month, yuan(fen), yuan(running))))
    columns = (Column("月份", 30, CENTRE), Column("当月拨付", 35, RIGHT), Column("累计拨付", 35, RIGHT))
    return Table("分月拨付", columns, (*lines, Row(("合计", yuan(running), yuan(running)), "total")), unit="单位：元")


def _chart(payments: Sequence[Payment]) -> tuple[Chart, ...]:
    sums = _monthly(payments)
    if not sums:
        return ()
    series = Series("当月拨付", tuple(fen / FEN_PER_WAN for fen in sums.values()))
    return (Chart(ChartKind.COLUMN, "各月拨付金额", tuple(sums), (series,), "万元", 2),)


def _spending_text(facts: FundUse) -> str:
    social = sum(fen for (_code, source), fen in facts.spent.items() if source is MoneySource.SOCIAL)
    return f"支出按票据的发生日期统计，只计街道财政认可的票据；另有社会资金支出{yuan(social)}元。"


def _by_code(facts: FundUse) -> Table:
    codes = sorted({code for code, _source in facts.spent})
    lines, sums = [], [0, 0]
    for code in codes:
        fiscal, social = facts.spent[code, MoneySource.FISCAL], facts.spent[code, MoneySource.SOCIAL]
        sums = [sums[0] + fiscal, sums[1] + social]
        lines.append(Row((str(BUDGET_LABELS[code]), yuan(fiscal), yuan(social), yuan(fiscal + social))))
    total = Row(("合计", yuan(sums[0]), yuan(sums[1]), yuan(sum(sums))), "total")
    columns = (
        Column("科目", 31),
        Column("财政资金", 23, RIGHT),
        Column("社会资金", 23, RIGHT),
        Column("合计", 23, RIGHT),
    )
    return Table("分科目支出", columns, (*lines, total), unit="单位：元")


def _projects(facts: FundUse) -> Table:
    lines = [
        Row(
            (
                f"{one.ref} {one.title}",
                yuan(one.fiscal_fen),
                yuan(one.paid_fen),
                yuan(one.spent_fen),
                percent(one.spent_fen, one.paid_fen),
            )
        )
        for one in facts.projects
    ]
    sums: Any = [sum(getattr(one, name) for one in facts.projects) for name in ("fiscal_fen", "paid_fen", "spent_fen")]
    total = Row(("合计", *(yuan(fen) for fen in sums), percent(sums[2], sums[1])), "total")
    columns = (
        Column("项目", 34),
        Column("资助金额", 18, RIGHT),
        Column("期内拨付", 17, RIGHT),
        Column("期内支出", 17, RIGHT),
        Column("支出÷拨付", 14, RIGHT),
    )
    return Table("各项目财政资金", columns, (*lines, total), unit="单位：元")


def _findings(facts: FundUse, paid: int) -> tuple[str, ...]:
    slow = [one for one in facts.projects if one.paid_fen and one.spent_fen * 100 < one.paid_fen * SLOW_PERCENT]
    found = []
    if slow:
        names = "、".join(one.title for one in slow[:5]) + ("等" if len(slow) > 5 else "")
        found.append(f"{len(slow)}个项目期内支出不足拨付的{SLOW_PERCENT}%：{names}。社区建设部应督促报账，核实进度。")
    if facts.waiting_count:
        found.append(f"{facts.waiting_count}张票据待审核，街道财政应按时办结。")
    if facts.refused_fen:
        found.append(f"不予认可的票据{yuan(facts.refused_fen)}元，不计入支出，由承接组织自行承担或补正。")
    if not paid:
        found.append("报告期间没有拨付。")
    return tuple(found) or ("没有发现支出明显偏慢、票据积压或不予认可的情况。",)


def _listing(payments: Sequence[Payment]) -> Table:
    lines = [
        Row((one.ref, short_day(one.paid_on), one.project, one.organisation, f"第{one.number}期", yuan(one.amount_fen)))
        for one in payments
    ]
    total = Row(("合计", "", "", "", f"{len(payments)}笔", yuan(sum(one.amount_fen for one in payments))), "total")
    columns = (
        Column("拨付编号", 15, CENTRE),
        Column("支付日期", 11, DATE),
        Column("项目", 31),
        Column("承接组织", 22),
        Column("期次", 8, CENTRE),
        Column("金额", 13, RIGHT),
    )
    return Table("拨付明细", columns, (*lines, total), unit="单位：元")
