"""Evaluation: survey scales, grade bands and the formulas behind the points that are computed."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

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


class BandTable(StrEnum):
    """The words a round grades with: the street's own, those of the finance ministry, or three letters."""

    PROJECT = "project"
    FISCAL = "fiscal"
    LETTERS = "letters"


BAND_TABLES: dict[BandTable, dict[Grade, Text]] = {
    BandTable.PROJECT: GRADE_LABELS,
    BandTable.FISCAL: {
        Grade.EXCELLENT: _l("优"),
        Grade.GOOD: _l("良"),
        Grade.PASS: _l("中"),
        Grade.FAIL: _l("差"),
    },
    BandTable.LETTERS: {Grade.EXCELLENT: _l("A 等"), Grade.PASS: _l("B 等"), Grade.FAIL: _l("C 等")},
}


def band_table(settings: Mapping[str, Any]) -> BandTable:
    """Return the band table of a round's settings; the street's own where the round chose none."""
    return BandTable(settings.get("band_table", BandTable.PROJECT))


def grade_label(grade: Grade, settings: Mapping[str, Any]) -> Text:
    """Return the word for a grade in a round's own table."""
    return BAND_TABLES[band_table(settings)].get(grade, GRADE_LABELS[grade])


class VetoItem(StrEnum):
    """What fails a project whatever its points."""

    FRAUD = "fraud"
    MISUSE = "misuse"
    AUDIT_REFUSED = "audit_refused"
    INCIDENT = "incident"
    SATISFACTION = "satisfaction"


VETO_LABELS: dict[VetoItem, Text] = {
    VetoItem.FRAUD: _l("弄虚作假"),
    VetoItem.MISUSE: _l("挪用资金"),
    VetoItem.AUDIT_REFUSED: _l("拒绝审计"),
    VetoItem.INCIDENT: _l("安全责任事故或恶劣影响"),
    VetoItem.SATISFACTION: _l("居民满意率过低"),
}

FINAL_FORMULAS: dict[str, Text] = {
    "done_activities": _l("实际场次 ÷ 约定场次，最高 1"),
    "done_people": _l("受益人数、人次各占一半：实际 ÷ 约定，最高 1"),
    "done_schedule": _l("按期申报并核实的里程碑 ÷ 全部里程碑"),
    "effect_senses": _l("获得感、幸福感、安全感均分 ÷ 5"),
    "voice_survey": _l("满意率 ÷ 满意率目标，最高 1"),
    "voice_complaints": _l("已答复投诉 ÷ 全部投诉，没有投诉得满分"),
    "money_execution": _l("支出 ÷ 到位资金，最高 1"),
}
"""The lines of the final table that are computed, and how; the others are judged."""

JUDGED_SENSES = ("gain", "happiness", "safety")
SENSE_LABELS: dict[str, Text] = {"gain": _l("获得感"), "happiness": _l("幸福感"), "safety": _l("安全感")}


@dataclass(frozen=True)
class SurveySummary:
    """What the people served said; percents are of valid answers, senses are means of 1–5."""

    answers: int = 0
    invited: int = 0
    entered: int = 0
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
        """Return answers as a share of the people approached, or 0 where nobody was."""
        return round(self.answers * 100 / self.approached, 1) if self.approached else 0.0

    @property
    def approached(self) -> int:
        """Return how many were asked: everybody with a link, and who answered by telephone or on paper without one."""
        return self.invited + self.entered


def summarise(
    counts: Mapping[Satisfaction, int], senses: Mapping[str, float], invited: int, entered: int = 0
) -> SurveySummary:
    """Return the summary of answers: 满意率 = (非常满意 + 满意) ÷ valid answers; points as in SATISFACTION_POINTS."""
    total = sum(counts.values())
    if total == 0:
        return SurveySummary(invited=invited, entered=entered, counts=dict(counts))
    good = counts.get(Satisfaction.VERY_GOOD, 0) + counts.get(Satisfaction.GOOD, 0)
    points = sum(SATISFACTION_POINTS[answer] * count for answer, count in counts.items())
    return SurveySummary(
        answers=total,
        invited=invited,
        entered=entered,
        counts=dict(counts),
        satisfied_percent=round(good * 100 / total, 1),
        mean_points=round(points / total, 1),
        **{name: round(senses.get(name, 0.0), 2) for name in JUDGED_SENSES},
    )


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


def grade_of(
    total: float, bands: Mapping[str, float], veto: bool = False, table: BandTable = BandTable.PROJECT
) -> Grade:
    """Return the band of a total; a veto item fails whatever the points, and three letters know no second band."""
    if veto:
        return Grade.FAIL
    for grade, key in ((Grade.EXCELLENT, "excellent"), (Grade.GOOD, "good"), (Grade.PASS, "pass")):
        if total >= bands[key] and grade in BAND_TABLES[table]:
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
