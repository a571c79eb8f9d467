"""What the fiscal self-evaluation of a project is made of."""

from dataclasses import dataclass
from decimal import Decimal

from grants.evaluation.models import Evaluation, Measurement
from grants.evaluation.queries.final import measurements_of
from grants.evaluation.rules import FiscalRow, class_of, execution_points, fiscal_points, is_far_over, needs_reason
from grants.payments import queries as payments
from grants.projects.models import Indicator
from grants.projects.rules import IndicatorKind


@dataclass(frozen=True)
class FiscalLine:
    """One indicator with what was measured and judged, and its points."""

    indicator: Indicator
    measurement: Measurement | None
    row: FiscalRow
    most: Decimal
    points: Decimal

    @property
    def needs_reason(self) -> bool:
        """Tell whether it has to say why it deviates."""
        return needs_reason(self.row)

    @property
    def is_far_over(self) -> bool:
        """Tell whether the target may have been too low."""
        return is_far_over(self.row)


@dataclass(frozen=True)
class FiscalTable:
    """The self-evaluation of one project; money in 分."""

    budget_fen: int
    spent_fen: int
    money: Decimal
    lines: list[FiscalLine]

    @property
    def total(self) -> Decimal:
        """Return the points of money and indicators together."""
        return self.money + sum((line.points for line in self.lines), Decimal(0))

    @property
    def unexplained(self) -> list[str]:
        """List the indicators that deviate and do not say why."""
        return [
            line.indicator.name
            for line in self.lines
            if line.needs_reason and not (line.measurement and line.measurement.note.strip())
        ]


def fiscal_row(indicator: Indicator, found: Measurement | None) -> FiscalRow:
    """Return an indicator as the rules count it."""
    return FiscalRow(
        class_of(indicator.kind),
        Decimal(str(indicator.target)),
        Decimal(str(found.value)) if found is not None else None,
        indicator.kind is IndicatorKind.OUTPUT_COST,
        Decimal(str(found.level_percent)) if found is not None and found.level_percent is not None else None,
        Decimal(str(found.cut_percent)) if found is not None else Decimal(0),
    )


def fiscal_table(evaluation: Evaluation) -> FiscalTable:
    """Return the self-evaluation of a project as it stands."""
    agreement, kept = evaluation.agreement, measurements_of(evaluation)
    indicators = list(agreement.project.indicators)
    rows = [fiscal_row(one, kept.get(one.id)) for one in indicators]
    lines = [
        FiscalLine(one, kept.get(one.id), row, most, points)
        for one, row, (most, points) in zip(indicators, rows, fiscal_points(rows), strict=True)
    ]
    budget = sum(line.amount_fen for line in agreement.budget_lines)
    spent = sum(payments.spent_by_line(agreement.id).values())
    return FiscalTable(budget, spent, execution_points(budget, spent), lines)
