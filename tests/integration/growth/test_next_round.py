"""What one round leaves to the next: the reserve, leading people, an organisation's record, the communities."""

import csv
import io
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError

from grants.evaluation import service as evaluation
from grants.evaluation.models import Evaluation
from grants.evaluation.rules import Grade, Satisfaction, SurveyChannel
from grants.foundation.clock import today
from grants.foundation.database import db
from grants.foundation.errors import NotPermitted, RuleBroken, TransitionRefused
from grants.growth import policy, queries, service
from grants.growth.models import CarriedNeed, LeaderConsent
from grants.growth.rules import kept_out_until
from grants.people.rules.dossier import StandingKind
from grants.rounds.models import Round
from tests.browsing import Browser
from tests.factories import needs, payments, people, projects, rounds
from tests.factories.payments import Case, staff
from tests.factories.remembering import remembered
from tests.integration.growth.conftest import make_finished

Browse = Callable[[str | None], Browser]
Finished = tuple[Case, Evaluation]


@remembered
def make_two_rounds() -> tuple[Round, Round]:
    """Make a first round with a need of every end, and a second round that takes needs."""
    people.make_street()
    people.make_staff()
    first = rounds.make_round(1, envelope_fen=100_000_000)
    needs.make_examined_need(first, title="楼道堆物没人清")
    needs.make_declined_need(first, title="要求拆除围墙")
    needs.make_paper_need(first, title="刚提出还没审")
    projects.make_funded(first, title="枫林苑老年助餐")
    return first, rounds.make_round(2, envelope_fen=100_000_000)


@pytest.fixture
def two(ctx: Flask) -> tuple[Round, Round]:
    """Return both rounds, inside the application."""
    return make_two_rounds()


def test_the_reserve_holds_what_was_found_worth_doing_and_not_done(two: tuple[Round, Round]) -> None:
    first, second = two
    assert queries.find_former_round(second) == first
    assert queries.find_former_round(first) is None
    assert [one.title for one in queries.list_reserve(second)] == ["楼道堆物没人清"]
    assert queries.list_reserve(first) == []


def test_a_need_is_taken_over_once_with_those_who_stood_behind_it(two: tuple[Round, Round]) -> None:
    _first, second = two
    [need] = queries.list_reserve(second)
    new = service.carry_need(need=need, into=second, officer=staff("programme-1"))
    assert (new.round_id, new.title, new.body) == (second.id, need.title, need.body)
    assert new.support_count == need.support_count == queries.count_supporters(new.id)
    assert [one.from_need_id for one in queries.list_carried_into(second)] == [need.id]
    assert queries.list_reserve(second) == []
    with pytest.raises(NotPermitted, match="已经转入"):
        service.carry_need(need=need, into=second, officer=staff("programme-1"))
    with pytest.raises(IntegrityError), db.session.begin_nested():
        db.session.add(CarriedNeed(need_id=need.id, from_need_id=need.id, carried_by_id=staff("programme-1").id))


def test_who_may_take_over_and_what(two: tuple[Round, Round]) -> None:
    _first, second = two
    [need] = queries.list_reserve(second)
    for login in ("finance-1", "leader-1", "supervisor-1"):
        assert "由社区建设部或需求所在社区居委会转入" in (policy.why_not_carry(staff(login), need, second) or "")
    fresh = needs.make_paper_need(second, title="本届新提的")
    assert "不在储备库中" in (policy.why_not_carry(staff("programme-1"), fresh, second) or "")


def test_the_page_shows_what_the_last_round_changes(app: Flask, browse: Browse) -> None:
    with app.app_context():
        first, second = make_two_rounds()
        [need] = queries.list_reserve(second)
        first_ref, ref, need_ref = first.ref, second.ref, need.ref
        barred = people.make_organisation()
        barred.breach_on = today() - timedelta(days=100)
        name = barred.name
        db.session.commit()
    office, visitor = browse("programme-1"), browse(None)
    assert "这是第一届" in visitor.get(f"/rounds/{first_ref}/results-used").text
    seen = visitor.get(f"/rounds/{ref}/results-used")
    assert "楼道堆物没人清" in seen.text
    assert "转入本届" not in " ".join(one.get_text() for one in seen.soup.select("button"))
    assert name not in seen.text
    assert name in office.get(f"/rounds/{ref}/results-used").text
    browse("finance-1").post(f"/rounds/{ref}/reserve/{need_ref}", status=403)
    office.press(f"/rounds/{ref}/results-used", "转入本届")
    assert need_ref in visitor.get(f"/rounds/{ref}/results-used").soup.select_one("#carried").get_text()
    office.post(f"/rounds/{ref}/reserve/{need_ref}", status=403)


def test_an_organisation_that_failed_the_street_is_kept_out_for_whole_years(ctx: Flask) -> None:
    assert kept_out_until(date(2024, 2, 29), 3) == date(2027, 2, 28)
    organisation = people.make_organisation()
    organisation.breach_on, organisation.poor_grade_on = date(2024, 3, 1), date(2024, 2, 29)
    years = {StandingKind.BREACH: 3, StandingKind.POOR_GRADE: 2}

    def found(day: date) -> list[tuple[StandingKind, date]]:
        db.session.flush()
        return [(one.cause, one.until) for one in queries.list_kept_out(day, years)]

    breach, poor = (StandingKind.BREACH, date(2027, 3, 1)), (StandingKind.POOR_GRADE, date(2026, 2, 28))
    assert found(date(2026, 2, 28)) == [breach, poor]
    assert found(date(2026, 3, 1)) == [breach]
    assert found(date(2027, 3, 2)) == []


def test_the_record_of_an_organisation_over_its_rounds(finished: Finished) -> None:
    case, published = finished
    [record] = queries.read_record(case.agreement.organisation_id)
    assert (record.projects, record.terminated, record.agreed_fen) == (1, 0, case.agreement.amount_fen)
    assert (record.grades[published.grade or Grade.FAIL], record.satisfied_percent) == (1, 87.5)
    assert record.on_time_percent is None


def test_a_leader_is_named_only_with_consent_and_masked_again_after_it(finished: Finished) -> None:
    case, published = finished
    organisation, member = case.agreement.organisation, case.member
    assert queries.list_leading_people(1) == []
    published.grade = Grade.EXCELLENT
    case.agreement.leader_name = "周敏华"
    db.session.flush()
    [leader] = queries.list_leading_people(1)
    assert (leader.shown_name, leader.is_named, leader.excellent_projects) == ("周*华", False, 1)
    assert queries.list_leading_people(2) == []
    given = {"organisation": organisation, "name": "周敏华", "given_on": today()}
    consent = service.record_consent(member=member, **given)
    assert queries.list_leading_people(1)[0].shown_name == "周敏华"
    with pytest.raises(TransitionRefused):
        service.record_consent(member=member, **given)
    with pytest.raises(RuleBroken, match="不能晚于今天"):
        service.record_consent(member=member, **{**given, "given_on": today() + timedelta(days=1)})
    with pytest.raises(RuleBroken, match="担任过项目负责人"):
        service.record_consent(member=member, **{**given, "name": "李四"})
    for actor in (case.parties.programme, case.parties.leader, None):
        assert policy.why_not_record_consent(actor, organisation) is not None
    assert policy.why_not_withdraw_consent(case.parties.leader, consent) is not None
    service.withdraw_consent(consent=consent, actor=case.parties.programme)
    assert queries.list_leading_people(1)[0].shown_name == "周*华"
    assert db.session.query(LeaderConsent).count() == 1


def test_a_survey_under_way_shows_nobodys_answer(app: Flask, browse: Browse) -> None:
    with app.app_context():
        case = payments.make_case()
        survey = evaluation.open_survey(officer=case.parties.programme, agreement=case.agreement)
        given = evaluation.Answer(Satisfaction.POOR, 1, 1, 1, "")
        evaluation.enter_answer(
            officer=case.parties.programme, survey=survey, answer=given, channel=SurveyChannel.PHONE
        )
        ref = case.agreement.organisation.ref
        db.session.commit()
    visitor = browse(None)
    for path in ("/statistics/communities.csv", "/statistics/efficiency.csv"):
        rows = list(csv.DictReader(io.StringIO(visitor.client.get(path).get_data(as_text=True).lstrip("\ufeff"))))
        assert rows
        assert {row["有效答卷"] for row in rows} == {"0"}, path
    assert "0.0%" not in visitor.get(f"/organisations/{ref}").soup.select_one("#record").get_text()


def test_the_pages_of_leaders_and_communities(app: Flask, browse: Browse) -> None:
    with app.app_context():
        case, published = make_finished()
        published.grade = Grade.EXCELLENT
        case.agreement.leader_name = "周敏华"
        ref = case.agreement.organisation.ref
        db.session.commit()
    visitor, member = browse(None), browse("org-1")
    assert "周敏华" not in visitor.get("/leaders/").text
    assert "还没有符合条件的负责人" in visitor.get("/leaders/?rounds=4").text
    visitor.get("/leaders/?rounds=x")
    path = f"/organisations/{ref}/leaders"
    browse("programme-1").get(path, status=403)
    refused = member.submit(path, {"name": "周敏华", "given_on": today().isoformat()}, status=422)
    assert "没有本人的书面同意" in refused.text
    member.submit(path, {"name": "周敏华", "given_on": today().isoformat(), "has_paper": "y"})
    assert "周敏华" in visitor.get("/leaders/").text
    assert "周敏华" in visitor.get(f"/organisations/{ref}").soup.select_one("#leaders").get_text()
    assert "87.5%" in visitor.get(f"/organisations/{ref}").soup.select_one("#record").get_text()
    assert "周敏华" in visitor.client.get("/leaders/export.csv").get_data(as_text=True)
    member.press(path, "撤回同意")
    assert "周*华" in visitor.get("/leaders/").text
    board = visitor.get("/statistics/communities?figure=nonsense&round=nonsense")
    assert "各社区" in board.text
    assert visitor.client.get("/statistics/communities.xlsx").status_code == 200
