"""What several tests of voting start from."""

import pytest
from flask import Flask

from grants.voting.models import Poll
from tests.factories import people, rounds, voting
from tests.factories.remembering import remembered


@pytest.fixture
def ref(app: Flask) -> str:
    """Make a street with an open poll in its first community; return its reference."""
    with app.app_context():
        return _make_poll().ref


@remembered
def _make_poll() -> Poll:
    people.make_street()
    staff = people.make_staff()
    people.make_resident("resident-1")
    return voting.make_open(staff["programme-1"], staff["leader-1"], rounds.make_round(), people.community(1))
