"""An organisation's account: stated by a member, confirmed by a programme officer, opened with a reason."""

import uuid

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from grants.foundation.errors import require
from grants.foundation.i18n import _
from grants.foundation.web.forms import errors_on, page
from grants.people import current, policy, queries
from grants.people.forms import BankForm, ReasonForm
from grants.people.service import organisations as service
from grants.people.views.web import blueprint


@blueprint.route("/organisations/<ref>/bank", methods=["GET", "POST"])
def organisation_bank(ref: str) -> Response | tuple[str, int]:
    """State a new account to be paid to."""
    actor, one = current.actor(), queries.get_organisation(ref)
    require(policy.why_not_edit_organisation(actor, one))
    form = BankForm(account_name=one.name)
    if form.validate_on_submit():
        with errors_on(form):
            service.propose_account(
                actor=actor,
                organisation=one,
                bank_name=form.bank_name.data or "",
                account_name=form.account_name.data or "",
                number=form.number.data or "",
                reason=form.reason.data or "",
            )
            flash(_("已提交，社区建设部核对后启用新账户。"), "success")
            return redirect(url_for("people.organisation_bank", ref=ref))
    return page(
        "people/organisation_bank.html",
        form=form,
        one=one,
        why_not=policy.why_not_propose_account(actor, one),
        open_change=queries.find_open_account_change(one.id),
        changes=queries.list_account_changes(one.id),
    )


@blueprint.post("/organisations/accounts/<uuid:change_id>/accept")
@current.stepped_up
def account_accept(change_id: uuid.UUID) -> Response:
    """Confirm a new account."""
    change = queries.get_account_change(change_id)
    service.accept_account(officer=current.actor(), change=change)
    flash(_("新账户已启用。"), "success")
    return redirect(url_for("people.organisations_review"))


@blueprint.route("/organisations/accounts/<uuid:change_id>/refuse", methods=["GET", "POST"])
def account_refuse(change_id: uuid.UUID) -> Response | tuple[str, int]:
    """Refuse a new account."""
    change, form = queries.get_account_change(change_id), ReasonForm()
    if form.validate_on_submit():
        with errors_on(form):
            service.refuse_account(officer=current.actor(), change=change, note=form.reason.data or "")
            flash(_("已退回。"), "success")
            return redirect(url_for("people.organisations_review"))
    back = url_for("people.organisations_review")
    return page("people/reason.html", form=form, title=_("不同意变更账户"), subject=change.organisation.name, back=back)


@blueprint.route("/organisations/<ref>/account", methods=["GET", "POST"])
@current.stepped_up
def account_reveal(ref: str) -> tuple[str, int]:
    """Show the full account number to who gives a reason."""
    one, form, number = queries.get_organisation(ref), ReasonForm(), None
    require(policy.why_not_reveal_account(current.actor()))
    if form.validate_on_submit():
        with errors_on(form):
            number = service.reveal_account(officer=current.actor(), organisation=one, reason=form.reason.data or "")
    return page("people/account_reveal.html", form=form, one=one, number=number)
