"""Vouchers: one, its twin, and the lists that each side may read."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.interfaces import LoaderOption

from grants.agreements.models import Agreement, BudgetLine
from grants.agreements.queries import readable_by
from grants.foundation.database import db, get_by_id, get_one
from grants.foundation.web.listing import Page, Window, paginate
from grants.payments.models import Voucher
from grants.payments.rules import VoucherStatus
from grants.people.models import User

DIGITAL_LENGTH = 20
"""Digits of the number of a fully digital invoice (数电票)."""


def _names() -> tuple[LoaderOption, ...]:
    # Made when asked for, see grants.funds.queries.journals
    return (
        joinedload(Voucher.agreement).joinedload(Agreement.project),
        joinedload(Voucher.budget_line),
        joinedload(Voucher.entered_by),
    )


@dataclass(frozen=True)
class VoucherFilter:
    """What a list of vouchers is narrowed to; an empty part does not narrow."""

    status: VoucherStatus | None = None
    agreement_ref: str = ""
    words: str = ""

    @property
    def count(self) -> int:
        """Return how many parts narrow the list, the status tab and the search not counted."""
        return 1 if self.agreement_ref else 0


def get_voucher(ref: str) -> Voucher:
    """Return a voucher by its reference, or raise NotFound."""
    voucher: Voucher = get_one(select(Voucher).where(Voucher.ref == ref).options(*_names()))
    return voucher


def get_budget_line(identity: uuid.UUID) -> BudgetLine:
    """Return a budget line by its key, or raise NotFound."""
    line: BudgetLine = get_by_id(BudgetLine, identity)
    return line


def find_twin_voucher(invoice_number: str, payee: str) -> Voucher | None:
    """Return the voucher, not refused, under which this invoice was entered before, in any project.

    Payees number their receipts themselves, but no two digital invoices of the country share a number.
    """
    statement = select(Voucher).where(Voucher.invoice_number == invoice_number, Voucher.status != VoucherStatus.REFUSED)
    if len(invoice_number) < DIGITAL_LENGTH:
        statement = statement.where(Voucher.payee == payee)
    return db.session.scalars(statement.limit(1)).one_or_none()


def line_booked_fen(line: BudgetLine) -> int:
    """Return what is entered or accepted on a budget line, in 分; the line is locked until the transaction ends."""
    db.session.execute(select(BudgetLine.id).where(BudgetLine.id == line.id).with_for_update())
    statement = select(func.coalesce(func.sum(Voucher.amount_fen), 0)).where(
        Voucher.budget_line_id == line.id, Voucher.status != VoucherStatus.REFUSED
    )
    return int(db.session.execute(statement).scalar_one())


def _select(actor: User, narrow: VoucherFilter) -> Select[Any]:
    statement = select(Voucher).join(Agreement, Agreement.id == Voucher.agreement_id).where(readable_by(actor))
    if narrow.status is not None:
        statement = statement.where(Voucher.status == narrow.status)
    if narrow.agreement_ref:
        statement = statement.where(Agreement.ref == narrow.agreement_ref)
    if narrow.words:
        statement = statement.where(
            or_(
                *(
                    column.contains(narrow.words, autoescape=True)
                    for column in (Voucher.ref, Voucher.invoice_number, Voucher.payee, Voucher.purpose)
                )
            )
        )
    return statement


def list_vouchers(window: Window, actor: User, narrow: VoucherFilter) -> Page[Voucher]:
    """List the vouchers this actor may read, newest first."""
    statement = _select(actor, narrow).options(*_names())
    return paginate(statement, window, order=Voucher.created_at, key=Voucher.id)


def iterate_vouchers(actor: User, narrow: VoucherFilter) -> Iterator[Voucher]:
    """Read every voucher this actor may read in the order of their numbers, for an export."""
    statement = _select(actor, narrow).options(*_names()).order_by(Voucher.ref)
    rows = db.session.scalars(statement.execution_options(yield_per=500))
    try:
        yield from rows
    finally:
        rows.close()


def list_vouchers_of(agreement_id: uuid.UUID) -> list[Voucher]:
    """List the vouchers of one agreement by the day of spending."""
    statement = (
        select(Voucher)
        .where(Voucher.agreement_id == agreement_id)
        .options(*_names())
        .order_by(Voucher.spent_on, Voucher.ref)
    )
    return list(db.session.scalars(statement))
