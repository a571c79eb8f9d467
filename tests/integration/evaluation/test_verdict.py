"""Nothing ends without the people served: surveys, submission and closing are refused until enough have spoken."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import delete, insert, select
from sqlalchemy.exc import IntegrityError

from grants.evaluation import queries, service
from grants.evaluation.models import SurveyAnswer, SurveyCheck
from grants.evaluation.rules import Satisfaction, SurveyChannel
from grants.foundation.database import db
from grants.foundation.errors import NotPermitted
from grants.people.rules import Role
from tests.browsing import Browser
from tests.factories import evaluation as builders
from tests.factories import payments, people, supervision

Browse = Callable[[str | None], Browser]


def answer(survey: object, count: int) -> None:
    """Let people answer by link."""
    row = {
        "survey_id": survey.id,  # type: ignore[attr-defined]
        "channel": SurveyChannel.LINK,
        "satisfaction": Satisfaction.GOOD,
        "gain": 4,
        "happiness": 4,
        "safety": 4,
    }
    db.session.execute(insert(SurveyAnswer), [row] * count)


@pytest.fixture
def refs(app: Flask) -> tuple[str, str]:
    """Open survey and evaluation of a project that served 35 people; return their references."""
    with app.app_context():
        case = payments.make_case()
        supervision.make_recorded(case.parties, case.agreement)
        survey = service.open_survey(officer=case.parties.programme, agreement=case.agreement)
        evaluation = service.draft_evaluation(officer=case.parties.programme, agreement=case.agreement)
        people.make_user("programme-9", Role.PROGRAMME, name="许复核")
        db.session.commit()
        return survey.ref, evaluation.ref


def test_the_page_counts_and_refuses_until_enough_have_answered_and_been_called(
    app: Flask, browse: Browse, refs: tuple[str, str]
) -> None:
    page = f"/evaluations/surveys/{refs[0]}"
    officer = browse("programme-1")
    with app.app_context():
        survey = queries.get_survey(refs[0])
        needed = queries.sample_of(survey.agreement).needed
        answer(survey, needed - 1)
        db.session.commit()
    assert f"结项至少需要 {needed} 份" in officer.get(page).text
    assert f"至少需要 {needed} 位服务对象评价" in officer.post(f"{page}/close", status=403).text
    with app.app_context():
        answer(queries.get_survey(refs[0]), 1)
        db.session.commit()
    assert "至少要电话复核 5 位" in officer.post(f"{page}/close", status=403).text
    assert "请填写签到表上的姓名" in officer.post(f"{page}/checks", {"result": "answered"}, status=422).text
    assert "请选择接通情况" in officer.post(f"{page}/checks", {"person": "张桂兰"}, status=422).text
    for result in ("answered", "answered", "joined", "missed", "absent", "answered"):
        officer.post(f"{page}/checks", {"person": "张桂兰", "result": result})
    seen = officer.get(page).text
    assert "有 1 位接通的居民说没有参加过活动" in seen
    assert "张桂兰" not in seen
    officer.post(f"{page}/close", status=302)


def test_nothing_is_submitted_or_closed_without_them(app: Flask, browse: Browse, refs: tuple[str, str]) -> None:
    page = f"/evaluations/{refs[1]}"
    refused = browse("programme-1").post(
        f"{page}/points", {"submit": "1", "conclusion": "好", "veto_item": ""}, status=422
    )
    assert "没有居民评价不能提交" in refused.text
    browse("programme-1").post(f"{page}/close", status=403)


def test_a_published_result_does_not_close_a_project_whose_answers_are_too_few(app: Flask, browse: Browse) -> None:
    with app.app_context():
        case = payments.make_case()
        evaluation = builders.publish(case, builders.make_draft(case))
        ref, kept = evaluation.ref, select(SurveyAnswer.id).limit(0)
        db.session.execute(delete(SurveyAnswer).where(SurveyAnswer.id.not_in(kept)))
        db.session.commit()
    refused = browse("programme-1").post(f"/evaluations/{ref}/close", status=403)
    assert "位服务对象评价，目前只有 0 位" in refused.text


def test_who_typed_answers_in_does_not_call_and_a_call_is_whole(app: Flask) -> None:
    with app.app_context():
        case = payments.make_case()
        officer = case.parties.programme
        survey = service.open_survey(officer=officer, agreement=case.agreement)
        db.session.flush()
        given = service.Answer(Satisfaction.GOOD, 4, 4, 4)
        service.enter_answer(officer=officer, survey=survey, answer=given, channel=SurveyChannel.PAPER)
        call = service.Call(is_reached=True, has_joined=True, has_answered=True)
        with pytest.raises(NotPermitted, match="其他人员"):
            service.check_answer(officer=officer, survey=survey, person="张桂兰", call=call)
        check = service.check_answer(officer=case.parties.community_officer, survey=survey, person="张桂兰", call=call)
        assert check.person != "张桂兰"
        row = {"survey_id": survey.id, "person": "张*兰", "is_reached": True, "called_by_id": officer.id}
        with pytest.raises(IntegrityError, match="answered_iff_reached"), db.session.begin_nested():
            db.session.execute(insert(SurveyCheck).values(row))
