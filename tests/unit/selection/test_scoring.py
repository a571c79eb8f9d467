"""Scores: trimming, composites, ties and deviations, each against an independent recount on generated sets."""

import hashlib
import itertools
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grants.selection.rules import scoring
from grants.selection.rules.scoring import Heard, Standing

WEIGHTS = {"expert": 60, "jury": 30, "community": 10}
halves = st.integers(0, 200).map(lambda n: Decimal(n) / 2)
cents = st.integers(0, 10_000).map(lambda n: Decimal(n) / 100)
panels = st.lists(halves, min_size=1, max_size=9)


def cents_half_up(value: Fraction) -> Decimal:
    """Round half up with whole numbers only, unlike the code under test."""
    return Decimal((2 * value.numerator * 100 + value.denominator) // (2 * value.denominator)) / 100


@given(panels)
@settings(max_examples=1000, deadline=None)
def test_the_trimmed_mean_is_what_a_recount_by_hand_gives(totals: list[Decimal]) -> None:
    left = list(totals)
    if len(left) >= 5:
        left.remove(max(left))
        left.remove(min(left))
    expected = cents_half_up(sum(map(Fraction, left), Fraction(0)) / len(left))
    got = scoring.trimmed_mean(totals)
    assert got.mean == expected
    assert sorted(got.counted) == sorted(left)
    assert (got.lowest is None) == (len(totals) < 5)


@given(panels, st.randoms(use_true_random=False))
@settings(max_examples=300, deadline=None)
def test_the_order_of_the_experts_never_matters(totals: list[Decimal], random: object) -> None:
    shuffled = list(totals)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert scoring.trimmed_mean(totals) == scoring.trimmed_mean(shuffled)


@given(cents, cents, cents, st.permutations([60, 30, 10]))
@settings(max_examples=1000, deadline=None)
def test_the_composite_weighs_by_the_settings(
    expert: Decimal, jury: Decimal, community: Decimal, parts: list[int]
) -> None:
    weights = dict(zip(("expert", "jury", "community"), parts, strict=True))
    exact = (Fraction(expert) * parts[0] + Fraction(jury) * parts[1] + Fraction(community) * parts[2]) / 100
    assert scoring.composite(expert, jury, community, weights) == cents_half_up(exact)


@pytest.mark.parametrize(
    ("totals", "mean"),
    [
        (["80", "90"], "85.00"),
        (["80", "90", "70", "60"], "75.00"),
        (["0", "80", "81", "82", "100"], "81.00"),
        (["80", "80", "80.5"], "80.17"),
        (["66.5", "66.5", "66.5", "66.5", "67"], "66.50"),
    ],
)
def test_known_means(totals: list[str], mean: str) -> None:
    assert scoring.trimmed_mean([Decimal(one) for one in totals]).mean == Decimal(mean)


def test_half_a_cent_is_rounded_up() -> None:
    assert scoring.two_decimals(Fraction(80125, 1000)) == Decimal("80.13")
    assert scoring.composite(Decimal("80.01"), Decimal("80.01"), Decimal("80.06"), WEIGHTS) == Decimal("80.02")


@given(st.lists(halves, min_size=2, max_size=9), st.integers(1, 50))
@settings(max_examples=300, deadline=None)
def test_a_deviation_is_more_than_the_percent_of_the_mean(totals: list[Decimal], percent: int) -> None:
    average = sum(map(Fraction, totals), Fraction(0)) / len(totals)
    for total in totals:
        assert scoring.deviates(total, totals, percent) == (abs(Fraction(total) - average) > average * percent / 100)


def test_exactly_twenty_percent_is_no_deviation() -> None:
    totals = [Decimal(80), Decimal(100), Decimal(120)]
    assert not scoring.deviates(Decimal(80), totals, 20)
    assert scoring.deviates(Decimal("79.5"), [Decimal("79.5"), Decimal(100), Decimal(120)], 20)


standings = st.lists(
    st.tuples(
        st.integers(70, 72).map(Decimal), st.tuples(*[st.integers(0, 1).map(Fraction) for _step in scoring.TIE_BREAKS])
    ),
    min_size=1,
    max_size=12,
).map(lambda rows: [Standing(f"SB-{number}", *row) for number, row in enumerate(rows)])


@given(standings, st.text(min_size=4, max_size=12))
@settings(max_examples=1000, deadline=None)
def test_nobody_is_overtaken_by_somebody_worse(found: list[Standing], seed: str) -> None:
    ranked = scoring.rank(found, seed)
    assert [one.rank for one in ranked] == list(range(1, len(found) + 1))
    by_key = {one.key: one for one in found}
    ordered = [by_key[one.key] for one in ranked]
    for better, worse in itertools.pairwise(ordered):
        assert (better.composite, better.tie_means) >= (worse.composite, worse.tie_means)
        if (better.composite, better.tie_means) == (worse.composite, worse.tie_means):
            assert scoring.lot(seed, better.key) <= scoring.lot(seed, worse.key)
    assert {one.key for one in ranked} == set(by_key)


@given(standings, st.text(min_size=4, max_size=12), st.randoms(use_true_random=False))
@settings(max_examples=300, deadline=None)
def test_the_ranking_does_not_depend_on_the_order_of_entry(found: list[Standing], seed: str, random: object) -> None:
    shuffled = list(found)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert scoring.rank(found, seed) == scoring.rank(shuffled, seed)


def test_a_tie_says_which_step_parted_it() -> None:
    def one(key: str, composite: int, *means: int) -> Standing:
        return Standing(key, Decimal(composite), tuple(Fraction(mean) for mean in means))

    ranked = {
        place.key: place
        for place in scoring.rank(
            [
                one("a", 90, 1, 1, 1),
                one("b", 85, 9, 5, 5),
                one("c", 85, 8, 5, 5),
                one("d", 70, 1, 1, 1),
                one("e", 70, 1, 1, 1),
            ],
            "0731",
        )
    }
    assert ranked["a"].tie_break is None
    assert str(ranked["b"].tie_break) == str(ranked["c"].tie_break) == "需求契合度得分"
    assert str(ranked["d"].tie_break) == "公开种子抽签"


def test_a_jurors_choice_becomes_points_of_the_question() -> None:
    assert [scoring.jury_points(level, 40) for level in scoring.LEVELS] == [8, 16, 24, 32, 40]
    assert [scoring.jury_points(level, 30) for level in scoring.LEVELS] == [6, 12, 18, 24, 30]
    assert scoring.jury_points(3, 35) == 21
    with pytest.raises(ValueError, match="between 1 and 5"):
        scoring.jury_points(6, 40)


@pytest.mark.parametrize(
    ("points", "wrong"), [("0", False), ("7.5", False), ("10", False), ("10.5", True), ("-0.5", True), ("7.3", True)]
)
def test_points_are_halves_within_the_maximum(points: str, wrong: bool) -> None:
    assert scoring.why_not_points(Decimal(points), 10) is wrong


def _application(number: int, totals: list[Decimal], jury: list[int], community: int, ties: tuple[int, ...]) -> Heard:
    return Heard(f"SB-{number}", tuple(totals), tuple(jury), community, tuple(Fraction(one) for one in ties))


@st.composite
def calls(draw: st.DrawFn) -> list[Heard]:
    """Draw a call: a panel of 3 to 9, of whom some stood aside here and there; few values, so that ties happen."""
    size = draw(st.sampled_from([3, 5, 7, 9]))
    level = draw(st.sampled_from([halves, st.sampled_from([Decimal(80), Decimal("80.5")])]))
    return [
        _application(
            number,
            draw(st.lists(level, min_size=max(1, size - draw(st.integers(0, 3))), max_size=size)),
            draw(st.lists(st.sampled_from([60, 80, 100]), min_size=1, max_size=6)),
            draw(st.sampled_from([80, 90])),
            draw(st.tuples(*[st.integers(0, 1) for _step in scoring.TIE_BREAKS])),
        )
        for number in range(draw(st.integers(1, 7)))
    ]


@given(calls(), st.text(min_size=4, max_size=10))
@settings(max_examples=1000, deadline=None)
def test_a_whole_call_recounted_by_hand_comes_to_the_same(heard: list[Heard], seed: str) -> None:
    judged = scoring.judge(heard, weights=WEIGHTS, trimmed_from=5, seed=seed)
    expected = []
    for one in heard:
        totals = sorted(map(Fraction, one.totals))
        kept = totals[1:-1] if len(totals) >= 5 else totals
        expert = cents_half_up(sum(kept, Fraction(0)) / len(kept))
        jury = cents_half_up(Fraction(sum(one.jury), len(one.jury)))
        whole = cents_half_up((Fraction(expert) * 60 + Fraction(jury) * 30 + Fraction(one.community) * 10) / 100)
        lot = hashlib.sha256(f"{seed}|{one.key}".encode()).hexdigest()
        expected.append((-whole, [-mean for mean in one.tie_means], lot, one.key, expert, jury))
    expected.sort()
    assert [(one.key, one.expert.mean, one.jury, one.rank) for one in judged] == [
        (key, expert, jury, rank) for rank, (_whole, _ties, _lot, key, expert, jury) in enumerate(expected, start=1)
    ]
    for one in judged:
        is_tied = sum(other.composite == one.composite for other in judged) > 1
        assert (one.tie_break is not None) == is_tied
