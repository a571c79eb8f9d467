"""Builders of projects that have ended, for their final accounts."""

from grants.agreements.service import terminate_agreement
from grants.funds import service
from grants.funds.models import Settlement
from grants.payments.rules import PaymentStatus
from tests.factories import payments, people
from tests.factories.payments import Case, staff
from tests.factories.remembering import remembered


@remembered
def make_terminated() -> Case:
    """Terminate an agreement over 60,000 元 by the organisation's fault: 30,000 元 were paid, 12,000 元 are proven."""
    case = payments.make_case()
    payments.make_request(case, PaymentStatus.CONFIRMED)
    payments.accept(case, 1_200_000)
    terminate_agreement(agreement=case.agreement, by=staff("leader-1"), reason="逾期拒不整改。")
    other = people.make_organisation("星火志愿服务中心")
    people.make_user("org-2", people.Role.ORGANISATION, organisation=other)
    return case


def make_settled() -> tuple[Case, Settlement]:
    """Settle that agreement: 30,000 元 go back to the fund, 18,000 元 are claimed."""
    case = make_terminated()
    settlement = service.propose_settlement(
        project_ref=case.agreement.project.ref, officer=staff("finance-1"), reason="按终止协议结算。"
    )
    service.confirm(proposal=settlement.proposal, officer=staff("finance-2"))
    return case, settlement
