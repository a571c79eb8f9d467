"""Projects: their status table from draft to archive, and what a decision needs."""

from enum import StrEnum

from grants.foundation.i18n import Text, _l
from grants.foundation.workflow import Workflow


class ProjectStatus(StrEnum):
    """Where a project stands, from the first draft to the archive."""

    DRAFT = "draft"
    COSTED = "costed"
    APPROVED = "approved"
    ANNOUNCED = "announced"
    FUNDED = "funded"
    CALLED = "called"
    AWARDED = "awarded"
    ACTIVE = "active"
    EVALUATED = "evaluated"
    CLOSED = "closed"
    REJECTED = "rejected"
    TERMINATED = "terminated"


class ProjectAction(StrEnum):
    """What moves a project on; later stages call theirs through the project service."""

    COST = "cost"
    REVISE = "revise"
    APPROVE = "approve"
    REJECT = "reject"
    ANNOUNCE = "announce"
    FUND = "fund"
    CALL = "call"
    AWARD = "award"
    REOPEN_CALL = "reopen_call"
    START = "start"
    EVALUATE = "evaluate"
    CLOSE = "close"
    TERMINATE = "terminate"


PROJECT_FLOW = Workflow(
    {
        (ProjectStatus.DRAFT, ProjectAction.COST): ProjectStatus.COSTED,
        (ProjectStatus.COSTED, ProjectAction.REVISE): ProjectStatus.DRAFT,
        (ProjectStatus.COSTED, ProjectAction.APPROVE): ProjectStatus.APPROVED,
        (ProjectStatus.COSTED, ProjectAction.REJECT): ProjectStatus.REJECTED,
        (ProjectStatus.APPROVED, ProjectAction.ANNOUNCE): ProjectStatus.ANNOUNCED,
        (ProjectStatus.ANNOUNCED, ProjectAction.FUND): ProjectStatus.FUNDED,
        (ProjectStatus.ANNOUNCED, ProjectAction.REJECT): ProjectStatus.REJECTED,
        (ProjectStatus.FUNDED, ProjectAction.CALL): ProjectStatus.CALLED,
        (ProjectStatus.CALLED, ProjectAction.AWARD): ProjectStatus.AWARDED,
        (ProjectStatus.CALLED, ProjectAction.REOPEN_CALL): ProjectStatus.FUNDED,
        (ProjectStatus.AWARDED, ProjectAction.START): ProjectStatus.ACTIVE,
        (ProjectStatus.ACTIVE, ProjectAction.EVALUATE): ProjectStatus.EVALUATED,
        (ProjectStatus.ACTIVE, ProjectAction.TERMINATE): ProjectStatus.TERMINATED,
        (ProjectStatus.EVALUATED, ProjectAction.CLOSE): ProjectStatus.CLOSED,
    }
)

PROJECT_STATUS_LABELS: dict[ProjectStatus, Text] = {
    ProjectStatus.DRAFT: _l("草拟中"),
    ProjectStatus.COSTED: _l("已测算，待决策"),
    ProjectStatus.APPROVED: _l("已决策，待公示"),
    ProjectStatus.ANNOUNCED: _l("立项公示中"),
    ProjectStatus.FUNDED: _l("已立项"),
    ProjectStatus.CALLED: _l("征集承接组织"),
    ProjectStatus.AWARDED: _l("已选定承接组织"),
    ProjectStatus.ACTIVE: _l("实施中"),
    ProjectStatus.EVALUATED: _l("已评价"),
    ProjectStatus.CLOSED: _l("已结项"),
    ProjectStatus.REJECTED: _l("未通过"),
    ProjectStatus.TERMINATED: _l("已终止"),
}


class IndicatorKind(StrEnum):
    """What an indicator measures (财预〔2020〕10号: output, effect, satisfaction)."""

    OUTPUT_COUNT = "output_count"
    OUTPUT_QUALITY = "output_quality"
    OUTPUT_TIME = "output_time"
    OUTPUT_COST = "output_cost"
    EFFECT_SOCIAL = "effect_social"
    EFFECT_SUSTAINED = "effect_sustained"
    SATISFACTION = "satisfaction"


INDICATOR_KIND_LABELS: dict[IndicatorKind, Text] = {
    IndicatorKind.OUTPUT_COUNT: _l("产出·数量"),
    IndicatorKind.OUTPUT_QUALITY: _l("产出·质量"),
    IndicatorKind.OUTPUT_TIME: _l("产出·时效"),
    IndicatorKind.OUTPUT_COST: _l("产出·成本"),
    IndicatorKind.EFFECT_SOCIAL: _l("效益·社会"),
    IndicatorKind.EFFECT_SUSTAINED: _l("效益·可持续"),
    IndicatorKind.SATISFACTION: _l("满意度"),
}


class Measure(StrEnum):
    """Where an indicator's value comes from; MANUAL is entered with evidence."""

    ACTIVITY_COUNT = "activity_count"
    PERSON_COUNT = "person_count"
    ATTENDANCE_COUNT = "attendance_count"
    SATISFACTION_PERCENT = "satisfaction_percent"
    MANUAL = "manual"


FIVE_LINKS: dict[str, Text] = {
    "community": _l("社区建设"),
    "social_work": _l("社会工作"),
    "organisation": _l("社会组织"),
    "capital": _l("社会资本"),
    "residents": _l("社区居民自治"),
}
"""“五社联动” in the founding text's own wording."""
