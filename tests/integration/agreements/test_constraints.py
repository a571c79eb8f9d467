"""What the rules refuse, the database refuses too, by name."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from grants.agreements.models import Agreement, BudgetLine, Milestone, Tranche
from grants.agreements.rules import AgreementStatus, Gate, MilestoneStatus
from grants.foundation.clock import now, today
from grants.foundation.database import db
from grants.rounds.rules import BudgetCode
from grants.selection.rules import MoneySource
from tests.factories import agreements
from tests.factories.agreements import Parties

Breach = Callable[[Agreement, Parties], None]


def _signed_without_day(agreement: Agreement, parties: Parties) -> None:
    agreement.status = AgreementStatus.SIGNED


def _one_person_on_both_sides(agreement: Agreement, parties: Parties) -> None:
    agreement.signed_for_street_id = agreement.signed_for_organisation_id = parties.member.id


def _drafter_signs(agreement: Agreement, parties: Parties) -> None:
    agreement.signed_for_street_id = agreement.drafted_by_id


def _terminated_without_reason(agreement: Agreement, parties: Parties) -> None:
    agreement.status, agreement.signed_on = AgreementStatus.TERMINATED, today()


def _reason_without_termination(agreement: Agreement, parties: Parties) -> None:
    agreement.termination_reason = "无故"


def _ends_before_it_starts(agreement: Agreement, parties: Parties) -> None:
    agreement.ends_on = agreement.starts_on - timedelta(days=1)


def _nothing_to_pay(agreement: Agreement, parties: Parties) -> None:
    agreement.amount_fen = 0


def _claimed_without_words(agreement: Agreement, parties: Parties) -> None:
    agreement.milestones[0].status = MilestoneStatus.CLAIMED


def _verified_by_one_side(agreement: Agreement, parties: Parties) -> None:
    milestone = agreement.milestones[0]
    milestone.status, milestone.claim, milestone.community_at = MilestoneStatus.VERIFIED, "完成", now()


def _claimant_verifies(agreement: Agreement, parties: Parties) -> None:
    milestone = agreement.milestones[0]
    milestone.claimed_by_id = milestone.community_by_id = parties.member.id


def _community_verifies_as_resident(agreement: Agreement, parties: Parties) -> None:
    milestone = agreement.milestones[0]
    milestone.community_by_id = milestone.resident_by_id = parties.community_officer.id


def _two_lines_in_one_place(agreement: Agreement, parties: Parties) -> None:
    db.session.add(
        BudgetLine(
            agreement=agreement,
            position=1,
            source=MoneySource.FISCAL,
            code=BudgetCode.VENUE,
            content="场地",
            amount_fen=1,
        )
    )


def _two_milestones_in_one_place(agreement: Agreement, parties: Parties) -> None:
    db.session.add(Milestone(agreement=agreement, position=1, name="重复", due_on=date(2027, 1, 1)))


def _one_tranche_twice(agreement: Agreement, parties: Parties) -> None:
    db.session.add(Tranche(agreement=agreement, number=1, percent=1, amount_fen=1, gate=Gate.SIGNED))


def _a_tranche_of_nothing(agreement: Agreement, parties: Parties) -> None:
    db.session.add(Tranche(agreement=agreement, number=9, percent=1, amount_fen=0, gate=Gate.FINAL))


def _a_line_of_nothing(agreement: Agreement, parties: Parties) -> None:
    agreement.budget_lines[0].amount_fen = 0


BREACHES: list[tuple[Breach, str]] = [
    (_signed_without_day, "signed_unless_draft"),
    (_one_person_on_both_sides, "signed_by_different_people"),
    (_drafter_signs, "signed_by_different_people"),
    (_terminated_without_reason, "(reason|liability)_iff_terminated"),
    (_reason_without_termination, "reason_iff_terminated"),
    (_ends_before_it_starts, "ends_after_start"),
    (_nothing_to_pay, "agreement_amount_positive"),
    (_claimed_without_words, "claim_unless_planned"),
    (_verified_by_one_side, "verified_by_both_sides"),
    (_claimant_verifies, "verified_by_different_people"),
    (_community_verifies_as_resident, "verified_by_different_people"),
    (_two_lines_in_one_place, "budget_line"),
    (_two_milestones_in_one_place, "milestone"),
    (_one_tranche_twice, "tranche"),
    (_a_tranche_of_nothing, "tranche_amount_positive"),
    (_a_line_of_nothing, "budget_line_amount_positive"),
]


@pytest.mark.parametrize(("breach", "name"), BREACHES, ids=[breach.__name__ for breach, _name in BREACHES])
def test_the_database_refuses(parties: Parties, breach: Breach, name: str) -> None:
    agreement = agreements.make_draft(parties)
    breach(agreement, parties)
    with pytest.raises(IntegrityError, match=name):
        db.session.flush()


def test_a_project_has_one_agreement(parties: Parties) -> None:
    first = agreements.make_draft(parties)
    db.session.add(
        Agreement(
            ref="XY-TWIN",
            project_id=first.project_id,
            application_id=agreements.make_awarded_application(parties).id,
            organisation_id=first.organisation_id,
            payee_id=first.payee_id,
            payee_account_index="x",
            amount_fen=1,
            starts_on=today(),
            ends_on=today(),
        )
    )
    with pytest.raises(IntegrityError, match=r"project_id"):
        db.session.flush()
