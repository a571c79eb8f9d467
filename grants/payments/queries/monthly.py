"""What was spent in a month by budget line: what a monthly report shows beside the organisation's words."""

import uuid
from datetime import date

from sqlalchemy import func, select

from grants.agreements.models import Agreement
from grants.foundation.database import db
from grants.payments.models import Voucher
from grants.payments.rules import VoucherStatus
from grants.rounds.rules import BUDGET_LABELS
from grants.supervision.queries import LineSpending
from grants.supervision.rules import first_of, last_of

Sums = dict[uuid.UUID, tuple[int, int]]


def spending_by_line(agreement: Agreement, month: str) -> list[LineSpending]:
    """List the budget lines of an agreement with what their vouchers of a month say; refused ones do not count."""
    first, last = first_of(month), last_of(month)
    booked, until = _sums(agreement.id, first, last), _sums(agreement.id, date.min, last)
    accepted = _sums(agreement.id, first, last, VoucherStatus.ACCEPTED)
    nothing = (0, 0)
    return [
        LineSpending(
            line=f"{BUDGET_LABELS[line.code]} {line.content}",
            voucher_count=booked.get(line.id, nothing)[0],
            booked_fen=booked.get(line.id, nothing)[1],
            accepted_fen=accepted.get(line.id, nothing)[1],
            until_fen=until.get(line.id, nothing)[1],
            agreed_fen=line.amount_fen,
        )
        for line in agreement.budget_lines
    ]


def _sums(agreement_id: uuid.UUID, first: date, last: date, status: VoucherStatus | None = None) -> Sums:
    """Return count and sum in 分 by budget line of the vouchers spent between two days."""
    statement = (
        select(Voucher.budget_line_id, func.count(), func.sum(Voucher.amount_fen))
        .where(
            Voucher.agreement_id == agreement_id,
            Voucher.status != VoucherStatus.REFUSED,
            Voucher.spent_on.between(first, last),
        )
        .group_by(Voucher.budget_line_id)
    )
    if status is not None:
        statement = statement.where(Voucher.status == status)
    return {line: (int(count), int(total)) for line, count, total in db.session.execute(statement)}
