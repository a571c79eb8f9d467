"""What may be claimed back from an organisation."""

import pytest

from grants.funds.rules import EndCause, is_recovery_fair, least_recovery


@pytest.mark.parametrize(("paid", "accepted", "least"), [(100, 40, 60), (100, 100, 0), (100, 120, 0), (0, 0, 0)])
def test_what_is_not_proven_is_claimed_at_least(paid: int, accepted: int, least: int) -> None:
    assert least_recovery(paid, accepted) == least


@pytest.mark.parametrize("cause", list(EndCause))
@pytest.mark.parametrize(("claim", "fair_to_all"), [(59, False), (60, True), (61, None), (100, None), (101, False)])
def test_more_is_claimed_only_from_who_is_at_fault(cause: EndCause, claim: int, fair_to_all: bool | None) -> None:
    expected = cause is EndCause.OWN_FAULT if fair_to_all is None else fair_to_all
    assert is_recovery_fair(cause, claim, 100, 40) is expected
