"""What the start page and the lists offer: nothing that is over, whoever has not yet closed it."""

from collections.abc import Callable
from datetime import timedelta

from flask import Flask

from grants.foundation import clock
from grants.foundation.database import db
from tests.browsing import Browser
from tests.factories import selection

Browse = Callable[[str | None], Browser]


def test_past_its_deadline_a_call_is_nowhere_offered_as_open(app: Flask, browse: Browse) -> None:
    with app.app_context():
        address = f"/calls/{selection.make_call(selection.make_stage()).ref}"
        db.session.commit()
    visitor = browse(None)
    assert address in visitor.get("/").html
    assert address in visitor.get("/calls/").html
    with clock.set_to(clock.now() + timedelta(days=16)):
        assert address not in visitor.get("/").html
        assert address not in visitor.get("/calls/").html
        assert "已截止，待审核" in visitor.get("/calls/?view=running").text
        seen = visitor.get(address).text
    assert "已截止，待审核" in seen
    assert "不再接收新的申报" in seen
