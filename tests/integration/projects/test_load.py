"""Two officers at once, and few statements a page."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import event

from grants.foundation.database import db
from grants.projects import queries
from grants.projects.rules import ProjectStatus
from grants.rounds import queries as rounds_queries
from grants.rounds.rules import Category
from tests.browsing import Browser
from tests.factories import needs, projects, rounds

pytestmark = pytest.mark.usefixtures("street")
Browse = Callable[[str | None], Browser]


def test_two_officers_at_once_never_promise_an_envelope_twice(app: Flask, browse: Browse) -> None:
    with app.app_context():
        poor = rounds.make_round(2, envelope_fen=6_000_000)
        refs = [projects.make_noticed(poor).ref for _number in range(4)]
        db.session.commit()
    browsers = [browse("programme-1" if number % 2 else "programme-2") for number in range(4)]
    tokens = [browser.csrf() for browser in browsers]

    def fund(index: int) -> int:
        with app.test_client() as client:
            for cookie in browsers[index].client._cookies.values():  # type: ignore[union-attr]
                client.set_cookie(cookie.key, cookie.value, domain="localhost")
            return client.post(f"/projects/{refs[index]}/fund", data={"csrf_token": tokens[index]}).status_code

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(fund, range(4)))
    assert set(answers) == {302}
    with app.app_context():
        funded = [ref for ref in refs if queries.get_project(ref).status is ProjectStatus.FUNDED]
        assert len(funded) == 1
        assert queries.uncommitted_fen(queries.get_project(refs[0]).round, Category.WELFARE) == 2_500_000


def test_the_public_list_takes_four_statements_however_long_it_is(app: Flask, browse: Browse) -> None:
    with app.app_context():
        round = rounds_queries.find_open_round()
        assert round is not None
        need = needs.make_adopted_need(round)
        for _number in range(8):
            projects.make_announced(round, need=need)
        db.session.commit()
        engine = db.engine
    browser = browse(None)
    browser.get("/projects/")
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        sent.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    browser.get("/projects/")
    event.remove(engine, "before_cursor_execute", note)
    assert len([one for one in sent if one.startswith("SELECT")]) <= 4, sent
