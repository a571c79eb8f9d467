"""What waits for somebody, gathered from every stage."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from grants.agreements import queries as agreements
from grants.evaluation import queries as evaluation
from grants.foundation.due import DueItem
from grants.funds import queries as funds
from grants.needs import queries as needs
from grants.payments import queries as payments
from grants.people import queries as people
from grants.people.models import User
from grants.projects import queries as projects
from grants.rounds import queries as rounds
from grants.selection import queries as selection
from grants.supervision import queries as supervision
from grants.voting import queries as voting

STAGES = (
    people,
    funds,
    rounds,
    voting,
    needs,
    projects,
    selection,
    agreements,
    supervision,
    payments,
    evaluation,
)

SOON = timedelta(days=30)
"""What is due after this waits under a heading of its own, so that the near things are seen."""


@dataclass(frozen=True)
class Desk:
    """The lines of a desk: past their day, to be done, not due for a while, and waiting for something else."""

    late: list[DueItem]
    due: list[DueItem]
    later: list[DueItem]
    blocked: list[DueItem]

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing waits."""
        return not (self.late or self.due or self.later or self.blocked)


def read_desk(actor: User, day: date) -> Desk:
    """Gather what waits for somebody, the earliest day first; what has no day comes last."""
    items = sorted(_gather(actor), key=lambda item: (item.due_on is None, item.due_on or day, item.stage, item.title))
    free = [item for item in items if item.blocked_by is None]
    soon = day + SOON
    return Desk(
        late=[item for item in free if item.is_late(day)],
        due=[item for item in free if item.due_on is None or day <= item.due_on <= soon],
        later=[item for item in free if item.due_on is not None and item.due_on > soon],
        blocked=[item for item in items if item.blocked_by is not None],
    )


def _gather(actor: User) -> list[DueItem]:
    found: list[DueItem] = []
    for stage in STAGES:
        # A stage without anything that waits offers no list
        listed: Callable[[User], list[DueItem]] | None = getattr(stage, "list_due_for", None)
        found += listed(actor) if listed is not None else []
    return found
