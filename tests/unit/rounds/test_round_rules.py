"""The pure rules of rounds: defaults that make sense, settings that do not, one way to write the rules down."""

import copy
import json
from typing import Any

import pytest

from grants.foundation.errors import TransitionRefused
from grants.rounds.rules import (
    DEFAULT_SETTINGS,
    FINAL_TABLE,
    JURY_TABLE,
    MIDTERM_TABLE,
    NOTICE_FLOW,
    ROUND_FLOW,
    SELECTION_TABLE,
    NoticeAction,
    NoticeStatus,
    RoundAction,
    RoundStatus,
    canonical,
    rules_hash,
    setting_faults,
)


def test_the_defaults_have_no_fault() -> None:
    assert setting_faults(DEFAULT_SETTINGS) == []


@pytest.mark.parametrize("table", [SELECTION_TABLE, JURY_TABLE, MIDTERM_TABLE, FINAL_TABLE])
def test_every_default_table_sums_to_a_hundred_and_names_each_line_once(table: Any) -> None:
    assert sum(line[3] for line in table) == 100
    assert len({line[0] for line in table}) == len(table)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"notice_working_days": 4}, "notice_working_days"),
        ({"panel_size": 6}, "panel_size"),
        ({"panel_size": 1}, "panel_size"),
        ({"selection_weights": {"expert": 70, "jury": 30, "community": 10}}, "selection_weights"),
        ({"selection_weights": {"expert": 100, "jury": 0, "community": 0}}, "selection_weights"),
        ({"tranche_percents": [50, 45]}, "tranche_percents"),
        ({"tranche_percents": [50, 41, 9]}, "tranche_percents"),
        ({"tranche_percents": []}, "tranche_percents"),
        ({"grade_bands": {"excellent": 80, "good": 80, "pass": 60}}, "grade_bands"),
        ({"step_working_days": {"community": 0, "programme": 5}}, "step_working_days"),
    ],
)
def test_a_setting_that_makes_no_sense_is_named(change: dict[str, Any], field: str) -> None:
    settings = {**copy.deepcopy(DEFAULT_SETTINGS), **change}
    assert next(key for key, _sentence in setting_faults(settings)) == field


def test_the_same_rules_are_written_the_same_way_whatever_their_order() -> None:
    turned = dict(reversed(DEFAULT_SETTINGS.items()))
    assert canonical(turned) == canonical(DEFAULT_SETTINGS)
    assert json.loads(canonical(DEFAULT_SETTINGS)) == DEFAULT_SETTINGS
    assert rules_hash(canonical({"a": 1})) != rules_hash(canonical({"a": 2}))


@pytest.mark.parametrize("status", RoundStatus)
@pytest.mark.parametrize("action", RoundAction)
def test_a_round_goes_one_way(status: RoundStatus, action: RoundAction) -> None:
    way = {
        (RoundStatus.DRAFT, RoundAction.OPEN),
        (RoundStatus.OPEN, RoundAction.CLOSE),
        (RoundStatus.CLOSED, RoundAction.ARCHIVE),
    }
    if (status, action) in way:
        ROUND_FLOW.next(status, action)
    else:
        with pytest.raises(TransitionRefused):
            ROUND_FLOW.next(status, action)


@pytest.mark.parametrize("status", NoticeStatus)
@pytest.mark.parametrize("action", NoticeAction)
def test_only_a_running_notice_is_ended_or_withdrawn(status: NoticeStatus, action: NoticeAction) -> None:
    assert NOTICE_FLOW.allows(status, action) is (status is NoticeStatus.RUNNING)
