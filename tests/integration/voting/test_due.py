"""What voting does by itself: a poll whose time is over closes, and people at the last look are counted."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from grants.foundation import clock
from grants.foundation.database import db
from grants.voting import jobs, queries
from grants.voting.rules import PollStatus
from tests.browsing import Browser
from tests.factories import people, rounds, voting

Browse = Callable[[str | None], Browser]


@pytest.fixture
def ref(app: Flask) -> str:
    """Make an open poll with one voter's account."""
    with app.app_context():
        people.make_street()
        staff = people.make_staff()
        people.make_resident("resident-1")
        poll = voting.make_open(staff["programme-1"], staff["leader-1"], rounds.make_round(), people.community())
        found = poll.ref
        db.session.commit()
    return found


def test_a_poll_closes_by_itself_when_its_time_is_over(app: Flask, ref: str) -> None:
    with app.app_context():
        assert not jobs.is_closing_due()
        end = queries.get_poll(ref).closes_at
        with clock.set_to(end + timedelta(minutes=1)):
            assert jobs.is_closing_due()
            jobs.close_due_polls(None)  # type: ignore[arg-type] # it reports no progress
            db.session.commit()
            assert not jobs.is_closing_due()
        assert queries.get_poll(ref).status is PollStatus.CLOSED


def test_a_last_look_is_counted_without_a_name(app: Flask, ref: str, browse: Browse) -> None:
    voter = browse("resident-1")
    path = f"/polls/{ref}/ballot"
    token = voter.get(path).soup.find("input", {"name": "token"})["value"]
    voter.post(path, {"token": token, "step": "check", "choice": []}, status=422)
    voter.post(path, {"token": token, "step": "check", "choice": ["01"]}, status=200)
    with app.app_context():
        assert queries.count_started(queries.get_poll(ref)) == 1
        entry = db.session.execute(
            db.text("SELECT actor_id, details FROM audit_entry WHERE action = 'ballot:start'")
        ).one()
        assert entry.actor_id is None
        assert "01" not in entry.details
