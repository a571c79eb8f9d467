"""Those who watch over a call read how its eligibility check stands; nobody changes anything there."""

from collections.abc import Callable

import pytest
from flask import Flask

from grants.foundation.database import db
from grants.people.rules import Role
from grants.selection import queries, service
from grants.selection.rules import Condition
from grants.selection.service.eligibility import Decision
from tests.browsing import Browser
from tests.factories import people, selection
from tests.factories.selection import Stage

Browse = Callable[[str | None], Browser]
CALL = "ZM-2026-01-0001"


def half_checked(stage: Stage) -> None:
    """Refuse one of two applications against the computation; the other waits."""
    call = selection.make_closed(stage)
    first = queries.list_applications(call)[0]
    with selection.later(call, days=1):
        decisions = {condition: Decision(True, "核对原件无误") for condition in Condition}
        decisions[Condition.SCOPE] = Decision(False, "章程业务范围不含助餐服务")
        service.decide_eligibility(application=first, officer=stage.programme, decisions=decisions)


@pytest.fixture
def watched(app: Flask, staged: Callable[..., None]) -> None:
    staged(half_checked)
    with app.app_context():
        people.make_user("supervisor-9", Role.SUPERVISOR)
        people.make_user("finance-9", Role.FINANCE)
        db.session.commit()


@pytest.mark.usefixtures("watched")
def test_the_supervisor_reads_every_decision_with_its_reason(browse: Browse) -> None:
    page = browse("supervisor-9").get(f"/calls/{CALL}/eligibility")
    assert "章程业务范围不含助餐服务" in page.text
    assert f"{len(Condition) - 1} / {len(Condition)}" in page.text
    assert page.soup.select("main form[method=post]") == []
    tabs = [link.get_text(strip=True) for link in page.soup.select(".tabs a")]
    assert "资格审查" in tabs


@pytest.mark.usefixtures("watched")
@pytest.mark.parametrize("login", ["finance-9", "org-1"])
def test_it_is_for_those_who_run_and_watch_calls(browse: Browse, login: str) -> None:
    browse(login).get(f"/calls/{CALL}/eligibility", status=403)


@pytest.mark.usefixtures("watched")
def test_the_supervisor_decides_nothing(app: Flask, browse: Browse) -> None:
    with app.app_context():
        waiting = queries.list_applications(queries.get_call(CALL))[1].ref
    watcher = browse("supervisor-9")
    for step in ("eligibility", "return", "disqualify"):
        watcher.post(f"/applications/{waiting}/{step}", {}, status=403)
    assert "还没有" not in watcher.get(f"/calls/{CALL}/eligibility").text
