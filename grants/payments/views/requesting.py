"""The organisation's hand: ask for a tranche, take a request back, correct it, confirm that the money came."""

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from grants.agreements.models import Tranche
from grants.foundation.errors import require
from grants.foundation.files import PAPERS, accept, store_upload
from grants.foundation.i18n import _
from grants.foundation.models import StoredFile
from grants.foundation.money import daxie
from grants.foundation.web.forms import errors_on, page
from grants.foundation.web.refusals import noting
from grants.payments import policy, queries, service
from grants.payments.forms import ReasonForm, RequestForm, revise_form
from grants.payments.models import PaymentRequest, ReturnItem
from grants.payments.rules import ITEM_KIND_LABELS
from grants.payments.views.blueprint import LABELS, blueprint, readable_agreement, readable_request
from grants.people import current


def _invoice(form: RequestForm) -> StoredFile | None:
    if not form.invoice.data:
        return None
    return store_upload(form.invoice.data, purpose="invoice", actor_id=current.actor().id, allow=PAPERS)


@blueprint.route("/agreements/<ref>/tranches/<int:number>/request", methods=["GET", "POST"])
def request_payment(ref: str, number: int) -> Response | tuple[str, int]:
    """Ask for a tranche."""
    readable_agreement(ref)
    tranche = queries.get_tranche(ref, number)
    require(policy.why_not_request(current.actor(), tranche))
    form = RequestForm()
    if form.validate_on_submit():
        with errors_on(form), noting():
            made = service.request_payment(
                tranche=tranche,
                actor=current.actor(),
                purpose=form.purpose.data or "",
                invoice=_invoice(form),
            )
            flash(_("申请已提交，请等待社区居委会核实。"), "success")
            return redirect(url_for("payments.show", ref=made.ref))
    return _form_page(form, tranche)


def _form_page(form: RequestForm, tranche: Tranche, payment: PaymentRequest | None = None) -> tuple[str, int]:
    """Render the form with what follows from the agreement, and the gates."""
    amount = queries.payable_fen(tranche)
    return page(
        "payments/request.html",
        form=form,
        agreement=tranche.agreement,
        tranche=tranche,
        payment=payment,
        answers=[form[name] for name in form._fields if name.startswith("answer_")],
        checks=queries.gate_checks(tranche),
        why_not=policy.why_not_payable(tranche),
        amount_fen=amount,
        words=daxie(amount, prefix=True),
        accept=accept(PAPERS),
        **LABELS,
    )


def _back(found: PaymentRequest, words: str) -> Response:
    flash(words, "success")
    return redirect(url_for("payments.show", ref=found.ref))


@blueprint.route("/<ref>/revise", methods=["GET", "POST"])
def revise(ref: str) -> Response | tuple[str, int]:
    """Correct a returned request and send it again."""
    found = readable_request(ref)
    require(policy.why_not_revise(current.actor(), found))
    form = revise_form(_open_items(found), purpose=found.purpose)
    if form.validate_on_submit():
        with errors_on(form), noting():
            service.request_again(
                request=found,
                actor=current.actor(),
                purpose=form.purpose.data or "",
                invoice=_invoice(form),
                answers=form.answers(),
            )
            return _back(found, _("已重新提交，各环节将重新办理。"))
    return _form_page(form, found.tranche, found)


def _open_items(found: PaymentRequest) -> list[tuple[int, str]]:
    return [(item.position, _item_words(item)) for item in queries.list_open_items(found)]


def _item_words(item: ReturnItem) -> str:
    return _(
        "第 %(number)s 项（%(kind)s）：%(text)s",
        number=item.position,
        kind=ITEM_KIND_LABELS[item.kind],
        text=item.text.rstrip("。"),
    )


@blueprint.route("/<ref>/recall", methods=["GET", "POST"])
def recall(ref: str) -> Response | tuple[str, int]:
    """Take a request back to correct it."""
    found, form = readable_request(ref), ReasonForm()
    require(policy.why_not_revise(current.actor(), found))
    if form.validate_on_submit():
        with errors_on(form), noting():
            service.recall_request(request=found, actor=current.actor(), reason=form.reason.data or "")
            return _back(found, _("已撤回，请补正后重新提交。"))
    return page("payments/reason.html", form=form, payment=found, act="recall")


@blueprint.post("/<ref>/confirm")
def confirm(ref: str) -> Response:
    """Confirm that the money has arrived."""
    found = readable_request(ref)
    service.confirm(request=found, actor=current.actor())
    return _back(found, _("已确认到账。"))
