"""Real elections against the winners recorded in them and those of the reference library."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from grants.voting.counting.election import Election
from grants.voting.counting.equal_shares import EqualSharesRule, count_equal_shares
from grants.voting.counting.greedy import GreedyRule, count_greedy
from grants.voting.counting.pabulib import format_pabulib, read_pabulib
from grants.voting.counting.variants import Completion, Fill, Utility

FOLDER = Path(__file__).resolve().parents[4] / "shared" / "pabulib"
NAMES = sorted(path.name for path in FOLDER.glob("*.pb"))

if not NAMES:
    pytest.skip("there are no real elections in ../shared/pabulib beside the project", allow_module_level=True)

UTILITIES = {"cost": Utility.COST, "card": Utility.CARDINALITY, "points": Utility.POINTS}


@pytest.fixture(scope="module")
def expected() -> dict[str, Any]:
    """Return what is known of every file."""
    known: dict[str, Any] = json.loads((FOLDER / "expected.json").read_text("utf-8"))["files"]
    return known


@pytest.mark.parametrize("name", NAMES)
def test_reading_loses_nothing(name: str) -> None:
    assert format_pabulib(read_pabulib(FOLDER / name)).encode() == (FOLDER / name).read_bytes()


@pytest.mark.parametrize("name", NAMES)
def test_greedy(name: str, expected: dict[str, Any]) -> None:
    known = expected[name]
    file = read_pabulib(FOLDER / name)
    election = file.election()
    assert election.voters == known["voters"]
    if known["tally_score"]:
        assert (
            dict(zip((option.id for option in election.options), election.scores, strict=True)) == known["tally_score"]
        )
    threshold = int(known["city"]["threshold"])
    variants = {
        "greedy": GreedyRule(),
        "greedy_threshold": GreedyRule(threshold=threshold),
        "greedy_no_skip": GreedyRule(threshold=threshold, skip=False),
        "greedy_poznan80": GreedyRule(threshold=threshold, skip=False, overrun_percent=80),
    }
    for variant, rule in variants.items():
        winners = list(count_greedy(election, rule).winners)
        assert winners == known["city"][variant]
        if variant in known["city"].get("matches_recorded", []):
            assert set(winners) == set(file.recorded_winners() or [])


@pytest.mark.parametrize("name", NAMES)
def test_equal_shares(name: str, expected: dict[str, Any]) -> None:
    known = expected[name]
    election = read_pabulib(FOLDER / name).election()
    by_id = tuple(sorted(option.id for option in election.options))
    for short, utility in UTILITIES.items():
        if f"mes_{short}" not in known["reference"]:
            continue
        # The reference library gives rankings k-1 … 0 points instead of k … 1
        reference = _one_less(election) if utility is Utility.POINTS and election.kind == "ordinal" else election
        for key, rule in _variants(short, utility).items():
            rule = replace(rule, tie_order=by_id)
            if known["reference"].get(key):
                assert list(count_equal_shares(reference, rule).winners) == known["reference"][key], key
            if known["no_stop"].get(key):
                assert list(count_equal_shares(election, rule).winners) == known["no_stop"][key], key
    official = count_equal_shares(election, EqualSharesRule())
    assert list(official.winners) == known["official_tie"]["mes_cost_add1_no_stop_tie_mincost_maxvotes"]


def _variants(short: str, utility: Utility) -> dict[str, EqualSharesRule]:
    stop, no_stop = Completion.ADD1E, Completion.ADD1
    return {
        f"mes_{short}": EqualSharesRule(utility, Completion.NONE),
        f"mes_{short}_add1": EqualSharesRule(utility, stop),
        f"mes_{short}_add1_then_greedy": EqualSharesRule(utility, stop, Fill.GREEDY),
        f"mes_{short}_add1_no_stop": EqualSharesRule(utility, no_stop),
        f"mes_{short}_add1_no_stop_then_greedy": EqualSharesRule(utility, no_stop, Fill.GREEDY),
    }


def _one_less(election: Election) -> Election:
    ballots = tuple(
        replace(ballot, points=tuple(points - 1 for points in ballot.points)) for ballot in election.ballots
    )
    return replace(election, ballots=ballots)


@pytest.mark.parametrize(
    ("name", "count"), [("Poland_Wieliczka_2023_Green_Budget.pb", 30), ("Netherlands_Assen_2024.pb", 9)]
)
def test_the_official_equal_shares_votes(name: str, count: int) -> None:
    file = read_pabulib(FOLDER / name)
    result = count_equal_shares(file.election())
    assert set(result.winners) == set(file.recorded_winners() or [])
    assert len(result.winners) == count
