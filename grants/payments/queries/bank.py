"""Bank statements: what is matched, what is not on either side, and what might belong together."""

import uuid
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from grants.agreements.models import Agreement
from grants.foundation.database import db, get_by_id
from grants.payments.models import BankImport, BankLine, BankMatch, PaymentRequest
from grants.payments.queries.money import PAID
from grants.payments.rules import SUGGEST_WITHIN_DAYS, StatementLine


@dataclass(frozen=True)
class LineRow:
    """A line of the bank that proves no payment yet, with the payments it might prove, the likeliest first."""

    line: BankLine
    suggestions: list[PaymentRequest]


@dataclass(frozen=True)
class Reconciliation:
    """Both sides of the comparison: what agrees, and what is left over on each side; sums in 分."""

    matches: list[BankMatch]
    lines: list[LineRow]
    requests: list[PaymentRequest]

    @property
    def matched_fen(self) -> int:
        """Return the sum that the bank and the ledger agree on."""
        return sum(match.line.amount_fen for match in self.matches)

    @property
    def lines_fen(self) -> int:
        """Return what the bank has paid and nobody has recorded."""
        return sum(row.line.amount_fen for row in self.lines)

    @property
    def requests_fen(self) -> int:
        """Return what was recorded as paid and no statement shows."""
        return sum(request.amount_fen for request in self.requests)


def get_import(identity: uuid.UUID) -> BankImport:
    """Return an uploaded statement, or raise NotFound."""
    found: BankImport = get_by_id(BankImport, identity)
    return found


def get_line(identity: uuid.UUID) -> BankLine:
    """Return a line of the bank, or raise NotFound."""
    found: BankLine = get_by_id(BankLine, identity)
    return found


def get_match(identity: uuid.UUID) -> BankMatch:
    """Return a match, or raise NotFound."""
    found: BankMatch = get_by_id(BankMatch, identity)
    return found


def list_imports() -> list[BankImport]:
    """List the uploaded statements, the newest first."""
    statement = select(BankImport).options(joinedload(BankImport.file), joinedload(BankImport.imported_by))
    return list(db.session.scalars(statement.order_by(BankImport.created_at.desc()).limit(50)))


def find_match_of_line(line: BankLine) -> BankMatch | None:
    """Return the match that holds a line now."""
    statement = select(BankMatch).where(BankMatch.line_id == line.id, BankMatch.undone_at.is_(None))
    return db.session.scalars(statement).one_or_none()


def find_match_of_request(request: PaymentRequest) -> BankMatch | None:
    """Return the match that holds a payment now."""
    statement = select(BankMatch).where(BankMatch.request_id == request.id, BankMatch.undone_at.is_(None))
    return db.session.scalars(statement).one_or_none()


def known_lines(lines: list[StatementLine]) -> set[tuple[str, object, int]]:
    """Return which of these lines an earlier statement has brought, by reference, day and amount."""
    wanted = {line.reference for line in lines}
    rows = db.session.execute(
        select(BankLine.reference, BankLine.booked_on, BankLine.amount_fen).where(BankLine.reference.in_(wanted))
    )
    return {(reference, day, int(amount)) for reference, day, amount in rows}


def list_unmatched_requests() -> list[PaymentRequest]:
    """List the payments that no line of the bank proves, by the day of payment."""
    taken = select(BankMatch.request_id).where(BankMatch.undone_at.is_(None))
    statement = (
        select(PaymentRequest)
        .where(PaymentRequest.status.in_(PAID), PaymentRequest.id.not_in(taken))
        .options(joinedload(PaymentRequest.agreement).joinedload(Agreement.project))
        .order_by(PaymentRequest.paid_on, PaymentRequest.ref)
    )
    return list(db.session.scalars(statement))


def list_unmatched_lines() -> list[BankLine]:
    """List the lines of the bank that prove no payment, by day."""
    taken = select(BankMatch.line_id).where(BankMatch.undone_at.is_(None))
    statement = select(BankLine).where(BankLine.id.not_in(taken))
    return list(db.session.scalars(statement.order_by(BankLine.booked_on, BankLine.position)))


def suggestions_for(line: BankLine, requests: list[PaymentRequest]) -> list[PaymentRequest]:
    """Return the payments over the same amount around the same day; those to the same payee and nearest day first."""

    def distance(request: PaymentRequest) -> int:
        return abs((request.paid_on - line.booked_on).days) if request.paid_on else SUGGEST_WITHIN_DAYS + 1

    near = [item for item in requests if item.amount_fen == line.amount_fen and distance(item) <= SUGGEST_WITHIN_DAYS]
    return sorted(near, key=lambda item: (item.payee_name != line.payee, distance(item), item.ref))


def reconcile() -> Reconciliation:
    """Compare all statements with all payments."""
    matches = (
        select(BankMatch)
        .where(BankMatch.undone_at.is_(None))
        .options(
            joinedload(BankMatch.line),
            joinedload(BankMatch.made_by),
            joinedload(BankMatch.request).joinedload(PaymentRequest.agreement).joinedload(Agreement.project),
        )
        .order_by(BankMatch.made_at.desc())
    )
    requests = list_unmatched_requests()
    return Reconciliation(
        list(db.session.scalars(matches)),
        [LineRow(line, suggestions_for(line, requests)) for line in list_unmatched_lines()],
        requests,
    )
