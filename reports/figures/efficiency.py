"""The charts of service efficiency."""

from collections.abc import Mapping

from grants.growth.rules import Ratio
from grants.rounds.rules import CATEGORY_LABELS, Category
from reports.charts import Chart, ChartKind, Series
from reports.tables.efficiency import ComparedProject


def by_category(ratio: Ratio, medians: Mapping[str, float]) -> Chart | None:
    """Return the median of a ratio for each of the five categories that has one, in their order."""
    known = [category for category in Category if category.value in medians]
    if not known:
        return None
    return Chart(
        ChartKind.BAR,
        f"{ratio.label}：各类别中位数",
        tuple(str(CATEGORY_LABELS[category]) for category in known),
        (Series("中位数", tuple(medians[category.value] for category in known)),),
        str(ratio.unit),
        ratio.digits,
    )


def against_median(project: ComparedProject) -> Chart | None:
    """Return each ratio of a project in percent of its median; those that cannot be compared are left out."""
    rows = [(one, one.value, one.median) for one in project.ratios]
    known = [(one, value * 100 / median) for one, value, median in rows if value is not None and median]
    if not known:
        return None
    return Chart(
        ChartKind.GROUPED,
        "本项目与同类中位数（中位数为100）",
        tuple(str(one.ratio.label) for one, _share in known),
        (
            Series("本项目", tuple(share for _one, share in known)),
            Series("同类中位数", tuple(100 for _one in known)),
        ),
        "%",
        0,
    )
