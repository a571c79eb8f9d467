"""What stands on a ballot: one spelling for every marking, and nothing malformed is taken for one."""

import string

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from grants.voting.rules import (
    BadSpelling,
    PollKind,
    Terms,
    entry_of,
    fields_of,
    read,
    spell,
    why_not_valid,
)

CODES = [f"{number:02d}" for number in range(1, 13)]
KINDS = st.sampled_from(list(PollKind))


def _valid(kind: PollKind, codes: list[str], numbers: list[int]) -> dict[str, int]:
    if kind is PollKind.RANKING:
        return {code: rank for rank, code in enumerate(codes, start=1)}
    if kind.has_points:
        return dict(zip(codes, numbers, strict=False))
    return dict.fromkeys(codes, 1)


MARKINGS = st.builds(
    lambda kind, codes, numbers: (kind, _valid(kind, codes, numbers)),
    KINDS,
    st.lists(st.sampled_from(CODES), unique=True, max_size=12),
    st.lists(st.integers(1, 999), min_size=12, max_size=12),
)


def terms(kind: PollKind, **changes: int) -> Terms:
    """Return terms of twelve options at 100 分 each."""
    values = {"min_choices": 1, "max_choices": 12, "points": 5000, "budget_fen": 1200} | changes
    return Terms(kind, dict.fromkeys(CODES, 100), **values)


@given(MARKINGS)
def test_a_marking_is_read_from_its_spelling(marked: tuple[PollKind, dict[str, int]]) -> None:
    kind, marking = marked
    assert read(kind, spell(kind, marking)) == marking


@given(MARKINGS)
def test_a_marking_travels_through_the_fields_of_a_form(marked: tuple[PollKind, dict[str, int]]) -> None:
    kind, marking = marked
    fields: dict[str, list[str]] = {}
    for name, value in fields_of(kind, marking):
        fields.setdefault(name, []).append(value)
    entry = entry_of(kind, fields)
    assert (entry.marking, entry.problem) == (marking, None)


@given(KINDS, st.text(string.digits + ",:> -+ab０１²", max_size=30))
def test_what_can_be_read_is_the_one_spelling(kind: PollKind, text: str) -> None:
    try:
        marking = read(kind, text)
    except BadSpelling:
        return
    assert spell(kind, marking) == text


@given(KINDS, st.dictionaries(st.sampled_from(CODES), st.integers(0, 6), max_size=6))
def test_a_valid_marking_always_survives_its_spelling(kind: PollKind, marking: dict[str, int]) -> None:
    assume(why_not_valid(terms(kind), marking) is None)
    assert read(kind, spell(kind, marking)) == marking


@pytest.mark.parametrize("text", ["01:9" + "9" * 5000, "01:03", "01:0", "01:", ":3", "01:²", "02:1,01:1"])
def test_points_have_no_second_spelling(text: str) -> None:
    with pytest.raises(BadSpelling):
        read(PollKind.CUMULATIVE, text)


@pytest.mark.parametrize(
    ("kind", "marking", "changes"),
    [
        (PollKind.APPROVAL, {}, {}),
        (PollKind.APPROVAL, {"01": 2}, {}),
        (PollKind.APPROVAL, {"01": 1}, {"min_choices": 2}),
        (PollKind.APPROVAL, {"01": 1, "02": 1}, {"max_choices": 1}),
        (PollKind.APPROVAL, {"99": 1}, {}),
        (PollKind.APPROVAL, {"01,02": 1}, {}),
        (PollKind.KNAPSACK, {"01": 1, "02": 1}, {"budget_fen": 199}),
        (PollKind.CUMULATIVE, {"01": 3, "02": 3}, {"points": 5}),
        (PollKind.CUMULATIVE, {"01": -1, "02": 3}, {"points": 5}),
        (PollKind.SCORING, {"01": 6}, {"points": 5}),
        (PollKind.SCORING, {"01": 0}, {"points": 5}),
        (PollKind.RANKING, {"01": 1, "02": 1}, {}),
        (PollKind.RANKING, {"01": 1, "02": 3}, {}),
        (PollKind.RANKING, {"01": 2}, {}),
    ],
)
def test_what_breaks_the_terms_is_named(kind: PollKind, marking: dict[str, int], changes: dict[str, int]) -> None:
    assert why_not_valid(terms(kind, **changes), marking)


def test_a_knapsack_may_use_the_budget_to_the_last_fen() -> None:
    assert why_not_valid(terms(PollKind.KNAPSACK, budget_fen=200), {"01": 1, "02": 1}) is None


@pytest.mark.parametrize("typed", ["3", " 3 ", "３", "03"])
def test_numbers_are_understood_as_people_type_them(typed: str) -> None:
    assert entry_of(PollKind.CUMULATIVE, {"points-01": [typed], "points-02": [""]}).marking == {"01": 3}


@pytest.mark.parametrize("typed", ["-1", "1.5", "三", "1e3", "0x1", "²", "9999999", "+1", "1 2"])
def test_what_is_no_number_is_kept_and_refused(typed: str) -> None:
    entry = entry_of(PollKind.SCORING, {"points-01": [typed]})
    assert entry.problem
    assert entry.texts == {"01": typed}


def test_fields_of_another_kind_make_a_ballot_unreadable() -> None:
    assert entry_of(PollKind.APPROVAL, {"choice": ["01"], "points-02": ["3"]}).problem
    assert entry_of(PollKind.RANKING, {"rank-01": ["1"], "choice": ["02"]}).problem
    assert entry_of(PollKind.CUMULATIVE, {"points-01": ["1", "2"]}).problem


@given(
    KINDS,
    st.dictionaries(
        st.text(max_size=12) | st.sampled_from(["choice", "points-01", "rank-01"]),
        st.lists(st.text(max_size=9), max_size=3),
        max_size=6,
    ),
)
def test_any_fields_at_all_are_read_without_a_fall(kind: PollKind, fields: dict[str, list[str]]) -> None:
    entry = entry_of(kind, fields)
    if entry.problem is None and why_not_valid(terms(kind), entry.marking) is None:
        assert read(kind, spell(kind, entry.marking)) == entry.marking
