"""The finance desk: how the money is used as of any day, what will be needed, and what the supervisor says about it."""

import uuid
from collections.abc import Iterator
from datetime import date
from typing import Any

from flask import Response as FlaskResponse
from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from grants.agreements.queries import list_rounds_with_agreements
from grants.foundation.clock import today
from grants.foundation.errors import require
from grants.foundation.i18n import _, _l
from grants.foundation.money import yuan_plain
from grants.foundation.web.downloads import table_response
from grants.foundation.web.forms import errors_on, page
from grants.foundation.web.refusals import noting
from grants.foundation.web.workbooks import Sheet, Yuan, workbook_response
from grants.payments import policy, queries, service
from grants.payments.forms import AnswerForm, OpinionBodyForm
from grants.payments.queries import DIMENSION_LABELS, FIGURE_LABELS, DeskFilter, Dimension, Figure
from grants.payments.views.blueprint import blueprint
from grants.people import current
from grants.people.queries import list_communities
from grants.rounds.rules import CATEGORY_LABELS, Category


def _uuid(text: str | None) -> uuid.UUID | None:
    try:
        return uuid.UUID(text) if text else None
    except ValueError:
        return None


def _day(text: str | None) -> date:
    """Return the day that is looked at: a past one, else today."""
    try:
        return min(date.fromisoformat(text), today()) if text else today()
    except ValueError:
        return today()


def _filter() -> DeskFilter:
    category = request.args.get("category", "")
    return DeskFilter(
        on=_day(request.args.get("on")),
        round_id=_uuid(request.args.get("round")),
        community_id=_uuid(request.args.get("community")),
        category=Category(category) if category in set(Category) else None,
    )


def _dimension() -> Dimension:
    by = request.args.get("by", "")
    return Dimension(by) if by in set(Dimension) else Dimension.PROJECT


@blueprint.get("/desk")
def desk() -> tuple[str, int]:
    """Show how the money is used."""
    require(policy.why_not_see_desk(current.actor()))
    return _page(OpinionBodyForm(formdata=None))


def _page(form: OpinionBodyForm) -> tuple[str, int]:
    actor, narrow, by = current.actor(), _filter(), _dimension()
    rows = queries.list_execution(by, narrow)
    return page(
        "payments/desk.html",
        by=by,
        dimensions=DIMENSION_LABELS,
        narrow=narrow,
        rows=rows,
        total=queries.total_of(rows),
        checks=queries.reconcile_execution(narrow),
        forecast=queries.list_forecast(narrow, today()),
        opinions=queries.list_opinions(),
        form=form,
        says=policy.why_not_leave_opinion(actor) is None,
        can_answer=lambda opinion: policy.why_not_answer_opinion(actor, opinion) is None,
        communities=list_communities(),
        rounds=list_rounds_with_agreements(),
        categories=CATEGORY_LABELS,
    )


@blueprint.get("/desk/entries")
def desk_entries() -> tuple[str, int]:
    """Show what stands behind one figure of the desk."""
    require(policy.why_not_see_desk(current.actor()))
    rows = _behind()
    return page(
        "payments/desk_entries.html",
        rows=rows,
        total_fen=sum(row.amount_fen for row in rows),
        figure=FIGURE_LABELS[_figure()],
        by=_dimension(),
        dimensions=DIMENSION_LABELS,
        narrow=_filter(),
    )


def _figure() -> Figure:
    figure = request.args.get("figure", "")
    return Figure(figure) if figure in set(Figure) else Figure.PAID


def _behind() -> list[queries.DrillRow]:
    return queries.list_behind(_figure(), _dimension(), request.args.get("key", ""), _filter())


ENTRY_HEADER = (_l("凭证"), _l("日期"), _l("项目编号"), _l("项目"), _l("摘要"), _l("金额（元）"))


@blueprint.get("/desk/entries.<any(csv, xlsx):form>")
def desk_entries_export(form: str) -> FlaskResponse:
    """Return what stands behind one figure as a table."""
    require(policy.why_not_see_desk(current.actor()))
    rows = ((one.ref, one.on, one.project_ref, one.project, one.words, yuan_plain(one.amount_fen)) for one in _behind())
    return table_response(form, _("资金执行明细"), ENTRY_HEADER, rows)


HEADER = (
    _l("授予（元）"),
    _l("可用（元）"),
    _l("在途审批（元）"),
    _l("已拨付（元）"),
    _l("已收回（元）"),
    _l("已认可支出（元）"),
)


@blueprint.get("/desk/export.xlsx")
def desk_export() -> FlaskResponse:
    """Return every breakdown, the forecast and the checks as one workbook."""
    require(policy.why_not_see_desk(current.actor()))
    return workbook_response(_("资金执行情况"), _sheets(_filter()))


def _sheets(narrow: DeskFilter) -> Iterator[Sheet]:
    for by, label in DIMENSION_LABELS.items():
        rows = queries.list_execution(by, narrow)
        lines = [(row.ref or row.key, row.label, *_cells(row.sums)) for row in rows]
        yield Sheet(str(label), (_("编号"), label, *HEADER), [*lines, ("", _("合计"), *_cells(queries.total_of(rows)))])
    forecast = [(row.month, row.tranche_count, Yuan(row.amount_fen)) for row in queries.list_forecast(narrow, today())]
    yield Sheet(_("预计拨付"), (_("月份"), _("笔数"), _("金额（元）")), forecast)
    checks = [
        (str(check.label), Yuan(check.left_fen), Yuan(check.right_fen), _("一致") if check.holds else _("不一致"))
        for check in queries.reconcile_execution(narrow)
    ]
    day = (_("截至日期"), narrow.on, "", "")
    yield Sheet(_("合计核对"), (_("核对项"), _("左边（元）"), _("右边（元）"), _("结果")), [day, *checks])


def _cells(sums: Any) -> list[Yuan]:
    parts = (sums.awarded_fen, sums.available_fen, sums.reserved_fen, sums.paid_fen, sums.returned_fen)
    return [Yuan(fen) for fen in (*parts, sums.accepted_fen)]


@blueprint.post("/desk/opinions")
def leave_opinion() -> Response | tuple[str, int]:
    """Leave an opinion about what is on the page."""
    form, narrow = OpinionBodyForm(), _filter()
    if form.validate_on_submit():
        with errors_on(form), noting():
            scope = _("%(by)s，截至 %(day)s", by=DIMENSION_LABELS[_dimension()], day=narrow.on)
            made = service.leave_opinion(supervisor=current.actor(), body=form.body.data or "", scope=scope)
            flash(_("监督意见 %(ref)s 已提交，街道财政将作出答复。", ref=made.ref), "success")
            return redirect(url_for("payments.desk"))
    return _page(form)


@blueprint.route("/desk/opinions/<uuid:opinion_id>", methods=["GET", "POST"])
def answer_opinion(opinion_id: uuid.UUID) -> Response | tuple[str, int]:
    """Answer an opinion."""
    opinion, form = queries.get_opinion(opinion_id), AnswerForm()
    with noting():
        require(policy.why_not_answer_opinion(current.actor(), opinion))
    if form.validate_on_submit():
        with errors_on(form), noting():
            service.answer_opinion(opinion=opinion, officer=current.actor(), answer=form.answer.data or "")
            flash(_("已答复 %(ref)s。", ref=opinion.ref), "success")
            return redirect(url_for("payments.desk"))
    return page("payments/opinion.html", form=form, opinion=opinion)
