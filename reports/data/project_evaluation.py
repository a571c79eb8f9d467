"""What a 末期评估报告 says: one project, from the need it came from to what its residents say of it."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from reports.data.common import Answers, Stamp


@dataclass(frozen=True)
class NeedLink:
    """A need of residents that the project answers."""

    reference: str
    title: str
    raised_on: date
    supporter_count: int
    vote_count: int | None


@dataclass(frozen=True)
class StepRecord:
    """One of the six steps (SIX_STEPS): when it was done, what was done, how many residents took part."""

    step: str
    on: date | None
    what: str
    resident_count: int | None


@dataclass(frozen=True)
class MethodRow:
    """A way in which the evaluators worked: what it covered and how much of it there was (count with its unit)."""

    name: str
    coverage: str
    count: int
    unit: str


@dataclass(frozen=True)
class TargetRow:
    """An indicator agreed on, and what came of it. `kind` is its class, e.g. 产出·数量, 效益·社会, 满意度."""

    kind: str
    name: str
    unit: str
    target: Decimal
    actual: Decimal | None
    evidence: str
    deviation: str = ""
    is_lower_better: bool = False
    judged_percent: Decimal | None = None
    cut_percent: Decimal = Decimal(0)

    @property
    def completion(self) -> Decimal | None:
        """Return actual against target, 1 meaning met exactly; None where one of them is missing or zero."""
        if self.actual is None or not self.target:
            return None
        if not self.is_lower_better:
            return self.actual / self.target
        return self.target / self.actual if self.actual else None

    @property
    def is_met(self) -> bool:
        """Tell whether the indicator was reached."""
        if self.actual is None:
            return False
        return self.actual <= self.target if self.is_lower_better else self.actual >= self.target


@dataclass(frozen=True)
class MilestoneRow:
    """A milestone of the agreement: due on, done on."""

    name: str
    due_on: date
    done_on: date | None


@dataclass(frozen=True)
class ActivityRow:
    """An activity held: attendances are 人次, one person counted each time."""

    held_on: date
    title: str
    place: str
    attendance_count: int
    volunteer_hours: Decimal
    evidence: str


@dataclass(frozen=True)
class BudgetRow:
    """A budget line in 分: agreed, moved by approved changes (signed), spent."""

    code: str
    name: str
    budget_fen: int
    change_fen: int
    spent_fen: int


@dataclass(frozen=True)
class FundingRow:
    """A source of money in 分: agreed, received, spent. Fiscal and social money are kept apart."""

    source: str
    is_fiscal: bool
    agreed_fen: int
    received_fen: int
    spent_fen: int


@dataclass(frozen=True)
class TrancheRow:
    """A payment to the implementer: its condition, plan and what was paid (分)."""

    name: str
    condition: str
    planned_fen: int
    paid_on: date | None
    paid_fen: int
    reference: str


@dataclass(frozen=True)
class RatioRow:
    """An efficiency ratio beside the median of its category."""

    name: str
    formula: str
    unit: str
    value: Decimal | None
    median: Decimal | None
    digits: int = 2


@dataclass(frozen=True)
class SenseRow:
    """One of the three senses: 获得感, 幸福感, 安全感."""

    name: str
    answers: Answers


@dataclass(frozen=True)
class Quote:
    """What a resident said, with the masked speaker."""

    text: str
    speaker: str


@dataclass(frozen=True)
class SurveyResult:
    """The satisfaction survey among people actually served."""

    issued_count: int
    returned_count: int
    answers: Answers
    senses: tuple[SenseRow, ...]
    rechecked_count: int
    quotes: tuple[Quote, ...] = ()


@dataclass(frozen=True)
class FindingRow:
    """A problem found under supervision, and what became of it; `closed_on` is None while it is open."""

    found_on: date
    source: str
    issue: str
    severity: str
    due_on: date
    closed_on: date | None
    result: str


@dataclass(frozen=True)
class PartnerRow:
    """One of the five of 五社联动: 0 to 5 points and how it took part."""

    name: str
    points: int
    text: str


@dataclass(frozen=True)
class ScoreRow:
    """A line of the score table: dimension, item, full marks, marks given and why."""

    dimension: str
    item: str
    full: Decimal
    score: Decimal
    basis: str


@dataclass(frozen=True)
class ProjectEvaluation:
    """Everything the report says; the figures in it must add up, or printing raises DoesNotReconcile."""

    stamp: Stamp
    round_name: str
    reference: str
    name: str
    category: str
    community: str
    implementer: str
    payee: str
    leader: str
    agreement_number: str
    period_start_on: date
    period_end_on: date
    background: str
    goal: str
    content: str
    target_group: str
    beneficiary_count: int
    volunteer_count: int
    needs: tuple[NeedLink, ...]
    steps: tuple[StepRecord, ...]
    evaluation_start_on: date
    evaluation_end_on: date
    evaluators: str
    methods: tuple[MethodRow, ...]
    limitations: str
    targets: tuple[TargetRow, ...]
    milestones: tuple[MilestoneRow, ...]
    activities: tuple[ActivityRow, ...]
    budget: tuple[BudgetRow, ...]
    funding: tuple[FundingRow, ...]
    tranches: tuple[TrancheRow, ...]
    ratios: tuple[RatioRow, ...]
    survey: SurveyResult
    complaint_count: int
    complaint_closed_count: int
    findings: tuple[FindingRow, ...]
    partners: tuple[PartnerRow, ...]
    scores: tuple[ScoreRow, ...]
    grade: str
    grade_bands: str
    vetoes: tuple[str, ...]
    achievements: tuple[str, ...]
    problems: tuple[str, ...]
    recommendations: tuple[str, ...]
    conclusion: str
    use_of_result: str

    @property
    def score(self) -> Decimal:
        """Return the total score."""
        return sum((row.score for row in self.scores), Decimal(0))

    @property
    def attendance_count(self) -> int:
        """Return 服务人次: the sum of attendances over all activities."""
        return sum(row.attendance_count for row in self.activities)

    @property
    def spent_fen(self) -> int:
        """Return what was spent, all sources together."""
        return sum(row.spent_fen for row in self.funding)

    @property
    def received_fen(self) -> int:
        """Return what was received, all sources together."""
        return sum(row.received_fen for row in self.funding)

    @property
    def targets_met_count(self) -> int:
        """Return how many indicators were reached."""
        return sum(row.is_met for row in self.targets)
