"""Appeals: in the window, once, by the organisation; examined by others; before and after stay on record."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from grants.agreements.rules import AgreementStatus, MidtermResult
from grants.evaluation import policy, queries, service
from grants.evaluation.models import Appeal, Evaluation
from grants.evaluation.rules import Grade, MidtermStatus, VetoItem
from grants.foundation import clock
from grants.foundation.clock import now, today
from grants.foundation.database import db
from grants.foundation.errors import NotPermitted, RuleBroken
from grants.people.models import User
from grants.people.rules import Role
from tests.browsing import Browser
from tests.factories import evaluation as finals
from tests.factories import midterm as midterms
from tests.factories import payments, people

Browse = Callable[[str | None], Browser]
REFUSED = service.Finding(is_upheld=False, answer="原评分依据充分，维持。")


@pytest.fixture
def case(ctx: Flask) -> payments.Case:
    """Return a project under way, and a second officer who had no hand in it."""
    made = payments.make_case()
    people.make_user("programme-9", Role.PROGRAMME, name="许复核")
    db.session.flush()
    return made


def other() -> User:
    return payments.staff("programme-9")


def failed(case: payments.Case) -> Evaluation:
    """Publish a final evaluation that a veto fails."""
    evaluation = finals.make_draft(case)
    texts = {**finals.TEXTS, "veto_item": "fraud", "veto_reason": "签到表代签。"}
    service.set_points(officer=case.parties.programme, evaluation=evaluation, points={}, texts=texts)
    return finals.publish(case, evaluation)


def raised(points: float, basis: str = "补充了凭证") -> dict[str, tuple[float, str]]:
    return {"money_vouchers": (points, basis)}


def test_a_veto_fails_and_keeps_the_organisation_out_until_an_appeal_lifts_it(case: payments.Case) -> None:
    evaluation = failed(case)
    assert (evaluation.grade, evaluation.veto_item) == (Grade.FAIL, VetoItem.FRAUD)
    organisation = case.agreement.organisation
    assert organisation.poor_grade_on == today()
    appeal = service.file_appeal(member=case.member, subject=evaluation, grounds="代签系家属代老人签到，有授权。")
    assert "正在复核" in (policy.why_not_settle(payments.staff("finance-1"), evaluation) or "")
    total = evaluation.total
    finding = service.Finding(is_upheld=True, answer="授权属实。", lifts_veto=True)
    service.decide_appeal(officer=other(), appeal=appeal, finding=finding)
    assert (appeal.result_before, appeal.total_before) == ("不合格", total)
    assert appeal.result_after != "不合格"
    assert evaluation.veto_item is None
    assert organisation.poor_grade_on is None
    assert case.agreement.status is AgreementStatus.COMPLETED


def test_people_of_the_first_result_do_not_examine_it(case: payments.Case) -> None:
    evaluation = finals.publish(case, finals.make_draft(case))
    appeal = service.file_appeal(member=case.member, subject=evaluation, grounds="档案分偏低。")
    db.session.flush()
    for first in (case.parties.programme, case.parties.leader):
        with pytest.raises(NotPermitted, match="不能复核"):
            service.decide_appeal(officer=first, appeal=appeal, finding=REFUSED)
    with pytest.raises(IntegrityError, match="examined_by_others"), db.session.begin_nested():
        db.session.execute(update(Appeal).values(examined_by_id=case.parties.programme.id))
    with pytest.raises(NotPermitted, match="只能申诉一次"):
        service.file_appeal(member=case.member, subject=evaluation, grounds="再诉。")


def test_raised_points_are_kept_with_before_and_after_and_a_refusal_changes_nothing(case: payments.Case) -> None:
    evaluation = finals.publish(case, finals.make_draft(case))
    appeal = service.file_appeal(member=case.member, subject=evaluation, grounds="票据已补齐。")
    before = evaluation.total or 0
    for finding in (
        service.Finding(is_upheld=True, answer="成立"),
        service.Finding(is_upheld=True, answer="成立", points=raised(99)),
        service.Finding(is_upheld=True, answer="成立", points=raised(1)),
        service.Finding(is_upheld=True, answer=" ", points=raised(4)),
    ):
        with pytest.raises(RuleBroken):
            service.decide_appeal(officer=other(), appeal=appeal, finding=finding)
    finding = service.Finding(is_upheld=True, answer="凭证齐全。", points=raised(4))
    service.decide_appeal(officer=other(), appeal=appeal, finding=finding)
    assert (appeal.total_before, appeal.total_after, evaluation.total) == (before, before + 1, before + 1)
    assert appeal.changes == [{"name": "票据档案", "before": 3.0, "after": 4.0, "basis": "补充了凭证"}]


def test_the_window_ends(case: payments.Case) -> None:
    evaluation = finals.publish(case, finals.make_draft(case))
    assert evaluation.objections_until is not None
    later = now() + (evaluation.objections_until - today()) + timedelta(days=1)
    with clock.set_to(later), pytest.raises(NotPermitted, match="已经结束"):
        service.file_appeal(member=case.member, subject=evaluation, grounds="迟了。")


def test_a_mid_term_result_under_appeal_holds_its_tranche_and_counts_when_decided(case: payments.Case) -> None:
    midterm = midterms.make_published(case)
    appeal = service.file_appeal(member=case.member, subject=midterm, grounds="团队分偏低。")
    assert case.agreement.midterm_result is MidtermResult.APPEALED
    service.decide_appeal(officer=other(), appeal=appeal, finding=REFUSED)
    assert case.agreement.midterm_result is MidtermResult.PASSED
    assert appeal.total_before == appeal.total_after


def test_an_organisation_wrongly_called_late_reports_again(case: payments.Case) -> None:
    midterm = midterms.make_open(case)
    with clock.set_to(now() + timedelta(days=30)):
        service.fail_late_midterm(officer=case.parties.programme, midterm=midterm)
        service.publish_midterm(leader=case.parties.leader, midterm=midterm)
        appeal = service.file_appeal(member=case.member, subject=midterm, grounds="系统故障，有截图。")
        finding = service.Finding(is_upheld=True, answer="故障属实，重新报送。")
        service.decide_appeal(officer=other(), appeal=appeal, finding=finding)
        assert (midterm.status, midterm.is_late, appeal.result_after) == (MidtermStatus.REPORTING, False, "重新报送")
        assert case.agreement.midterm_result is None
        service.report_midterm(member=case.member, midterm=midterm, report="活动过半。", problems="")


def test_too_few_content_residents_fail_a_project_by_themselves(case: payments.Case) -> None:
    case.agreement.project.round.settings = {
        **case.agreement.project.round.settings,
        "veto_satisfaction_percent": 88,
    }
    evaluation = finals.publish(case, finals.make_draft(case))
    assert (evaluation.veto_item, evaluation.grade) == (VetoItem.SATISFACTION, Grade.FAIL)
    assert "87.5%" in (evaluation.veto_reason or "")


def test_pages_of_an_appeal(app: Flask, browse: Browse) -> None:
    with app.app_context():
        case = payments.make_case()
        people.make_user("programme-9", Role.PROGRAMME, name="许复核")
        stranger = people.make_organisation("别的机构")
        people.make_user("org-9", Role.ORGANISATION, organisation=stranger)
        ref = finals.publish(case, finals.make_draft(case)).ref
        db.session.commit()
    page = f"/evaluations/{ref}/appeal"
    assert "提出申诉" in browse("org-1").get(f"/evaluations/{ref}").text
    browse("org-9").post(page, {"grounds": "冒充"}, status=403)
    browse("org-1").post(page, {"grounds": ""}, status=422)
    appeal = browse("org-1").post(page, {"grounds": "票据已补齐。"}).location
    browse("org-9").get(appeal, status=404)
    assert "原评分人和审定人不能复核" in browse("leader-1").get(appeal).text
    assert appeal in browse("programme-9").get("/desk").html
    typed = {"is_upheld": "yes", "answer": "凭证齐全。", "points-money_vouchers": "4"}
    refused = browse("programme-9").post(f"{appeal}/decide", typed, status=422)
    assert "调整得分须写明依据" in refused.text
    browse("programme-9").post(f"{appeal}/decide", {**typed, "basis-money_vouchers": "已补"})
    seen = browse(None).get(f"/evaluations/{ref}").text
    assert "申诉成立，结果已更正" in seen
    assert "票据已补齐" not in seen
    with app.app_context():
        assert queries.get_evaluation(ref).grade is not None
