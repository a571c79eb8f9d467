"""The 结果通知书 of one application: whether it was chosen, its scores, and what the experts wrote, without names."""

from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from grants.foundation.clock import local
from grants.foundation.database import db
from grants.foundation.errors import NotFound
from grants.foundation.i18n import _
from grants.foundation.money import yuan
from grants.people.models import Organisation, User
from grants.people.rules import Role
from grants.projects.models import Project
from grants.rounds.models import Notice, Round
from grants.rounds.rules import ScoreTableKind
from grants.selection.models import Application, Call
from grants.selection.policy.papers import is_own
from grants.selection.queries import judging, results
from grants.selection.queries.results import Evidence, RankingRow
from grants.selection.rules import ApplicationStatus, CallStatus
from reports.data.balance import Balance
from reports.data.table import CENTRE, RIGHT, Column, Row, Table
from reports.formatting import day
from reports.gather import official
from reports.gather.choices import Choice, Viewer, named
from reports.gather.common import Gathered

DECIDED = (CallStatus.ANNOUNCED, CallStatus.AWARDED)
OFFICES = (Role.PROGRAMME, Role.APPROVER, Role.SUPERVISOR)


def choices(viewer: Viewer, round_ref: str | None) -> list[Choice]:
    """List the applications whose result is announced: all of them for the offices, an organisation's own for it."""
    statement = (
        select(Application.ref, Organisation.name)
        .join(Call, Call.id == Application.call_id)
        .join(Organisation, Organisation.id == Application.organisation_id)
        .where(Call.status.in_(DECIDED), Application.rank.is_not(None))
        .order_by(Application.ref)
    )
    actor = viewer.actor
    if not viewer.is_operator and (actor is None or not actor.has_role(*OFFICES)):
        statement = statement.where(Application.organisation_id.in_(actor.organisation_ids if actor else []))
    if round_ref:
        statement = (
            statement.join(Project, Project.id == Call.project_id)
            .join(Round, Round.id == Project.round_id)
            .where(Round.ref == round_ref)
        )
    return named(statement)


def why_not_make(actor: User | None, ref: str) -> str | None:
    """Say why somebody may not have a letter; raises NotFound where there is none, and for another organisation's."""
    if actor is not None and actor.has_role(*OFFICES):
        return None
    if actor is None or not actor.has_role(Role.ORGANISATION):
        return _("结果通知书由申报组织和街道工作人员生成。")
    if not is_own(actor, _read(ref)):
        raise NotFound(_("没有找到已公布结果的申报书，请核对编号。"))
    return None


def _read(reference: str) -> Application:
    statement = (
        select(Application)
        .join(Call, Call.id == Application.call_id)
        .where(Application.ref == reference, Application.rank.is_not(None), Call.status.in_(DECIDED))
        .options(
            joinedload(Application.organisation),
            joinedload(Application.call).joinedload(Call.project).joinedload(Project.round),
            joinedload(Application.call).joinedload(Call.notice),
        )
    )
    found = db.session.scalars(statement).unique().one_or_none()
    if found is None:
        raise NotFound(_("没有找到已公布结果的申报书，请核对编号。"))
    return found


def gather(reference: str) -> Gathered:
    """Return the letter of an application; a draft until the award is final. Raises NotFound."""
    application = _read(reference)
    call = application.call
    # Read first: every score then finds its criterion in memory
    table = judging.criteria(call.project.round, ScoreTableKind.SELECTION)
    found = results.evidence(call)
    rows = results.ranking(call, found=found)
    row = next((one for one in rows if one.application.id == application.id), None)
    said = next((one for one in found if one.application.id == application.id), None)
    if row is None or said is None or call.notice is None or call.seconded_at is None:
        raise NotFound(_("没有找到已公布结果的申报书，请核对编号。"))
    counted = results.judged(found, results.formula(call), call.draw_seed or "")
    recount = next((one for one in counted if one.key == application.ref), None)
    is_draft = call.status is not CallStatus.AWARDED or call.project.round.is_rehearsal
    body = official.headed(
        ("", (_opening(row, len(rows)), *_reason(row, results.formula(call).pass_score))),
        ("得分", (_figures(row, sum(line.max_points for line in table)),)),
        ("专家意见", (_comments(said),)),
        ("社区意见和异议办法", (_community(said), _objecting(call.notice))),
    )
    document = official.plain_paper(
        official.title_lines("公益创投项目评审结果通知书"),
        body,
        on=local(call.seconded_at).date(),
        is_draft=is_draft,
        balances=(
            Balance(
                "综合得分",
                (
                    ("系统公布", round(Decimal(str(row.composite)) * 100)),
                    ("按打分表重算", round(recount.composite * 100) if recount is not None else -1),
                ),
                unit="百分之一分",
            ),
        ),
    )
    round_ = call.project.round
    title = f"结果通知书 {application.ref} {application.organisation.name}"
    return Gathered(document, title, f"JG-{round_.year}-{round_.number:02d}", is_draft)


def _opening(row: RankingRow, count: int) -> str:
    application = row.application
    project = application.call.project
    return (
        f"{application.organisation.name}：贵组织申报“{project.title}”（申报编号{application.ref}，匿名代号{row.label}）"
        f"已经资格审查、专家评审、居民评审团评分和社区评价。综合得分{row.composite:.2f}分，"
        f"在{count}份申报中列第{row.rank}名。"
    )


def _reason(row: RankingRow, pass_score: int) -> tuple[str, ...]:
    application = row.application
    if application.status is ApplicationStatus.SELECTED:
        verb = "确定" if application.call.status is CallStatus.AWARDED else "拟"
        return (f"评审结果：入选。{verb}由贵组织承接该项目，财政资金{yuan(application.fiscal_fen)}元。",)
    if not row.is_passed:
        return (f"评审结果：未入选。综合得分未达到合格线{pass_score}分。",)
    tie = f"综合得分与其他申报相同，按“{row.tie_note}”区分名次。" if row.tie_note else ""
    return (f"评审结果：未入选。每个项目由达到合格线且名次最前的申报单位承接。{tie}",)


def _figures(row: RankingRow, full_points: int) -> Table:
    weights = results.formula(row.application.call).weights
    parts = (
        ("专家评审", "expert", row.expert),
        ("居民评审团", "jury", row.jury),
        ("社区评价", "community", row.community),
    )
    lines = [Row((name, f"{weights[key]}%", f"{value:.2f}")) for name, key, value in parts]
    return Table(
        f"各项得分（满分{full_points}分）",
        (Column("项目", 40), Column("权重", 20, CENTRE), Column("得分", 40, RIGHT)),
        (*lines, Row(("综合得分", "100%", f"{row.composite:.2f}"), "total")),
    )


def _comments(said: Evidence) -> Table:
    sheets = sorted(said.locked, key=lambda review: (-review.total, review.comment))
    return Table(
        "专家评分和意见（不显示姓名，按得分排列）",
        (Column("得分", 14, RIGHT), Column("意见", 86)),
        tuple(Row((f"{review.total:.1f}", review.comment)) for review in sheets),
    )


def _community(said: Evidence) -> str:
    if said.opinion is None:
        return "社区没有提出意见。"
    return f"社区评价{said.opinion.points}分：{said.opinion.text}"


def _objecting(notice: Notice) -> str:
    return (
        f"拟入选公示编号{notice.ref}，公示期至{day(notice.ends_on)}。对结果有异议的，请在公示期内实名提出；"
        "评分数据可在征集公告页下载复核。"
    )
