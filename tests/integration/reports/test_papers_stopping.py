"""The notices that stop money and ask for it back: their sums are those of the database, asked for apart."""

import pytest

from grants.agreements import service as agreements
from grants.evaluation.models import Evaluation
from grants.foundation.database import db
from grants.foundation.errors import NotFound, RuleBroken
from grants.foundation.money import yuan
from grants.funds import service as funds
from reports.documents import balances
from reports.gather.choices import OPERATOR
from reports.gather.stopping_papers import owing, recovery, suspended, suspension
from tests.factories.payments import Case, staff
from tests.integration.reports.conftest import PAID_FEN, SPENT_FEN
from tests.integration.reports.reading import gathered, printed, scalar

Evaluated = tuple[Case, Evaluation]
ACCEPTED_FEN = SPENT_FEN[0] + SPENT_FEN[1]


def test_a_suspension_is_put_in_a_notice_until_it_is_lifted(evaluated: Evaluated) -> None:
    case = evaluated[0]
    ref = case.agreement.ref
    with pytest.raises(NotFound):
        suspension(ref)
    agreements.suspend_agreement(agreement=case.agreement, by=case.parties.programme, reason="场地无法使用。")
    db.session.commit()
    assert [one.ref for one in suspended(OPERATOR, None)] == [ref]
    text = printed("suspension-notice", gathered("suspension-notice", ref))
    for words in ("关于暂停", "场地无法使用。", "暂停期间不受理拨付申请"):
        assert words in text


def test_what_has_to_come_back_is_paid_less_proven_less_returned(evaluated: Evaluated) -> None:
    case = evaluated[0]
    project, ref = case.agreement.project.ref, case.agreement.ref
    with pytest.raises(NotFound, match="已终止或已结项"):
        recovery(ref)
    agreements.terminate_agreement(agreement=case.agreement, by=case.parties.leader, reason="挪用资金。")
    db.session.commit()
    funds.give_back(
        project_ref=project,
        amount_fen=100_001,
        request_id="test:back",
        maker=staff("finance-1"),
        checker=staff("finance-2"),
        was_paid=True,
    )
    db.session.commit()
    assert [one.ref for one in owing(OPERATOR, None)] == [ref]
    made = gathered("recovery-notice", ref)
    balances.check(made.document.balances)
    paid = scalar("SELECT SUM(amount_fen) FROM payment_request WHERE status IN ('paid', 'confirmed')")
    proven = scalar(
        "SELECT SUM(v.amount_fen) FROM voucher v JOIN budget_line b ON b.id = v.budget_line_id"
        " WHERE v.status = 'accepted' AND b.source = 'fiscal'"
    )
    assert (paid, proven) == (PAID_FEN, ACCEPTED_FEN)
    rows = next(block.table for block in made.document.body if block.table).rows
    assert [row.cells[1] for row in rows] == [yuan(fen) for fen in (paid, proven, 100_001, paid - proven - 100_001)]
    text = printed("recovery-notice", made)
    assert f"退回人民币{yuan(paid - proven - 100_001)}元" in text
    assert "关于收回" in text


def test_nothing_is_asked_back_when_all_was_proven(evaluated: Evaluated) -> None:
    case = evaluated[0]
    agreements.terminate_agreement(agreement=case.agreement, by=case.parties.leader, reason="双方协商一致。")
    db.session.execute(
        db.text("UPDATE voucher SET amount_fen = :fen WHERE amount_fen = :old"),
        {"fen": SPENT_FEN[0] + PAID_FEN - ACCEPTED_FEN, "old": SPENT_FEN[0]},
    )
    db.session.commit()
    assert owing(OPERATOR, None) == []
    with pytest.raises(RuleBroken, match="没有需要收回"):
        recovery(case.agreement.ref)
