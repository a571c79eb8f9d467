"""The 协议书 of a project: parties, goals, budget, milestones, payments and clauses, as both sides sign them."""

import re
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased, joinedload, selectinload

from grants.agreements.models import Agreement, BudgetLine
from grants.agreements.rules import GATE_LABELS, MILESTONE_STATUS_LABELS, AgreementStatus
from grants.foundation.clock import local
from grants.foundation.database import db
from grants.foundation.errors import NotFound
from grants.foundation.i18n import _
from grants.foundation.money import daxie, yuan
from grants.people.models import User
from grants.projects.models import Indicator, Project
from grants.projects.rules import INDICATOR_KIND_LABELS
from grants.rounds.models import Round
from grants.rounds.rules import BUDGET_LABELS, CATEGORY_LABELS
from grants.selection.models import ApplicationTarget
from grants.selection.rules import MONEY_SOURCE_LABELS, MoneySource
from reports.data.balance import Balance
from reports.data.common import Signatory
from reports.data.sheet import Part, Sheet
from reports.data.table import CENTRE, DATE, RIGHT, Column, Row, Table
from reports.formatting import day, decimal
from reports.gather.common import Gathered, issuer, unissued_stamp

CLAUSE = re.compile(r"^([一二三四五六七八九十]+)、", re.MULTILINE)
"""How the clauses of an agreement are numbered; on paper they are 第一条, 第二条 …, apart from the headings."""


def gather(reference: str) -> Gathered:
    """Return the agreement of a project, by its reference or the project's; a draft until signed. Raises NotFound."""
    agreement, drafted_by, organisation_by, street_by = _read(reference)
    project = agreement.project
    is_draft = agreement.status is AgreementStatus.DRAFT or project.round.is_rehearsal
    targets = _targets(agreement)
    boxes = (
        Signatory("编制", drafted_by or ""),
        Signatory("乙方（盖章）", organisation_by or "", _day(agreement.organisation_signed_at)),
        Signatory("甲方（盖章）", street_by or "", agreement.signed_on),
        *([Signatory("丙方（盖章）")] if agreement.third_party else []),
    )
    sheet = Sheet(
        stamp=unissued_stamp(is_draft=is_draft, signatories=boxes),
        title=f"公益创投项目资助{'三方' if agreement.third_party else ''}协议书",
        about=f"{project.title}（{agreement.ref}）",
        above=project.round.name,
        parts=(
            Part(facts=_parties(agreement)),
            Part("项目内容和目标", text=project.objective or project.summary, tables=_indicators(targets)),
            Part("资助金额和预算", text=_amount(agreement), tables=_budgets(agreement.budget_lines)),
            Part("里程碑", tables=(_milestones(agreement),)),
            Part("分期拨付", tables=(_tranches(agreement),)),
            Part("协议条款", text=CLAUSE.sub(r"第\1条　", agreement.terms)),
        ),
        balances=_balances(agreement),
    )
    series = f"XS-{project.round.year}-{project.round.number:02d}"
    return Gathered(sheet, f"资助协议书 {agreement.ref}", series, is_draft)


def _day(moment: Any) -> Any:
    return local(moment).date() if moment else None


def _read(reference: str) -> tuple[Agreement, str | None, str | None, str | None]:
    drafter, member, officer = aliased(User), aliased(User), aliased(User)
    row = db.session.execute(
        select(Agreement, drafter.display_name, member.display_name, officer.display_name)
        .join(Project, Project.id == Agreement.project_id)
        .outerjoin(drafter, drafter.id == Agreement.drafted_by_id)
        .outerjoin(member, member.id == Agreement.signed_for_organisation_id)
        .outerjoin(officer, officer.id == Agreement.signed_for_street_id)
        .where((Agreement.ref == reference) | (Project.ref == reference))
        .options(
            joinedload(Agreement.project).options(
                joinedload(Project.round).joinedload(Round.fund), joinedload(Project.community)
            ),
            joinedload(Agreement.organisation),
            joinedload(Agreement.application),
            selectinload(Agreement.budget_lines),
            selectinload(Agreement.milestones),
            selectinload(Agreement.tranches),
        )
    ).one_or_none()
    if row is None:
        raise NotFound(_("没有找到这个项目的协议，请核对编号。"))
    return row[0], row[1], row[2], row[3]


def _targets(agreement: Agreement) -> Sequence[Any]:
    """List the project's indicators with the value the organisation has promised, if it promised another."""
    return db.session.execute(
        select(Indicator, ApplicationTarget.target)
        .outerjoin(
            ApplicationTarget,
            (ApplicationTarget.indicator_id == Indicator.id)
            & (ApplicationTarget.application_id == agreement.application_id),
        )
        .where(Indicator.project_id == agreement.project_id)
        .order_by(Indicator.position)
    ).all()


def _parties(agreement: Agreement) -> tuple[tuple[str, str], ...]:
    project, application = agreement.project, agreement.application
    host = "" if agreement.payee_id == agreement.organisation_id else "（乙方为备案社区社会组织，由其代为收款）"
    return (
        ("甲方（资助方）", issuer()),
        ("乙方（承接方）", agreement.organisation.name),
        *((("丙方（支持方）", agreement.third_party),) if agreement.third_party else ()),
        ("收款主体", f"{agreement.payee_name}{host}"),
        ("开户银行与账号", f"{agreement.payee_bank}，尾号{agreement.payee_account_last4}（全号以系统存档为准）"),
        ("项目", f"{project.ref} {project.title}（{CATEGORY_LABELS[project.category]}）"),
        ("实施社区", project.community.name),
        ("实施区域", agreement.region or project.community.name),
        ("项目负责人", agreement.leader_name or "—"),
        ("协议期限", f"{day(agreement.starts_on)}至{day(agreement.ends_on)}"),
        ("服务规模", _scale(agreement)),
        ("申报书", application.ref),
    )


def _indicators(targets: Sequence[Any]) -> tuple[Table, ...]:
    if not targets:
        return ()
    rows = tuple(
        Row(
            (
                str(INDICATOR_KIND_LABELS[one.kind]),
                one.name,
                f"{decimal(one.target if promised is None else promised, 0)}{one.unit}",
                one.evidence or "—",
            )
        )
        for one, promised in targets
    )
    columns = (Column("类别", 16, CENTRE), Column("绩效指标", 34), Column("目标值", 18, CENTRE), Column("证明方式", 32))
    return (Table("绩效目标", columns, rows),)


def _amount(agreement: Agreement) -> str:
    text = (
        f"甲方资助乙方{daxie(agreement.amount_fen, prefix=True)}（￥{yuan(agreement.amount_fen)}），"
        f"从{agreement.project.round.fund.name}中列支。"
    )
    if agreement.social_fen:
        text += f"乙方另行筹集社会资金{yuan(agreement.social_fen)}元用于本项目。"
    return text


def _scale(agreement: Agreement) -> str:
    return f"{agreement.person_target}人，{agreement.attendance_target}人次，{agreement.activity_target}场活动"


def _budgets(lines: Sequence[BudgetLine]) -> tuple[Table, ...]:
    """Return a table for each source of money that the project has: public money, and money from society."""
    columns = (Column("科目", 26), Column("内容", 48), Column("金额", 26, RIGHT))
    tables = []
    for source in MoneySource:
        mine = [line for line in lines if line.source is source]
        if mine:
            rows = [Row((str(BUDGET_LABELS[line.code]), line.content, yuan(line.amount_fen))) for line in mine]
            rows.append(Row(("合计", "", yuan(_sum(mine, source))), "total"))
            title = f"{MONEY_SOURCE_LABELS[source]}预算"
            tables.append(Table(title, columns, tuple(rows), unit="单位：元"))
    return tuple(tables)


def _sum(lines: Sequence[BudgetLine], source: MoneySource) -> int:
    return sum(line.amount_fen for line in lines if line.source is source)


def _milestones(agreement: Agreement) -> Table:
    rows = tuple(
        Row((str(one.position), one.name, one.due_on.isoformat(), str(MILESTONE_STATUS_LABELS[one.status])))
        for one in agreement.milestones
    )
    columns = (
        Column("序号", 10, CENTRE),
        Column("里程碑", 50),
        Column("完成日期", 20, DATE),
        Column("状态", 20, CENTRE),
    )
    return Table("里程碑", columns, rows)


def _tranches(agreement: Agreement) -> Table:
    rows = [
        Row((f"第{one.number}期", f"{one.percent}%", yuan(one.amount_fen), str(GATE_LABELS[one.gate])))
        for one in agreement.tranches
    ]
    percents = sum(one.percent for one in agreement.tranches)
    whole = Row(("合计", f"{percents}%", yuan(sum(one.amount_fen for one in agreement.tranches)), ""), "total")
    columns = (
        Column("期次", 12, CENTRE),
        Column("比例", 12, CENTRE),
        Column("金额", 22, RIGHT),
        Column("拨付条件", 54),
    )
    return Table("分期拨付计划", columns, (*rows, whole), unit="单位：元")


def _balances(agreement: Agreement) -> tuple[Balance, ...]:
    lines = agreement.budget_lines
    return (
        Balance(
            "资助金额",
            (
                ("协议金额", agreement.amount_fen),
                ("财政预算合计", _sum(lines, MoneySource.FISCAL)),
                ("各期合计", sum(one.amount_fen for one in agreement.tranches)),
            ),
        ),
        Balance("社会资金", (("协议金额", agreement.social_fen), ("预算合计", _sum(lines, MoneySource.SOCIAL)))),
    )
