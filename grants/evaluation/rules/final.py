"""Evaluation: survey scales, grade bands and the formulas behind the points that are computed."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from grants.foundation.i18n import Text, _, _l
from grants.foundation.money import yuan
from grants.foundation.workflow import Workflow
from grants.projects.rules import Measure


class Satisfaction(StrEnum):
    """The five answers of the satisfaction survey."""

    VERY_GOOD = "very_good"
    GOOD = "good"
    FAIR = "fair"
    POOR = "poor"
    VERY_POOR = "very_poor"


SATISFACTION_LABELS: dict[Satisfaction, Text] = {
    Satisfaction.VERY_GOOD: _l("非常满意"),
    Satisfaction.GOOD: _l("满意"),
    Satisfaction.FAIR: _l("一般"),
    Satisfaction.POOR: _l("不满意"),
    Satisfaction.VERY_POOR: _l("非常不满意"),
}

SATISFACTION_POINTS = {
    Satisfaction.VERY_GOOD: 100,
    Satisfaction.GOOD: 80,
    Satisfaction.FAIR: 60,
    Satisfaction.POOR: 30,
    Satisfaction.VERY_POOR: 0,
}


class SurveyChannel(StrEnum):
    """How an answer came in."""

    LINK = "link"
    PHONE = "phone"
    PAPER = "paper"


class SurveyStatus(StrEnum):
    """A survey takes answers until it is closed."""

    OPEN = "open"
    CLOSED = "closed"


class EvaluationStatus(StrEnum):
    """An evaluation is drafted, signed off and published."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    PUBLISHED = "published"


class EvaluationAction(StrEnum):
    """What can be done with an evaluation."""

    SUBMIT = "submit"
    SEND_BACK = "send_back"
    PUBLISH = "publish"


EVALUATION_FLOW = Workflow(
    {
        (EvaluationStatus.DRAFT, EvaluationAction.SUBMIT): EvaluationStatus.SUBMITTED,
        (EvaluationStatus.SUBMITTED, EvaluationAction.SEND_BACK): EvaluationStatus.DRAFT,
        (EvaluationStatus.SUBMITTED, EvaluationAction.PUBLISH): EvaluationStatus.PUBLISHED,
    }
)

EVALUATION_STATUS_LABELS: dict[EvaluationStatus, Text] = {
    EvaluationStatus.DRAFT: _l("评分中"),
    EvaluationStatus.SUBMITTED: _l("待审定"),
    EvaluationStatus.PUBLISHED: _l("已公布"),
}


class Grade(StrEnum):
    """The project bands."""

    EXCELLENT = "excellent"
    GOOD = "good"
    PASS = "pass"  # noqa: S105 - a grade
    FAIL = "fail"


GRADE_LABELS: dict[Grade, Text] = {
    Grade.EXCELLENT: _l("优秀"),
    Grade.GOOD: _l("良好"),
    Grade.PASS: _l("合格"),
    Grade.FAIL: _l("不合格"),
}

JUDGED_SENSES = ("gain", "happiness", "safety")
SENSE_LABELS: dict[str, Text] = {"gain": _l("获得感"), "happiness": _l("幸福感"), "safety": _l("安全感")}


@dataclass(frozen=True)
class SurveySummary:
    """What the people served said; percents are of valid answers, senses are means of 1–5."""

    answers: int = 0
    invited: int = 0
    counts: Mapping[Satisfaction, int] | None = None
    satisfied_percent: float = 0.0
    mean_points: float = 0.0
    gain: float = 0.0
    happiness: float = 0.0
    safety: float = 0.0

    @property
    def senses(self) -> float:
        """Return the mean of the three senses, 0–5."""
        return round((self.gain + self.happiness + self.safety) / 3, 2)

    @property
    def response_percent(self) -> float:
        """Return answers as a share of invitations, or 0 where nobody was invited."""
        return round(self.answers * 100 / self.invited, 1) if self.invited else 0.0


def summarise(counts: Mapping[Satisfaction, int], senses: Mapping[str, float], invited: int) -> SurveySummary:
    """Return the summary of answers: 满意率 = (非常满意 + 满意) ÷ valid answers; points as in SATISFACTION_POINTS."""
    total = sum(counts.values())
    if total == 0:
        return SurveySummary(invited=invited, counts=dict(counts))
    good = counts.get(Satisfaction.VERY_GOOD, 0) + counts.get(Satisfaction.GOOD, 0)
    points = sum(SATISFACTION_POINTS[answer] * count for answer, count in counts.items())
    return SurveySummary(
        answers=total,
        invited=invited,
        counts=dict(counts),
        satisfied_percent=round(good * 100 / total, 1),
        mean_points=round(points / total, 1),
        **{name: round(senses.get(name, 0.0), 2) for name in JUDGED_SENSES},
    )


def answers_needed(minimum: int, served: int) -> int:
    """Return how many answers a project needs to close: the minimum, or everybody where fewer were served."""
    return max(1, min(minimum, served))


@dataclass(frozen=True)
class Facts:
    """What the computed points are made of."""

    activity_count: int
    activity_target: int
    person_count: int
    person_target: int
    attendance_count: int
    attendance_target: int
    milestones_on_time: int
    milestones: int
    spent_fen: int
    received_fen: int
    complaints_answered: int
    complaints: int
    survey: SurveySummary
    satisfaction_target: float


@dataclass(frozen=True)
class Points:
    """Points computed by formula, with the sum they come from."""

    points: float
    basis: str


def _share(part: float, whole: float) -> float:
    """Return part of whole, at most 1; a target of nothing is met."""
    return min(1.0, part / whole) if whole > 0 else 1.0


def computed_points(facts: Facts, most: Mapping[str, int]) -> dict[str, Points]:
    """Return the points that a formula gives, by criterion code; `most` are the criteria's highest points.

    Quantitative targets score in proportion up to the full points (财预〔2020〕10号); criteria that a round does not
    have are left out.
    """
    people = (
        _share(facts.person_count, facts.person_target) + _share(facts.attendance_count, facts.attendance_target)
    ) / 2
    shares: dict[str, tuple[float, str]] = {
        "done_activities": (
            _share(facts.activity_count, facts.activity_target),
            f"{facts.activity_count} / {facts.activity_target}",
        ),
        "done_people": (
            people,
            f"{facts.person_count} / {facts.person_target} · {facts.attendance_count} / {facts.attendance_target}",
        ),
        "done_schedule": (
            _share(facts.milestones_on_time, facts.milestones),
            f"{facts.milestones_on_time} / {facts.milestones}",
        ),
        "effect_senses": (facts.survey.senses / 5, f"{facts.survey.senses:.2f} / 5"),
        "voice_survey": (
            _share(facts.survey.satisfied_percent, facts.satisfaction_target),
            f"{facts.survey.satisfied_percent:.1f}% / {facts.satisfaction_target:.0f}%",
        ),
        "voice_complaints": (
            _share(facts.complaints_answered, facts.complaints),
            f"{facts.complaints_answered} / {facts.complaints}",
        ),
        "money_execution": (
            _share(facts.spent_fen, facts.received_fen),
            f"{yuan(facts.spent_fen)} / {yuan(facts.received_fen)} 元",
        ),
    }
    return {
        code: Points(round(share * most[code], 2), basis) for code, (share, basis) in shares.items() if code in most
    }


def measured(measure: Measure, facts: Facts) -> tuple[float, str] | None:
    """Return the value of an indicator that the records give, and where it was read; None for one entered by hand."""
    values: dict[Measure, tuple[float, str]] = {
        Measure.ACTIVITY_COUNT: (facts.activity_count, _("活动记录")),
        Measure.PERSON_COUNT: (facts.person_count, _("活动签到，按人去重")),
        Measure.ATTENDANCE_COUNT: (facts.attendance_count, _("活动签到，按人次")),
        Measure.SATISFACTION_PERCENT: (
            facts.survey.satisfied_percent,
            _("满意度调查，%(count)d 份答卷", count=facts.survey.answers),
        ),
    }
    return values.get(measure)


def grade_of(total: float, bands: Mapping[str, float], veto: bool = False) -> Grade:
    """Return the band of a total; a veto item fails whatever the points."""
    if veto:
        return Grade.FAIL
    for grade, key in ((Grade.EXCELLENT, "excellent"), (Grade.GOOD, "good"), (Grade.PASS, "pass")):
        if total >= bands[key]:
            return grade
    return Grade.FAIL


@dataclass(frozen=True)
class Efficiency:
    """Ratios of service efficiency; money in 分, None where the divisor is nothing."""

    cost_per_person_fen: int | None
    cost_per_attendance_fen: int | None
    cost_per_activity_fen: int | None
    attendances_per_10k_yuan: float | None
    execution_percent: float | None
    management_percent: float | None
    leverage: float | None


def efficiency(
    *,
    spent_fen: int,
    persons: int,
    attendances: int,
    activities: int,
    awarded_fen: int,
    management_fen: int,
    social_fen: int,
) -> Efficiency:
    """Return the efficiency ratios of one project."""

    def per(count: int) -> int | None:
        return round(spent_fen / count) if count else None

    return Efficiency(
        per(persons),
        per(attendances),
        per(activities),
        round(attendances * 1_000_000 / spent_fen, 1) if spent_fen else None,
        round(spent_fen * 100 / awarded_fen, 1) if awarded_fen else None,
        round(management_fen * 100 / spent_fen, 1) if spent_fen else None,
        round(social_fen / awarded_fen, 3) if awarded_fen else None,
    )
