"""Resident supervisors: who may be drawn, repeating a draw, visits, and verifying as a third person."""

import hashlib
from datetime import date, timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from grants.agreements import service as agreements_service
from grants.agreements.models import Agreement
from grants.agreements.queries import tranche_states
from grants.agreements.rules import MilestoneStatus
from grants.foundation.clock import today
from grants.foundation.database import db
from grants.foundation.errors import NotPermitted, RuleBroken, TransitionRefused
from grants.foundation.identifiers import born_until
from grants.people.models import OrganisationMember, RoleGrant
from grants.people.queries import find_user
from grants.people.rules import AccountStatus, MemberRole, Role
from grants.supervision import policy, queries, service
from grants.supervision.models import ResidentSupervisor
from tests.factories import agreements, people, supervision
from tests.factories.agreements import Parties


def test_a_draw_can_be_repeated_from_its_log(parties: Parties, agreement: Agreement) -> None:
    drawn = supervision.make_supervisors(parties, agreement, seed="体彩 7 21 33")
    log = queries.list_draws(agreement.id)[0]
    assert log.candidate_count == 4
    assert log.witness == "王书记"
    keys = {str(one.resident_id) for one in drawn} | {
        str(one.id) for one in queries.list_candidates(agreement, born_until(today(), 18))
    }
    assert hashlib.sha256("\n".join(sorted(keys)).encode()).hexdigest() == log.candidates_hash
    lots = sorted(keys, key=lambda key: hashlib.sha256(f"{log.seed}|{key}".encode()).hexdigest())
    assert [str(one.resident_id) for one in drawn] == lots[:2]


def test_only_adults_of_the_community_with_an_account_and_no_tie_are_candidates(
    parties: Parties, agreement: Agreement
) -> None:
    adult = people.make_resident("adult")
    people.make_resident("child", born_on=today() - timedelta(days=17 * 365))
    people.make_resident(None)
    people.make_resident("elsewhere", place=people.community(2))
    for login, organisation in (("insider", agreement.organisation_id), ("payee", agreement.payee_id)):
        insider = people.make_resident(login)
        db.session.add(OrganisationMember(organisation_id=organisation, user_id=insider.user_id, role=MemberRole.CLERK))
    clerk = people.make_resident("clerk")
    db.session.add(RoleGrant(user_id=clerk.user_id, role=Role.COMMUNITY, place_id=parties.community.id))
    gone = people.make_resident("gone")
    assert gone.user is not None
    gone.user.status = AccountStatus.DISABLED
    db.session.flush()
    db.session.expire_all()
    assert [one.id for one in queries.list_candidates(agreement, born_until(today(), 18))] == [adult.id]


def test_somebody_turns_old_enough_on_their_birthday(parties: Parties, agreement: Agreement) -> None:
    young = people.make_resident("young", born_on=date(2000, 2, 29))
    assert young not in queries.list_candidates(agreement, born_until(date(2018, 2, 28), 18))
    assert young in queries.list_candidates(agreement, born_until(date(2018, 3, 1), 18))


def test_too_few_candidates_stop_the_draw(parties: Parties, agreement: Agreement) -> None:
    supervision.make_neighbours(parties, 1)
    with pytest.raises(RuleBroken, match="只有 1 人"):
        service.draw_supervisors(agreement=agreement, officer=parties.programme)


def test_only_the_programme_draws_and_only_for_a_running_project(parties: Parties, agreement: Agreement) -> None:
    supervision.make_neighbours(parties)
    for other in (parties.leader, parties.community_officer, parties.member):
        with pytest.raises(NotPermitted):
            service.draw_supervisors(agreement=agreement, officer=other)
    with pytest.raises(NotPermitted, match="还没有签署"):
        service.draw_supervisors(agreement=agreements.make_offered(parties), officer=parties.programme)


def test_who_stood_down_is_replaced_by_somebody_else(parties: Parties, agreement: Agreement) -> None:
    first = supervision.make_supervisors(parties, agreement)[0]
    actor = supervision.user_of(first)
    with pytest.raises(NotPermitted):
        service.stand_down(supervisor=first, by=parties.member, reason="不方便")
    service.stand_down(supervisor=first, by=actor, reason="外出务工")
    assert not queries.is_supervisor_of(actor, agreement.id)
    assert policy.why_not_watch(actor, agreement) is not None
    again = service.draw_supervisors(agreement=agreement, officer=parties.programme, count=2)
    assert first.resident_id not in {one.resident_id for one in again}
    with pytest.raises(NotPermitted):
        service.stand_down(supervisor=first, by=actor, reason="又一次")


def test_an_undrawn_project_waits_on_the_programmes_desk(parties: Parties, agreement: Agreement) -> None:
    assert any("抽取居民监督员" in item.title for item in queries.list_due_for(parties.programme))
    supervision.make_supervisors(parties, agreement)
    assert not any("抽取居民监督员" in item.title for item in queries.list_due_for(parties.programme))


# Verifying


def test_a_milestone_is_proven_by_three_different_people_and_opens_its_tranche(
    parties: Parties, agreement: Agreement
) -> None:
    supervision.make_supervisors(parties, agreement)
    assert [state.is_open for state in tranche_states(agreement)] == [True, False, False]
    milestone = supervision.verify_milestone(parties, agreement)
    assert milestone.status is MilestoneStatus.VERIFIED
    assert len({milestone.claimed_by_id, milestone.community_by_id, milestone.resident_by_id}) == 3
    assert [state.is_open for state in tranche_states(agreement)] == [True, False, False]
    agreements.pass_midterm(agreement)
    assert [state.is_open for state in tranche_states(agreement)] == [True, True, False]


def test_it_waits_on_the_resident_supervisors_desk_only(parties: Parties, agreement: Agreement) -> None:
    drawn = supervision.make_supervisors(parties, agreement)
    milestone = agreements.verify_for_community(parties, agreement)
    for one in drawn:
        assert [item.title for item in queries.list_due_for(supervision.user_of(one))] == [
            f"请您核实：{milestone.name}"
        ]
    bystander = people.make_resident("bystander").user
    assert bystander is not None
    assert queries.list_due_for(bystander) == []


def test_a_resident_who_was_not_drawn_does_not_verify(parties: Parties, agreement: Agreement) -> None:
    supervision.make_supervisors(parties, agreement)
    milestone = agreements.verify_for_community(parties, agreement)
    bystander = people.make_resident("bystander").user
    assert bystander is not None
    for outsider in (bystander, parties.member, parties.community_officer, parties.programme):
        with pytest.raises(NotPermitted):
            service.verify_by_resident(milestone=milestone, supervisor=outsider, note="看过")


def test_a_supervisor_of_another_project_does_not_verify(parties: Parties, agreement: Agreement) -> None:
    other = agreements.make_signed(parties, title="四点半课堂")
    supervisor = supervision.make_supervisors(parties, other)[0]
    milestone = agreements.verify_for_community(parties, agreement)
    with pytest.raises(NotPermitted):
        service.verify_by_resident(milestone=milestone, supervisor=supervision.user_of(supervisor), note="看过")


def test_the_same_person_never_stands_on_two_sides(parties: Parties, agreement: Agreement) -> None:
    supervisor = supervision.make_supervisors(parties, agreement)[0]
    actor = supervision.user_of(supervisor)
    milestone = agreements.verify_for_community(parties, agreement)
    milestone.community_by_id = actor.id
    with pytest.raises(NotPermitted, match="三位不同的人"):
        service.verify_by_resident(milestone=milestone, supervisor=actor, note="看过")


def test_somebody_who_joined_the_organisation_after_the_draw_does_not_verify_it(
    parties: Parties, agreement: Agreement
) -> None:
    actor = supervision.user_of(supervision.make_supervisors(parties, agreement)[0])
    milestone = agreements.verify_for_community(parties, agreement)
    db.session.add(RoleGrant(user_id=actor.id, role=Role.ORGANISATION, organisation_id=agreement.organisation_id))
    db.session.flush()
    db.session.refresh(actor)
    with pytest.raises(NotPermitted):
        service.verify_by_resident(milestone=milestone, supervisor=actor, note="看过")
    assert policy.why_not_visit(actor, agreement) is not None


def test_a_resident_sends_back_what_they_found_otherwise(parties: Parties, agreement: Agreement) -> None:
    actor = supervision.user_of(supervision.make_supervisors(parties, agreement)[0])
    milestone = agreements.verify_for_community(parties, agreement)
    service.send_back_by_resident(milestone=milestone, supervisor=actor, reason="去了两次都没有人。")
    assert milestone.status is MilestoneStatus.PLANNED
    assert milestone.community_by_id is None
    assert milestone.send_back_reason == "去了两次都没有人。"


def test_a_resident_does_not_come_before_the_community(parties: Parties, agreement: Agreement) -> None:
    actor = supervision.user_of(supervision.make_supervisors(parties, agreement)[0])
    milestone = agreements.claim(parties, agreement)
    with pytest.raises(TransitionRefused):
        service.verify_by_resident(milestone=milestone, supervisor=actor, note="看过")
    with pytest.raises(TransitionRefused):
        service.send_back_by_resident(milestone=milestone, supervisor=actor, reason="不属实")
    assert milestone.status is MilestoneStatus.CLAIMED


@pytest.mark.parametrize("status", [MilestoneStatus.PLANNED, MilestoneStatus.VERIFIED])
def test_nothing_planned_or_proven_is_verified(parties: Parties, agreement: Agreement, status: MilestoneStatus) -> None:
    actor = supervision.user_of(supervision.make_supervisors(parties, agreement)[0])
    milestone = agreement.milestones[0]
    if status is MilestoneStatus.VERIFIED:
        supervision.verify_milestone(parties, agreement)
    with pytest.raises(TransitionRefused):
        service.verify_by_resident(milestone=milestone, supervisor=actor, note="看过")


def test_a_terminated_agreement_is_not_verified_any_more(parties: Parties, agreement: Agreement) -> None:
    actor = supervision.user_of(supervision.make_supervisors(parties, agreement)[0])
    milestone = agreements.verify_for_community(parties, agreement)
    agreements_service.terminate_agreement(agreement=agreement, by=parties.leader, reason="弄虚作假")
    with pytest.raises(NotPermitted, match="已经结束"):
        service.verify_by_resident(milestone=milestone, supervisor=actor, note="看过")


# Visits


def test_a_visit_tells_whether_a_resident_or_an_officer_made_it(parties: Parties, agreement: Agreement) -> None:
    actor = supervision.user_of(supervision.make_supervisors(parties, agreement)[0])
    for who in (actor, parties.community_officer, parties.programme):
        service.record_visit(
            agreement=agreement, by=who, visited_on=today(), finding="二十多位老人用餐。", is_satisfactory=True
        )
    assert sorted(visit.is_by_resident for visit in queries.list_visits(agreement.id)) == [False, False, True]


def test_no_visit_lies_in_the_future_or_says_nothing(parties: Parties, agreement: Agreement) -> None:
    for changes in ({"visited_on": today() + timedelta(days=1)}, {"finding": " "}):
        with pytest.raises(RuleBroken):
            service.record_visit(
                **{  # type: ignore[arg-type]
                    "agreement": agreement,
                    "by": parties.programme,
                    "visited_on": today(),
                    "finding": "正常",
                    "is_satisfactory": True,
                    **changes,
                }
            )


def test_the_organisation_and_other_communities_do_not_visit(parties: Parties, agreement: Agreement) -> None:
    other = find_user("community-2")
    assert other is not None
    for outsider in (parties.member, other, parties.leader):
        with pytest.raises(NotPermitted):
            service.record_visit(
                agreement=agreement, by=outsider, visited_on=today(), finding="正常", is_satisfactory=True
            )


# The database refuses


def test_nobody_is_drawn_twice_for_one_agreement(parties: Parties, agreement: Agreement) -> None:
    first = supervision.make_supervisors(parties, agreement)[0]
    db.session.add(ResidentSupervisor(agreement_id=agreement.id, resident_id=first.resident_id))
    with pytest.raises(IntegrityError):
        db.session.flush()


def test_standing_down_and_its_reason_go_together(parties: Parties, agreement: Agreement) -> None:
    first = supervision.make_supervisors(parties, agreement)[0]
    first.stand_down_reason = "没有时间"
    with pytest.raises(IntegrityError, match="reason_iff_stood_down"):
        db.session.flush()
