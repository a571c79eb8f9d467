"""Signing and ending an agreement."""

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from grants.agreements import policy, service
from grants.agreements.forms import ConfirmForm, SignForm, TerminateForm
from grants.agreements.models import Agreement
from grants.agreements.rules import Liability
from grants.agreements.views.blueprint import blueprint, readable
from grants.agreements.views.labels import LABELS
from grants.foundation.errors import require
from grants.foundation.files import PAPERS, accept, store_upload
from grants.foundation.i18n import _
from grants.foundation.web.forms import errors_on, page
from grants.people import current


@blueprint.route("/<ref>/sign", methods=["GET", "POST"])
def sign(ref: str) -> Response | tuple[str, int]:
    """Sign: for the organisation by confirming, for the street with the signed copy and a fresh second factor."""
    agreement, actor = readable(ref), current.actor()
    require(policy.why_not_sign(actor, agreement))
    is_street = not policy.acts_for(actor, agreement)
    if is_street and not current.has_stepped_up():
        return redirect(url_for("people.step_up", next=request.path))
    form = SignForm() if is_street else ConfirmForm()
    if form.validate_on_submit():
        with errors_on(form):
            _sign(agreement, form)
            flash(_("街道已签署，协议生效，项目开始实施。") if is_street else _("已签署，等待街道签署。"), "success")
            return redirect(url_for("agreements.show", ref=ref))
    return page(
        "agreements/sign.html", form=form, agreement=agreement, is_street=is_street, accept=accept(PAPERS), **LABELS
    )


def _sign(agreement: Agreement, form: SignForm | ConfirmForm) -> None:
    actor = current.actor()
    file = None
    if isinstance(form, SignForm):
        file = store_upload(form.signed_file.data, purpose="agreement", actor_id=actor.id, allow=PAPERS)
    service.sign_agreement(agreement=agreement, by=actor, signed_file=file)


@blueprint.route("/<ref>/terminate", methods=["GET", "POST"])
def terminate(ref: str) -> Response | tuple[str, int]:
    """End a running agreement before its time."""
    agreement, actor = readable(ref), current.actor()
    require(policy.why_not_terminate(actor))
    if not current.has_stepped_up():
        return redirect(url_for("people.step_up", next=request.path))
    form = TerminateForm()
    if form.validate_on_submit():
        with errors_on(form):
            liability = Liability(form.liability.data)
            service.terminate_agreement(
                agreement=agreement, by=actor, reason=form.reason.data or "", liability=liability
            )
            flash(_("协议已终止，已通知承接组织。"), "success")
            return redirect(url_for("agreements.show", ref=ref))
    return page("agreements/terminate.html", form=form, agreement=agreement)
