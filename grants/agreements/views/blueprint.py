"""The blueprint that all pages of agreements hang on."""

from flask import Blueprint

from grants.agreements import queries
from grants.agreements.models import Agreement
from grants.agreements.policy import why_not_read
from grants.foundation.errors import require
from grants.people import current

blueprint = Blueprint("agreements", __name__, url_prefix="/agreements")


def readable(ref: str) -> Agreement:
    """Return an agreement the actor may read, or refuse."""
    agreement = queries.get_agreement(ref)
    require(why_not_read(current.actor(), agreement))
    return agreement
