"""The 项目支出绩效自评表 of one project (财预〔2020〕10号): money 10, output 50, effect 30, satisfaction 10 points.

It says what the evaluation report says, in the form the finance bureau collects.
"""

from collections.abc import Sequence
from decimal import Decimal

from grants.evaluation.rules import (
    FAR_OVER,
    MONEY_POINTS,
    FiscalClass,
    FiscalRow,
    execution_points,
    fiscal_points,
)
from grants.foundation.money import wan
from reports.data.balance import Balance
from reports.data.project_evaluation import ProjectEvaluation, TargetRow
from reports.data.sheet import Part, Sheet
from reports.data.table import CENTRE, RIGHT, Column, Row, Table
from reports.formatting import UNKNOWN, decimal, percent
from reports.gather import project_evaluation
from reports.gather.common import DEPARTMENT, Gathered

CLASSES = {"产出": FiscalClass.OUTPUT, "效益": FiscalClass.EFFECT, "满意度": FiscalClass.SATISFACTION}
SECOND = {"满意度": "服务对象满意度"}


def gather(reference: str) -> Gathered:
    """Return the self-evaluation form of a project; a draft until its evaluation is published. Raises NotFound."""
    base = project_evaluation.gather(reference)
    doc: ProjectEvaluation = base.document
    scored = score(doc.targets)
    money = _money_points(doc)
    whole = money + sum((points for _one, _most, points in scored), Decimal(0))
    sheet = Sheet(
        stamp=doc.stamp,
        title="项目支出绩效自评表",
        about=f"（{doc.period_start_on.year}—{doc.period_end_on.year}年度，按协议期统计）",
        above=doc.round_name,
        parts=(
            Part(facts=_facts(doc)),
            Part("项目资金", tables=(_money(doc, money),)),
            Part("绩效指标", tables=(_indicators(scored, money, whole),)),
        ),
        balances=_balances(doc, scored),
        is_wide=True,
    )
    series = base.series.replace("PG-", "ZP-", 1)
    return Gathered(sheet, f"{doc.name}绩效自评表", series, base.is_draft)


def _facts(doc: ProjectEvaluation) -> tuple[tuple[str, str], ...]:
    done = "；".join(
        f"{row.name}{decimal(row.actual, 0) if row.actual is not None else UNKNOWN}{row.unit}" for row in doc.targets
    )
    return (
        ("项目名称", f"{doc.name}（{doc.reference}）"),
        ("主管部门", f"{doc.stamp.issuer}{DEPARTMENT}"),
        ("实施单位", doc.implementer),
        ("年度总体目标（预期）", doc.goal),
        ("年度总体目标（实际完成）", f"开展活动{len(doc.activities)}场，服务{doc.attendance_count}人次；{done}。"),
    )


def _money_points(doc: ProjectEvaluation) -> Decimal:
    return execution_points(sum(row.budget_fen for row in doc.budget), sum(row.spent_fen for row in doc.budget))


def _money(doc: ProjectEvaluation, points: Decimal) -> Table:
    fiscal = [row for row in doc.funding if row.is_fiscal]
    other = [row for row in doc.funding if not row.is_fiscal]
    budget, spent = sum(row.budget_fen for row in doc.budget), sum(row.spent_fen for row in doc.budget)

    def line(name: str, agreed: int, used: int, full: str = UNKNOWN, got: str = UNKNOWN) -> Row:
        return Row((name, wan(agreed), wan(agreed), wan(used), full, percent(used, agreed), got))

    rows = (
        line("年度资金总额", budget, spent, decimal(MONEY_POINTS, 0), decimal(points)),
        line("其中：本年财政拨款", sum(row.agreed_fen for row in fiscal), sum(row.spent_fen for row in fiscal)),
        line("　　　上年结转资金", 0, 0),
        line("　　　其他资金", sum(row.agreed_fen for row in other), sum(row.spent_fen for row in other)),
    )
    columns = (
        Column("资金", 26),
        Column("年初预算数", 14, RIGHT),
        Column("全年预算数", 14, RIGHT),
        Column("全年执行数", 14, RIGHT),
        Column("分值", 8, CENTRE),
        Column("执行率", 12, RIGHT),
        Column("得分", 12, RIGHT),
    )
    note = "年初、全年预算数均为协议约定的预算，签订后没有调整；项目资金按协议期管理，不作年度结转。"
    return Table("预算执行情况", columns, rows, unit="单位：万元", note=note)


Scored = Sequence[tuple[TargetRow, Decimal, Decimal]]


def score(targets: Sequence[TargetRow]) -> Scored:
    """Return each indicator with its full points and those reached; an absent class leaves its points to others."""
    order = list(CLASSES)
    ordered = sorted(targets, key=lambda one: order.index(one.kind.partition("·")[0]))
    points = fiscal_points([_row(one) for one in ordered])
    return [(one, most, got) for one, (most, got) in zip(ordered, points, strict=True)]


def _row(one: TargetRow) -> FiscalRow:
    kind = CLASSES[one.kind.partition("·")[0]]
    return FiscalRow(kind, one.target, one.actual, one.is_lower_better, one.judged_percent, one.cut_percent)


def _indicators(scored: Scored, money: Decimal, whole: Decimal) -> Table:
    rows = []
    for one, most, points in scored:
        first, _dot, second = one.kind.partition("·")
        rows.append(
            Row(
                (
                    first,
                    SECOND.get(first, f"{second}指标"),
                    one.name,
                    f"{decimal(one.target, 0)}{one.unit}",
                    UNKNOWN if one.actual is None else f"{decimal(one.actual, 1).removesuffix('.0')}{one.unit}",
                    decimal(most),
                    decimal(points),
                    _deviation(one),
                )
            )
        )
    full = MONEY_POINTS + sum((most for _one, most, _points in scored), Decimal(0))
    rows.append(
        Row(("预算执行", "执行率", "预算执行率", UNKNOWN, UNKNOWN, decimal(MONEY_POINTS), decimal(money), "见上表"))
    )
    rows.append(Row(("总分", "", "", "", "", decimal(full), decimal(whole), ""), "total"))
    columns = (
        Column("一级指标", 9, CENTRE),
        Column("二级指标", 12, CENTRE),
        Column("三级指标", 20),
        Column("年度指标值", 11, RIGHT),
        Column("实际完成值", 11, RIGHT),
        Column("分值", 8, RIGHT),
        Column("得分", 8, RIGHT),
        Column("偏差原因分析及改进措施", 21),
    )
    note = (
        "定量指标完成的得满分，未完成的按完成比例得分，明显超过目标值的由街道核定扣减；定性指标按达成程度评判。"
        "某类指标没有设置的，其分值由其他类按比例承担。"
    )
    return Table("绩效指标完成情况", columns, tuple(rows), note=note)


def _deviation(one: TargetRow) -> str:
    if one.deviation:
        return one.deviation
    if one.actual is None:
        return "没有填报完成值，按零分计，请补充说明。"
    if one.is_lower_better or not one.target:
        return UNKNOWN
    if one.actual > one.target * FAR_OVER:
        return f"超过指标值{percent(one.actual - one.target, one.target, 0)}，请说明指标值是否偏低。"
    return "未达到指标值，请说明原因和改进措施。" if one.actual < one.target else UNKNOWN


def _balances(doc: ProjectEvaluation, scored: Scored) -> tuple[Balance, ...]:
    full = int((MONEY_POINTS + sum((most for _one, most, _points in scored), Decimal(0))) * 100)
    found = [
        Balance(
            name,
            (
                ("按科目", sum(getattr(row, by_line) for row in doc.budget)),
                ("按来源", sum(getattr(row, by_source) for row in doc.funding)),
            ),
        )
        for name, by_line, by_source in (
            ("预算总额", "budget_fen", "agreed_fen"),
            ("支出总额", "spent_fen", "spent_fen"),
        )
    ]
    if scored:
        found.append(Balance("指标分值", (("各项合计", full), ("满分", 10_000)), unit="百分之一分"))
    return tuple(found)
