"""Builders of projects: each brings a project to a status through the services, as people would."""

from datetime import timedelta
from typing import Any

from grants.foundation import clock
from grants.needs.models import Need
from grants.people.models import User
from grants.people.rules import Role
from grants.projects import service
from grants.projects.models import Project
from grants.projects.rules import CostLine, IndicatorKind, IndicatorLine, Measure
from grants.rounds.models import Round
from grants.rounds.rules import BudgetCode, Category
from tests.factories import funds, needs, rounds

COSTS = (
    CostLine(BudgetCode.MATERIALS, "助餐点桌椅与保温设备耗材", 120_000, 10),
    CostLine(BudgetCode.VOLUNTEERS, "志愿者误餐与交通补贴", 5_000, 60),
    CostLine(BudgetCode.STAFF, "项目社工服务", 200_000, 5),
    CostLine(BudgetCode.INSURANCE, "参与者意外险", 2_000, 250),
    CostLine(BudgetCode.PUBLICITY, "宣传折页", 500, 400),
    CostLine(BudgetCode.MANAGEMENT, "管理费", 300_000, 1),
)
"""35,000.00 元 in all, every code within the default caps."""

INDICATORS = (
    IndicatorLine(IndicatorKind.OUTPUT_COUNT, "开展助餐服务", "场", 60, Measure.ACTIVITY_COUNT, "活动记录"),
    IndicatorLine(IndicatorKind.OUTPUT_COUNT, "服务老年人", "人", 120, Measure.PERSON_COUNT, "签到表"),
    IndicatorLine(IndicatorKind.EFFECT_SOCIAL, "独居老人用餐难得到缓解", "%", 80, Measure.MANUAL, "回访记录"),
    IndicatorLine(IndicatorKind.SATISFACTION, "居民满意率", "%", 90, Measure.SATISFACTION_PERCENT, "满意度问卷"),
)


def programme() -> User:
    """Return the programme officer who drafts."""
    return funds.hand("programme-1", Role.PROGRAMME)


def leader() -> User:
    """Return the leader who decides."""
    return funds.hand("leader-1", Role.APPROVER)


def text(title: str = "枫林苑老年助餐", category: Category = Category.WELFARE, **parts: Any) -> service.ProjectText:
    """Return what a project says, nothing missing."""
    day = clock.today()
    told: dict[str, Any] = {
        "title": title,
        "summary": "在党群服务中心设助餐点，为高龄独居老人提供平价午餐和送餐上门。",
        "category": category,
        "objective": "让小区里的独居老人吃上热饭。",
        "public_benefit": "面向全体高龄独居老人，不以营利为目的。",
        "innovation": "老年食堂与邻里互助队结合，低龄老人帮高龄老人。",
        "locality": "利用社区党群服务中心闲置餐厅。",
        "five_links": {"community": "提供场地", "residents": "组建互助队"},
        "service_point": "党群服务中心一楼",
        "direct_beneficiary_count": 120,
        "vulnerable_percent": 70,
        "starts_on": day + timedelta(days=30),
        "ends_on": day + timedelta(days=270),
    }
    return service.ProjectText(**{**told, **parts})


def make_draft(round: Round, *, need: Need | None = None, officer: User | None = None, **parts: Any) -> Project:
    """Draft a project from an adopted need, made when none is given."""
    answered = need or needs.make_adopted_need(round)
    return service.draft_project(officer=officer or programme(), needs=[answered], text=text(**parts))


def make_complete_draft(round: Round, *, costs: tuple[CostLine, ...] = COSTS, **parts: Any) -> Project:
    """Draft a project with costs and indicators."""
    project = make_draft(round, **parts)
    service.set_costs(project=project, officer=programme(), lines=costs)
    service.set_indicators(project=project, officer=programme(), lines=INDICATORS)
    return project


def make_costed(round: Round, **parts: Any) -> Project:
    """Submit a project for decision."""
    project = make_complete_draft(round, **parts)
    service.submit_costs(project=project, officer=programme())
    return project


def make_approved(round: Round, **parts: Any) -> Project:
    """Have the leader approve a project."""
    project = make_costed(round, **parts)
    service.approve_project(project=project, leader=leader(), note="同意立项。")
    return project


def make_announced(round: Round, **parts: Any) -> Project:
    """Publish the decision; the notice runs."""
    project = make_approved(round, **parts)
    service.announce_project(project=project, officer=programme())
    return project


def make_noticed(round: Round, **parts: Any) -> Project:
    """Let the notice end without objection; the project waits for funding."""
    project = make_announced(round, **parts)
    assert project.notice is not None
    rounds.end_notice(project.notice, programme())
    return project


def make_funded(round: Round, **parts: Any) -> Project:
    """Bring a project to funded."""
    project = make_noticed(round, **parts)
    service.fund_project(project=project, officer=programme())
    return project


def make_rejected(round: Round, **parts: Any) -> Project:
    """Have the leader turn a project down."""
    project = make_costed(round, **parts)
    service.reject_project(project=project, leader=leader(), reason="与在建项目重复。")
    return project
