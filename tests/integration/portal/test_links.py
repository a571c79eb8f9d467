"""Nobody is led to a page that turns them away."""

from collections.abc import Callable

import pytest
from flask import Flask

from grants.foundation.database import db
from tests.browsing import Browser
from tests.factories import people, rounds

Browse = Callable[[str | None], Browser]


@pytest.mark.parametrize("path", ["/", "/needs/"])
def test_only_those_who_could_raise_a_need_are_led_there(path: str, app: Flask, browse: Browse) -> None:
    with app.app_context():
        people.make_street()
        people.make_staff()
        people.make_resident("resident-1")
        rounds.make_round()
        db.session.commit()
    assert 'href="/needs/new"' in browse(None).get(path).html
    assert 'href="/needs/new"' in browse("resident-1").get(path).html
    assert 'href="/needs/new"' not in browse("finance-1").get(path).html
