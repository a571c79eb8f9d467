"""What several tests of voting start from."""

import pytest
from flask import Flask

from grants.foundation.database import db
from tests.factories import people, rounds, voting


@pytest.fixture
def ref(app: Flask) -> str:
    """Make a street with an open poll in its first community; return its reference."""
    with app.app_context():
        people.make_street()
        staff = people.make_staff()
        people.make_resident("resident-1")
        poll = voting.make_open(staff["programme-1"], staff["leader-1"], rounds.make_round(), people.community(1))
        found = poll.ref
        db.session.commit()
    return found
