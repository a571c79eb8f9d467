"""The Pabulib format: nothing is lost, nothing is guessed."""

import random
from itertools import count
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pabulib.checker import Checker

from grants.voting.counting.election import BallotKind, Election, Option
from grants.voting.counting.equal_shares import EqualSharesRule, count_equal_shares
from grants.voting.counting.greedy import count_greedy
from grants.voting.counting.pabulib import (
    BadPabulib,
    PabulibFile,
    Table,
    build_pabulib,
    format_pabulib,
    parse_pabulib,
    read_pabulib,
    with_winners,
    write_pabulib,
)
from tests.unit.voting.elections import elections

FACTS = {
    "description": "梧桐街道公益创投；第三届",
    "country": "China",
    "unit": "Wutong",
    "instance": "2026",
    "rule": "greedy",
    "date_begin": "01.03.2026",
    "date_end": "15.03.2026",
    "language": "zh",
}
POINTS = {**FACTS, "max_sum_points": "18"}
SMALL = """META
key;value
description;"a ""quoted""; text"
num_projects;3
num_votes;4
budget;100.50
vote_type;approval
PROJECTS
project_id;cost;votes;name;selected
1;50.25;3;社区食堂;1
2;60;1;;0
3;999999999;0;withdrawn;3
VOTES
voter_id;vote
a;1
b;1,2
c;1
d;
"""


@pytest.mark.parametrize("bom", ["", "\ufeff"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("end", ["", "\n", "\n\n", "\r\n"])
def test_what_is_read_is_written_again(bom: str, newline: str, end: str) -> None:
    text = bom + SMALL.rstrip("\n").replace("\n", newline) + end
    assert format_pabulib(parse_pabulib(text)) == text


def test_odd_but_legal_writing_is_kept(tmp_path: Path) -> None:
    text = SMALL.replace("PROJECTS\n", "\nprojects \n").replace("2;60;1;;0", '"2";60;"1";"two\nlines";0')
    path = tmp_path / "odd.pb"
    path.write_bytes(text.encode())
    file = read_pabulib(path)
    assert file.projects.rows[1] == ("2", "60", "1", "two\nlines", "0")
    write_pabulib(file, path)
    assert path.read_bytes().decode() == text


def test_amounts_become_whole_minor_units() -> None:
    file = parse_pabulib(SMALL)
    election = file.election()
    assert file.scale == 100
    assert election.budget == 10050
    assert [option.cost for option in election.options] == [5025, 6000, 99999999900]
    assert (election.votes, election.voters) == ((3, 1, 0), 4)
    assert file.recorded_winners() == ["1"]
    assert parse_pabulib(SMALL.replace("100.50", "100").replace("50.25", "50")).scale == 1


def test_winners_can_be_written_in() -> None:
    file = with_winners(parse_pabulib(SMALL), ["2"])
    assert file.recorded_winners() == ["2"]
    assert parse_pabulib(format_pabulib(file)).recorded_winners() == ["2"]
    bare = parse_pabulib(SMALL.replace(";selected", "").replace("堂;1", "堂").replace(";;0", ";").replace("wn;3", "wn"))
    assert bare.recorded_winners() is None
    assert with_winners(bare, ["1", "3"]).recorded_winners() == ["1", "3"]


@settings(deadline=None)
@given(st.booleans().flatmap(lambda points: elections(points=points)), st.randoms(use_true_random=False))
def test_an_exported_election_counts_the_same(election: Election, shuffle: random.Random) -> None:
    order = list(range(election.voters))
    shuffle.shuffle(order)
    numbers = count(1)
    file = build_pabulib(election, POINTS, winners=["P0"], voter_ids=(f"v{number}" for number in numbers), order=order)
    again = parse_pabulib(format_pabulib(file)).election()
    assert again.voters == election.voters
    assert again.votes == election.votes
    assert again.scores == election.scores
    assert [option.category for option in again.options] == [option.category for option in election.options]
    assert again.budget * 100 == election.budget * file.scale or file.scale == 100
    assert len({row[0] for row in file.votes.rows}) == election.voters


def test_an_export_needs_its_facts() -> None:
    election = parse_pabulib(SMALL).election()
    with pytest.raises(BadPabulib, match="country"):
        build_pabulib(election, {"unit": "x"}, winners=[], voter_ids=iter("abcd"), order=range(4))
    cumulative = Election(election.options, election.budget, election.ballots, BallotKind.CUMULATIVE)
    with pytest.raises(BadPabulib, match="max_sum_points"):
        build_pabulib(cumulative, FACTS, winners=[], voter_ids=iter("abcd"), order=range(4))
    file = build_pabulib(election, FACTS, winners=["1"], voter_ids=iter("abcd"), order=range(4))
    assert file.facts["budget"] == "100.5"
    assert file.facts["num_votes"] == "4"
    assert file.facts["description"] == "梧桐街道公益创投；第三届"
    assert file.recorded_winners() == ["1"]
    assert file.projects.column("name") == ["社区食堂", "2", "withdrawn"]
    assert "category" not in file.projects.header
    assert [row[0] for row in file.meta.rows][-2:] == ["date_end", "language"]


def test_the_checker_of_the_format_accepts_and_recounts_an_export(tmp_path: Path) -> None:
    checker = Checker()
    shuffle = random.Random(7)
    options = [Option(f"XQ-{place}", 100_000 + 25_050 * place, "助老", f"项目{place}；甲") for place in range(9)]
    ballots = [shuffle.sample([option.id for option in options], 3) for _voter in range(120)]
    election = Election.from_approvals(options, 600_000, ballots)
    counts = {
        "greedy": count_greedy(election),
        "equalshares/add1": count_equal_shares(election, EqualSharesRule(increment=100)),
    }
    for rule, result in counts.items():
        numbers = count(1)
        file = build_pabulib(
            election,
            {**FACTS, "rule": rule},
            winners=result.winners,
            voter_ids=(f"v{number}" for number in numbers),
            order=shuffle.sample(range(120), 120),
        )
        write_pabulib(file, tmp_path / "export.pb")
        report = checker.process_files([str(tmp_path / "export.pb")])
        assert report["metadata"]["invalid"] == 0, report


def test_kinds_of_ballots() -> None:
    cumulative = SMALL.replace("approval", "cumulative").replace("voter_id;vote", "voter_id;vote;points")
    cumulative = cumulative.replace("a;1\nb;1,2\nc;1\nd;", "a;1;5\nb;1,2;2,7\nc;1,1,1;1,1,1\nd;;")
    election = parse_pabulib(cumulative).election()
    assert (election.scores, election.votes, election.kind) == ((10, 7, 0), (3, 1, 0), BallotKind.CUMULATIVE)
    ordinal = parse_pabulib(SMALL.replace("approval", "ordinal")).election()
    assert ordinal.scores == (4, 1, 0)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("META\n", "", "META"),
        ("VOTES\nvoter_id;vote\na;1\nb;1,2\nc;1\nd;\n", "", "VOTES is missing"),
        ("approval", "telepathy", "telepathy"),
        ("b;1,2", "b;1,9", "does not exist: 9"),
        ("50.25", "a lot", "not an amount"),
        ("50.25", "-5", "not an amount"),
        ("50.25", "NaN", "not an amount"),
        ("budget;100.50\n", "", "not an amount"),
        ("voter_id;vote\n", "voter_id;voice\n", "no column vote"),
    ],
)
def test_what_cannot_be_read_is_said(old: str, new: str, words: str) -> None:
    with pytest.raises(BadPabulib, match=words):
        parse_pabulib(SMALL.replace(old, new)).election()


def test_points_must_match() -> None:
    text = SMALL.replace("approval", "scoring").replace("voter_id;vote", "voter_id;vote;points")
    with pytest.raises(BadPabulib, match="more or fewer points"):
        parse_pabulib(text.replace("b;1,2", "b;1,2;3")).election()
    with pytest.raises(BadPabulib, match="whole numbers"):
        parse_pabulib(text.replace("b;1,2", "b;1,2;3,0.5")).election()


def test_not_text(tmp_path: Path) -> None:
    path = tmp_path / "x.pb"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadPabulib, match="UTF-8"):
        read_pabulib(path)


CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\x00\r\ufeff"), max_size=8)


@settings(deadline=None, max_examples=300)
@given(
    st.lists(st.tuples(CELLS.filter(str.strip), CELLS), max_size=4),
    st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=4),
    st.sampled_from(["\n", "\r\n"]),
    st.booleans(),
)
def test_any_cells_survive_writing_and_reading(
    facts: list[tuple[str, str]], projects: list[tuple[str, str, str]], newline: str, has_bom: bool
) -> None:
    file = PabulibFile(
        Table(("key", "value"), tuple(facts)),
        Table(("project_id", "cost", "name"), tuple(projects)),
        Table(("voter_id", "vote"), (("1", "a,b"),)),
        newline=newline,
        has_bom=has_bom,
    )
    text = format_pabulib(file)
    again = parse_pabulib(text)
    assert format_pabulib(again) == text
    assert (again.meta, again.projects, again.votes) == (file.meta, file.projects, file.votes)
