"""All payments worked out again from what was signed and booked: what an auditor would do by hand (L5–L7, L11–L14)."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator

from sqlalchemy import String, cast, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from grants.agreements.models import Agreement, BudgetLine, Tranche
from grants.foundation.database import db
from grants.foundation.models import AuditEntry
from grants.funds.models import Entry, Journal
from grants.funds.rules import JournalKind
from grants.payments.models import BankLine, BankMatch, PaymentRequest, PaymentStep, Voucher
from grants.payments.queries.money import PAID
from grants.payments.queries.steps import content_of, signers
from grants.payments.rules import SIGNATURES, PaymentStatus, VoucherStatus

SIGNED = (PaymentStatus.APPROVED, *PAID)


def check_payments() -> list[str]:
    """Hold every payment, voucher and match against the laws of the ledger; return what does not hold."""
    return [*_request_faults(), *_order_faults(), *_voucher_faults(), *_number_faults(), *_match_faults()]


def _request_faults() -> Iterator[str]:
    statement = (
        select(PaymentRequest)
        .where(PaymentRequest.status.in_(SIGNED))
        .options(
            selectinload(PaymentRequest.steps).joinedload(PaymentStep.actor),
            joinedload(PaymentRequest.invoice_file),
            joinedload(PaymentRequest.agreement),
        )
        .order_by(PaymentRequest.ref)
    )
    booked = _booked()
    for request in db.session.scalars(statement.execution_options(populate_existing=True)):
        if request.content_hash != content_of(request):
            yield f"{request.ref}: its content is not what was approved"
        if request.status not in PAID:
            continue
        if len(signers(request)) < len(SIGNATURES):
            yield f"{request.ref}: signed by {len(signers(request))} hands, not by {len(SIGNATURES)}"
        if booked.pop(f"{request.ref}/pay", 0) != request.amount_fen:
            yield f"{request.ref}: the ledger has booked another amount"
    yield from (f"{reference}: booked without a payment" for reference in booked if reference.startswith("BF-"))


def _booked() -> dict[str, int]:
    """Return what every payment in the ledger moved, by its request id; what was reversed is left out."""
    undone = select(Journal.reverses_id).where(Journal.reverses_id.is_not(None))
    statement = (
        select(Journal.request_id, Entry.amount_fen)
        .join(Entry, Entry.journal_id == Journal.id)
        .where(Journal.kind == JournalKind.PAY, Journal.is_posted, Entry.amount_fen > 0, Journal.id.not_in(undone))
    )
    return {reference: int(amount) for reference, amount in db.session.execute(statement)}


def _order_faults() -> Iterator[str]:
    rows = db.session.execute(
        select(Tranche.agreement_id, Tranche.number, PaymentRequest.ref).join(
            PaymentRequest, (PaymentRequest.tranche_id == Tranche.id) & PaymentRequest.status.in_(PAID)
        )
    )
    paid: dict[object, dict[int, str]] = defaultdict(dict)
    for agreement, number, ref in rows:
        paid[agreement][number] = ref
    for numbers in paid.values():
        for number, ref in sorted(numbers.items()):
            if number > 1 and number - 1 not in numbers:
                yield f"{ref}: paid before tranche {number - 1}"


def _voucher_faults() -> Iterator[str]:
    counted = func.sum(Voucher.amount_fen)
    over_line = (
        select(Agreement.ref, BudgetLine.amount_fen, counted)
        .join(BudgetLine, BudgetLine.agreement_id == Agreement.id)
        .join(Voucher, (Voucher.budget_line_id == BudgetLine.id) & (Voucher.status != VoucherStatus.REFUSED))
        .group_by(BudgetLine.id, Agreement.ref, BudgetLine.amount_fen)
        .having(counted > BudgetLine.amount_fen)
    )
    for ref, agreed, spent in db.session.execute(over_line):
        yield f"{ref}: vouchers over {spent} go over its line of {agreed}"


_NUMBERED = re.compile(r"(.+)-(\d+)")


def _number_faults() -> Iterator[str]:
    for column in (Voucher.ref, PaymentRequest.ref):
        series: dict[str, set[int]] = defaultdict(set)
        for ref in db.session.scalars(select(column)):
            found = _NUMBERED.fullmatch(ref)
            if found:
                series[found[1]].add(int(found[2]))
        for prefix, numbers in sorted(series.items()):
            missing = sorted(set(range(1, max(numbers) + 1)) - numbers)
            yield from (f"{prefix}-{number} is missing" for number in missing)


def _match_faults() -> Iterator[str]:
    rows = db.session.execute(
        select(BankMatch.line_id, BankMatch.request_id, BankLine.amount_fen, PaymentRequest.amount_fen)
        .join(BankLine, BankLine.id == BankMatch.line_id)
        .join(PaymentRequest, PaymentRequest.id == BankMatch.request_id)
        .where(BankMatch.undone_at.is_(None))
    )
    sides: Counter[object] = Counter()
    for line, request, seen, recorded in rows:
        sides.update((line, request))
        if seen != recorded:
            yield f"a line of {seen} is matched with a payment of {recorded}"
    yield from (f"{side} is matched twice" for side, count in sides.items() if count > 1)


def check_journal_events() -> list[str]:
    """Name the committed journals that no event of the audit chain names (L14)."""
    named: set[str] = set()
    statement = select(AuditEntry.subject_ref, AuditEntry.details).where(
        or_(AuditEntry.action == "journal:post", cast(AuditEntry.details, String).contains('"journal:post"'))
    )
    for ref, details in db.session.execute(statement):
        named.add(ref)
        named.update(re.findall(r"JZ-\d+", details))
    numbers = db.session.scalars(select(Journal.number).order_by(Journal.number))
    return [f"journal {number}: no event names it" for number in numbers if f"JZ-{number:06d}" not in named]
