"""A street with staff and an open round, for tests of projects."""

import pytest
from flask import Flask

from grants.foundation.database import db
from grants.rounds.models import Round
from tests.factories import people, rounds
from tests.factories.remembering import remembered


@pytest.fixture
def street(app: Flask) -> None:
    """Make the street, its staff and an open round, committed, for tests that browse."""
    with app.app_context():
        _populate()
        db.session.commit()


@pytest.fixture
def round(ctx: Flask) -> Round:
    """Make the same inside an open context and return the round, for tests that call services."""
    return _populate()


@remembered
def _populate() -> Round:
    people.make_street()
    people.make_staff()
    people.make_resident("resident-1", name="张桂兰")
    return rounds.make_round()
