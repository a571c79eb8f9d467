"""The 申报书 of an organisation: a draft until it is handed in, then with its receipt and the hash of what was kept."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from grants.foundation.clock import local
from grants.foundation.database import db
from grants.foundation.i18n import _
from grants.foundation.money import parse_yuan, yuan
from grants.needs.models import Need
from grants.needs.rules import TRIAGE_LABELS
from grants.people.models import User
from grants.rounds.rules import BUDGET_LABELS, CATEGORY_LABELS
from grants.selection.models import Application, ApplicationBudgetLine, ApplicationDocument, ApplicationTarget, Call
from grants.selection.policy import papers as policy
from grants.selection.queries import get_application
from grants.selection.rules import (
    DOCUMENT_LABELS,
    LINKS,
    MONEY_SOURCE_LABELS,
    SECTIONS,
    ApplicationStatus,
    MoneySource,
)
from reports.data.balance import Balance
from reports.data.common import Signatory
from reports.data.sheet import Depth, Part, Sheet
from reports.data.table import CENTRE, DATE, RIGHT, Column, Row, Table
from reports.formatting import day
from reports.gather.choices import Choice, Viewer
from reports.gather.common import Gathered, unissued_stamp

UNDER_WAY = frozenset({ApplicationStatus.DRAFT, ApplicationStatus.RETURNED, ApplicationStatus.WITHDRAWN})
NOTHING = "（未填写）"


def why_not_print(actor: User | None, ref: str) -> str | None:
    """Say why somebody may not have the whole form; experts and jurors never, since it names the applicant.

    Raises NotFound without such an application.
    """
    application = get_application(ref)
    if actor is not None and policy.sight(actor, application) is policy.Sight.FULL:
        return None
    return _("申报书由申报组织打印；截止和提交以后，社区建设部、分管领导和监督人员可以打印。")


def choices(viewer: Viewer, _round_ref: str | None) -> list[Choice]:
    """List the applications of the viewer's organisations; offices print from the page of an application."""
    statement = select(Application).options(joinedload(Application.call).joinedload(Call.project))
    if not viewer.is_operator:
        mine = viewer.actor.organisation_ids if viewer.actor is not None else ()
        statement = statement.where(Application.organisation_id.in_(tuple(mine)))
    found = db.session.scalars(statement.order_by(Application.ref))
    return [Choice(one.ref, f"{one.ref} {one.title or one.call.project.title}") for one in found]


def gather(reference: str) -> Gathered:
    """Return an application as a form; a draft until it is handed in, and again while it is corrected."""
    application = _read(reference)
    round_ = application.call.project.round
    is_draft = application.status in UNDER_WAY or round_.is_rehearsal
    sheet = Sheet(
        stamp=unissued_stamp(is_draft=is_draft, signatories=_boxes(application)),
        title="公益创投项目申报书",
        about=f"{application.title or application.call.project.title}（{application.ref}）",
        above=round_.name,
        parts=(
            Part("基本信息", facts=_basics(application)),
            Part("项目内容"),
            *_texts(application),
            Part("指标承诺", tables=_targets(application), text="" if application.targets else NOTHING),
            Part("活动计划", tables=_plan(application), text="" if application.activities else NOTHING),
            Part("经费预算", tables=(_budget(application.budget_lines),)),
            Part("项目团队", tables=_team(application), text="" if application.team else NOTHING),
            Part("附件材料", tables=_papers(application), text="" if application.documents else NOTHING),
            Part("提交与承诺", facts=_submission(application, is_draft=application.status in UNDER_WAY)),
        ),
        balances=_balances(application),
    )
    series = f"SBS-{round_.year}-{round_.number:02d}"
    return Gathered(sheet, f"申报书 {application.ref}", series, is_draft)


def _read(reference: str) -> Application:
    """Return the application with its rows and files in a handful of look-ups."""
    application = get_application(reference)
    rows = (
        selectinload(Application.targets).joinedload(ApplicationTarget.indicator),
        selectinload(Application.documents).joinedload(ApplicationDocument.file),
        *(selectinload(one) for one in (Application.activities, Application.team, Application.submissions)),
    )
    db.session.scalars(select(Application).where(Application.id == application.id).options(*rows)).one()
    return application


def _boxes(application: Application) -> tuple[Signatory, ...]:
    on = local(application.submitted_at).date() if application.submitted_at else None
    return (Signatory("填报人"), Signatory("项目负责人"), Signatory("申报单位（盖章）", "", on))


def _basics(application: Application) -> tuple[tuple[str, str], ...]:
    organisation, project = application.organisation, application.call.project
    period = (
        f"{day(application.starts_on)}至{day(application.ends_on)}"
        if application.starts_on and application.ends_on
        else NOTHING
    )
    return (
        ("申报单位", organisation.name),
        ("统一社会信用代码", organisation.uscc or "备案组织，无"),
        ("登记日期", day(organisation.registered_on)),
        ("单位负责人", organisation.head_name or NOTHING),
        ("收款主体", application.payee.name if application.payee else NOTHING),
        ("征集公告", application.call.ref),
        ("项目", f"{project.ref} {project.title}（{CATEGORY_LABELS[project.category]}）"),
        ("回应的需求（721分类）", "；".join(map(_need, project.needs)) or NOTHING),
        ("实施社区", project.community.name),
        ("项目周期", period),
        (
            "服务规模",
            f"{application.person_target}人，{application.attendance_target}人次，{application.activity_target}场活动",
        ),
        ("间接受益人数", f"{application.indirect_target}人" if application.indirect_target else "—"),
        ("其中困难群体", f"{application.vulnerable_target}人" if application.vulnerable_target else "—"),
        ("服务点（15分钟服务圈）", application.service_point or "—"),
        ("申请财政资金", f"{yuan(application.fiscal_fen)}元"),
        ("社会资金", f"{yuan(application.social_fen)}元"),
    )


def _need(need: Need) -> str:
    sorted_as = f"（{TRIAGE_LABELS[need.triage]}）" if need.triage else ""
    return f"{need.ref} {need.title}{sorted_as}"


def _texts(application: Application) -> tuple[Part, ...]:
    return tuple(
        Part(str(label), Depth.SUBSECTION, text=application.sections.get(key) or NOTHING)
        for key, (label, _limit) in SECTIONS.items()
        if key not in LINKS or application.sections.get(key)
    )


def _targets(application: Application) -> tuple[Table, ...]:
    rows = tuple(
        Row(
            (
                one.indicator.name,
                f"{one.indicator.target:g}{one.indicator.unit}",
                f"{one.target:g}{one.indicator.unit}",
                one.indicator.evidence or "—",
            )
        )
        for one in application.targets
    )
    columns = (Column("指标", 36), Column("立项目标", 18, CENTRE), Column("承诺", 18, CENTRE), Column("佐证", 28))
    return (Table("指标承诺", columns, rows),) if rows else ()


def _plan(application: Application) -> tuple[Table, ...]:
    rows = [
        Row((one.month.strftime("%Y-%m"), one.title, str(one.session_count), str(one.person_count)))
        for one in application.activities
    ]
    if not rows:
        return ()
    rows.append(Row(("合计", "", str(sum(one.session_count for one in application.activities)), ""), "total"))
    columns = (
        Column("月份", 16, DATE),
        Column("活动", 52),
        Column("场次", 14, RIGHT),
        Column("每场人数", 18, RIGHT),
    )
    return (Table("活动计划", columns, tuple(rows)),)


def _budget(lines: Sequence[ApplicationBudgetLine]) -> Table:
    rows: list[Row] = []
    for source in MoneySource:
        mine = [line for line in lines if line.source is source]
        rows.append(Row((str(MONEY_SOURCE_LABELS[source]),), "group"))
        rows += [
            Row(
                (
                    str(BUDGET_LABELS[line.code]),
                    line.content,
                    yuan(line.unit_price_fen),
                    str(line.quantity),
                    yuan(line.amount_fen),
                )
            )
            for line in mine
        ]
        rows.append(Row(("小计", "", "", "", yuan(sum(line.amount_fen for line in mine))), "total"))
    rows.append(Row(("合计", "", "", "", yuan(sum(line.amount_fen for line in lines))), "total"))
    columns = (
        Column("科目", 22),
        Column("预算内容", 34),
        Column("单价", 16, RIGHT),
        Column("数量", 10, RIGHT),
        Column("小计", 18, RIGHT),
    )
    return Table("项目预算", columns, tuple(rows), unit="单位：元", note="小计 = 单价 × 数量。")


def _team(application: Application) -> tuple[Table, ...]:
    rows = tuple(
        Row((one.name, "项目负责人" if one.is_leader else "团队成员", one.duty, one.qualification or "—"))
        for one in application.team
    )
    columns = (Column("姓名", 18), Column("角色", 18, CENTRE), Column("职务与分工", 34), Column("职业资格", 30))
    return (Table("项目团队", columns, rows),) if rows else ()


def _papers(application: Application) -> tuple[Table, ...]:
    rows = tuple(
        Row((str(DOCUMENT_LABELS[one.kind]), one.file.name, one.file.sha256[:16])) for one in application.documents
    )
    columns = (Column("材料", 32), Column("文件", 42), Column("校验码（前16位）", 26, CENTRE))
    return (Table("附件清单", columns, rows),) if rows else ()


def _submission(application: Application, *, is_draft: bool) -> tuple[tuple[str, str], ...]:
    if is_draft or application.submitted_at is None or not application.submissions:
        return (("状态", "尚未提交，内容以提交时为准"),)
    kept = application.submissions[-1]
    return (
        ("回执编号", application.receipt_number or ""),
        ("提交时间", f"{local(kept.at):%Y-%m-%d %H:%M}（第 {kept.number} 次提交）"),
        ("内容校验码", kept.content_hash),
        (
            "诚信承诺",
            "申报单位已承诺：申报内容真实，同一项目未重复获得其他财政资金；评审期间不联系评审专家；"
            "团队成员信息已征得本人同意。",
        ),
    )


def _balances(application: Application) -> tuple[Balance, ...]:
    """Return what must be the same: the budget as it stands, and as it was kept when it was handed in."""
    if application.status in UNDER_WAY or not application.submissions:
        return ()
    kept = application.submissions[-1].content
    return tuple(
        Balance(
            str(MONEY_SOURCE_LABELS[source]),
            (
                ("预算表", sum(line.amount_fen for line in application.budget_lines if line.source is source)),
                ("提交时留存", sum(parse_yuan(row["unit_price"]) * int(row["quantity"]) for row in kept[source.value])),
            ),
        )
        for source in MoneySource
    )
