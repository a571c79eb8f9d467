"""The ledger under any order of movements: a plain model beside it says what must come out (L1–L4, L8–L10)."""

import os
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from grants.foundation.clock import today
from grants.foundation.database import db
from grants.foundation.errors import RuleBroken
from grants.funds import queries, service
from grants.funds.models import Fund, Journal
from grants.funds.rules import AccountKind, JournalKind, Pocket
from tests.factories import funds

EXAMPLES = int(os.environ.get("LEDGER_EXAMPLES", "25"))
STEPS = int(os.environ.get("LEDGER_STEPS", "30"))
"""Moderate here; 300 × 50 is LEDGER_EXAMPLES=300 LEDGER_STEPS=50."""

PROJECTS = ("P-1", "P-2")
KEY = "JC-2026-01/welfare"
amounts = st.integers(-1, 120)
projects = st.sampled_from(PROJECTS)
picks = st.integers(0, 5)
POOL, ENVELOPE = Pocket(AccountKind.POOL), Pocket(AccountKind.ENVELOPE, KEY)
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
        self.maker, self.checker, self.payer = funds.hands()

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
                project_ref=project, amount_fen=amount, request_id=request, maker=self.maker, was_paid=was_paid
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
        assert {pocket: fen for pocket, fen in kept.items() if fen} == {p: fen for p, fen in self.held.items() if fen}
        assert sum(kept.values()) == 0
        assert queries.check_ledger() == []
        assert queries.balances_on(self.fund, today()) == {
            account.id: account.balance_fen for account in accounts if account.id in self.touched()
        }
        for project in PROJECTS:
            money = queries.project_money(project)
            assert min(money.available_fen, money.reserved_fen, money.paid_fen, money.returned_fen) >= 0

    def touched(self) -> set[Any]:
        return {entry.account_id for journal, *_rest in self.journals for entry in journal.entries}

    def teardown(self) -> None:
        """Leave nothing behind: an example is one transaction that is never committed."""
        db.session.rollback()


@pytest.mark.slow
def test_no_order_of_movements_breaks_the_ledger(ctx: Flask, engine: str) -> None:
    if engine != "sqlite":
        return  # the laws in the database are tried one by one on both engines, in test_triggers
    assert ctx.testing
    run_state_machine_as_test(
        Ledger,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
