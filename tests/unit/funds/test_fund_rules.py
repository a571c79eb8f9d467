"""The pure rules of the ledger."""

from dataclasses import replace
from typing import Any

import pytest

from grants.funds.rules import (
    PROPOSAL_FLOW,
    ROUTES,
    AccountKind,
    JournalKind,
    Move,
    Pocket,
    Posting,
    ProposalAction,
    ProposalStatus,
    envelope_key,
)

POSTING = Posting(
    JournalKind.PAY,
    "ZJ-2026-01",
    Move(Pocket(AccountKind.RESERVED, "P"), Pocket(AccountKind.PAID, "P"), 100),
    maker="a",
    checker="b",
    payer="c",
    document_hash="d",
    memo="m",
    reverses=None,
    resolves=7,
)


@pytest.mark.parametrize(
    "change",
    [
        {"kind": JournalKind.RETURN},
        {"fund_ref": "ZJ-2026-02"},
        {"move": Move(Pocket(AccountKind.RESERVED, "P"), Pocket(AccountKind.PAID, "P"), 101)},
        {"move": Move(Pocket(AccountKind.RESERVED, "Q"), Pocket(AccountKind.PAID, "P"), 100)},
        {"maker": "x"},
        {"checker": "x"},
        {"payer": "x"},
        {"document_hash": "x"},
        {"memo": "x"},
        {"reverses": 7},
        {"resolves": 8},
        {"maker": "b", "checker": "a"},
    ],
)
def test_any_change_of_a_posting_changes_its_hash(change: dict[str, Any]) -> None:
    assert replace(POSTING, **change).digest != POSTING.digest
    assert replace(POSTING).digest == POSTING.digest


def test_every_kind_but_the_reversal_has_its_route_and_none_leads_back_from_paid_to_available() -> None:
    assert set(ROUTES) == set(JournalKind) - {JournalKind.REVERSE}
    ways = {way for some in ROUTES.values() for way in some}
    assert (AccountKind.PAID, AccountKind.AVAILABLE) not in ways
    assert (AccountKind.AVAILABLE, AccountKind.PAID) not in ways
    assert all(source is not AccountKind.RETURNED for source, _target in ways)


@pytest.mark.parametrize("status", ProposalStatus)
@pytest.mark.parametrize("action", ProposalAction)
def test_a_proposal_is_decided_once(status: ProposalStatus, action: ProposalAction) -> None:
    assert PROPOSAL_FLOW.allows(status, action) is (status is ProposalStatus.WAITING)


def test_an_envelope_is_found_by_round_and_category() -> None:
    assert envelope_key("JC-2026-01", "welfare") == "JC-2026-01/welfare"
