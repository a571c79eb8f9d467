"""What rounds that follow one another show: efficiency ratios and how two of them compare, leading people, cases."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from grants.foundation.i18n import Text, _l
from grants.selection.rules.eligibility import corresponding_day


class Better(StrEnum):
    """Which way a ratio should go; of some neither way is better by itself."""

    LOWER = "lower"
    HIGHER = "higher"
    NEITHER = "neither"


class Standing(StrEnum):
    """How a value stands to the median of its category."""

    BETTER = "better"
    EQUAL = "equal"
    WORSE = "worse"
    ABOVE = "above"
    BELOW = "below"
    UNKNOWN = "unknown"


STANDING_LABELS: dict[Standing, Text] = {
    Standing.BETTER: _l("优于同类"),
    Standing.EQUAL: _l("与同类持平"),
    Standing.WORSE: _l("不及同类"),
    Standing.ABOVE: _l("高于同类"),
    Standing.BELOW: _l("低于同类"),
    Standing.UNKNOWN: _l("暂不能比较"),
}
STANDING_MARKS: dict[Standing, str] = {
    Standing.BETTER: "▲",
    Standing.EQUAL: "＝",
    Standing.WORSE: "▼",
    Standing.ABOVE: "↑",
    Standing.BELOW: "↓",
    Standing.UNKNOWN: "",
}
"""A sign beside the words, so that colour is never what tells."""
EQUAL_WITHIN = 0.005
"""A half percent of the median is no difference: the figures are printed with two decimals."""


@dataclass(frozen=True)
class Ratio:
    """One ratio of service efficiency (服务效率): its name, how it is worked out, its unit, which way is better."""

    key: str
    label: Text
    formula: Text
    unit: Text
    better: Better
    digits: int = 2
    is_main: bool = False


RATIOS: tuple[Ratio, ...] = (
    Ratio("person", _l("人均成本"), _l("支出÷服务人数"), _l("元/人"), Better.LOWER, is_main=True),
    Ratio("attendance", _l("人次成本"), _l("支出÷服务人次"), _l("元/人次"), Better.LOWER, is_main=True),
    Ratio("activity", _l("场均成本"), _l("支出÷活动场次"), _l("元/场"), Better.LOWER, is_main=True),
    Ratio("reach", _l("每万元服务人次"), _l("服务人次÷支出（万元）"), _l("人次"), Better.HIGHER, 1, is_main=True),
    Ratio("execution", _l("预算执行率"), _l("财政资金支出÷已到位财政资金"), _l("%"), Better.HIGHER, 1),
    Ratio("staff", _l("人员费占比"), _l("人员费÷支出"), _l("%"), Better.NEITHER, 1),
    Ratio("management", _l("管理费占比"), _l("管理费÷支出"), _l("%"), Better.LOWER, 1, is_main=True),
    Ratio("leverage", _l("社会资金撬动比"), _l("协议约定的社会资金÷财政资金"), _l("倍"), Better.HIGHER, is_main=True),
    Ratio("volunteers", _l("每万元志愿服务"), _l("志愿者人数×活动时长÷支出（万元）"), _l("小时"), Better.HIGHER, 1),
    Ratio("targets", _l("目标完成率"), _l("场次、人数、人次完成率的平均，每项不超过100%"), _l("%"), Better.HIGHER, 1),
    Ratio("satisfied", _l("满意率"), _l("（非常满意＋满意）÷有效答卷"), _l("%"), Better.HIGHER, 1),
    Ratio("response", _l("从提事到办成"), _l("首条需求提出至评价结果公布"), _l("天"), Better.LOWER, 0, is_main=True),
)
"""The ratios in the order in which tables show them; those marked are the ones a list has room for."""
RATIO_BY_KEY: dict[str, Ratio] = {ratio.key: ratio for ratio in RATIOS}


def standing(value: float | None, median: float | None, better: Better) -> Standing:
    """Return how a value stands to the median; unknown where either is, equal within half a percent."""
    if value is None or median is None:
        return Standing.UNKNOWN
    if abs(value - median) <= abs(median) * EQUAL_WITHIN:
        return Standing.EQUAL
    if better is Better.NEITHER:
        return Standing.ABOVE if value > median else Standing.BELOW
    return Standing.BETTER if (value < median) == (better is Better.LOWER) else Standing.WORSE


def growth(now: float | None, before: float | None) -> float | None:
    """Return by how many percent something grew; None where there is nothing to compare with."""
    return round((now - before) * 100 / before, 1) if now is not None and before else None


ROUNDS_TO_LEAD = 1
"""In how many rounds somebody must have led a project graded 优秀 to stand among the leading people."""


def leading(excellent: Mapping[str, Collection[str]], least: int = ROUNDS_TO_LEAD) -> list[str]:
    """Return who led projects graded 优秀 in at least so many rounds, most first; `excellent` is person → rounds."""
    found = [person for person, rounds in excellent.items() if len(set(rounds)) >= max(least, 1)]
    return sorted(found, key=lambda person: (-len(set(excellent[person])), person))


MOST_PICTURES = 2
STORY_LENGTH = (50, 2000)
"""The least and the most characters of a case's story: shorter it teaches nothing, longer it fits on no sheet."""
LESSONS_LENGTH = (20, 1000)


def kept_out_until(since: date, years: int) -> date:
    """Return the last day on which an organisation is kept out for how a project of its ended."""
    return corresponding_day(since, years)
