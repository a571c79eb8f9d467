"""中期评估报告: what the organisation reported at half-time, how it was scored, and whether more money may be paid."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased, contains_eager, joinedload

from grants.agreements.models import Agreement
from grants.evaluation import queries as evaluations
from grants.evaluation.models import Midterm, MidtermPoint
from grants.evaluation.rules import MidtermStatus
from grants.foundation.clock import local
from grants.foundation.database import db
from grants.foundation.errors import NotFound
from grants.foundation.i18n import _
from grants.people.models import User
from grants.projects.models import Project
from grants.rounds.models import Criterion, Round, ScoreTable
from grants.rounds.rules import ScoreTableKind
from reports.data.balance import Balance
from reports.data.common import Signatory
from reports.data.sheet import Part, Sheet
from reports.data.table import RIGHT, Column, Row, Table
from reports.formatting import UNKNOWN, day
from reports.formatting import decimal as written
from reports.gather.choices import Choice, Viewer
from reports.gather.common import Gathered, listed, unissued_stamp

TITLE = "项目中期评估报告"
Lines = Sequence[tuple[Criterion, MidtermPoint | None]]


def choices(viewer: Viewer, round_ref: str | None) -> list[Choice]:
    """List the mid-term evaluations this viewer may read."""
    statement: Any = select(Midterm).join(Agreement).join(Project)
    if not viewer.is_operator:
        statement = evaluations.select_midterms(viewer.actor)
    if round_ref:
        statement = statement.join(Round, Round.id == Project.round_id).where(Round.ref == round_ref)
    statement = statement.options(contains_eager(Midterm.agreement).contains_eager(Agreement.project))
    found = db.session.scalars(statement.order_by(Midterm.ref))
    return [Choice(one.ref, f"{one.ref} {one.agreement.project.title}") for one in found]


def find(reference: str) -> Midterm:
    """Return a mid-term evaluation with its project, or raise NotFound."""
    statement = select(Midterm).where(Midterm.ref == reference)
    found = db.session.scalars(statement.options(joinedload(Midterm.agreement).options(*_parties()))).one_or_none()
    if found is None:
        raise NotFound(_("没有找到这次中期评估，请核对编号。"))
    return found


def gather(reference: str) -> Gathered:
    """Return the report of a mid-term evaluation; a draft until the leader has published it. Raises NotFound."""
    scorer, publisher = aliased(User), aliased(User)
    midterm = find(reference)
    project = midterm.agreement.project
    names = db.session.execute(
        select(scorer.display_name, publisher.display_name)
        .select_from(Midterm)
        .outerjoin(scorer, scorer.id == Midterm.scored_by_id)
        .outerjoin(publisher, publisher.id == Midterm.published_by_id)
        .where(Midterm.id == midterm.id)
    ).one()
    lines = _lines(midterm)
    is_draft = midterm.status is not MidtermStatus.PUBLISHED or project.round.is_rehearsal
    sheet = Sheet(
        stamp=unissued_stamp(is_draft=is_draft, signatories=_signatories(midterm, *names)),
        title=TITLE,
        about=f"{project.title}（{midterm.ref}）",
        above=project.round.name,
        parts=(
            Part(facts=_facts(midterm)),
            Part("评估结论", text=_conclusion(midterm)),
            Part("评分", tables=(_table(midterm, lines),)),
            Part("承接组织自评", text=midterm.report or "承接组织没有报送自评。"),
            Part("自评反映的问题", text=midterm.report_problems or "没有反映问题。"),
            Part("意见和建议", text=midterm.suggestions or "没有另外的意见和建议。"),
        ),
        balances=_balances(midterm, lines),
    )
    title = f"{project.title.removesuffix('项目')}{TITLE}"
    return Gathered(sheet, title, f"ZQ-{project.round.year}-{project.round.number:02d}", is_draft)


def _parties() -> tuple[Any, ...]:
    return (
        joinedload(Agreement.organisation),
        joinedload(Agreement.project).options(joinedload(Project.round), joinedload(Project.community)),
    )


def _lines(midterm: Midterm) -> Lines:
    rows = db.session.execute(
        select(Criterion, MidtermPoint)
        .join(ScoreTable, ScoreTable.id == Criterion.table_id)
        .outerjoin(MidtermPoint, (MidtermPoint.criterion_id == Criterion.id) & (MidtermPoint.midterm_id == midterm.id))
        .where(ScoreTable.round_id == midterm.agreement.project.round_id, ScoreTable.kind == ScoreTableKind.MIDTERM)
        .order_by(Criterion.position)
    )
    return [(criterion, point) for criterion, point in rows]


def _signatories(midterm: Midterm, scored_by: str | None, published_by: str | None) -> tuple[Signatory, ...]:
    made, approved = Signatory("编制"), Signatory("审批")
    if midterm.submitted_at is not None:
        made = Signatory("编制", scored_by or "", local(midterm.submitted_at).date())
    if midterm.published_at is not None:
        approved = Signatory("审批", published_by or "", local(midterm.published_at).date())
    return made, Signatory("审核"), approved


def _result(midterm: Midterm) -> str:
    if midterm.is_passed is None:
        return "尚未评定"
    return "合格" if midterm.is_passed else "不合格"


def _facts(midterm: Midterm) -> tuple[tuple[str, str], ...]:
    agreement = midterm.agreement
    return (
        ("项目", f"{agreement.project.ref} {agreement.project.title}"),
        ("实施社区", agreement.project.community.name),
        ("承接组织", agreement.organisation.name),
        ("协议", f"{agreement.ref}（{day(agreement.starts_on)}至{day(agreement.ends_on)}）"),
        ("第几次评估", f"第{midterm.attempt}次"),
        ("自评报送", _reported(midterm)),
        ("得分", UNKNOWN if midterm.total is None else f"{written(midterm.total)}分"),
        ("结果", _result(midterm)),
    )


def _reported(midterm: Midterm) -> str:
    due = f"期限{day(midterm.report_due_on)}"
    if midterm.reported_at is not None:
        return f"{day(local(midterm.reported_at).date())}（{due}）"
    return f"逾期未报（{due}）" if midterm.is_late else f"未报送（{due}）"


def _conclusion(midterm: Midterm) -> str:
    if midterm.total is None:
        return "评估正在进行，还没有结论。"
    found = [f"综合得分{written(midterm.total)}分，结果为{_result(midterm)}。"]
    if midterm.is_late:
        found.append("承接组织逾期未报送自评，按不合格处理。")
    found += listed(midterm.conclusion)
    found.append("合格的，可以申请拨付中期款项。" if midterm.is_passed else "整改并重新评估合格前，不拨付中期款项。")
    if midterm.objections_until is not None:
        found.append(f"对结果有异议的，可在{day(midterm.objections_until)}前提出。")
    return "\n".join(found)


def _table(midterm: Midterm, lines: Lines) -> Table:
    rows: list[Row] = []
    group = ""
    for criterion, point in lines:
        if criterion.group != group:
            group = criterion.group
            rows.append(Row((group,), "group"))
        given = written(point.points) if point else UNKNOWN
        rows.append(Row((criterion.name, str(criterion.max_points), given, point.basis if point else "")))
    if midterm.bonus_points:
        rows.append(Row(("加分", "", f"+{written(midterm.bonus_points)}", midterm.bonus_reason)))
    if midterm.malus_points:
        rows.append(Row(("扣分", "", f"-{written(midterm.malus_points)}", midterm.malus_reason)))
    full = sum(criterion.max_points for criterion, _point in lines)
    total = UNKNOWN if midterm.total is None else written(midterm.total)
    rows.append(Row(("合计", written(full, 0), total, _result(midterm)), "total"))
    columns = (Column("评分项目", 28), Column("满分", 10, RIGHT), Column("得分", 12, RIGHT), Column("评分依据", 50))
    return Table("中期评估评分表", columns, tuple(rows))


def _balances(midterm: Midterm, lines: Lines) -> tuple[Balance, ...]:
    """Compare the points with the total that decided; a report that came too late has a total without points."""
    if midterm.total is None or midterm.is_late:
        return ()
    points = sum((_exact(point.points) for _criterion, point in lines if point is not None), Decimal(0))
    reckoned = max(Decimal(0), points + _exact(midterm.bonus_points) - _exact(midterm.malus_points))
    sums = (("评分表", int(reckoned * 100)), ("评定", int(_exact(midterm.total) * 100)))
    return (Balance("中期得分", sums, unit="百分之一分"),)


def _exact(value: float) -> Decimal:
    return round(Decimal(str(value)), 2)
