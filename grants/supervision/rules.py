"""Supervision: activities with evidence, resident supervisors, rectifications and complaints."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
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

RECORD_WITHIN = 7
"""Days after an activity within which its record is due; the agreement's terms say so too."""

CONTACT_KEPT_DAYS = 365
"""Days after its answer for which the contact of a complaint's sender is kept, as its form promises."""

SUPERVISION_DEFAULTS: dict[str, Any] = {
    "supervisors_per_project": 2,
    "supervisor_minimum_age": 18,
    "rectification_days": 15,
    "rectification_shortest_days": 15,
    "rectification_longest_days": 30,
    "escalation_days": 7,
    "activity_silence_days": 45,
    "monthly_due_day": 5,
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


# Monthly plans and reports


class ReportStatus(StrEnum):
    """A monthly report is written, then handed in; its figures stand from then on."""

    DRAFT = "draft"
    SUBMITTED = "submitted"


class ReportAction(StrEnum):
    """What can be done with a monthly report."""

    SUBMIT = "submit"


REPORT_FLOW = Workflow({(ReportStatus.DRAFT, ReportAction.SUBMIT): ReportStatus.SUBMITTED})

REPORT_STATUS_LABELS: dict[ReportStatus, Text] = {
    ReportStatus.DRAFT: _l("草稿"),
    ReportStatus.SUBMITTED: _l("已报送"),
}


class RemarkSide(StrEnum):
    """Who reads a monthly report: the community where the project runs, and the programme."""

    COMMUNITY = "community"
    PROGRAMME = "programme"


REMARK_SIDE_LABELS: dict[RemarkSide, Text] = {
    RemarkSide.COMMUNITY: _l("社区居委会"),
    RemarkSide.PROGRAMME: _l("社区建设部"),
}


def month_of(day: date) -> str:
    """Return the month of a day as it is written in records, for example 2026-03."""
    return f"{day:%Y-%m}"


def first_of(month: str) -> date:
    """Return the first day of a month; ValueError when the text is no month."""
    if len(month) != 7:
        raise ValueError(month)
    return date.fromisoformat(f"{month}-01")


def month_after(month: str) -> str:
    """Return the month that follows."""
    return month_of(first_of(month) + timedelta(days=31))


def last_of(month: str) -> date:
    """Return the last day of a month."""
    return first_of(month_after(month)) - timedelta(days=1)


def months_between(start: date, end: date) -> list[str]:
    """Return every month that has a day of the span, the earliest first; none when the span is empty."""
    months: list[str] = []
    month = month_of(start)
    while first_of(month) <= end:
        months.append(month)
        month = month_after(month)
    return months


def plan_due_on(month: str, day: int, since: date) -> date:
    """Return the day of the month itself by which its plan is filed; not before the agreement is in force."""
    return max(first_of(month).replace(day=day), since)


def report_due_on(month: str, day: int) -> date:
    """Return the day of the following month by which a month's report is handed in."""
    return first_of(month_after(month)).replace(day=day)


def share_of_time(start: date, end: date, day: date) -> int:
    """Return how much of a term is over on a day, in per cent from 0 to 100; the last day counts as over."""
    whole = (end - start).days + 1
    gone = min(max((day - start).days + 1, 0), whole)
    return gone * 100 // whole


# Signing up


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


# Inspections


class InspectionMethod(StrEnum):
    """How an inspection is made."""

    ON_SITE = "on_site"
    PHONE = "phone"
    PAPERS = "papers"
    TALK = "talk"


INSPECTION_METHOD_LABELS: dict[InspectionMethod, Text] = {
    InspectionMethod.ON_SITE: _l("现场检查"),
    InspectionMethod.PHONE: _l("电话抽访"),
    InspectionMethod.PAPERS: _l("资料检查"),
    InspectionMethod.TALK: _l("座谈"),
}

INSPECTION_ITEMS: dict[InspectionMethod, tuple[Text, ...]] = {
    InspectionMethod.ON_SITE: (
        _l("活动与预告的时间、地点、内容一致"),
        _l("到场人数与签到一致"),
        _l("工作人员和志愿者到岗，服务规范"),
        _l("场地安全，公示了投诉方式"),
    ),
    InspectionMethod.PHONE: (
        _l("受访居民确实参加过活动"),
        _l("受访居民对服务满意"),
    ),
    InspectionMethod.PAPERS: (
        _l("活动方案、签到表、照片齐全"),
        _l("人数、人次与原始记录一致"),
        _l("档案及时归档，个人信息妥善保管"),
    ),
    InspectionMethod.TALK: (
        _l("服务对象了解项目内容"),
        _l("服务符合居民需要"),
        _l("居民的意见得到回应"),
    ),
}
"""What is looked at by each method: 现场、服务对象意见、资料 are the usual three."""


class InspectionStatus(StrEnum):
    """An inspection is planned, then made or called off."""

    PLANNED = "planned"
    DONE = "done"
    CANCELLED = "cancelled"


class InspectionAction(StrEnum):
    """What can be done with a planned inspection."""

    RECORD = "record"
    CANCEL = "cancel"


INSPECTION_FLOW = Workflow(
    {
        (InspectionStatus.PLANNED, InspectionAction.RECORD): InspectionStatus.DONE,
        (InspectionStatus.PLANNED, InspectionAction.CANCEL): InspectionStatus.CANCELLED,
    }
)

INSPECTION_STATUS_LABELS: dict[InspectionStatus, Text] = {
    InspectionStatus.PLANNED: _l("待检查"),
    InspectionStatus.DONE: _l("已检查"),
    InspectionStatus.CANCELLED: _l("已取消"),
}


class ItemGrade(StrEnum):
    """What one item was found to be, from good to bad."""

    GOOD = "good"
    IMPROVE = "improve"
    FAIL = "fail"


ITEM_GRADE_LABELS: dict[ItemGrade, Text] = {
    ItemGrade.GOOD: _l("合格"),
    ItemGrade.IMPROVE: _l("需改进"),
    ItemGrade.FAIL: _l("不合格"),
}


def worst(grades: Iterable[ItemGrade]) -> ItemGrade:
    """Return the grade of a whole inspection: that of its worst item."""
    order = list(ItemGrade)
    return max(grades, key=order.index)


def quarter_of(day: date) -> str:
    """Return the quarter of a day as it is written in plans, for example 2026Q4."""
    return f"{day.year}Q{(day.month + 2) // 3}"


class CallOutcome(StrEnum):
    """What became of a call to somebody who was served."""

    ANSWERED = "answered"
    NO_ANSWER = "no_answer"
    REFUSED = "refused"


CALL_OUTCOME_LABELS: dict[CallOutcome, Text] = {
    CallOutcome.ANSWERED: _l("已接听"),
    CallOutcome.NO_ANSWER: _l("无人接听或号码不对"),
    CallOutcome.REFUSED: _l("不愿受访"),
}
