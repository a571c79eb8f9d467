"""Money of the 末期评估报告: checked to the 分 before anything is printed."""

from decimal import Decimal

from grants.foundation.money import yuan
from reports.data.project_evaluation import BudgetRow, FundingRow, ProjectEvaluation, TrancheRow
from reports.formatting import percent, short_day
from reports.tables.base import (
    CENTRE,
    DATE,
    RIGHT,
    TOTAL,
    Column,
    DoesNotReconcile,
    Table,
    frame,
    plain,
    reconcile,
    total,
    total_row,
)

YUAN = "单位：元"


def check(doc: ProjectEvaluation) -> None:
    """Raise DoesNotReconcile unless budget, sources and payments agree to the 分 and the full marks are 100."""
    lines, sources, paid = frame(doc.budget, BudgetRow), frame(doc.funding, FundingRow), frame(doc.tranches, TrancheRow)
    reconcile(
        "预算总额",
        {"预算明细": total(lines, "budget_fen") + total(lines, "change_fen"), "资金来源": total(sources, "agreed_fen")},
    )
    reconcile("支出总额", {"预算明细": total(lines, "spent_fen"), "资金来源": total(sources, "spent_fen")})
    fiscal = sources[sources["is_fiscal"].astype(bool)]
    reconcile("财政拨付", {"拨付记录": total(paid, "paid_fen"), "到位资金": total(fiscal, "received_fen")})
    full = sum((row.full for row in doc.scores), Decimal(0))
    if full != 100:
        raise DoesNotReconcile(f"评分表满分为{full}分，应为100分")


def budget(doc: ProjectEvaluation) -> Table:
    """Return the budget lines: agreed, changed, spent, left, and how far used."""
    data = frame(doc.budget, BudgetRow)
    data["revised"] = data["budget_fen"] + data["change_fen"]
    data["balance"] = data["revised"] - data["spent_fen"]
    body = plain(
        data,
        (
            lambda r: f"{r.code} {r.name}",
            lambda r: yuan(r.budget_fen),
            lambda r: _signed(r.change_fen),
            lambda r: yuan(r.revised),
            lambda r: yuan(r.spent_fen),
            lambda r: yuan(r.balance),
            lambda r: percent(r.spent_fen, r.revised),
        ),
    )
    sums = {name: total(data, name) for name in ("budget_fen", "change_fen", "revised", "spent_fen", "balance")}
    last = total_row(
        (
            TOTAL,
            yuan(sums["budget_fen"]),
            _signed(sums["change_fen"]),
            yuan(sums["revised"]),
            yuan(sums["spent_fen"]),
            yuan(sums["balance"]),
            percent(sums["spent_fen"], sums["revised"]),
        )
    )
    return Table(
        "预算、支出与结余对照表",
        (
            Column("预算科目", 21),
            Column("协议预算", 14, RIGHT),
            Column("批准调整", 13, RIGHT),
            Column("调整后预算", 14, RIGHT),
            Column("实际支出", 14, RIGHT),
            Column("结余", 13, RIGHT),
            Column("执行率", 11, RIGHT),
        ),
        (*body, last),
        unit=YUAN,
    )


def funding(doc: ProjectEvaluation) -> Table:
    """Return money by source; fiscal and social money are told apart."""
    data = frame(doc.funding, FundingRow)
    body = plain(
        data,
        (
            lambda r: r.source,
            lambda r: "财政资金" if r.is_fiscal else "社会资金",
            lambda r: yuan(r.agreed_fen),
            lambda r: yuan(r.received_fen),
            lambda r: yuan(r.spent_fen),
            lambda r: yuan(r.received_fen - r.spent_fen),
            lambda r: percent(r.received_fen, r.agreed_fen),
        ),
    )
    agreed, received, spent = (total(data, name) for name in ("agreed_fen", "received_fen", "spent_fen"))
    last = total_row(
        (TOTAL, "", yuan(agreed), yuan(received), yuan(spent), yuan(received - spent), percent(received, agreed))
    )
    return Table(
        "资金来源与到位情况",
        (
            Column("资金来源", 18),
            Column("性质", 12, CENTRE),
            Column("协议金额", 15, RIGHT),
            Column("到位金额", 15, RIGHT),
            Column("支出金额", 15, RIGHT),
            Column("结余", 14, RIGHT),
            Column("到位率", 11, RIGHT),
        ),
        (*body, last),
        unit=YUAN,
    )


def tranches(doc: ProjectEvaluation) -> Table:
    """Return the payments to the implementer."""
    data = frame(doc.tranches, TrancheRow)
    body = plain(
        data,
        (
            lambda r: r.name,
            lambda r: r.condition,
            lambda r: yuan(r.planned_fen),
            lambda r: short_day(r.paid_on),
            lambda r: yuan(r.paid_fen),
            lambda r: r.reference,
        ),
    )
    last = total_row((TOTAL, "", yuan(total(data, "planned_fen")), "", yuan(total(data, "paid_fen")), ""))
    return Table(
        "财政资金拨付情况",
        (
            Column("期次", 9, CENTRE),
            Column("拨付条件", 28),
            Column("计划金额", 14, RIGHT),
            Column("拨付日期", 15, DATE),
            Column("拨付金额", 14, RIGHT),
            Column("拨付编号", 20),
        ),
        (*body, last),
        unit=YUAN,
    )


def _signed(fen: int) -> str:
    return f"+{yuan(fen)}" if fen > 0 else yuan(fen)
