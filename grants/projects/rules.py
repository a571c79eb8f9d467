"""Projects: their status table from draft to archive, and what a decision needs."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from grants.foundation.i18n import Text, _l
from grants.foundation.workflow import Workflow
from grants.rounds.rules import BudgetCode


class ProjectStatus(StrEnum):
    """Where a project stands, from the first draft to the archive."""

    DRAFT = "draft"
    COSTED = "costed"
    APPROVED = "approved"
    ANNOUNCED = "announced"
    FUNDED = "funded"
    CALLED = "called"
    AWARDED = "awarded"
    ACTIVE = "active"
    EVALUATED = "evaluated"
    CLOSED = "closed"
    REJECTED = "rejected"
    TERMINATED = "terminated"


class ProjectAction(StrEnum):
    """What moves a project on; later stages call theirs through the project service."""

    COST = "cost"
    REVISE = "revise"
    APPROVE = "approve"
    REJECT = "reject"
    ANNOUNCE = "announce"
    FUND = "fund"
    CALL = "call"
    AWARD = "award"
    REOPEN_CALL = "reopen_call"
    START = "start"
    EVALUATE = "evaluate"
    CLOSE = "close"
    TERMINATE = "terminate"


PROJECT_FLOW = Workflow(
    {
        (ProjectStatus.DRAFT, ProjectAction.COST): ProjectStatus.COSTED,
        (ProjectStatus.COSTED, ProjectAction.REVISE): ProjectStatus.DRAFT,
        (ProjectStatus.COSTED, ProjectAction.APPROVE): ProjectStatus.APPROVED,
        (ProjectStatus.COSTED, ProjectAction.REJECT): ProjectStatus.REJECTED,
        (ProjectStatus.APPROVED, ProjectAction.ANNOUNCE): ProjectStatus.ANNOUNCED,
        (ProjectStatus.ANNOUNCED, ProjectAction.FUND): ProjectStatus.FUNDED,
        (ProjectStatus.ANNOUNCED, ProjectAction.REJECT): ProjectStatus.REJECTED,
        (ProjectStatus.ANNOUNCED, ProjectAction.REVISE): ProjectStatus.DRAFT,
        (ProjectStatus.FUNDED, ProjectAction.CALL): ProjectStatus.CALLED,
        (ProjectStatus.CALLED, ProjectAction.AWARD): ProjectStatus.AWARDED,
        (ProjectStatus.CALLED, ProjectAction.REOPEN_CALL): ProjectStatus.FUNDED,
        (ProjectStatus.AWARDED, ProjectAction.START): ProjectStatus.ACTIVE,
        (ProjectStatus.ACTIVE, ProjectAction.EVALUATE): ProjectStatus.EVALUATED,
        (ProjectStatus.ACTIVE, ProjectAction.TERMINATE): ProjectStatus.TERMINATED,
        (ProjectStatus.EVALUATED, ProjectAction.CLOSE): ProjectStatus.CLOSED,
    }
)

PROJECT_STATUS_LABELS: dict[ProjectStatus, Text] = {
    ProjectStatus.DRAFT: _l("草拟中"),
    ProjectStatus.COSTED: _l("已测算，待决策"),
    ProjectStatus.APPROVED: _l("已决策，待公示"),
    ProjectStatus.ANNOUNCED: _l("立项公示中"),
    ProjectStatus.FUNDED: _l("已立项"),
    ProjectStatus.CALLED: _l("征集承接组织"),
    ProjectStatus.AWARDED: _l("已选定承接组织"),
    ProjectStatus.ACTIVE: _l("实施中"),
    ProjectStatus.EVALUATED: _l("已评价"),
    ProjectStatus.CLOSED: _l("已结项"),
    ProjectStatus.REJECTED: _l("未通过"),
    ProjectStatus.TERMINATED: _l("已终止"),
}

LATER_ACTIONS = frozenset(
    {
        ProjectAction.CALL,
        ProjectAction.AWARD,
        ProjectAction.REOPEN_CALL,
        ProjectAction.START,
        ProjectAction.EVALUATE,
        ProjectAction.CLOSE,
        ProjectAction.TERMINATE,
    }
)
"""What later stages do to a project, each after its own checks."""

INTERNAL = frozenset({ProjectStatus.DRAFT, ProjectStatus.COSTED, ProjectStatus.APPROVED})
"""Not yet announced: work of the offices, not public."""

EARMARKED = frozenset({ProjectStatus.FUNDED, ProjectStatus.CALLED})
"""Funded, but its money still lies in the envelope until an implementer is confirmed."""


class IndicatorKind(StrEnum):
    """What an indicator measures (财预〔2020〕10号: output, effect, satisfaction)."""

    OUTPUT_COUNT = "output_count"
    OUTPUT_QUALITY = "output_quality"
    OUTPUT_TIME = "output_time"
    OUTPUT_COST = "output_cost"
    EFFECT_SOCIAL = "effect_social"
    EFFECT_SUSTAINED = "effect_sustained"
    SATISFACTION = "satisfaction"


INDICATOR_KIND_LABELS: dict[IndicatorKind, Text] = {
    IndicatorKind.OUTPUT_COUNT: _l("产出·数量"),
    IndicatorKind.OUTPUT_QUALITY: _l("产出·质量"),
    IndicatorKind.OUTPUT_TIME: _l("产出·时效"),
    IndicatorKind.OUTPUT_COST: _l("产出·成本"),
    IndicatorKind.EFFECT_SOCIAL: _l("效益·社会"),
    IndicatorKind.EFFECT_SUSTAINED: _l("效益·可持续"),
    IndicatorKind.SATISFACTION: _l("满意度"),
}


class Measure(StrEnum):
    """Where an indicator's value comes from; MANUAL is entered with evidence."""

    ACTIVITY_COUNT = "activity_count"
    PERSON_COUNT = "person_count"
    ATTENDANCE_COUNT = "attendance_count"
    SATISFACTION_PERCENT = "satisfaction_percent"
    MANUAL = "manual"


FIVE_LINKS: dict[str, Text] = {
    "community": _l("社区建设"),
    "social_work": _l("社会工作"),
    "organisation": _l("社会组织"),
    "capital": _l("社会资本"),
    "residents": _l("社区居民自治"),
}
"""“五社联动” in the founding text's own wording."""

MEASURE_LABELS: dict[Measure, Text] = {
    Measure.MANUAL: _l("人工填报，附佐证"),
    Measure.ACTIVITY_COUNT: _l("系统统计：活动场次"),
    Measure.PERSON_COUNT: _l("系统统计：服务人数"),
    Measure.ATTENDANCE_COUNT: _l("系统统计：服务人次"),
    Measure.SATISFACTION_PERCENT: _l("系统统计：居民满意率"),
}

OUTPUTS = frozenset(kind for kind in IndicatorKind if kind.startswith("output"))
EFFECTS = frozenset(kind for kind in IndicatorKind if kind.startswith("effect"))
NEEDED_KINDS: tuple[tuple[Collection[IndicatorKind], Text], ...] = (
    (OUTPUTS, _l("至少一项产出指标")),
    (EFFECTS, _l("至少一项效益指标")),
    ({IndicatorKind.SATISFACTION}, _l("至少一项满意度指标")),
)


@dataclass(frozen=True)
class CostLine:
    """One line of the estimate: what for, at what price in 分, how many."""

    code: BudgetCode
    content: str
    unit_price_fen: int
    quantity: int

    @property
    def amount_fen(self) -> int:
        """Return price × quantity in 分."""
        return self.unit_price_fen * self.quantity


@dataclass(frozen=True)
class IndicatorLine:
    """One promise: what is measured, in which unit, how much, and how it will be known."""

    kind: IndicatorKind
    name: str
    unit: str
    target: float
    measure: Measure = Measure.MANUAL
    evidence: str = ""


@dataclass(frozen=True)
class Share:
    """What one budget code takes of the whole, and how much it may take (None: no cap)."""

    code: BudgetCode
    amount_fen: int
    total_fen: int
    cap_percent: int | None

    @property
    def percent(self) -> float:
        """Return the share in percent, to one place."""
        return round(self.amount_fen * 100 / self.total_fen, 1) if self.total_fen else 0.0

    @property
    def cap_fen(self) -> int | None:
        """Return the largest amount allowed, in whole 分."""
        return None if self.cap_percent is None else self.total_fen * self.cap_percent // 100

    @property
    def is_over(self) -> bool:
        """Tell whether the cap is exceeded; exactly at the cap is allowed."""
        return self.cap_percent is not None and self.amount_fen * 100 > self.total_fen * self.cap_percent


def shares(amounts: Iterable[tuple[BudgetCode, int]], caps: Mapping[str, int]) -> list[Share]:
    """Sum amounts by budget code, in the order of the chart, against the round's caps in percent of the whole."""
    sums: dict[BudgetCode, int] = {}
    for code, amount in amounts:
        sums[code] = sums.get(code, 0) + amount
    total = sum(sums.values())
    return [Share(code, sums[code], total, caps.get(code)) for code in BudgetCode if code in sums]


def missing_kinds(kinds: Collection[IndicatorKind]) -> list[Text]:
    """Name the kinds of indicator that are still missing (财预〔2020〕10号: output, effect, satisfaction)."""
    return [label for wanted, label in NEEDED_KINDS if not any(kind in wanted for kind in kinds)]
