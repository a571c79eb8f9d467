"""Count a poll again from its proof bundle: python3 verify.py [DIRECTORY]. Python 3.9 or newer, nothing else.
Exit code 0: everything agrees; 1: something does not; 2: the bundle cannot be read or holds an invalid ballot."""

# ruff: noqa: C901, E401, I001, T201 - a terminal program, so short that it is read in one go; hence also fmt: off
# fmt: off
import csv, json, sys
from collections import Counter
from fractions import Fraction
from hashlib import sha256
from math import ceil, inf
from pathlib import Path
from typing import Any
def _leaf(*parts: str) -> str:
    return sha256(b"\0" + b"".join(len(raw).to_bytes(4, "big") + raw for raw in map(str.encode, parts))).hexdigest()
def _root(nodes: list[bytes]) -> bytes:
    if len(nodes) < 2:
        return nodes[0] if nodes else sha256(b"").digest()
    split = 1 << ((len(nodes) - 1).bit_length() - 1)  # RFC 6962
    return sha256(b"\1" + _root(nodes[:split]) + _root(nodes[split:])).digest()
def marks_of(rules: dict[str, Any], text: str) -> dict[str, int]:
    """Return the points a ballot gives each option; raises ValueError for a ballot that breaks the rules."""
    kind, cost = rules["kind"], {row["code"]: row["cost_fen"] for row in rules["options"]}
    parts = [part for part in text.split(">" if kind == "ranking" else ",") if part]
    marks = {code: int(points or 1) for code, _, points in (part.partition(":") for part in parts)}
    written = ",".join(f"{code}:{marks[code]}" if kind in ("cumulative", "scoring") else code for code in sorted(marks))
    if kind == "ranking":
        marks, written = {code: len(parts) - place for place, code in enumerate(parts)}, ">".join(marks)
    points = {"cumulative": sum(marks.values()), "scoring": max(marks.values(), default=0)}.get(kind, 0)
    spent = sum(cost[code] for code in marks) if kind == "knapsack" else 0
    is_within = points <= (rules["points"] or 0) and spent <= rules["budget_fen"] and min(marks.values()) > 0
    if not (written == text and is_within and rules["min_choices"] <= len(marks) <= rules["max_choices"]):
        raise ValueError(f"ballot {text!r} breaks the rules")
    return {code: marks[code] for code in marks if cost[code] >= 0}  # KeyError for an option that does not exist
class Count:
    def __init__(self, rules: dict[str, Any], ballots: list[str], seed: str) -> None:
        self.rule, self.budget, rows = rules["rule"], rules["budget_fen"], rules["options"]
        self.cost = {row["code"]: row["cost_fen"] for row in rows}
        self.where = {row["code"]: (row["category"], row["community"] or rules["community"]["code"]) for row in rows}
        self.ballots = [(marks_of(rules, text), n) for text, n in sorted(Counter(ballots).items())]
        self.votes = {code: sum(n for marks, n in self.ballots if code in marks) for code in self.cost}
        self.score = {code: sum(n * marks.get(code, 0) for marks, n in self.ballots) for code in self.cost}
        lot = {code: sha256(f"{seed}:{code}".encode()).hexdigest() for code in self.cost}
        self.ties = sorted(self.cost, key=lambda code: (self.cost[code], -self.votes[code], lot[code]))
        self.ranked = sorted(self.cost, key=lambda code: (-self.score[code], self.ties.index(code)))
        self.enough = [code for code in self.ranked if self.score[code] >= self.rule["threshold"]]
        self.payers = {code: [(i, n, m[code] if self.rule.get("utility") == "points" else 1)
                              for i, (m, n) in enumerate(self.ballots) if code in m] for code in self.cost}
    def left(self, won: list[str]) -> int:
        return int(self.budget - sum(self.cost[code] for code in won))
    def open(self, codes: list[str], won: list[str], most: float = inf) -> list[str]:
        """Return the options that no funded rival and no full envelope knocks out and that cost at most so much."""
        rivals = {code for group in self.rule["exclusion_groups"] if set(group) & set(won) for code in group}
        room = {name: limit - sum(self.cost[code] for code in won if self.where[code][0] == name)
                for name, limit in self.rule["envelopes"].items()}
        free = (code for code in codes if code not in rivals and code not in won)
        return [code for code in free if self.cost[code] <= min(most, room.get(self.where[code][0], inf))]
    def greedy(self, skip: bool = True, overrun: Any = None) -> tuple[list[str], list[str]]:
        won, floors = list[str](), dict(self.rule["floors"])
        for code, place in ((code, self.where[code][1]) for code in self.enough):  # floors first
            if floors.get(place, 0) > 0 and self.votes[code] and self.open([code], won, self.left(won)):
                won, floors[place] = [*won, code], floors[place] - self.cost[code]
        secured = won
        for code in (code for code in self.enough if code not in secured):
            left, is_open, fits = self.left(won), self.open([code], won), self.cost[code] <= self.left(won)
            last = not fits and overrun is not None and left * 100 >= self.cost[code] * overrun
            won = [*won, code] if is_open and (fits or last) else won
            if is_open and (last or not (fits or skip)):
                break
        return secured, won
    def shares(self) -> list[str]:
        (secured, majority), rule = self.greedy(), self.rule
        step, budget, raising = rule["increment"], self.left(secured), rule["completion"] != "none"
        taking = self.open([code for code in self.enough if self.votes[code]], secured, budget)
        share = Fraction(rule["start_share"] or Fraction(budget, max(1, sum(n for _marks, n in self.ballots))))
        if raising and taking:  # with less than this nobody's supporters can pay
            first = min((Fraction(self.cost[code], self.votes[code]) - share) / step for code in taking)
            share += max(0, ceil(first) - 1) * step
        won = self.run(taking, secured, share)
        while raising and self.open(taking, won, self.left(won) if rule["completion"] == "add1e" else inf):
            share, more = share + step, self.run(taking, secured, share + step)
            won, raising = (won, False) if self.left(more) < 0 else (more, True)
        while rule["fill"] == "greedy" and (fitting := self.open(taking, won, self.left(won))):
            won = [*won, min(fitting, key=lambda code: (-self.votes[code], self.ties.index(code)))]
        cap = {"none": 0, "reach": 1}.get(rule["comparison"], inf)
        gains = [[n, *(min(cap, len(m.keys() & set(each))) for each in (majority, won))] for m, n in self.ballots]
        return majority if sum(n * ((a > b) - (a < b)) for n, a, b in gains) > 0 else won
    def run(self, taking: list[str], secured: list[str], share: Fraction) -> list[str]:
        """Fund the option with the lowest price for one unit of utility until nobody's supporters can pay."""
        money, least, won = [share] * len(self.ballots), dict.fromkeys(taking, Fraction(0)), list(secured)
        while True:
            best: Any = (inf,)
            for code in sorted(self.open(list(least), won), key=lambda code: least[code]):
                if least[code] > best[0]:
                    break  # prices only rise: what it was is a lower bound
                rest, units = Fraction(self.cost[code]), sum(n * unit for _i, n, unit in self.payers[code])
                if sum(n * money[i] for i, n, _unit in self.payers[code]) < rest:
                    del least[code]
                    continue
                for i, n, unit in sorted(self.payers[code], key=lambda payer: money[payer[0]] / payer[2]):
                    if money[i] * units >= rest * unit:
                        break  # this one and all who follow can pay in full, those before gave all they had
                    rest, units = rest - n * money[i], units - n * unit
                least[code] = rest / units / (self.cost[code] if self.rule["utility"] == "cost" else 1)
                best = min(best, (least[code], self.ties.index(code), code, rest / units))
            if len(best) == 1:
                return won
            won.append(best[2])
            for i, _n, unit in self.payers[best[2]]:
                money[i] -= min(money[i], best[3] * unit)

def check(folder: Path) -> list[str]:
    """Return what does not agree, in words; raises OSError, ValueError or KeyError when the bundle cannot be read."""
    raw = {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file()}
    names = ("manifest", "rules", "result", "roll", "roots", "board")
    manifest, rules, result, roll, points, board = (json.loads(raw[f"{name}.json"]) for name in names)
    rows, opened = ([*csv.reader(raw[f"{name}.csv"].decode().splitlines())][1:] for name in ("ballots", "challenged"))
    count, bare = Count(rules, [row[0] for row in rows], result["tie_seed"]), rules["publication"] == "protected"
    rule = rules["rule"]
    won = count.shares() if rule["method"] == "mes" else []
    won = count.greedy(rule["skip"], rule["overrun_percent"])[1] if rule["method"] == "greedy" else won
    ranks = {code: place for place, code in enumerate(count.ranked, 1)} if rule["method"] == "support" else {}
    mine = {code: (count.votes[code], count.score[code], code in won, ranks.get(code)) for code in count.cost}
    said = {row["code"]: (row["votes"], row["score"], row["is_funded"], row.get("rank")) for row in result["options"]}
    nodes, voted, sizes = [*map(bytes.fromhex, board)], sum(roll["channels"].values()), [p["size"] for p in points]
    made = [] if bare else [_leaf(rules["poll"], code, text, salt) for text, code, salt in rows]
    shown = {_leaf(rules["poll"], code, text, salt) for text, code, salt in opened}
    facts = {
        **{f"{name} was changed": sha256(raw[name]).hexdigest() == digest for name, digest in manifest.items()},
        **{f"root {p['number']} is wrong": _root(nodes[:p["size"]]).hex() == p["root"] for p in points},
        "the rule file is not the one that was frozen": sha256(raw["rules.json"]).hexdigest() == result["rule_hash"],
        "the ballots are not those of the board": bare or sorted(made) == sorted(board),
        "a leaf is there twice": len(set(board)) == len(board),
        "the last root is not over the whole board": sizes == sorted(set(sizes)) and [0, *sizes][-1] == len(board),
        "the root in the result is not that of the board": _root(nodes).hex() == result["root"],
        "a ballot opened for checking was cast": not shown & set(board),
        "roll and ballots differ": voted - roll["without_ballot"] == len(board) == len(rows) == result["ballots"],
        "the order of ties differs": count.ties == result["tie_order"],
        f"votes or ranks differ: {mine} here, {said} published": mine == said,
        f"winners differ: {won} here, {result['winners']} published": won == result["winners"],
        "the total cost differs": sum(count.cost[code] for code in won) == result["total_cost_fen"],
    }
    return [words for words, agrees in facts.items() if not agrees]
if __name__ == "__main__":
    try:
        wrong = check(Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent))
    except (OSError, ValueError, KeyError, TypeError, IndexError) as error:
        print(f"the bundle cannot be read or a ballot is not valid: {error!r}")
        sys.exit(2)
    print("\n".join(f"✗ {words}" for words in wrong) or "✓ rules, leaves, roots, roll, ballots and result agree")
    sys.exit(1 if wrong else 0)
