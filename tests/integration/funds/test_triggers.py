"""The database itself refuses what would break the ledger, whoever writes to it."""

import uuid
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, func, insert, select, text, update
from sqlalchemy.exc import DBAPIError

from grants.foundation.clock import now, today
from grants.foundation.database import db
from grants.funds import queries, service
from grants.funds.models import Account, Entry, Fund, Journal
from grants.funds.rules import AccountKind, JournalKind, Pocket
from tests.factories import funds

pytestmark = pytest.mark.usefixtures("ctx")
A, B = "GYCT-2026-01-0001", "GYCT-2026-01-0002"


@pytest.fixture
def fund(ctx: Flask) -> Fund:
    """Make a fund with two projects; the first has a reservation."""
    made = funds.make_fund(amount_fen=1_000)
    for project in (A, B):
        funds.make_project_money(project, amount_fen=300, fund=made)
    service.reserve(project_ref=A, amount_fen=100, request_id="held", maker=funds.hand("ledger-maker"))
    service.reserve(project_ref=B, amount_fen=100, request_id="other", maker=funds.hand("ledger-maker"))
    db.session.commit()
    return made


def account(fund: Fund, kind: AccountKind, key: str = "") -> uuid.UUID:
    found = queries.find_account(fund, Pocket(kind, key))
    if found is None:
        found = Account(fund_id=fund.id, kind=kind, key=key)
        db.session.add(found)
        db.session.flush()
    return found.id


def next_number() -> int:
    return (db.session.scalar(select(func.max(Journal.number))) or 0) + 1


def write(kind: JournalKind, sides: list[tuple[uuid.UUID, int]], **columns: Any) -> None:
    """Write a journal past the service, as somebody with a database console would."""
    maker, checker, payer = funds.hands()
    journal = {
        "id": uuid.uuid4(),
        "number": next_number(),
        "kind": kind,
        "request_id": "by-hand",
        "body_hash": "0" * 64,
        "booked_on": today(),
        "at": now(),
        "maker_id": maker.id,
        "checker_id": checker.id,
        "payer_id": payer.id,
        "is_posted": False,
    } | columns
    db.session.execute(insert(Journal).values(journal))
    for line, (owner, amount) in enumerate(sides, start=1):
        entry = {"id": uuid.uuid4(), "journal_id": journal["id"], "line": line, "account_id": owner}
        db.session.execute(insert(Entry).values(**entry, amount_fen=amount))
    db.session.execute(update(Journal).where(Journal.id == journal["id"]).values(is_posted=True))


def refused(match: str) -> Any:
    return pytest.raises(DBAPIError, match=match)


def journal(request_id: str = "held") -> Journal:
    found = queries.find_journal(request_id)
    assert found is not None
    return found


@pytest.mark.usefixtures("fund")
def test_a_posted_journal_is_never_changed_or_posted_again() -> None:
    mine = journal()
    for change in ({"memo": "改一改"}, {"number": 77}, {"is_posted": False}, {"is_posted": True}):
        with refused("never changed"):
            db.session.execute(update(Journal).where(Journal.id == mine.id).values(**change))
        db.session.rollback()


@pytest.mark.usefixtures("fund")
@pytest.mark.parametrize("model", [Journal, Entry, Account])
def test_nothing_of_the_ledger_is_ever_deleted(model: Any) -> None:
    with refused("never deleted|append-only"):
        db.session.execute(delete(model))


@pytest.mark.usefixtures("fund")
def test_an_entry_is_never_changed() -> None:
    with refused("never changed|append-only"):
        db.session.execute(update(Entry).values(amount_fen=1))


@pytest.mark.usefixtures("fund")
def test_nothing_of_the_ledger_is_truncated(engine: str) -> None:
    if engine == "sqlite":
        return  # SQLite has no TRUNCATE; deleting is refused above
    for table in ("entry", "journal", "account"):
        with refused("append-only"):
            db.session.execute(text(f"TRUNCATE {table} CASCADE"))
        db.session.rollback()


def test_a_posted_journal_takes_no_more_entries(fund: Fund) -> None:
    with refused("no more entries"):
        db.session.execute(
            insert(Entry).values(
                id=uuid.uuid4(),
                journal_id=journal().id,
                line=3,
                account_id=account(fund, AccountKind.POOL),
                amount_fen=5,
            )
        )


@pytest.mark.usefixtures("fund")
def test_a_journal_is_not_born_posted() -> None:
    with refused("posted after its entries"):
        write(JournalKind.APPROPRIATE, [], is_posted=True)


def test_a_journal_that_is_unbalanced_or_one_sided_is_not_posted(fund: Fund) -> None:
    source, target = account(fund, AccountKind.APPROPRIATION), account(fund, AccountKind.POOL)
    with refused("sums to zero"):
        write(JournalKind.APPROPRIATE, [(source, -10), (target, 11)])
    db.session.rollback()
    with refused("has two entries"):
        write(JournalKind.APPROPRIATE, [(target, 10)])


def test_an_account_is_never_overdrawn(fund: Fund) -> None:
    sides = [(account(fund, AccountKind.AVAILABLE, A), -201), (account(fund, AccountKind.RESERVED, A), 201)]
    with refused("never_overdrawn"):
        write(JournalKind.RESERVE, sides)


def test_a_journal_keeps_to_one_fund_and_to_its_route(fund: Fund) -> None:
    other = funds.make_fund("ZJ-2026-02")
    with refused("within one fund"):
        write(
            JournalKind.APPROPRIATE,
            [(account(fund, AccountKind.APPROPRIATION), -10), (account(other, AccountKind.POOL), 10)],
        )
    db.session.rollback()
    paid = [(account(fund, AccountKind.AVAILABLE, A), -10), (account(fund, AccountKind.PAID, A), 10)]
    with refused("route of its kind"):
        write(JournalKind.PAY, paid, resolves_id=journal().id)


def test_money_never_moves_between_projects(fund: Fund) -> None:
    with refused("between projects"):
        write(
            JournalKind.RESERVE,
            [(account(fund, AccountKind.AVAILABLE, A), -10), (account(fund, AccountKind.RESERVED, B), 10)],
        )


def test_a_reservation_is_resolved_in_full_and_once(fund: Fund) -> None:
    held = [(account(fund, AccountKind.RESERVED, A), -100), (account(fund, AccountKind.PAID, A), 100)]
    part = [(account(fund, AccountKind.RESERVED, A), -60), (account(fund, AccountKind.PAID, A), 60)]
    db.session.commit()
    for sides, resolves in ((part, "held"), (held, "other")):
        with refused("resolved in full"):
            write(JournalKind.PAY, sides, resolves_id=journal(resolves).id)
        db.session.rollback()
    write(JournalKind.PAY, held, resolves_id=journal().id)
    with refused("resolves_id"):
        write(JournalKind.RELEASE, held, request_id="again", resolves_id=journal().id)


@pytest.mark.usefixtures("fund")
def test_a_payment_without_a_reservation_is_refused() -> None:
    with refused("resolution_names_reservation"):
        write(JournalKind.PAY, [])


def test_a_reversal_mirrors_its_original(fund: Fund) -> None:
    back = [(account(fund, AccountKind.RESERVED, A), -50), (account(fund, AccountKind.AVAILABLE, A), 50)]
    with refused("mirrors its original"):
        write(JournalKind.REVERSE, back, reverses_id=journal().id)


def test_a_resolved_reservation_is_not_reversed(fund: Fund) -> None:
    service.release(project_ref=A, reservation="held", request_id="free", maker=funds.hand("ledger-maker"))
    service.reserve(project_ref=A, amount_fen=100, request_id="next", maker=funds.hand("ledger-maker"))
    back = [(account(fund, AccountKind.RESERVED, A), -100), (account(fund, AccountKind.AVAILABLE, A), 100)]
    with refused("resolved reservation"):
        write(JournalKind.REVERSE, back, reverses_id=journal().id)


@pytest.mark.usefixtures("fund")
@pytest.mark.parametrize("twice", ["checker_id", "payer_id"])
def test_one_person_does_not_stand_for_two_in_a_payment(twice: str) -> None:
    maker = funds.hand("ledger-maker")
    with refused("payment_has_three_people"):
        write(JournalKind.PAY, [], resolves_id=journal().id, **{twice: maker.id})


@pytest.mark.usefixtures("fund")
def test_earmarking_needs_a_second_person() -> None:
    maker = funds.hand("ledger-maker")
    for checker in (None, maker.id):
        with refused("earmarking_has_two_people"):
            write(JournalKind.APPROPRIATE, [], checker_id=checker)
        db.session.rollback()


def test_a_balance_is_never_written_by_hand(fund: Fund) -> None:
    for change in ({"balance_fen": 999_999}, {"key": B}):
        with refused("sum of its entries"):
            db.session.execute(
                update(Account).where(Account.id == account(fund, AccountKind.AVAILABLE, A)).values(**change)
            )
        db.session.rollback()
    with refused("starts empty"):
        db.session.execute(
            insert(Account).values(id=uuid.uuid4(), fund_id=fund.id, kind=AccountKind.PAID, key="X", balance_fen=5)
        )


@pytest.mark.usefixtures("fund")
def test_a_journal_left_open_does_not_survive_the_commit_on_a_server(engine: str) -> None:
    db.session.execute(
        insert(Journal).values(
            id=uuid.uuid4(),
            number=next_number(),
            kind=JournalKind.RESERVE,
            request_id="open",
            body_hash="",
            booked_on=today(),
            at=now(),
        )
    )
    if engine == "postgresql":
        with refused("left unposted"):
            db.session.commit()
    else:  # SQLite has no triggers at commit: the check of the ledger finds it
        assert any("never posted" in fault for fault in queries.check_ledger())


@pytest.mark.usefixtures("fund")
def test_no_journal_number_is_left_out() -> None:
    with refused("no gaps"):
        write(JournalKind.APPROPRIATE, [], number=next_number() + 1)


@pytest.mark.usefixtures("fund")
def test_a_project_lives_on_one_fund() -> None:
    other = funds.make_fund("ZJ-2026-02", amount_fen=10)
    with pytest.raises(DBAPIError):
        account(other, AccountKind.AVAILABLE, A)
