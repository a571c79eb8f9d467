"""The application form (申报书): its groups, sections, attachments and rows, and how long a text is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from grants.foundation.i18n import Text, _l
from grants.projects.rules import Measure
from grants.rounds.rules import BudgetCode

LINKS: dict[str, tuple[Text, int]] = {
    "link_community": (_l("五社联动·社区建设"), 100),
    "link_social_work": (_l("五社联动·社会工作"), 100),
    "link_organisation": (_l("五社联动·社会组织"), 100),
    "link_capital": (_l("五社联动·社会资本"), 100),
    "link_residents": (_l("五社联动·社区居民自治"), 100),
}
"""How each of the five takes part, in the founding text's own wording; at least one is said."""

SECTIONS: dict[str, tuple[Text, int]] = {
    "overview": (_l("项目概况（内容与预期效果）"), 400),
    "features": (_l("项目特色（公益性、创新性、区域性，能否推广）"), 400),
    "need_analysis": (_l("需求分析"), 400),
    "goals": (_l("项目目标"), 400),
    "plan": (_l("实施方案"), 2000),
    "risks": (_l("风险预计与防控方案"), 400),
    "beneficiaries": (_l("受益群体描述"), 200),
    "experience": (_l("开展社区公益服务项目的经验"), 400),
    "sustainability": (_l("可持续（项目结束后如何延续）"), 400),
    **LINKS,
}
"""Text sections of the application form (申报书) with their default limit in characters."""


class Group(StrEnum):
    """The pages of the form, in the order in which they are filled in."""

    BASICS = "basics"
    TEXTS = "texts"
    PLAN = "plan"
    BUDGET = "budget"
    TEAM = "team"
    DOCUMENTS = "documents"
    DECLARATION = "declaration"


GROUP_LABELS: dict[Group, Text] = {
    Group.BASICS: _l("基本信息与目标"),
    Group.TEXTS: _l("项目内容"),
    Group.PLAN: _l("活动计划"),
    Group.BUDGET: _l("经费预算"),
    Group.TEAM: _l("项目团队"),
    Group.DOCUMENTS: _l("附件材料"),
    Group.DECLARATION: _l("承诺与提交"),
}

CORRECTABLE = tuple(group for group in Group if group is not Group.DECLARATION)
"""The pages that can be sent back for correction; declaring and handing in follows by itself."""

PARTS: dict[Group, tuple[str, ...]] = {
    Group.BASICS: (
        "title",
        "payee",
        "starts_on",
        "ends_on",
        "person_target",
        "attendance_target",
        "activity_target",
        "indirect_target",
        "vulnerable_target",
        "service_point",
        "targets",
    ),
    Group.TEXTS: tuple(SECTIONS),
    Group.PLAN: ("activities",),
    Group.BUDGET: ("fiscal", "social"),
    Group.TEAM: ("team",),
}
"""The parts that are saved, compared and merged one by one, by the page they stand on."""

SCALE: dict[Measure, str] = {
    Measure.PERSON_COUNT: "person_target",
    Measure.ATTENDANCE_COUNT: "attendance_target",
    Measure.ACTIVITY_COUNT: "activity_target",
}
"""Indicators that say the same as the scale of the service: promised once, so that the two cannot differ."""
REUSED: dict[Group, tuple[str, ...]] = {
    Group.TEXTS: ("risks", "experience"),
    Group.BUDGET: ("fiscal", "social"),
    Group.TEAM: ("team",),
}
"""What an organisation may take over from its profile and its earlier applications, by page."""
PAGE_OF: dict[str, Group] = {part: group for group, parts in PARTS.items() for part in parts}
PART_LABELS: dict[str, Text] = {
    "title": _l("项目名称"),
    "payee": _l("收款主体"),
    "starts_on": _l("开始日期"),
    "ends_on": _l("结束日期"),
    "person_target": _l("服务人数"),
    "attendance_target": _l("服务人次"),
    "activity_target": _l("活动场次"),
    "indirect_target": _l("间接受益人数"),
    "vulnerable_target": _l("其中困难群体人数"),
    "service_point": _l("服务点（15 分钟服务圈）"),
    "targets": _l("指标承诺"),
    **{key: label for key, (label, _limit) in SECTIONS.items()},
    "activities": _l("活动计划"),
    "fiscal": _l("财政资金预算"),
    "social": _l("社会资金预算"),
    "team": _l("项目团队"),
}


@dataclass(frozen=True)
class BudgetRow:
    """A budget line: unit price (分) times quantity."""

    code: BudgetCode
    content: str
    unit_price_fen: int
    quantity: int

    @property
    def amount_fen(self) -> int:
        """Return the line's sum in 分."""
        return self.unit_price_fen * self.quantity


@dataclass(frozen=True)
class ActivityRow:
    """A kind of activity planned for a month (its first day)."""

    month: date
    title: str
    session_count: int
    person_count: int


@dataclass(frozen=True)
class TeamRow:
    """Somebody of the project team."""

    name: str
    duty: str
    qualification: str
    is_leader: bool


@dataclass(frozen=True)
class TargetRow:
    """The value promised for one indicator of the project."""

    indicator: str
    target: float | None


class DocumentKind(StrEnum):
    """The papers that belong to an application."""

    REGISTRATION = "registration"
    INSPECTION = "inspection"
    PLEDGE = "pledge"
    TEAM = "team"
    FILING = "filing"
    MATCHING = "matching"
    FINANCE = "finance"
    BUDGET_BASIS = "budget_basis"
    RESEARCH = "research"
    SUPPORT = "support"
    OTHER = "other"


DOCUMENT_LABELS: dict[DocumentKind, Text] = {
    DocumentKind.REGISTRATION: _l("登记证书副本"),
    DocumentKind.INSPECTION: _l("近两年年检（年报）结论"),
    DocumentKind.PLEDGE: _l("信用与非重复资助承诺书（盖章）"),
    DocumentKind.TEAM: _l("团队资质证书"),
    DocumentKind.FILING: _l("备案证明及承接机构协议"),
    DocumentKind.MATCHING: _l("社会资金证明"),
    DocumentKind.FINANCE: _l("上年度财务报表或审计报告"),
    DocumentKind.BUDGET_BASIS: _l("预算测算依据"),
    DocumentKind.RESEARCH: _l("需求调研材料"),
    DocumentKind.SUPPORT: _l("社区支持意见"),
    DocumentKind.OTHER: _l("其他材料"),
}

BLIND_DOCUMENTS = frozenset({DocumentKind.BUDGET_BASIS, DocumentKind.RESEARCH})
"""What an expert may open; the applicant is told to keep its name out of these two, all others carry it."""
FINANCE_DOCUMENTS = frozenset({DocumentKind.FINANCE, DocumentKind.MATCHING, DocumentKind.BUDGET_BASIS})
"""What a finance officer may open."""
MOST_DOCUMENTS = 20


def required_documents(*, is_filed: bool, has_social_money: bool) -> tuple[DocumentKind, ...]:
    """Return the papers without which an application is not complete."""
    needed = [DocumentKind.REGISTRATION, DocumentKind.INSPECTION, DocumentKind.PLEDGE]
    if is_filed:
        needed.append(DocumentKind.FILING)
    if has_social_money:
        needed.append(DocumentKind.MATCHING)
    return tuple(needed)


def length(text: str) -> int:
    """Count characters as the page does: punctuation counts, a line break is one."""
    return len(text.replace("\r\n", "\n"))


def section_limits(settings_limits: Mapping[str, int]) -> dict[str, int]:
    """Return each section's limit in characters, with the round's own figures first."""
    return {key: int(settings_limits.get(key, default)) for key, (_label, default) in SECTIONS.items()}
