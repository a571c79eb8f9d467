"""What was promised and what came of it."""

from datetime import date
from decimal import Decimal

from reports.data.project_evaluation import ActivityRow, ProjectEvaluation, ScoreRow
from reports.formatting import UNKNOWN, count, day, decimal, percent, short_day
from reports.tables.base import (
    CENTRE,
    DATE,
    RIGHT,
    TOTAL,
    Column,
    Row,
    Table,
    frame,
    group_row,
    plain,
    total,
    total_row,
)


def methods(doc: ProjectEvaluation) -> Table:
    """Return how the evaluators worked."""
    return Table(
        "评估方法与工作量",
        (Column("方法", 20), Column("对象与内容", 60), Column("工作量", 20, CENTRE)),
        tuple(Row((row.name, row.coverage, f"{row.count:,}{row.unit}")) for row in doc.methods),
    )


def targets(doc: ProjectEvaluation) -> Table:
    """Return every indicator against its target, grouped by kind."""
    rows: list[Row] = []
    for kind in dict.fromkeys(row.kind for row in doc.targets):
        rows.append(group_row(kind))
        rows += [
            Row(
                (
                    row.name,
                    f"{_number(row.target)}{row.unit}",
                    UNKNOWN if row.actual is None else f"{_number(row.actual)}{row.unit}",
                    percent(row.completion),
                    "完成" if row.is_met else "未完成",
                    row.deviation or row.evidence,
                )
            )
            for row in doc.targets
            if row.kind == kind
        ]
    return Table(
        "绩效目标完成情况对照表",
        (
            Column("指标", 24),
            Column("目标值", 13, RIGHT),
            Column("完成值", 13, RIGHT),
            Column("完成率", 11, RIGHT),
            Column("结论", 9, CENTRE),
            Column("佐证或偏差说明", 30),
        ),
        tuple(rows),
        note=f"共{len(doc.targets)}项指标，完成{doc.targets_met_count}项。",
    )


def milestones(doc: ProjectEvaluation) -> Table:
    """Return the milestones of the agreement."""
    return Table(
        "里程碑完成情况",
        (
            Column("里程碑", 46),
            Column("约定时间", 18, DATE),
            Column("完成时间", 18, DATE),
            Column("进度", 18, CENTRE),
        ),
        tuple(
            Row((row.name, short_day(row.due_on), short_day(row.done_on), _progress(row.due_on, row.done_on)))
            for row in doc.milestones
        ),
    )


def ratios(doc: ProjectEvaluation) -> Table:
    """Return the efficiency ratios beside the category's median."""
    return Table(
        "服务效率指标",
        (
            Column("指标", 20),
            Column("计算方法", 36),
            Column("单位", 14, CENTRE),
            Column("本项目", 15, RIGHT),
            Column("同类中位数", 15, RIGHT),
        ),
        tuple(
            Row((row.name, row.formula, row.unit, decimal(row.value, row.digits), decimal(row.median, row.digits)))
            for row in doc.ratios
        ),
        note="同类中位数取本届同类别全部立项项目；“—”表示尚无可比数据。",
    )


def findings(doc: ProjectEvaluation) -> Table:
    """Return the problems found under supervision and how they were put right."""
    return Table(
        "监督发现问题与整改情况",
        (
            Column("发现日期", 15, DATE),
            Column("来源", 12),
            Column("问题", 25),
            Column("程度", 8, CENTRE),
            Column("整改期限", 15, DATE),
            Column("整改结果", 25),
        ),
        tuple(
            Row(
                (
                    short_day(row.found_on),
                    row.source,
                    row.issue,
                    row.severity,
                    short_day(row.due_on),
                    f"{day(row.closed_on)}完成：{row.result}" if row.closed_on else f"未完成：{row.result}",
                )
            )
            for row in doc.findings
        ),
    )


def scores(doc: ProjectEvaluation) -> Table:
    """Return the score table: dimensions with their sums, then the items."""
    data = frame(doc.scores, ScoreRow)
    rows: list[Row] = []
    for name, group in data.groupby("dimension", sort=False):
        full, given = sum(group["full"], Decimal(0)), sum(group["score"], Decimal(0))
        rows.append(group_row(f"{name}（{decimal(full, 0)}分，得{decimal(given)}分）"))
        rows += plain(
            group, (lambda r: r.item, lambda r: decimal(r.full, 0), lambda r: decimal(r.score), lambda r: r.basis)
        )
    rows.append(total_row((TOTAL, "100", decimal(doc.score), f"等级：{doc.grade}")))
    return Table(
        "末期评估评分表",
        (Column("评分项目", 24), Column("满分", 10, RIGHT), Column("得分", 12, RIGHT), Column("评分依据", 54)),
        tuple(rows),
        is_dense=True,
    )


def activities(doc: ProjectEvaluation) -> Table:
    """Return every activity held, numbered, with its attendance."""
    data = frame(doc.activities, ActivityRow)
    body: tuple[Row, ...] = tuple(
        Row((str(number), *row.cells))
        for number, row in enumerate(
            plain(
                data,
                (
                    lambda r: short_day(r.held_on),
                    lambda r: r.title,
                    lambda r: r.place,
                    lambda r: count(r.attendance_count),
                    lambda r: decimal(r.volunteer_hours, 1),
                    lambda r: r.evidence,
                ),
            ),
            start=1,
        )
    )
    hours = sum(data["volunteer_hours"], Decimal(0))
    last = total_row((TOTAL, "", f"{len(body)}场", "", count(total(data, "attendance_count")), decimal(hours, 1), ""))
    return Table(
        "活动清单",
        (
            Column("序号", 7, CENTRE),
            Column("日期", 15, DATE),
            Column("活动", 30),
            Column("地点", 16),
            Column("人次", 8, RIGHT),
            Column("志愿时数", 11, RIGHT),
            Column("佐证材料", 13),
        ),
        (*body, last),
        is_dense=True,
    )


def _number(value: Decimal) -> str:
    return f"{value.normalize():,f}"


def _progress(due: date, done: date | None) -> str:
    if done is None:
        return "未完成"
    late = (done - due).days
    return f"延后{late}天" if late > 0 else ("如期完成" if late == 0 else f"提前{-late}天")
