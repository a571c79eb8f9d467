"""Evaluation: survey scales, grade bands and the formulas behind the points that are computed."""

from enum import StrEnum

from grants.foundation.i18n import Text, _l
from grants.foundation.workflow import Workflow


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
