"""Spot checks of vouchers: draw, look at each original, close with a conclusion."""

import uuid

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from grants.foundation.errors import NotFound, require
from grants.foundation.i18n import _
from grants.foundation.web.forms import errors_on, page
from grants.foundation.web.listing import Window
from grants.foundation.web.refusals import noting
from grants.payments import policy, queries, service
from grants.payments.forms import ConclusionForm, DrawForm, FindingForm
from grants.payments.models import VoucherCheck
from grants.payments.rules import FindingResult
from grants.payments.views.blueprint import LABELS, blueprint, readable_agreement
from grants.people import current


def _readable(ref: str) -> VoucherCheck:
    found = queries.get_check(ref)
    require(policy.why_not_see_check(current.actor(), found))
    return found


@blueprint.get("/checks/")
def checks() -> tuple[str, int]:
    """List the spot checks this person may read."""
    found = queries.list_checks(Window.of(request.args), current.actor())
    return page("payments/checks.html", found=found, **LABELS)


@blueprint.route("/agreements/<ref>/checks/new", methods=["GET", "POST"])
def check_new(ref: str) -> Response | tuple[str, int]:
    """Draw vouchers of a project by chance."""
    agreement, form = readable_agreement(ref), DrawForm()
    with noting():
        require(policy.why_not_draw_check(current.actor(), agreement))
    vouchers = queries.list_vouchers_to_draw(agreement.id)
    if form.validate_on_submit():
        with errors_on(form), noting():
            made = service.draw_check(agreement=agreement, officer=current.actor(), count=form.count.data or 0)
            flash(_("已随机抽取 %(count)s 张票据。", count=made.sample_count), "success")
            return redirect(url_for("payments.check", ref=made.ref))
    return page("payments/check_new.html", form=form, agreement=agreement, available=len(vouchers))


@blueprint.get("/checks/<ref>")
def check(ref: str) -> tuple[str, int]:
    """Show a spot check: how it was drawn, each voucher with its finding, the result."""
    return _show(_readable(ref), ConclusionForm(formdata=None))


def _show(found: VoucherCheck, form: ConclusionForm) -> tuple[str, int]:
    actor = current.actor()
    return page(
        "payments/check.html",
        check=found,
        form=form,
        works=found.closed_at is None and policy.why_not_draw_check(actor, found.agreement) is None,
        why_not_find=lambda item: policy.why_not_find(actor, item),
        **LABELS,
    )


@blueprint.route("/checks/<ref>/items/<uuid:item_id>", methods=["GET", "POST"])
def check_find(ref: str, item_id: uuid.UUID) -> Response | tuple[str, int]:
    """Record what the original of one drawn voucher showed."""
    found, item, form = _readable(ref), queries.get_check_item(item_id), FindingForm()
    if item.check_id != found.id:
        raise NotFound(_("没有找到您要的内容，它可能已被移走。"))
    with noting():
        require(policy.why_not_find(current.actor(), item))
    if form.validate_on_submit():
        with errors_on(form), noting():
            service.record_finding(
                item=item,
                officer=current.actor(),
                result=FindingResult(form.result.data),
                finding=form.finding.data or "",
            )
            flash(_("已登记 %(ref)s 的抽查结果。", ref=item.voucher.ref), "success")
            return redirect(url_for("payments.check", ref=ref))
    return page("payments/check_find.html", form=form, check=found, item=item, voucher=item.voucher, **LABELS)


@blueprint.post("/checks/<ref>/close")
def check_close(ref: str) -> Response | tuple[str, int]:
    """Close a spot check with its conclusion."""
    found, form = _readable(ref), ConclusionForm()
    if form.validate_on_submit():
        with errors_on(form), noting():
            service.close_check(check=found, officer=current.actor(), conclusion=form.conclusion.data or "")
            flash(_("抽查已办结，已通知承接组织。"), "success")
            return redirect(url_for("payments.check", ref=ref))
    return _show(_readable(ref), form)
