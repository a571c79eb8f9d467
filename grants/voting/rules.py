"""Poll statuses and the pure rules of casting: who may vote when, and what a valid ballot is."""

from enum import StrEnum

from grants.foundation.i18n import Text, _l
from grants.foundation.workflow import Workflow


class PollKind(StrEnum):
    """How a voter expresses a choice."""

    APPROVAL = "approval"


class CountingRule(StrEnum):
    """How ballots become a list of funded options."""

    GREEDY = "greedy"
    EQUAL_SHARES = "mes"


class PollStatus(StrEnum):
    """Where a poll stands."""

    DRAFT = "draft"
    FROZEN = "frozen"
    OPEN = "open"
    CLOSED = "closed"
    COUNTED = "counted"


class PollAction(StrEnum):
    """What can be done with a poll."""

    FREEZE = "freeze"
    OPEN = "open"
    CLOSE = "close"
    COUNT = "count"


POLL_FLOW = Workflow(
    {
        (PollStatus.DRAFT, PollAction.FREEZE): PollStatus.FROZEN,
        (PollStatus.FROZEN, PollAction.OPEN): PollStatus.OPEN,
        (PollStatus.OPEN, PollAction.CLOSE): PollStatus.CLOSED,
        (PollStatus.CLOSED, PollAction.COUNT): PollStatus.COUNTED,
    }
)

POLL_STATUS_LABELS: dict[PollStatus, Text] = {
    PollStatus.DRAFT: _l("草拟中"),
    PollStatus.FROZEN: _l("规则已锁定"),
    PollStatus.OPEN: _l("投票中"),
    PollStatus.CLOSED: _l("已截止"),
    PollStatus.COUNTED: _l("已公布结果"),
}


class Channel(StrEnum):
    """How a ballot reached the box; one person has one ballot across all of them."""

    WEB = "web"
    KIOSK = "kiosk"
    PAPER = "paper"
    PROXY = "proxy"
