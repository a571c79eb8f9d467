"""Status tables: every pair of status and action either leads somewhere known or is refused."""

import pytest

from grants.foundation.errors import TransitionRefused
from grants.foundation.workflow import Workflow
from grants.selection import rules
from grants.selection.rules import statuses


@pytest.mark.parametrize(
    ("flow", "all_statuses", "actions"),
    [
        (rules.CALL_FLOW, rules.CallStatus, rules.CallAction),
        (rules.APPLICATION_FLOW, rules.ApplicationStatus, rules.ApplicationAction),
        (rules.REVIEW_FLOW, rules.ReviewStatus, rules.ReviewAction),
    ],
)
def test_every_pair_is_in_the_table_or_refused(flow: Workflow, all_statuses: type, actions: type) -> None:  # type: ignore[type-arg]
    for status in all_statuses:  # type: ignore[var-annotated]
        for action in actions:  # type: ignore[var-annotated]
            if flow.allows(status, action):
                assert flow.next(status, action) in set(all_statuses)  # type: ignore[call-overload]
            else:
                with pytest.raises(TransitionRefused):
                    flow.next(status, action)


def test_every_status_has_a_name() -> None:
    for labels, kinds in (
        (rules.CALL_STATUS_LABELS, rules.CallStatus),
        (rules.APPLICATION_STATUS_LABELS, rules.ApplicationStatus),
        (rules.REVIEW_STATUS_LABELS, rules.ReviewStatus),
        (rules.SPECIALITY_LABELS, rules.Speciality),
        (rules.TIE_LABELS, rules.Tie),
        (rules.CONDITION_LABELS, rules.Condition),
        (rules.DOCUMENT_LABELS, rules.DocumentKind),
        (rules.GROUP_LABELS, rules.Group),
        (statuses.MONEY_SOURCE_LABELS, rules.MoneySource),
    ):
        assert set(labels) == set(kinds)  # type: ignore[call-overload]


def test_a_locked_sheet_can_only_be_voided() -> None:
    assert rules.REVIEW_FLOW.actions(rules.ReviewStatus.LOCKED) == [rules.ReviewAction.VOID]
    assert rules.REVIEW_FLOW.actions(rules.ReviewStatus.VOIDED) == []


def test_the_round_may_override_a_default() -> None:
    assert rules.setting({"return_limit": 2}, "return_limit") == 2
    assert rules.setting({}, "return_limit") == 1
    assert rules.setting({}, "panel_size") == 5
