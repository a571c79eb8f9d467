"""Activities, what proves them, and who signs up."""

from datetime import date, datetime, time
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


class RegistrationStatus(StrEnum):
    """A resident has a seat, waits for one, or has stepped back."""

    SEATED = "seated"
    WAITING = "waiting"
    WITHDRAWN = "withdrawn"


REGISTRATION_STATUS_LABELS: dict[RegistrationStatus, Text] = {
    RegistrationStatus.SEATED: _l("已报名"),
    RegistrationStatus.WAITING: _l("候补"),
    RegistrationStatus.WITHDRAWN: _l("已取消报名"),
}


def place_in(seat_count: int, seated_count: int) -> RegistrationStatus:
    """Return what the next one to sign up gets: a seat while there is one."""
    return RegistrationStatus.SEATED if seated_count < seat_count else RegistrationStatus.WAITING


def has_begun(held_on: date, starts: time, moment: datetime) -> bool:
    """Tell whether an activity has begun by a moment of the street's own clock; its first minute counts as begun."""
    return moment.replace(tzinfo=None) >= datetime.combine(held_on, starts)
