"""Calls, applications and reviews: where each may stand and what moves it on."""

from enum import StrEnum

from grants.foundation.i18n import Text, _l
from grants.foundation.workflow import Workflow


class CallStatus(StrEnum):
    """Where a call stands."""

    OPEN = "open"
    CLOSED = "closed"
    REVIEWING = "reviewing"
    RANKED = "ranked"
    ANNOUNCED = "announced"
    AWARDED = "awarded"
    FAILED = "failed"


class CallAction(StrEnum):
    """What can be done with a call."""

    CLOSE = "close"
    START_REVIEW = "start_review"
    RANK = "rank"
    ANNOUNCE = "announce"
    REVOKE = "revoke"
    AWARD = "award"
    FAIL = "fail"


CALL_FLOW = Workflow(
    {
        (CallStatus.OPEN, CallAction.CLOSE): CallStatus.CLOSED,
        (CallStatus.CLOSED, CallAction.START_REVIEW): CallStatus.REVIEWING,
        (CallStatus.CLOSED, CallAction.FAIL): CallStatus.FAILED,
        (CallStatus.REVIEWING, CallAction.RANK): CallStatus.RANKED,
        (CallStatus.REVIEWING, CallAction.FAIL): CallStatus.FAILED,
        (CallStatus.RANKED, CallAction.ANNOUNCE): CallStatus.ANNOUNCED,
        (CallStatus.RANKED, CallAction.FAIL): CallStatus.FAILED,
        (CallStatus.ANNOUNCED, CallAction.REVOKE): CallStatus.RANKED,
        (CallStatus.ANNOUNCED, CallAction.AWARD): CallStatus.AWARDED,
        (CallStatus.ANNOUNCED, CallAction.FAIL): CallStatus.FAILED,
    }
)

CALL_STATUS_LABELS: dict[CallStatus, Text] = {
    CallStatus.OPEN: _l("申报中"),
    CallStatus.CLOSED: _l("资格审查"),
    CallStatus.REVIEWING: _l("评审中"),
    CallStatus.RANKED: _l("待公示"),
    CallStatus.ANNOUNCED: _l("拟入选公示中"),
    CallStatus.AWARDED: _l("已确定承接组织"),
    CallStatus.FAILED: _l("流标"),
}


class ApplicationStatus(StrEnum):
    """Where an application stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ELIGIBLE = "eligible"
    INELIGIBLE = "ineligible"
    WITHDRAWN = "withdrawn"
    SELECTED = "selected"
    NOT_SELECTED = "not_selected"


class ApplicationAction(StrEnum):
    """What the organisation and the officers do with an application."""

    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    RESUME = "resume"
    RETURN = "return"
    ADMIT = "admit"
    REFUSE = "refuse"
    SELECT = "select"
    LEAVE_OUT = "leave_out"
    REVOKE = "revoke"


APPLICATION_FLOW = Workflow(
    {
        (ApplicationStatus.DRAFT, ApplicationAction.SUBMIT): ApplicationStatus.SUBMITTED,
        (ApplicationStatus.DRAFT, ApplicationAction.WITHDRAW): ApplicationStatus.WITHDRAWN,
        (ApplicationStatus.SUBMITTED, ApplicationAction.WITHDRAW): ApplicationStatus.WITHDRAWN,
        (ApplicationStatus.SUBMITTED, ApplicationAction.RETURN): ApplicationStatus.RETURNED,
        (ApplicationStatus.SUBMITTED, ApplicationAction.ADMIT): ApplicationStatus.ELIGIBLE,
        (ApplicationStatus.SUBMITTED, ApplicationAction.REFUSE): ApplicationStatus.INELIGIBLE,
        (ApplicationStatus.RETURNED, ApplicationAction.SUBMIT): ApplicationStatus.SUBMITTED,
        (ApplicationStatus.RETURNED, ApplicationAction.WITHDRAW): ApplicationStatus.WITHDRAWN,
        (ApplicationStatus.RETURNED, ApplicationAction.REFUSE): ApplicationStatus.INELIGIBLE,
        (ApplicationStatus.WITHDRAWN, ApplicationAction.RESUME): ApplicationStatus.DRAFT,
        (ApplicationStatus.ELIGIBLE, ApplicationAction.REFUSE): ApplicationStatus.INELIGIBLE,
        (ApplicationStatus.ELIGIBLE, ApplicationAction.SELECT): ApplicationStatus.SELECTED,
        (ApplicationStatus.ELIGIBLE, ApplicationAction.LEAVE_OUT): ApplicationStatus.NOT_SELECTED,
        (ApplicationStatus.SELECTED, ApplicationAction.REVOKE): ApplicationStatus.INELIGIBLE,
        (ApplicationStatus.NOT_SELECTED, ApplicationAction.REVOKE): ApplicationStatus.ELIGIBLE,
    }
)

APPLICATION_STATUS_LABELS: dict[ApplicationStatus, Text] = {
    ApplicationStatus.DRAFT: _l("草稿"),
    ApplicationStatus.SUBMITTED: _l("已提交，待资格审查"),
    ApplicationStatus.RETURNED: _l("退回补正"),
    ApplicationStatus.ELIGIBLE: _l("资格审查通过"),
    ApplicationStatus.INELIGIBLE: _l("资格审查未通过"),
    ApplicationStatus.WITHDRAWN: _l("已撤回"),
    ApplicationStatus.SELECTED: _l("入选"),
    ApplicationStatus.NOT_SELECTED: _l("未入选"),
}


SHORTLISTED = frozenset({ApplicationStatus.ELIGIBLE, ApplicationStatus.SELECTED, ApplicationStatus.NOT_SELECTED})
"""Applications that passed the eligibility check, whatever came of them."""


class MoneySource(StrEnum):
    """Which of the two budget tables a line stands in."""

    FISCAL = "fiscal"
    SOCIAL = "social"


MONEY_SOURCE_LABELS: dict[MoneySource, Text] = {MoneySource.FISCAL: _l("财政资金"), MoneySource.SOCIAL: _l("社会资金")}


class ReviewStatus(StrEnum):
    """A score sheet is open until its expert locks it; locked is for good, unless two officers void it."""

    OPEN = "open"
    LOCKED = "locked"
    RECUSED = "recused"
    VOIDED = "voided"


class ReviewAction(StrEnum):
    """What happens to a score sheet."""

    LOCK = "lock"
    RECUSE = "recuse"
    VOID = "void"


REVIEW_FLOW = Workflow(
    {
        (ReviewStatus.OPEN, ReviewAction.LOCK): ReviewStatus.LOCKED,
        (ReviewStatus.OPEN, ReviewAction.RECUSE): ReviewStatus.RECUSED,
        (ReviewStatus.LOCKED, ReviewAction.VOID): ReviewStatus.VOIDED,
    }
)

REVIEW_STATUS_LABELS: dict[ReviewStatus, Text] = {
    ReviewStatus.OPEN: _l("评分中"),
    ReviewStatus.LOCKED: _l("已锁定"),
    ReviewStatus.RECUSED: _l("已回避"),
    ReviewStatus.VOIDED: _l("已作废"),
}


class Speciality(StrEnum):
    """What an expert of the pool is expert in."""

    SOCIAL_WORK = "social_work"
    COMMUNITY = "community"
    FINANCE = "finance"
    LAW = "law"
    RESEARCH = "research"


SPECIALITY_LABELS: dict[Speciality, Text] = {
    Speciality.SOCIAL_WORK: _l("社会工作"),
    Speciality.COMMUNITY: _l("社区治理"),
    Speciality.FINANCE: _l("财务审计"),
    Speciality.LAW: _l("法律"),
    Speciality.RESEARCH: _l("高校研究"),
}


class Tie(StrEnum):
    """How an expert may be tied to an organisation within the last three years; each one recuses."""

    EMPLOYED = "employed"
    ADVISER = "adviser"
    DIRECTOR = "director"
    SHAREHOLDER = "shareholder"
    KIN = "kin"
    OTHER = "other"


TIE_LABELS: dict[Tie, Text] = {
    Tie.EMPLOYED: _l("近三年内任职"),
    Tie.ADVISER: _l("近三年内担任顾问、督导"),
    Tie.DIRECTOR: _l("近三年内担任理事、监事"),
    Tie.SHAREHOLDER: _l("出资或持股"),
    Tie.KIN: _l("近亲属在该组织任职"),
    Tie.OTHER: _l("其他可能影响公正的关系"),
}


class DrawKind(StrEnum):
    """What is drawn by lot in a call."""

    PANEL = "panel"
    JURY = "jury"
    PITCH = "pitch"


DRAW_LABELS: dict[DrawKind, Text] = {
    DrawKind.PANEL: _l("抽取评审专家"),
    DrawKind.JURY: _l("抽取居民评审团"),
    DrawKind.PITCH: _l("抽取答辩顺序"),
}


class SlotStatus(StrEnum):
    """Where one applicant's turn on the day of pitches stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    ABSENT = "absent"


class SlotAction(StrEnum):
    """What the clerk does with a turn; one marked absent by mistake may still be called up."""

    BEGIN = "begin"
    FINISH = "finish"
    MISS = "miss"


SLOT_FLOW = Workflow(
    {
        (SlotStatus.WAITING, SlotAction.BEGIN): SlotStatus.RUNNING,
        (SlotStatus.WAITING, SlotAction.MISS): SlotStatus.ABSENT,
        (SlotStatus.ABSENT, SlotAction.BEGIN): SlotStatus.RUNNING,
        (SlotStatus.RUNNING, SlotAction.FINISH): SlotStatus.DONE,
    }
)

SLOT_LABELS: dict[SlotStatus, Text] = {
    SlotStatus.WAITING: _l("等候"),
    SlotStatus.RUNNING: _l("正在答辩"),
    SlotStatus.DONE: _l("已答辩"),
    SlotStatus.ABSENT: _l("缺席"),
}


class Outcome(StrEnum):
    """What a re-examination of an award comes to."""

    MAINTAINED = "maintained"
    CORRECTED = "corrected"


OUTCOME_LABELS: dict[Outcome, Text] = {
    Outcome.MAINTAINED: _l("维持拟入选决定"),
    Outcome.CORRECTED: _l("改正拟入选决定"),
}
