"""What of a fund may go to the next year."""

import pytest

from grants.funds.rules import CARRY_RULES, FundSource, carried_share


@pytest.mark.parametrize(
    ("pool", "carried_in", "fresh", "street", "donation"),
    [
        (100, 0, 100, 100, 100),  # nothing used, nothing old
        (100, 40, 100, 100, 100),  # 40 used: the old money went first
        (130, 40, 100, 100, 130),  # 10 used: 30 of the old money are left and stay behind
        (140, 40, 100, 100, 140),  # nothing used at all
        (40, 40, 0, 0, 40),  # only old money
        (0, 40, 100, 0, 0),
    ],
)
def test_what_came_from_the_year_before_goes_on_only_by_the_donors_wish(
    pool: int, carried_in: int, fresh: int, street: int, donation: int
) -> None:
    fiscal, given = CARRY_RULES[FundSource.STREET], CARRY_RULES[FundSource.DONATION]
    assert fiscal is not None
    assert given is not None
    assert carried_share(fiscal, pool, carried_in, fresh) == street
    assert carried_share(given, pool, carried_in, fresh) == donation


def test_fresh_money_that_went_on_does_not_let_old_money_follow_it() -> None:
    fiscal = CARRY_RULES[FundSource.STREET]
    assert fiscal is not None
    assert carried_share(fiscal, 1200, 700, 500) == 500
    assert carried_share(fiscal, 700, 700, 500, 500) == 0
    assert carried_share(fiscal, 600, 700, 500, 500) == 0


def test_every_source_has_an_answer() -> None:
    assert set(CARRY_RULES) == set(FundSource)
    assert CARRY_RULES[FundSource.SELF_RAISED] is None
