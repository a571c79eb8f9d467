"""Everybody an agreement needs, made anew for each test."""

import pytest
from flask import Flask

from tests.factories import agreements
from tests.factories.agreements import Parties


@pytest.fixture
def parties(ctx: Flask) -> Parties:
    """Make the street, its staff, an organisation and a round inside an open context."""
    return agreements.make_parties()
