"""The stand-alone verifier agrees with the fast count on every kind of poll, and with no forged bundle."""

import copy
import random
import subprocess
import sys
from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from grants.voting import verify
from grants.voting.rules import CountingRule, PollKind, leaf_hash, merkle_root
from tests.unit.voting.bundles import POLL, Files, make, pack

POLLS = [
    (seed, kind, rule, publication)
    for number, (kind, rule, publication) in enumerate(product(PollKind, CountingRule, ("open", "protected")))
    for seed in range(number * 10, number * 10 + 4)
]


@pytest.mark.parametrize(("seed", "kind", "rule", "publication"), POLLS)
def test_the_verifier_agrees(tmp_path: Path, seed: int, kind: PollKind, rule: CountingRule, publication: str) -> None:
    assert verify.check(pack(make(seed, kind, rule, publication), tmp_path)) == []


def test_it_stays_short_and_needs_the_standard_library_only() -> None:
    source = Path(verify.__file__).read_text("utf-8").splitlines()
    assert len(source) <= 150
    imported = {line.split()[1].split(".")[0].rstrip(",") for line in source if line.startswith(("import ", "from "))}
    assert imported <= set(sys.stdlib_module_names)


def test_it_runs_alone_and_speaks_by_its_exit_code(tmp_path: Path) -> None:
    files = make(3, PollKind.APPROVAL, CountingRule.EQUAL_SHARES, "open")
    pack(files, tmp_path)
    (tmp_path / "verify.py").write_bytes(Path(verify.__file__).read_bytes())
    run = [sys.executable, "-I", "-W", "error", "verify.py"]
    good = subprocess.run(run, cwd=tmp_path, capture_output=True, text=True, check=False)  # noqa: S603
    assert (good.returncode, "✓" in good.stdout) == (0, True)
    files["result.json"]["winners"].reverse()
    files["result.json"]["winners"].append("99")
    pack(files, tmp_path)
    bad = subprocess.run(run, cwd=tmp_path, capture_output=True, text=True, check=False)  # noqa: S603
    assert (bad.returncode, "winners differ" in bad.stdout) == (1, True)
    (tmp_path / "board.json").write_text("not json")
    broken = subprocess.run(run, cwd=tmp_path, capture_output=True, check=False)  # noqa: S603
    assert broken.returncode == 2


# What a forger with a good hand may try; each forger also repairs every hash that stands beside the change.

Forgery = Callable[[Files], None]


def change_choice(files: Files) -> None:
    texts = [row[0] for row in files["ballots.csv"][1:]]
    other = next(text for text in texts if set(text) != set(texts[0]))
    files["ballots.csv"][1][0] = other


def change_choice_and_leaf(files: Files) -> None:
    text, code, salt = files["ballots.csv"][1]
    before = leaf_hash(POLL, code, text, salt)
    change_choice(files)
    after = leaf_hash(POLL, code, files["ballots.csv"][1][0], salt)
    files["board.json"] = [after if leaf == before else leaf for leaf in files["board.json"]]


def drop_ballot(files: Files) -> None:
    del files["ballots.csv"][-1]


def drop_ballot_and_leaf(files: Files) -> None:
    text, code, salt = files["ballots.csv"].pop()
    files["board.json"].remove(leaf_hash(POLL, code, text, salt))


def add_ballot(files: Files) -> None:
    files["ballots.csv"].append([files["ballots.csv"][1][0], "CODE-9999", "cd" * 32])


def add_ballot_leaf_and_root(files: Files) -> None:
    add_ballot(files)
    text, code, salt = files["ballots.csv"][-1]
    files["board.json"].append(leaf_hash(POLL, code, text, salt))
    files["roots.json"].append(
        {"number": 9, "size": len(files["board.json"]), "root": merkle_root(files["board.json"])}
    )
    files["result.json"] |= {"root": merkle_root(files["board.json"]), "ballots": len(files["board.json"])}


def repeat_ballot(files: Files) -> None:
    files["ballots.csv"][-1] = list(files["ballots.csv"][1])


def reorder_board(files: Files) -> None:
    files["board.json"].reverse()


def wrong_root(files: Files) -> None:
    files["roots.json"][0]["root"] = "00" * 32


def forget_last_root(files: Files) -> None:
    files["roots.json"].pop()


def wrong_root_in_result(files: Files) -> None:
    files["result.json"]["root"] = files["roots.json"][0]["root"]


def change_rules(files: Files) -> None:
    files["rules.json"]["budget_fen"] += 1


def change_cost(files: Files) -> None:
    files["rules.json"]["options"][0]["cost_fen"] *= 4


def change_votes(files: Files) -> None:
    files["result.json"]["options"][0]["votes"] += 1


def change_winners(files: Files) -> None:
    files["result.json"]["winners"] = [row["code"] for row in files["rules.json"]["options"]][:1] * 2


def change_total(files: Files) -> None:
    files["result.json"]["total_cost_fen"] += 1


def change_seed(files: Files) -> None:
    files["result.json"]["tie_order"].reverse()


def hide_voters(files: Files) -> None:
    files["roll.json"]["channels"]["web"] -= 1


def cast_an_opened_ballot(files: Files) -> None:
    files["challenged.csv"].append(list(files["ballots.csv"][1]))


def spoil_ballot(files: Files) -> None:
    files["ballots.csv"][1][0] = "99"


OPEN: list[Forgery] = [
    change_choice,
    change_choice_and_leaf,
    drop_ballot,
    drop_ballot_and_leaf,
    add_ballot,
    add_ballot_leaf_and_root,
    repeat_ballot,
    reorder_board,
    wrong_root,
    forget_last_root,
    wrong_root_in_result,
    change_rules,
    change_cost,
    change_votes,
    change_winners,
    change_total,
    change_seed,
    hide_voters,
    cast_an_opened_ballot,
    spoil_ballot,
]
NEEDS_CODES = {
    change_choice_and_leaf,
    drop_ballot_and_leaf,
    add_ballot_leaf_and_root,
    repeat_ballot,
    cast_an_opened_ballot,
}
PROTECTED = [forge for forge in OPEN if forge not in NEEDS_CODES]


def verdict(files: Files, directory: Path, **kept: Any) -> bool:
    """Tell whether the verifier finds nothing wrong."""
    try:
        return verify.check(pack(files, directory, **kept)) == []
    except (ValueError, KeyError):
        return False


@pytest.mark.parametrize("rule", CountingRule)
@pytest.mark.parametrize("forge", OPEN, ids=lambda forge: forge.__name__)
def test_no_forgery_of_an_open_poll_passes(tmp_path: Path, forge: Forgery, rule: CountingRule) -> None:
    files = make(11, PollKind.APPROVAL, rule, "open")
    assert verdict(copy.deepcopy(files), tmp_path)
    forge(files)
    assert not verdict(files, tmp_path, keep_rule_hash=True)


@pytest.mark.parametrize("rule", CountingRule)
@pytest.mark.parametrize("forge", PROTECTED, ids=lambda forge: forge.__name__)
def test_no_forgery_of_a_protected_poll_passes(tmp_path: Path, forge: Forgery, rule: CountingRule) -> None:
    files = make(11, PollKind.APPROVAL, rule, "protected")
    assert verdict(copy.deepcopy(files), tmp_path)
    forge(files)
    assert not verdict(files, tmp_path, keep_rule_hash=True)


@pytest.mark.parametrize("name", ["rules.json", "result.json", "roll.json", "board.json", "roots.json"])
def test_any_changed_byte_shows_in_the_list_of_files(tmp_path: Path, name: str) -> None:
    pack(make(5, PollKind.SCORING, CountingRule.EQUAL_SHARES, "open"), tmp_path)
    path = tmp_path / name
    path.write_bytes(path.read_bytes() + b"\n")
    assert f"{name} was changed" in verify.check(tmp_path)


def test_a_wrong_winner_is_noticed_whichever_it_is(tmp_path: Path) -> None:
    dice = random.Random(1)
    for seed in range(12):
        files = make(seed, PollKind.KNAPSACK, CountingRule.EQUAL_SHARES, "protected")
        winners = files["result.json"]["winners"]
        losers = [row["code"] for row in files["rules.json"]["options"] if row["code"] not in winners]
        if not winners or not losers:
            continue
        winners[dice.randrange(len(winners))] = dice.choice(losers)
        assert not verdict(files, tmp_path)


def test_the_made_up_polls_are_worth_counting() -> None:
    results = [make(*poll)["result.json"] for poll in POLLS]
    assert len(POLLS) >= 50
    assert sum(len(result["winners"]) > 1 for result in results) > 50
    whys = {row["why"] for result in results for row in result["options"]}
    assert {"funded_by_floor", "envelope_full", "rival_funded", "funded_by_fill", "below_threshold"} <= whys
