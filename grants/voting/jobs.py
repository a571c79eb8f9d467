"""Work of voting that runs by itself or after a sealing."""

from grants.foundation.compaction import compact
from grants.foundation.jobs import Progress, job
from grants.voting.service.sealing import FORGET_ORDER, REWRITTEN


@job(FORGET_ORDER)
def forget_order(progress: Progress) -> None:
    """Rewrite the emptied box and the roll, so that no file of the database tells in which order people voted."""
    compact(*REWRITTEN)
