"""One whole round over HTTP, hand by hand. At each step the obvious wrong turns are tried first.

tests/browser/test_journey.py plays the same script in a real browser.
"""

import pytest
from flask import Flask

from grants.demo import story
from grants.demo.scales import SCALES
from grants.foundation.database import db
from tests.journeys import script
from tests.journeys.person import HttpPerson
from tests.journeys.stage import Stage

pytestmark = pytest.mark.slow


def test_a_whole_round_from_the_first_need_to_the_closed_project(app: Flask) -> None:
    with app.app_context():
        story.tell(SCALES["small"], seed=7, say=lambda _line: None)
        db.session.commit()
    script.play(Stage(app, lambda login: HttpPerson(app, login)))
