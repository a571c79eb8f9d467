"""The street with its staff, for the pages of people."""

import pytest
from flask import Flask

from grants.foundation.database import db
from grants.people.rules import Role
from tests.factories import people


@pytest.fixture
def street(app: Flask) -> None:
    """Make two communities, all staff, a resident in each community and an organisation with a member."""
    with app.app_context():
        people.make_street()
        people.make_staff()
        people.make_user("admin-2", Role.ADMIN)
        people.make_resident("resident-1", name="张桂兰")
        people.make_resident("resident-2", place=people.community(2), name="李建国")
        organisation = people.make_organisation()
        people.make_user("org-1", Role.ORGANISATION, organisation=organisation, name="周敏")
        db.session.commit()
