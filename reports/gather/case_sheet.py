"""The printable sheet of an exemplary case (案例单): what was done, what others can take from it, in figures."""

from base64 import b64encode
from io import BytesIO

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from grants.agreements.models import Agreement
from grants.evaluation.rules import GRADE_LABELS
from grants.foundation import files
from grants.foundation.clock import local
from grants.foundation.database import db
from grants.foundation.errors import NotFound
from grants.foundation.i18n import _
from grants.growth import policy, queries
from grants.growth.models import ExemplaryCase
from grants.people.models import User
from grants.projects.models import Project
from grants.rounds.models import Round
from grants.rounds.rules import CATEGORY_LABELS
from grants.supervision.models import ActivityEvidence
from reports.data.case_sheet import CaseSheet, Picture
from reports.data.sheet import Part
from reports.data.table import RIGHT, Column, Row, Table
from reports.formatting import count, day, decimal, percent
from reports.gather.choices import Choice, Viewer
from reports.gather.common import Gathered, unissued_stamp

WIDEST = 900
"""Pixels: 76 mm at 300 dots an inch."""


def gather(reference: str) -> Gathered:
    """Return the sheet of a case in the library. Raises NotFound for one that left it."""
    case = queries.get_case(reference)
    if case.withdrawn_at is not None:
        raise NotFound(_("这个案例已经移出案例库。"))
    project = case.agreement.project
    sheet = CaseSheet(
        stamp=unissued_stamp(is_draft=False, signatories=()),
        title="公益创投优秀案例",
        about=case.title,
        above=project.round.name,
        parts=(
            Part("", facts=_facts(case)),
            Part("做了什么", text=case.story),
            Part("可以推广的做法", text=case.lessons),
            *((Part("评为案例的理由", text=case.reason),) if case.reason else ()),
            Part("服务效率", tables=(_efficiency(project.ref),)),
        ),
        pictures=tuple(_picture(one.evidence) for one in case.pictures if _is_public(one.evidence)),
    )
    return Gathered(sheet, f"{case.title}（案例单）", f"ALD-{project.round.year}-{project.round.number:02d}", False)


def _facts(case: ExemplaryCase) -> tuple[tuple[str, str], ...]:
    project, evaluation = case.agreement.project, queries.get_evaluation_of(case.agreement.project.ref)
    return (
        ("案例编号", case.ref),
        ("项目编号", project.ref),
        ("实施社区", project.community.name),
        ("承接组织", case.agreement.organisation.name),
        ("类别", str(CATEGORY_LABELS[project.category])),
        ("评价结果", f"{GRADE_LABELS[case.grade]}（{decimal(evaluation.total)}分）"),
        ("入库日期", day(local(case.chosen_at).date())),
    )


def _efficiency(project_ref: str) -> Table:
    # Loads pandas, which belongs into the job that prints and not into the page that offers the paper
    from reports.tables.efficiency import compare

    found = next(one for one in compare(queries.list_figures()) if one.figures.ref == project_ref)
    figures = found.figures
    rows = [
        Row(
            (
                f"{one.ratio.label}（{one.ratio.unit}）",
                decimal(one.value, one.ratio.digits),
                decimal(one.median, one.ratio.digits),
            )
        )
        for one in found.ratios
        if one.ratio.is_main
    ]
    said = percent(figures.content_answers, figures.answers)
    return Table(
        "服务效率指标",
        (Column("指标", 50), Column("本项目", 25, RIGHT), Column("同类中位数", 25, RIGHT)),
        tuple(rows),
        note=(
            f"活动{count(figures.activities)}场，服务{count(figures.persons)}人、{count(figures.attendances)}人次，"
            f"满意率{said}。同类中位数取本届同类别其他项目。"
        ),
    )


def _is_public(evidence: ActivityEvidence) -> bool:
    return policy.why_not_show_picture(evidence) is None


def _picture(evidence: ActivityEvidence) -> Picture:
    # Only where something is printed
    from PIL import Image, ImageOps

    with Image.open(BytesIO(files.read_bytes(evidence.file))) as opened:
        small = ImageOps.exif_transpose(opened).convert("RGB")
        small.thumbnail((WIDEST, WIDEST))
        out = BytesIO()
        small.save(out, "JPEG", quality=82)
    source = f"data:image/jpeg;base64,{b64encode(out.getvalue()).decode()}"
    activity = evidence.activity
    return Picture(source, f"{activity.title}，{day(activity.held_on)}")


def cases(_viewer: Viewer, round_ref: str | None) -> list[Choice]:
    """List the cases in the library, the newest first."""
    statement = (
        select(ExemplaryCase)
        .join(Agreement, Agreement.id == ExemplaryCase.agreement_id)
        .join(Project, Project.id == Agreement.project_id)
        .join(Round, Round.id == Project.round_id)
        .where(ExemplaryCase.withdrawn_at.is_(None))
        .options(joinedload(ExemplaryCase.agreement))
        .order_by(ExemplaryCase.chosen_at.desc(), ExemplaryCase.ref)
    )
    if round_ref:
        statement = statement.where(Round.ref == round_ref)
    return [Choice(one.ref, f"{one.ref} {one.title}") for one in db.session.scalars(statement)]


def why_not_make(actor: User | None, _ref: str) -> str | None:
    """Say why somebody may not print a case sheet: everybody who is signed in may, the case is public."""
    return _("请先登录。") if actor is None else None
