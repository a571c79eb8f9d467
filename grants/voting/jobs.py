"""Work of voting that runs by itself or after a sealing."""

import uuid

from grants.foundation.compaction import compact
from grants.foundation.database import get_by_id
from grants.foundation.i18n import _, _l
from grants.foundation.jobs import Progress, job
from grants.people.models import User
from grants.voting import queries, service
from grants.voting.service import board
from grants.voting.service.counting import COUNT, STEPS, prepare_count, publish_count
from grants.voting.service.sealing import FORGET_ORDER, REWRITTEN


def is_closing_due() -> bool:
    """Tell whether a poll's time is over and nothing keeps it open."""
    return any(not queries.waits_for_extension(poll) for poll in queries.list_polls_to_close())


@job(
    "voting.post_batches",
    writes=True,
    every_minutes=5,
    when=board.is_batch_due,
    title=_l("更新投票公示板"),
)
def post_batches(progress: Progress) -> None:
    """Put the next batch of leaves on the board of every poll that has enough of them."""
    board.post_due_batches()


@job("voting.close_due_polls", writes=True, every_minutes=1, when=is_closing_due, title=_l("截止到期的投票"))
def close_due_polls(progress: Progress) -> None:
    """Close every poll whose time is over; casting has ended with the deadline, whenever this runs."""
    service.close_due_polls()


@job(FORGET_ORDER)
def forget_order(progress: Progress) -> None:
    """Rewrite the emptied box and the roll, so that no file of the database tells in which order people voted."""
    compact(*REWRITTEN)


@job(COUNT)
def count_poll(progress: Progress, *, ref: str, officer_id: str) -> None:
    """Count a big poll and publish the result; refused like on the page when it was counted meanwhile."""
    result = prepare_count(queries.get_poll(ref), progress.step)
    progress.begin_writing()
    officer = get_by_id(User, uuid.UUID(officer_id))
    publish_count(officer=officer, poll=queries.get_poll(ref), result=result)
    progress.step(STEPS, STEPS, _("计票完成，结果已公布"))
