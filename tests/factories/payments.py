"""Builders of payment requests and vouchers: each brings one to a status through the services, hand by hand."""

import itertools
from dataclasses import dataclass
from datetime import date

from grants.agreements.models import Agreement
from grants.foundation.clock import today
from grants.payments import queries, service
from grants.payments.models import PaymentRequest, Voucher
from grants.payments.rules import Correction, FeeBasis, ItemKind, PaymentStatus
from grants.payments.service.vouchers import Spending
from grants.people import queries as people_queries
from grants.people.models import User
from grants.rounds.rules import BudgetCode
from tests.factories import agreements, supervision
from tests.factories.agreements import Parties

_numbers = itertools.count(1)


def staff(login: str) -> User:
    """Return one of the officers that `make_parties` has made."""
    user = people_queries.find_user(login)
    assert user is not None, f"nobody is called {login}"
    return user


@dataclass(frozen=True)
class Case:
    """A signed agreement and those who deal with its money."""

    parties: Parties
    agreement: Agreement

    @property
    def member(self) -> User:
        """Return who acts for the organisation."""
        return self.parties.member


def make_case() -> Case:
    """Make a street, an organisation and a signed agreement over 60,000 元 in tranches of 50, 40 and 10 percent."""
    return Case(*agreements.make_running())


def request(case: Case, number: int = 1, *, purpose: str = "第一期项目经费") -> PaymentRequest:
    """Ask for a tranche."""
    return service.request_payment(
        tranche=case.agreement.tranches[number - 1],
        actor=case.member,
        purpose=purpose,
        invoice=agreements.make_file("发票.pdf", purpose="invoice"),
    )


ORDER = (
    PaymentStatus.REQUESTED,
    PaymentStatus.COMMUNITY_PASSED,
    PaymentStatus.PROGRAMME_PASSED,
    PaymentStatus.FINANCE_PASSED,
    PaymentStatus.APPROVED,
    PaymentStatus.PAID,
    PaymentStatus.CONFIRMED,
)


def advance(case: Case, wanted: PaymentRequest, status: PaymentStatus) -> PaymentRequest:
    """Let the hands sign in order until the request has reached a status."""
    steps = {
        PaymentStatus.COMMUNITY_PASSED: lambda: service.pass_community(request=wanted, officer=staff("community-1")),
        PaymentStatus.PROGRAMME_PASSED: lambda: service.pass_programme(request=wanted, officer=staff("programme-1")),
        PaymentStatus.FINANCE_PASSED: lambda: service.pass_finance(request=wanted, officer=staff("finance-1")),
        PaymentStatus.APPROVED: lambda: service.approve(
            request=wanted, approver=staff("leader-1"), office_record="街道办公会纪要〔2026〕12号"
        ),
        PaymentStatus.PAID: lambda: service.pay(
            request=wanted, officer=staff("finance-2"), bank_reference=f"HD{next(_numbers):08d}", paid_on=today()
        ),
        PaymentStatus.CONFIRMED: lambda: service.confirm(request=wanted, actor=case.member),
    }
    for target in ORDER[ORDER.index(wanted.status) + 1 : ORDER.index(status) + 1]:
        steps[target]()
    return wanted


def make_request(case: Case, status: PaymentStatus = PaymentStatus.REQUESTED, number: int = 1) -> PaymentRequest:
    """Make a request for a tranche and bring it to a status of the straight way."""
    return advance(case, request(case, number), status)


def send_back(wanted: PaymentRequest, who: str, *texts: str) -> None:
    """Have an officer send a request back with these items; one about the invoice where none is named."""
    items = [Correction(ItemKind.OTHER, text) for text in texts] or [Correction(ItemKind.INVOICE, "发票抬头有误")]
    service.return_request(request=wanted, actor=staff(who), items=items)


def enter(
    case: Case,
    amount_fen: int = 100_000,
    *,
    line: int = 1,
    invoice_number: str = "",
    payee: str = "银杏便民超市",
    spent_on: date | None = None,
    purpose: str = "购买活动物资",
) -> Voucher:
    """Enter a spending against a budget line; what volunteers get is counted in days of 100 元."""
    wanted = case.agreement.budget_lines[line - 1]
    fee = (FeeBasis.VOLUNTEER, -(-amount_fen // 10_000)) if wanted.code is BudgetCode.VOLUNTEERS else (None, None)
    return service.enter_voucher(
        line=wanted,
        actor=case.member,
        spending=Spending(
            invoice_number or f"2632{next(_numbers):08d}", payee, spent_on or today(), amount_fen, purpose, *fee
        ),
        file=agreements.make_file("发票.jpg", purpose="voucher"),
    )


def accept(case: Case, amount_fen: int, *, line: int = 1) -> Voucher:
    """Enter a spending and let finance accept it."""
    voucher = enter(case, amount_fen, line=line)
    service.check_voucher(voucher=voucher, officer=staff("finance-1"), is_accepted=True)
    return voucher


def verify_and_pay_second(case: Case) -> PaymentRequest:
    """Prove that 80 percent of the first tranche is spent, have its milestone verified, and pay the second."""
    accepted = sum(voucher.amount_fen for voucher in queries.list_vouchers_of(case.agreement.id))
    accept(case, case.agreement.tranches[0].amount_fen * 80 // 100 - accepted)
    supervision.verify_milestone(case.parties, case.agreement, 1)
    agreements.pass_midterm(case.agreement)
    return make_request(case, PaymentStatus.PAID, number=2)
