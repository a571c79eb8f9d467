"""Residents find the surveys of projects that served them on their desk and answer once, without a name."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select

from grants.evaluation import queries, service
from grants.evaluation.models import SurveyAnswer, SurveyInvitation
from grants.foundation.database import db
from grants.people import queries as people_queries
from grants.people.models import Resident, User
from grants.supervision.models import ActivitySignIn
from tests.browsing import Browser
from tests.factories import payments, people, supervision

Browse = Callable[[str | None], Browser]
ANSWER = {"satisfaction": "very_good", "gain": "5", "happiness": "4", "safety": "5", "comment": "饭菜热乎"}


@pytest.fixture
def survey(app: Flask) -> str:
    """Open the survey of a project that served one of two residents; return its reference."""
    with app.app_context():
        case = payments.make_case()
        activity = supervision.make_recorded(case.parties, case.agreement)
        served = people.make_resident("served-1", name="张桂兰")
        people.make_resident("other-1", name="欧阳明")
        db.session.flush()
        db.session.add(ActivitySignIn(activity_id=activity.id, resident_id=served.id))
        ref = service.open_survey(officer=case.parties.programme, agreement=case.agreement).ref
        db.session.commit()
    return ref


def account(login: str) -> User:
    found = people_queries.find_user(login)
    assert found is not None
    return found


def counts(app: Flask) -> tuple[int, int]:
    """Return how many answers there are, and how many invitations were used."""
    with app.app_context():
        used = select(func.count()).where(SurveyInvitation.is_used)
        return (
            db.session.scalar(select(func.count()).select_from(SurveyAnswer)) or 0,
            db.session.scalar(used) or 0,
        )


def test_who_was_served_finds_the_survey_on_the_desk_and_on_the_start_page(browse: Browse, survey: str) -> None:
    own = f"/surveys/mine/{survey}"
    for path in ("/desk", "/"):
        assert own in browse("served-1").get(path).html
        assert own not in browse("other-1").get(path).html
    assert own not in browse(None).get("/").html
    assert "/evaluations/#surveys" in browse(None).get("/").html
    assert own in browse(None).get("/evaluations/").html


def test_an_answer_is_taken_once_and_the_link_goes_away(app: Flask, browse: Browse, survey: str) -> None:
    resident, own = browse("served-1"), f"/surveys/mine/{survey}"
    assert "不记名" in resident.get(own).text
    assert "谢谢您的评价" in resident.post(own, ANSWER, status=200).text
    assert counts(app) == (1, 1)
    assert own not in resident.get("/desk").html
    assert "每人只能评价一次" in resident.post(own, ANSWER, status=403).text
    assert counts(app) == (1, 1)
    with app.app_context():
        answer = db.session.scalars(select(SurveyAnswer)).one()
        assert answer.entered_by_id is None


def test_who_was_not_served_is_told_why_and_what_to_do(app: Flask, browse: Browse, survey: str) -> None:
    refused = browse("other-1").post(f"/surveys/mine/{survey}", ANSWER, status=403)
    assert "只请参加过活动的居民填写" in refused.text
    browse("programme-1").get(f"/surveys/mine/{survey}", status=403)
    assert browse(None).get(f"/surveys/mine/{survey}", status=302).location.startswith("/sign-in")
    assert counts(app) == (0, 0)


def test_the_link_of_an_invitation_and_the_desk_are_one_answer(app: Flask, browse: Browse, survey: str) -> None:
    with app.app_context():
        found = queries.get_survey(survey)
        assert service.invite_served(officer=account("programme-1"), survey=found) >= 1
        db.session.commit()
    browse("served-1").post(f"/surveys/mine/{survey}", ANSWER, status=200)
    assert counts(app) == (1, 1)
    with app.app_context():
        resident = db.session.scalars(select(Resident).where(Resident.user_id == account("served-1").id)).one()
        invitation = queries.find_own_invitation(queries.get_survey(survey), resident)
        assert invitation is not None
        assert invitation.is_used


def test_a_closed_survey_takes_no_more(app: Flask, browse: Browse, survey: str) -> None:
    with app.app_context():
        found = queries.get_survey(survey)
        officer = account("programme-1")
        for _number in range(40):
            given = service.Answer(service.surveys.Satisfaction.GOOD, 4, 4, 4)
            service.enter_answer(
                officer=officer, survey=found, answer=given, channel=service.surveys.SurveyChannel.PHONE
            )
        db.session.flush()
        for _number in range(5):
            call = service.Call(is_reached=True, has_joined=True, has_answered=False)
            service.check_answer(officer=account("community-1"), survey=found, person="张桂兰", call=call)
        service.close_survey(officer=officer, survey=found)
        db.session.commit()
    assert "调查已经结束" in browse("served-1").get(f"/surveys/mine/{survey}", status=403).text
    assert survey not in browse("served-1").get("/desk").html
