"""Drafting: a project from adopted needs, what it costs line by line, and what it promises."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import delete

from grants.foundation import audit, numbering
from grants.foundation.database import db
from grants.foundation.errors import NotPermitted, RuleBroken, TransitionRefused, require
from grants.foundation.i18n import _
from grants.foundation.money import MAX_FEN, yuan
from grants.needs import queries as needs_queries
from grants.needs.models import Need
from grants.people.models import Place, User
from grants.projects import policy
from grants.projects.models import Indicator, Project, ProjectCost
from grants.projects.rules import FIVE_LINKS, PROJECT_FLOW, CostLine, IndicatorLine, ProjectAction
from grants.rounds.rules import Category

MAX_LINES = 60


@dataclass(frozen=True)
class ProjectText:
    """What a project is: its name, purpose, the three statements (公益性、创新性、区域性) and whom it serves."""

    title: str
    summary: str
    category: Category
    objective: str = ""
    public_benefit: str = ""
    innovation: str = ""
    locality: str = ""
    five_links: Mapping[str, str] = field(default_factory=dict)
    service_point: str = ""
    direct_beneficiary_count: int = 0
    vulnerable_percent: int = 0
    starts_on: date | None = None
    ends_on: date | None = None


def draft_project(*, officer: User, needs: Sequence[Need], text: ProjectText, place: Place | None = None) -> Project:
    """Draft a project that answers adopted needs of one round.

    `place` is the community of the needs unless given; the street itself stands for a project of several communities.
    """
    if not needs:
        raise RuleBroken(_("每个项目至少回应一条已采纳的居民需求。"), "needs")
    home, round = place or needs[0].community, needs[0].round
    require(policy.why_not_draft(officer, round, home))
    _check(home, needs, text)
    project = Project(
        ref=numbering.next_reference(f"GYCT-{round.year}-{round.number:02d}"),
        round=round,
        community=home,
        drafted_by_id=officer.id,
        **_columns(text),
    )
    project.needs = list(needs)
    project.meeting = needs_queries.find_meeting_passing([need.ref for need in needs])
    db.session.add(project)
    audit.record("project:draft", actor=officer, subject=project, needs=[need.ref for need in needs])
    return project


def edit_project(
    *, project: Project, officer: User, needs: Sequence[Need], text: ProjectText, place: Place | None = None
) -> None:
    """Change the draft's texts and the needs it answers."""
    _begin(project, officer)
    home = place or project.community
    require(policy.why_not_draft(officer, project.round, home))
    _check(home, needs, text)
    for name, value in _columns(text).items():
        setattr(project, name, value)
    project.community = home
    project.needs = list(needs)
    project.meeting = needs_queries.find_meeting_passing([need.ref for need in needs])
    audit.record("project:edit", actor=officer, subject=project, needs=[need.ref for need in needs])


def _check(place: Place, needs: Sequence[Need], text: ProjectText) -> None:
    refusal = policy.why_not_answer(place, needs)
    if refusal is not None:
        raise RuleBroken(refusal, "needs")
    if text.starts_on and text.ends_on and text.ends_on < text.starts_on:
        raise RuleBroken(_("结束日期不能早于开始日期。"), "ends_on")
    if not 0 <= text.vulnerable_percent <= 100:
        raise RuleBroken(_("比例应在 0 到 100 之间。"), "vulnerable_percent")
    if text.direct_beneficiary_count < 0:
        raise RuleBroken(_("人数不能为负。"), "direct_beneficiary_count")


def _columns(text: ProjectText) -> dict[str, object]:
    return {
        "title": text.title,
        "summary": text.summary,
        "category": text.category,
        "objective": text.objective,
        "public_benefit": text.public_benefit,
        "innovation": text.innovation,
        "locality": text.locality,
        "five_links": {key: text.five_links.get(key, "") for key in FIVE_LINKS},
        "service_point": text.service_point,
        "direct_beneficiary_count": text.direct_beneficiary_count,
        "vulnerable_percent": text.vulnerable_percent,
        "starts_on": text.starts_on,
        "ends_on": text.ends_on,
    }


def set_costs(*, project: Project, officer: User, lines: Sequence[CostLine]) -> None:
    """Replace the cost lines; the ceiling is their sum. Caps are judged when the draft is submitted."""
    _begin(project, officer)
    _limit(lines)
    for line in lines:
        if not line.content.strip() or line.unit_price_fen <= 0 or line.quantity <= 0:
            raise RuleBroken(_("每行都要写明内容，单价和数量须大于零。"))
    total = sum(line.amount_fen for line in lines)
    if total > MAX_FEN:
        raise RuleBroken(_("金额不能超过 %(max)s 元", max=yuan(MAX_FEN)))
    db.session.execute(delete(ProjectCost).where(ProjectCost.project_id == project.id))
    db.session.expire(project, ["costs"])
    for position, line in enumerate(lines, start=1):
        db.session.add(
            ProjectCost(
                project_id=project.id,
                position=position,
                code=line.code,
                content=line.content,
                unit_price_fen=line.unit_price_fen,
                quantity=line.quantity,
            )
        )
    project.ceiling_fen = total
    audit.record("project:set_costs", actor=officer, subject=project, ceiling_fen=total, line_count=len(lines))


def set_indicators(*, project: Project, officer: User, lines: Sequence[IndicatorLine]) -> None:
    """Replace what the project promises; which kinds are needed is judged when the draft is submitted."""
    _begin(project, officer)
    _limit(lines)
    for line in lines:
        if not line.name.strip() or not line.unit.strip() or line.target < 0:
            raise RuleBroken(_("每项指标都要写明名称、单位和不小于零的目标值。"))
    db.session.execute(delete(Indicator).where(Indicator.project_id == project.id))
    db.session.expire(project, ["indicators"])
    for position, line in enumerate(lines, start=1):
        db.session.add(
            Indicator(
                project_id=project.id,
                position=position,
                kind=line.kind,
                measure=line.measure,
                name=line.name,
                unit=line.unit,
                target=line.target,
                evidence=line.evidence,
            )
        )
    audit.record("project:set_indicators", actor=officer, subject=project, line_count=len(lines))


def submit_costs(*, project: Project, officer: User) -> None:
    """Submit the costed draft for decision; raises RuleBroken with everything that is missing or over a cap."""
    _begin(project, officer)
    require(policy.why_not_submit(officer, project), RuleBroken)
    project.status = PROJECT_FLOW.next(project.status, ProjectAction.COST)
    project.costed_by_id = officer.id
    audit.record("project:submit", actor=officer, subject=project, ceiling_fen=project.ceiling_fen)


def _limit(lines: Collection[object]) -> None:
    if len(lines) > MAX_LINES:
        raise RuleBroken(_("最多 %(count)s 行，请合并同类项。", count=MAX_LINES))


def _begin(project: Project, officer: User) -> None:
    """Hold the project's row and refuse whoever may not draft here (403) and what is no draft any more (409)."""
    db.session.flush()
    db.session.refresh(project, with_for_update={"of": Project})
    refusal = policy.why_not_edit(officer, project)
    allowed = PROJECT_FLOW.allows(project.status, ProjectAction.COST)
    require(refusal, NotPermitted if allowed else TransitionRefused)
