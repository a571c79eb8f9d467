"""Many at once, and few statements a page."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from flask import Flask
from sqlalchemy import event

from grants.foundation.database import db
from grants.needs import queries
from grants.needs.models import NeedSupport
from grants.rounds import queries as rounds_queries
from tests.browsing import Browser
from tests.factories import needs, people

pytestmark = pytest.mark.usefixtures("street")
Browse = Callable[[str | None], Browser]
NEIGHBOURS, TIMES = 8, 3


def make_need(app: Flask) -> str:
    with app.app_context():
        round = rounds_queries.find_open_round()
        assert round is not None
        ref = needs.make_need(round).ref
        db.session.commit()
    return ref


@contextmanager
def counted(app: Flask) -> Iterator[list[str]]:
    """Collect the statements sent to the database."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        sent.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)


def test_neighbours_who_press_at_once_each_count_once(app: Flask, browse: Browse) -> None:
    ref = make_need(app)
    with app.app_context():
        for number in range(NEIGHBOURS):
            people.make_resident(f"neighbour-{number}")
        db.session.commit()
    browsers = [browse(f"neighbour-{number}") for number in range(NEIGHBOURS)]
    tokens = [browser.csrf() for browser in browsers]

    def press(index: int) -> int:
        one = index % NEIGHBOURS
        with app.test_client() as client:
            for cookie in browsers[one].client._cookies.values():  # type: ignore[union-attr]
                client.set_cookie(cookie.key, cookie.value, domain="localhost")
            return client.post(f"/needs/{ref}/second", data={"csrf_token": tokens[one]}).status_code

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(press, range(NEIGHBOURS * TIMES)))
    assert set(answers) <= {302, 409}
    with app.app_context():
        need = queries.get_need(ref)
        rows = db.session.query(NeedSupport).filter_by(need_id=need.id).count()
        assert need.support_count == rows == 1 + NEIGHBOURS


def test_the_public_list_takes_three_statements_however_long_it_is(app: Flask, browse: Browse) -> None:
    with app.app_context():
        round = rounds_queries.find_open_round()
        assert round is not None
        for number in range(25):
            needs.make_paper_need(round, title=f"第{number}条")
        db.session.commit()
    browser = browse(None)
    browser.get("/needs/")
    with counted(app) as sent:
        browser.get("/needs/")
    assert len([one for one in sent if one.startswith("SELECT")]) == 3, sent


def test_a_need_s_page_stays_within_its_statements(app: Flask, browse: Browse) -> None:
    ref = make_need(app)
    browser = browse(None)
    with counted(app) as sent:
        browser.get(f"/needs/{ref}")
    assert len([one for one in sent if one.startswith("SELECT")]) <= 12, sent
