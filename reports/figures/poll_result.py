"""The charts of the 投票结果报告."""

from collections.abc import Sequence
from decimal import Decimal

from reports.charts import Chart, ChartKind, Series
from reports.data.poll_result import PollResult, ShareRow


def build(doc: PollResult) -> dict[str, Chart]:
    """Return the charts there is data for, by name."""
    made = {"scores": scores(doc)}
    if not doc.is_ranking and doc.ballots:
        made["reach"] = reach(doc)
        made["categories"] = shares("类别", doc.categories)
        if len(doc.communities) > 1:
            made["communities"] = shares("社区", doc.communities)
    return made


def scores(doc: PollResult) -> Chart:
    """Return how many votes, or points, each option got; the first thirty where there are more."""
    word, unit = ("得分", "分") if doc.has_points else ("得票", "票")
    names = tuple(name for name, _score in doc.scores)
    return Chart(
        ChartKind.BAR, f"各选项{word}", names, (Series(word, tuple(score for _name, score in doc.scores)),), unit
    )


def reach(doc: PollResult) -> Chart:
    """Return which share of the voters has at least one funded option, against simple majority."""
    counts = (doc.voters_with_funded, doc.voters_with_funded_by_majority)
    values = tuple(Decimal(100 * value) / doc.ballots for value in counts)
    labels = ("按这次的规则", "如果按简单多数")
    return Chart(ChartKind.BAR, "至少有一个所选项目入选的投票人", labels, (Series("占投票人", values),), "％", 1)


def shares(group: str, rows: Sequence[ShareRow]) -> Chart:
    """Return the share of votes against the share of money, in percent."""
    votes, money = sum(row.votes for row in rows), sum(row.money_fen for row in rows)
    series = (
        Series("占得票", tuple(_percent(row.votes, votes) for row in rows)),
        Series("占金额", tuple(_percent(row.money_fen, money) for row in rows)),
    )
    names = tuple(row.name for row in rows)
    return Chart(ChartKind.GROUPED, f"得票与金额（按{group}）", names, series, "％", 1)


def _percent(part: int, whole: int) -> Decimal:
    return Decimal(100 * part) / whole if whole else Decimal(0)
