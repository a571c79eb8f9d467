"""A stage brought to a status and committed, with the clock after the deadline when a test asks for it."""

from collections.abc import Callable

import pytest
from flask import Flask

from grants.foundation.database import db
from tests.factories import selection
from tests.factories.selection import Stage


@pytest.fixture
def staged(app: Flask) -> Callable[..., None]:
    """Return a function that makes a stage, brings it somewhere and commits; tests look things up themselves."""

    def make(bring: Callable[[Stage], object] | None = None, **settings: object) -> None:
        with app.app_context():
            stage = selection.make_stage(**settings)  # type: ignore[arg-type]
            if bring is not None:
                bring(stage)
            db.session.commit()

    return make
