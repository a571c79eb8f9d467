"""Made-up polls as proof bundles, counted by the fast rules: what the stand-alone verifier is tested with."""

import csv
import hashlib
import io
import json
import random
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from grants.voting.counting.election import BallotKind, Option
from grants.voting.counting.published import election_of, published_count
from grants.voting.rules import (
    CountingRule,
    PollKind,
    canonical_json,
    full_settings,
    leaf_hash,
    merkle_root,
    read,
    spell,
    tie_order,
)

POLL, HOME = "TP-07-001-01", "c1"
KINDS = {
    PollKind.CUMULATIVE: BallotKind.CUMULATIVE,
    PollKind.SCORING: BallotKind.SCORING,
    PollKind.RANKING: BallotKind.ORDINAL,
}
Files = dict[str, Any]


def settings(
    dice: random.Random, kind: PollKind, rule: CountingRule, codes: Sequence[str], budget: int
) -> dict[str, Any]:
    """Return random settings of a rule."""
    if rule is CountingRule.SUPPORT:
        return full_settings(kind, rule, {})
    chosen: dict[str, Any] = {"threshold": dice.choice([0, 1, 1, 3])}
    if dice.random() < 0.4:
        chosen["exclusion_groups"] = [dice.sample(codes, 2)]
    if dice.random() < 0.4:
        chosen["envelopes"] = {dice.choice(["a", "b"]): budget * dice.choice([1, 2, 3]) // 4}
    if dice.random() < 0.4:
        chosen["floors"] = {dice.choice(["c1", "c2"]): budget // dice.choice([3, 4])}
    if rule is CountingRule.GREEDY:
        chosen |= {"skip": dice.random() < 0.6, "overrun_percent": dice.choice([None, 60, 80])}
    else:
        plain = kind in {PollKind.APPROVAL, PollKind.KNAPSACK}
        chosen |= {
            "utility": dice.choice(["cost", "cardinality"] if plain else ["cost", "cardinality", "points"]),
            "completion": dice.choice(["none", "add1", "add1e"]),
            "increment": dice.choice([1, 7, 100]),
            "fill": dice.choice(["none", "greedy"]),
            "comparison": dice.choice(["none", "satisfaction", "reach"]),
        }
    return full_settings(kind, rule, chosen)


def ballot(dice: random.Random, kind: PollKind, costs: dict[str, int], budget: int, points: int) -> str:
    """Return a valid ballot of a kind."""
    chosen = dice.sample(sorted(costs), dice.randint(1, min(4, len(costs))))
    if kind is PollKind.RANKING:
        return spell(kind, {code: rank for rank, code in enumerate(chosen, start=1)})
    if kind is PollKind.SCORING:
        return spell(kind, {code: dice.randint(1, points) for code in chosen})
    if kind is PollKind.CUMULATIVE:
        return spell(kind, {code: max(1, points // len(chosen) - dice.randint(0, 1)) for code in chosen})
    while kind is PollKind.KNAPSACK and len(chosen) > 1 and sum(costs[code] for code in chosen) > budget:
        chosen.pop()
    return spell(kind, dict.fromkeys(chosen, 1))


def make(seed: int, kind: PollKind, rule: CountingRule, publication: str) -> Files:
    """Return the files of one poll's bundle as Python values; `pack` writes them."""
    dice = random.Random(seed)
    codes = [f"{number:02d}" for number in range(1, dice.randint(4, 8))]
    budget = dice.randint(40, 90) * 100
    # A ranking of needs may have no costs yet
    is_free = rule is CountingRule.SUPPORT and seed % 2 == 0
    costs = {code: 0 if is_free else dice.choice([9, 12, 15, 15, 21, 30]) * 100 for code in codes}
    options = [
        {
            "code": code,
            "title": code,
            "cost_fen": costs[code],
            "category": dice.choice("abc"),
            "community": dice.choice(["", "c2", "c3"]),
        }
        for code in codes
    ]
    texts = [ballot(dice, kind, costs, budget, 12) for _voter in range(dice.randint(5, 40))]
    rules = {
        "poll": POLL,
        "kind": kind.value,
        "min_choices": 1,
        "max_choices": 4,
        "points": 12,
        "budget_fen": budget,
        "publication": publication,
        "community": {"code": HOME},
        "rule": settings(dice, kind, rule, codes, budget),
        "options": options,
    }
    return _files(dice, rules, texts)


def _files(dice: random.Random, rules: dict[str, Any], texts: Sequence[str]) -> Files:
    seed = f"{dice.getrandbits(128):032x}"
    rows = [[text, f"CODE-{number:04d}", f"{dice.getrandbits(256):064x}"] for number, text in enumerate(texts)]
    board = [leaf_hash(POLL, code, text, salt) for text, code, salt in rows]
    dice.shuffle(board)
    sizes = sorted({len(board) // 2, len(board)})
    opened = [[texts[0], "CODE-TEST", "ab" * 32]]
    result = count(rules, texts, seed) | {"ballots": len(texts), "root": merkle_root(board), "tie_seed": seed}
    is_open = rules["publication"] == "open"
    return {
        "rules.json": rules,
        "result.json": result,
        "roll.json": {"entitled": len(texts) + 9, "channels": {"web": len(texts), "paper": 2}, "without_ballot": 2},
        "board.json": board,
        "roots.json": [
            {"number": number, "size": size, "root": merkle_root(board[:size])} for number, size in enumerate(sizes, 1)
        ],
        "ballots.csv": [["choices", "code", "salt"], *rows]
        if is_open
        else [["choices"], *([t] for t in sorted(texts))],
        "challenged.csv": [["choices", "code", "salt"], *opened],
    }


def count(rules: dict[str, Any], texts: Sequence[str], seed: str) -> dict[str, Any]:
    """Count by the fast rules of the application."""
    kind = PollKind(rules["kind"])
    options = [
        Option(row["code"], row["cost_fen"], row["category"], row["title"], row["community"] or HOME)
        for row in rules["options"]
    ]
    marked = [(read(kind, text), weight) for text, weight in Counter(texts).items()]
    election = election_of(options, rules["budget_fen"], KINDS.get(kind, BallotKind.APPROVAL), marked)
    order = tie_order([row.id for row in options], [row.cost for row in options], election.votes, seed)
    return published_count(election, rules["rule"], order)


def pack(files: Files, directory: Path, *, keep_manifest: bool = False, keep_rule_hash: bool = False) -> Path:
    """Write a bundle; hashes follow the contents, as a careful forger would have it, unless they are to be kept."""
    rules = canonical_json(files["rules.json"]).encode()
    if not keep_rule_hash:
        files["result.json"]["rule_hash"] = hashlib.sha256(rules).hexdigest()
    raw = {name: _bytes(content) for name, content in files.items() if name != "rules.json"} | {"rules.json": rules}
    if not keep_manifest or not (directory / "manifest.json").exists():
        manifest = {name: hashlib.sha256(content).hexdigest() for name, content in raw.items()}
        raw["manifest.json"] = json.dumps(manifest).encode()
    for name, content in raw.items():
        (directory / name).write_bytes(content)
    return directory


def _bytes(content: Any) -> bytes:
    if isinstance(content, list) and content and isinstance(content[0], list):
        buffer = io.StringIO()
        csv.writer(buffer, lineterminator="\n").writerows(content)
        return buffer.getvalue().encode()
    return json.dumps(content).encode()
