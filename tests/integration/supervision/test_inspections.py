"""Inspections: planned with a person and a day, made item by item, calls to a drawn sample of those served."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError

from grants.agreements.models import Agreement
from grants.foundation.clock import now, today
from grants.foundation.database import db
from grants.foundation.errors import NotPermitted, RuleBroken, TransitionRefused
from grants.people.models import User
from grants.people.rules import Role
from grants.supervision import policy, queries, service
from grants.supervision.models import Inspection, InspectionItem, SpotCall
from grants.supervision.rules import CallOutcome, InspectionMethod, InspectionStatus, ItemGrade, quarter_of
from tests.browsing import Browser
from tests.factories import agreements, people, supervision
from tests.factories.agreements import Parties

Browse = Callable[[str | None], Browser]
GOOD, IMPROVE, FAIL = ItemGrade.GOOD, ItemGrade.IMPROVE, ItemGrade.FAIL


def plan(
    parties: Parties, agreement: Agreement, method: InspectionMethod = InspectionMethod.ON_SITE, **changes: Any
) -> Inspection:
    """Plan an inspection by the community officer within ten days."""
    parts: dict[str, Any] = {
        "due_on": today() + timedelta(days=10),
        "assigned_to": parties.community_officer,
        "officer": parties.programme,
        **changes,
    }
    made = service.plan_inspection(agreement=agreement, method=method, **parts)
    db.session.flush()
    return made


def record(inspection: Inspection, by: User, *grades: ItemGrade, note: str = "签到表缺一页", **changes: Any) -> None:
    """Record an inspection; what is not good gets the note."""
    findings = [service.Finding(grade, "" if grade is GOOD else note) for grade in grades]
    parts: dict[str, Any] = {"done_on": today(), "summary": "总体正常。", **changes}
    service.record_inspection(inspection=inspection, by=by, findings=findings, **parts)
    db.session.flush()


def test_the_grade_is_that_of_the_worst_item_and_the_inspected_learn_of_it_then_only(
    parties: Parties, agreement: Agreement
) -> None:
    made = plan(parties, agreement)
    assert made.quarter == quarter_of(made.due_on)
    assert policy.why_not_read_inspection(parties.member, made) is not None
    assert queries.list_inspections(agreement.id, is_done_only=True) == []
    record(made, parties.community_officer, GOOD, IMPROVE, GOOD, GOOD)
    assert (made.status, made.grade) == (InspectionStatus.DONE, IMPROVE)
    assert policy.why_not_read_inspection(parties.member, made) is None
    with pytest.raises(TransitionRefused):
        record(made, parties.community_officer, GOOD, GOOD, GOOD, GOOD)


@pytest.mark.parametrize(
    ("grades", "changes", "field"),
    [
        ((GOOD, GOOD, GOOD), {}, None),
        ((GOOD, GOOD, GOOD, FAIL), {"note": " "}, "note_3"),
        ((GOOD, GOOD, GOOD, GOOD), {"summary": " "}, "summary"),
        ((GOOD, GOOD, GOOD, GOOD), {"done_on": today() + timedelta(days=1)}, "done_on"),
    ],
)
def test_findings_that_are_not_complete_are_refused(
    parties: Parties, agreement: Agreement, grades: tuple[ItemGrade, ...], changes: dict[str, Any], field: str | None
) -> None:
    made = plan(parties, agreement)
    with pytest.raises(RuleBroken) as refusal:
        record(made, parties.community_officer, *grades, **changes)
    assert refusal.value.field == field
    assert made.status is InspectionStatus.PLANNED


def test_only_the_programme_plans_only_fit_people_are_sent_and_only_they_record(
    parties: Parties, agreement: Agreement
) -> None:
    other = people.make_user("community-9", Role.COMMUNITY, place=people.community(2))
    for officer in (parties.community_officer, parties.member):
        with pytest.raises(NotPermitted):
            plan(parties, agreement, officer=officer)
    for wrong in ({"assigned_to": other}, {"assigned_to": parties.member}, {"due_on": today() - timedelta(days=1)}):
        with pytest.raises(RuleBroken):
            plan(parties, agreement, **wrong)
    made = plan(parties, agreement)
    for actor in (parties.programme, parties.member, other):
        with pytest.raises(NotPermitted):
            record(made, actor, GOOD, GOOD, GOOD, GOOD)
    with pytest.raises(NotPermitted):
        service.cancel_inspection(inspection=made, officer=parties.community_officer, reason="台风")
    service.cancel_inspection(inspection=made, officer=parties.programme, reason="台风蓝色预警")
    with pytest.raises(TransitionRefused):
        record(made, parties.community_officer, GOOD, GOOD, GOOD, GOOD)


def test_what_is_overdue_stands_on_both_desks_and_what_is_not_planned_on_one(
    parties: Parties, agreement: Agreement
) -> None:
    def titles(user: User) -> str:
        return " ".join(item.title for item in queries.list_due_for(user))

    assert "安排本季度检查" in titles(parties.programme)
    assert "安排本季度检查" not in titles(parties.community_officer)
    made = plan(parties, agreement, due_on=today())
    assert "安排本季度检查" not in titles(parties.programme)
    assert f"检查：{agreement.project.title}" in titles(parties.community_officer)
    assert "催办检查" not in titles(parties.programme), "its last day has not passed"
    with supervision.on_day(1):
        assert "催办检查" in titles(parties.programme)
        record(made, parties.community_officer, GOOD, GOOD, GOOD, GOOD)
        assert "催办检查" not in titles(parties.programme)


@pytest.fixture
def served(parties: Parties, agreement: Agreement) -> list[User]:
    """Have four neighbours sign in to an activity."""
    activity, users = supervision.make_announced(parties, agreement), supervision.make_neighbours(parties)
    for user in users:
        assert user.resident is not None
        service.sign_in(resident=user.resident, code=activity.sign_in_code)
    db.session.flush()
    return users


def test_calls_go_to_a_sample_that_can_be_drawn_again_and_all_are_made_before_the_findings(
    parties: Parties, agreement: Agreement, served: list[User]
) -> None:
    officer = parties.community_officer
    first, again = (plan(parties, agreement, InspectionMethod.PHONE) for _time in range(2))
    calls = service.draw_sample(inspection=first, by=officer, count=3, seed="20260301")
    drawn = [call.resident.id for call in calls]
    assert len(drawn) == 3
    assert set(drawn) <= {user.resident.id for user in served if user.resident is not None}
    repeated = service.draw_sample(inspection=again, by=officer, count=3, seed="20260301")
    assert [call.resident.id for call in repeated] == drawn
    with pytest.raises(RuleBroken, match="只能抽取一次"):
        service.draw_sample(inspection=first, by=officer, count=1)
    db.session.flush()
    with pytest.raises(RuleBroken, match="每一通电话"):
        record(first, officer, GOOD, GOOD)
    with pytest.raises(RuleBroken, match="是否参加过"):
        service.record_call(call=calls[0], by=officer, outcome=CallOutcome.ANSWERED)
    for call in calls[:2]:
        service.record_call(call=call, by=officer, outcome=CallOutcome.ANSWERED, has_attended=True, score=5)
    service.record_call(call=calls[2], by=officer, outcome=CallOutcome.NO_ANSWER, has_attended=True, score=1)
    assert (calls[2].has_attended, calls[2].score) == (None, None), "who did not answer said nothing"
    record(first, officer, GOOD, GOOD)
    with pytest.raises(TransitionRefused):
        service.record_call(call=calls[0], by=officer, outcome=CallOutcome.REFUSED)


def test_nobody_is_called_when_nobody_signed_in_or_when_it_is_no_call(parties: Parties, agreement: Agreement) -> None:
    for method, match in ((InspectionMethod.PHONE, "还没有居民"), (InspectionMethod.TALK, "只用于电话抽访")):
        with pytest.raises(RuleBroken, match=match):
            service.draw_sample(inspection=plan(parties, agreement, method), by=parties.community_officer, count=3)


@pytest.mark.parametrize(
    "changes",
    [
        {"status": InspectionStatus.DONE},
        {"done_on": today()},
        {"grade": GOOD},
        {"cancel_reason": "台风"},
        {"sample_seed": "1", "sample_from": 4},
    ],
)
def test_the_database_refuses_an_inspection_that_does_not_hang_together(
    parties: Parties, agreement: Agreement, changes: dict[str, Any]
) -> None:
    made = plan(parties, agreement)
    for name, value in changes.items():
        setattr(made, name, value)
    with pytest.raises(IntegrityError):
        db.session.flush()


@pytest.mark.parametrize(
    "changes", [{"score": 6}, {"outcome": CallOutcome.ANSWERED}, {"outcome": CallOutcome.REFUSED, "score": 3}]
)
def test_the_database_refuses_a_call_or_an_item_that_does_not_hang_together(
    parties: Parties, agreement: Agreement, served: list[User], changes: dict[str, Any]
) -> None:
    made, resident = plan(parties, agreement, InspectionMethod.PHONE), served[0].resident
    assert resident is not None
    db.session.commit()
    called = {"called_at": now()} if "outcome" in changes else {}
    db.session.add(SpotCall(inspection_id=made.id, number=1, resident_id=resident.id, **changes, **called))
    with pytest.raises(IntegrityError):
        db.session.flush()
    db.session.rollback()
    db.session.add(InspectionItem(inspection_id=made.id, position=1, subject="资料齐全", grade=FAIL))
    with pytest.raises(IntegrityError):
        db.session.flush()


def test_an_inspection_goes_from_plan_to_result_on_the_pages(app: Flask, browse: Browse) -> None:
    with app.app_context():
        parties = agreements.make_parties()
        agreement = agreements.make_signed(parties)
        activity = supervision.make_announced(parties, agreement)
        for user in supervision.make_neighbours(parties, 2):
            assert user.resident is not None
            service.sign_in(resident=user.resident, code=activity.sign_in_code)
        people.make_user("org-9", Role.ORGANISATION, organisation=people.make_organisation("晨曦志愿服务中心"))
        ref = agreement.ref
        db.session.commit()
    programme, officer, member = browse("programme-1"), browse("community-1"), browse("org-1")
    form = {"method": "phone", "assigned_to": "community-1", "due_on": "", "focus": "核对人数"}
    assert "请选择完成日期" in programme.post(f"/supervision/{ref}/inspections/new", form, status=422).text
    page = programme.post(f"/supervision/{ref}/inspections/new", {**form, "due_on": today().isoformat()}).location
    member.get(page, status=403)
    assert page.rsplit("/", 1)[1] not in member.get(f"/supervision/{ref}/").html
    officer.submit(page, {"count": "5", "seed": "7"})
    seen = officer.get(page)
    assert "陈*兰" in seen.text
    assert "陈秀兰" not in seen.html
    assert "必须选择" in officer.get(f"{page}/calls/1").text
    assert "是否参加过" in officer.post(f"{page}/calls/1", {"outcome": "answered"}, status=422).text
    for number in (1, 2):
        officer.post(f"{page}/calls/{number}", {"outcome": "answered", "has_attended": "yes", "remark": "老师很耐心"})
    officer.get(f"{page}/calls/3", status=404)
    result = {"done_on": today().isoformat(), "grade_0": "good", "grade_1": "improve", "summary": "两位居民都参加过。"}
    assert "请写明情况" in officer.post(f"{page}/record", result, status=422).text
    officer.post(f"{page}/record", {**result, "note_1": "希望增加场次"})
    seen = member.get(page)
    assert "希望增加场次" in seen.text
    assert "老师很耐心" not in seen.html, "what people said on the telephone is not for the inspected"
    assert "陈*兰" not in seen.html
    browse("org-9").get(page, status=403)
    assert "需改进" in programme.get("/supervision/inspections/?status=done").text
    assert "需改进" in programme.get("/supervision/inspections/?format=csv").html
