"""An order to put something right stops every tranche, over HTTP, with its words and the way to it."""

from collections.abc import Callable

from flask import Flask

from grants.foundation.clock import today
from grants.foundation.database import db
from grants.funds.queries import project_money
from grants.payments.rules import PaymentStatus
from grants.supervision import service as supervision
from grants.supervision.queries import get_rectification
from tests.browsing import Browser
from tests.factories import payments as make
from tests.factories import supervision as supervised
from tests.factories.payments import staff

Browse = Callable[[str | None], Browser]
WORDS = "人数与照片不符"


def test_an_open_order_stops_the_payment_and_the_next_request_until_it_is_closed(app: Flask, browse: Browse) -> None:
    with app.app_context():
        case = make.make_case()
        request = make.make_request(case, PaymentStatus.APPROVED)
        order = supervised.make_order(case.parties, case.agreement)
        project, agreement, number = case.agreement.project.ref, case.agreement.ref, order.ref
        address, notice = f"/payments/{request.ref}", f"/supervision/rectifications/{number}"
        db.session.commit()
    finance = browse("finance-2")
    pay = {"bank_reference": "HD-9", "paid_on": today().isoformat(), "note": ""}
    refused = finance.submit(f"{address}/pay", pay, status=422)
    for words in (WORDS, number, "复查通过前暂停拨付"):
        assert words in refused.text, words
    assert refused.soup.find("input", id="bank_reference")["value"] == "HD-9"
    for page in (address, f"{address}/pay"):
        assert finance.get(page).soup.find("a", href=notice), page
    second = f"/payments/agreements/{agreement}/tranches/2/request"
    assert browse("org-1").get(second).soup.find("a", href=notice)
    assert WORDS in finance.get(notice).text
    with app.app_context():
        assert project_money(project).paid_fen == 0
        supervision.answer_rectification(rectification=get_rectification(number), by=staff("org-1"), answer="已补齐")
        supervision.recheck_rectification(
            rectification=get_rectification(number), by=staff("programme-1"), is_done=True, note="已核对"
        )
        db.session.commit()
    finance.submit(f"{address}/pay", pay)
    with app.app_context():
        assert project_money(project).paid_fen == 3_000_000
