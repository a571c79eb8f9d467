"""Signing by two different people, starting the project, and ending the agreement."""

from collections.abc import Callable

import pytest

from grants.agreements import queries, service
from grants.agreements.models import Agreement
from grants.agreements.rules import AGREEMENT_FLOW, AgreementAction, AgreementStatus, Liability
from grants.foundation import audit
from grants.foundation.clock import today
from grants.foundation.database import db
from grants.foundation.errors import NotPermitted, RuleBroken, TransitionRefused
from grants.needs.rules import Step
from grants.people.rules import Role
from grants.projects.rules import ProjectStatus
from tests.factories import agreements, needs, people
from tests.factories.agreements import Parties


def test_both_signatures_bring_the_agreement_into_force_and_start_the_project(parties: Parties) -> None:
    agreement = agreements.make_offered(parties)
    need = needs.make_adopted_need(parties.round)
    agreement.project.needs.append(need)
    service.sign_agreement(agreement=agreement, by=parties.member)
    assert agreement.status is AgreementStatus.DRAFT
    service.sign_agreement(agreement=agreement, by=parties.leader, signed_file=agreements.make_file())
    assert agreement.status is AgreementStatus.SIGNED
    assert agreement.signed_on is not None
    assert agreement.project.status is ProjectStatus.ACTIVE
    db.session.refresh(need)
    assert Step.CARRY_OUT in {stamp.step for stamp in need.stamps}


def test_the_street_signs_after_the_organisation_and_with_the_signed_copy(parties: Parties) -> None:
    agreement = agreements.make_offered(parties)
    with pytest.raises(NotPermitted, match="先签署"):
        service.sign_agreement(agreement=agreement, by=parties.leader, signed_file=agreements.make_file())
    service.sign_agreement(agreement=agreement, by=parties.member)
    with pytest.raises(RuleBroken, match="扫描件"):
        service.sign_agreement(agreement=agreement, by=parties.leader)


def test_nothing_is_signed_before_it_is_offered(parties: Parties) -> None:
    agreement = agreements.make_draft(parties)
    with pytest.raises(NotPermitted, match="起草"):
        service.sign_agreement(agreement=agreement, by=parties.member)


def test_the_organisation_signs_once_and_never_for_the_street(parties: Parties) -> None:
    agreement = agreements.make_offered(parties)
    service.sign_agreement(agreement=agreement, by=parties.member)
    with pytest.raises(NotPermitted, match="已经签署"):
        service.sign_agreement(agreement=agreement, by=parties.member, signed_file=agreements.make_file())


def test_who_drafted_it_does_not_sign_it_for_the_street(parties: Parties) -> None:
    agreement = agreements.make_offered(parties)
    service.sign_agreement(agreement=agreement, by=parties.member)
    with pytest.raises(NotPermitted, match="起草人"):
        service.sign_agreement(agreement=agreement, by=parties.programme, signed_file=agreements.make_file())


@pytest.mark.parametrize("role", [Role.COMMUNITY, Role.FINANCE, Role.SUPERVISOR, Role.ADMIN, Role.RESIDENT])
def test_no_other_role_signs(parties: Parties, role: Role) -> None:
    agreement = agreements.make_offered(parties)
    outsider = people.make_user("outsider", role, place=parties.community if role is Role.COMMUNITY else None)
    with pytest.raises(NotPermitted):
        service.sign_agreement(agreement=agreement, by=outsider, signed_file=agreements.make_file())


def test_another_organisation_does_not_sign(parties: Parties) -> None:
    agreement = agreements.make_offered(parties)
    other = people.make_organisation("晨曦志愿服务中心")
    stranger = people.make_user("org-2", Role.ORGANISATION, organisation=other)
    with pytest.raises(NotPermitted):
        service.sign_agreement(agreement=agreement, by=stranger)


def test_a_leader_ends_an_agreement_with_a_reason_and_the_project_ends_with_it(parties: Parties) -> None:
    agreement = agreements.make_signed(parties)
    with pytest.raises(NotPermitted):
        service.terminate_agreement(agreement=agreement, by=parties.programme, reason="逾期")
    with pytest.raises(RuleBroken):
        service.terminate_agreement(agreement=agreement, by=parties.leader, reason=" ")
    service.terminate_agreement(agreement=agreement, by=parties.leader, reason="逾期拒不整改。")
    assert agreement.status is AgreementStatus.TERMINATED
    assert agreement.project.status is ProjectStatus.TERMINATED
    assert all(not state.is_open for state in queries.tranche_states(agreement))
    assert agreement.organisation.breach_on == today()


def test_what_nobody_could_help_is_not_held_against_the_organisation(parties: Parties) -> None:
    agreement = agreements.make_signed(parties)
    service.terminate_agreement(
        agreement=agreement, by=parties.leader, reason="场地因洪水损毁。", liability=Liability.FORCE_MAJEURE
    )
    assert agreement.organisation.breach_on is None


STATES: dict[AgreementStatus, Callable[[Parties], Agreement]] = {
    AgreementStatus.DRAFT: agreements.make_offered,
    AgreementStatus.SIGNED: agreements.make_signed,
    AgreementStatus.COMPLETED: agreements.make_completed,
    AgreementStatus.TERMINATED: agreements.make_terminated,
}


@pytest.mark.parametrize("status", AgreementStatus)
@pytest.mark.parametrize("action", AgreementAction)
def test_only_what_the_table_allows_can_be_done(
    parties: Parties, status: AgreementStatus, action: AgreementAction
) -> None:
    agreement = STATES[status](parties)

    def do() -> None:
        if action is AgreementAction.SIGN:
            service.sign_agreement(agreement=agreement, by=parties.member)
        elif action is AgreementAction.COMPLETE:
            service.complete_agreement(agreement=agreement, by=parties.leader)
        else:
            service.terminate_agreement(agreement=agreement, by=parties.leader, reason="约定事由")

    if AGREEMENT_FLOW.allows(status, action):
        do()
    else:
        with pytest.raises(TransitionRefused):
            do()
        assert agreement.status is status


def test_every_step_of_an_agreement_is_in_the_audit_chain(parties: Parties) -> None:
    agreements.make_terminated(parties)
    noted = [entry["action"] for entry in db.session().info["audit"] if entry["action"].startswith("agreement:")]
    assert noted == [
        "agreement:draft",
        "agreement:agree",
        "agreement:offer",
        "agreement:sign_for_organisation",
        "agreement:sign",
        "agreement:terminate",
    ]
    assert audit.pending_count() >= len(noted)
