"""Final accounts of projects: the list with what is still to be paid back, one account, and drawing one up."""

from collections.abc import Iterator
from typing import Any

from flask import Response as FlaskResponse
from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from grants.foundation.clock import today
from grants.foundation.errors import NotFound, require
from grants.foundation.files import PAPERS, accept
from grants.foundation.i18n import _, _l
from grants.foundation.money import yuan_plain
from grants.foundation.web.downloads import table_response
from grants.foundation.web.forms import errors_on, page
from grants.foundation.web.refusals import noting
from grants.funds import policy, queries, service
from grants.funds.forms import SettlementForm
from grants.funds.queries import Recovery
from grants.funds.rules import END_CAUSE_LABELS, EndCause, Ending, ProposalKind, ProposalStatus, least_recovery
from grants.funds.views.blueprint import LABELS, blueprint
from grants.funds.views.proposing import paper_of
from grants.people import current


def _wanted() -> Recovery | None:
    value = request.args.get("recovery", "")
    return Recovery(value) if value in set(Recovery) else None


@blueprint.get("/settlements/")
def settlements() -> tuple[str, int]:
    """List the ended projects without a final account, and the final accounts with their claims."""
    actor = current.actor()
    require(policy.why_not_read_ledger(actor))
    wanted = _wanted()
    return page(
        "funds/settlements.html",
        unsettled=queries.list_unsettled(),
        rows=queries.list_settlements(wanted),
        wanted=wanted,
        settles=policy.why_not_propose(actor, ProposalKind.SETTLE) is None,
        **LABELS,
    )


HEADER = (
    _l("决算编号"),
    _l("项目编号"),
    _l("项目"),
    _l("承接组织"),
    _l("结束方式"),
    _l("授予（元）"),
    _l("已拨付（元）"),
    _l("认可支出（元）"),
    _l("退回资金（元）"),
    _l("追缴（元）"),
    _l("未退回（元）"),
    _l("退回期限"),
    _l("追缴情况"),
)


@blueprint.get("/settlements.<any(csv, xlsx):form>")
def settlements_export(form: str) -> FlaskResponse:
    """Return the final accounts, filtered as on the page."""
    require(policy.why_not_read_ledger(current.actor()))
    return table_response(form, _("项目决算"), HEADER, _rows())


def _rows() -> Iterator[tuple[Any, ...]]:
    for row in queries.list_settlements(_wanted()):
        one = row.settlement
        sums = (one.awarded_fen, one.paid_fen, one.accepted_fen, one.returned_fen, one.recover_fen, row.outstanding_fen)
        yield (
            one.ref,
            one.project_ref,
            one.project_title,
            one.organisation.name,
            str(END_CAUSE_LABELS[one.cause]),
            *(yuan_plain(amount) for amount in sums),
            one.due_on or "",
            str(queries.RECOVERY_LABELS[row.recovery]),
        )


@blueprint.get("/settlements/<ref>")
def settlement(ref: str) -> tuple[str, int]:
    """Show one final account: what was returned, what is claimed back and what of it has come."""
    actor, found = current.actor(), queries.get_settlement(ref)
    require(policy.why_not_read_settlement(actor, found))
    row = queries.row_of(found)
    in_force = found.proposal.status is ProposalStatus.CONFIRMED
    return page(
        "funds/settlement.html",
        settlement=found,
        row=row,
        reads=policy.why_not_read_ledger(actor) is None,
        chases=in_force and row.outstanding_fen and policy.why_not_propose(actor, ProposalKind.RECOVER) is None,
        **LABELS,
    )


@blueprint.get("/settlements/of/<project_ref>")
def settlement_of(project_ref: str) -> Response | tuple[str, int]:
    """Lead to the final account of a project, or to where one is drawn up."""
    found, actor = queries.find_settlement(project_ref), current.actor()
    if found is not None and policy.why_not_read_settlement(actor, found) is None:
        return redirect(url_for("funds.settlement", ref=found.ref))
    if found is None and policy.why_not_propose(actor, ProposalKind.SETTLE) is None:
        return redirect(url_for("funds.settle", project_ref=project_ref))
    return page("funds/unsettled.html", project_ref=project_ref)


@blueprint.route("/settlements/new/<project_ref>", methods=["GET", "POST"])
def settle(project_ref: str) -> Response | tuple[str, int]:
    """Draw up the final account of a project that has ended."""
    require(policy.why_not_propose(current.actor(), ProposalKind.SETTLE))
    ending, money = queries.find_ending(project_ref), queries.project_money(project_ref)
    if ending is None:
        raise NotFound(_("没有找到已结束的项目 %(ref)s。", ref=project_ref))
    least = least_recovery(money.paid_fen, ending.accepted_fen)
    form = SettlementForm(recover_fen=least, due_on=today() + service.USUAL_TERM)
    if form.validate_on_submit():
        with errors_on(form), noting():
            made = _propose(ending, form)
            flash(_("决算已提出，等待另一位同志复核后生效。"), "success")
            return redirect(url_for("funds.settlement", ref=made.ref))
    return page(
        "funds/settle.html",
        form=form,
        ending=ending,
        money=money,
        least_fen=least,
        may_claim_more=ending.cause is EndCause.OWN_FAULT and money.paid_fen > least,
        why_not=queries.why_not_settled_yet(ending),
        accept=accept(PAPERS),
        **LABELS,
    )


def _propose(ending: Ending, form: SettlementForm) -> Any:
    return service.propose_settlement(
        project_ref=ending.project_ref,
        officer=current.actor(),
        reason=form.reason.data or "",
        claim=service.Claim(form.recover_fen.data, form.due_on.data),
        document_number=form.document_number.data or "",
        document=paper_of(form),
    )
