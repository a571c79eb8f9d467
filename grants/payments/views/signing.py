"""The street's hands: verify, examine, approve, pay; send back and reject."""

from datetime import date

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from grants.foundation.clock import today
from grants.foundation.errors import TransitionRefused, require
from grants.foundation.i18n import _
from grants.foundation.money import daxie
from grants.foundation.web.forms import errors_on, page
from grants.foundation.web.refusals import noting
from grants.payments import policy, queries, service
from grants.payments.forms import ApproveForm, OpinionForm, PayForm, ReasonForm, ReturnForm
from grants.payments.models import PaymentRequest
from grants.payments.rules import PAYMENT_FLOW, PaymentAction, step_in
from grants.payments.views.blueprint import LABELS, blueprint, readable_request
from grants.people import current
from grants.people import policy as people_policy
from grants.people.service import organisations

PASSING = {
    PaymentAction.PASS_COMMUNITY: service.pass_community,
    PaymentAction.PASS_PROGRAMME: service.pass_programme,
    PaymentAction.PASS_FINANCE: service.pass_finance,
}


def _ready(ref: str, *actions: PaymentAction) -> tuple[PaymentRequest, PaymentAction]:
    """Return a request whose next step is one of these and may be taken by this person."""
    with noting():
        found = readable_request(ref)
        step = step_in(found.status)
        if step is None or step.action not in actions:
            raise TransitionRefused(PAYMENT_FLOW.refusal())
        require(policy.why_not_sign(current.actor(), found, step.action))
    return found, step.action


def _page(template: str, found: PaymentRequest, form: OpinionForm | PayForm) -> tuple[str, int]:
    return page(
        template,
        form=form,
        payment=found,
        words=daxie(found.amount_fen, prefix=True),
        checks=queries.gate_checks(found.tranche),
        returns=queries.list_returns(found),
        threshold_fen=int(found.agreement.project.round.settings["office_meeting_threshold_fen"]),
        **LABELS,
    )


def _back(found: PaymentRequest, words: str) -> Response:
    flash(words, "success")
    return redirect(url_for("payments.show", ref=found.ref))


@blueprint.route("/<ref>/sign", methods=["GET", "POST"])
def sign(ref: str) -> Response | tuple[str, int]:
    """Verify for the community, examine for the programme office or for finance: whichever is next."""
    found, action = _ready(ref, *PASSING)
    form = OpinionForm()
    if form.validate_on_submit():
        with errors_on(form), noting():
            PASSING[action](request=found, officer=current.actor(), note=form.note.data or "")
            return _back(found, _("已签字，转入下一环节。"))
    return _page("payments/sign.html", found, form)


@blueprint.route("/<ref>/approve", methods=["GET", "POST"])
@current.stepped_up
def approve(ref: str) -> Response | tuple[str, int]:
    """Approve, with a fresh second factor."""
    found, _action = _ready(ref, PaymentAction.APPROVE)
    form = ApproveForm()
    if form.validate_on_submit():
        with errors_on(form), noting():
            service.approve(
                request=found,
                approver=current.actor(),
                note=form.note.data or "",
                office_record=form.office_record.data or "",
            )
            return _back(found, _("已审批，转街道财政支付。"))
    return _page("payments/sign.html", found, form)


@blueprint.route("/<ref>/pay", methods=["GET", "POST"])
@current.stepped_up
def pay(ref: str) -> Response | tuple[str, int]:
    """Record the payment, with a fresh second factor."""
    found, _action = _ready(ref, PaymentAction.PAY)
    form = PayForm(paid_on=today())
    if form.validate_on_submit():
        with errors_on(form), noting():
            service.pay(
                request=found,
                officer=current.actor(),
                bank_reference=form.bank_reference.data or "",
                paid_on=form.paid_on.data or date.min,
                note=form.note.data or "",
            )
            return _back(found, _("支付已登记并入账，已通知承接组织确认。"))
    return _page("payments/pay.html", found, form)


@blueprint.route("/<ref>/return", methods=["GET", "POST"])
def send_back(ref: str) -> Response | tuple[str, int]:
    """Send a request back with the list of what to correct."""
    found, form = readable_request(ref), ReturnForm()
    with noting():
        require(policy.why_not_return(current.actor(), found))
    if form.validate_on_submit():
        with errors_on(form), noting():
            service.return_request(request=found, actor=current.actor(), items=form.items())
            return _back(found, _("已退回，本轮签字作废，已通知承接组织。"))
    return page("payments/return.html", form=form, payment=found)


@blueprint.route("/<ref>/reject", methods=["GET", "POST"])
@current.stepped_up
def reject(ref: str) -> Response | tuple[str, int]:
    """Reject a request for good."""
    found, form = readable_request(ref), ReasonForm()
    with noting():
        require(policy.why_not_reject(current.actor(), found))
    if form.validate_on_submit():
        with errors_on(form), noting():
            service.reject(request=found, approver=current.actor(), reason=form.reason.data or "")
            return _back(found, _("已驳回，已通知承接组织。"))
    return page("payments/reason.html", form=form, payment=found, act="reject")


@blueprint.route("/<ref>/account", methods=["GET", "POST"])
@current.stepped_up
def account(ref: str) -> tuple[str, int]:
    """Show the full account number for the payment order, for a reason that is kept."""
    found, form, number = readable_request(ref), ReasonForm(), None
    require(people_policy.why_not_reveal_account(current.actor()))
    if form.validate_on_submit():
        with errors_on(form), noting():
            number = organisations.reveal_account(
                officer=current.actor(), organisation=found.agreement.payee, reason=form.reason.data or ""
            )
    return page("payments/account.html", form=form, payment=found, number=number)
