"""Reading: the list, one request with everything needed to decide, an agreement's money."""

import uuid
from collections.abc import Iterator
from typing import Any

from flask import Response as FlaskResponse
from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from grants.agreements.queries import list_rounds_with_agreements
from grants.foundation.errors import NotFound
from grants.foundation.files import send
from grants.foundation.i18n import _, _l
from grants.foundation.money import daxie, yuan_plain
from grants.foundation.web.downloads import table_response
from grants.foundation.web.forms import page
from grants.foundation.web.listing import Window
from grants.funds import queries as ledger
from grants.payments import policy, queries
from grants.payments.models import PaymentRequest
from grants.payments.rules import PAYMENT_STATUS_LABELS, PaymentStatus
from grants.payments.service.chain import reservation_of
from grants.payments.views.blueprint import LABELS, blueprint, readable_agreement, readable_request
from grants.payments.views.chain import acts, history, signature_lines, why_cannot_sign
from grants.people import current
from grants.people.queries import list_communities
from grants.rounds.queries import holiday_table


def _uuid(text: str | None) -> uuid.UUID | None:
    try:
        return uuid.UUID(text) if text else None
    except ValueError:
        return None


def _filter() -> queries.RequestFilter:
    status = request.args.get("status", "")
    return queries.RequestFilter(
        status=PaymentStatus(status) if status in set(PaymentStatus) else None,
        community_id=_uuid(request.args.get("community")),
        round_id=_uuid(request.args.get("round")),
        words=request.args.get("q", "").strip(),
    )


@blueprint.get("/")
def index() -> Response | tuple[str, int]:
    """List the requests this person may read; `?agreement=` leads to one agreement's money."""
    if request.args.get("agreement"):
        return redirect(url_for("payments.agreement", ref=request.args["agreement"]))
    actor, narrow, sort = current.actor(), _filter(), request.args.get("sort", "-created")
    counts, table = queries.count_by_status(actor, narrow), holiday_table()
    found = queries.list_requests(Window.of(request.args), actor, narrow, sort)
    return page(
        "payments/index.html",
        found=found,
        terms={item.id: queries.deadline_of(item, table) for item in found.items},
        counts=counts,
        narrow=narrow,
        waiting=queries.list_due_for(actor),
        sees_bank=policy.why_not_see_bank(actor) is None,
        communities=list_communities(),
        rounds=list_rounds_with_agreements(),
        **LABELS,
    )


HEADER = (
    _l("拨付编号"),
    _l("项目编号"),
    _l("项目"),
    _l("承接组织"),
    _l("社区"),
    _l("期次"),
    _l("金额（元）"),
    _l("收款单位"),
    _l("状态"),
    _l("支付日期"),
    _l("银行回单"),
)


@blueprint.get("/export.<any(csv, xlsx):form>")
def export(form: str) -> FlaskResponse:
    """Return the list, filtered as on the page."""
    return table_response(form, _("资金拨付"), HEADER, _rows())


def _rows() -> Iterator[tuple[Any, ...]]:
    for item in queries.iterate_requests(current.actor(), _filter()):
        project = item.agreement.project
        yield (
            item.ref,
            project.ref,
            project.title,
            item.agreement.organisation.name,
            project.community.name,
            item.tranche.number,
            yuan_plain(item.amount_fen),
            item.payee_name,
            str(PAYMENT_STATUS_LABELS[item.status]),
            item.paid_on,
            item.bank_reference,
        )


@blueprint.get("/<ref>")
def show(ref: str) -> tuple[str, int]:
    """Show one request with everything needed to decide on it."""
    return page("payments/show.html", **_facts(readable_request(ref)))


def _facts(found: PaymentRequest) -> dict[str, Any]:
    actor, agreement = current.actor(), found.agreement
    reservation = ledger.find_journal(reservation_of(found))
    return {
        "payment": found,
        "agreement": agreement,
        "words": daxie(found.amount_fen, prefix=True),
        "chain": signature_lines(found),
        "history": list(history(found)),
        "acts": acts(actor, found),
        "why_not": why_cannot_sign(actor, found),
        "returns": queries.list_returns(found),
        "checks": queries.gate_checks(found.tranche) if found.status not in _SETTLED else [],
        "deadline": queries.deadline_of(found),
        "money": ledger.project_money(agreement.project.ref),
        "reservation": reservation,
        "settlement": ledger.find_resolution(reservation) if reservation else None,
        "siblings": queries.list_requests_of(agreement.id),
        "lines": queries.list_line_rows(agreement),
        "voided": policy.why_content_changed(found) if found.status is PaymentStatus.APPROVED else None,
        **LABELS,
    }


_SETTLED = (PaymentStatus.PAID, PaymentStatus.CONFIRMED, PaymentStatus.REJECTED)


@blueprint.get("/<ref>/invoice")
def invoice(ref: str) -> FlaskResponse:
    """Return the invoice or receipt of a request; `?cycle=` asks for the one that was sent in an earlier cycle."""
    found = readable_request(ref)
    cycle = request.args.get("cycle", type=int)
    if cycle is not None:
        return send(queries.get_submission(found, cycle).invoice_file, inline=True)
    if found.invoice_file is None:
        raise NotFound(_("没有上传票据。"))
    return send(found.invoice_file, inline=True)


@blueprint.get("/agreements/<ref>")
def agreement(ref: str) -> tuple[str, int]:
    """Show the money of one agreement: its tranches with their conditions, its budget lines, its vouchers."""
    found, actor = readable_agreement(ref), current.actor()
    requests = {item.tranche_id: item for item in queries.list_requests_of(found.id)}
    return page(
        "payments/agreement.html",
        agreement=found,
        tranches=[
            (
                tranche,
                requests.get(tranche.id),
                queries.gate_checks(tranche),
                policy.why_not_request(actor, tranche) is None,
            )
            for tranche in found.tranches
        ],
        money=ledger.project_money(found.project.ref),
        accepted_fen=queries.accepted_fen(found.id),
        lines=queries.list_line_rows(found),
        vouchers=queries.list_vouchers_of(found.id),
        spot_checks=queries.list_checks_of(found.id),
        draws=policy.why_not_draw_check(actor, found) is None,
        enters=policy.why_not_enter_voucher(actor, found) is None,
        **LABELS,
    )
