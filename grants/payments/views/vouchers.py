"""Vouchers: the organisation enters them, finance accepts or refuses."""

import uuid
from collections.abc import Iterator
from typing import Any

from flask import Response as FlaskResponse
from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from grants.agreements.models import Agreement, BudgetLine
from grants.foundation.clock import today
from grants.foundation.errors import NotFound, require
from grants.foundation.files import PAPERS, accept, send, store_upload
from grants.foundation.i18n import _, _l
from grants.foundation.models import StoredFile
from grants.foundation.money import yuan, yuan_plain
from grants.foundation.web.downloads import table_response
from grants.foundation.web.forms import errors_on, page
from grants.foundation.web.listing import Window
from grants.foundation.web.refusals import noting
from grants.payments import policy, queries, service
from grants.payments.forms import ConfirmForm, ReasonForm, VoucherForm
from grants.payments.models import Voucher
from grants.payments.rules import VOUCHER_STATUS_LABELS, FeeBasis, VoucherStatus
from grants.payments.service import Spending
from grants.payments.views.blueprint import LABELS, blueprint, readable_agreement, readable_voucher
from grants.people import current
from grants.rounds.rules import BUDGET_LABELS


def _filter() -> queries.VoucherFilter:
    status = request.args.get("status", "")
    return queries.VoucherFilter(
        status=VoucherStatus(status) if status in set(VoucherStatus) else None,
        agreement_ref=request.args.get("agreement", "").strip(),
        words=request.args.get("q", "").strip(),
    )


@blueprint.get("/vouchers/")
def vouchers() -> tuple[str, int]:
    """List the vouchers this person may read."""
    narrow = _filter()
    found = queries.list_vouchers(Window.of(request.args), current.actor(), narrow)
    return page("payments/vouchers.html", found=found, narrow=narrow, **LABELS)


HEADER = (
    _l("凭证编号"),
    _l("协议"),
    _l("项目"),
    _l("预算科目"),
    _l("支出日期"),
    _l("票据号码"),
    _l("收款方"),
    _l("用途"),
    _l("金额（元）"),
    _l("状态"),
    _l("不予认可的理由"),
)


@blueprint.get("/vouchers/export.<any(csv, xlsx):form>")
def vouchers_export(form: str) -> FlaskResponse:
    """Return the list, filtered as on the page."""
    return table_response(form, _("支出票据"), HEADER, _rows())


def _rows() -> Iterator[tuple[Any, ...]]:
    for item in queries.iterate_vouchers(current.actor(), _filter()):
        yield (
            item.ref,
            item.agreement.ref,
            item.agreement.project.title,
            f"{BUDGET_LABELS[item.budget_line.code]} {item.budget_line.content}",
            item.spent_on,
            item.invoice_number,
            item.payee,
            item.purpose,
            yuan_plain(item.amount_fen),
            str(VOUCHER_STATUS_LABELS[item.status]),
            item.refusal_reason,
        )


@blueprint.route("/agreements/<ref>/vouchers/new", methods=["GET", "POST"])
def voucher_new(ref: str) -> Response | tuple[str, int]:
    """Enter a spending."""
    agreement = readable_agreement(ref)
    require(policy.why_not_enter_voucher(current.actor(), agreement))
    form = VoucherForm(spent_on=today())
    form.line.choices = _line_choices(agreement)
    if form.validate_on_submit():
        with errors_on(form), noting():
            made = _enter(form)
            flash(_("已登记 %(ref)s，等待街道财政审核。", ref=made.ref), "success")
            again = request.form.get("again") is not None
            return redirect(url_for("payments.voucher_new" if again else "payments.agreement", ref=ref))
    return page("payments/voucher_new.html", form=form, agreement=agreement, accept=accept(PAPERS), **LABELS)


def _line_choices(agreement: Agreement) -> list[tuple[str, str]]:
    return [
        (
            str(row.line.id),
            _(
                "%(name)s %(content)s（还可登记 %(left)s 元）",
                name=BUDGET_LABELS[row.line.code],
                content=row.line.content,
                left=yuan(row.left_fen),
            ),
        )
        for row in queries.list_line_rows(agreement)
    ]


def _line(form: VoucherForm) -> BudgetLine:
    """Return the chosen line, which the form has made sure is one of this agreement's."""
    return queries.get_budget_line(uuid.UUID(form.line.data))


def _enter(form: VoucherForm) -> Voucher:
    spending = Spending(
        invoice_number=form.invoice_number.data or "",
        payee=form.payee.data or "",
        spent_on=form.spent_on.data or today(),
        amount_fen=form.amount_fen.data,
        purpose=form.purpose.data or "",
        fee_basis=FeeBasis(form.fee_basis.data) if form.fee_basis.data else None,
        fee_units=form.fee_units.data,
    )
    return service.enter_voucher(line=_line(form), actor=current.actor(), spending=spending, file=_file(form))


def _file(form: VoucherForm) -> StoredFile | None:
    if not form.file.data:
        return None
    return store_upload(form.file.data, purpose="voucher", actor_id=current.actor().id, allow=PAPERS)


def _show(found: Voucher, form: ReasonForm, confirm_form: ConfirmForm) -> tuple[str, int]:
    waits = found.status is VoucherStatus.ENTERED
    return page(
        "payments/voucher.html",
        voucher=found,
        form=form,
        confirm_form=confirm_form,
        row=next(row for row in queries.list_line_rows(found.agreement) if row.line.id == found.budget_line_id),
        checks=waits and policy.why_not_check_voucher(current.actor(), found) is None,
        **LABELS,
    )


@blueprint.get("/vouchers/<ref>")
def voucher(ref: str) -> tuple[str, int]:
    """Show one voucher beside its budget line."""
    return _show(readable_voucher(ref), ReasonForm(formdata=None), ConfirmForm(formdata=None))


@blueprint.get("/vouchers/<ref>/file")
def voucher_file(ref: str) -> FlaskResponse:
    """Return the scan of a voucher."""
    found = readable_voucher(ref)
    if found.file is None:
        raise NotFound(_("没有上传票据。"))
    return send(found.file, inline=True)


@blueprint.post("/vouchers/<ref>/accept")
def voucher_accept(ref: str) -> Response | tuple[str, int]:
    """Accept a voucher as spending of the project."""
    found, form = readable_voucher(ref), ConfirmForm()
    if form.validate_on_submit():
        with errors_on(form), noting():
            service.check_voucher(voucher=found, officer=current.actor(), is_accepted=True)
            flash(_("%(ref)s 已认可。", ref=ref), "success")
            return redirect(url_for("payments.vouchers", status="entered"))
    return _show(readable_voucher(ref), ReasonForm(formdata=None), form)


@blueprint.post("/vouchers/<ref>/refuse")
def voucher_refuse(ref: str) -> Response | tuple[str, int]:
    """Refuse a voucher with the reason."""
    found, form = readable_voucher(ref), ReasonForm()
    if form.validate_on_submit():
        with errors_on(form), noting():
            reason = form.reason.data or ""
            service.check_voucher(voucher=found, officer=current.actor(), is_accepted=False, reason=reason)
            flash(_("%(ref)s 不予认可，已通知承接组织。", ref=ref), "success")
            return redirect(url_for("payments.vouchers", status="entered"))
    return _show(readable_voucher(ref), form, ConfirmForm(formdata=None))
