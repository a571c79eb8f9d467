"""What the trace says of a stage that has not come yet."""

from datetime import date

from flask import Flask

from grants.portal.steps import Expected
from grants.rounds.rules import Phase

DAY = date(2026, 5, 1)


def test_a_later_stage_says_when_it_is_planned(ctx: Flask) -> None:
    assert "2026年6月1日" in Expected({Phase.CALL: date(2026, 6, 1)}, DAY).words(Phase.CALL)


def test_a_stage_whose_day_has_come_never_promises_a_past_day(ctx: Flask) -> None:
    assert "预计" not in Expected({Phase.CALL: DAY}, DAY).words(Phase.CALL)


def test_a_round_without_the_phase_only_says_that_it_has_not_come(ctx: Flask) -> None:
    assert Expected({}, DAY).words(Phase.CALL) == "还没有到这一步。"
