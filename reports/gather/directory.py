"""社会组织目录 and 备案目录: what the public register shows, by kind. Persons, telephones and accounts stay out."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from grants.agreements.models import Agreement
from grants.foundation.clock import today
from grants.foundation.database import db
from grants.foundation.errors import NotFound
from grants.foundation.i18n import _
from grants.people.models import Organisation
from grants.people.rules import COMMUNITY_KIND_LABELS, LEGAL_KIND_LABELS, CommunityKind, LegalKind, OrganisationStatus
from reports.data.balance import Balance
from reports.data.sheet import Part, Sheet
from reports.data.table import CENTRE, DATE, Column, Row, Table
from reports.formatting import UNKNOWN, day
from reports.gather.choices import Choice, Viewer
from reports.gather.common import Gathered, street, unissued_stamp

REGISTERED, FILED = "registered", "filed"
TITLES = {REGISTERED: "社会组织目录", FILED: "社区社会组织备案目录"}


def choices(_viewer: Viewer, _round_ref: str | None) -> list[Choice]:
    """List the two directories."""
    return [Choice(ref, title) for ref, title in TITLES.items()]


def gather(reference: str) -> Gathered:
    """Return the directory of registered or of filed organisations on the register today. Raises NotFound."""
    if reference not in TITLES:
        raise NotFound(_("没有这种目录。"))
    rows = _rows(is_filed=reference == FILED)
    make = _filed if reference == FILED else _registered
    groups = [(kind, [row for row in rows if row[0].community_kind is kind]) for kind in CommunityKind]
    sheet = Sheet(
        stamp=unissued_stamp(is_draft=False),
        title=f"{street()}{TITLES[reference]}",
        about=f"截至{day(today())}，共{len(rows)}家",
        parts=(Part(tables=(make(groups),)),),
        balances=(
            Balance(
                "在册数量",
                (("目录", sum(len(found) for _kind, found in groups)), ("名册", _count(reference))),
                unit="家",
            ),
        ),
        is_wide=True,
    )
    return Gathered(sheet, TITLES[reference], f"ML-{today().year}", is_draft=False)


def _rows(*, is_filed: bool) -> Sequence[Any]:
    host = aliased(Organisation)
    carried = (
        select(Agreement.organisation_id, func.count().label("number"))
        .where(Agreement.signed_on.is_not(None))
        .group_by(Agreement.organisation_id)
        .subquery()
    )
    kind = Organisation.legal_kind == LegalKind.FILED
    return db.session.execute(
        select(Organisation, host.name, func.coalesce(carried.c.number, 0))
        .outerjoin(host, host.id == Organisation.host_id)
        .outerjoin(carried, carried.c.organisation_id == Organisation.id)
        .where(Organisation.status == OrganisationStatus.LISTED, kind if is_filed else ~kind)
        .order_by(Organisation.ref)
    ).all()


def _count(reference: str) -> int:
    kind = Organisation.legal_kind == LegalKind.FILED
    statement = select(func.count()).where(
        Organisation.status == OrganisationStatus.LISTED, kind if reference == FILED else ~kind
    )
    return int(db.session.execute(statement).scalar_one())


Groups = Sequence[tuple[CommunityKind, Sequence[Any]]]


def _grouped(groups: Groups, cells: Any) -> tuple[Row, ...]:
    rows: list[Row] = []
    number = 0
    for kind, found in groups:
        if found:
            rows.append(Row((f"{COMMUNITY_KIND_LABELS[kind]}（{len(found)}家）",), "group"))
        for one in found:
            number += 1
            rows.append(Row((str(number), *cells(*one))))
    return tuple(rows)


def _registered(groups: Groups) -> Table:
    def cells(one: Organisation, _host: str | None, carried: int) -> tuple[str, ...]:
        return (
            one.name,
            one.uscc or UNKNOWN,
            str(LEGAL_KIND_LABELS[one.legal_kind]),
            one.registered_with or UNKNOWN,
            one.registered_on.isoformat(),
            one.assessment_grade or UNKNOWN,
            one.scope or UNKNOWN,
            f"{carried}个",
        )

    columns = (
        Column("序号", 5, CENTRE),
        Column("名称", 19),
        Column("统一社会信用代码", 17, CENTRE),
        Column("类型", 11, CENTRE),
        Column("登记机关", 8, CENTRE),
        Column("登记日期", 9, DATE),
        Column("等级", 6, CENTRE),
        Column("业务范围", 18),
        Column("承接", 7, CENTRE),
    )
    note = "等级为社会组织评估等级；承接为已签约的公益创投项目数。"
    return Table("在册社会组织", columns, _grouped(groups, cells), note=note, is_dense=True)


def _filed(groups: Groups) -> Table:
    def cells(one: Organisation, host: str | None, carried: int) -> tuple[str, ...]:
        return (
            one.name,
            one.filing_number or UNKNOWN,
            one.registered_with or UNKNOWN,
            one.registered_on.isoformat(),
            host or UNKNOWN,
            one.scope or UNKNOWN,
            f"{carried}个",
        )

    columns = (
        Column("序号", 5, CENTRE),
        Column("名称", 22),
        Column("备案编号", 14, CENTRE),
        Column("备案单位", 12, CENTRE),
        Column("备案日期", 10, DATE),
        Column("托管（代收款）机构", 16),
        Column("活动范围", 14),
        Column("承接项目", 7, CENTRE),
    )
    return Table(
        "备案的社区社会组织",
        columns,
        _grouped(groups, cells),
        note="备案的社区社会组织不具有法人资格，资金由托管机构代收代管。",
        is_dense=True,
    )
