"""Orders to put something right, complaints and red flags."""

from datetime import time
from enum import StrEnum

from grants.foundation.i18n import Text, _l
from grants.foundation.workflow import Workflow


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


class StepKind(StrEnum):
    """What is done about an order that is late, each after the one before."""

    REMIND = "remind"
    ESCALATE = "escalate"
    INSTRUCT = "instruct"


STEP_LABELS: dict[StepKind, Text] = {
    StepKind.REMIND: _l("催办"),
    StepKind.ESCALATE: _l("报请分管领导"),
    StepKind.INSTRUCT: _l("领导批示"),
}

RECTIFICATION_STATUS_LABELS: dict[RectificationStatus, Text] = {
    RectificationStatus.OPEN: _l("整改中"),
    RectificationStatus.ANSWERED: _l("待复查"),
    RectificationStatus.CLOSED: _l("已整改"),
}


class ComplaintStatus(StrEnum):
    """A complaint waits for an answer."""

    OPEN = "open"
    ANSWERED = "answered"


COMPLAINT_STATUS_LABELS: dict[ComplaintStatus, Text] = {
    ComplaintStatus.OPEN: _l("待答复"),
    ComplaintStatus.ANSWERED: _l("已答复"),
}


class FlagKind(StrEnum):
    """Signs that something may be wrong; each is for a person to look into, none decides anything."""

    REUSED_FILE = "reused_file"
    OVERLAP = "overlap"
    CROWDED = "crowded"
    SILENCE = "silence"
    LATE_RECORD = "late_record"
    PHOTO_DAY = "photo_day"


FLAG_LABELS: dict[FlagKind, Text] = {
    FlagKind.REUSED_FILE: _l("同一材料重复使用"),
    FlagKind.OVERLAP: _l("同一团队时间重叠"),
    FlagKind.CROWDED: _l("人数超过场地容量"),
    FlagKind.SILENCE: _l("长时间没有活动"),
    FlagKind.LATE_RECORD: _l("逾期未上传记录"),
    FlagKind.PHOTO_DAY: _l("照片不是活动当天拍摄"),
}


def overlaps(one: tuple[time, time], other: tuple[time, time]) -> bool:
    """Tell whether two spans of one day have a minute in common."""
    return one[0] < other[1] and other[0] < one[1]
