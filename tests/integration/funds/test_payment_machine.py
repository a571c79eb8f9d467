"""Payments in any order, by any hand: a plain model says what must be refused (L5, L6, L7, L11, L13)."""

import os
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import update

from grants.agreements.queries import get_agreement
from grants.foundation.clock import today
from grants.foundation.database import db
from grants.foundation.errors import DomainError
from grants.funds import queries as ledger
from grants.funds import service as ledger_service
from grants.payments import queries, service
from grants.payments.models import PaymentRequest
from grants.payments.rules import PaymentStatus
from tests.factories import payments as make
from tests.factories.payments import Case, staff
from tests.integration.payments.test_bank import line_of, take

EXAMPLES = int(os.environ.get("PAYMENT_EXAMPLES", "8"))
STEPS = int(os.environ.get("PAYMENT_STEPS", "20"))
"""A short run; PAYMENT_EXAMPLES=300 PAYMENT_STEPS=50 is the full one."""

HANDS = ("community-1", "programme-1", "finance-1", "finance-2", "leader-1")
ORDER = make.ORDER[: make.ORDER.index(PaymentStatus.PAID) + 1]
MAY = (
    {"community-1"},
    {"programme-1"},
    {"finance-1", "finance-2"},
    {"leader-1"},
    {"finance-1", "finance-2"},
)
"""Who may take the step that leads away from each status of ORDER."""


class Payments(RuleBasedStateMachine):
    """One agreement whose first tranche goes its way, while everything that must not happen is tried."""

    case: Case

    @initialize(far=st.sampled_from((5, 6, 0, 2)))
    def begin(self, far: int) -> None:
        """Start from a signed agreement: with nothing asked for, or with the first tranche as far as it is said."""
        self.agreement = get_agreement(self.case.agreement.ref)
        self.line = self.agreement.budget_lines[0]
        self.proven = 0
        self.request: PaymentRequest | None = None
        self.signed: list[str] = []
        self.is_edited = False
        self.is_matched = False
        self.count = 0
        if far:
            self.ask(1)
        for _step in range(far - 1):
            self.go_on()

    @property
    def step(self) -> int:
        return len(self.signed)

    def attempt(self, act: Any, *, allowed: bool) -> bool:
        """Act, and expect success exactly where the model allows it; what is refused leaves nothing behind."""
        if allowed:
            act()
            return True
        with pytest.raises(DomainError), db.session.begin_nested():
            act()
        return False

    @precondition(lambda self: self.proven < self.line.amount_fen and not self.is_matched)
    @rule(percent=st.integers(1, 100))
    def spend(self, percent: int) -> None:
        """Prove a spending; together they never go over their line (L11)."""
        amount = self.line.amount_fen * percent // 100
        case = Case(self.case.parties, self.agreement)
        if self.attempt(lambda: make.accept(case, amount), allowed=self.proven + amount <= self.line.amount_fen):
            self.proven += amount

    @precondition(lambda self: self.request is None)
    @rule(number=st.integers(1, 3))
    def ask(self, number: int) -> None:
        """Ask for a tranche: the first one, once; the later ones have gates that are not passed (L5)."""
        case = Case(self.case.parties, self.agreement)
        may = number == 1 and self.request is None

        def act() -> None:
            self.request = make.request(case, number)

        self.attempt(act, allowed=may)

    @precondition(lambda self: self.request is not None and self.step < len(MAY))
    @rule(who=st.sampled_from(HANDS), ahead=st.sampled_from((0, 0, 0, 1)))
    def sign(self, who: str, ahead: int) -> None:
        """Let anybody take the next step or the one after: the right hand takes the next, each but once (L6, L7)."""
        request, at = self.request, self.step + ahead
        if request is None or at >= len(MAY):
            return
        pays = at == len(MAY) - 1
        may = not ahead and who in MAY[at] and who not in self.signed and not (pays and self.is_edited)
        if self.attempt(lambda: self._take(request, at, who), allowed=may):
            self.signed.append(who)

    @rule()
    def go_on(self) -> None:
        """Let the right hand take the next step."""
        if self.request is not None and self.step < len(MAY):
            self.sign(next(who for who in HANDS if who in MAY[self.step] and who not in self.signed), 0)

    def _take(self, request: PaymentRequest, at: int, who: str) -> None:
        self.count += 1
        actor = staff(who)
        steps: tuple[Any, ...] = (
            lambda: service.pass_community(request=request, officer=actor),
            lambda: service.pass_programme(request=request, officer=actor),
            lambda: service.pass_finance(request=request, officer=actor),
            lambda: service.approve(request=request, approver=actor, office_record="纪要〔2026〕1号"),
            lambda: service.pay(request=request, officer=actor, bank_reference=f"HD{self.count}", paid_on=today()),
        )
        steps[at]()

    @precondition(lambda self: self.request is not None and ORDER[self.step] is PaymentStatus.APPROVED)
    @rule()
    def edit(self) -> None:
        """Change what was approved behind everybody's back and try to pay; a second time changes it back (L7)."""
        assert self.request is not None
        purpose = "第一期项目经费" if self.is_edited else "别的用途"
        db.session.execute(update(PaymentRequest).where(PaymentRequest.id == self.request.id).values(purpose=purpose))
        db.session.refresh(self.request)
        self.is_edited = not self.is_edited
        if self.is_edited:
            self.go_on()

    @precondition(lambda self: self.step == len(MAY))
    @rule(fits=st.booleans())
    def read_statement(self, fits: bool) -> None:
        """Read in a line of the bank: what agrees matches once, anything else stays on the list (L13)."""
        assert self.request is not None
        self.count += 1
        other = {} if fits else {"reference": f"HD-X{self.count}"}
        _made, matched = take([line_of(self.request, **other)])
        assert matched == (1 if fits and not self.is_matched else 0)
        self.is_matched = self.is_matched or fits
        for line in queries.list_unmatched_lines():
            request = self.request
            if self.is_matched:
                with pytest.raises(DomainError), db.session.begin_nested():
                    service.match_line(line=line, request=request, officer=staff("finance-1"))

    @invariant()
    def the_model_and_the_books_agree(self) -> None:
        """Reserved and paid are what the model says."""
        if not hasattr(self, "agreement"):
            return
        money = ledger.project_money(self.agreement.project.ref)
        amount = self.request.amount_fen if self.request else 0
        is_paid = self.step == len(MAY)
        assert money.paid_fen == (amount if is_paid else 0)
        assert money.paid_fen + money.reserved_fen in (0, amount)
        assert queries.accepted_fen(self.agreement.id) == self.proven
        if self.request is not None:
            assert self.request.status is ORDER[self.step]

    def what_never_goes(self) -> None:
        """A running project has no final account (L11), and a tranche is asked for once (L5)."""
        project = self.agreement.project.ref
        wanted = {"project_ref": project, "officer": staff("finance-1"), "reason": "结算"}
        self.attempt(lambda: ledger_service.propose_settlement(**wanted), allowed=False)
        if self.request is not None:
            self.attempt(lambda: make.request(Case(self.case.parties, self.agreement), 1), allowed=False)

    def teardown(self) -> None:
        """Check all payments and the whole ledger, then leave nothing behind."""
        try:
            if hasattr(self, "agreement"):
                self.what_never_goes()
            faults = queries.check_payments() if not self.is_edited else []
            assert [*faults, *ledger.check_ledger()] == []
        finally:
            db.session.rollback()


@pytest.mark.slow
def test_no_order_of_acts_breaks_a_payment(ctx: Flask) -> None:
    assert ctx.testing
    Payments.case = make.make_case()
    db.session.commit()
    run_state_machine_as_test(
        Payments,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
