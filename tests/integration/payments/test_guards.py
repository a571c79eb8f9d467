"""Every law of the ledger rests on guards that work alone, and without all of them the check of the books sees it.

For each law: with its guards the act is refused; without those in the code the database refuses; without those in
the database the code refuses; without any the act goes through, and the check names the fault.
"""

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, func, insert, select, text, update
from sqlalchemy.exc import DBAPIError

from grants.foundation.clock import now, today
from grants.foundation.database import db
from grants.foundation.errors import DomainError
from grants.funds import queries as ledger_queries
from grants.funds import service as ledger
from grants.funds.models import Account, Entry, Journal
from grants.funds.rules import AccountKind, JournalKind
from grants.payments import queries, service
from grants.payments.models import PaymentRequest
from grants.payments.rules import PaymentStatus
from tests.factories import agreements, funds
from tests.factories import payments as make
from tests.factories.payments import Case, staff
from tests.integration.payments.test_bank import line_of, take


@dataclass(frozen=True)
class Law:
    """A wrong act, what stands against it, and how the check of the books calls it."""

    act: Callable[[Case], Any]
    fault: str
    in_code: dict[str, Any] = field(default_factory=dict)
    triggers: tuple[str, ...] = ()
    indexes: tuple[str, ...] = ()
    checks: tuple[tuple[str, str], ...] = ()

    @property
    def in_database(self) -> bool:
        return bool(self.triggers or self.indexes or self.checks)


def nothing(*_args: Any, **_named: Any) -> None:
    return None


def write_journal(kind: JournalKind, sides: list[tuple[uuid.UUID, int]], **columns: Any) -> None:
    """Write and post a journal past the service."""
    maker, checker, payer = funds.hands()
    number = (db.session.scalar(select(func.max(Journal.number))) or 0) + 1
    made = {"id": uuid.uuid4(), "number": number, "kind": kind, "request_id": f"raw-{number}", "body_hash": "0" * 64}
    made |= {"booked_on": today(), "at": now(), "memo": "", "document_hash": "", "is_posted": False}
    made |= {"maker_id": maker.id, "checker_id": checker.id, "payer_id": payer.id} | columns
    db.session.execute(insert(Journal).values(made))
    for line, (owner, amount) in enumerate(sides, start=1):
        one = {"id": uuid.uuid4(), "journal_id": made["id"], "line": line, "account_id": owner, "amount_fen": amount}
        db.session.execute(insert(Entry).values(one))
    db.session.execute(update(Journal).where(Journal.id == made["id"]).values(is_posted=True))


def pocket(case: Case, kind: AccountKind) -> uuid.UUID:
    key = case.agreement.project.ref
    return db.session.scalars(select(Account.id).where(Account.kind == kind, Account.key == key)).one()


def unbalanced(case: Case) -> None:
    available = pocket(case, AccountKind.AVAILABLE)
    appropriation = db.session.scalars(select(Account.id).where(Account.kind == AccountKind.APPROPRIATION)).first()
    assert appropriation is not None
    write_journal(JournalKind.APPROPRIATE, [(appropriation, -10), (available, 11)])


def balance_by_hand(case: Case) -> None:
    available = pocket(case, AccountKind.AVAILABLE)
    db.session.execute(update(Account).where(Account.id == available).values(balance_fen=Account.balance_fen + 7))


def overdraw(case: Case) -> None:
    maker = funds.hand("ledger-maker")
    ledger.reserve(project_ref=case.agreement.project.ref, amount_fen=6_000_001, request_id="over", maker=maker)


def second_fund(case: Case) -> None:
    maker, checker, _payer = funds.hands()
    other = funds.make_fund("ZJ-2026-99", amount_fen=10)
    key = funds.make_envelope(other, "JC-X", amount_fen=10)
    ledger.award(
        fund=other,
        envelope_key=key,
        project_ref=case.agreement.project.ref,
        amount_fen=10,
        maker=maker,
        checker=checker,
        request_id="second",
    )


def second_tranche_first(case: Case) -> None:
    agreements.pass_midterm(case.agreement)
    make.make_request(case, PaymentStatus.PAID, number=2)


def approved(case: Case) -> PaymentRequest:
    return make.make_request(case, PaymentStatus.APPROVED)


def checker_pays(case: Case) -> None:
    service.pay(request=approved(case), officer=staff("finance-1"), bank_reference="HD-X", paid_on=today())


def pay_after_edit(case: Case) -> None:
    request = approved(case)
    db.session.execute(update(PaymentRequest).values(purpose="别的用途"))
    db.session.expire_all()
    service.pay(request=request, officer=staff("finance-2"), bank_reference="HD-X", paid_on=today())


def resolve_reversed(case: Case) -> None:
    maker, checker, _payer = funds.hands()
    project = case.agreement.project.ref
    held = ledger.reserve(project_ref=project, amount_fen=5, request_id="held", maker=maker)
    ledger.reserve(project_ref=project, amount_fen=5, request_id="other", maker=maker)
    ledger.reverse(journal=held, maker=maker, checker=checker, request_id="undo", reason="更正")
    ledger.release(project_ref=project, reservation="held", request_id="free", maker=maker)


def delete_entry(case: Case) -> None:
    make.make_request(case, PaymentStatus.PROGRAMME_PASSED)
    newest = db.session.scalars(select(Journal.id).order_by(Journal.number.desc()).limit(1)).one()
    db.session.execute(delete(Entry).where(Entry.journal_id == newest, Entry.line == 1))


def late_entry(case: Case) -> None:
    first = db.session.scalars(select(Journal.id).where(Journal.number == 1)).one()
    entry = {"id": uuid.uuid4(), "journal_id": first, "line": 3, "account_id": pocket(case, AccountKind.AVAILABLE)}
    db.session.execute(insert(Entry).values(**entry, amount_fen=9))


def over_the_line(case: Case) -> None:
    make.enter(case, case.agreement.budget_lines[0].amount_fen + 1)


def leave_out_a_number(case: Case) -> None:
    sides = [(pocket(case, AccountKind.AVAILABLE), -1), (pocket(case, AccountKind.RESERVED), 1)]
    number = db.session.scalar(select(func.max(Journal.number))) or 0
    write_journal(JournalKind.RESERVE, sides, number=number + 2)


def match_twice(case: Case) -> None:
    request = make.make_request(case, PaymentStatus.PAID)
    take([line_of(request), line_of(request, reference="HD-2")])
    left = queries.list_unmatched_lines()[0]
    service.match_line(line=left, request=request, officer=staff("finance-2"))


CODE = "grants.payments.service"
NEEDS_RESERVED = ("L12",)
LAWS = {
    "L1": Law(unbalanced, "sum to", triggers=("journal_posts_once",)),
    "L2": Law(balance_by_hand, "sum to", triggers=("account_balance_follows_entries|account_follows_entries",)),
    "L3": Law(
        overdraw,
        "overdrawn",
        in_code={"grants.funds.service.posting._require_cover": nothing},
        checks=(("account", "ck_account_never_overdrawn"),),
    ),
    "L4": Law(
        second_fund,
        "from several funds",
        in_code={"grants.funds.service.projects.queries.find_fund_of_project": nothing},
        indexes=("uq_account_one_fund_a_project",),
    ),
    "L5": Law(
        second_tranche_first,
        "before tranche 1",
        in_code={"grants.payments.policy.why_not_payable": nothing},
        triggers=("payment_request_bank_5",),
    ),
    "L6": Law(
        checker_pays,
        "signed by 5 hands",
        in_code={
            "grants.payments.policy.why_not_sign": nothing,
            "grants.funds.service.posting._require_people": nothing,
        },
        triggers=("payment_is_signed",),
        indexes=("uq_payment_step_one_signature_a_person",),
        checks=(("journal", "ck_journal_payment_has_three_people"),),
    ),
    "L7": Law(pay_after_edit, "not what was approved", in_code={"grants.payments.policy.why_content_changed": nothing}),
    "L8": Law(
        resolve_reversed,
        "open reservations sum to",
        in_code={"grants.funds.service.projects.queries.find_reversal": nothing},
        triggers=("journal_posts_once",),
    ),
    "L9": Law(delete_entry, "sum to", triggers=("entry_no_delete|entry_append_only",)),
    "L10": Law(late_entry, "entries sum to", triggers=("entry_only_while_open",)),
    "L11": Law(
        over_the_line,
        "go over its line",
        in_code={f"{CODE}.vouchers._require_room": nothing},
        triggers=("voucher_within_line",),
    ),
    "L12": Law(leave_out_a_number, "is missing", triggers=("journal_depth_0",)),
    "L13": Law(
        match_twice,
        "matched twice",
        in_code={f"{CODE}.bank.queries.find_match_of_request": nothing},
        indexes=("uq_bank_match_live_request",),
    ),
}


@contextmanager
def without(law: Law, engine: str) -> Iterator[None]:
    """Take a law's guards out of the database until the transaction is rolled back."""
    sqlite = engine == "sqlite"
    for names in law.triggers:
        _drop_trigger(names.split("|")[0 if sqlite else -1], sqlite)
    for name in law.indexes:
        db.session.execute(text(f"DROP INDEX {name}"))
    for table, name in law.checks:
        db.session.execute(
            text("PRAGMA ignore_check_constraints = ON" if sqlite else f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        )
    try:
        yield
    finally:
        db.session.rollback()
        if sqlite:
            db.session.execute(text("PRAGMA ignore_check_constraints = OFF"))
            db.session.rollback()


def _drop_trigger(name: str, sqlite: bool) -> None:
    on = "payment_request" if name.startswith("payment") else name.split("_")[0]
    if not sqlite and name == "journal_posts_once":
        # The function also moves the balances, as a trigger of its own does on SQLite
        db.session.execute(text("DROP TRIGGER journal_posts_once ON journal"))
        db.session.execute(text(MOVE_BALANCES))
        db.session.execute(
            text("CREATE TRIGGER moves BEFORE UPDATE ON journal FOR EACH ROW EXECUTE FUNCTION move_balances()")
        )
        return
    db.session.execute(text(f"DROP TRIGGER {name}" if sqlite else f"DROP TRIGGER {name} ON {on}"))


MOVE_BALANCES = """CREATE FUNCTION move_balances() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
PERFORM set_config('grants.posting', NEW.id::text, true);
UPDATE account SET balance_fen = balance_fen + s.amount FROM (SELECT account_id, SUM(amount_fen) AS amount
FROM entry WHERE journal_id = NEW.id GROUP BY account_id) s WHERE account.id = s.account_id;
PERFORM set_config('grants.posting', '', true); RETURN NEW; END $$"""


def faults() -> list[str]:
    db.session.flush()
    db.session.expire_all()
    return [*ledger_queries.check_ledger(), *queries.check_payments()]


@pytest.mark.parametrize("name", LAWS)
def test_a_law_is_kept_by_each_guard_and_seen_broken_without_them(ctx: Flask, engine: str, name: str) -> None:
    assert ctx.testing
    law, case = LAWS[name], make.make_case()
    make.make_request(case, PaymentStatus.PROGRAMME_PASSED) if name in NEEDS_RESERVED else None
    db.session.commit()
    assert faults() == []
    with pytest.raises((DomainError, DBAPIError)):
        law.act(case)
    db.session.rollback()
    if law.in_code and law.in_database:
        with pytest.MonkeyPatch.context() as patch:
            _patch(patch, law)
            with pytest.raises(DBAPIError):
                law.act(case)
        db.session.rollback()
        with without(law, engine), pytest.raises(DomainError):
            law.act(case)
    with pytest.MonkeyPatch.context() as patch, without(law, engine):
        _patch(patch, law)
        law.act(case)
        patch.undo()
        assert any(law.fault in fault for fault in faults()), faults()


def _patch(patch: pytest.MonkeyPatch, law: Law) -> None:
    for target, replacement in law.in_code.items():
        patch.setattr(target, replacement)


@pytest.mark.usefixtures("ctx")
def test_a_journal_without_its_event_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """L14: with the recording taken out, the check names the journal."""
    case = make.make_case()
    db.session.commit()
    assert queries.check_journal_events() == []
    monkeypatch.setattr("grants.funds.service.posting.audit.record_part", nothing)
    maker = funds.hand("ledger-maker")
    made = ledger.reserve(project_ref=case.agreement.project.ref, amount_fen=1, request_id="silent", maker=maker)
    db.session.commit()
    assert queries.check_journal_events() == [f"journal {made.number}: no event names it"]
