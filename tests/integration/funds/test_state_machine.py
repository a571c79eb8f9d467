"""The ledger under any order of movements: a plain model says what must come out (L1–L6, L8–L10, L12, L14)."""

import os
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from grants.foundation.clock import today
from grants.foundation.database import db
from grants.foundation.errors import DomainError, RuleBroken
from grants.funds import queries, service
from grants.funds.models import Fund, Journal
from grants.funds.rules import AccountKind, JournalKind, Pocket
from grants.people.rules import Role
from tests.factories import funds

EXAMPLES = int(os.environ.get("LEDGER_EXAMPLES", "40"))
STEPS = int(os.environ.get("LEDGER_STEPS", "50"))
"""A part of the full run on each engine; the full one is LEDGER_EXAMPLES=300 LEDGER_STEPS=50."""

PROJECTS = ("P-1", "P-2")
KEY = "JC-2026-01/welfare"
amounts = st.integers(-1, 120)
projects = st.sampled_from(PROJECTS)
picks = st.integers(0, 5)
POOL, ENVELOPE = Pocket(AccountKind.POOL), Pocket(AccountKind.ENVELOPE, KEY)
TAMPERING = (
    "UPDATE entry SET amount_fen = amount_fen + 1",
    "DELETE FROM entry",
    "UPDATE journal SET memo = 'x'",
    "DELETE FROM journal",
    "UPDATE account SET balance_fen = balance_fen + 1",
)
OUTSIDE = Pocket(AccountKind.APPROPRIATION)


class Ledger(RuleBasedStateMachine):
    """Every use case, tried in any order with any amount; what the model forbids must be refused, and nothing else."""

    def __init__(self) -> None:
        super().__init__()
        self.held: dict[Pocket, int] = {}
        self.journals: list[tuple[Journal, Pocket, Pocket, int]] = []
        self.reversed: set[int] = set()
        self.reservations: dict[str, tuple[str, int, Journal]] = {}
        self.resolved: dict[str, Journal] = {}
        self.count = 0

    @initialize()
    def open_fund(self) -> None:
        """Start from an empty fund."""
        self.fund: Fund = funds.make_fund(f"ZJ-{id(self)}"[:20])
        self.other: Fund = funds.make_fund("ZJ-OTHER")
        self.maker, self.checker, self.payer = funds.hands()
        self.watcher = funds.hand("ledger-supervisor", Role.SUPERVISOR)
        self.keeper = funds.hand("ledger-admin", Role.ADMIN)

    def request(self) -> str:
        self.count += 1
        return f"{self.fund.ref}/{self.count}"

    def attempt(
        self, post: Any, source: Pocket, target: Pocket, amount: int, *, allowed: bool = True
    ) -> Journal | None:
        """Post, and expect success exactly when the model has the money and nothing else forbids it."""
        covered = source is OUTSIDE or self.held.get(source, 0) >= amount
        if not (allowed and covered and amount > 0):
            with pytest.raises(RuleBroken):
                post()
            return None
        journal: Journal = post()
        self.move(journal, source, target, amount)
        return journal

    def move(self, journal: Journal, source: Pocket, target: Pocket, amount: int) -> None:
        self.held[source] = self.held.get(source, 0) - amount
        self.held[target] = self.held.get(target, 0) + amount
        self.journals.append((journal, source, target, amount))

    @rule(amount=amounts)
    def appropriate(self, amount: int) -> None:
        """Bring money in."""
        request = self.request()
        hands = {"maker": self.maker, "checker": self.checker}
        self.attempt(
            lambda: service.appropriate(fund=self.fund, amount_fen=amount, request_id=request, **hands),
            OUTSIDE,
            POOL,
            amount,
        )

    @rule(amount=amounts, back=st.booleans())
    def allocate(self, amount: int, back: bool) -> None:
        """Fill the envelope or take from it."""
        request, post = self.request(), service.recall if back else service.allocate
        hands = {"maker": self.maker, "checker": self.checker}
        source, target = (ENVELOPE, POOL) if back else (POOL, ENVELOPE)
        self.attempt(
            lambda: post(fund=self.fund, key=KEY, amount_fen=amount, request_id=request, **hands),
            source,
            target,
            amount,
        )

    @rule(amount=amounts, project=projects)
    def award(self, amount: int, project: str) -> None:
        """Give a project money."""
        request = self.request()
        self.attempt(
            lambda: service.award(
                fund=self.fund,
                envelope_key=KEY,
                project_ref=project,
                amount_fen=amount,
                maker=self.maker,
                checker=self.checker,
                request_id=request,
            ),
            ENVELOPE,
            Pocket(AccountKind.AVAILABLE, project),
            amount,
        )

    @rule(amount=amounts, project=projects)
    def reserve(self, amount: int, project: str) -> None:
        """Hold money."""
        request = self.request()
        journal = self.attempt(
            lambda: service.reserve(project_ref=project, amount_fen=amount, request_id=request, maker=self.maker),
            Pocket(AccountKind.AVAILABLE, project),
            Pocket(AccountKind.RESERVED, project),
            amount,
        )
        if journal is not None:
            self.reservations[request] = (project, amount, journal)

    @rule(pick=picks, pays=st.booleans())
    def resolve(self, pick: int, pays: bool) -> None:
        """Pay or release a reservation, fresh or used up."""
        if not self.reservations:
            return
        reservation = list(self.reservations)[pick % len(self.reservations)]
        project, amount, held = self.reservations[reservation]
        request = self.request()
        allowed = reservation not in self.resolved and held.number not in self.reversed
        target = AccountKind.PAID if pays else AccountKind.AVAILABLE
        journal = self.attempt(
            (lambda: self.pay(project, amount, reservation, request))
            if pays
            else lambda: service.release(
                project_ref=project, reservation=reservation, request_id=request, maker=self.maker
            ),
            Pocket(AccountKind.RESERVED, project),
            Pocket(target, project),
            amount,
            allowed=allowed,
        )
        if journal is not None:
            self.resolved[reservation] = journal

    def pay(self, project: str, amount: int, reservation: str, request: str) -> Journal:
        return service.pay(
            project_ref=project,
            amount_fen=amount,
            reservation=reservation,
            request_id=request,
            maker=self.maker,
            checker=self.checker,
            payer=self.payer,
            document_hash="0" * 64,
        )

    @rule(amount=amounts, project=projects, was_paid=st.booleans())
    def give_back(self, amount: int, project: str, was_paid: bool) -> None:
        """Return what is not needed, or what was paid back."""
        request = self.request()
        origin = AccountKind.PAID if was_paid else AccountKind.AVAILABLE
        self.attempt(
            lambda: service.give_back(
                project_ref=project,
                amount_fen=amount,
                request_id=request,
                maker=self.maker,
                checker=self.checker,
                was_paid=was_paid,
            ),
            Pocket(origin, project),
            Pocket(AccountKind.RETURNED, project),
            amount,
        )

    @rule(pick=st.integers(0, 40))
    def reverse(self, pick: int) -> None:
        """Take any earlier journal back."""
        if not self.journals:
            return
        journal, source, target, amount = self.journals[pick % len(self.journals)]
        request = self.request()
        allowed = journal.kind is not JournalKind.REVERSE and journal.number not in self.reversed
        for reservation, (_project, _amount, held) in self.reservations.items():
            later = self.resolved.get(reservation)
            if held.id == journal.id and later is not None and later.number not in self.reversed:
                allowed = False
        undone = self.attempt(
            lambda: service.reverse(
                journal=journal, maker=self.maker, checker=self.checker, request_id=request, reason="更正"
            ),
            target,
            source,
            amount,
            allowed=allowed,
        )
        if undone is not None:
            self.reversed.add(journal.number)

    @rule(pick=st.integers(0, 40), same=st.booleans())
    def repeat(self, pick: int, same: bool) -> None:
        """Send an earlier reservation again: the same one posts nothing, another content under its name is refused."""
        if not self.reservations:
            return
        reservation = list(self.reservations)[pick % len(self.reservations)]
        project, amount, held = self.reservations[reservation]
        wanted = {"project_ref": project, "request_id": reservation, "maker": self.maker}
        if same:
            assert service.reserve(amount_fen=amount, **wanted).id == held.id
        else:
            with pytest.raises(RuleBroken):
                service.reserve(amount_fen=amount + 1, **wanted)

    @invariant()
    def the_model_and_the_ledger_agree(self) -> None:
        """Balances are those of the model, the whole ledger checks out, and every sum is what it must be."""
        if not hasattr(self, "fund"):
            return
        accounts = queries.list_accounts(self.fund)
        kept = {Pocket(account.kind, account.key): account.balance_fen for account in accounts}
        assert min((fen for pocket, fen in kept.items() if pocket != OUTSIDE), default=0) >= 0
        assert {pocket: fen for pocket, fen in kept.items() if fen} == {p: fen for p, fen in self.held.items() if fen}
        assert sum(kept.values()) == 0
        assert queries.balances_on(self.fund, today()) == {
            account.id: account.balance_fen for account in accounts if account.id in self.touched()
        }

    def touched(self) -> set[Any]:
        return {entry.account_id for journal, *_rest in self.journals for entry in journal.entries}

    @rule(amount=st.integers(1, 50), project=projects, who=st.integers(0, 3))
    def wrong_hands(self, amount: int, project: str, who: int) -> None:
        """One person for two, or somebody who only watches: refused whatever the amount (L6)."""
        pair = [(self.maker, self.maker), (self.watcher, self.checker), (self.maker, self.keeper)][who % 3]
        hands = dict(zip(("maker", "checker"), pair, strict=True))
        with pytest.raises(DomainError):
            service.appropriate(fund=self.fund, amount_fen=amount, request_id=self.request(), **hands)
        if self.reservations and who == 3:
            reservation, (owner, held, _journal) = next(iter(self.reservations.items()))
            hands = {"maker": self.maker, "checker": self.checker, "payer": self.checker}
            paper = {"request_id": self.request(), "document_hash": ""}
            with pytest.raises(DomainError):
                service.pay(project_ref=owner, amount_fen=held, reservation=reservation, **paper, **hands)

    @rule(amount=amounts, project=projects)
    def from_another_fund(self, amount: int, project: str) -> None:
        """A project that has money of one fund takes none of another (L4)."""
        if Pocket(AccountKind.AVAILABLE, project) not in self.held:
            return
        with pytest.raises(RuleBroken):
            service.award(
                fund=self.other,
                envelope_key=KEY,
                project_ref=project,
                amount_fen=amount,
                maker=self.maker,
                checker=self.checker,
                request_id=self.request(),
            )

    @rule(more=st.integers(1, 5), pick=picks)
    def pay_another_amount(self, more: int, pick: int) -> None:
        """What is paid is what was held (L5)."""
        if self.reservations:
            reservation = list(self.reservations)[pick % len(self.reservations)]
            project, amount, _held = self.reservations[reservation]
            with pytest.raises(RuleBroken):
                self.pay(project, amount + more, reservation, self.request())

    @rule(statement=st.sampled_from(TAMPERING))
    def tamper(self, statement: str) -> None:
        """Nothing that was booked is changed or taken away, whoever asks the database (L9)."""
        if self.journals:
            with pytest.raises(DBAPIError), db.session.begin_nested():
                db.session.execute(text(statement))

    @invariant()
    def each_journal_waits_with_its_event(self) -> None:
        """What was posted and its event are in one transaction, none without the other (L14)."""
        waiting = [event["subject_ref"] for event in db.session().info.get("audit", [])]
        assert waiting == [journal.ref for journal, *_rest in self.journals]
        numbers = sorted(journal.number for journal, *_rest in self.journals)
        assert numbers == list(range(1, len(numbers) + 1))

    def teardown(self) -> None:
        """Check the whole ledger, then leave nothing behind: an example is one transaction never committed."""
        try:
            assert queries.check_ledger() == []
        finally:
            db.session.rollback()


@pytest.mark.slow
def test_no_order_of_movements_breaks_the_ledger(ctx: Flask, engine: str) -> None:
    assert ctx.testing
    assert engine in db.engine.dialect.name
    run_state_machine_as_test(
        Ledger,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
