"""What the projects of a round achieved: by category, by grade, and each of them on a wide page."""

from decimal import Decimal
from typing import Any

from grants.foundation.money import yuan
from reports.data.round_summary import OutcomeRow, ProjectRow, RoundSummary
from reports.formatting import UNKNOWN, count, decimal, percent
from reports.tables.base import (
    CENTRE,
    RIGHT,
    TOTAL,
    Column,
    Row,
    Table,
    frame,
    group_row,
    records,
    sums_by,
    total,
    total_row,
)

SUMMED = (
    "fiscal_fen",
    "social_fen",
    "paid_fen",
    "spent_fen",
    "beneficiary_count",
    "attendance_count",
    "activity_count",
)


def results(doc: RoundSummary) -> Table:
    """Return output and satisfaction by category."""
    data = _projects(doc)
    fields = ("one", "activity_count", "beneficiary_count", "attendance_count", "satisfied", "answered")
    sums = sums_by(data, "category", fields, doc.categories)
    rows = [Row((str(line.Index), *_result_cells(line._asdict()))) for line in records(sums)]
    overall = {name: total(sums, name) for name in fields}
    return Table(
        "五大类项目服务成效",
        (
            Column("项目类别", 20),
            Column("项目数", 11, RIGHT),
            Column("活动场次", 14, RIGHT),
            Column("直接受益人数", 18, RIGHT),
            Column("服务人次", 18, RIGHT),
            Column("居民满意率", 19, RIGHT),
        ),
        (*rows, total_row((TOTAL, *_result_cells(overall)))),
    )


def grades(doc: RoundSummary) -> Table:
    """Return how many projects of each category got each grade; those without one stand apart."""
    data = _projects(doc)
    data["grade"] = data["grade"].replace("", UNKNOWN)
    shown = [*doc.grades, *([UNKNOWN] if (data["grade"] == UNKNOWN).any() else [])]
    crossed = data.pivot_table(index="category", columns="grade", values="one", aggfunc="sum", fill_value=0)
    crossed = crossed.reindex(index=list(doc.categories), columns=shown, fill_value=0)
    width = 60 // (len(shown) + 1)
    first = 100 - width * (len(shown) + 1)
    rows = [
        Row((str(name), *(count(int(line[grade])) for grade in shown), count(int(line.sum()))))
        for name, line in crossed.iterrows()
    ]
    last = total_row((TOTAL, *(count(total(crossed, grade)) for grade in shown), count(len(doc.projects))))
    return Table(
        "各类项目评估等级分布",
        (
            Column("项目类别", first),
            *(Column("未评定" if grade == UNKNOWN else grade, width, RIGHT) for grade in shown),
            Column(TOTAL, width, RIGHT),
        ),
        (*rows, last),
        unit="单位：个",
    )


def outcomes(doc: RoundSummary) -> Table:
    """Return the outcomes for people, organisations, projects and communities, beside the round before."""
    data = frame(doc.outcomes, OutcomeRow)
    rows: list[Row] = []
    for kind, group in data.groupby("kind", sort=False):
        rows.append(group_row(str(kind)))
        rows += [
            Row((line.name, line.unit, count(line.value), _previous(line.previous), _change(line.value, line.previous)))
            for line in records(group)
        ]
    return Table(
        "培育成果",
        (
            Column("指标", 44),
            Column("单位", 11, CENTRE),
            Column("本届", 15, RIGHT),
            Column("上届", 15, RIGHT),
            Column("增减", 15, RIGHT),
        ),
        tuple(rows),
    )


def listing(doc: RoundSummary) -> Table:
    """Return every project with its money and results, grouped by category with sums."""
    data = _projects(doc)
    rows: list[Row] = []
    number = 0
    for category in doc.categories:
        group = data[data["category"] == category]
        if group.empty:
            continue
        rows.append(group_row(f"{category}（{len(group)}个）"))
        for line in records(group):
            number += 1
            rows.append(
                Row((str(number), line.reference, line.name, line.community, line.implementer, *_line_cells(line)))
            )
        rows.append(total_row(("", "小计", "", "", "", *_sum_cells(group))))
    rows.append(total_row(("", TOTAL, "", "", "", *_sum_cells(data))))
    return Table(
        "立项项目资金与成效总表",
        (
            Column("序号", 4, CENTRE),
            Column("项目编号", 10),
            Column("项目名称", 13),
            Column("社区", 6),
            Column("执行机构", 12),
            Column("财政资金", 9, RIGHT),
            Column("社会资金", 8, RIGHT),
            Column("已拨付", 9, RIGHT),
            Column("已支出", 9, RIGHT),
            Column("受益人数", 5, RIGHT),
            Column("服务人次", 5, RIGHT),
            Column("满意率", 5, RIGHT),
            Column("等级", 5, CENTRE),
        ),
        tuple(rows),
        unit="单位：元、人、人次",
        spans=(("项目", 5), ("资金", 4), ("成效", 4)),
        note="执行机构后标“*”的为备案社区社会组织，由具有法人资格的机构代为承接并收款。",
    )


def _projects(doc: RoundSummary) -> Any:
    data = frame(doc.projects, ProjectRow)
    data["one"] = 1
    data["satisfied"] = [row.answers.satisfied for row in doc.projects]
    data["answered"] = [row.answers.total for row in doc.projects]
    data["implementer"] = [row.implementer + ("*" if row.is_hosted else "") for row in doc.projects]
    return data


def _result_cells(line: dict[str, Any]) -> tuple[str, ...]:
    names = ("one", "activity_count", "beneficiary_count", "attendance_count")
    return (*(count(int(line[name])) for name in names), percent(int(line["satisfied"]), int(line["answered"])))


def _line_cells(line: Any) -> tuple[str, ...]:
    return (
        yuan(line.fiscal_fen),
        yuan(line.social_fen),
        yuan(line.paid_fen),
        yuan(line.spent_fen),
        count(line.beneficiary_count),
        count(line.attendance_count),
        percent(line.satisfied, line.answered),
        f"{line.grade} {decimal(line.score, 1)}" if line.grade else UNKNOWN,
    )


def _sum_cells(data: Any) -> tuple[str, ...]:
    sums = {name: total(data, name) for name in (*SUMMED, "satisfied", "answered")}
    return (
        *(yuan(sums[name]) for name in SUMMED[:4]),
        count(sums["beneficiary_count"]),
        count(sums["attendance_count"]),
        percent(sums["satisfied"], sums["answered"]),
        "",
    )


def _previous(value: Any) -> str:
    return UNKNOWN if value is None or value != value else count(int(value))


def _change(value: int, previous: Any) -> str:
    if previous is None or previous != previous:
        return UNKNOWN
    return f"{Decimal(value - int(previous)):+,}"
