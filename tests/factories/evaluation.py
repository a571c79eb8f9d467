"""Builders of surveys and evaluations, through the services; they work on a `tests.factories.payments.Case`."""

from grants.evaluation import service
from grants.evaluation.models import Evaluation, Survey
from grants.evaluation.rules import Satisfaction, SurveyChannel
from grants.foundation.database import db
from grants.projects.rules import Measure
from tests.factories.payments import Case

ANSWERS = (
    (Satisfaction.VERY_GOOD, 20),
    (Satisfaction.GOOD, 8),
    (Satisfaction.FAIR, 3),
    (Satisfaction.POOR, 1),
)
"""Thirty-two answers, 28 of them content."""
TEXTS = {
    "conclusion": "项目完成了约定的目标，资金使用规范。",
    "strengths": "楼组长和居民一起核定服务名单。\n志愿者固定结对。",
    "problems": "送餐偶有迟到。",
    "suggestions": "建议与社区食堂协商错峰出餐。",
}


def make_survey(case: Case) -> Survey:
    """Open a survey, type in thirty-two answers by telephone and close it."""
    officer = case.parties.programme
    survey = service.open_survey(officer=officer, agreement=case.agreement)
    db.session.flush()
    for satisfaction, count in ANSWERS:
        for number in range(count):
            comment = "饭菜热乎，送餐的人也和气。" if number == 0 else ""
            given = service.Answer(satisfaction, 5, 4, 5 - number % 2, comment)
            service.enter_answer(officer=officer, survey=survey, answer=given, channel=SurveyChannel.PHONE)
    db.session.flush()
    check(case, survey)
    service.close_survey(officer=officer, survey=survey)
    return survey


def check(case: Case, survey: Survey, count: int = 5) -> None:
    """Let the community call some of those served."""
    for number in range(count):
        call = service.Call(is_reached=True, has_joined=True, has_answered=True)
        service.check_answer(officer=case.parties.community_officer, survey=survey, person=f"张桂{number}兰", call=call)
    db.session.flush()


def make_draft(case: Case) -> Evaluation:
    """Take the survey and score every line that is judged."""
    make_survey(case)
    evaluation = service.draft_evaluation(officer=case.parties.programme, agreement=case.agreement)
    points = {
        item.code: (max(item.max_points - 1, 0), "抽查资料，个别记录不完整。")
        for item in service.criteria_of(evaluation)
    }
    values = {
        one.position: (one.target, "现场核对")
        for one in case.agreement.project.indicators
        if one.measure is Measure.MANUAL
    }
    service.enter_values(officer=case.parties.programme, evaluation=evaluation, values=values)
    service.set_points(officer=case.parties.programme, evaluation=evaluation, points=points, texts=TEXTS)
    return evaluation


def publish(case: Case, evaluation: Evaluation) -> Evaluation:
    """Submit an evaluation and let the leader publish it."""
    service.submit_evaluation(officer=case.parties.programme, evaluation=evaluation)
    service.publish_evaluation(leader=case.parties.leader, evaluation=evaluation)
    db.session.flush()
    return evaluation
