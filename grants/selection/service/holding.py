"""Holding a row while a use case decides on it, so that two people who press at once come one after the other."""

from grants.foundation.database import db
from grants.selection.models import Application, Call, Review


def hold(thing: Application | Call | Review) -> None:
    """Lock the row and read it anew; what policy and status table say afterwards holds until the commit."""
    db.session.flush()
    db.session.refresh(thing, with_for_update={"of": type(thing)})
