"""The 进度通报 of a month: a draft until a second person issued it; its counts are those taken when it was prepared."""

from collections.abc import Sequence
from dataclasses import replace

from grants.foundation.money import wan, yuan
from grants.supervision.models import ProgressBulletin
from grants.supervision.queries import by_category, by_community, get_bulletin, total_of
from grants.supervision.rules import (
    MONTH_REPORT_LABELS,
    SPENDING_GAP_POINTS,
    MonthReportState,
    Standing,
    first_of,
    ranked,
)
from reports.data.balance import Balance
from reports.data.sheet import Depth, Part, Sheet
from reports.data.table import CENTRE, RIGHT, Column, Row, Table
from reports.formatting import count, day, percent
from reports.gather.choices import Choice, Viewer
from reports.gather.common import DEPARTMENT, Gathered, unissued_stamp
from reports.gather.supervision_bulletin_rows import Spent, booked_for, choose, spent_lines

MOST_NAMES = 5


def choices(viewer: Viewer, round_ref: str | None) -> list[Choice]:
    """List the bulletins, those not issued yet too: whoever may make the paper may see the draft."""
    is_outside = viewer.actor is None and not viewer.is_operator
    return [Choice(ref, f"{ref} {month}进度通报") for ref, month in choose(round_ref, finals_only=is_outside)]


def gather(reference: str) -> Gathered:
    """Return the bulletin with this reference. Raises NotFound."""
    found = get_bulletin(reference)
    rows = spent_lines(found)
    lines = [one.line for one in rows]
    whole = total_of("合计", lines)
    communities, categories = by_community(lines), by_category(lines)
    is_draft = found.issued_at is None
    sheet = Sheet(
        stamp=replace(unissued_stamp(is_draft=is_draft), data_cutoff_at=found.prepared_at),
        title="公益创投项目进度通报",
        about=f"{found.round.name} {_month(found)}",
        facts=(
            ("通报月份", _month(found)),
            ("编制", DEPARTMENT),
            ("项目", f"{len(rows)}个"),
        ),
        parts=(
            Part("总体情况", text=_abstract(found, rows, whole), keys=_keys(rows, whole)),
            *((Part("编者按", text=found.remark),) if found.remark else ()),
            Part("社区完成情况", tables=(_communities(communities, whole),)),
            Part("分类别完成情况", tables=(_categories(categories, whole),)),
            Part("资金进度", text=_money_text(rows), tables=(_money(rows),)),
            Part("存在的问题和下步要求", points=_points(rows)),
            Part("各项目进度", Depth.ANNEX, tables=(_projects(rows),), is_turned=True),
        ),
        balances=_balances(found, rows, communities, categories),
    )
    title = f"{found.round.name}{_month(found)}进度通报"
    return Gathered(sheet, title, f"TB-{found.month[:4]}", is_draft)


def _month(found: ProgressBulletin) -> str:
    return day(first_of(found.month)).removesuffix("1日")


def _balances(
    found: ProgressBulletin, rows: Sequence[Spent], communities: Sequence[Standing], categories: Sequence[Standing]
) -> tuple[Balance, ...]:
    def three(what: str, name: str, unit: str) -> Balance:
        sums = (
            ("分项目", sum(getattr(one.line, name) for one in rows)),
            ("分社区", sum(getattr(one, name) for one in communities)),
            ("分类别", sum(getattr(one, name) for one in categories)),
        )
        return Balance(what, sums, unit=unit)

    paid = sum(one.paid_fen for one in rows)
    return (
        three("实际活动", "held_count", "场"),
        three("服务人次", "attendance_count", "人次"),
        three("未销号整改", "open_order_count", "件"),
        Balance("累计拨付", (("拨付记录", paid), ("资金台账", booked_for(found)))),
    )


def _abstract(found: ProgressBulletin, rows: Sequence[Spent], whole: Standing) -> str:
    cleared = sum(one.line.cleared_flag_count for one in rows)
    waiting = sum(one.line.open_flag_count for one in rows)
    return (
        f"{_month(found)}，{found.round.name}履行中的项目{len(rows)}个，计划开展活动{whole.planned_count}场，"
        f"实际开展{whole.held_count}场，服务居民{count(whole.attendance_count)}人次。"
        f"未销号整改{whole.open_order_count}件；系统提示待核{waiting}条，本月核销{cleared}条；"
        f"月报迟报、未报{whole.owed_count}份。"
    )


def _keys(rows: Sequence[Spent], whole: Standing) -> tuple[tuple[str, str], ...]:
    return (
        ("活动（场）", count(whole.held_count)),
        ("服务人次", count(whole.attendance_count)),
        ("累计拨付（万元）", wan(sum(one.paid_fen for one in rows))),
        ("累计支出（万元）", wan(sum(one.spent_fen for one in rows))),
    )


SUMS = (
    Column("项目", 8, RIGHT),
    Column("计划场次", 12, RIGHT),
    Column("实际场次", 12, RIGHT),
    Column("完成率", 11, RIGHT),
    Column("人次", 11, RIGHT),
    Column("未销号整改", 14, RIGHT),
    Column("迟报未报", 12, RIGHT),
)


def _sums(one: Standing) -> tuple[str, ...]:
    return (
        count(one.project_count),
        count(one.planned_count),
        count(one.held_count),
        percent(one.held_count, one.planned_count),
        count(one.attendance_count),
        count(one.open_order_count),
        count(one.owed_count),
    )


def _communities(communities: Sequence[Standing], whole: Standing) -> Table:
    lines = [Row((str(place), one.name, *_sums(one))) for place, one in ranked(communities)]
    columns = (Column("名次", 7, CENTRE), Column("社区", 13), *SUMS)
    total = Row(("", "合计", *_sums(whole)), "total")
    note = "按本月实际活动占计划的比例排序，比例相同的看人次；没有报计划的排在后面。"
    return Table("社区完成情况", columns, (*lines, total), note=note, is_dense=True)


def _categories(categories: Sequence[Standing], whole: Standing) -> Table:
    lines = [Row((one.name, *_sums(one))) for one in categories]
    total = Row(("合计", *_sums(whole)), "total")
    return Table("分类别完成情况", (Column("类别", 20), *SUMS), (*lines, total), is_dense=True)


def _money_text(rows: Sequence[Spent]) -> str:
    agreed, paid, spent = (sum(getattr(one, name) for one in rows) for name in ("agreed_fen", "paid_fen", "spent_fen"))
    return (
        f"协议财政资金{yuan(agreed)}元，累计拨付{yuan(paid)}元（{percent(paid, agreed)}），"
        f"报账并经认可的支出{yuan(spent)}元（{percent(spent, agreed)}）。"
        f"支出进度与时间进度相差{SPENDING_GAP_POINTS}个百分点以上的，列入问题。"
    )


def _money(rows: Sequence[Spent]) -> Table:
    lines = [Row((one.line.agreement.project.title, *_money_cells(one))) for one in rows]
    agreed, paid, spent = (sum(getattr(one, name) for one in rows) for name in ("agreed_fen", "paid_fen", "spent_fen"))
    total = Row(("合计", yuan(agreed), yuan(paid), yuan(spent), percent(spent, agreed), ""), "total")
    columns = (
        Column("项目", 30),
        Column("协议资金", 17, RIGHT),
        Column("累计拨付", 17, RIGHT),
        Column("累计支出", 16, RIGHT),
        Column("支出进度", 10, RIGHT),
        Column("时间进度", 10, RIGHT),
    )
    return Table("资金进度", columns, (*lines, total), unit="单位：元", is_dense=True)


def _money_cells(one: Spent) -> tuple[str, ...]:
    return (
        yuan(one.agreed_fen),
        yuan(one.paid_fen),
        yuan(one.spent_fen),
        percent(one.spent_fen, one.agreed_fen),
        f"{one.line.time_percent}%",
    )


def _points(rows: Sequence[Spent]) -> tuple[str, ...]:
    lag, gap = "支出明显慢于时间进度", SPENDING_GAP_POINTS
    groups = (
        ("没有报送月度计划", [one for one in rows if one.line.planned_count is None]),
        ("本月没有开展活动", [one for one in rows if not one.line.held_count]),
        (lag, [one for one in rows if one.gap < -gap]),
        ("支出明显快于时间进度", [one for one in rows if one.gap > gap]),
        ("整改没有销号", [one for one in rows if one.line.open_order_count]),
        ("月报迟报", [one for one in rows if one.line.report_state is MonthReportState.LATE]),
        ("月报未报", [one for one in rows if one.line.report_state is MonthReportState.MISSING]),
    )
    found = tuple(f"{what}的项目{len(own)}个：{_names(own)}。" for what, own in groups if own)
    return found or ("没有发现进度、资金、整改和月报方面的问题。",)


def _names(rows: Sequence[Spent]) -> str:
    names = "、".join(one.line.agreement.project.title for one in rows[:MOST_NAMES])
    return names + ("等" if len(rows) > MOST_NAMES else "")


def _projects(rows: Sequence[Spent]) -> Table:
    lines = [Row(_project_cells(one)) for one in rows]
    columns = (
        Column("项目", 24),
        Column("承接组织", 16),
        Column("社区", 9),
        Column("计划活动", 7, RIGHT),
        Column("实际活动", 7, RIGHT),
        Column("人次", 8, RIGHT),
        Column("未销号整改", 8, RIGHT),
        Column("待核提示（本月核销）", 12, CENTRE),
        Column("月报", 9, CENTRE),
    )
    note = "提示由系统比对记录得出，仅供核查，不作为结论。"
    return Table("各项目进度", columns, (*lines, _project_total(rows)), note=note, is_dense=True)


def _project_cells(one: Spent) -> tuple[str, ...]:
    line, project = one.line, one.line.agreement.project
    return (
        f"{project.ref} {project.title}",
        line.agreement.organisation.name,
        project.community.name,
        count(line.planned_count),
        count(line.held_count),
        count(line.attendance_count),
        count(line.open_order_count),
        f"{line.open_flag_count}（{line.cleared_flag_count}）",
        str(MONTH_REPORT_LABELS[line.report_state]),
    )


def _project_total(rows: Sequence[Spent]) -> Row:
    whole = total_of("合计", [one.line for one in rows])
    waiting = sum(one.line.open_flag_count for one in rows)
    cleared = sum(one.line.cleared_flag_count for one in rows)
    cells = (count(whole.planned_count), count(whole.held_count), count(whole.attendance_count))
    owed = f"{whole.owed_count}份迟报未报" if whole.owed_count else ""
    return Row(("合计", "", "", *cells, count(whole.open_order_count), f"{waiting}（{cleared}）", owed), "total")
