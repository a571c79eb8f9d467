"""Orders to put something right, complaints and red flags."""

from collections.abc import Set
from datetime import time
from enum import StrEnum
from typing import TypeVar

from grants.foundation.i18n import Text, _l
from grants.foundation.workflow import Workflow

T = TypeVar("T")


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
    NEAR_PHOTO = "near_photo"
    REPEATED_NAMES = "repeated_names"
    SILENCE_SOON = "silence_soon"
    ENDING_SOON = "ending_soon"
    SPENT_BEFORE = "spent_before"
    SPENDING_GAP = "spending_gap"
    SAME_INVOICE = "same_invoice"
    EXPERT_FEE = "expert_fee"
    ONE_SUPPLIER = "one_supplier"


FLAG_LABELS: dict[FlagKind, Text] = {
    FlagKind.REUSED_FILE: _l("同一材料重复使用"),
    FlagKind.OVERLAP: _l("同一团队时间重叠"),
    FlagKind.CROWDED: _l("人数超过场地容量"),
    FlagKind.SILENCE: _l("长时间没有活动"),
    FlagKind.LATE_RECORD: _l("逾期未上传记录"),
    FlagKind.PHOTO_DAY: _l("照片不是活动当天拍摄"),
    FlagKind.NEAR_PHOTO: _l("不同活动的照片几乎相同"),
    FlagKind.REPEATED_NAMES: _l("各场签到名单高度重复"),
    FlagKind.SILENCE_SOON: _l("较长时间没有活动"),
    FlagKind.ENDING_SOON: _l("协议即将到期，约定还没有完成"),
    FlagKind.SPENT_BEFORE: _l("先有支出，后有活动"),
    FlagKind.SPENDING_GAP: _l("支出进度与时间进度不符"),
    FlagKind.SAME_INVOICE: _l("发票号码重复"),
    FlagKind.EXPERT_FEE: _l("专家费超过标准"),
    FlagKind.ONE_SUPPLIER: _l("支出集中于一家"),
}
FLAG_REASONS: dict[FlagKind, Text] = {
    FlagKind.REUSED_FILE: _l("同一份材料只能证明一场活动。请核对两场活动是否都真实举行。"),
    FlagKind.OVERLAP: _l("同一批人不能同时在两处。请核对哪一场由谁执行。"),
    FlagKind.CROWDED: _l("人数多于场地能容纳的人数，可能虚报，也可能有安全隐患。"),
    FlagKind.SILENCE: _l("长时间没有活动，项目可能停滞。请了解原因，必要时下达整改。"),
    FlagKind.LATE_RECORD: _l("活动记录应在活动后七日内上传，逾期不利于核实。"),
    FlagKind.PHOTO_DAY: _l("相机写入的拍摄日期与活动日期不同。相机时间不准也会出现，请核对原图。"),
    FlagKind.NEAR_PHOTO: _l(
        "缩小、压缩或调亮过的同一张照片看起来不同、内容相同。同一场地拍摄的两张也可能相像，请对照查看。"
    ),
    FlagKind.REPEATED_NAMES: _l("只比对扫码签到。固定学员的课程会有这种情况，面向全体居民的活动则应核实受益面。"),
    FlagKind.SILENCE_SOON: _l("再没有活动，将列为“长时间没有活动”。请提醒承接组织安排活动。"),
    FlagKind.ENDING_SOON: _l("约定的活动或里程碑还没有完成。请提醒承接组织抓紧实施，或按规定办理延期。"),
    FlagKind.SPENT_BEFORE: _l("准备活动要先采购，提前很久或没有活动却有支出的，请核对用途。"),
    FlagKind.SPENDING_GAP: _l(
        "认可的支出占协议资金的比例，与时间进度相差 25 个百分点以上。可能报账不及时，也可能突击花钱。"
    ),
    FlagKind.SAME_INVOICE: _l("同一发票号码出现在不同的凭证上。不同销售方的号码也可能相同，请查验发票。"),
    FlagKind.EXPERT_FEE: _l("单笔专家费超过本届设定的标准。一张凭证包含多人或多天的，请核对签收表。"),
    FlagKind.ONE_SUPPLIER: _l("一半以上的支出付给同一家，请核对是否经过比价，有无利益关系。"),
}
"""Why each kind of sign is worth a look, and what else may explain it."""

NEAR_BITS = 6
"""Bits of 64 by which two pictures may differ and still be taken for the same."""
SAME_NAMES_AT_LEAST = 5
"""People that two activities must have in common before their lists are compared."""


def looks_alike(one: str, other: str) -> bool:
    """Tell whether two difference hashes are of nearly the same picture; nearly plain pictures say nothing."""
    first, second = int(one, 16), int(other, 16)
    is_plain = not 8 <= first.bit_count() <= 56 or not 8 <= second.bit_count() <= 56
    return not is_plain and (first ^ second).bit_count() <= NEAR_BITS


def repeats(one: Set[T], other: Set[T], percent: int) -> bool:
    """Tell whether at least `percent` of the shorter of two lists of people stand on the other one too."""
    shared = len(one & other)
    return shared >= SAME_NAMES_AT_LEAST and shared * 100 >= percent * min(len(one), len(other))


def overlaps(one: tuple[time, time], other: tuple[time, time]) -> bool:
    """Tell whether two spans of one day have a minute in common."""
    return one[0] < other[1] and other[0] < one[1]
