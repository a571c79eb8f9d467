"""The register as a table: the public catalogue (目录) and the ledger of files (台账) for the office."""

from typing import Any

from flask import Response as FlaskResponse
from flask import request

from grants.foundation.clock import today
from grants.foundation.errors import require
from grants.foundation.i18n import _, _l
from grants.foundation.web.downloads import table_response
from grants.people import current, policy, queries
from grants.people.models import Organisation
from grants.people.rules import COMMUNITY_KIND_LABELS, LEGAL_KIND_LABELS
from grants.people.views.web import blueprint

CATALOGUE = (
    _l("编号"),
    _l("组织名称"),
    _l("法律形式"),
    _l("类别"),
    _l("统一社会信用代码或备案编号"),
    _l("成立日期"),
    _l("登记（备案）机关"),
    _l("评估等级"),
    _l("等级有效期至"),
    _l("最近年检（年报）年度"),
    _l("最近年检（年报）结论"),
    _l("专职人员"),
    _l("持证社工"),
    _l("业务范围"),
)
LEDGER = (
    _l("负责人"),
    _l("成员账号"),
    _l("现行材料"),
    _l("已过期材料"),
    _l("名单人员"),
    _l("仍在失信或异常名录"),
    _l("最近重大违法日期"),
    _l("收款账户尾号"),
    _l("党建情况"),
)


def conditions() -> dict[str, str]:
    """Return the filters of the register from the address."""
    names = ("search", "legal_kind", "community_kind", "grade")
    return {key: request.args.get(key, "").strip() for key in names}


@blueprint.get("/organisations/catalogue.<any(csv, xlsx):form>")
def organisations_export(form: str) -> FlaskResponse:
    """Hand out the register as a table (目录)."""
    rows = (_catalogue_row(one) for one in queries.iterate_register(**conditions()))
    return table_response(form, _("社会组织目录_%(day)s", day=today().isoformat()), CATALOGUE, rows)


def _catalogue_row(one: Organisation) -> tuple[Any, ...]:
    year = max(one.inspections, default=None)
    return (
        one.ref,
        one.name,
        str(LEGAL_KIND_LABELS[one.legal_kind]),
        str(COMMUNITY_KIND_LABELS[one.community_kind]),
        one.uscc or one.filing_number,
        one.registered_on,
        one.registered_with,
        one.assessment_grade,
        one.assessment_expires_on,
        year,
        one.inspections[year] if year else None,
        one.staff_count,
        one.social_worker_count,
        one.scope,
    )


@blueprint.get("/organisations/ledger.<any(csv, xlsx):form>")
def organisations_ledger(form: str) -> FlaskResponse:
    """Hand out the register with what every file adds up to (档案台账)."""
    require(policy.why_not_see_ledger(current.actor()))
    rows = (_ledger_row(found) for found in queries.iterate_ledger(**conditions()))
    return table_response(form, _("社会组织档案台账_%(day)s", day=today().isoformat()), CATALOGUE + LEDGER, rows)


def _ledger_row(found: queries.LedgerRow) -> tuple[Any, ...]:
    one = found.organisation
    return (
        *_catalogue_row(one),
        one.head_name,
        found.members,
        found.papers,
        found.papers_ended,
        found.workers,
        found.open_listings,
        one.violation_on,
        one.account_last4,
        one.party_building,
    )
