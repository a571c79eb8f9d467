"""The dates of papers, invitations and sanctions, and the last head of an organisation."""

from datetime import UTC, date, datetime, timedelta

import pytest

from grants.people.rules import MemberRole
from grants.people.rules.dossier import (
    STILL_LISTED,
    InvitationState,
    StandingKind,
    Validity,
    invitation_state,
    validity,
    why_not_lose_head,
    worst_day,
)

DAY = date(2026, 3, 1)
MOMENT = datetime(2026, 3, 1, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("left", "expected"),
    [
        (None, Validity.VALID),
        (61, Validity.VALID),
        (60, Validity.ENDING),
        (0, Validity.ENDING),
        (-1, Validity.EXPIRED),
    ],
)
def test_a_paper_holds_through_its_last_day_and_calls_for_a_new_one_60_days_before(
    left: int | None, expected: Validity
) -> None:
    assert validity(None if left is None else DAY + timedelta(days=left), DAY) is expected


@pytest.mark.parametrize(
    ("accepted", "revoked", "left", "expected"),
    [
        (False, False, 1, InvitationState.OPEN),
        (False, False, 0, InvitationState.EXPIRED),
        (True, False, -5, InvitationState.ACCEPTED),
        (False, True, 5, InvitationState.REVOKED),
    ],
)
def test_an_invitation_ends_at_its_moment(accepted: bool, revoked: bool, left: int, expected: InvitationState) -> None:
    state = invitation_state(
        MOMENT if accepted else None, MOMENT if revoked else None, MOMENT + timedelta(seconds=left), MOMENT
    )
    assert state is expected


def test_only_the_last_head_must_stay() -> None:
    head, clerk = MemberRole.HEAD, MemberRole.CLERK
    assert why_not_lose_head(head, [head, clerk]) is not None
    assert why_not_lose_head(head, [head, head]) is None
    assert why_not_lose_head(clerk, [head, clerk]) is None


def test_clear_years_count_from_the_last_removal_and_never_while_still_listed() -> None:
    first, second = (date(2020, 1, 1), date(2021, 1, 1)), (date(2022, 1, 1), date(2023, 6, 1))
    assert worst_day(StandingKind.ABNORMAL, [second, first]) == date(2023, 6, 1)
    assert worst_day(StandingKind.DISHONEST, [first, (date(2024, 1, 1), None)]) == STILL_LISTED
    assert worst_day(StandingKind.VIOLATION, [(date(2020, 1, 1), None), (date(2022, 1, 1), None)]) == date(2022, 1, 1)
    assert worst_day(StandingKind.ABNORMAL, []) is None
