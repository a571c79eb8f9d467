"""The charts of the communities' scoreboard."""

from reports.charts import Chart, ChartKind, Series
from reports.tables.communities import Scoreboard

MOST = 40
CHARTS = {
    "attendances": ("服务人次", "人次", 0),
    "needs": ("居民需求", "条", 0),
    "votes": ("投票", "人次", 0),
    "turnout": ("投票率", "%", 1),
    "projects": ("项目", "个", 0),
    "satisfied": ("满意率", "%", 1),
}
"""What can be drawn: name, unit, decimals."""


def by_community(board: Scoreboard, key: str) -> Chart | None:
    """Return one figure for each community that knows it, the first ones where there are very many."""
    name, unit, digits = CHARTS[key]
    known = [(one.name, getattr(one, key)) for one in board.scores if getattr(one, key) is not None][:MOST]
    if not any(value for _name, value in known):
        return None
    return Chart(
        ChartKind.BAR,
        f"{board.round_name}各社区{name}",
        tuple(place for place, _value in known),
        (Series(name, tuple(value for _name, value in known)),),
        unit,
        digits,
    )
