"""Supervision: activities with evidence, resident supervisors, rectifications and complaints."""

from enum import StrEnum

from grants.foundation.i18n import Text, _l
from grants.foundation.workflow import Workflow


class ActivityStatus(StrEnum):
    """An activity is announced, then recorded with evidence."""

    ANNOUNCED = "announced"
    RECORDED = "recorded"
    CANCELLED = "cancelled"


class ActivityAction(StrEnum):
    """What can be done with an activity."""

    RECORD = "record"
    CANCEL = "cancel"


ACTIVITY_FLOW = Workflow(
    {
        (ActivityStatus.ANNOUNCED, ActivityAction.RECORD): ActivityStatus.RECORDED,
        (ActivityStatus.ANNOUNCED, ActivityAction.CANCEL): ActivityStatus.CANCELLED,
    }
)

ACTIVITY_STATUS_LABELS: dict[ActivityStatus, Text] = {
    ActivityStatus.ANNOUNCED: _l("已预告"),
    ActivityStatus.RECORDED: _l("已开展"),
    ActivityStatus.CANCELLED: _l("已取消"),
}


class EvidenceKind(StrEnum):
    """What a file proves; sign-in sheets are never public."""

    SIGN_IN = "sign_in"
    PHOTO = "photo"
    OTHER = "other"


class RectificationStatus(StrEnum):
    """An order to put something right is open until a re-check finds it done."""

    OPEN = "open"
    ANSWERED = "answered"
    CLOSED = "closed"


class RectificationAction(StrEnum):
    """What can be done with a rectification order."""

    ANSWER = "answer"
    ACCEPT = "accept"
    REJECT = "reject"


RECTIFICATION_FLOW = Workflow(
    {
        (RectificationStatus.OPEN, RectificationAction.ANSWER): RectificationStatus.ANSWERED,
        (RectificationStatus.ANSWERED, RectificationAction.ACCEPT): RectificationStatus.CLOSED,
        (RectificationStatus.ANSWERED, RectificationAction.REJECT): RectificationStatus.OPEN,
    }
)

RECTIFICATION_STATUS_LABELS: dict[RectificationStatus, Text] = {
    RectificationStatus.OPEN: _l("整改中"),
    RectificationStatus.ANSWERED: _l("待复查"),
    RectificationStatus.CLOSED: _l("已整改"),
}


class ComplaintStatus(StrEnum):
    """A complaint waits for an answer."""

    OPEN = "open"
    ANSWERED = "answered"
