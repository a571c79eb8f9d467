"""How many people served must answer, and how many are called."""

import pytest

from grants.evaluation.rules import answers_needed, checks_needed, direct_beneficiaries


@pytest.mark.parametrize(
    ("direct", "needed"), [(0, 1), (1, 1), (29, 29), (30, 30), (149, 30), (150, 30), (151, 31), (1000, 200)]
)
def test_thirty_or_a_fifth_whichever_is_more_and_all_where_fewer_were_served(direct: int, needed: int) -> None:
    assert answers_needed(30, 20, direct) == needed


def test_who_comes_to_every_activity_is_not_counted_beyond_the_promise() -> None:
    assert direct_beneficiaries(400, 120) == 120
    assert direct_beneficiaries(80, 120) == 80
    assert direct_beneficiaries(80, 0) == 80


@pytest.mark.parametrize(("answers", "needed"), [(0, 0), (3, 3), (100, 5), (101, 6), (400, 20)])
def test_five_calls_or_five_percent(answers: int, needed: int) -> None:
    assert checks_needed(answers, 5) == needed
    assert checks_needed(answers, 0) == 0
