"""The final account of a project: the unspent goes back, the unproven is claimed, and nothing stays open."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from grants.foundation.clock import now, today
from grants.foundation.database import db
from grants.foundation.errors import NotPermitted, RuleBroken
from grants.foundation.models import AuditEntry
from grants.funds import queries, service
from grants.funds.models import FundProposal, Journal
from grants.funds.queries import Recovery
from grants.funds.rules import ProposalKind, ProposalStatus
from grants.payments.rules import PaymentStatus
from tests.browsing import Browser
from tests.factories import funds, payments, settling
from tests.factories.payments import staff

Browse = Callable[[str | None], Browser]
SPENT = queries.ProjectMoney(6_000_000, 0, 0, 1_200_000, 4_800_000)


@pytest.fixture
def project(app: Flask) -> str:
    """Terminate an agreement of which 12,000 of 30,000 元 are proven; return the project's reference."""
    with app.app_context():
        ref = settling.make_terminated().agreement.project.ref
        db.session.commit()
    return ref


def test_a_terminated_project_is_settled_and_pays_back_to_the_last_fen(
    app: Flask, project: str, browse: Browse
) -> None:
    finance, second, member = browse("finance-1"), browse("finance-2"), browse("org-1")
    assert f"/funds/settlements/new/{project}" in finance.get("/desk").html
    page = f"/funds/settlements/new/{project}"
    seen = finance.submit(page, {"recover_fen": "17999.99", "reason": "按终止协议结算"}, status=422)
    assert "追缴金额应在 18,000.00 元至 30,000.00 元之间" in seen.text
    assert seen.soup.find("textarea", {"name": "reason"}).text.strip() == "按终止协议结算"
    settled = finance.submit(page, {"reason": "按终止协议结算"}).location
    member.get(settled, status=403)
    finance.post("/funds/proposals/ZD-00001/confirm", status=403)
    assert "没有生效" not in second.follow("/funds/proposals/ZD-00001/confirm").text
    with app.app_context():
        assert queries.project_money(project) == queries.ProjectMoney(6_000_000, 0, 0, 3_000_000, 3_000_000)
    assert "退回 18,000.00 元" in member.get(settled).text
    assert f'href="{settled}"' in member.get("/desk").html
    browse("org-2").get(settled, status=403)
    receive = {"amount_fen": "10,000", "document_number": "SK-1", "reason": "收到退款"}
    path = finance.get(settled).soup.find("a", href=re.compile("propose/recover"))["href"]
    for number, amount in ((2, "10,000"), (3, "8,000")):
        finance.submit(path, {**receive, "amount_fen": amount})
        second.post(f"/funds/proposals/ZD-0000{number}/confirm")
    assert "已全部退回" in finance.get("/funds/settlements/?recovery=done").text
    assert "18000.00" in finance.get("/funds/settlements.csv").html
    with app.app_context():
        assert queries.project_money(project) == SPENT
        assert queries.check_everything() == {"ledger": [], "settlements": [], "payments": [], "events": []}
        acts = db.session.scalars(db.select(AuditEntry.action))
        tags = [action for action in acts if action.startswith(("settlement", "fund_p"))]
        assert sorted(tags) == ["fund_proposal:confirm"] * 3 + ["fund_proposal:make"] * 2 + ["settlement:propose"]


@pytest.mark.usefixtures("ctx")
def test_what_is_not_paid_back_in_time_is_overdue() -> None:
    _case, settlement = settling.make_settled()
    assert [row.recovery for row in queries.list_settlements()] == [Recovery.OPEN]
    with time_machine.travel(now() + timedelta(days=31)):
        row = queries.row_of(settlement)
        assert (row.recovery, row.outstanding_fen) == (Recovery.OVERDUE, 1_800_000)
        assert any(item.is_late(today()) for item in queries.list_due_for(staff("finance-1")))
        assert any(item.is_late(today()) for item in queries.list_due_for(staff("org-1")))
    fund = queries.find_fund_of_project(settlement.project_ref)
    assert fund is not None
    with pytest.raises(RuleBroken, match=r"还应退回 18,000\.00 元"):
        service.propose(
            fund=fund,
            kind=ProposalKind.RECOVER,
            key=settlement.project_ref,
            amount_fen=1_800_001,
            document_number="SK-1",
            reason="收到退款",
            officer=staff("finance-1"),
        )


@pytest.mark.usefixtures("ctx")
def test_a_project_is_not_settled_while_anything_of_it_is_open() -> None:
    case = payments.make_case()
    ref = case.agreement.project.ref
    wanted = {"project_ref": ref, "officer": staff("finance-1"), "reason": "结算"}
    with pytest.raises(RuleBroken, match="还在实施"):
        service.propose_settlement(**wanted)
    request = payments.make_request(case, PaymentStatus.FINANCE_PASSED)
    settling.terminate_agreement(agreement=case.agreement, by=staff("leader-1"), reason="逾期拒不整改。")
    with pytest.raises(RuleBroken, match=r"30,000\.00 元在途审批"):
        service.propose_settlement(**wanted)
    payments.service.reject(request=request, approver=staff("leader-1"), reason="协议已终止")
    with pytest.raises(NotPermitted):
        service.propose_settlement(**wanted | {"officer": staff("leader-1")})
    settlement = service.propose_settlement(**wanted)
    assert (settlement.unspent_fen, settlement.recover_fen, settlement.due_on) == (6_000_000, 0, None)
    with pytest.raises(RuleBroken, match="已经办理决算"):
        service.propose_settlement(**wanted)


@pytest.mark.usefixtures("ctx")
def test_no_more_comes_back_than_was_claimed_however_it_is_proposed() -> None:
    _case, settlement = settling.make_settled()
    fund = queries.find_fund_of_project(settlement.project_ref)
    assert fund is not None
    wanted = {"fund": fund, "kind": ProposalKind.RECOVER, "key": settlement.project_ref, "amount_fen": 1_500_000}
    first, second = (
        service.propose(**wanted, document_number=f"SK-{number}", reason="收到退款", officer=staff("finance-1"))
        for number in (1, 2)
    )
    service.confirm(proposal=first, officer=staff("finance-2"))
    with pytest.raises(RuleBroken, match=r"还应退回 3,000\.00 元"):
        service.confirm(proposal=second, officer=staff("finance-2"))
    assert queries.settling_faults() == []
    hands = {"maker": staff("finance-1"), "checker": staff("finance-2")}
    service.give_back(project_ref=settlement.project_ref, amount_fen=300_001, request_id="past", was_paid=True, **hands)
    assert queries.settling_faults() == [f"{settlement.project_ref}: more came back than was claimed"]


@pytest.mark.usefixtures("ctx")
def test_books_that_changed_since_are_not_confirmed() -> None:
    case = settling.make_terminated()
    ref = case.agreement.project.ref
    settlement = service.propose_settlement(project_ref=ref, officer=staff("finance-1"), reason="结算")
    hands = {"maker": staff("finance-1"), "checker": staff("finance-2")}
    service.give_back(project_ref=ref, amount_fen=1, request_id="meanwhile", was_paid=True, **hands)
    with pytest.raises(RuleBroken, match="账目有变动"):
        service.confirm(proposal=settlement.proposal, officer=staff("finance-2"))


@pytest.mark.usefixtures("ctx")
def test_the_database_keeps_a_settled_project_shut() -> None:
    _case, settlement = settling.make_settled()
    ref = settlement.project_ref
    with time_machine.travel(now() + timedelta(minutes=1)):
        returned = settlement.proposal.journal
        assert returned is not None
        maker, checker, _payer = funds.hands()
        with pytest.raises(IntegrityError, match="a settled project takes no more money"), db.session.begin_nested():
            service.reverse(journal=returned, maker=maker, checker=checker, request_id="again", reason="更正")
    for statement, words in (
        ("UPDATE settlement SET recover_fen = 0, due_on = NULL", "never changed"),
        ("DELETE FROM settlement", "never deleted"),
    ):
        with pytest.raises(IntegrityError, match=words), db.session.begin_nested():
            db.session.execute(text(statement))
    assert queries.project_money(ref) == queries.ProjectMoney(6_000_000, 0, 0, 3_000_000, 3_000_000)


@pytest.mark.usefixtures("ctx")
def test_a_settlement_counts_only_with_nothing_left_open() -> None:
    case = settling.make_terminated()
    ref = case.agreement.project.ref
    settlement = service.propose_settlement(project_ref=ref, officer=staff("finance-1"), reason="结算")
    journal = db.session.scalars(db.select(Journal)).first()
    assert journal is not None
    done = db.update(FundProposal).where(FundProposal.id == settlement.proposal_id)
    with pytest.raises(IntegrityError, match="holds nothing open"), db.session.begin_nested():
        db.session.execute(
            done.values(
                status=ProposalStatus.CONFIRMED,
                journal_id=journal.id,
                decided_by_id=staff("finance-2").id,
                decided_at=now(),
            )
        )
