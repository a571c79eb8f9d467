"""The yearly public statement on the use of lottery money."""

from collections.abc import Iterator
from typing import Any

from flask import Response, request

from grants.foundation.clock import today
from grants.foundation.i18n import _, _l
from grants.foundation.identifiers import mask_name
from grants.foundation.money import yuan_plain
from grants.foundation.web.downloads import table_response
from grants.foundation.web.forms import page
from grants.portal.queries.lottery import Statement, list_lottery_years, lottery_statement
from grants.portal.views.blueprint import blueprint


def _statement(years: list[int]) -> Statement:
    wanted = request.args.get("year", type=int)
    return lottery_statement(wanted if wanted in years else years[0] if years else today().year)


@blueprint.get("/lottery-funds/")
def lottery() -> tuple[str, int]:
    """Show the statement of a year, the newest one unless another is asked for."""
    years = list_lottery_years()
    return page("portal/lottery.html", years=years, statement=_statement(years))


HEADER = (
    _l("项目编号"),
    _l("项目名称"),
    _l("主要内容"),
    _l("实施期限"),
    _l("承接组织"),
    _l("项目负责人"),
    _l("资金规模（元）"),
    _l("已拨付（元）"),
    _l("执行率（%）"),
    _l("活动（场）"),
    _l("服务（人次）"),
    _l("绩效得分"),
    _l("绩效等级"),
)


@blueprint.get("/lottery-funds.<any(csv, xlsx):form>")
def lottery_export(form: str) -> Response:
    """Return the projects of the statement."""
    statement = _statement(list_lottery_years())
    return table_response(form, _("%(year)s年福彩公益金使用情况", year=statement.year), HEADER, _rows(statement))


def _rows(statement: Statement) -> Iterator[tuple[Any, ...]]:
    for one in statement.projects:
        agreement, result = one.agreement, one.evaluation
        yield (
            agreement.project.ref,
            agreement.project.title,
            agreement.project.summary,
            f"{agreement.starts_on}–{agreement.ends_on}",
            agreement.organisation.name,
            mask_name(agreement.leader_name),
            yuan_plain(one.money.awarded_fen),
            yuan_plain(one.money.paid_fen),
            "" if one.executed_percent is None else one.executed_percent,
            one.totals.activity_count,
            one.totals.attendance_count,
            result.total if result else "",
            str(result.grade_label) if result else "",
        )
