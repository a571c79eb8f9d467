"""Supervision: activities with evidence, resident supervisors, rectifications and complaints."""

from collections.abc import Mapping
from datetime import date, time
from enum import StrEnum
from typing import Any

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


COMPLAINT_STATUS_LABELS: dict[ComplaintStatus, Text] = {
    ComplaintStatus.OPEN: _l("待答复"),
    ComplaintStatus.ANSWERED: _l("已答复"),
}

RECORD_WITHIN = 7
"""Days after an activity within which its record is due; the agreement's terms say so too."""

CONTACT_KEPT_DAYS = 365
"""Days after its answer for which the contact of a complaint's sender is kept, as its form promises."""

SUPERVISION_DEFAULTS: dict[str, Any] = {
    "supervisors_per_project": 2,
    "supervisor_minimum_age": 18,
    "rectification_days": 15,
    "rectification_longest_days": 30,
    "activity_silence_days": 45,
}
"""Defaults from practice: 整改 within 15 to 30 days, no activity for 45 days is a warning sign."""


def setting(settings: Mapping[str, Any], name: str) -> Any:
    """Return a number of the round; rounds opened before a setting existed follow the default."""
    return settings.get(name, SUPERVISION_DEFAULTS[name])


def born_until(day: date, age: int) -> date:
    """Return the last birthday by which somebody is `age` years old on a day (29 February counts from 1 March)."""
    try:
        return day.replace(year=day.year - age)
    except ValueError:
        return date(day.year - age, 2, 28)


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
