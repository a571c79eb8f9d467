"""The second person: look at a proposal, confirm it with a fresh second factor or send it back."""

from flask import Response as FlaskResponse
from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from grants.foundation.errors import NotFound
from grants.foundation.files import send
from grants.foundation.i18n import _
from grants.foundation.web.forms import errors_on, page
from grants.foundation.web.refusals import noting
from grants.funds import policy, service
from grants.funds.forms import ConfirmForm, RefusalForm
from grants.funds.models import FundProposal
from grants.funds.rules import ProposalStatus
from grants.funds.views.blueprint import LABELS, blueprint, readable_proposal
from grants.people import current


def _show(found: FundProposal, form: RefusalForm, confirm_form: ConfirmForm) -> tuple[str, int]:
    actor, waits = current.actor(), found.status is ProposalStatus.WAITING
    return page(
        "funds/proposal.html",
        proposal=found,
        form=form,
        confirm_form=confirm_form,
        why_not=policy.why_not_decide(actor, found) if waits else None,
        decides=waits and policy.why_not_decide(actor, found) is None,
        withdraws=waits and policy.why_not_withdraw(actor, found) is None,
        is_fresh=current.has_stepped_up(),
        **LABELS,
    )


@blueprint.get("/proposals/<ref>")
def proposal(ref: str) -> tuple[str, int]:
    """Show one proposal with everything needed to decide on it."""
    return _show(readable_proposal(ref), RefusalForm(formdata=None), ConfirmForm(formdata=None))


@blueprint.get("/proposals/<ref>/document")
def proposal_document(ref: str) -> FlaskResponse:
    """Return the paper a proposal rests on."""
    found = readable_proposal(ref)
    if found.document is None:
        raise NotFound(_("没有上传文件。"))
    return send(found.document, inline=True)


@blueprint.post("/proposals/<ref>/confirm")
def confirm(ref: str) -> Response | tuple[str, int]:
    """Agree and post."""
    found, form = readable_proposal(ref), ConfirmForm()
    if not current.has_stepped_up():
        return redirect(url_for("people.step_up", next=url_for("funds.proposal", ref=ref)))
    if form.validate_on_submit():
        with errors_on(form), noting():
            journal = service.confirm(proposal=found, officer=current.actor())
            done = _("已复核入账，凭证号 %(ref)s。", ref=journal.ref) if journal else _("已复核，没有需要入账的结余。")
            flash(done, "success")
            return redirect(url_for("funds.proposal", ref=ref))
    return _show(readable_proposal(ref), RefusalForm(formdata=None), form)


@blueprint.post("/proposals/<ref>/refuse")
def refuse(ref: str) -> Response | tuple[str, int]:
    """Send back with the reason."""
    found, form = readable_proposal(ref), RefusalForm()
    if form.validate_on_submit():
        with errors_on(form), noting():
            service.refuse(proposal=found, officer=current.actor(), reason=form.reason.data or "")
            flash(_("已退回提出人。"), "success")
            return redirect(url_for("funds.proposal", ref=ref))
    return _show(readable_proposal(ref), form, ConfirmForm(formdata=None))


@blueprint.post("/proposals/<ref>/withdraw")
def withdraw(ref: str) -> Response:
    """Take one's own proposal back."""
    service.withdraw(proposal=readable_proposal(ref), officer=current.actor())
    flash(_("已撤回。"), "success")
    return redirect(url_for("funds.proposal", ref=ref))
