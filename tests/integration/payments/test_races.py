"""Many hands at once: a budget line is never overspent, and of two hands on one request one wins."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from grants.agreements.models import BudgetLine
from grants.foundation.clock import today
from grants.foundation.database import db
from grants.foundation.errors import DomainError
from grants.funds.queries import project_money
from grants.payments import queries, service
from grants.payments.rules import PaymentStatus
from grants.payments.service import Spending
from tests.factories import agreements, funds
from tests.factories import payments as make
from tests.factories.payments import staff

HANDS = 16


def together(app: Flask, count: int, act: Callable[[int], None]) -> Counter[str]:
    """Let several hands act at the same moment and count how many got through."""
    start = Barrier(count)

    def one(number: int) -> str:
        with app.app_context():
            start.wait(30)
            try:
                act(number)
                db.session.commit()
            except (DomainError, IntegrityError):
                db.session.rollback()
                return "refused"
            finally:
                db.session.remove()
            return "done"

    with ThreadPoolExecutor(count) as pool:
        return Counter(pool.map(one, range(count)))


def test_a_budget_line_is_never_overspent_by_many_hands(app: Flask) -> None:
    with app.app_context():
        case = make.make_case()
        make.enter(case, 1_000_000)
        line_id = case.agreement.budget_lines[0].id
        files = [agreements.make_file(f"发票{number}.jpg").id for number in range(HANDS)]
        db.session.commit()

    def enter(number: int) -> None:
        from grants.foundation.files import get_file

        service.enter_voucher(
            line=db.session.scalars(select(BudgetLine).where(BudgetLine.id == line_id)).one(),
            actor=staff("org-1"),
            spending=Spending(f"N{number}", "银杏便民超市", today(), 700_000, "食材"),
            file=get_file(files[number]),
        )

    assert together(app, HANDS, enter) == {"done": 4, "refused": HANDS - 4}
    with app.app_context():
        line = db.session.get_one(BudgetLine, line_id)
        assert queries.line_booked_fen(line) == 3_800_000


def test_a_payment_is_either_paid_or_sent_back(app: Flask) -> None:
    with app.app_context():
        request = make.make_request(make.make_case(), PaymentStatus.APPROVED)
        ref, project = request.ref, request.agreement.project.ref
        db.session.commit()

    def act(number: int) -> None:
        found = queries.get_request(ref)
        if number == 0:
            service.pay(request=found, officer=staff("finance-2"), bank_reference="HD1", paid_on=today())
        else:
            make.send_back(found, "finance-1")

    assert together(app, 2, act) == {"done": 1, "refused": 1}
    with app.app_context():
        money, status = project_money(project), queries.get_request(ref).status
        paid = status is PaymentStatus.PAID
        assert (money.paid_fen, money.reserved_fen) == ((3_000_000, 0) if paid else (0, 0))
        funds.assert_ledger_holds()


def test_fifty_leaders_at_once_approve_once(app: Flask) -> None:
    with app.app_context():
        request = make.make_request(make.make_case(), PaymentStatus.FINANCE_PASSED)
        ref, project = request.ref, request.agreement.project.ref
        db.session.commit()

    def approve(number: int) -> None:
        approver = staff(("leader-1", "leader-2")[number % 2])
        service.approve(request=queries.get_request(ref), approver=approver, office_record="纪要〔2026〕12号")

    assert together(app, 50, approve) == {"done": 1, "refused": 49}
    with app.app_context():
        assert project_money(project).reserved_fen == 3_000_000
        assert len(queries.signers(queries.get_request(ref))) == 5
        funds.assert_ledger_holds()
