"""Reading: totals for everybody signed in; accounts and journal for the offices."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from flask import Response, request

from grants.foundation.i18n import _, _l
from grants.foundation.money import yuan_plain
from grants.foundation.web.downloads import table_response
from grants.foundation.web.forms import page
from grants.foundation.web.listing import Window
from grants.funds import policy, queries
from grants.funds.models import Fund
from grants.funds.rules import JOURNAL_KIND_LABELS, AccountKind, JournalKind, ProposalKind, ProposalStatus
from grants.funds.views.blueprint import LABELS, blueprint, readable_fund
from grants.people import current
from grants.people.models import User


@blueprint.get("/")
def index() -> tuple[str, int]:
    """List the funds with where their money is, today or at the end of a past day; narrowed to one year."""
    actor = current.actor()
    reads = policy.why_not_read_ledger(actor) is None
    day, year, funds = _day("on"), request.args.get("year", type=int), queries.list_funds()
    summaries = queries.summarise_funds(day)
    return page(
        "funds/index.html",
        funds=[(fund, summaries.get(fund.id, queries.FundSummary())) for fund in funds if year in (None, fund.year)],
        years=sorted({fund.year for fund in funds}, reverse=True),
        year=year,
        day=day,
        waiting=queries.list_proposals(status=ProposalStatus.WAITING) if reads else [],
        reads=reads,
        creates=policy.why_not_create_fund(actor) is None,
        **LABELS,
    )


def _day(name: str) -> date | None:
    try:
        return date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None


def _filter() -> queries.JournalFilter:
    kind = request.args.get("kind", "")
    return queries.JournalFilter(
        kind=JournalKind(kind) if kind in set(JournalKind) else None,
        key=request.args.get("key", "").strip(),
        since=_day("since"),
        until=_day("until"),
    )


@blueprint.get("/<ref>")
def show(ref: str) -> tuple[str, int]:
    """Show one fund: its envelopes and projects, what waits for a second person, and the journal."""
    fund, narrow = readable_fund(ref), _filter()
    projects = queries.list_accounts(fund, AccountKind.AVAILABLE)
    return page(
        "funds/show.html",
        fund=fund,
        summary=queries.fund_summary(fund),
        envelopes=queries.list_accounts(fund, AccountKind.ENVELOPE),
        projects=sorted(queries.summarise_projects(account.key for account in projects).items()),
        waiting=queries.list_proposals(fund, ProposalStatus.WAITING),
        narrow=narrow,
        journals=queries.list_journals(Window.of(request.args), fund, narrow),
        journal_count=queries.count_journals(fund, narrow),
        proposes=policy.why_not_propose(current.actor(), ProposalKind.APPROPRIATE) is None,
        **LABELS,
    )


@blueprint.get("/<ref>/journals/<int:number>")
def journal(ref: str, number: int) -> tuple[str, int]:
    """Show one journal with both its sides, who stands behind it and what it belongs to."""
    fund = readable_fund(ref)
    found = queries.get_journal(fund, number)
    return page(
        "funds/journal.html",
        fund=fund,
        journal=found,
        reversal=queries.find_reversal(found),
        resolution=queries.find_resolution(found),
        reverses=_may_reverse(current.actor(), found.kind),
        **LABELS,
    )


def _may_reverse(actor: User, kind: JournalKind) -> bool:
    return kind is not JournalKind.REVERSE and policy.why_not_propose(actor, ProposalKind.REVERSE) is None


HEADER = (
    _l("凭证号"),
    _l("记账日期"),
    _l("业务"),
    _l("转出账户"),
    _l("转入账户"),
    _l("金额（元）"),
    _l("摘要"),
    _l("经办"),
    _l("复核"),
    _l("支付"),
)


@blueprint.get("/<ref>/journals.<any(csv, xlsx):form>")
def journals_export(ref: str, form: str) -> Response:
    """Return the journal, filtered as on the page."""
    fund = readable_fund(ref)
    return table_response(form, _("%(fund)s明细账", fund=fund.name), HEADER, _rows(fund))


def _rows(fund: Fund) -> Iterator[tuple[Any, ...]]:
    for item in queries.iterate_journals(fund, _filter()):
        yield (
            item.ref,
            item.booked_on,
            str(JOURNAL_KIND_LABELS[item.kind]),
            item.source.label,
            item.target.label,
            yuan_plain(item.amount_fen),
            item.memo,
            *(person.display_name if person else "" for person in (item.maker, item.checker, item.payer)),
        )
