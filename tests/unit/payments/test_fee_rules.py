"""Fee standards to the fen, the list of corrections, and a sample that anybody can draw again."""

import pytest

from grants.payments.rules import (
    FEE_STANDARDS,
    Correction,
    FeeBasis,
    ItemKind,
    draw_sample,
    list_words,
    why_not_listed,
    why_over_standard,
)
from grants.rounds.rules import BudgetCode


@pytest.mark.parametrize("basis", FeeBasis)
@pytest.mark.parametrize("units", [1, 4])
def test_a_standard_is_kept_to_the_last_fen_and_quoted_when_it_is_not(basis: FeeBasis, units: int) -> None:
    standard = FEE_STANDARDS[basis]
    most = standard.most_fen * units
    assert why_over_standard(standard.code, basis, units, most) is None
    refusal = why_over_standard(standard.code, basis, units, most + 1)
    assert refusal is not None
    assert str(standard.source) in refusal
    assert str(standard.label) in refusal
    wrong = BudgetCode.VOLUNTEERS if standard.code is BudgetCode.EXPERTS else BudgetCode.EXPERTS
    assert "不能列在这个科目" in (why_over_standard(wrong, basis, units, 1) or "")


def test_only_lines_of_fees_ask_for_a_standard() -> None:
    asked = {code for code in BudgetCode if why_over_standard(code, None, None, 1)}
    assert asked == {BudgetCode.EXPERTS, BudgetCode.VOLUNTEERS}


def test_the_list_is_numbered_and_names_the_part_it_is_about() -> None:
    items = [Correction(ItemKind.INVOICE, "重新开具"), Correction(ItemKind.OTHER, "补签到表")]
    assert list_words(items) == "1. 发票或收据：重新开具\n2. 其他：补签到表"
    assert why_not_listed(items) is None
    assert "列了两次" in (why_not_listed([*items, items[0]]) or "")


def test_a_sample_follows_from_its_seed_alone() -> None:
    refs = [f"PZ-{number}" for number in range(40)]
    drawn = draw_sample(refs, "abc", 5)
    assert drawn == draw_sample(list(reversed(refs)), "abc", 5)
    assert drawn == ["PZ-27", "PZ-21", "PZ-0", "PZ-8", "PZ-29"]
    assert drawn != draw_sample(refs, "abd", 5)
    assert draw_sample(refs, "abc", 4) == drawn[:4]
