"""The communities' scoreboard (社区成绩单): one round beside the round before, in pandas.

A share whose whole is nothing is not known, and growth is known only where there is something to compare with.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from grants.foundation.money import yuan_plain
from grants.growth.queries import CommunityFigures
from grants.growth.rules import growth
from reports.tables.base import frame

SUMS = (
    "needs",
    "supports",
    "votes",
    "roll",
    "projects",
    "amount_fen",
    "activities",
    "persons",
    "attendances",
    "answers",
    "content_answers",
)


@dataclass(frozen=True)
class Score:
    """One community (or all of them) in a round: counts, shares in percent, and growth in percent or in points."""

    code: str
    name: str
    needs: int
    supports: int
    votes: int
    roll: int
    projects: int
    amount_fen: int
    activities: int
    persons: int
    attendances: int
    answers: int
    content_answers: int
    turnout: float | None
    satisfied: float | None
    growth: dict[str, float | None]


@dataclass(frozen=True)
class Scoreboard:
    """A round, the one before it where there is one, every community and their sum."""

    round_ref: str
    round_name: str
    former_name: str | None
    scores: tuple[Score, ...]
    total: Score


def rounds_of(figures: Iterable[CommunityFigures]) -> list[tuple[str, str]]:
    """Return (reference, name) of the rounds there are figures of, the newest first."""
    found = {one.round_number: (one.round_ref, one.round_name) for one in figures}
    return [found[number] for number in sorted(found, reverse=True)]


def scoreboard(figures: Iterable[CommunityFigures], round_ref: str = "") -> Scoreboard | None:
    """Return the scoreboard of a round, or of the newest with a project; None where there is none at all."""
    data = frame(figures, CommunityFigures)
    if data.empty:
        return None
    number = _asked(data, round_ref)
    mine = data[data["round_number"] == number]
    earlier = data.loc[data["round_number"] < number, "round_number"]
    former = data[data["round_number"] == earlier.max()] if len(earlier) else None
    before = {} if former is None else {str(row["community_code"]): row for row in _rows(former)}
    return Scoreboard(
        str(mine["round_ref"].iloc[0]),
        str(mine["round_name"].iloc[0]),
        None if former is None else str(former["round_name"].iloc[0]),
        tuple(
            _score(str(row["community_code"]), str(row["community"]), row, before.get(str(row["community_code"])))
            for row in _rows(mine)
        ),
        _score("", "合计", _sum(mine), None if former is None else _sum(former)),
    )


def _asked(data: pd.DataFrame, round_ref: str) -> int:
    """Return the number of the round asked for, else of the newest with a project, else of the newest."""
    for part in (data[data["round_ref"] == round_ref], data[data["projects"] > 0], data):
        if not part.empty:
            return int(part["round_number"].max())
    raise ValueError("no round")


def _rows(data: pd.DataFrame) -> list[dict[str, object]]:
    return [{str(key): value for key, value in row.items()} for row in data.to_dict("records")]


def _sum(data: pd.DataFrame) -> dict[str, object]:
    return {name: int(data[name].sum()) for name in SUMS}


def _score(code: str, name: str, row: dict[str, object], before: dict[str, object] | None) -> Score:
    now, was = _counts(row), None if before is None else _counts(before)
    turnout, satisfied = _shares(now)
    grown = {key: growth(now[key], was[key]) if was else None for key in SUMS}
    for key, share, old in zip(("turnout", "satisfied"), (turnout, satisfied), _shares(was), strict=True):
        grown[key] = None if share is None or old is None else round(share - old, 1)
    return Score(code, name, **now, turnout=turnout, satisfied=satisfied, growth=grown)


def _counts(row: dict[str, object]) -> dict[str, int]:
    return {key: int(str(row[key])) for key in SUMS}


def _shares(counts: dict[str, int] | None) -> tuple[float | None, float | None]:
    if counts is None:
        return None, None
    return _percent(counts["votes"], counts["roll"]), _percent(counts["content_answers"], counts["answers"])


def _percent(part: int, whole: int) -> float | None:
    return round(part * 100 / whole, 1) if whole else None


COLUMNS = (
    ("needs", "需求（条）"),
    ("supports", "附议（人次）"),
    ("votes", "投票（人次）"),
    ("roll", "名册（人次）"),
    ("projects", "项目（个）"),
    ("amount_fen", "协议金额（元）"),
    ("activities", "活动（场）"),
    ("persons", "服务人数"),
    ("attendances", "服务人次"),
    ("answers", "有效答卷"),
    ("content_answers", "满意答卷"),
)
"""The counts of the exported table in their order; money is in 元 there."""


def export_header() -> tuple[list[str], list[int]]:
    """Return the heads of the exported table, and the places of the columns that are summed."""
    counts = [head for _key, head in COLUMNS]
    growths = [f"{head.partition('（')[0]}比上届（%）" for _key, head in COLUMNS[:1] + COLUMNS[4:5] + COLUMNS[8:9]]
    return ["社区编号", "社区", *counts, "投票率（%）", "满意率（%）", *growths], list(range(2, 2 + len(counts)))


def export_rows(board: Scoreboard) -> list[list[object]]:
    """Return one row for each community; what is not known stays empty, money is in 元."""
    rows: list[list[object]] = []
    for one in board.scores:
        counts = [yuan_plain(one.amount_fen) if key == "amount_fen" else getattr(one, key) for key, _head in COLUMNS]
        grown = [one.growth[key] for key in ("needs", "projects", "attendances")]
        rows.append([one.code, one.name, *counts, one.turnout, one.satisfied, *grown])
    return rows
