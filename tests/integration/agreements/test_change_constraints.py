"""What the rules of changes refuse, the database refuses too."""

from collections.abc import Callable

import pytest
from sqlalchemy.exc import IntegrityError

from grants.agreements import service
from grants.agreements.models import Agreement, Amendment, BudgetLine, Suspension
from grants.agreements.rules import ChangeKind, ChangeStatus, Liability
from grants.foundation.clock import now
from grants.foundation.database import db
from grants.rounds.rules import BudgetCode
from grants.selection.rules import MoneySource
from tests.factories import agreements
from tests.factories.agreements import Parties


def _total_rises(agreement: Agreement, parties: Parties) -> None:
    agreement.amount_fen += 1


def _lines_above_the_total(agreement: Agreement, parties: Parties) -> None:
    agreement.budget_lines[0].amount_fen += 1


def _another_line_above_the_total(agreement: Agreement, parties: Parties) -> None:
    db.session.add(
        BudgetLine(
            agreement=agreement,
            position=9,
            source=MoneySource.FISCAL,
            code=BudgetCode.VENUE,
            content="场地",
            amount_fen=1,
            baseline_fen=1,
        )
    )


def _two_open_changes(agreement: Agreement, parties: Parties) -> None:
    agreements.make_change(parties, agreement, ChangeStatus.PROPOSED)
    db.session.add(_change(agreement, parties, number=2))


def _third_approval(agreement: Agreement, parties: Parties) -> None:
    for region in ("甲区", "乙区"):
        agreements.make_change(
            parties, agreement, ChangeStatus.APPROVED, agreements.wish(ChangeKind.REGION, region=region)
        )
    third = _change(agreement, parties, number=3)
    db.session.add(third)
    db.session.flush()
    third.status, third.endorsed_by_id = ChangeStatus.APPROVED, parties.programme.id
    third.decided_by_id = parties.leader.id


def _decided_change_reopened(agreement: Agreement, parties: Parties) -> None:
    agreements.make_change(parties, agreement, ChangeStatus.REFUSED).status = ChangeStatus.PROPOSED


def _approved_by_one_person(agreement: Agreement, parties: Parties) -> None:
    change = _change(agreement, parties)
    change.endorsed_by_id = change.decided_by_id = parties.leader.id
    db.session.add(change)


def _approved_by_nobody(agreement: Agreement, parties: Parties) -> None:
    change = _change(agreement, parties)
    change.status = ChangeStatus.APPROVED
    db.session.add(change)


def _leader_only_filed(agreement: Agreement, parties: Parties) -> None:
    change = _change(agreement, parties)
    change.status = ChangeStatus.FILED
    db.session.add(change)


def _refused_without_reason(agreement: Agreement, parties: Parties) -> None:
    change = _change(agreement, parties)
    change.status = ChangeStatus.REFUSED
    db.session.add(change)


def _change(agreement: Agreement, parties: Parties, number: int = 1) -> Amendment:
    return Amendment(
        ref=f"BG-{number}",
        agreement_id=agreement.id,
        number=number,
        kind=ChangeKind.LEADER,
        before={},
        after={},
        reason="调离",
        impact_progress="无",
        impact_cost="无",
        impact_resources="无",
        proposed_by_id=parties.member.id,
    )


def _suspended_twice(agreement: Agreement, parties: Parties) -> None:
    for _time in range(2):
        db.session.add(Suspension(agreement_id=agreement.id, reason="停", suspended_by_id=parties.leader.id))


def _resumed_by_one_person(agreement: Agreement, parties: Parties) -> None:
    one = parties.leader.id
    row = Suspension(agreement_id=agreement.id, reason="停", suspended_by_id=one, resumed_at=now())
    row.resume_proposed_by_id = row.resumed_by_id = one
    db.session.add(row)


def _ends_without_liability(agreement: Agreement, parties: Parties) -> None:
    service.terminate_agreement(agreement=agreement, by=parties.leader, reason="逾期")
    agreement.liability = None


def _liable_while_running(agreement: Agreement, parties: Parties) -> None:
    agreement.liability = Liability.FORCE_MAJEURE


def _another_version_than_agreed(agreement: Agreement, parties: Parties) -> None:
    agreement.version += 1


def _agreed_by_nobody(agreement: Agreement, parties: Parties) -> None:
    agreement.agreed_by_id = None


BREACHES: list[tuple[Callable[[Agreement, Parties], None], str]] = [
    (_total_rises, "never rises"),
    (_lines_above_the_total, "stay within its total"),
    (_another_line_above_the_total, "stay within its total"),
    (_two_open_changes, "amendment"),
    (_third_approval, "at most two"),
    (_decided_change_reopened, "never changes again"),
    (_approved_by_one_person, "decided_by_different_people"),
    (_approved_by_nobody, "approved_by_two_people"),
    (_leader_only_filed, "only_budget_is_filed"),
    (_refused_without_reason, "reason_when_refused"),
    (_suspended_twice, "suspension"),
    (_resumed_by_one_person, "resumed_by_second_person"),
    (_ends_without_liability, "liability_iff_terminated"),
    (_liable_while_running, "liability_iff_terminated"),
    (_another_version_than_agreed, "offered_as_agreed"),
    (_agreed_by_nobody, "agreed_by_somebody"),
]


@pytest.mark.parametrize(("breach", "name"), BREACHES, ids=[breach.__name__ for breach, _name in BREACHES])
def test_the_database_refuses(parties: Parties, breach: Callable[[Agreement, Parties], None], name: str) -> None:
    agreement = agreements.make_signed(parties)

    def attempt() -> None:
        breach(agreement, parties)
        db.session.flush()

    with pytest.raises(IntegrityError, match=name):
        attempt()
