"""Inspections: methods, items, grades, and calls to people who were served."""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum

from grants.foundation.i18n import Text, _l
from grants.foundation.workflow import Workflow


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
