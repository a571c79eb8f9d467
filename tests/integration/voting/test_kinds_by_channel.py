"""Every kind of ballot at the kiosk, with a helper and on paper: the same choice comes into the box whichever way."""

from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask

from grants.foundation import clock
from grants.foundation.database import db
from grants.people.models import Resident
from grants.voting import queries
from grants.voting.models import Ballot, RollEntry
from grants.voting.rules import Channel, PollKind
from grants.voting.service import codes, paper
from tests.browsing import Browser, typed
from tests.factories import people, rounds, voting
from tests.factories.remembering import remembered

Browse = Callable[[str | None], Browser]

FILLED: dict[PollKind, dict[str, Any]] = {
    PollKind.APPROVAL: {"choice": ["03", "01"]},
    PollKind.KNAPSACK: {"choice": ["02", "03"]},
    PollKind.CUMULATIVE: {"points-01": "7", "points-03": "3"},
    PollKind.SCORING: {"points-04": "5", "points-02": "1"},
    PollKind.RANKING: {"rank-02": "1", "rank-04": "2"},
}
KEYED = {
    PollKind.APPROVAL: ("3 1", "1 2 3 4"),
    PollKind.KNAPSACK: ("2、3", "1 4"),
    PollKind.CUMULATIVE: ("1:7 3:3", "1:7 3:4"),
    PollKind.SCORING: ("4:5，2:1", "1:6"),
    PollKind.RANKING: ("2>4", "2 2"),
}
"""The slip of the same choice as an officer keys it, and one that cannot stand on a ballot of this kind."""
SPELLED = {
    PollKind.APPROVAL: "01,03",
    PollKind.KNAPSACK: "02,03",
    PollKind.CUMULATIVE: "01:7,03:3",
    PollKind.SCORING: "02:1,04:5",
    PollKind.RANKING: "02>04",
}


@pytest.fixture
def polls(app: Flask) -> dict[PollKind, tuple[str, str, str]]:
    with app.app_context():
        return _make_polls()


@remembered
def _make_polls() -> dict[PollKind, tuple[str, str, str]]:
    """Open a poll of every kind; return its reference, the code of 甲 and the paper batch begun for it."""
    people.make_street()
    staff = people.make_staff()
    holder, *_others = [people.make_resident(name=name) for name in ("甲有码", "乙有人帮", "丙用纸票")]
    round_ = rounds.make_round()
    made = {}
    for kind, method in voting.METHODS.items():
        poll = voting.make_open(staff["programme-1"], staff["leader-1"], round_, people.community(1), method=method)
        sheet = codes.issue_codes(officer=staff["community-1"], poll=poll, residents=[holder])
        batch = paper.open_batch(officer=staff["community-1"], poll=poll, station="社区大厅", voted_on=clock.today())
        db.session.flush()
        made[kind] = (poll.ref, sheet.lines[0].code, batch.ref)
    return made


def _form(page: BeautifulSoup, step: str) -> dict[str, Any]:
    """Return what the form of a page that goes on to `step` would send as it stands."""
    return typed(page.find("input", {"name": "step", "value": step}).find_parent("form"))  # type: ignore[union-attr]


def _cast(browser: Browser, path: str, opened: BeautifulSoup, filled: dict[str, Any]) -> None:
    """Go through the screens as they come: fill in, check, cast what the check screen carries."""
    asked = _form(opened, "check")
    assert set(filled) <= {"choice", *asked}
    checked = browser.post(path, {**asked, **filled}, status=200).soup
    receipt = browser.post(path, _form(checked, "cast"), status=200)
    assert receipt.soup.select_one(".receipt__code")


def _box(app: Flask, ref: str) -> tuple[list[str], list[Channel | None]]:
    with app.app_context():
        poll = queries.get_poll(ref)
        spelled = db.session.scalars(db.select(Ballot.choices).where(Ballot.poll_id == poll.id)).all()
        marks = db.select(RollEntry.channel).where(RollEntry.poll_id == poll.id, RollEntry.has_voted)
        return list(spelled), list(db.session.scalars(marks))


@pytest.mark.parametrize("kind", list(PollKind))
def test_at_the_kiosk(polls: dict[PollKind, tuple[str, str, str]], browse: Browse, app: Flask, kind: PollKind) -> None:
    ref, code, _batch = polls[kind]
    device, path = browse("community-1"), f"/polls/{ref}/kiosk"
    device.post(f"/polls/{ref}/stations", {"name": "1 号机", "hours": "8"})
    device.get(path)
    opened = device.post(path, {"step": "enter", "code": code}, status=200).soup
    _cast(device, path, opened, FILLED[kind])
    assert _box(app, ref) == ([SPELLED[kind]], [Channel.KIOSK])


@pytest.mark.parametrize("kind", list(PollKind))
def test_with_a_helper(polls: dict[PollKind, tuple[str, str, str]], browse: Browse, app: Flask, kind: PollKind) -> None:
    ref, _code, _batch = polls[kind]
    officer, path = browse("community-1"), f"/polls/{ref}/assist"
    found = officer.post(path, {"step": "find", "words": "乙有人帮"}, status=200).soup
    resident = found.find("input", {"name": "resident"})["value"]
    begun = {"step": "begin", "resident": resident, "why": "视力不便", "note": "本人在场"}
    _cast(officer, path, officer.post(path, begun, status=200).soup, FILLED[kind])
    assert _box(app, ref) == ([SPELLED[kind]], [Channel.PROXY])


@pytest.mark.parametrize("kind", list(PollKind))
def test_on_paper(polls: dict[PollKind, tuple[str, str, str]], browse: Browse, app: Flask, kind: PollKind) -> None:
    ref, _code, batch = polls[kind]
    page, (right, wrong) = f"/polls/{ref}/paper/{batch}", KEYED[kind]
    officer, second = browse("community-1"), browse("programme-1")
    with app.app_context():
        resident = db.session.scalars(db.select(Resident.id).where(Resident.name == "丙用纸票")).one()
    officer.post(f"{page}/stub", {"resident": str(resident), "number": "1"})
    for browser in (officer, second):
        browser.post(f"{page}/count", {"slips": "1"})
    for browser in (officer, second):
        assert wrong in str(browser.post(f"{page}/key", {"number": "1", "text": wrong}, status=422).soup)
        browser.post(f"{page}/key", {"number": "1", "text": right})
    officer.post(f"{page}/post", {"remark": ""})
    assert _box(app, ref) == ([SPELLED[kind]], [Channel.PAPER])
