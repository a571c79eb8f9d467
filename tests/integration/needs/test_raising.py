"""Raising and seconding needs: who may, what is kept, and that nobody counts twice."""

import io

import pytest
from PIL import Image
from werkzeug.datastructures import FileStorage

from grants.foundation.database import db
from grants.foundation.errors import NotPermitted, RuleBroken, TransitionRefused
from grants.needs import queries, service
from grants.needs.models import NeedSupport
from grants.needs.rules import NeedSource, Step, Triage
from grants.people import queries as people_queries
from grants.people.models import User
from grants.people.rules import PlaceKind
from grants.rounds.models import Round
from grants.rounds.rules import Phase
from tests.factories import needs, people

pytestmark = pytest.mark.usefixtures("round")


def account(login: str) -> User:
    user = people_queries.find_user(login)
    assert user is not None
    return user


def photo(name: str = "路灯.png") -> FileStorage:
    buffer = io.BytesIO()
    Image.new("RGB", (20, 20), "white").save(buffer, "PNG")
    buffer.seek(0)
    return FileStorage(buffer, filename=name, name="photos")


def test_a_resident_raises_a_need_in_the_own_community(round: Round) -> None:
    need = service.raise_need(round=round, actor=account("resident-1"), text=needs.text("希望开设老年助餐点"))
    assert need.ref == "XQ-01-001-0001"
    assert need.community.name == "银杏社区"
    assert need.support_count == 1
    assert [given.step for given in queries.list_stamps(need)] == [Step.RAISE]
    assert queries.has_seconded(need, account("resident-1").resident)


def test_references_count_by_community(round: Round) -> None:
    needs.make_need(round)
    assert needs.make_need(round).ref == "XQ-01-001-0002"
    assert needs.make_need(round, actor=account("resident-3")).ref == "XQ-01-002-0001"


@pytest.mark.parametrize("login", ["programme-1", "community-1", "finance-1", "leader-1", "supervisor-1", "admin-1"])
def test_staff_do_not_raise_needs_of_their_own(round: Round, login: str) -> None:
    with pytest.raises(NotPermitted):
        service.raise_need(round=round, actor=account(login), text=needs.text())


def test_outside_the_phase_nobody_raises_anything(round: Round) -> None:
    for phase in round.phases:
        if phase.phase is Phase.NEEDS:
            phase.ends_on = phase.starts_on
    db.session.flush()
    with pytest.raises(NotPermitted):
        needs.make_need(round)


def test_a_grid_of_another_community_is_refused_at_its_field(round: Round) -> None:
    foreign = people_queries.list_places(PlaceKind.GRID, people.community(2).id)[0]
    with pytest.raises(RuleBroken) as refusal:
        needs.make_need(round, grid=foreign)
    assert refusal.value.field == "grid"


def test_photos_are_kept_and_wait_for_release(round: Round) -> None:
    need = service.raise_need(round=round, actor=account("resident-1"), text=needs.text(), photos=[photo()])
    assert queries.list_attachments(need, public_only=True) == []
    kept = queries.list_attachments(need, public_only=False)[0]
    service.examine_need(need=need, officer=account("community-1"), triage=Triage.SERVICE, public_photos=[kept.file_id])
    assert queries.list_attachments(need, public_only=True) == [kept]


def test_too_many_photos_are_refused_at_their_field(round: Round) -> None:
    with pytest.raises(RuleBroken) as refusal:
        service.raise_need(
            round=round, actor=account("resident-1"), text=needs.text(), photos=[photo() for _number in range(7)]
        )
    assert refusal.value.field == "photos"


def test_an_officer_enters_a_paper_without_a_name(round: Round) -> None:
    need = needs.make_paper_need(round)
    assert need.proposer is None
    assert need.support_count == 0
    assert need.entered_by is account("community-1")


def test_an_officer_enters_for_a_resident_of_the_community_only(round: Round) -> None:
    home, officer = people.community(1), account("community-1")
    own, foreign = account("resident-1").resident, account("resident-3").resident
    need = service.enter_need(
        round=round, officer=officer, community=home, source=NeedSource.COUNTER, text=needs.text(), resident=own
    )
    assert need.support_count == 1
    with pytest.raises(RuleBroken) as refusal:
        service.enter_need(
            round=round, officer=officer, community=home, source=NeedSource.COUNTER, text=needs.text(), resident=foreign
        )
    assert refusal.value.field == "id_number"


def test_an_officer_enters_nothing_for_another_community_but_the_programme_does(round: Round) -> None:
    elsewhere = people.community(2)
    entry = {"round": round, "community": elsewhere, "source": NeedSource.PHONE, "text": needs.text()}
    with pytest.raises(NotPermitted):
        service.enter_need(officer=account("community-1"), **entry)  # type: ignore[arg-type]
    assert service.enter_need(officer=account("programme-1"), **entry).community is elsewhere  # type: ignore[arg-type]


def test_an_entry_at_the_counter_does_not_pass_for_the_web(round: Round) -> None:
    with pytest.raises(RuleBroken):
        service.enter_need(
            round=round,
            officer=account("community-1"),
            community=people.community(1),
            source=NeedSource.WEB,
            text=needs.text(),
        )


def test_seconding_counts_once_and_can_be_taken_back(round: Round) -> None:
    need = needs.make_need(round, actor=account("resident-1"))
    service.second_need(need=need, actor=account("resident-2"))
    assert need.support_count == 2
    with pytest.raises(RuleBroken):
        service.second_need(need=need, actor=account("resident-2"))
    service.withdraw_second(need=need, actor=account("resident-2"))
    assert need.support_count == 1
    with pytest.raises(RuleBroken):
        service.withdraw_second(need=need, actor=account("resident-2"))


def test_the_proposer_already_counts_and_stays_counted(round: Round) -> None:
    need = needs.make_need(round, actor=account("resident-1"))
    with pytest.raises(RuleBroken):
        service.second_need(need=need, actor=account("resident-1"))
    with pytest.raises(RuleBroken):
        service.withdraw_second(need=need, actor=account("resident-1"))
    assert need.support_count == 1


@pytest.mark.parametrize("login", ["resident-3", "community-1", "programme-1"])
def test_only_residents_of_the_community_second(round: Round, login: str) -> None:
    need = needs.make_need(round)
    with pytest.raises(RuleBroken):
        service.second_need(need=need, actor=account(login))


def test_after_the_meeting_the_count_stands(round: Round) -> None:
    need = needs.make_examined_need(round)
    service.second_need(need=need, actor=account("resident-2"))
    needs.hold_meeting([need])
    with pytest.raises(RuleBroken):
        service.second_need(need=need, actor=needs.make_proposer())
    with pytest.raises(RuleBroken):
        service.withdraw_second(need=need, actor=account("resident-2"))


def test_a_second_that_slips_past_the_check_is_stopped_by_the_key(
    round: Round, monkeypatch: pytest.MonkeyPatch
) -> None:
    need = needs.make_need(round)
    service.second_need(need=need, actor=account("resident-2"))
    monkeypatch.setattr("grants.needs.policy.why_not_second", lambda _actor, _need: None)
    with pytest.raises(RuleBroken, match="每人计一次"):
        service.second_need(need=need, actor=account("resident-2"))


def test_a_second_that_comes_after_the_decision_is_stopped_by_the_row(
    round: Round, monkeypatch: pytest.MonkeyPatch
) -> None:
    need = needs.make_deliberated_need(round)
    monkeypatch.setattr("grants.needs.policy.why_not_second", lambda _actor, _need: None)
    with pytest.raises(TransitionRefused):
        service.second_need(need=need, actor=account("resident-2"))


def test_similar_needs_of_the_community_are_found(round: Round) -> None:
    twin = needs.make_need(round, title="增设电动自行车充电棚")
    needs.make_need(round, title="开设老年食堂")
    needs.make_need(round, actor=account("resident-3"), title="增设电动自行车充电棚")
    found = queries.list_similar(
        round_id=round.id, community_id=people.community(1).id, text="希望增设电动自行车充电棚"
    )
    assert [one.ref for one in found] == [twin.ref]


@pytest.mark.parametrize("supporters", [12])
def test_the_count_equals_the_rows_after_any_order_of_coming_and_going(round: Round, supporters: int) -> None:
    need = needs.make_need(round)
    people_ = [needs.make_proposer() for _number in range(supporters)]
    for person in people_:
        service.second_need(need=need, actor=person)
    for person in people_[::3]:
        service.withdraw_second(need=need, actor=person)
    rows = db.session.query(NeedSupport).filter_by(need_id=need.id).count()
    assert need.support_count == rows == 1 + supporters - len(people_[::3])
