"""A returned request: a list that nobody edits, an answer to every item, and what changed side by side."""

import pytest
from flask import Flask
from sqlalchemy import text, update
from sqlalchemy.exc import DBAPIError

from grants.foundation.clock import today
from grants.foundation.database import db
from grants.foundation.errors import NotPermitted, RuleBroken
from grants.payments import queries, service
from grants.payments.models import PaymentRequest, ReturnItem
from grants.payments.rules import Correction, ItemKind, PaymentStatus
from grants.supervision.queries import spending_of_month
from reports.gather.payment_papers import payment_approval
from tests.factories import payments as make
from tests.factories.payments import Case, staff


@pytest.fixture
def case(ctx: Flask) -> Case:
    """Make a signed agreement."""
    return make.make_case()


def returned(case: Case, *texts: str) -> PaymentRequest:
    request = make.make_request(case, PaymentStatus.PROGRAMME_PASSED)
    make.send_back(request, "finance-1", *texts)
    return request


def again(case: Case, request: PaymentRequest, answers: dict[int, str], purpose: str = "第一期项目经费") -> None:
    service.request_again(request=request, actor=case.member, purpose=purpose, answers=answers)


def test_every_item_is_answered_before_the_request_is_sent_again(case: Case) -> None:
    request = returned(case, "更换发票", "补签到表")
    for answers, field in (({}, "answer_1"), ({1: "已更换"}, "answer_2"), ({1: "已更换", 2: "  "}, "answer_2")):
        with pytest.raises(RuleBroken, match="逐项说明") as refusal:
            again(case, request, answers)
        assert refusal.value.field == field
        assert request.status is PaymentStatus.RETURNED
    again(case, request, {1: "已更换", 2: "已补齐"}, purpose="六场培训的讲师费")
    seen = queries.list_returns(request)[0]
    assert [(item.text, item.answer, item.answered_by_id) for item in seen.items] == [
        ("更换发票", "已更换", case.member.id),
        ("补签到表", "已补齐", case.member.id),
    ]
    assert [(part.before, part.now) for part in seen.differences] == [("第一期项目经费", "六场培训的讲师费")]
    assert queries.list_open_items(request) == []


def test_a_second_return_keeps_the_first_with_its_answers(case: Case) -> None:
    request = returned(case, "更换发票")
    again(case, request, {1: "已更换"})
    make.advance(case, request, PaymentStatus.COMMUNITY_PASSED)
    make.send_back(request, "programme-1", "写明用途")
    assert [(one.cycle, one.by, one.items[0].answer) for one in queries.list_returns(request)] == [
        (2, staff("programme-1").display_name, None),
        (1, staff("finance-1").display_name, "已更换"),
    ]
    again(case, request, {1: "已写明"})
    make.advance(case, request, PaymentStatus.CONFIRMED)
    assert queries.current_cycle(request) == 3


@pytest.mark.parametrize("texts", [[], ["重复", "重复"], [f"第 {number} 项" for number in range(21)]])
def test_an_empty_a_double_or_an_endless_list_is_refused(case: Case, texts: list[str]) -> None:
    request = make.make_request(case, PaymentStatus.REQUESTED)
    with pytest.raises(RuleBroken, match=r"至少一项|列了两次|一次最多") as refusal:
        service.return_request(
            request=request,
            actor=staff("community-1"),
            items=[Correction(ItemKind.OTHER, one) for one in texts],
        )
    assert (refusal.value.field, request.status) == ("faults", PaymentStatus.REQUESTED)


def test_the_database_keeps_the_list_and_the_answers_as_they_were(case: Case) -> None:
    request = returned(case, "更换发票", "补签到表")
    db.session.commit()
    for change in (
        "UPDATE payment_return_item SET text = '另一项'",
        "DELETE FROM payment_return_item",
        "UPDATE payment_submission SET purpose = 'x'",
        "DELETE FROM payment_submission",
    ):
        with pytest.raises(DBAPIError, match="never"):
            db.session.execute(text(change))
        db.session.rollback()
    step = queries.list_returns(request)[0].items[0].step_id
    db.session.add(ReturnItem(step_id=step, position=3, kind=ItemKind.OTHER, text="事后添上的一项"))
    with pytest.raises(DBAPIError, match="stands in the words"):
        db.session.flush()
    db.session.rollback()
    with pytest.raises(DBAPIError, match="every item is answered"):
        db.session.execute(update(PaymentRequest).values(status=PaymentStatus.REQUESTED))
    db.session.rollback()
    again(case, request, {1: "已更换", 2: "已补齐"})
    db.session.commit()
    with pytest.raises(DBAPIError, match="answer is given once"):
        db.session.execute(update(ReturnItem).values(answer="改口"))


def test_only_the_organisation_of_the_agreement_answers(case: Case) -> None:
    request = returned(case)
    for who in ("community-1", "programme-1", "finance-1", "leader-1", "supervisor-1"):
        with pytest.raises(NotPermitted):
            service.request_again(request=request, actor=staff(who), purpose="代办", answers={1: "已更换"})
    assert request.status is PaymentStatus.RETURNED


def test_the_approval_sheet_lists_every_item_with_its_answer(case: Case) -> None:
    request = returned(case, "更换发票")
    again(case, request, {1: "已更换"})
    db.session.flush()
    part = next(part for part in payment_approval(request.ref).document.parts if part.heading == "退回补正情况")
    assert part.tables[0].rows[0].cells == ("第1轮", "其他", "更换发票", "已更换")


def test_what_was_spent_in_a_month_is_shown_by_line(case: Case) -> None:
    make.accept(case, 10_000)
    make.enter(case, 500)
    refused = make.enter(case, 7)
    service.check_voucher(voucher=refused, officer=staff("finance-1"), is_accepted=False, reason="不符")
    month = today().strftime("%Y-%m")
    rows = spending_of_month(case.agreement, month)
    assert (rows[0].voucher_count, rows[0].booked_fen, rows[0].accepted_fen) == (2, 10_500, 10_000)
    assert [row.booked_fen for row in rows[1:]] == [0, 0, 0]
    later = spending_of_month(case.agreement, "2099-01")[0]
    assert (later.booked_fen, later.until_fen, later.agreed_fen) == (0, 10_500, 4_000_000)
