"""The whole ledger worked out again from its entries: what an auditor would do by hand."""

import uuid
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from grants.foundation.database import db
from grants.funds.models import Account, Entry, Journal
from grants.funds.queries.settling import settling_faults
from grants.funds.rules import CARRY_OUT, MAY_BE_NEGATIVE, ROUTES, AccountKind, JournalKind, Move, Pocket, Posting


def check_ledger() -> list[str]:
    """Re-compute every balance and invariant from the entries; return what does not hold, an empty list if all does."""
    accounts = list(db.session.scalars(select(Account).options(selectinload(Account.fund)).order_by(Account.key)))
    journals = list(
        db.session.scalars(
            select(Journal)
            .options(selectinload(Journal.entries).selectinload(Entry.account))
            .order_by(Journal.number)
            .execution_options(populate_existing=True)
        )
    )
    faults = [*_balance_faults(accounts), *_fund_faults(accounts), *_number_faults(journals)]
    for journal in journals:
        faults += _journal_faults(journal)
    return faults + _reservation_faults(accounts, journals) + _carry_faults(journals)


Check = Callable[[], list[str]]
_CHECKS: dict[str, Check] = {}


def know_check(name: str, check: Check) -> None:
    """Let a later stage hold what it knows against the laws of the ledger, whenever the ledger is checked."""
    _CHECKS[name] = check


def check_everything() -> dict[str, list[str]]:
    """Run every check there is; return what does not hold, by the name of the check."""
    return {"ledger": check_ledger(), "settlements": settling_faults()} | {
        name: check() for name, check in _CHECKS.items()
    }


def _name(account: Account) -> str:
    return f"{account.fund.ref} {account.kind} {account.key}".rstrip()


def _balance_faults(accounts: Iterable[Account]) -> list[str]:
    totals: dict[uuid.UUID, int] = defaultdict(int)
    rows = db.session.execute(select(Entry.account_id, Entry.amount_fen).join(Journal).where(Journal.is_posted))
    for account_id, amount in rows:
        totals[account_id] += amount
    faults = []
    for account in accounts:
        db.session.refresh(account, ["balance_fen"])
        if account.balance_fen != totals[account.id]:
            faults.append(f"{_name(account)}: balance {account.balance_fen}, entries sum to {totals[account.id]}")
        if account.balance_fen < 0 and account.kind not in MAY_BE_NEGATIVE:
            faults.append(f"{_name(account)}: overdrawn by {-account.balance_fen}")
    return faults


def _fund_faults(accounts: Iterable[Account]) -> list[str]:
    sums: Counter[str] = Counter()
    homes: dict[str, set[str]] = defaultdict(set)
    for account in accounts:
        sums[account.fund.ref] += account.balance_fen
        if account.kind is AccountKind.AVAILABLE:
            homes[account.key].add(account.fund.ref)
    faults = [f"{ref}: accounts sum to {total}, not to 0" for ref, total in sums.items() if total]
    return faults + [f"project {key}: paid from several funds" for key, funds in homes.items() if len(funds) > 1]


def _number_faults(journals: list[Journal]) -> list[str]:
    numbers = [journal.number for journal in journals]
    missing = sorted(set(range(1, max(numbers, default=0) + 1)) - set(numbers))
    return [f"journal {number} is missing" for number in missing]


def _journal_faults(journal: Journal) -> list[str]:
    """Name the first law that a journal breaks."""
    for law in (_is_open, _is_not_a_pair, _leaves_its_fund, _leaves_its_route, _is_no_mirror, _was_altered):
        fault = law(journal)
        if fault:
            return [f"journal {journal.number}: {fault}"]
    return []


def _is_open(journal: Journal) -> str | None:
    return None if journal.is_posted else "was never posted"


def _is_not_a_pair(journal: Journal) -> str | None:
    total = sum(entry.amount_fen for entry in journal.entries)
    return None if len(journal.entries) == 2 and total == 0 else f"its entries sum to {total}"


def _leaves_its_fund(journal: Journal) -> str | None:
    return None if journal.source.fund_id == journal.target.fund_id else "moves money between funds"


def _leaves_its_route(journal: Journal) -> str | None:
    if journal.kind is JournalKind.REVERSE:
        return None
    if (journal.source.kind, journal.target.kind) not in ROUTES[journal.kind]:
        return f"{journal.kind} moves {journal.source.kind} to {journal.target.kind}"
    if (
        journal.kind is not JournalKind.CARRY
        and AccountKind.ENVELOPE not in (journal.source.kind, journal.target.kind)
        and journal.source.key != (journal.target.key)
    ):
        return "moves money between projects"
    return None


def _is_no_mirror(journal: Journal) -> str | None:
    original = journal.reverses
    if original is None:
        return None
    mirrored = (
        original.amount_fen == journal.amount_fen
        and original.source.id == journal.target.id
        and original.target.id == journal.source.id
    )
    return None if mirrored else f"does not mirror journal {original.number}"


def _was_altered(journal: Journal) -> str | None:
    return None if posting_of(journal).digest == journal.body_hash else "its content was changed"


def posting_of(journal: Journal) -> Posting:
    """Return a journal's content as it stands now, to be hashed again."""
    source, target = journal.source, journal.target
    return Posting(
        journal.kind,
        source.fund.ref,
        Move(Pocket(source.kind, source.key), Pocket(target.kind, target.key), journal.amount_fen),
        maker=str(journal.maker_id or ""),
        checker=str(journal.checker_id or ""),
        payer=str(journal.payer_id or ""),
        document_hash=journal.document_hash,
        memo=journal.memo,
        reverses=journal.reverses.number if journal.reverses else None,
        resolves=journal.resolves.number if journal.resolves else None,
    )


def _reservation_faults(accounts: Iterable[Account], journals: Iterable[Journal]) -> list[str]:
    """What is reserved must be exactly the reservations that are still open."""
    journals = [journal for journal in journals if journal.is_posted and len(journal.entries) == 2]
    undone = {journal.reverses_id for journal in journals if journal.reverses_id}
    held: Counter[uuid.UUID] = Counter()
    for journal in journals:
        if journal.kind is JournalKind.RESERVE and journal.id not in undone:
            held[journal.target.id] += journal.amount_fen
        elif journal.resolves_id and journal.id not in undone and journal.resolves_id not in undone:
            held[journal.source.id] -= journal.amount_fen
    return [
        f"{_name(account)}: holds {account.balance_fen}, open reservations sum to {held[account.id]}"
        for account in accounts
        if account.kind is AccountKind.RESERVED and account.balance_fen != held[account.id]
    ]


def _carry_faults(journals: Iterable[Journal]) -> list[str]:
    """What went into a year must be what went out of the one before, side by side, reversals counted on both."""
    balance: Counter[str] = Counter()
    for journal in journals:
        original = journal.reverses or journal
        if original.kind is not JournalKind.CARRY or len(journal.entries) != 2:
            continue
        name = original.request_id.removesuffix(CARRY_OUT)
        sign = (-1 if name == original.request_id else 1) * (-1 if journal.reverses else 1)
        balance[name] += sign * journal.amount_fen
    return [f"carry-over {name}: {abs(total)} went out or in alone" for name, total in balance.items() if total]
