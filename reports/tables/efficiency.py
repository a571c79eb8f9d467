"""The efficiency ratios (服务效率) of every project beside the median of its round and category, worked out in pandas.

A ratio whose divisor is nothing is not known (NaN), never zero. A project is compared with the other projects of its
round and category, itself left aside, as its printed evaluation does.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median

import pandas as pd

from grants.foundation.money import yuan_plain
from grants.growth.queries import ProjectFigures
from grants.growth.rules import RATIOS, STANDING_LABELS, Ratio, Standing, standing
from grants.rounds.rules import CATEGORY_LABELS, Category
from reports.tables.base import frame

FEN_PER_YUAN = 100
WAN = 10_000
KEYS = [ratio.key for ratio in RATIOS]
TARGETS = (("activities", "activity_target"), ("persons", "person_target"), ("attendances", "attendance_target"))


@dataclass(frozen=True)
class Compared:
    """One ratio of one project: its value, the median of the others, how many those are, and how the two compare."""

    ratio: Ratio
    value: float | None
    median: float | None
    peers: int
    standing: Standing


@dataclass(frozen=True)
class ComparedProject:
    """A project with all its ratios, in the order of RATIOS."""

    figures: ProjectFigures
    ratios: tuple[Compared, ...]


def ratios(figures: pd.DataFrame) -> pd.DataFrame:
    """Return one column for each ratio; NaN where it is not known."""
    spent = figures["spent_fen"].astype(float) / FEN_PER_YUAN
    wan = spent / WAN
    made = pd.DataFrame(
        {
            "person": _per(spent, figures["persons"]),
            "attendance": _per(spent, figures["attendances"]),
            "activity": _per(spent, figures["activities"]),
            "reach": _per(figures["attendances"], wan),
            "execution": _percent(figures["fiscal_spent_fen"], figures["received_fen"]),
            "staff": _percent(figures["staff_fen"], figures["spent_fen"]),
            "management": _percent(figures["management_fen"], figures["spent_fen"]),
            "leverage": _per(figures["social_fen"], figures["amount_fen"]),
            "volunteers": _per(figures["volunteer_hours"], wan),
            "targets": _targets(figures),
            "satisfied": _percent(figures["content_answers"], figures["answers"]),
            "response": _days(figures),
        },
        index=figures.index,
    )
    # Nothing spent yet is no achievement: what was reached for no money has no cost
    made.loc[figures["spent_fen"] == 0, ["person", "attendance", "activity"]] = float("nan")
    return made[KEYS].astype(float)


def _per(part: pd.Series, whole: pd.Series) -> pd.Series:
    return part.astype(float) / whole.astype(float).where(whole > 0)


def _percent(part: pd.Series, whole: pd.Series) -> pd.Series:
    return _per(part, whole) * 100


def _targets(figures: pd.DataFrame) -> pd.Series:
    """Return the mean share reached of the targets there are, none counted above 100 %."""
    reached = {done: _percent(figures[done], figures[target]).clip(upper=100) for done, target in TARGETS}
    return pd.DataFrame(reached).mean(axis=1)


def _days(figures: pd.DataFrame) -> pd.Series:
    raised, done = (pd.to_datetime(figures[name]) for name in ("raised_on", "done_on"))
    return (done - raised).dt.days.astype(float)


def medians_of_others(figures: pd.DataFrame, values: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return for every project the medians over the others of its round and category, and how many those are."""
    groups = values.groupby([figures["round_ref"], figures["category"]], sort=False)
    medians = pd.DataFrame({key: groups[key].transform(_median_of_others) for key in KEYS})
    return medians, groups.transform("count") - values.notna()


def _median_of_others(column: pd.Series) -> pd.Series:
    known = column.dropna().sort_values()
    ordered, ranks = known.tolist(), {label: rank for rank, label in enumerate(known.index)}
    return pd.Series([_median_without(ordered, ranks.get(label)) for label in column.index], column.index, float)


def _median_without(ordered: list[float], rank: int | None) -> float:
    others = ordered if rank is None else ordered[:rank] + ordered[rank + 1 :]
    return median(others) if others else float("nan")


def compare(projects: Iterable[ProjectFigures]) -> list[ComparedProject]:
    """Return every project with its ratios and how they compare."""
    listed = list(projects)
    if not listed:
        return []
    figures = frame(listed, ProjectFigures)
    values = ratios(figures)
    medians, counts = medians_of_others(figures, values)
    return [
        ComparedProject(one, tuple(_compared(ratio, values, medians, counts, place) for ratio in RATIOS))
        for place, one in enumerate(listed)
    ]


def _compared(ratio: Ratio, values: pd.DataFrame, medians: pd.DataFrame, counts: pd.DataFrame, place: int) -> Compared:
    value, middle = (_known(data.at[place, ratio.key]) for data in (values, medians))
    return Compared(
        ratio, value, middle, int(_known(counts.at[place, ratio.key]) or 0), standing(value, middle, ratio.better)
    )


def _known(value: object) -> float | None:
    number = float(str(value))
    return None if number != number else number


def category_medians(projects: Iterable[ProjectFigures], key: str) -> dict[str, float]:
    """Return the median of one ratio over the projects of each category that knows one."""
    listed = list(projects)
    if not listed:
        return {}
    figures = frame(listed, ProjectFigures)
    found = ratios(figures)[key].groupby(figures["category"]).median().dropna()
    return {str(category): float(value) for category, value in found.items()}


BASE_HEADER = (
    "项目编号", "项目", "届次", "类别", "社区", "承接组织", "支出（元）", "财政支出（元）", "到位（元）",
    "协议金额（元）", "约定社会资金（元）", "人员费（元）", "管理费（元）", "活动场次", "服务人数", "服务人次",
    "志愿服务（小时）", "有效答卷", "满意答卷",
)  # fmt: skip
SUMMED = range(6, len(BASE_HEADER))
"""The places of the figures, which a workbook sums; a ratio of sums is no sum of ratios."""


def export_header() -> list[str]:
    """Return the heads of the exported table: the figures used, then each ratio with its median and its standing."""
    heads = list(BASE_HEADER)
    for ratio in RATIOS:
        unit = f"（{ratio.unit}）"
        heads += [f"{ratio.label}{unit}", f"{ratio.label}同类中位数{unit}", f"{ratio.label}比较"]
    return heads


def export_cells(project: ComparedProject) -> list[object]:
    """Return one row of the exported table; what is not known stays empty."""
    one = project.figures
    money = (
        one.spent_fen, one.fiscal_spent_fen, one.received_fen, one.amount_fen, one.social_fen, one.staff_fen,
        one.management_fen,
    )  # fmt: skip
    category = str(CATEGORY_LABELS[Category(one.category)])
    cells: list[object] = [one.ref, one.title, one.round_name, category, one.community, one.organisation]
    cells += [yuan_plain(amount) for amount in money]
    cells += [one.activities, one.persons, one.attendances, round(one.volunteer_hours, 2), one.answers]
    cells.append(one.content_answers)
    for ratio in project.ratios:
        digits = ratio.ratio.digits
        cells += [_rounded(ratio.value, digits), _rounded(ratio.median, digits), str(STANDING_LABELS[ratio.standing])]
    return cells


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)
