"""A running project with its parties, made anew for each test."""

import pytest
from flask import Flask

from grants.agreements.models import Agreement
from tests.factories import agreements
from tests.factories.agreements import Parties


@pytest.fixture
def parties(ctx: Flask) -> Parties:
    """Make the street, its staff, an organisation and a round inside an open context."""
    return agreements.make_parties()


@pytest.fixture
def agreement(parties: Parties) -> Agreement:
    """Bring an agreement into force."""
    return agreements.make_signed(parties)
