"""A running project with its parties, made anew for each test."""

import pytest
from flask import Flask

from grants.agreements.models import Agreement
from tests.factories import agreements
from tests.factories.agreements import Parties


@pytest.fixture
def running(ctx: Flask) -> tuple[Parties, Agreement]:
    """Bring an agreement into force, with everybody it needs, inside an open context."""
    return agreements.make_running()


@pytest.fixture
def parties(request: pytest.FixtureRequest, ctx: Flask) -> Parties:
    """Return everybody; there is an agreement only for a test that asks for one."""
    if "agreement" in request.fixturenames:
        return request.getfixturevalue("running")[0]  # type: ignore[no-any-return]
    return agreements.make_parties()


@pytest.fixture
def agreement(running: tuple[Parties, Agreement]) -> Agreement:
    """Return the agreement in force."""
    return running[1]
