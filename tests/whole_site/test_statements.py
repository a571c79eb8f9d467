"""How many statements the busiest requests send: a measure that, unlike time, does not drift.

The trace of a project has its own test beside the portal's pages.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from sqlalchemy import event

from grants.foundation.database import db
from tests.browsing import Browser
from tests.factories import needs, people, rounds, voting

Browse = Callable[[str | None], Browser]
CAST, LIST = 6, 4


@contextmanager
def counted(app: Flask) -> Iterator[list[str]]:
    """Collect what is sent to the database, the opening of the transaction left aside."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith("BEGIN"):
            sent.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)


@pytest.fixture
def poll_ref(app: Flask) -> str:
    """Make a street with a round, a page full of needs and an open poll; return the poll's reference."""
    with app.app_context():
        people.make_street()
        staff = people.make_staff()
        people.make_resident("resident-1")
        round = rounds.make_round()
        for number in range(25):
            needs.make_paper_need(round, title=f"第{number}条")
        ref = voting.make_open(staff["programme-1"], staff["leader-1"], round, people.community()).ref
        db.session.commit()
    return ref


def test_a_ballot_takes_six_statements(app: Flask, browse: Browse, poll_ref: str) -> None:
    voter = browse("resident-1")
    path = f"/polls/{poll_ref}/ballot"
    token = voter.get(path).soup.find("input", {"name": "token"})["value"]
    with counted(app) as sent:
        voter.post(path, {"token": token, "step": "cast", "choice": ["01", "03"]}, status=200)
    assert len(sent) <= CAST, "\n\n".join(sent)


@pytest.mark.parametrize("login", ["resident-1", "programme-1", "community-1"])
def test_a_signed_in_list_takes_four_statements(app: Flask, browse: Browse, poll_ref: str, login: str) -> None:
    reader = browse(login)
    reader.get("/needs/")
    with counted(app) as sent:
        reader.get("/needs/")
    assert len(sent) <= LIST, "\n\n".join(sent)
