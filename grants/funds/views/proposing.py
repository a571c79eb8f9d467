"""The first person: open a fund, ask for a movement of budget money or for a reversal."""

from typing import Any

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from grants.foundation.clock import today
from grants.foundation.errors import require
from grants.foundation.files import PAPERS, accept, store_upload
from grants.foundation.i18n import _
from grants.foundation.models import StoredFile
from grants.foundation.web.forms import errors_on, page
from grants.foundation.web.refusals import noting
from grants.funds import policy, queries, service
from grants.funds.forms import (
    CarryForm,
    EnvelopeProposalForm,
    FundForm,
    ProposalForm,
    RecoveryForm,
    ReversalForm,
    SettlementForm,
)
from grants.funds.models import Fund, FundProposal
from grants.funds.rules import CARRY_RULES, AccountKind, FundSource, ProposalKind
from grants.funds.views.blueprint import LABELS, blueprint, readable_fund
from grants.people import current


@blueprint.route("/new", methods=["GET", "POST"])
def new() -> Response | tuple[str, int]:
    """Open a fund."""
    actor = current.actor()
    require(policy.why_not_create_fund(actor))
    form = FundForm(year=today().year)
    if form.validate_on_submit():
        with errors_on(form), noting():
            fund = service.create_fund(
                name=form.name.data or "",
                source=FundSource(form.source.data),
                year=form.year.data or today().year,
                matter=form.matter.data or "",
                document_number=form.document_number.data or "",
                officer=actor,
            )
            flash(_("专项资金已建立，请登记预算下达。"), "success")
            return redirect(url_for("funds.show", ref=fund.ref))
    return page("funds/new.html", form=form)


def paper_of(form: ProposalForm | ReversalForm | SettlementForm | CarryForm) -> StoredFile | None:
    """Keep the paper that came with a form, if one did."""
    if not form.document.data:
        return None
    return store_upload(form.document.data, purpose="fund", actor_id=current.actor().id, allow=PAPERS)


@blueprint.route("/<ref>/propose/<any(appropriate, allocate, recall, recover):kind>", methods=["GET", "POST"])
def propose(ref: str, kind: str) -> Response | tuple[str, int]:
    """Ask for money to come in, to go into an envelope or come back from one, or to be booked as recovered."""
    fund, wanted = readable_fund(ref), ProposalKind(kind)
    require(policy.why_not_propose(current.actor(), wanted))
    form = _form(fund, wanted)
    if form.validate_on_submit():
        with errors_on(form), noting():
            proposal = _propose(fund, wanted, form)
            flash(_("已提出，等待另一位同志复核后入账。"), "success")
            return redirect(url_for("funds.proposal", ref=proposal.ref))
    summary = queries.fund_summary(fund)
    return page(
        "funds/propose.html", form=form, fund=fund, kind=wanted, summary=summary, accept=accept(PAPERS), **LABELS
    )


def _form(fund: Fund, kind: ProposalKind) -> ProposalForm:
    if kind is ProposalKind.APPROPRIATE:
        return ProposalForm()
    recovers = kind is ProposalKind.RECOVER
    form = RecoveryForm(key=request.args.get("key")) if recovers else EnvelopeProposalForm()
    accounts = queries.list_accounts(fund, AccountKind.PAID if recovers else AccountKind.ENVELOPE)
    form.key.choices = [(account.key, account.label) for account in accounts if account.balance_fen or not recovers]
    return form


def _propose(fund: Fund, kind: ProposalKind, form: ProposalForm) -> FundProposal:
    return service.propose(
        fund=fund,
        kind=kind,
        key=form.key.data if isinstance(form, EnvelopeProposalForm) else "",
        amount_fen=form.amount_fen.data,
        reason=form.reason.data or "",
        document_number=form.document_number.data or "",
        document=paper_of(form),
        officer=current.actor(),
    )


@blueprint.route("/<ref>/journals/<int:number>/reverse", methods=["GET", "POST"])
def propose_reversal(ref: str, number: int) -> Response | tuple[str, int]:
    """Ask for a journal to be taken back."""
    fund = readable_fund(ref)
    require(policy.why_not_propose(current.actor(), ProposalKind.REVERSE))
    journal, form = queries.get_journal(fund, number), ReversalForm()
    if form.validate_on_submit():
        with errors_on(form), noting():
            proposal = service.propose_reversal(
                journal=journal,
                reason=form.reason.data or "",
                document_number=form.document_number.data or "",
                document=paper_of(form),
                officer=current.actor(),
            )
            flash(_("冲销已提出，等待另一位同志复核。"), "success")
            return redirect(url_for("funds.proposal", ref=proposal.ref))
    return page("funds/reverse.html", form=form, fund=fund, journal=journal, accept=accept(PAPERS), **LABELS)


@blueprint.route("/<ref>/carry", methods=["GET", "POST"])
def carry(ref: str) -> Response | tuple[str, int]:
    """Ask for what is left of a fund to go on to the next year."""
    fund, form = readable_fund(ref), CarryForm()
    require(policy.why_not_propose(current.actor(), ProposalKind.CARRY))
    form.key.choices = [(one.ref, one.name) for one in queries.list_carry_targets(fund)]
    if form.validate_on_submit():
        with errors_on(form), noting():
            proposal = service.propose_carry(
                fund=fund,
                target=queries.get_fund(form.key.data),
                reason=form.reason.data or "",
                document_number=form.document_number.data or "",
                document=paper_of(form),
                officer=current.actor(),
            )
            flash(_("结转已提出，等待另一位同志复核后入账。"), "success")
            return redirect(url_for("funds.proposal", ref=proposal.ref))
    return page("funds/carry.html", form=form, accept=accept(PAPERS), **_carry_facts(fund))


def _carry_facts(fund: Fund) -> dict[str, Any]:
    rule, summary = CARRY_RULES[fund.source], queries.fund_summary(fund)
    amount = queries.carryable_fen(fund)
    return {"fund": fund, "rule": rule, "summary": summary, "amount_fen": amount, **LABELS}
