"""The published data in all three forms, from the command line and from the page: the same, and readable."""

import csv
import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask

from grants.foundation import clock
from grants.needs.rules import EXPORT_HEADER, NEED_STATUS_LABELS, TARGET_GROUP_LABELS
from grants.portal import exports
from grants.portal.queries import open_data
from grants.rounds import queries as rounds
from grants.rounds.rules import CATEGORY_LABELS, Category
from grants.voting import queries as voting
from grants.voting.counting.election import BallotKind
from grants.voting.counting.pabulib import format_pabulib, parse_pabulib
from grants.voting.rules import CountingRule, PollKind, full_settings, read, spell
from tests.browsing import Browser


@pytest.fixture
def visitor(demo: Flask) -> Browser:
    return Browser(demo, None)


@pytest.fixture
def run(demo: Flask) -> Callable[..., str]:
    """Return a function that runs the export command and returns what it printed."""

    def export(form: str, path: Path, round_ref: str) -> str:
        done = demo.test_cli_runner().invoke(args=["open-data", "export", round_ref, "--format", form, "-o", str(path)])
        assert done.exit_code == 0, done.output
        return done.output

    return export


@pytest.fixture
def first_round(demo: Flask) -> str:
    """Return the demo's oldest round, in which everything is over."""
    with demo.app_context():
        return rounds.list_rounds()[-1].ref


def table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def test_tables_are_the_same_from_both_places_and_in_words(
    run: Callable[..., str], visitor: Browser, first_round: str, tmp_path: Path
) -> None:
    run("csv", tmp_path / "out", first_round)
    for name, address in (
        ("projects", f"/open-data/projects.csv?round={first_round}"),
        ("payments", f"/open-data/payments.csv?round={first_round}"),
        ("needs", f"/needs/export.csv?round={first_round}"),
    ):
        written = (tmp_path / "out" / f"{name}.csv").read_text("utf-8")
        assert written.splitlines() == visitor.get(address).html.splitlines()
        assert table(written), name
    needs = table((tmp_path / "out" / "needs.csv").read_text("utf-8"))
    assert list(needs[0]) == [str(word) for word in EXPORT_HEADER]
    for one in needs:
        assert one["类别"] == str(CATEGORY_LABELS[Category(one["类别代码"])])
        assert one["状态"] in {str(label) for label in NEED_STATUS_LABELS.values()}
        assert one["服务对象"] in {str(label) for label in TARGET_GROUP_LABELS.values()}
        assert re.fullmatch(r"[a-z_]+", one["状态代码"])


def test_the_360giving_file_is_the_one_of_the_page(
    run: Callable[..., str], visitor: Browser, first_round: str, tmp_path: Path
) -> None:
    run("360giving", tmp_path / "grants.json", first_round)
    written = json.loads((tmp_path / "grants.json").read_text("utf-8"))
    assert written == json.loads(visitor.get(f"/open-data/{first_round}/360giving.json").html)
    titles = {one["classifications"][0]["title"] for one in written["grants"]}
    assert titles <= {str(label) for label in CATEGORY_LABELS.values()}


def test_every_counted_poll_passes_its_own_parser_and_counts_as_published(
    demo: Flask, run: Callable[..., str], visitor: Browser, first_round: str, tmp_path: Path
) -> None:
    printed = run("pabulib", tmp_path / "polls", first_round).split()
    with demo.app_context():
        polls = open_data.list_counted_polls(rounds.get_round(first_round))
        assert polls
        assert sorted(printed) == sorted(str(tmp_path / "polls" / f"{poll.ref}.pb") for poll in polls)
        for poll in polls:
            for text in (
                (tmp_path / "polls" / f"{poll.ref}.pb").read_text("utf-8"),
                visitor.get(f"/open-data/polls/{poll.ref}.pb").html,
            ):
                file = parse_pabulib(text)
                assert format_pabulib(file) == text
                election = file.election()
                assert election.voters == len(voting.list_board(poll))
                fen = 100 // file.scale
                assert election.budget * fen == poll.budget_fen
                costs = {option.id: option.cost * fen for option in election.options}
                assert costs == {option.code: option.cost_fen for option in poll.options}
                assert list(costs) == (poll.result or {})["tie_order"]
                assert set(file.recorded_winners() or ()) == set((poll.result or {})["winners"])


def test_the_order_of_the_ballots_says_nothing(demo: Flask, first_round: str) -> None:
    with demo.app_context():
        poll = open_data.list_counted_polls(rounds.get_round(first_round))[0]
        texts = {exports.pabulib_text(poll) for _time in range(3)}
        codes = {code for code, _choices, _leaf in voting.list_board(poll)}
    assert len(texts) == 3
    assert not any(code in text for text in texts for code in codes)


@pytest.mark.parametrize(
    ("kind", "markings", "type_", "scores"),
    [
        (PollKind.APPROVAL, [{"01": 1, "03": 1}, {"01": 1}], BallotKind.APPROVAL, [2, 0, 1]),
        (PollKind.KNAPSACK, [{"02": 1, "03": 1}], BallotKind.APPROVAL, [0, 1, 1]),
        (PollKind.CUMULATIVE, [{"01": 3, "02": 7}, {"01": 10}], BallotKind.CUMULATIVE, [13, 7, 0]),
        (PollKind.SCORING, [{"01": 5, "03": 2}], BallotKind.SCORING, [5, 0, 2]),
        (PollKind.RANKING, [{"03": 1, "01": 2, "02": 3}, {"01": 1, "02": 2}], BallotKind.ORDINAL, [4, 2, 3]),
    ],
)
def test_every_kind_of_ballot_comes_back_as_it_was_cast(
    monkeypatch: pytest.MonkeyPatch,
    kind: PollKind,
    markings: list[dict[str, int]],
    type_: BallotKind,
    scores: list[int],
) -> None:
    options = [
        SimpleNamespace(code=code, cost_fen=100_050, category=Category.WELFARE, title=f"项目;{code}")
        for code in ("01", "02", "03")
    ]
    poll = SimpleNamespace(
        ref="TP-1", title="投票", kind=kind, rule=CountingRule.EQUAL_SHARES, points=10, min_choices=1, max_choices=3,
        budget_fen=300_000, options=options, community=SimpleNamespace(name="银杏社区"), opens_at=clock.now(),
        closes_at=clock.now(),
        result={"winners": ["01"], "rule": full_settings(PollKind.APPROVAL, CountingRule.EQUAL_SHARES, {})},
    )  # fmt: skip
    board = [(str(number), spell(kind, one), "leaf") for number, one in enumerate(markings)]
    assert [read(kind, choices) for _code, choices, _leaf in board] == markings
    monkeypatch.setattr(exports.voting, "list_board", lambda _poll: board)
    text = exports.pabulib_text(poll)  # type: ignore[arg-type]
    file = parse_pabulib(text)
    assert format_pabulib(file) == text
    election = file.election()
    assert (election.kind, election.voters, list(election.scores)) == (type_, len(markings), scores)
    assert file.facts["rule"] == "equalshares/add1"
