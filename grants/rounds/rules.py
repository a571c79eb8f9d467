"""A round's categories, phases, statuses and default numbers. Every number here is a setting of the round."""

from enum import StrEnum
from typing import Any

from grants.foundation.i18n import Text, _l
from grants.foundation.workflow import Workflow


class Category(StrEnum):
    """The five project categories, always shown in this order."""

    GOVERNANCE = "governance"
    PROFESSIONAL = "professional"
    COMMUNITY = "community"
    VOLUNTEER = "volunteer"
    WELFARE = "welfare"


CATEGORY_LABELS: dict[Category, Text] = {
    Category.GOVERNANCE: _l("社会治理"),
    Category.PROFESSIONAL: _l("专业服务"),
    Category.COMMUNITY: _l("社区营造"),
    Category.VOLUNTEER: _l("志愿服务"),
    Category.WELFARE: _l("福利慈善"),
}


class RoundStatus(StrEnum):
    """Where a round stands as a whole."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"
    ARCHIVED = "archived"


class RoundAction(StrEnum):
    """What can be done with a round."""

    OPEN = "open"
    CLOSE = "close"
    ARCHIVE = "archive"


ROUND_FLOW = Workflow(
    {
        (RoundStatus.DRAFT, RoundAction.OPEN): RoundStatus.OPEN,
        (RoundStatus.OPEN, RoundAction.CLOSE): RoundStatus.CLOSED,
        (RoundStatus.CLOSED, RoundAction.ARCHIVE): RoundStatus.ARCHIVED,
    }
)

ROUND_STATUS_LABELS: dict[RoundStatus, Text] = {
    RoundStatus.DRAFT: _l("筹备中"),
    RoundStatus.OPEN: _l("进行中"),
    RoundStatus.CLOSED: _l("已结束"),
    RoundStatus.ARCHIVED: _l("已归档"),
}


class Phase(StrEnum):
    """The dated phases of a round, in order."""

    NEEDS = "needs"
    SCREENING = "screening"
    POLL = "poll"
    PROJECTS = "projects"
    CALL = "call"
    REVIEW = "review"
    AGREEMENT = "agreement"
    DELIVERY = "delivery"
    EVALUATION = "evaluation"
    CLOSING = "closing"


PHASE_LABELS: dict[Phase, Text] = {
    Phase.NEEDS: _l("需求征集"),
    Phase.SCREENING: _l("需求筛选"),
    Phase.POLL: _l("居民投票"),
    Phase.PROJECTS: _l("项目立项"),
    Phase.CALL: _l("组织申报"),
    Phase.REVIEW: _l("评审遴选"),
    Phase.AGREEMENT: _l("签约"),
    Phase.DELIVERY: _l("实施监督"),
    Phase.EVALUATION: _l("评价结项"),
    Phase.CLOSING: _l("归档公开"),
}


class ExtensionStatus(StrEnum):
    """A later end of a phase waits for the second person."""

    WAITING = "waiting"
    AGREED = "agreed"
    REFUSED = "refused"


class ScoreTableKind(StrEnum):
    """What a score table is used for."""

    SELECTION = "selection"
    JURY = "jury"
    MIDTERM = "midterm"
    FINAL = "final"


class NoticeKind(StrEnum):
    """What a public notice (公示) announces."""

    NEEDS = "needs"
    PROJECT = "project"
    AWARD = "award"
    RESULT = "result"


NOTICE_KIND_LABELS: dict[NoticeKind, Text] = {
    NoticeKind.NEEDS: _l("需求公示"),
    NoticeKind.PROJECT: _l("立项公示"),
    NoticeKind.AWARD: _l("拟入选公示"),
    NoticeKind.RESULT: _l("结果公示"),
}


class NoticeStatus(StrEnum):
    """A notice runs through its objection window, then ends or is withdrawn."""

    RUNNING = "running"
    ENDED = "ended"
    WITHDRAWN = "withdrawn"


class ObjectionStatus(StrEnum):
    """An objection waits until it is answered in writing."""

    OPEN = "open"
    UPHELD = "upheld"
    REJECTED = "rejected"


DEFAULT_SETTINGS: dict[str, Any] = {
    "notice_working_days": 5,
    "need_support_threshold": 10,
    "poll_max_choices": 3,
    "tranche_percents": [50, 40, 10],
    "tranche_spend_threshold_percent": 80,
    "selection_weights": {"expert": 60, "jury": 30, "community": 10},
    "selection_pass_score": 60,
    "panel_size": 5,
    "jury_size": 20,
    "deviation_percent": 20,
    "applications_per_organisation": 2,
    "survey_minimum": 30,
    "satisfaction_target": 90,
    "budget_caps_percent": {"02": 20, "03": 15, "04": 30, "05": 10, "06": 10, "07": 10, "09": 10, "10": 6, "11": 5},
    "dispute_against_ratio_percent": 33,
    "meeting_quorum_percent": 50,
    "grade_bands": {"excellent": 90, "good": 80, "pass": 60},
    "is_rehearsal": False,
    "office_meeting_threshold_fen": 5_000_000,
    "step_working_days": {"community": 3, "programme": 5, "finance": 3, "leader": 3, "pay": 5},
}
"""Defaults from practice; a round keeps its own copy, frozen when it opens."""


class BudgetCode(StrEnum):
    """The chart of budget lines."""

    MATERIALS = "01"
    EXPERTS = "02"
    VOLUNTEERS = "03"
    STAFF = "04"
    VENUE = "05"
    PUBLICITY = "06"
    TRAVEL_MEALS = "07"
    INSURANCE = "08"
    MANAGEMENT = "09"
    TAXES = "10"
    CONTINGENCY = "11"


BUDGET_LABELS: dict[BudgetCode, Text] = {
    BudgetCode.MATERIALS: _l("活动物资费"),
    BudgetCode.EXPERTS: _l("专家/讲师费"),
    BudgetCode.VOLUNTEERS: _l("志愿者补贴"),
    BudgetCode.STAFF: _l("人员费"),
    BudgetCode.VENUE: _l("场地及设备租赁费"),
    BudgetCode.PUBLICITY: _l("宣传费"),
    BudgetCode.TRAVEL_MEALS: _l("交通费/餐费"),
    BudgetCode.INSURANCE: _l("保险费"),
    BudgetCode.MANAGEMENT: _l("管理费"),
    BudgetCode.TAXES: _l("税费"),
    BudgetCode.CONTINGENCY: _l("不可预见费"),
}

SELECTION_TABLE: tuple[tuple[str, str, str, int], ...] = (
    ("need_votes", "需求契合度", "需求真实与居民票数", 10),
    ("need_urgency", "需求契合度", "迫切与覆盖弱势群体", 10),
    ("plan_targets", "项目方案", "目标与指标可衡量", 10),
    ("plan_activities", "项目方案", "活动与进度可行", 10),
    ("plan_risk", "项目方案", "风险与安全", 5),
    ("effect_people", "预期成效", "受益人数与人次", 8),
    ("effect_social", "预期成效", "社会效益与满意度目标", 7),
    ("team_organisation", "团队与机构能力", "机构资质信用业绩", 7),
    ("team_professional", "团队与机构能力", "专业团队（社工证）", 8),
    ("budget_basis", "预算合理性", "测算依据", 8),
    ("budget_structure", "预算合理性", "结构合规", 4),
    ("budget_leverage", "预算合理性", "配套撬动", 3),
    ("public_sustain", "公益性·创新性·区域性", "五社联动与自治可持续", 5),
    ("public_innovation", "公益性·创新性·区域性", "创新与区域特色", 5),
)

JURY_TABLE: tuple[tuple[str, str, str, int], ...] = (
    ("jury_need", "居民评审", "是不是我们真正需要的", 40),
    ("jury_trust", "居民评审", "是否相信他们能做好", 30),
    ("jury_join", "居民评审", "是否愿意参加、能否长久", 30),
)

FINAL_TABLE: tuple[tuple[str, str, str, int], ...] = (
    ("done_activities", "项目完成度", "活动场次", 8),
    ("done_people", "项目完成度", "受益人数与人次", 8),
    ("done_schedule", "项目完成度", "进度", 4),
    ("done_quality", "项目完成度", "质量达标", 5),
    ("effect_change", "服务成效", "目标群体改变", 8),
    ("effect_need", "服务成效", "需求回应", 7),
    ("effect_senses", "服务成效", "获得感、幸福感、安全感", 5),
    ("voice_survey", "居民满意度", "问卷满意率", 12),
    ("voice_jury", "居民满意度", "居民评审团", 5),
    ("voice_complaints", "居民满意度", "投诉处理", 3),
    ("money_execution", "财务管理", "预算执行率", 6),
    ("money_earmarked", "财务管理", "合规与专款专用", 8),
    ("money_vouchers", "财务管理", "票据档案", 4),
    ("money_efficiency", "财务管理", "成本效率", 2),
    ("manage_team", "组织管理", "团队与专业", 3),
    ("manage_safety", "组织管理", "制度与安全", 2),
    ("manage_files", "组织管理", "档案", 3),
    ("future_links", "创新与可持续", "五社联动与自治", 3),
    ("future_leverage", "创新与可持续", "撬动社会资源", 2),
    ("future_publicity", "创新与可持续", "宣传推广", 2),
)
