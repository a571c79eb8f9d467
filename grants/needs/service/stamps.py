"""The six stamps (六部曲): each is given once, with its day and what came of it."""

from grants.foundation.database import db
from grants.needs import queries
from grants.needs.models import Need, NeedStamp
from grants.needs.rules import Step
from grants.people.models import User


def stamp(*, need: Need, step: Step, note: str = "", by: User | None = None) -> NeedStamp:
    """Give a need the stamp of a step, or return the one it has; later stages call this when they get there.

    A need stands for those that were merged into it, so only the need itself is stamped. The step that calls writes
    the audit entry.
    """
    for given in queries.list_stamps(need):
        if given.step is step:
            return given
    made = NeedStamp(need=need, step=step, note=note, by_id=by.id if by else None)
    db.session.add(made)
    db.session.flush()
    return made
