"""The mid-term evaluation: who does what when, that late means failed, and that the next tranche waits for a pass."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from grants.agreements.models import Agreement
from grants.agreements.rules import MidtermResult
from grants.evaluation import policy, queries, service
from grants.evaluation.models import Midterm
from grants.evaluation.rules import MidtermStatus
from grants.foundation import clock
from grants.foundation.clock import now, today
from grants.foundation.database import db
from grants.foundation.errors import NotPermitted, RuleBroken
from grants.payments import queries as payment_queries
from grants.payments.rules import PaymentStatus
from grants.people.rules import Role
from tests.browsing import Browser
from tests.factories import midterm as builders
from tests.factories import payments, people

Browse = Callable[[str | None], Browser]


@pytest.fixture
def case(ctx: Flask) -> payments.Case:
    """Return a project under way."""
    return payments.make_case()


def gate(case: payments.Case) -> bool:
    """Tell whether the second tranche's mid-term condition is met."""
    checks = payment_queries.gate_checks(case.agreement.tranches[1])
    return next(check.is_met for check in checks if str(check.label) == "中期评估合格")


def test_a_pass_opens_the_next_tranche_when_its_window_is_over(case: payments.Case) -> None:
    assert not gate(case)
    midterm = builders.make_published(case)
    assert midterm.objections_until is not None
    assert midterm.is_passed
    assert not gate(case)
    with clock.set_to(now() + (midterm.objections_until - today()) + timedelta(days=1)):
        assert gate(case)


def test_a_failure_keeps_it_shut_until_another_attempt_passes(case: payments.Case) -> None:
    failed = builders.make_published(case, lost=15)
    assert failed.is_passed is False
    assert case.agreement.midterm_result is MidtermResult.FAILED
    assert "异议期" in (policy.why_not_open_midterm(case.parties.programme, case.agreement) or "")
    case.agreement.activity_target = case.agreement.person_target = case.agreement.attendance_target = 0
    with clock.set_to(now() + timedelta(days=40)):
        assert not gate(case)
        again = builders.make_published(case)
        assert (again.attempt, again.is_passed) == (2, True)
    with clock.set_to(now() + timedelta(days=60)):
        assert gate(case)


def test_late_means_failed_and_nobody_else_may_say_so_earlier(case: payments.Case) -> None:
    midterm = builders.make_open(case)
    with pytest.raises(NotPermitted, match="还没有逾期"):
        service.fail_late_midterm(officer=case.parties.programme, midterm=midterm)
    with clock.set_to(now() + (midterm.report_due_on - today()) + timedelta(days=1)):
        with pytest.raises(NotPermitted, match="逾期未报"):
            service.report_midterm(member=case.member, midterm=midterm, report="补报", problems="")
        service.fail_late_midterm(officer=case.parties.programme, midterm=midterm)
        service.publish_midterm(leader=case.parties.leader, midterm=midterm)
    assert (midterm.total, midterm.is_passed, midterm.is_late) == (0, False, True)
    assert case.agreement.midterm_result is MidtermResult.FAILED


@pytest.mark.parametrize(
    ("adjustment", "field"),
    [
        (service.Adjustment(bonus=11, bonus_reason="媒体报道"), "bonus_points"),
        (service.Adjustment(bonus=3), "bonus_reason"),
        (service.Adjustment(malus=3, malus_reason=" "), "malus_reason"),
    ],
)
def test_bonus_and_malus_have_a_reason_and_a_limit(
    case: payments.Case, adjustment: service.Adjustment, field: str
) -> None:
    with pytest.raises(RuleBroken) as refused:
        builders.make_submitted(case, adjustment=adjustment)
    assert refused.value.field == field


def test_a_bonus_counts_and_computed_lines_are_not_typed_over(case: payments.Case) -> None:
    midterm = builders.make_submitted(case, adjustment=service.Adjustment(bonus=5, bonus_reason="媒体报道"))
    lines = {line.criterion.code: line for line in midterm.points}
    # Nothing has been paid, so nothing was spent of it; the builder typed the full 15
    assert (lines["midterm_execution"].points, lines["midterm_execution"].is_computed) == (0, True)
    assert midterm.total == sum(line.points for line in midterm.points) + 5


def test_a_lateness_sent_back_leaves_time_to_report(case: payments.Case) -> None:
    midterm = builders.make_open(case)
    with clock.set_to(now() + (midterm.report_due_on - today()) + timedelta(days=1)):
        service.fail_late_midterm(officer=case.parties.programme, midterm=midterm)
        service.send_back_midterm(leader=case.parties.leader, midterm=midterm, reason="系统故障当天无法报送。")
        service.report_midterm(member=case.member, midterm=midterm, report="补报", problems="无")
    assert not midterm.is_late


def test_who_scored_submits_so_that_another_is_left_to_examine(case: payments.Case) -> None:
    midterm = builders.make_submitted(case)
    service.send_back_midterm(leader=case.parties.leader, midterm=midterm, reason="请补充依据。")
    other = people.make_user("programme-9", Role.PROGRAMME)
    with pytest.raises(NotPermitted, match="须为同一人"):
        service.submit_midterm(officer=other, midterm=midterm)
    service.submit_midterm(officer=case.parties.programme, midterm=midterm)


def test_scorer_and_publisher_are_two_and_the_database_says_so_too(case: payments.Case) -> None:
    midterm = builders.make_submitted(case)
    with pytest.raises(NotPermitted):
        service.publish_midterm(leader=case.parties.programme, midterm=midterm)
    for broken in (
        {"published_by_id": Midterm.scored_by_id},
        {"is_late": True},
        {"status": MidtermStatus.PUBLISHED},
        {"bonus_points": 3},
    ):
        with pytest.raises(IntegrityError), db.session.begin_nested():
            db.session.execute(update(Midterm).values(broken))


def test_the_database_pays_no_middle_tranche_without_a_pass(
    case: payments.Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    payments.make_request(case, PaymentStatus.PAID)
    payments.accept(case, case.agreement.tranches[0].amount_fen)
    payments.supervision.verify_milestone(case.parties, case.agreement, 1)
    payments.agreements.pass_midterm(case.agreement)
    request = payments.make_request(case, PaymentStatus.APPROVED, number=2)
    db.session.execute(update(Agreement).values(midterm_result=MidtermResult.FAILED, midterm_counts_on=None))
    db.session.expire_all()
    monkeypatch.setattr("grants.payments.queries.gates.why_midterm_blocks", lambda *_given: None)
    with pytest.raises(IntegrityError, match="mid-term"), db.session.begin_nested():
        payments.advance(case, request, PaymentStatus.PAID)


@pytest.fixture
def page(app: Flask) -> str:
    """Open a mid-term evaluation; return the address of its page."""
    with app.app_context():
        ref = builders.make_open(payments.make_case()).ref
        other = people.make_organisation("别的机构")
        people.make_user("org-9", people.Role.ORGANISATION, organisation=other)
        db.session.commit()
    return f"/evaluations/midterms/{ref}"


def test_pages_for_those_who_work_on_it_and_for_nobody_else(app: Flask, browse: Browse, page: str) -> None:
    browse(None).get(page, status=404)
    browse("org-9").get(page, status=404)
    browse("org-9").post(f"{page}/report", {"report": "冒报"}, status=403)
    assert "请填写自评内容" in browse("org-1").post(f"{page}/report", {"report": " "}, status=422).text
    browse("org-1").post(f"{page}/report", {"report": "活动过半。"})
    assert page in browse("programme-1").get("/desk").html
    typed = {"points-midterm_team": "十五", "bonus_points": "很多", "conclusion": "进展正常。"}
    refused = browse("programme-1").post(f"{page}/points", typed, status=422)
    assert "进展正常。" in refused.text
    refused = browse("programme-1").post(f"{page}/points", {"points-midterm_team": "99"}, status=422)
    assert "“团队与物资到位”应在 0 至 15 分之间" in refused.text
    browse("leader-1").post(f"{page}/publish", status=403)
    with app.app_context():
        assert queries.get_midterm(page.rsplit("/", 1)[1]).total is None


def test_the_public_reads_the_result_on_the_list(app: Flask, browse: Browse) -> None:
    with app.app_context():
        ref = builders.make_published(payments.make_case()).ref
        db.session.commit()
    assert ref in browse(None).get("/evaluations/midterms/").html
    seen = browse(None).get(f"/evaluations/midterms/{ref}").text
    assert "公式：经认可的支出 ÷ 已拨款项" in seen
