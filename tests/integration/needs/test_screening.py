"""Screening, meetings and adoption: right ways, wrong turns, and the dispute rule (一根弦)."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest

from grants.foundation.database import db
from grants.foundation.errors import DomainError, NotPermitted, RuleBroken, TransitionRefused
from grants.foundation.models import Notification
from grants.needs import policy, queries, service
from grants.needs.models import Need
from grants.needs.rules import MeetingKind, NeedAction, NeedStatus, Outcome, Step, Triage
from grants.people import queries as people_queries
from grants.people.models import User
from grants.rounds.models import Round
from grants.rounds.rules import Category
from tests.factories import needs, people

pytestmark = pytest.mark.usefixtures("round")
ASSEMBLY = MeetingKind.REPRESENTATIVES


def account(login: str) -> User:
    user = people_queries.find_user(login)
    assert user is not None
    return user


def poll_says(monkeypatch: pytest.MonkeyPatch, *, funded: bool) -> None:
    answer = SimpleNamespace(votes=128, is_funded=funded, poll_ref="TP-01-001-01", why="排在前面的需求已用完预算。")
    monkeypatch.setattr("grants.voting.queries.result_for", lambda _ref: answer)


def steps_of(need: Need) -> list[Step]:
    return [given.step for given in queries.list_stamps(need)]


def test_examining_sorts_corrects_and_stamps(round: Round) -> None:
    need = needs.make_need(round)
    service.examine_need(
        need=need,
        officer=account("community-1"),
        triage=Triage.MANAGEMENT,
        note="属物业管理。",
        category=Category.WELFARE,
    )
    assert (need.status, need.triage, need.category) == (NeedStatus.EXAMINED, Triage.MANAGEMENT, Category.WELFARE)
    assert queries.list_stamps(need)[-1].note == "靠管理解决。属物业管理。"


def test_declining_answers_the_proposer(round: Round) -> None:
    need = needs.make_need(round, actor=account("resident-1"))
    service.decline_need(need=need, officer=account("community-1"), reason="同类服务已有。")
    assert (need.status, need.answer) == (NeedStatus.DECLINED, "同类服务已有。")
    message = db.session.query(Notification).filter_by(user_id=account("resident-1").id).one()
    assert message.href == f"/needs/{need.ref}"
    assert "未采纳" in message.title


def test_handing_over_names_the_department(round: Round) -> None:
    need = needs.make_need(round)
    service.hand_over_need(
        need=need,
        officer=account("community-1"),
        department="城市管理部",
        reason="路灯由城管维护。",
        triage=Triage.MANAGEMENT,
    )
    assert (need.status, need.handed_to, need.triage) == (NeedStatus.HANDED_OVER, "城市管理部", Triage.MANAGEMENT)


@pytest.mark.parametrize(
    ("act", "field"),
    [
        (lambda need, officer: service.decline_need(need=need, officer=officer, reason=" "), "reason"),
        (
            lambda need, officer: service.hand_over_need(need=need, officer=officer, department="", reason="x"),
            "department",
        ),
        (lambda need, officer: service.hand_over_need(need=need, officer=officer, department="x", reason=""), "reason"),
    ],
)
def test_no_answer_goes_out_empty(round: Round, act: Callable[[Need, User], None], field: str) -> None:
    need = needs.make_need(round)
    with pytest.raises(RuleBroken) as refusal:
        act(need, account("community-1"))
    assert refusal.value.field == field
    assert need.status is NeedStatus.RAISED


@pytest.mark.parametrize("login", ["community-2", "finance-1", "leader-1", "supervisor-1", "admin-1", "resident-1"])
def test_only_the_own_community_and_the_programme_screen(round: Round, login: str) -> None:
    need = needs.make_need(round)
    with pytest.raises(NotPermitted):
        service.examine_need(need=need, officer=account(login), triage=Triage.SERVICE)
    service.examine_need(need=need, officer=account("programme-1"), triage=Triage.SERVICE)


def test_officers_leave_their_own_need_to_others(round: Round) -> None:
    officer = account("community-1")
    resident = people.make_resident(name="王书记")
    resident.user_id = officer.id
    db.session.flush()
    need = service.enter_need(
        round=round,
        officer=account("programme-1"),
        community=people.community(1),
        source=needs.NeedSource.PHONE,
        text=needs.text(),
        resident=resident,
    )
    assert "回避" in (policy.why_not_do(officer, need, NeedAction.EXAMINE) or "")


def test_merging_counts_nobody_twice_and_points_on(round: Round) -> None:
    first, second, third = (needs.second(needs.make_need(round), 2) for _number in range(3))
    both = needs.make_proposer()
    service.second_need(need=first, actor=both)
    service.second_need(need=second, actor=both)
    officer = account("community-1")
    service.merge_needs(needs=[second], target=first, officer=officer)
    assert first.support_count == 3 + 3 + 1
    service.merge_needs(needs=[first], target=third, officer=officer)
    assert third.support_count == 7 + 3
    db.session.expire_all()
    assert second.merged_into is third
    assert {need.ref for need in queries.list_merged_into(third)} == {first.ref, second.ref}


def test_merging_is_refused_across_communities_with_itself_and_into_what_is_over(round: Round) -> None:
    need, foreign = needs.make_need(round), needs.make_need(round, actor=account("resident-3"))
    over = needs.make_declined_need(round)
    programme = account("programme-1")
    for target in (need, foreign, over):
        with pytest.raises(RuleBroken):
            service.merge_needs(needs=[need], target=target, officer=programme)
    assert need.status is NeedStatus.RAISED


def test_a_meeting_passes_a_need(round: Round) -> None:
    need = needs.make_examined_need(round)
    meeting = needs.hold_meeting([need])
    assert meeting.ref == "YS-01-001-001"
    assert need.status is NeedStatus.DELIBERATED
    assert steps_of(need) == [Step.RAISE, Step.EXAMINE, Step.DELIBERATE]
    assert queries.find_meeting_passing([need.ref]) is meeting


def test_without_quorum_nothing_is_decided(round: Round) -> None:
    need = needs.make_examined_need(round)
    meeting = needs.hold_meeting([need], yes=10, no=0, abstain=0, entitled=20, attended=10)
    assert meeting.decisions[0].outcome is Outcome.NO_QUORUM
    assert need.status is NeedStatus.EXAMINED


def test_a_dispute_is_settled_by_the_representatives_alone(round: Round) -> None:
    need = needs.make_disputed_need(round)
    assert need.status is NeedStatus.DISPUTED
    with pytest.raises(RuleBroken, match="一根弦"):
        needs.hold_meeting([need], yes=15, no=0, abstain=0)
    with pytest.raises(RuleBroken, match="争议"):
        service.decline_need(need=need, officer=account("community-1"), reason="反对的人多。")
    needs.hold_meeting([need], yes=9, no=6, abstain=0, kind=ASSEMBLY, entitled=40, attended=15)
    assert need.status is NeedStatus.DISPUTED
    needs.hold_meeting([need], yes=13, no=8, abstain=0, kind=ASSEMBLY, entitled=40, attended=21)
    assert need.status is NeedStatus.DELIBERATED


def test_a_dispute_that_the_representatives_vote_down_may_be_declined(round: Round) -> None:
    need = needs.make_disputed_need(round)
    needs.hold_meeting([need], yes=5, no=10, abstain=0, kind=ASSEMBLY)
    assert need.status is NeedStatus.DISPUTED
    service.decline_need(need=need, officer=account("community-1"), reason="居民代表会议未通过。")
    assert need.status is NeedStatus.DECLINED


def test_two_meetings_without_result_are_a_dispute(round: Round) -> None:
    need = needs.make_examined_need(round)
    needs.hold_meeting([need], yes=7, no=2, abstain=6)
    assert need.status is NeedStatus.EXAMINED
    needs.hold_meeting([need], yes=7, no=2, abstain=6)
    assert need.status is NeedStatus.DISPUTED


@pytest.mark.parametrize(
    ("sheet", "field"),
    [
        ({"attended_count": 30}, "attended_count"),
        ({"entitled_count": 0, "attended_count": 0}, "entitled_count"),
        ({"checks": {"democratic": ""}}, "checks"),
    ],
)
def test_an_improper_record_is_refused_at_its_field(round: Round, sheet: dict[str, object], field: str) -> None:
    need = needs.make_examined_need(round)
    proper = needs.sheet()
    with pytest.raises(RuleBroken) as refusal:
        service.record_meeting(
            round=round,
            community=need.community,
            officer=account("community-1"),
            sheet=service.MeetingSheet(**{**vars(proper), **sheet}),
            votes=[service.Vote(need.ref, 10)],
        )
    assert refusal.value.field == field


def test_votes_beyond_those_present_and_doubled_lines_are_refused(round: Round) -> None:
    need = needs.make_examined_need(round)
    entry = {"round": round, "community": need.community, "officer": account("community-1"), "sheet": needs.sheet()}
    for votes in (
        [service.Vote(need.ref, 14, 2)],
        [service.Vote(need.ref, -1, 2)],
        [service.Vote(need.ref, 9), service.Vote(need.ref, 9)],
        [service.Vote("XQ-01-001-9999", 9)],
        [],
    ):
        with pytest.raises(RuleBroken):
            service.record_meeting(votes=votes, **entry)  # type: ignore[arg-type]


def test_a_meeting_has_no_say_on_other_communities_or_on_needs_that_do_not_wait(round: Round) -> None:
    foreign = needs.make_examined_need(round, actor=account("resident-3"))
    raised, adopted = needs.make_need(round), needs.make_adopted_need(round)
    entry = {
        "round": round,
        "community": people.community(1),
        "officer": account("community-1"),
        "sheet": needs.sheet(),
    }
    with pytest.raises(RuleBroken):
        service.record_meeting(votes=[service.Vote(foreign.ref, 9)], **entry)  # type: ignore[arg-type]
    for need in (raised, adopted):
        with pytest.raises(TransitionRefused):
            service.record_meeting(votes=[service.Vote(need.ref, 9)], **entry)  # type: ignore[arg-type]
    with pytest.raises(NotPermitted):
        service.record_meeting(
            votes=[service.Vote(raised.ref, 9)],
            **{**entry, "officer": account("community-2")},  # type: ignore[arg-type]
        )


def test_a_meeting_may_also_vote_on_a_project(round: Round) -> None:
    meeting = service.record_meeting(
        round=round,
        community=people.community(1),
        officer=account("community-1"),
        sheet=needs.sheet(),
        votes=[service.Vote("GYCT-2026-01-0001", 12, 1, 2)],
    )
    assert meeting.decisions[0].is_passed


def test_what_a_meeting_passed_is_adopted_with_an_answer(round: Round) -> None:
    need = needs.make_deliberated_need(round)
    service.adopt_need(need=need, officer=account("programme-1"), note="将于近期立项。")
    assert need.status is NeedStatus.ADOPTED
    assert need.answer == "议事会议通过。将于近期立项。"
    assert queries.list_adopted(round, need.community) == [need]


def test_what_residents_funded_in_a_poll_is_adopted_without_a_meeting(
    round: Round, monkeypatch: pytest.MonkeyPatch
) -> None:
    need = needs.make_examined_need(round)
    with pytest.raises(RuleBroken, match="没有议事会议通过"):
        service.adopt_need(need=need, officer=account("community-1"))
    poll_says(monkeypatch, funded=True)
    service.adopt_need(need=need, officer=account("community-1"))
    assert need.status is NeedStatus.ADOPTED
    assert steps_of(need)[-1] is Step.DELIBERATE


def test_a_lost_poll_outweighs_the_meeting_before_it(round: Round, monkeypatch: pytest.MonkeyPatch) -> None:
    need = needs.make_deliberated_need(round)
    poll_says(monkeypatch, funded=False)
    with pytest.raises(RuleBroken, match="没有选中"):
        service.adopt_need(need=need, officer=account("community-1"))


def test_only_what_service_can_meet_is_adopted(round: Round) -> None:
    need = needs.make_deliberated_need(round, triage=Triage.ENFORCEMENT)
    with pytest.raises(RuleBroken, match="靠服务解决"):
        service.adopt_need(need=need, officer=account("community-1"))


def test_a_stamp_is_given_once(round: Round) -> None:
    need = needs.make_adopted_need(round)
    first = service.stamp(need=need, step=Step.DECIDE, note="立项。")
    assert service.stamp(need=need, step=Step.DECIDE, note="再来一次") is first
    assert steps_of(need) == [Step.RAISE, Step.EXAMINE, Step.DELIBERATE, Step.DECIDE]


BUILDERS: dict[NeedStatus, Callable[[Round], Need]] = {
    NeedStatus.RAISED: needs.make_need,
    NeedStatus.EXAMINED: needs.make_examined_need,
    NeedStatus.DELIBERATED: needs.make_deliberated_need,
    NeedStatus.DISPUTED: needs.make_disputed_need,
    NeedStatus.ADOPTED: needs.make_adopted_need,
    NeedStatus.DECLINED: needs.make_declined_need,
}
ACTIONS: dict[NeedAction, Callable[[Need, User], None]] = {
    NeedAction.EXAMINE: lambda need, officer: service.examine_need(need=need, officer=officer, triage=Triage.SERVICE),
    NeedAction.DECLINE: lambda need, officer: service.decline_need(need=need, officer=officer, reason="不符合条件。"),
    NeedAction.HAND_OVER: lambda need, officer: service.hand_over_need(
        need=need, officer=officer, department="城市管理部", reason="职责所在。"
    ),
    NeedAction.ADOPT: lambda need, officer: service.adopt_need(need=need, officer=officer),
}


@pytest.mark.parametrize("status", list(BUILDERS))
@pytest.mark.parametrize("action", list(ACTIONS))
def test_the_policy_and_the_service_agree_in_every_status(round: Round, status: NeedStatus, action: NeedAction) -> None:
    need, officer = BUILDERS[status](round), account("community-1")
    assert need.status is status
    refusal = policy.why_not_do(officer, need, action)
    if refusal is None:
        ACTIONS[action](need, officer)
        assert need.status is not status
    else:
        with pytest.raises(DomainError) as raised:
            ACTIONS[action](need, officer)
        assert raised.value.message == refusal
        assert need.status is status
