"""Adopted needs become costed, decided, announced and funded projects."""

from datetime import date, timedelta

from grants.demo.teller import Teller
from grants.demo.themes import Theme
from grants.needs.models import Need
from grants.projects import service
from grants.projects.models import Project
from grants.projects.rules import CostLine, IndicatorKind, IndicatorLine, Measure
from grants.projects.service import ProjectText
from grants.rounds import service as rounds
from grants.rounds.rules import BudgetCode

SHARES = (
    (BudgetCode.EXPERTS, "讲师与督导酬劳", 15),
    (BudgetCode.VOLUNTEERS, "志愿者误餐与交通补贴", 10),
    (BudgetCode.STAFF, "项目社工补贴", 22),
    (BudgetCode.PUBLICITY, "宣传单页与展板", 5),
    (BudgetCode.INSURANCE, "活动意外保险", 2),
    (BudgetCode.MANAGEMENT, "项目管理费", 8),
)
"""Shares of the whole in percent; the rest buys materials."""


def cost_lines(total_fen: int) -> list[CostLine]:
    """Split a total into budget lines of ten units each; the sum is exactly the total."""
    lines = []
    for code, content, percent in SHARES:
        unit = total_fen * percent // 100 // 10
        lines.append(CostLine(code, content, unit, 10))
    left = total_fen - sum(line.amount_fen for line in lines)
    return [CostLine(BudgetCode.MATERIALS, "活动物资与耗材", left // 10, 10), *lines]


def indicators(theme: Theme, activities: int) -> list[IndicatorLine]:
    """Return what a project promises."""
    return [
        IndicatorLine(
            IndicatorKind.OUTPUT_COUNT, "开展活动场次", "场", activities, Measure.ACTIVITY_COUNT, "活动记录与签到表"
        ),
        IndicatorLine(IndicatorKind.OUTPUT_COUNT, "直接受益人数", "人", theme.people, Measure.PERSON_COUNT, "签到名册"),
        IndicatorLine(
            IndicatorKind.EFFECT_SOCIAL,
            "形成居民自治小组",
            "个",
            2 + theme.people % 4,
            Measure.MANUAL,
            "小组名单与公约",
        ),
        IndicatorLine(
            IndicatorKind.SATISFACTION, "服务对象满意率", "%", 90, Measure.SATISFACTION_PERCENT, "满意度调查"
        ),
    ]


def draft(teller: Teller, need: Need, theme: Theme, day: date, months: int) -> Project:
    """Draft and cost a project."""
    officer = teller.user("programme-2")
    with teller.on(day, 10):
        project = service.draft_project(
            officer=officer,
            needs=[need],
            text=ProjectText(
                title=theme.title,
                summary=theme.summary,
                category=theme.category,
                objective=theme.objective,
                public_benefit="面向本社区居民免费开放，优先服务高龄、残障、困难家庭和儿童，不收取任何费用。",
                innovation="由居民参与设计和管理，以自治小组延续项目成果，经验可在其他社区推广。",
                locality="依托社区党群服务中心和楼栋骨干，结合本社区人口结构和空间条件设计。",
                five_links={
                    "community": "社区居委会提供场地并协助招募",
                    "social_work": "持证社工负责个案与小组",
                    "organisation": "与街道社会组织共享资源",
                    "capital": "辖区企业提供物资支持",
                    "residents": "居民骨干组成自治小组长期维护",
                },
                service_point=f"{need.community.name}党群服务中心",
                direct_beneficiary_count=theme.people,
                vulnerable_percent=30 + theme.people % 40,
                starts_on=day + timedelta(days=90),
                ends_on=day + timedelta(days=90 + months * 30),
            ),
        )
        service.set_costs(project=project, officer=officer, lines=cost_lines(theme.yuan * 100))
        service.set_indicators(project=project, officer=officer, lines=indicators(theme, months * 2))
    return project


def decide(teller: Teller, project: Project, day: date) -> None:
    """Submit the estimate and have the leader decide."""
    with teller.on(day, 9):
        service.submit_costs(project=project, officer=teller.user("programme-2"))
    with teller.on(day + timedelta(days=2), 16):
        service.approve_project(
            project=project, leader=teller.user("leader-1"), note="需求真实、预算合理，同意立项并公示。"
        )


def announce(teller: Teller, project: Project, day: date) -> None:
    """Publish the notice."""
    with teller.on(day, 9):
        service.announce_project(project=project, officer=teller.user("programme-1"))


def fund(teller: Teller, project: Project) -> date:
    """End the notice when its window is over and fund the project; return the day."""
    if project.notice is None:
        raise LookupError("the project was not announced")
    day = project.notice.ends_on + timedelta(days=1)
    with teller.on(day, 9):
        rounds.end_notice(notice=project.notice, officer=teller.user("programme-1"))
        service.fund_project(project=project, officer=teller.user("programme-1"))
    return day
