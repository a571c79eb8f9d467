"""The journal: one movement by its number or request, and the list of them, filtered."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.orm.interfaces import LoaderOption

from grants.foundation.database import db, get_one
from grants.foundation.web.listing import Page, Window, paginate
from grants.funds.models import Account, Entry, Fund, Journal
from grants.funds.rules import JournalKind


@dataclass(frozen=True)
class JournalFilter:
    """Which journals are asked for; an empty part does not narrow."""

    kind: JournalKind | None = None
    key: str = ""
    since: date | None = None
    until: date | None = None

    @property
    def count(self) -> int:
        """Return how many parts narrow the list."""
        return sum(1 for part in (self.kind, self.key, self.since, self.until) if part)


ALL = JournalFilter()


def _sides() -> tuple[LoaderOption, ...]:
    # Made when asked for: to follow a relationship SQLAlchemy sets up every model, half a second of a program's start
    return (
        selectinload(Journal.entries).joinedload(Entry.account),
        joinedload(Journal.maker),
        joinedload(Journal.checker),
        joinedload(Journal.payer),
    )


def find_journal(request_id: str) -> Journal | None:
    """Return the journal that a request was posted with."""
    return db.session.scalars(select(Journal).where(Journal.request_id == request_id)).one_or_none()


def get_journal(fund: Fund, number: int) -> Journal:
    """Return a fund's journal by its number, or raise NotFound."""
    statement = _selected(fund, ALL).where(Journal.number == number).options(*_sides())
    journal: Journal = get_one(statement)
    return journal


def find_reversal(journal: Journal) -> Journal | None:
    """Return the journal that took this one back."""
    return db.session.scalars(select(Journal).where(Journal.reverses_id == journal.id)).one_or_none()


def find_resolution(journal: Journal) -> Journal | None:
    """Return the payment or release that this reservation ended in."""
    return db.session.scalars(select(Journal).where(Journal.resolves_id == journal.id)).one_or_none()


def _selected(fund: Fund, narrow: JournalFilter) -> Select[Any]:
    touching = select(Entry.journal_id).join(Account).where(Account.fund_id == fund.id)
    if narrow.key:
        touching = touching.where(Account.key.startswith(narrow.key, autoescape=True))
    statement = select(Journal).where(Journal.is_posted, Journal.id.in_(touching))
    if narrow.kind:
        statement = statement.where(Journal.kind == narrow.kind)
    if narrow.since:
        statement = statement.where(Journal.booked_on >= narrow.since)
    if narrow.until:
        statement = statement.where(Journal.booked_on <= narrow.until)
    return statement


def list_journals(window: Window, fund: Fund, narrow: JournalFilter = ALL) -> Page[Journal]:
    """List a fund's journals, newest first."""
    return paginate(_selected(fund, narrow).options(*_sides()), window, order=Journal.number, key=Journal.id)


def count_journals(fund: Fund, narrow: JournalFilter = ALL) -> int:
    """Count a fund's journals."""
    return db.session.execute(select(func.count()).select_from(_selected(fund, narrow).subquery())).scalar_one()


def iterate_journals(fund: Fund, narrow: JournalFilter = ALL) -> Iterator[Journal]:
    """Read all of a fund's journals in the order of their numbers, for an export."""
    statement = _selected(fund, narrow).options(*_sides()).order_by(Journal.number)
    rows = db.session.scalars(statement.execution_options(yield_per=500))
    try:
        yield from rows
    finally:
        rows.close()
