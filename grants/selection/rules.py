"""Calls, applications, reviews and awards: statuses and the pure arithmetic of scores."""

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
    RETURN = "return"
    ADMIT = "admit"
    REFUSE = "refuse"
    SELECT = "select"
    PASS_OVER = "pass_over"


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
        (ApplicationStatus.ELIGIBLE, ApplicationAction.SELECT): ApplicationStatus.SELECTED,
        (ApplicationStatus.ELIGIBLE, ApplicationAction.PASS_OVER): ApplicationStatus.NOT_SELECTED,
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


class MoneySource(StrEnum):
    """Which of the two budget tables a line stands in."""

    FISCAL = "fiscal"
    SOCIAL = "social"


MONEY_SOURCE_LABELS: dict[MoneySource, Text] = {MoneySource.FISCAL: _l("财政资金"), MoneySource.SOCIAL: _l("社会资金")}


class ReviewStatus(StrEnum):
    """A score sheet is open until its expert locks it; locked is for good."""

    OPEN = "open"
    LOCKED = "locked"


SECTIONS: dict[str, tuple[Text, int]] = {
    "overview": (_l("项目概况（内容与预期效果）"), 400),
    "features": (_l("项目特色（创新性、示范性、可推广性）"), 400),
    "need_analysis": (_l("需求分析"), 400),
    "goals": (_l("项目目标"), 400),
    "plan": (_l("实施方案"), 2000),
    "risks": (_l("风险预计与防控方案"), 400),
    "beneficiaries": (_l("受益群体描述"), 200),
    "experience": (_l("开展社区公益服务项目的经验"), 400),
    "sustainability": (_l("五社联动与可持续"), 400),
}
"""Text sections of the application form (申报书) with their default limit in characters."""


class Condition(StrEnum):
    """The conditions of eligibility, each decided with a reason."""

    REGISTERED = "registered"
    SCOPE = "scope"
    NOT_ABNORMAL = "not_abnormal"
    NOT_DISHONEST = "not_dishonest"
    NO_VIOLATION = "no_violation"
    INSPECTIONS = "inspections"
    PAYEE = "payee"
    WITHIN_LIMIT = "within_limit"
    WITHIN_CEILING = "within_ceiling"


CONDITION_LABELS: dict[Condition, Text] = {
    Condition.REGISTERED: _l("依法登记满一年（备案组织由承接机构代为申报）"),
    Condition.SCOPE: _l("项目在章程业务范围内"),
    Condition.NOT_ABNORMAL: _l("一年内未列入活动异常名录"),
    Condition.NOT_DISHONEST: _l("两年内未列入严重违法失信名单"),
    Condition.NO_VIOLATION: _l("三年内无重大违法记录"),
    Condition.INSPECTIONS: _l("近两年年检（年报）合格"),
    Condition.PAYEE: _l("收款主体为独立法人且账户已登记"),
    Condition.WITHIN_LIMIT: _l("本届申报数量未超限"),
    Condition.WITHIN_CEILING: _l("申请金额未超过项目限额"),
}
