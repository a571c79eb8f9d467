"""The `count` command and the JSON that other programs rely on."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from grants.voting.cli import commands, count_command
from grants.voting.counting.files import count_file
from grants.voting.counting.rule import BadRule

VOTE = """META
key;value
description;test
country;China
unit;Wutong
instance;2026
num_projects;4
num_votes;6
budget;100.5
vote_type;approval
rule;greedy
date_begin;01.03.2026
date_end;02.03.2026
PROJECTS
project_id;cost;name
A;60;社区食堂
B x;60;路灯
C;40.5;花园
D;500;桥
VOTES
voter_id;vote
1;A,B x
2;A,B x
3;A,B x
4;C
5;C
6;D
"""


@pytest.fixture
def vote(tmp_path: Path) -> Path:
    """Return a small election file."""
    path = tmp_path / "vote.pb"
    path.write_text(VOTE, "utf-8")
    return path


def _run(*words: object) -> tuple[int, str, str]:
    result = CliRunner().invoke(count_command, [str(word) for word in words])
    return result.exit_code, result.stdout, result.stderr


def test_json(vote: Path) -> None:
    code, out, _err = _run(vote, "--rule", "greedy", "--json")
    answer = json.loads(out)
    assert code == 0
    assert answer["winners"] == ["A", "C"]
    assert (answer["total_cost"], answer["budget"]) == ("100.5", "100.5")
    assert answer["rule"]["method"] == "greedy"
    assert answer["rule"]["tie_order"] == ["A", "B x", "C", "D"]
    assert [row["cost"] for row in answer["rounds"]] == [60, 40.5]
    assert answer["rounds"][0]["tied_with"] == ["B x"]
    assert {row["project_id"]: row["why"] for row in answer["not_funded"]} == {
        "B x": "does_not_fit",
        "D": "over_budget",
    }


def test_equal_shares_in_json(vote: Path) -> None:
    _code, out, _err = _run(vote, "--rule", "mes", "--utility", "cardinality", "--completion", "add1e", "--json")
    answer = json.loads(out)
    assert answer["winners"] == ["A", "C"]
    assert answer["rule"]["utility"] == "cardinality"
    assert answer["rule"]["increment"] == 1
    assert answer["rule"]["completion"] == "add1e"
    assert answer["rule"]["fill"] == "none"
    assert answer["rounds"][0]["payment"] == pytest.approx(20)
    assert answer["rounds"][0]["effective_votes"] == pytest.approx(3)
    assert set(answer) >= {"smallest_gap", "settled_exactly", "rounds", "budget", "total_cost"}


def test_ties_from_a_file(vote: Path, tmp_path: Path) -> None:
    ties = tmp_path / "ties.txt"
    ties.write_text("\ufeffB x\nA\n\nC\nD\n", "utf-8")
    _code, out, _err = _run(vote, "--rule", "greedy", "--ties", ties, "--json")
    assert json.loads(out)["winners"] == ["B x", "C"]
    ties.write_text("A\n", "utf-8")
    code, _out, err = _run(vote, "--rule", "greedy", "--ties", ties)
    assert code == 1
    assert err.strip().count("\n") == 0
    assert "every option exactly once" in err


def test_for_reading(vote: Path) -> None:
    code, out, _err = _run(vote, "--rule", "mes")
    assert code == 0
    assert "2 winners, 100.5 of 100.5" in out
    assert "settled exactly" in out
    _code, out, _err = _run(vote, "--rule", "greedy", "--threshold", "3")
    assert "1 winners, 60 of 100.5" in out


def test_failures_are_one_line(tmp_path: Path) -> None:
    broken = tmp_path / "broken.pb"
    broken.write_text("hello\n", "utf-8")
    code, out, err = _run(broken, "--rule", "mes")
    assert (code, out) == (1, "")
    assert err.strip().count("\n") == 0
    assert _run(tmp_path / "missing.pb", "--rule", "mes")[0] == 2
    assert _run(broken, "--rule", "lot")[0] == 2
    assert _run(broken)[0] == 2


def test_help_has_examples() -> None:
    assert "flask --app wsgi count vote.pb --rule greedy" in _run("--help")[1]
    assert count_command in commands


def test_unknown_settings(vote: Path) -> None:
    with pytest.raises(BadRule, match="lot"):
        count_file(vote, rule="lot")
    with pytest.raises(BadRule, match="luck"):
        count_file(vote, rule="mes", utility="luck")


def test_the_application_starts_without_numpy() -> None:
    code = "import sys, grants.voting.cli; sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0  # noqa: S603 - our own interpreter
