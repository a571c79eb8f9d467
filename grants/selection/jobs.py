"""Work of the selection that runs by itself."""

from datetime import time

from grants.foundation.i18n import _l
from grants.foundation.jobs import Progress, job
from grants.selection import service


@job("selection.close_due_calls", writes=True, daily_at=time(17, 5), title=_l("截止到期的项目征集"))
def close_due_calls(progress: Progress) -> None:
    """Close the calls whose deadline has passed; until it has run nobody can hand in either, by the clock."""
    service.close_due_calls()
