"""Orders to put something right, and complaints; who reads, answers and re-checks."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from grants.agreements.models import Agreement
from grants.foundation.clock import now, today
from grants.foundation.database import db
from grants.foundation.errors import NotPermitted, RuleBroken, TransitionRefused
from grants.foundation.models import Notification
from grants.foundation.web.listing import Window
from grants.people.models import User
from grants.people.queries import find_user
from grants.people.rules import Role
from grants.supervision import policy, queries, service
from grants.supervision.models import Complaint, Rectification
from grants.supervision.rules import RECTIFICATION_FLOW, RectificationAction, RectificationStatus
from tests.factories import agreements, people, supervision
from tests.factories.agreements import Parties


def person(login: str) -> User:
    """Return an account that must exist."""
    found = find_user(login)
    assert found is not None
    return found


# Orders


def test_an_order_counts_as_open_until_it_is_closed(parties: Parties, agreement: Agreement) -> None:
    order = supervision.make_order(parties, agreement)
    assert order.ref.startswith("ZG-2026-01-")
    assert queries.count_open_rectifications(agreement.id) == 1
    supervision.answer(parties, order)
    assert queries.count_open_rectifications(agreement.id) == 1
    service.recheck_rectification(rectification=order, by=parties.programme, is_done=True, note="到位")
    assert queries.count_open_rectifications(agreement.id) == 0


def test_an_order_not_carried_out_opens_again_with_a_new_day(parties: Parties, agreement: Agreement) -> None:
    order = supervision.answer(parties, supervision.make_order(parties, agreement))
    new_day = today() + timedelta(days=7)
    service.recheck_rectification(
        rectification=order, by=parties.community_officer, is_done=False, note="仍缺两页", due_on=new_day
    )
    assert order.status is RectificationStatus.OPEN
    assert order.due_on == new_day
    assert order.rejected_count == 1
    assert [item.due_on for item in queries.list_due_for(parties.member) if order.ref in item.href] == [new_day]


@pytest.mark.parametrize("days", [0, -1, 14, 31])
def test_a_deadline_is_fifteen_to_thirty_days(parties: Parties, agreement: Agreement, days: int) -> None:
    with pytest.raises(RuleBroken) as refusal:
        service.issue_rectification(
            agreement=agreement,
            by=parties.programme,
            problem="问题",
            demand="要求",
            due_on=today() + timedelta(days=days),
        )
    assert refusal.value.field == "due_on"


def test_only_the_programme_and_the_own_community_order_and_recheck(parties: Parties, agreement: Agreement) -> None:
    order = supervision.answer(parties, supervision.make_order(parties, agreement))
    resident = people.make_resident("resident-1").user
    assert resident is not None
    for outsider in (parties.member, person("community-2"), parties.leader, person("finance-1"), resident):
        with pytest.raises(NotPermitted):
            service.issue_rectification(agreement=agreement, by=outsider, problem="问题", demand="要求")
        with pytest.raises(NotPermitted):
            service.recheck_rectification(rectification=order, by=outsider, is_done=True, note="到位")


def test_the_organisation_answers_and_never_rechecks_itself(parties: Parties, agreement: Agreement) -> None:
    order = supervision.make_order(parties, agreement)
    for outsider in (parties.programme, parties.community_officer):
        with pytest.raises(NotPermitted):
            service.answer_rectification(rectification=order, by=outsider, answer="已改")
    supervision.answer(parties, order)
    with pytest.raises(NotPermitted):
        service.recheck_rectification(rectification=order, by=parties.member, is_done=True, note="到位")
    order.closed_by_id = parties.member.id
    with pytest.raises(IntegrityError, match="rechecked_by_somebody_else"):
        db.session.flush()


ORDERS: dict[RectificationStatus, Callable[[Parties, Agreement], Rectification]] = {
    RectificationStatus.OPEN: supervision.make_order,
    RectificationStatus.ANSWERED: lambda parties, made: supervision.answer(
        parties, supervision.make_order(parties, made)
    ),
    RectificationStatus.CLOSED: lambda parties, made: supervision.close(parties, supervision.make_order(parties, made)),
}


@pytest.mark.parametrize("status", RectificationStatus)
@pytest.mark.parametrize("action", RectificationAction)
def test_only_what_the_table_allows_can_be_done(
    parties: Parties, agreement: Agreement, status: RectificationStatus, action: RectificationAction
) -> None:
    order = ORDERS[status](parties, agreement)

    def do() -> None:
        if action is RectificationAction.ANSWER:
            supervision.answer(parties, order)
        else:
            service.recheck_rectification(
                rectification=order,
                by=parties.programme,
                is_done=action is RectificationAction.ACCEPT,
                note="复查",
            )

    if RECTIFICATION_FLOW.allows(status, action):
        do()
        assert order.status is RECTIFICATION_FLOW.next(status, action)
    else:
        with pytest.raises(TransitionRefused):
            do()
        assert order.status is status


def test_the_database_ties_an_orders_status_to_its_columns(parties: Parties, agreement: Agreement) -> None:
    order = supervision.make_order(parties, agreement)
    for name, values in (
        ("closed_at_iff_closed", {"status": RectificationStatus.CLOSED}),
        ("closed_at_iff_closed", {"closed_at": now()}),
        ("answer_when_answered", {"status": RectificationStatus.ANSWERED}),
    ):
        with pytest.raises(IntegrityError, match=name), db.session.begin_nested():
            db.session.execute(db.update(Rectification).where(Rectification.id == order.id).values(**values))


def test_an_order_lies_on_the_desk_of_whoever_is_next(parties: Parties, agreement: Agreement) -> None:
    order = supervision.make_order(parties, agreement)
    mine = f"/supervision/rectifications/{order.ref}"

    def waits_for(user: User) -> bool:
        return mine in {item.href for item in queries.list_due_for(user)}

    assert waits_for(parties.member)
    assert not waits_for(parties.community_officer)
    supervision.answer(parties, order)
    assert not waits_for(parties.member)
    assert waits_for(parties.community_officer)
    assert waits_for(parties.programme)
    assert not waits_for(person("community-2"))


# Complaints


def test_a_complaint_by_a_visitor_is_found_again_by_its_code_only(parties: Parties, agreement: Agreement) -> None:
    sent = service.complain(project_ref=agreement.project.ref, text="饭菜凉了。", contact="13800138000")
    assert sent.complaint.ref.startswith("TS-")
    assert queries.find_complaint_by_code(sent.code.lower()) is sent.complaint
    assert queries.find_complaint_by_code("0000-0000-0000-0000") is None
    assert queries.find_complaint_by_code("not a code") is None
    assert sent.code not in str(sent.complaint.query_index)


def test_the_contact_is_kept_sealed_and_looked_at_with_a_reason(parties: Parties, agreement: Agreement) -> None:
    complaint = supervision.make_complaint(agreement)
    assert complaint.contact_cipher is not None
    assert "13800138000" not in complaint.contact_cipher
    with pytest.raises(RuleBroken):
        service.reveal_contact(complaint=complaint, by=parties.programme, reason="")
    with pytest.raises(NotPermitted):
        service.reveal_contact(complaint=complaint, by=parties.leader, reason="好奇")
    assert service.reveal_contact(complaint=complaint, by=parties.programme, reason="核实时间") == "13800138000"
    noted = [entry for entry in db.session().info["audit"] if entry["action"] == "complaint:reveal"]
    assert len(noted) == 1
    assert "13800138000" not in noted[0]["details"]


def test_a_contact_is_forgotten_a_year_after_the_answer(parties: Parties, agreement: Agreement) -> None:
    answered, waiting = supervision.make_complaint(agreement), supervision.make_complaint(agreement)
    service.answer_complaint(complaint=answered, by=parties.programme, answer="已处理")
    with supervision.on_day(364):
        supervision.make_complaint(agreement)
        assert answered.contact_cipher is not None
    with supervision.on_day(367):
        supervision.make_complaint(agreement)
    db.session.expire_all()
    assert answered.contact_cipher is None
    assert waiting.contact_cipher is not None
    assert policy.why_not_reveal(parties.programme, answered) is not None


def test_a_complaint_is_answered_once_by_programme_or_own_community(parties: Parties, agreement: Agreement) -> None:
    sender = people.make_resident("resident-1").user
    complaint = supervision.make_complaint(agreement, sender=sender)
    for outsider in (parties.member, person("community-2"), parties.leader, person("supervisor-1"), sender):
        with pytest.raises(NotPermitted):
            service.answer_complaint(complaint=complaint, by=outsider, answer="已核实")  # type: ignore[arg-type]
    service.answer_complaint(complaint=complaint, by=parties.community_officer, answer="已要求调整送餐路线。")
    with pytest.raises(TransitionRefused):
        service.answer_complaint(complaint=complaint, by=parties.programme, answer="再答一次")
    told = db.session.scalars(db.select(Notification).where(Notification.user_id == sender.id)).all()  # type: ignore[union-attr]
    assert [one.title for one in told] == [f"您的投诉已答复：{complaint.ref}"]


def test_a_report_of_misconduct_reaches_the_supervisor_only(parties: Parties, agreement: Agreement) -> None:
    insider = parties.member
    complaint = supervision.make_complaint(agreement, sender=insider, is_whistleblowing=True)
    everybody = [
        parties.programme,
        parties.leader,
        parties.community_officer,
        person("finance-1"),
        person("admin-1"),
        insider,
    ]
    for outsider in everybody:
        assert policy.why_not_read_complaint(outsider, complaint) is not None
        assert complaint not in queries.list_complaints(Window(), outsider, queries.ComplaintFilters()).items
        assert not any(complaint.ref in item.href for item in queries.list_due_for(outsider))
        with pytest.raises(NotPermitted):
            service.answer_complaint(complaint=complaint, by=outsider, answer="已核实")
    supervisor = person("supervisor-1")
    assert complaint in queries.list_complaints(Window(), supervisor, queries.ComplaintFilters()).items
    assert any(complaint.ref in item.href for item in queries.list_due_for(supervisor))
    service.answer_complaint(complaint=complaint, by=supervisor, answer="已立案核查。")


def test_a_report_of_misconduct_keeps_no_trace_of_its_sender(parties: Parties, agreement: Agreement) -> None:
    complaint = supervision.make_complaint(agreement, sender=parties.member, is_whistleblowing=True)
    assert complaint.sent_by_id is None
    entry = next(one for one in db.session().info["audit"] if one["action"] == "complaint:send")
    assert entry["actor_id"] is None
    complaint.sent_by_id = parties.member.id
    with pytest.raises(IntegrityError, match="whistleblower_is_not_named"):
        db.session.flush()


def test_the_community_reads_its_own_complaints_only(parties: Parties, agreement: Agreement) -> None:
    complaint = supervision.make_complaint(agreement)
    own, other = parties.community_officer, person("community-2")
    assert complaint in queries.list_complaints(Window(), own, queries.ComplaintFilters()).items
    assert complaint not in queries.list_complaints(Window(), other, queries.ComplaintFilters()).items
    assert policy.why_not_read_complaint(other, complaint) is not None


def test_misconduct_is_not_counted_among_public_complaints(parties: Parties, agreement: Agreement) -> None:
    supervision.make_complaint(agreement, is_whistleblowing=True)
    answered = supervision.make_complaint(agreement)
    service.answer_complaint(complaint=answered, by=parties.programme, answer="已处理")
    supervision.make_complaint(agreement)
    assert queries.count_complaints(agreement.project.ref) == (2, 1)


def test_a_complaint_names_a_known_project_and_says_something(parties: Parties, agreement: Agreement) -> None:
    with pytest.raises(RuleBroken) as refusal:
        service.complain(project_ref="GYCT-0000", text="内容")
    assert refusal.value.field == "project_ref"
    with pytest.raises(RuleBroken) as refusal:
        service.complain(project_ref=agreement.project.ref, text=" ")
    assert refusal.value.field == "text"


def test_an_answer_and_its_status_go_together_in_the_database(parties: Parties, agreement: Agreement) -> None:
    complaint = supervision.make_complaint(agreement)
    with pytest.raises(IntegrityError, match="answer_iff_answered"), db.session.begin_nested():
        db.session.execute(db.update(Complaint).where(Complaint.id == complaint.id).values(answer="只有答复"))


def test_a_member_may_complain_about_another_organisation(parties: Parties, agreement: Agreement) -> None:
    other = people.make_organisation("晨曦志愿服务中心")
    stranger = people.make_user("org-2", Role.ORGANISATION, organisation=other)
    complaint = supervision.make_complaint(agreement, sender=stranger)
    assert complaint in queries.list_complaints(Window(), stranger, queries.ComplaintFilters()).items
    assert complaint not in queries.list_complaints(Window(), parties.member, queries.ComplaintFilters()).items


def test_an_ended_agreement_takes_no_new_orders(parties: Parties) -> None:
    ended = agreements.make_terminated(parties)
    with pytest.raises(NotPermitted, match="已经结束"):
        supervision.make_order(parties, ended)
