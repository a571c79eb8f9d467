"""Bank statements: upload, confirm the columns, and compare both sides until nothing is left over."""

import uuid
from collections.abc import Iterator
from typing import Any

from flask import Response as FlaskResponse
from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from grants.foundation.errors import require
from grants.foundation.files import SHEETS, accept, store_upload
from grants.foundation.i18n import _, _l
from grants.foundation.money import yuan, yuan_plain
from grants.foundation.web.downloads import table_response
from grants.foundation.web.forms import errors_on, page
from grants.foundation.web.refusals import noting
from grants.payments import policy, queries, service
from grants.payments.forms import ColumnsForm, MatchForm, ReasonForm, StatementForm
from grants.payments.models import BankImport, BankLine, PaymentRequest
from grants.payments.rules import NEEDED_COLUMNS, BankColumn, guess_columns, header_place, read_lines
from grants.payments.views.blueprint import blueprint
from grants.people import current

PREVIEWED = 8


@blueprint.get("/bank/")
def bank() -> tuple[str, int]:
    """Compare the bank's lines with the payments: unmatched on either side, and what agrees."""
    actor = current.actor()
    require(policy.why_not_see_bank(actor))
    return page(
        "payments/bank.html",
        found=queries.reconcile(),
        imports=queries.list_imports(),
        works=policy.why_not_reconcile(actor) is None,
    )


HEADER = (
    _l("勾对情况"),
    _l("银行日期"),
    _l("银行回单编号"),
    _l("银行金额（元）"),
    _l("银行户名"),
    _l("拨付编号"),
    _l("项目"),
    _l("支付日期"),
    _l("拨付金额（元）"),
    _l("登记的回单编号"),
)


@blueprint.get("/bank/export.<any(csv, xlsx):form>")
def bank_export(form: str) -> FlaskResponse:
    """Return the comparison as a table: every line and every payment once."""
    require(policy.why_not_see_bank(current.actor()))
    return table_response(form, _("银行对账"), HEADER, _rows())


def _rows() -> Iterator[tuple[Any, ...]]:
    found = queries.reconcile()
    for match in found.matches:
        yield (_("已勾对"), *_bank_side(match.line), *_ledger_side(match.request))
    for row in found.lines:
        yield (_("银行已付、系统未登记"), *_bank_side(row.line), *[None] * 5)
    for request in found.requests:
        yield (_("系统已登记、银行无流水"), *[None] * 4, *_ledger_side(request))


def _bank_side(line: BankLine) -> tuple[Any, ...]:
    return line.booked_on, line.reference, yuan_plain(line.amount_fen), line.payee


def _ledger_side(request: PaymentRequest) -> tuple[Any, ...]:
    title = request.agreement.project.title
    return request.ref, title, request.paid_on, yuan_plain(request.amount_fen), request.bank_reference


@blueprint.route("/bank/import", methods=["GET", "POST"])
def bank_import() -> Response | tuple[str, int]:
    """Take a statement of the bank in."""
    actor, form = current.actor(), StatementForm()
    require(policy.why_not_reconcile(actor))
    if form.validate_on_submit():
        with errors_on(form), noting():
            file = store_upload(form.file.data, purpose="bank", actor_id=actor.id, allow=SHEETS)
            made = service.take_statement(file=file, officer=actor)
            return redirect(url_for("payments.bank_columns", import_id=made.id))
    return page("payments/bank_import.html", form=form, accept=accept(SHEETS))


@blueprint.route("/bank/imports/<uuid:import_id>", methods=["GET", "POST"])
def bank_columns(import_id: uuid.UUID) -> Response | tuple[str, int]:
    """Show what was read under which column, let the columns be corrected, and read the lines in."""
    actor, statement = current.actor(), queries.get_import(import_id)
    require(policy.why_not_see_bank(actor))
    rows = service.statement_rows(statement.file)
    form = _columns_form(rows)
    columns = _chosen(form)
    if form.validate_on_submit():
        require(policy.why_not_reconcile(actor))
        with errors_on(form), noting():
            matched = service.apply_statement(statement=statement, columns=columns, officer=actor)
            flash(_read_words(statement, matched), "success")
            return redirect(url_for("payments.bank"))
    return page("payments/bank_columns.html", **_preview(statement, rows, form, columns))


def _read_words(statement: BankImport, matched: int) -> str:
    return _(
        "读入 %(lines)s 笔支出，自动勾对 %(matched)s 笔，略过 %(skipped)s 行。",
        lines=statement.line_count,
        matched=matched,
        skipped=statement.skipped_count,
    )


def _columns_form(rows: list[list[str]]) -> ColumnsForm:
    header = rows[header_place(rows)]
    guessed = {column.value: str(place) for column, place in guess_columns(header).items()}
    form = ColumnsForm(data=guessed)
    heads = [(str(place), head or _("第 %(number)s 列", number=place + 1)) for place, head in enumerate(header)]
    for column in BankColumn:
        form[column.value].choices = [("", _("（没有这一列）")), *heads]
    return form


def _chosen(form: ColumnsForm) -> dict[BankColumn, int]:
    return {column: int(form[column.value].data) for column in BankColumn if (form[column.value].data or "").isdigit()}


def _preview(
    statement: BankImport, rows: list[list[str]], form: ColumnsForm, columns: dict[BankColumn, int]
) -> dict[str, Any]:
    complete = all(column in columns for column in NEEDED_COLUMNS)
    lines, skipped = read_lines(rows, columns) if complete else ([], [])
    start = header_place(rows)
    return {
        "statement": statement,
        "form": form,
        "header": rows[start],
        "rows": rows[start + 1 : start + 1 + PREVIEWED],
        "lines": lines,
        "total_fen": sum(line.amount_fen for line in lines),
        "skipped": skipped,
        "works": policy.why_not_reconcile(current.actor()) is None and statement.applied_at is None,
    }


@blueprint.route("/bank/lines/<uuid:line_id>", methods=["GET", "POST"])
def bank_line(line_id: uuid.UUID) -> Response | tuple[str, int]:
    """Choose which payment a line proves: those over the same amount, the likeliest first."""
    actor, line, form = current.actor(), queries.get_line(line_id), MatchForm()
    require(policy.why_not_reconcile(actor))
    free = queries.list_unmatched_requests()
    same = [item for item in free if item.amount_fen == line.amount_fen]
    likely = queries.suggestions_for(line, same)
    ordered = [*likely, *(item for item in same if item not in likely)]
    form.request.choices = [(item.ref, _request_words(item)) for item in ordered]
    if form.validate_on_submit():
        with errors_on(form), noting():
            chosen = next(item for item in ordered if item.ref == form.request.data)
            service.match_line(line=line, request=chosen, officer=actor)
            flash(_("已勾对 %(ref)s。", ref=chosen.ref), "success")
            return redirect(url_for("payments.bank"))
    return page("payments/bank_line.html", form=form, line=line, count=len(ordered))


def _request_words(item: PaymentRequest) -> str:
    return _(
        "%(ref)s：%(project)s，%(payee)s，%(day)s 支付 %(amount)s 元，登记回单 %(reference)s",
        ref=item.ref,
        project=item.agreement.project.title,
        payee=item.payee_name,
        day=item.paid_on,
        amount=yuan(item.amount_fen),
        reference=item.bank_reference or "—",
    )


@blueprint.route("/bank/matches/<uuid:match_id>/undo", methods=["GET", "POST"])
def bank_undo(match_id: uuid.UUID) -> Response | tuple[str, int]:
    """Take a match back with the reason."""
    actor, match, form = current.actor(), queries.get_match(match_id), ReasonForm()
    require(policy.why_not_reconcile(actor))
    if form.validate_on_submit():
        with errors_on(form), noting():
            service.undo_match(match=match, officer=actor, reason=form.reason.data or "")
            flash(_("已撤销勾对，两边都回到未勾对清单。"), "success")
            return redirect(url_for("payments.bank"))
    return page("payments/bank_undo.html", form=form, match=match)
