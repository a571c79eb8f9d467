"""The library of cases: what may enter it, what the database refuses, and the pages."""

import uuid
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError

from grants.evaluation.models import Evaluation
from grants.evaluation.rules import Grade
from grants.foundation.database import db
from grants.foundation.errors import NotPermitted, RuleBroken
from grants.growth import policy, queries, service
from grants.growth.models import CasePicture, ExemplaryCase
from grants.growth.service import CaseText
from tests.browsing import Browser
from tests.factories.payments import Case
from tests.integration.growth.conftest import LESSONS, STORY, make_finished

Browse = Callable[[str | None], Browser]
Finished = tuple[Case, Evaluation]
TEXT = CaseText("一碗热饭", STORY, LESSONS, "做法简单，别的社区可以照着做。")


def test_a_case_keeps_its_grade_and_its_reason_and_stands_in_the_library_once(finished: Finished) -> None:
    case, evaluation = finished
    officer = case.parties.programme
    photos = queries.list_pictures(case.agreement.id)
    assert len(photos) == 3
    made = service.choose_case(evaluation=evaluation, officer=officer, text=TEXT, pictures=photos[:2])
    assert (made.ref, made.grade, bool(made.reason)) == ("AL-2026-01-01", evaluation.grade, True)
    assert [one.evidence_id for one in made.pictures] == [one.id for one in photos[:2]]
    with pytest.raises(NotPermitted, match="已在案例库中"):
        service.choose_case(evaluation=evaluation, officer=officer, text=TEXT)
    service.withdraw_case(case=made, officer=officer, reason="组织请求移出")
    assert queries.list_cases() == []
    assert service.choose_case(evaluation=evaluation, officer=officer, text=TEXT).ref == "AL-2026-01-02"


@pytest.mark.parametrize(
    ("text", "field"),
    [
        (CaseText(" ", STORY, LESSONS, "理由"), "title"),
        (CaseText("题目", "太短", LESSONS, "理由"), "story"),
        (CaseText("题目", "长" * 2001, LESSONS, "理由"), "story"),
        (CaseText("题目", STORY, "短", "理由"), "lessons"),
        (CaseText("题目", STORY, LESSONS, " "), "reason"),
    ],
)
def test_a_text_that_does_not_do_is_refused_at_its_field(finished: Finished, text: CaseText, field: str) -> None:
    case, evaluation = finished
    evaluation.grade = Grade.GOOD
    with pytest.raises(RuleBroken) as refused:
        service.choose_case(evaluation=evaluation, officer=case.parties.programme, text=text)
    assert refused.value.field == field


def test_only_pictures_that_everybody_may_see_stand_in_a_case(finished: Finished) -> None:
    case, evaluation = finished
    photos = queries.list_pictures(case.agreement.id)
    choose = {"evaluation": evaluation, "officer": case.parties.programme, "text": TEXT}
    with pytest.raises(RuleBroken, match="最多选"):
        service.choose_case(**choose, pictures=photos)
    photos[0].activity.has_cleared_photos = False
    with pytest.raises(RuleBroken, match="不对外公开"):
        service.choose_case(**choose, pictures=photos[:1])


def test_only_the_office_chooses_and_only_what_is_done_and_did_not_fail(finished: Finished) -> None:
    case, evaluation = finished
    officer, parties = case.parties.programme, case.parties
    for actor in (None, parties.member, parties.leader, parties.community_officer):
        assert policy.why_not_choose(actor, evaluation) == "案例由社区建设部评选入库。"
    assert policy.why_not_choose(officer, evaluation) is None
    evaluation.grade = Grade.FAIL
    assert policy.why_not_choose(officer, evaluation) == "评价不合格的项目不能评为案例。"


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"grade": Grade.GOOD, "reason": None}, "reason_unless_excellent"),
        ({"grade": Grade.FAIL, "reason": "有理由"}, "no_failure_is_a_case"),
        ({"withdraw_reason": "没有人移出"}, "withdrawn_by_somebody_with_reason"),
    ],
)
def test_the_database_refuses_what_the_rules_refuse(finished: Finished, changes: dict[str, object], name: str) -> None:
    case, _evaluation = finished
    values = {"grade": Grade.EXCELLENT, "ref": "AL-X", "title": "题", "story": "文", "lessons": "法", **changes}
    db.session.add(ExemplaryCase(agreement=case.agreement, chosen_by=case.parties.programme, **values))
    with pytest.raises(IntegrityError, match=name):
        db.session.flush()


def test_the_database_refuses_a_second_case_of_a_project_and_a_third_picture(finished: Finished) -> None:
    case, evaluation = finished
    made = service.choose_case(evaluation=evaluation, officer=case.parties.programme, text=TEXT)
    photo = queries.list_pictures(case.agreement.id)[0]
    for row in (
        CasePicture(case_id=made.id, position=3, evidence_id=photo.id),
        ExemplaryCase(
            ref="AL-X", agreement_id=case.agreement.id, title="题", story="文", lessons="法", grade=Grade.EXCELLENT,
            chosen_by_id=case.parties.programme.id,
        ),
    ):  # fmt: skip
        with pytest.raises(IntegrityError), db.session.begin_nested():
            db.session.add(row)


@pytest.fixture
def project_ref(app: Flask) -> str:
    """Return the reference of a finished project, committed."""
    with app.app_context():
        case, _evaluation = make_finished()
        db.session.commit()
        return case.agreement.project.ref


def test_the_office_fills_in_the_form_and_everybody_reads_the_case(browse: Browse, project_ref: str) -> None:
    office, visitor = browse("programme-1"), browse(None)
    assert "还没有符合条件的案例" in visitor.get("/cases/").text
    path = f"/cases/new/{project_ref}"
    assert path in office.get("/cases/").html
    assert path not in visitor.get("/cases/").html
    page = office.get(path)
    pictures = [one["value"] for one in page.soup.select('input[name="pictures"]')]
    short = {"title": "一碗热饭", "story": "太短", "lessons": LESSONS, "reason": "值得推广", "pictures": pictures[:2]}
    seen = office.post(path, short, status=422)
    assert "请写 50 到 2000 字" in seen.text
    assert "太短" in seen.html
    office.post(path, {**short, "story": STORY, "pictures": [str(uuid.uuid4())]}, status=422)
    made = office.post(path, {**short, "story": STORY}).location
    case = visitor.get(made)
    assert "楼组长逐户核定名单" in case.text
    images = [one["src"] for one in case.soup.select("main img")]
    assert len(images) == 2
    assert all("/evidence/" in one for one in images)
    assert "一碗热饭" in visitor.get("/cases/?q=热饭").text
    assert "一碗热饭" not in visitor.get("/cases/?q=%25").text
    for stranger in ("org-1", "community-1", "leader-1"):
        browse(stranger).get(f"{made}/withdraw", status=403)
    office.post(f"{made}/withdraw", {"reason": " "}, status=422)
    office.post(f"{made}/withdraw", {"reason": "组织请求移出"})
    visitor.get(made, status=404)
    assert "组织请求移出" in office.get(made).text
