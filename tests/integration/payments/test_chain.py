"""The chain of a payment: six people, one content, one payment; and every wrong turn."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import text, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from grants.agreements import service as agreement_service
from grants.foundation import clock
from grants.foundation.clock import today
from grants.foundation.database import db
from grants.foundation.errors import DomainError, NotPermitted, RuleBroken, TransitionRefused
from grants.foundation.models import StoredFile
from grants.funds import service as ledger
from grants.funds.queries import ProjectMoney, project_money
from grants.payments import queries, service
from grants.payments.models import PaymentRequest, PaymentStep
from grants.payments.rules import PAYMENT_FLOW, PaymentAction, PaymentStatus
from grants.people.models import Organisation
from grants.people.rules import Role
from grants.supervision import service as supervision
from tests.factories import agreements, funds, people
from tests.factories import payments as make
from tests.factories import supervision as supervised
from tests.factories.payments import Case, staff


@pytest.fixture
def case(ctx: Flask) -> Case:
    """Make a signed agreement."""
    return make.make_case()


def money(case: Case) -> ProjectMoney:
    return project_money(case.agreement.project.ref)


def test_six_people_bring_the_first_tranche_to_the_organisation(case: Case) -> None:
    request = make.make_request(case, PaymentStatus.CONFIRMED)
    assert request.amount_fen == 3_000_000
    assert money(case) == ProjectMoney(6_000_000, 3_000_000, 0, 3_000_000, 0)
    assert len(queries.signers(request)) == 6
    assert [step.action for step in request.steps] == [
        PaymentAction.REQUEST,
        PaymentAction.PASS_COMMUNITY,
        PaymentAction.PASS_PROGRAMME,
        PaymentAction.PASS_FINANCE,
        PaymentAction.APPROVE,
        PaymentAction.PAY,
        PaymentAction.CONFIRM,
    ]
    funds.assert_ledger_holds()


def test_money_is_held_from_the_programme_office_on(case: Case) -> None:
    request = make.make_request(case, PaymentStatus.COMMUNITY_PASSED)
    assert money(case).reserved_fen == 0
    make.advance(case, request, PaymentStatus.PROGRAMME_PASSED)
    assert (money(case).available_fen, money(case).reserved_fen) == (3_000_000, 3_000_000)


Act = Callable[[PaymentRequest, str], None]
ACTS: dict[PaymentStatus, Act] = {
    PaymentStatus.REQUESTED: lambda request, who: service.pass_community(request=request, officer=staff(who)),
    PaymentStatus.COMMUNITY_PASSED: lambda request, who: service.pass_programme(request=request, officer=staff(who)),
    PaymentStatus.PROGRAMME_PASSED: lambda request, who: service.pass_finance(request=request, officer=staff(who)),
    PaymentStatus.FINANCE_PASSED: lambda request, who: service.approve(
        request=request, approver=staff(who), office_record="纪要〔2026〕12号"
    ),
    PaymentStatus.APPROVED: lambda request, who: service.pay(
        request=request, officer=staff(who), bank_reference="HD1", paid_on=today()
    ),
    PaymentStatus.PAID: lambda request, who: service.confirm(request=request, actor=staff(who)),
}
RIGHT = {
    PaymentStatus.REQUESTED: {"community-1"},
    PaymentStatus.COMMUNITY_PASSED: {"programme-1", "programme-2"},
    PaymentStatus.PROGRAMME_PASSED: {"finance-1", "finance-2"},
    PaymentStatus.FINANCE_PASSED: {"leader-1", "leader-2"},
    PaymentStatus.APPROVED: {"finance-2"},
    PaymentStatus.PAID: {"org-1"},
}
EVERYBODY = (
    *("org-1", "community-1", "community-2", "programme-1", "programme-2", "finance-1", "finance-2"),
    *("leader-1", "leader-2", "supervisor-1", "admin-1"),
)


@pytest.mark.parametrize("status", ACTS)
def test_nobody_else_takes_a_step(case: Case, status: PaymentStatus) -> None:
    request = make.make_request(case, status)
    db.session.commit()
    for who in EVERYBODY:
        if who not in RIGHT[status]:
            with pytest.raises(NotPermitted):
                ACTS[status](request, who)
            db.session.rollback()
    for who in RIGHT[status]:
        ACTS[status](request, who)
        db.session.rollback()


@pytest.mark.parametrize("status", ACTS)
@pytest.mark.parametrize("turn", ACTS)
def test_a_step_out_of_turn_is_refused(case: Case, status: PaymentStatus, turn: PaymentStatus) -> None:
    if turn is status:
        return
    request = make.make_request(case, status)
    with pytest.raises(TransitionRefused):
        ACTS[turn](request, sorted(RIGHT[turn])[0])


def test_one_person_with_two_offices_signs_once(case: Case) -> None:
    both = people.make_user("both", Role.PROGRAMME)
    people_grant(both.id, Role.FINANCE)
    request = make.make_request(case, PaymentStatus.COMMUNITY_PASSED)
    service.pass_programme(request=request, officer=both)
    with pytest.raises(NotPermitted, match="您已在“社区建设部审核”环节签过字"):
        service.pass_finance(request=request, officer=both)


def people_grant(user_id: object, role: Role) -> None:
    from grants.people.models import RoleGrant, User

    db.session.add(RoleGrant(user_id=user_id, role=role, starts_on=today() - timedelta(days=1)))
    db.session.flush()
    db.session.refresh(db.session.get_one(User, user_id))


def test_the_finance_officer_who_checked_does_not_pay(case: Case) -> None:
    request = make.make_request(case, PaymentStatus.APPROVED)
    with pytest.raises(NotPermitted, match="街道财政审核"):
        service.pay(request=request, officer=staff("finance-1"), bank_reference="HD1", paid_on=today())


def write_step(request: PaymentRequest, action: PaymentAction, who: str) -> None:
    db.session.add(PaymentStep(request=request, action=action, actor=staff(who)))
    db.session.flush()


def test_the_database_itself_counts_six_signatures(case: Case) -> None:
    request = make.make_request(case, PaymentStatus.APPROVED)
    db.session.commit()
    paid = {"status": "paid", "paid_on": today(), "bank_reference": "HD9"}
    with pytest.raises(DBAPIError, match=r"stands in the ledger|six signatures"):
        db.session.execute(update(PaymentRequest).where(PaymentRequest.id == request.id).values(**paid))
    db.session.rollback()
    hands = {"maker": staff("finance-1"), "checker": staff("leader-1"), "payer": staff("finance-2")}
    ledger.pay(
        project_ref=case.agreement.project.ref,
        amount_fen=request.amount_fen,
        reservation=f"{request.ref}/1/reserve",
        request_id=f"{request.ref}/pay",
        document_hash="",
        **hands,
    )
    db.session.commit()
    with pytest.raises(DBAPIError, match="six signatures"):
        db.session.execute(update(PaymentRequest).where(PaymentRequest.id == request.id).values(**paid))
    db.session.rollback()
    with pytest.raises(IntegrityError, match=r"one_signature_a_person|request_id"):
        write_step(request, PaymentAction.PAY, "finance-1")
    db.session.rollback()
    for change in ("UPDATE payment_step SET note = 'x'", "DELETE FROM payment_step"):
        with pytest.raises(DBAPIError, match=r"never|append-only"):
            db.session.execute(text(change))
        db.session.rollback()


def test_returning_frees_the_money_and_voids_every_signature(case: Case) -> None:
    request = make.make_request(case, PaymentStatus.FINANCE_PASSED)
    make.send_back(request, "leader-1")
    assert (request.status, money(case).reserved_fen) == (PaymentStatus.RETURNED, 0)
    service.request_again(
        request=request, actor=case.member, purpose="第一期项目经费（重新开票）", answers={1: "已重新开票"}
    )
    assert queries.current_cycle(request) == 2
    assert set(queries.signers(request)) == {case.member.id}
    make.advance(case, request, PaymentStatus.CONFIRMED)
    assert money(case).paid_fen == 3_000_000
    funds.assert_ledger_holds()


@pytest.mark.parametrize(
    ("status", "who", "wrong"),
    [
        (PaymentStatus.REQUESTED, "community-1", "community-2"),
        (PaymentStatus.COMMUNITY_PASSED, "programme-2", "community-1"),
        (PaymentStatus.PROGRAMME_PASSED, "finance-2", "programme-1"),
        (PaymentStatus.FINANCE_PASSED, "leader-2", "finance-1"),
        (PaymentStatus.APPROVED, "finance-1", "leader-1"),
    ],
)
def test_whoever_has_the_next_step_may_send_back(case: Case, status: PaymentStatus, who: str, wrong: str) -> None:
    request = make.make_request(case, status)
    with pytest.raises(NotPermitted):
        make.send_back(request, wrong)
    make.send_back(request, who)
    assert request.status is PaymentStatus.RETURNED
    assert money(case).reserved_fen == 0


def test_a_rejected_tranche_can_be_asked_for_anew(case: Case) -> None:
    request = make.make_request(case, PaymentStatus.FINANCE_PASSED)
    with pytest.raises(NotPermitted):
        service.reject(request=request, approver=staff("finance-1"), reason="不同意")
    service.reject(request=request, approver=staff("leader-1"), reason="项目进度不实，不予拨付。")
    assert money(case).available_fen == 6_000_000
    with pytest.raises(TransitionRefused):
        service.request_again(request=request, actor=case.member, purpose="再来")
    assert make.request(case).ref != request.ref


def test_a_tranche_is_requested_once(case: Case) -> None:
    first = make.request(case)
    with pytest.raises(NotPermitted, match=first.ref):
        make.request(case)
    db.session.commit()
    with pytest.raises(IntegrityError):
        db.session.execute(
            text(
                "INSERT INTO payment_request (id, ref, tranche_id, agreement_id, status, amount_fen, purpose,"
                " payee_name, payee_bank, payee_account_index, payee_account_last4, created_at)"
                " SELECT journal.id, 'BF-X', tranche_id, agreement_id, 'requested', amount_fen, purpose,"
                " payee_name, payee_bank, payee_account_index, payee_account_last4, created_at"
                " FROM payment_request, journal LIMIT 1"
            )
        )


@pytest.mark.parametrize("change", ["invoice", "purpose", "payee_account_index", "amount_fen"])
def test_any_edit_after_the_approval_voids_it(case: Case, change: str) -> None:
    request = make.make_request(case, PaymentStatus.APPROVED)
    db.session.commit()
    if change == "invoice":
        db.session.execute(update(StoredFile).values(sha256="f" * 64))
    else:
        value = {"purpose": "别的用途", "payee_account_index": "0" * 64, "amount_fen": 3_000_001}[change]
        db.session.execute(update(PaymentRequest).values(**{change: value}))
    db.session.expire_all()
    with pytest.raises(RuleBroken, match=r"失效|变化"):
        service.pay(request=request, officer=staff("finance-2"), bank_reference="HD1", paid_on=today())
    assert money(case).paid_fen == 0


def test_an_account_changed_after_signing_stops_the_payment(case: Case) -> None:
    request = make.make_request(case, PaymentStatus.APPROVED)
    db.session.execute(
        update(Organisation).where(Organisation.id == case.agreement.payee_id).values(account_index="0" * 64)
    )
    db.session.expire_all()
    with pytest.raises(RuleBroken, match="补充协议"):
        service.pay(request=request, officer=staff("finance-2"), bank_reference="HD1", paid_on=today())


def test_the_organisation_can_take_a_request_back_and_correct_it(case: Case) -> None:
    request = make.make_request(case, PaymentStatus.APPROVED)
    stranger = people.make_user("org-2", Role.ORGANISATION, organisation=people.make_organisation("星火志愿服务中心"))
    with pytest.raises(NotPermitted):
        service.recall_request(request=request, actor=stranger, reason="捣乱")
    service.recall_request(request=request, actor=case.member, reason="发票金额写错了")
    assert (request.status, request.content_hash, money(case).reserved_fen) == (PaymentStatus.RETURNED, None, 0)
    funds.assert_ledger_holds()


def test_a_large_sum_needs_the_record_of_the_office_meeting(case: Case) -> None:
    case.agreement.project.round.settings = {
        **case.agreement.project.round.settings,
        "office_meeting_threshold_fen": 3_000_000,
    }
    request = make.make_request(case, PaymentStatus.FINANCE_PASSED)
    with pytest.raises(RuleBroken, match="三重一大") as refusal:
        service.approve(request=request, approver=staff("leader-1"))
    assert refusal.value.field == "office_record"
    service.approve(request=request, approver=staff("leader-1"), office_record="街道办公会纪要〔2026〕12号")


def test_a_payment_needs_its_bank_paper_and_a_sensible_day(case: Case) -> None:
    request = make.make_request(case, PaymentStatus.APPROVED)
    for reference, day, field in (
        (" ", today(), "bank_reference"),
        ("HD1", today() + timedelta(days=1), "paid_on"),
        ("HD1", today() - timedelta(days=2), "paid_on"),
    ):
        with pytest.raises(RuleBroken) as refusal:
            service.pay(request=request, officer=staff("finance-2"), bank_reference=reference, paid_on=day)
        assert refusal.value.field == field


def test_without_invoice_or_purpose_or_agreement_nothing_is_requested(case: Case) -> None:
    tranche = case.agreement.tranches[0]
    for purpose, invoice, field in ((" ", agreements.make_file(), "purpose"), ("经费", None, "invoice")):
        with pytest.raises(RuleBroken) as refusal:
            service.request_payment(tranche=tranche, actor=case.member, purpose=purpose, invoice=invoice)
        assert refusal.value.field == field
    with pytest.raises(NotPermitted, match="承接组织申请"):
        service.request_payment(
            tranche=tranche, actor=staff("programme-1"), purpose="经费", invoice=agreements.make_file()
        )


def open_midterm_gate(case: Case) -> None:
    """Pay the first tranche, prove its spending and have the milestone verified by both sides."""
    make.make_request(case, PaymentStatus.CONFIRMED)
    make.accept(case, 2_400_000, line=1)
    verify(case, 1)
    agreements.pass_midterm(case.agreement)


def verify(case: Case, position: int) -> None:
    supervised.verify_milestone(case.parties, case.agreement, position)


def test_the_middle_tranche_waits_for_each_of_its_conditions(case: Case) -> None:
    def refused(match: str) -> None:
        with pytest.raises(RuleBroken, match=match):
            make.request(case, 2)

    refused("请先办理第 1 期拨付")
    make.make_request(case, PaymentStatus.CONFIRMED)
    refused("里程碑.*核实后才能申请")
    verify(case, 1)
    refused("中期评估")
    agreements.pass_midterm(case.agreement)
    refused(r"未达到 80%")
    make.accept(case, 2_399_999)
    refused(r"经认可的支出 23,999\.99 元，未达到 80%")
    make.accept(case, 1)
    order = supervised.make_order(case.parties, case.agreement)
    refused("还有 1 项整改")
    supervision.answer_rectification(rectification=order, by=case.member, answer="已补齐")
    supervision.recheck_rectification(rectification=order, by=staff("programme-1"), is_done=True, note="已核对")
    assert make.request(case, 2).amount_fen == 2_400_000


def test_a_gate_that_closes_again_stops_the_chain(case: Case) -> None:
    open_midterm_gate(case)
    request = make.make_request(case, PaymentStatus.APPROVED, 2)
    supervised.make_order(case.parties, case.agreement)
    with pytest.raises(RuleBroken, match="整改"):
        service.pay(request=request, officer=staff("finance-2"), bank_reference="HD2", paid_on=today())
    make.send_back(request, "finance-2", "整改完成后再申请")
    assert money(case).reserved_fen == 0


def finish(case: Case, spent_fen: int) -> None:
    open_midterm_gate(case)
    make.make_request(case, PaymentStatus.CONFIRMED, 2)
    verify(case, 2)
    rest = spent_fen - 2_400_000
    for line, room in ((1, 1_600_000), (2, 1_500_000), (3, 500_000)):
        part = min(rest, room)
        if part:
            make.accept(case, part, line=line)
        rest -= part
    with pytest.raises(RuleBroken, match="末期评价"):
        make.request(case, 3)
    agreement_service.complete_agreement(agreement=case.agreement, by=staff("leader-1"))


def test_the_last_tranche_pays_only_what_was_really_spent(case: Case) -> None:
    finish(case, 5_700_000)
    assert not queries.is_final_settled(case.agreement)
    request = make.make_request(case, PaymentStatus.CONFIRMED, 3)
    assert request.amount_fen == 300_000
    assert queries.is_final_settled(case.agreement)
    assert money(case) == ProjectMoney(6_000_000, 300_000, 0, 5_700_000, 0)
    funds.assert_ledger_holds()


def test_nothing_more_is_paid_when_less_was_spent_than_paid(case: Case) -> None:
    finish(case, 5_400_000)
    with pytest.raises(RuleBroken, match="无需再拨尾款"):
        make.request(case, 3)
    assert queries.is_final_settled(case.agreement)


def test_a_terminated_agreement_pays_nothing(case: Case) -> None:
    request = make.make_request(case, PaymentStatus.APPROVED)
    agreement_service.terminate_agreement(agreement=case.agreement, by=staff("leader-1"), reason="逾期拒不整改。")
    with pytest.raises(RuleBroken, match="已终止"):
        service.pay(request=request, officer=staff("finance-2"), bank_reference="HD1", paid_on=today())


def test_every_step_leaves_its_status_by_the_table_only() -> None:
    refused = [
        (status, action)
        for status in PaymentStatus
        for action in PaymentAction
        if not PAYMENT_FLOW.allows(status, action)
    ]
    assert len(refused) == len(PaymentStatus) * len(PaymentAction) - len(PAYMENT_FLOW.table)
    for status, action in refused:
        with pytest.raises(DomainError):
            PAYMENT_FLOW.next(status, action)


def test_each_desk_shows_what_waits_for_it(case: Case) -> None:
    request = make.make_request(case)
    expected = {
        PaymentStatus.REQUESTED: {"community-1"},
        PaymentStatus.COMMUNITY_PASSED: {"programme-1", "programme-2"},
        PaymentStatus.PROGRAMME_PASSED: {"finance-1", "finance-2"},
        PaymentStatus.FINANCE_PASSED: {"leader-1", "leader-2"},
        PaymentStatus.APPROVED: {"finance-2"},
        PaymentStatus.PAID: {"org-1"},
        PaymentStatus.CONFIRMED: set(),
    }
    for status, logins in expected.items():
        make.advance(case, request, status)
        assert {who for who in EVERYBODY if queries.list_due_for(staff(who))} == logins
    assert queries.due_on(request) is None


def test_a_step_is_due_after_the_working_days_of_the_round(case: Case) -> None:
    request = make.make_request(case)
    due = queries.due_on(request)
    assert due is not None
    assert due > today()
    item = queries.list_due_for(staff("community-1"))[0]
    assert (item.due_on, item.href) == (due, f"/payments/{request.ref}")


def test_a_step_that_has_used_eighty_percent_of_its_days_warns_on_its_desk(case: Case) -> None:
    request = make.make_request(case, PaymentStatus.COMMUNITY_PASSED)
    term = queries.deadline_of(request)
    assert term is not None
    assert (term.days, term.used, term.is_near) == (5, 0, False)
    days = sorted({request.steps[0].at + timedelta(days=number) for number in range(1, 15)})
    seen = {}
    for moment in days:
        with clock.set_to(moment):
            term = queries.deadline_of(request)
            seen[term.used if term else -1] = queries.list_due_for(staff("programme-1"))[0].meta
    assert "已用" not in seen[3]
    assert "限 5 个工作日，已用 4 个" in seen[4]
    assert "限 5 个工作日，已超 1 个工作日" in seen[6]


def test_a_suspended_agreement_is_not_paid(case: Case) -> None:
    request = make.make_request(case, PaymentStatus.APPROVED)
    agreement_service.suspend_agreement(agreement=case.agreement, by=staff("leader-1"), reason="账目待查清")
    with pytest.raises(RuleBroken, match="账目待查清"):
        service.pay(request=request, officer=staff("finance-2"), bank_reference="HD1", paid_on=today())
    assert money(case).paid_fen == 0
