"""What accounts hold, by fund, envelope and project; now and on any past day."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, func, select, true

from grants.foundation.database import db
from grants.funds.models import Account, Entry, Fund, Journal
from grants.funds.rules import PROJECT_ACCOUNTS, AccountKind, Pocket, envelope_key


@dataclass(frozen=True)
class ProjectMoney:
    """A project's money in 分: awarded = available + reserved + paid + returned, always."""

    awarded_fen: int = 0
    available_fen: int = 0
    reserved_fen: int = 0
    paid_fen: int = 0
    returned_fen: int = 0


EMPTY = ProjectMoney()


@dataclass(frozen=True)
class FundSummary:
    """Where a fund's money is, in 分: appropriated and carried in = all the others together."""

    appropriated_fen: int = 0
    pool_fen: int = 0
    envelope_fen: int = 0
    available_fen: int = 0
    reserved_fen: int = 0
    paid_fen: int = 0
    returned_fen: int = 0
    carried_in_fen: int = 0
    carried_out_fen: int = 0


def find_account(fund: Fund, pocket: Pocket) -> Account | None:
    """Return the account of a pocket with its balance as the database has it now."""
    statement = select(Account).where(
        Account.fund_id == fund.id, Account.kind == pocket.kind, Account.key == pocket.key
    )
    return db.session.scalars(statement.execution_options(populate_existing=True)).one_or_none()


def find_fund_of_project(project_ref: str) -> Fund | None:
    """Return the fund that pays for a project."""
    statement = select(Fund).join(Account).where(Account.kind == AccountKind.AVAILABLE, Account.key == project_ref)
    return db.session.scalars(statement).one_or_none()


def pool_balance(fund: Fund) -> int:
    """Return what of a fund is not yet set aside for an envelope, in 分."""
    pool = find_account(fund, Pocket(AccountKind.POOL))
    return pool.balance_fen if pool else 0


def envelope_balance(round_ref: str, category: str) -> int:
    """Return what is left in a round's envelope for one category, in 分."""
    statement = select(func.coalesce(func.sum(Account.balance_fen), 0)).where(
        Account.kind == AccountKind.ENVELOPE, Account.key == envelope_key(round_ref, category)
    )
    return int(db.session.execute(statement).scalar_one())


def project_money(project_ref: str) -> ProjectMoney:
    """Return a project's money; all zero while nothing was awarded."""
    return summarise_projects([project_ref]).get(project_ref, EMPTY)


def summarise_projects(project_refs: Iterable[str]) -> dict[str, ProjectMoney]:
    """Return the money of several projects in one read, by reference; projects without any are left out."""
    statement = select(Account.key, Account.kind, Account.balance_fen).where(
        Account.key.in_(list(project_refs)), Account.kind.in_(PROJECT_ACCOUNTS)
    )
    found: dict[str, dict[AccountKind, int]] = {}
    for key, kind, balance in db.session.execute(statement):
        found.setdefault(key, {})[kind] = balance
    return {
        key: ProjectMoney(sum(held.values()), *(held.get(kind, 0) for kind in PROJECT_ACCOUNTS))
        for key, held in found.items()
    }


def fund_summary(fund: Fund) -> FundSummary:
    """Return where the money of one fund is."""
    return _summaries(Account.fund_id == fund.id).get(fund.id, FundSummary())


def summarise_funds(day: date | None = None) -> dict[uuid.UUID, FundSummary]:
    """Return where the money of every fund is, in one read; with a day, where it was at its end, from the entries."""
    return _summaries(true()) if day is None else _summaries_on(day)


def _summaries(condition: ColumnElement[bool]) -> dict[uuid.UUID, FundSummary]:
    statement = select(Account.fund_id, Account.kind, func.sum(Account.balance_fen)).where(condition)
    return _by_fund(statement.group_by(Account.fund_id, Account.kind))


def _summaries_on(day: date) -> dict[uuid.UUID, FundSummary]:
    statement = (
        select(Account.fund_id, Account.kind, func.sum(Entry.amount_fen))
        .join(Entry, Entry.account_id == Account.id)
        .join(Journal, Journal.id == Entry.journal_id)
        .where(Journal.is_posted, Journal.booked_on <= day)
    )
    return _by_fund(statement.group_by(Account.fund_id, Account.kind))


def _by_fund(statement: Select[uuid.UUID, AccountKind, int]) -> dict[uuid.UUID, FundSummary]:
    found: dict[uuid.UUID, dict[AccountKind, int]] = {}
    for owner, kind, balance in db.session.execute(statement):
        found.setdefault(owner, {})[kind] = int(balance)
    return {owner: _summary(held) for owner, held in found.items()}


def _summary(held: dict[AccountKind, int]) -> FundSummary:
    return FundSummary(
        appropriated_fen=-held.get(AccountKind.APPROPRIATION, 0),
        pool_fen=held.get(AccountKind.POOL, 0),
        envelope_fen=held.get(AccountKind.ENVELOPE, 0),
        available_fen=held.get(AccountKind.AVAILABLE, 0),
        reserved_fen=held.get(AccountKind.RESERVED, 0),
        paid_fen=held.get(AccountKind.PAID, 0),
        returned_fen=held.get(AccountKind.RETURNED, 0),
        carried_in_fen=-held.get(AccountKind.CARRIED_IN, 0),
        carried_out_fen=held.get(AccountKind.CARRIED_OUT, 0),
    )


def list_accounts(fund: Fund, *kinds: AccountKind) -> list[Account]:
    """List a fund's accounts of the given kinds (all without any), by key and kind."""
    statement = select(Account).where(Account.fund_id == fund.id).order_by(Account.key, Account.kind)
    if kinds:
        statement = statement.where(Account.kind.in_(kinds))
    return list(db.session.scalars(statement))


def balances_on(fund: Fund, day: date) -> dict[uuid.UUID, int]:
    """Return what every account of a fund held at the end of a day, from the entries, by account id.

    Journals are booked on the day they are posted, so the answer for a past day never changes.
    """
    statement = (
        select(Account.id, func.sum(Entry.amount_fen))
        .join(Entry, Entry.account_id == Account.id)
        .join(Journal, Journal.id == Entry.journal_id)
        .where(Account.fund_id == fund.id, Journal.is_posted, Journal.booked_on <= day)
        .group_by(Account.id)
    )
    return {account: int(total) for account, total in db.session.execute(statement)}
