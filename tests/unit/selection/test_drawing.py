"""Draws from a published seed, and what blind readers see."""

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grants.foundation.errors import RuleBroken
from grants.selection.rules.blinding import blind_labels, blind_text, letter
from grants.selection.rules.drawing import Candidate, draw_jury, draw_panel

POOL = [Candidate(f"expert-{number}", is_finance=number == 7) for number in range(1, 8)]


@given(st.text(min_size=4, max_size=20).filter(lambda text: len(text.strip()) >= 4))
@settings(max_examples=300, deadline=None)
def test_a_panel_is_odd_has_a_finance_expert_and_can_be_drawn_again(seed: str) -> None:
    drawn = draw_panel(POOL, 5, seed)
    assert len(drawn.chosen) == len(set(drawn.chosen)) == 5
    assert "expert-7" in drawn.chosen
    assert set(drawn.chosen) | set(drawn.reserves) == {one.key for one in POOL}
    assert draw_panel(list(reversed(POOL)), 5, seed) == drawn
    by_hand = sorted((one.key for one in POOL), key=lambda key: hashlib.sha256(f"{seed}|{key}".encode()).hexdigest())
    assert list(drawn.order) == by_hand
    assert set(by_hand[:4]) <= set(drawn.chosen)


@pytest.mark.parametrize("size", [0, 1, 3, 4, 6, 9])
def test_an_even_or_tiny_panel_is_refused(size: int) -> None:
    with pytest.raises(RuleBroken, match="单数"):
        draw_panel(POOL, size, "20260301")


def test_a_pool_without_finance_or_too_small_is_refused() -> None:
    with pytest.raises(RuleBroken, match="财务专家"):
        draw_panel(POOL[:6], 5, "20260301")
    with pytest.raises(RuleBroken, match="不足 7 人"):
        draw_panel(POOL[1:], 7, "20260301")


def test_a_draw_needs_a_seed() -> None:
    with pytest.raises(RuleBroken, match="种子"):
        draw_panel(POOL, 5, "  1 ")


def test_a_small_community_sends_everybody() -> None:
    assert set(draw_jury(["a", "b"], 20, "20260301").chosen) == {"a", "b"}
    assert len(draw_jury([str(number) for number in range(50)], 20, "20260301").chosen) == 20
    with pytest.raises(RuleBroken, match="居民"):
        draw_jury([], 20, "20260301")


def test_names_are_taken_out_of_a_text_the_longest_first() -> None:
    text = "暖阳社工服务中心（简称暖阳社工）由周敏带队，周敏有十年经验。"
    blind = blind_text(text, ["暖阳社工", "暖阳社工服务中心"], ["周敏", "李"])
    assert blind == "【申报单位】（简称【申报单位】）由【团队成员】带队，【团队成员】有十年经验。"


def test_labels_follow_the_lot_and_not_the_order_of_arrival() -> None:
    keys = [f"SB-{number:04d}" for number in range(30)]
    labels = blind_labels(keys, "20260301")
    assert sorted(labels.values(), key=lambda label: (len(label), label)) == [letter(number) for number in range(30)]
    assert [labels[key] for key in keys] != [letter(number) for number in range(30)]
    assert letter(25) == "Z"
    assert letter(26) == "AA"
