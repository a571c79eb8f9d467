"""The 监督检查专报 of a round for the discipline office: what the records say about procedure, money and conduct.

Reports of misconduct go to the discipline office itself and are left out here, even as a number.
"""

from collections.abc import Sequence
from typing import Any

from grants.foundation.clock import local, today
from grants.foundation.money import yuan
from grants.supervision.models import Rectification
from grants.supervision.rules import RECTIFICATION_STATUS_LABELS, RectificationStatus, setting
from reports.data.balance import Balance
from reports.data.sheet import Depth, Part, Sheet
from reports.data.table import CENTRE, DATE, RIGHT, Column, Row, Table
from reports.formatting import clip, count, percent, short_day
from reports.gather import supervision_rows as rows
from reports.gather.common import DEPARTMENT, Gathered, unissued_stamp
from reports.gather.money_rows import booked_by_project
from reports.gather.supervision_rows import Checked, Watched


def gather(reference: str) -> Gathered:
    """Return the brief on a round as of now. Raises NotFound."""
    found = rows.get_round(reference)
    watched = rows.watched(found)
    orders = rows.orders(found)
    checks = rows.checks(found)
    counts = rows.counts(found)
    sheet = Sheet(
        stamp=unissued_stamp(is_draft=False),
        title="公益创投监督检查专报",
        about=found.name,
        facts=(
            ("报送", "街道纪检监察工作委员会"),
            ("编报", DEPARTMENT),
            ("涉及项目", f"{len(watched)}个"),
            ("已拨付资金", f"{yuan(counts['paid_fen'])}元"),
        ),
        parts=(
            Part("总体情况", Depth.FRONT, text=_abstract(watched, orders, checks, counts), keys=_keys(watched, counts)),
            Part("资金拨付和评审程序检查", text=_procedure(), tables=(_checks(checks),)),
            Part("评审公正", text=_selection(counts)),
            Part("项目实施监督", tables=(_projects(watched),)),
            Part("整改情况", text=_orders_text(orders), tables=_orders(orders)),
            Part("投诉和异议", text=_voices(counts)),
            Part("需要关注的问题", points=_points(watched, orders, checks, counts, found.settings)),
        ),
        balances=(
            Balance("已拨付资金", (("拨付记录", counts["paid_fen"]), ("资金台账", booked_by_project(found)))),
            Balance(
                "整改事项", (("清单", len(orders)), ("分项目", sum(one.order_count for one in watched))), unit="件"
            ),
        ),
        has_cover=True,
    )
    return Gathered(sheet, f"{found.name}监督检查专报", f"JD-{found.year}-{found.number:02d}", is_draft=False)


Counts = dict[str, int]
Orders = Sequence[tuple[Rectification, str]]


def _overdue(orders: Orders) -> list[tuple[Rectification, str]]:
    return [pair for pair in orders if pair[0].status is not RectificationStatus.CLOSED and pair[0].due_on < today()]


def _abstract(watched: Sequence[Watched], orders: Orders, checks: Sequence[Checked], counts: Counts) -> str:
    wrong = [one for one in checks if one.wrong]
    procedure = (
        f"程序检查{len(checks)}项，发现异常{len(wrong)}项" if wrong else f"程序检查{len(checks)}项，没有发现异常"
    )
    return (
        f"本届签约项目{len(watched)}个，已拨付{counts['payments']}笔、{yuan(counts['paid_fen'])}元。{procedure}。"
        f"现场走访{sum(one.visit_count for one in watched)}次，下达整改{len(orders)}件，其中逾期未完成"
        f"{len(_overdue(orders))}件；受理投诉{counts['complaints']}件、公示异议{counts['objections']}件。"
        "举报件由纪检监察机构直接受理，不在本专报统计之内。"
    )


def _keys(watched: Sequence[Watched], counts: Counts) -> tuple[tuple[str, str], ...]:
    return (
        ("拨付（笔）", count(counts["payments"])),
        ("现场走访（次）", count(sum(one.visit_count for one in watched))),
        ("整改（件）", count(sum(one.order_count for one in watched))),
        ("投诉（件）", count(counts["complaints"])),
    )


def _procedure() -> str:
    return "以下各项由系统逐笔检查业务记录得出，“异常”为不符合规定的件数，零表示没有发现。"


def _checks(checks: Sequence[Checked]) -> Table:
    lines = tuple(Row((one.name, one.rule, count(one.total), count(one.wrong))) for one in checks)
    columns = (
        Column("检查事项", 28),
        Column("规定", 44),
        Column("检查数", 14, RIGHT),
        Column("异常", 14, RIGHT),
    )
    return Table("程序检查", columns, lines)


def _selection(counts: Counts) -> str:
    return (
        f"本届征集{counts['calls']}次，抽取评审专家{counts['panel']}人次，因故更换{counts['replaced']}人次，"
        f"专家申报利益关系{counts['ties']}项，因利益冲突回避{counts['conflicts']}份；"
        f"作废打分表{counts['voided']}份（均经两人同意并写明理由）；居民评审团{counts['jurors']}人次。"
    )


def _projects(watched: Sequence[Watched]) -> Table:
    lines = [
        Row(
            (
                f"{one.ref} {one.title}",
                one.organisation,
                count(one.activity_count),
                short_day(one.last_on),
                f"{one.visit_count}（{one.bad_visit_count}）",
                f"{one.order_count}（{one.open_order_count}）",
                yuan(one.refused_fen),
            )
        )
        for one in watched
    ]
    columns = (
        Column("项目", 28),
        Column("承接组织", 17),
        Column("活动", 7, RIGHT),
        Column("最近活动", 15, DATE),
        Column("走访（不满意）", 10, CENTRE),
        Column("整改（未完成）", 10, CENTRE),
        Column("票据不认可（元）", 13, RIGHT),
    )
    return Table("各项目监督情况", columns, tuple(lines), is_dense=True)


def _orders_text(orders: Orders) -> str:
    if not orders:
        return "本届没有下达整改通知。"
    closed = sum(order.status is RectificationStatus.CLOSED for order, _title in orders)
    done = percent(closed, len(orders))
    return f"下达整改{len(orders)}件，已复查销号{closed}件，整改完成率{done}。整改期间停止拨付后续资金。"


def _orders(orders: Orders) -> tuple[Table, ...]:
    if not orders:
        return ()
    lines = tuple(
        Row(
            (
                order.ref,
                title,
                clip(order.problem, 60),
                short_day(local(order.issued_at).date()),
                short_day(order.due_on),
                str(RECTIFICATION_STATUS_LABELS[order.status]),
            )
        )
        for order, title in orders
    )
    columns = (
        Column("编号", 17, CENTRE),
        Column("项目", 18),
        Column("问题", 27),
        Column("下达", 14, DATE),
        Column("期限", 14, DATE),
        Column("状态", 10, CENTRE),
    )
    return (Table("整改清单", columns, lines, is_dense=True),)


def _voices(counts: Counts) -> str:
    return (
        f"受理居民投诉{counts['complaints']}件，已答复{counts['answered']}件；公示期间收到异议{counts['objections']}件，"
        f"经核实成立{counts['upheld']}件。投诉和异议的内容、提出人信息按规定保密，可在系统内按权限查阅。"
    )


def _points(
    watched: Sequence[Watched], orders: Orders, checks: Sequence[Checked], counts: Counts, settings: Any
) -> tuple[str, ...]:
    found = [f"{one.name}：发现{one.wrong}件不符合规定，请逐件核查。" for one in checks if one.wrong]
    found += [
        f"整改{order.ref}（{title}）逾期未完成，期限{order.due_on.isoformat()}。" for order, title in _overdue(orders)
    ]
    silence = int(setting(settings, "activity_silence_days"))
    quiet = [one.title for one in watched if one.is_running and one.is_silent(today(), silence)]
    if quiet:
        found.append(f"{silence}天以上没有活动记录的项目：{'、'.join(quiet)}。")
    bad = [one.title for one in watched if one.bad_visit_count]
    if bad:
        found.append(f"走访发现问题的项目：{'、'.join(bad)}。")
    if counts["complaints"] > counts["answered"]:
        found.append(f"投诉还有{counts['complaints'] - counts['answered']}件没有答复。")
    return tuple(found) or ("没有发现需要特别关注的问题。",)
