"""Papers for the notice board, and orders to an organisation."""

from flask import Flask

from grants.agreements import service as agreements_service
from grants.evaluation.models import Evaluation
from grants.foundation.database import db
from grants.foundation.money import yuan
from grants.payments.rules import PaymentStatus
from grants.rounds import queries as rounds_queries
from grants.rounds import service as rounds_service
from grants.rounds.models import Objection
from tests.factories import agreements, payments, rounds, supervision
from tests.factories.payments import Case
from tests.integration.reports.conftest import PAID_FEN, SPENT_FEN
from tests.integration.reports.reading import gathered, printed, scalar

Evaluated = tuple[Case, Evaluation]


def test_a_notice_hangs_as_it_was_published_and_later_tells_how_it_ended(ctx: Flask) -> None:
    found = rounds.make_notice(agreements.make_parties().round)
    ref, title = found.ref, found.title
    db.session.commit()
    text = printed("public-notice", gathered("public-notice", ref))
    assert title in text
    assert "文件" not in text
    assert ref in text
    assert "公示期满" not in text
    rounds.end_notice(rounds_queries.get_notice(ref))
    db.session.commit()
    assert "没有收到异议" in printed("public-notice", gathered("public-notice", ref))


def test_a_notice_never_names_who_objected(ctx: Flask) -> None:
    found = rounds.make_notice(agreements.make_parties().round)
    rounds_service.raise_objection(notice=found, name="范明理", contact="13800001234", text="金额偏高。")
    ref = found.ref
    db.session.commit()
    assert db.session.query(Objection).count() == 1
    text = printed("public-notice", gathered("public-notice", ref))
    assert "范明理" not in text
    assert "13800001234" not in text


def test_the_announcement_of_money_is_that_of_the_ledger(evaluated: Evaluated) -> None:
    made = gathered("fund-notice", evaluated[0].parties.round.ref)
    total = made.document.body[1].table.rows[-1].cells
    fiscal = scalar("SELECT SUM(amount_fen) FROM agreement")
    assert total[2:] == (yuan(fiscal), yuan(PAID_FEN), yuan(SPENT_FEN[0] + SPENT_FEN[1]))
    text = printed("fund-notice", made)
    assert "资金使用情况公告" in text
    assert yuan(PAID_FEN) in text


def test_an_order_says_what_is_wrong_and_by_when(evaluated: Evaluated) -> None:
    case = evaluated[0]
    order = supervision.make_order(case.parties, case.agreement)
    ref, problem, due, organisation = order.ref, order.problem, order.due_on, case.agreement.organisation.name
    db.session.commit()
    text = printed("rectification-notice", gathered("rectification-notice", ref))
    assert "限期整改的通知" in text
    assert "".join(problem.split()) in text
    assert f"{due.month}月{due.day}日前完成整改" in text
    assert organisation in text
    assert "复查通过" not in text
    closed = db.session.execute(db.text("SELECT ref FROM rectification WHERE status = 'closed'")).scalar_one()
    assert "复查通过" in printed("rectification-notice", gathered("rectification-notice", closed))


def test_a_termination_asks_back_what_was_paid_and_not_proven(ctx: Flask) -> None:
    case = payments.make_case()
    payments.make_request(case, PaymentStatus.CONFIRMED)
    payments.accept(case, 1_234_567, line=1)
    agreements_service.terminate_agreement(agreement=case.agreement, by=case.parties.leader, reason="逾期拒不整改。")
    db.session.commit()
    paid = scalar("SELECT SUM(amount_fen) FROM payment_request WHERE status = 'confirmed'")
    spent = scalar("SELECT SUM(amount_fen) FROM voucher WHERE status = 'accepted'")
    text = printed("termination-notice", gathered("termination-notice", case.agreement.ref))
    assert f"{yuan(paid - spent)}元（大写：人民币" in text
    assert "资助协议的通知" in text
