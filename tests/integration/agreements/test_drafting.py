"""Drafting: what is copied, what may be changed, and what a draft must hold before it is sent."""

from datetime import timedelta

import pytest

from grants.agreements import queries, service
from grants.agreements.models import Agreement
from grants.agreements.rules import AgreementStatus, Gate, LineDraft, MilestoneDraft
from grants.foundation.clock import today
from grants.foundation.database import db
from grants.foundation.errors import DomainError, NotPermitted, RuleBroken, TransitionRefused
from grants.people.rules import LegalKind, Role
from grants.rounds.rules import BudgetCode
from grants.selection.rules import MoneySource
from tests.factories import agreements, people
from tests.factories.agreements import Parties


def content(agreement: Agreement, **changes: object) -> service.Content:
    """Return the draft's own content with some parts replaced."""
    asked = {line.id: place for place, line in enumerate(agreement.application.budget_lines, start=1)}
    parts: dict[str, object] = {
        "starts_on": agreement.starts_on,
        "ends_on": agreement.ends_on,
        "terms": agreement.terms,
        "lines": [
            LineDraft(one.source, one.code, one.content, one.amount_fen, asked[one.application_line_id], one.reason)
            for one in agreement.budget_lines
            if one.application_line_id
        ],
        "milestones": [MilestoneDraft(one.name, one.due_on) for one in agreement.milestones],
    }
    return service.Content(**{**parts, **changes})  # type: ignore[arg-type]


def materials(amount_fen: int) -> LineDraft:
    """Return a line of public money without a cap, in place of the application's first."""
    return LineDraft(MoneySource.FISCAL, BudgetCode.MATERIALS, "食材", amount_fen, 1, "按入选金额调减")


def dropped(*positions: int) -> list[LineDraft]:
    """Return the reasons for leaving lines of the application out."""
    return [LineDraft(MoneySource.FISCAL, BudgetCode.STAFF, "", 0, place, "由志愿者承担") for place in positions]


def only(amount_fen: int) -> list[LineDraft]:
    """Return the first line with this amount and the others left out."""
    return [materials(amount_fen), *dropped(2, 3, 4)]


def test_a_draft_copies_the_budget_and_splits_the_award_to_the_fen(parties: Parties) -> None:
    agreement = agreements.make_draft(parties)
    assert agreement.ref.startswith("XY-2026-01-")
    assert [line.content for line in agreement.budget_lines] == [line[2] for line in agreements.LINES]
    assert agreement.amount_fen == agreements.ASKED_FEN
    assert agreement.social_fen == 500_000
    assert [(one.percent, one.amount_fen, one.gate) for one in agreement.tranches] == [
        (50, 3_000_000, Gate.SIGNED),
        (40, 2_400_000, Gate.MIDTERM),
        (10, 600_000, Gate.FINAL),
    ]
    assert [one.milestone for one in agreement.tranches] == [None, agreement.milestones[0], agreement.milestones[1]]


def test_the_payee_and_the_account_are_written_down_as_they_are_today(parties: Parties) -> None:
    agreement = agreements.make_draft(parties)
    parties.organisation.account_index = "changed-afterwards"
    db.session.flush()
    assert agreement.payee_name == parties.organisation.name
    assert agreement.payee_account_last4 == "1234"
    assert agreement.payee_account_index != "changed-afterwards"


def test_a_filed_organisation_is_paid_through_its_host(parties: Parties) -> None:
    filed = people.make_organisation("枫林苑合唱队", kind=LegalKind.FILED)
    filed.host_id = parties.organisation.id
    db.session.flush()
    agreement = agreements.make_draft(parties, organisation=filed)
    assert agreement.organisation_id == filed.id
    assert agreement.payee_id == parties.organisation.id


def test_a_filed_organisation_without_a_host_cannot_be_paid(parties: Parties) -> None:
    filed = people.make_organisation("枫林苑合唱队", kind=LegalKind.FILED)
    with pytest.raises(RuleBroken, match="独立法人"):
        agreements.make_draft(parties, organisation=filed)


def test_only_the_programme_drafts_and_only_once_a_project(parties: Parties) -> None:
    application = agreements.make_awarded_application(parties)
    for other in (parties.leader, parties.member, parties.community_officer):
        with pytest.raises(NotPermitted):
            service.draft_agreement(application=application, officer=other)
    service.draft_agreement(application=application, officer=parties.programme)
    with pytest.raises(NotPermitted, match="已经有协议"):
        service.draft_agreement(application=application, officer=parties.programme)


def test_an_award_that_is_not_in_the_ledger_gives_no_agreement(
    parties: Parties, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(agreements, "_award", lambda project, award_fen: None)
    with pytest.raises(NotPermitted, match="资助额度"):
        agreements.make_draft(parties)


def test_lines_may_be_moved_within_the_award_but_not_above_it(parties: Parties) -> None:
    agreement = agreements.make_draft(parties, award_fen=5_000_000)
    assert agreement.amount_fen == 5_000_000, "the application asked for more than was awarded"
    with pytest.raises(RuleBroken, match="超过了入选金额") as refusal:
        service.revise_agreement(
            agreement=agreement, by=parties.programme, content=content(agreement, lines=only(5_000_001))
        )
    assert refusal.value.field == "lines"
    service.revise_agreement(
        agreement=agreement, by=parties.programme, content=content(agreement, lines=only(4_999_999))
    )
    assert agreement.amount_fen == 4_999_999
    assert sum(one.amount_fen for one in agreement.tranches) == 4_999_999


def test_a_capped_line_is_refused_at_its_table(parties: Parties) -> None:
    agreement = agreements.make_draft(parties)
    lines = [materials(600_000), LineDraft(MoneySource.FISCAL, BudgetCode.MANAGEMENT, "管理费", 100_000, reason="统筹")]
    with pytest.raises(RuleBroken, match="管理费"):
        service.revise_agreement(agreement=agreement, by=parties.programme, content=content(agreement, lines=lines))


@pytest.mark.parametrize(
    ("days", "reason"),
    [([100], "至少"), ([100, 90], "先后"), ([100, 100], "先后"), ([-1, 100], "期限之内"), ([100, 241], "期限之内")],
)
def test_milestones_are_two_or_more_in_order_within_the_term(parties: Parties, days: list[int], reason: str) -> None:
    agreement = agreements.make_draft(parties)
    wanted = [MilestoneDraft(f"第 {day} 天", today() + timedelta(days=day)) for day in days]
    with pytest.raises(RuleBroken, match=reason):
        service.revise_agreement(
            agreement=agreement, by=parties.programme, content=content(agreement, milestones=wanted)
        )


def test_a_draft_over_the_award_cannot_be_offered_until_it_is_cut(parties: Parties) -> None:
    agreement = agreements.make_draft(parties, award_fen=5_000_000)
    with pytest.raises(RuleBroken, match="超过了入选金额"):
        service.offer_agreement(agreement=agreement, officer=parties.programme)
    service.revise_agreement(
        agreement=agreement, by=parties.programme, content=content(agreement, lines=only(5_000_000))
    )
    with pytest.raises(TransitionRefused, match="承接组织同意"):
        service.offer_agreement(agreement=agreement, officer=parties.programme)
    service.agree_draft(agreement=agreement, by=parties.member, version=agreement.version)
    service.offer_agreement(agreement=agreement, officer=parties.programme)
    assert agreement.offered_at is not None


def test_a_change_after_the_organisation_signed_voids_its_signature(parties: Parties) -> None:
    agreement = agreements.make_offered(parties)
    service.sign_agreement(agreement=agreement, by=parties.member)
    service.revise_agreement(
        agreement=agreement, by=parties.programme, content=content(agreement, lines=only(5_000_000))
    )
    assert agreement.offered_at is None
    assert agreement.organisation_signed_at is None
    with pytest.raises(DomainError):
        service.sign_agreement(agreement=agreement, by=parties.leader, signed_file=agreements.make_file())


def test_a_signed_agreement_is_never_revised(parties: Parties) -> None:
    agreement = agreements.make_signed(parties)
    with pytest.raises(NotPermitted):
        service.revise_agreement(agreement=agreement, by=parties.programme, content=content(agreement))


def test_the_budget_asked_for_stands_beside_the_one_agreed(parties: Parties) -> None:
    agreement = agreements.make_draft(parties)
    service.revise_agreement(
        agreement=agreement, by=parties.programme, content=content(agreement, lines=only(5_000_000))
    )
    compared = {(row.source, row.code): row for row in queries.compare_budget(agreement)}
    row = compared[MoneySource.FISCAL, BudgetCode.MATERIALS]
    assert (row.requested_fen, row.agreed_fen, row.difference_fen) == (4_000_000, 5_000_000, 1_000_000)
    assert compared[MoneySource.FISCAL, BudgetCode.STAFF].difference_fen == -1_500_000


def test_a_round_may_split_its_tranches_otherwise(parties: Parties) -> None:
    parties.round.settings = {**parties.round.settings, "tranche_percents": [100]}
    db.session.flush()
    agreement = agreements.make_draft(parties)
    assert [(one.amount_fen, one.gate) for one in agreement.tranches] == [(agreements.ASKED_FEN, Gate.FINAL)]


def test_awarded_projects_wait_on_the_programmes_desk_until_they_are_drafted(parties: Parties) -> None:
    application = agreements.make_awarded_application(parties)
    assert [one.ref for one in queries.list_awaiting_draft()] == [application.ref]
    assert any("起草协议" in item.title for item in queries.list_due_for(parties.programme))
    agreement = service.draft_agreement(application=application, officer=parties.programme)
    assert queries.list_awaiting_draft() == []
    assert agreement.status is AgreementStatus.DRAFT
    assert any("完善协议" in item.title for item in queries.list_due_for(parties.programme))


def test_nobody_of_another_organisation_finds_the_agreement(parties: Parties) -> None:
    agreements.make_draft(parties)
    other = people.make_organisation("晨曦志愿服务中心")
    stranger = people.make_user("org-2", Role.ORGANISATION, organisation=other)
    assert queries.list_due_for(stranger) == []
    assert queries.count_by_status(stranger, queries.Filters())[AgreementStatus.DRAFT] == 0
    assert queries.count_by_status(parties.member, queries.Filters())[AgreementStatus.DRAFT] == 1
