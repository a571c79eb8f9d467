"""The fiscal self-evaluation: money 10, output 50, effect 30, satisfaction 10 points (财预〔2020〕10号, domain §9c)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from grants.foundation.i18n import Text, _, _l
from grants.projects.rules import EFFECTS, OUTPUTS, IndicatorKind

CENT = Decimal("0.01")
MONEY_POINTS = Decimal(10)
FAR_OVER = Decimal("1.3")
"""A result this far above its target asks whether the target was too low; a person answers, and may cut points."""


class FiscalClass(StrEnum):
    """The three classes of indicators; a class a project does not have leaves its points to the others."""

    OUTPUT = "output"
    EFFECT = "effect"
    SATISFACTION = "satisfaction"


CLASS_POINTS: dict[FiscalClass, int] = {
    FiscalClass.OUTPUT: 50,
    FiscalClass.EFFECT: 30,
    FiscalClass.SATISFACTION: 10,
}


class FiscalLevel(StrEnum):
    """How far a qualitative indicator was reached."""

    REACHED = "reached"
    PARTLY = "partly"
    MISSED = "missed"


LEVEL_LABELS: dict[FiscalLevel, Text] = {
    FiscalLevel.REACHED: _l("达成（80—100%）"),
    FiscalLevel.PARTLY: _l("部分达成并具有一定效果（60—80%）"),
    FiscalLevel.MISSED: _l("未达成且效果较差（0—60%）"),
}
LEVEL_BANDS: dict[FiscalLevel, tuple[int, int]] = {
    FiscalLevel.REACHED: (80, 100),
    FiscalLevel.PARTLY: (60, 80),
    FiscalLevel.MISSED: (0, 60),
}


@dataclass(frozen=True)
class FiscalRow:
    """One indicator: `percent` is what a person gave a qualitative one, `cut` is taken off for a low target."""

    kind: FiscalClass
    target: Decimal
    actual: Decimal | None
    is_lower_better: bool = False
    percent: Decimal | None = None
    cut: Decimal = Decimal(0)


def class_of(kind: IndicatorKind) -> FiscalClass:
    """Return the class of an indicator."""
    if kind in OUTPUTS:
        return FiscalClass.OUTPUT
    return FiscalClass.EFFECT if kind in EFFECTS else FiscalClass.SATISFACTION


def rounded(points: Decimal) -> Decimal:
    """Return points to the hundredth."""
    return points.quantize(CENT, rounding=ROUND_HALF_UP)


def execution_points(budget_fen: int, spent_fen: int) -> Decimal:
    """Return the points for the rate of execution: 10 × min(1, spent ÷ budget)."""
    share = min(Decimal(1), Decimal(spent_fen) / budget_fen) if budget_fen else Decimal(0)
    return rounded(MONEY_POINTS * share)


def fiscal_points(rows: Sequence[FiscalRow]) -> list[tuple[Decimal, Decimal]]:
    """Return for each row (full points, points reached), in the order given; the full points sum to 90 exactly."""
    order = sorted(range(len(rows)), key=lambda number: list(FiscalClass).index(rows[number].kind))
    counts = {kind: sum(one.kind is kind for one in rows) for kind in FiscalClass}
    known = sum(CLASS_POINTS[kind] for kind, count in counts.items() if count)
    whole, given, exact = sum(CLASS_POINTS.values()), Decimal(0), Decimal(0)
    found: dict[int, tuple[Decimal, Decimal]] = {}
    for number in order:
        one = rows[number]
        exact += Decimal(CLASS_POINTS[one.kind] * whole) / known / counts[one.kind]
        # The cents that rounding leaves go along the line, so that the full points sum to 90 exactly
        most = rounded(exact) - given
        given += most
        found[number] = most, rounded(most * reached(one))
    return [found[number] for number in range(len(rows))]


def reached(row: FiscalRow) -> Decimal:
    """Return the share of the points that a row gets, 0 to 1: judged where judged, else in proportion, less the cut."""
    share = row.percent / 100 if row.percent is not None else _proportion(row)
    return max(Decimal(0), min(Decimal(1), share) * (1 - row.cut / 100))


def _proportion(row: FiscalRow) -> Decimal:
    if row.actual is None:
        return Decimal(0)
    if row.is_lower_better:
        return row.target / row.actual if row.actual else Decimal(1)
    return row.actual / row.target if row.target else Decimal(1)


def is_far_over(row: FiscalRow) -> bool:
    """Tell whether a result is so far above its target that the target may have been too low."""
    return row.actual is not None and not row.is_lower_better and row.target > 0 and row.actual > row.target * FAR_OVER


def needs_reason(row: FiscalRow) -> bool:
    """Tell whether a row has to say why it deviates and what will be done: missed, or far over."""
    return reached(row) < 1 or is_far_over(row)


def why_not_judge(row: FiscalRow, level: FiscalLevel | None, percent: float | None, cut: float) -> str | None:
    """Say what is wrong with a judgement: level and percent go together, a cut needs a target set too low."""
    if (level is None) != (percent is None):
        return _("达成程度和百分比须一起填写。")
    if level is not None and percent is not None:
        least, most = LEVEL_BANDS[level]
        if not least <= percent <= most:
            return _("达成程度与百分比不符，所选程度应在 %(least)d 至 %(most)d 之间。", least=least, most=most)
    if not 0 <= cut <= 100:
        return _("扣减比例应在 0 至 100 之间。")
    return _("只有明显超过目标值的指标才能扣减。") if cut and not is_far_over(row) else None
