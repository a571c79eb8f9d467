"""The tables of the 投票结果报告."""

from collections.abc import Sequence

from grants.foundation.money import yuan
from reports.data.poll_result import PollResult, ShareRow, TurnoutRow
from reports.formatting import UNKNOWN, count, decimal, percent
from reports.tables.base import CENTRE, RIGHT, TOTAL, Column, Row, Table, reconcile, total_row

HIDDEN = "不公布"


def build(doc: PollResult) -> dict[str, Table]:
    """Return the tables there is something for, by name. Raises DoesNotReconcile when the money does not add up."""
    if doc.is_ranking:
        made = {"ranks": ranks(doc)}
    else:
        reconcile(
            "入选项目金额",
            {
                "各轮费用": sum(row.cost_fen for row in doc.rounds),
                "入选合计": doc.total_fen,
                "各类别": sum(row.money_fen for row in doc.categories),
            },
        )
        made = {
            "rounds": rounds(doc),
            "paid": paid(doc),
            "missed": missed(doc),
            "categories": shares(doc, "类别", doc.categories),
        }
        if len(doc.communities) > 1:
            made["communities"] = shares(doc, "社区", doc.communities)
    made["by_community"] = turnout(doc, "社区", doc.by_community)
    made["by_age"] = turnout(doc, "年龄段", doc.by_age)
    return made


def rounds(doc: PollResult) -> Table:
    """Return the funded options in the order of funding; under equal shares with what one supporter paid at most."""
    return _rounds_by_shares(doc) if doc.shares_money else _rounds_by_votes(doc)


def _rounds_by_votes(doc: PollResult) -> Table:
    columns = (
        Column("轮次", 8, CENTRE),
        Column("项目", 42),
        Column("得分" if doc.has_points else "得票", 14, RIGHT),
        Column("费用（元）", 18, RIGHT),
        Column("累计（元）", 18, RIGHT),
    )
    rows = [
        Row((str(number), f"{row.code} {row.title}", count(row.score), yuan(row.cost_fen), yuan(row.running_total_fen)))
        for number, row in enumerate(doc.rounds, start=1)
    ]
    return Table("入选项目", columns, (*rows, total_row((TOTAL, "", "", yuan(doc.total_fen), ""))))


def _rounds_by_shares(doc: PollResult) -> Table:
    columns = (
        Column("轮次", 8, CENTRE),
        Column("项目", 26),
        Column("得票", 9, RIGHT),
        Column("有效票", 11, RIGHT),
        Column("每点最多付（元）" if doc.pays_by_points else "每人最多付（元）", 14, RIGHT),
        Column("费用（元）", 16, RIGHT),
        Column("累计（元）", 16, RIGHT),
    )
    rows = [
        Row(
            (
                str(number),
                f"{row.code} {row.title}",
                count(row.votes),
                decimal(row.effective_votes, 1),
                UNKNOWN if row.payment_fen is None else yuan(row.payment_fen),
                yuan(row.cost_fen),
                yuan(row.running_total_fen),
            )
        )
        for number, row in enumerate(doc.rounds, start=1)
    ]
    note = "有效票是指：支持者如果全都能足额平摊，相当于有多少人支持。"
    whole = total_row((TOTAL, "", "", "", "", yuan(doc.total_fen), ""))
    return Table("入选项目", columns, (*rows, whole), note=note, is_dense=True)


def paid(doc: PollResult) -> Table:
    """Return who paid for each funded option."""
    columns = (Column("入选项目", 38), Column("由谁付费", 62))
    return Table("入选项目的付费", columns, tuple(Row((f"{row.code} {row.title}", row.paid)) for row in doc.rounds))


def missed(doc: PollResult) -> Table:
    """Return the options that were not funded, with the reason."""
    columns = (
        Column("项目", 22),
        Column("得票", 9, RIGHT),
        Column("费用（元）", 15, RIGHT),
        Column("有效支持度", 9, RIGHT),
        Column("没有入选的原因", 45),
    )
    rows = tuple(
        Row(
            (
                f"{row.code} {row.title}",
                count(row.votes),
                yuan(row.cost_fen),
                UNKNOWN if row.support is None else f"{row.support}%",
                row.why,
            )
        )
        for row in doc.missed
    )
    note = "有效支持度 100% 即可入选，99% 就是只差一点。"
    return Table("未入选项目", columns, rows, note=note, is_dense=True)


def ranks(doc: PollResult) -> Table:
    """Return the ranking of needs."""
    columns = (
        Column("名次", 9, CENTRE),
        Column("选项", 43),
        Column("类别", 20),
        Column("支持（人）", 14, RIGHT),
        Column("得分", 14, RIGHT),
    )
    rows = tuple(
        Row((str(row.rank), f"{row.code} {row.title}", row.category, count(row.votes), count(row.score)))
        for row in doc.ranks
    )
    return Table("需求排序", columns, rows)


def shares(doc: PollResult, group: str, found: Sequence[ShareRow]) -> Table:
    """Return votes against money by category or community."""
    votes, money = sum(row.votes for row in found), sum(row.money_fen for row in found)
    columns = (
        Column(group, 24),
        Column("入选/选项", 14, CENTRE),
        Column("得票", 13, RIGHT),
        Column("占得票", 13, RIGHT),
        Column("金额（元）", 22, RIGHT),
        Column("占金额", 14, RIGHT),
    )
    rows = [
        Row(
            (
                row.name,
                f"{row.funded_count}/{row.option_count}",
                count(row.votes),
                percent(row.votes, votes),
                yuan(row.money_fen),
                percent(row.money_fen, money),
            )
        )
        for row in found
    ]
    funded = f"{len(doc.rounds)}/{doc.option_count}"
    return Table(
        f"得票与金额（按{group}）",
        columns,
        (*rows, total_row((TOTAL, funded, count(votes), percent(votes, votes), yuan(money), percent(money, money)))),
    )


def turnout(doc: PollResult, group: str, found: Sequence[TurnoutRow]) -> Table:
    """Return who could vote and who did, small cells hidden."""
    columns = (
        Column(group, 34),
        Column("有权投票（人）", 22, RIGHT),
        Column("投票（人）", 22, RIGHT),
        Column("投票率", 22, RIGHT),
    )
    rows = [Row((row.name, _cell(row.entitled), _cell(row.voted), _rate(row))) for row in found]
    whole = total_row((TOTAL, count(doc.entitled), count(doc.ballots), percent(doc.ballots, doc.entitled)))
    note = "不足 10 人的格子不公布；为避免从合计倒推，有时相邻的格子也一并隐去。"
    return Table(f"参加投票情况（按{group}）", columns, (*rows, whole), note=note)


def _cell(value: int | None) -> str:
    return HIDDEN if value is None else count(value)


def _rate(row: TurnoutRow) -> str:
    return HIDDEN if row.voted is None or row.entitled is None else percent(row.voted, row.entitled)
