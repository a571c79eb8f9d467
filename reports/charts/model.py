"""What a chart says, without how it is drawn."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from reports.formatting import decimal

Number = int | float | Decimal
MAX_POINTS = 60


class ChartKind(StrEnum):
    """How a chart is drawn."""

    BAR = "bar"
    GROUPED = "grouped"
    STACKED = "stacked"
    COLUMN = "column"
    LINE = "line"
    DONUT = "donut"
    RADAR = "radar"
    GAUGE = "gauge"


@dataclass(frozen=True)
class Series:
    """One row of values, one for each label of the chart."""

    name: str
    values: tuple[Number, ...]


@dataclass(frozen=True)
class Chart:
    """Title, unit, labels and series; `digits` decimals are shown, `maximum` fixes the end of the scale.

    A gauge has one value and needs `maximum`; a radar needs it too. Values are never negative.
    """

    kind: ChartKind
    title: str
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    unit: str = ""
    digits: int = 0
    maximum: Number | None = None

    def __post_init__(self) -> None:
        if not self.labels or not self.series:
            raise ValueError(f"the chart {self.title!r} has nothing to show")
        if len(self.labels) > MAX_POINTS:
            raise ValueError(f"the chart {self.title!r} has more than {MAX_POINTS} labels")
        for one in self.series:
            if len(one.values) != len(self.labels):
                raise ValueError(f"{one.name!r} has {len(one.values)} values for {len(self.labels)} labels")
            if any(value < 0 for value in one.values):
                raise ValueError(f"{one.name!r} has a negative value")
        if self.kind in {ChartKind.GAUGE, ChartKind.RADAR} and not self.maximum:
            raise ValueError(f"a {self.kind} chart needs the end of its scale")

    @property
    def top(self) -> float:
        """Return the largest value to be shown, or the given maximum."""
        if self.maximum is not None:
            return float(self.maximum)
        if self.kind == ChartKind.STACKED:
            return max(sum(float(one.values[index]) for one in self.series) for index in range(len(self.labels)))
        return max(float(value) for one in self.series for value in one.values)


def amount(chart: Chart, value: Number) -> str:
    """Return a value as the chart prints it."""
    return decimal(value, chart.digits)
