"""Late orders go up step by step, and the supervisor's opinions are answered."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError

from grants.agreements.models import Agreement
from grants.foundation.clock import now
from grants.foundation.database import db
from grants.foundation.errors import NotPermitted, RuleBroken
from grants.people.models import User
from grants.people.rules import Role
from grants.supervision import policy, queries, service
from grants.supervision.models import Rectification, RectificationStep, SupervisionOpinion
from grants.supervision.rules import FlagKind, StepKind
from tests.browsing import Browser
from tests.factories import agreements, people, supervision
from tests.factories.agreements import Parties

Browse = Callable[[str | None], Browser]
DUE = 15
"""The factory's orders are due in fifteen days."""


@pytest.fixture
def order(parties: Parties, agreement: Agreement) -> Rectification:
    """Order something to be put right."""
    return supervision.make_order(parties, agreement)


def desk(user: User) -> str:
    """Return what the desk of somebody says."""
    return " ".join(item.title for item in queries.list_due_for(user))


def remind(parties: Parties, order: Rectification) -> None:
    """Remind the organisation."""
    service.remind(rectification=order, by=parties.community_officer)


def escalate(parties: Parties, order: Rectification, text: str = "已催办，建议约谈负责人。") -> None:
    """Report the order to the leader."""
    service.escalate(rectification=order, by=parties.community_officer, text=text)
    db.session.flush()


def test_a_late_order_is_reminded_then_reported_then_instructed_on(parties: Parties, order: Rectification) -> None:
    with supervision.on_day(DUE):
        assert "催办逾期" not in desk(parties.community_officer), "its last day has not passed"
        with pytest.raises(NotPermitted, match="还没有到"):
            remind(parties, order)
    with supervision.on_day(DUE + 1):
        assert f"催办逾期整改：{order.ref}" in desk(parties.community_officer)
        remind(parties, order)
        with pytest.raises(NotPermitted, match="今天已经催办"):
            remind(parties, order)
    with supervision.on_day(DUE + 6), pytest.raises(NotPermitted, match="满 7 天"):
        escalate(parties, order)
    with supervision.on_day(DUE + 7):
        assert "批示" not in desk(parties.leader)
        with pytest.raises(RuleBroken):
            escalate(parties, order, " ")
        escalate(parties, order)
        assert f"批示逾期整改：{order.ref}" in desk(parties.leader)
        assert "催办逾期" not in desk(parties.community_officer)
        with pytest.raises(NotPermitted, match="已经报请"):
            escalate(parties, order)
        for actor in (parties.programme, parties.member):
            with pytest.raises(NotPermitted):
                service.instruct(rectification=order, by=actor, text="停拨。")
        service.instruct(rectification=order, by=parties.leader, text="约谈负责人，十日内不改终止协议。")
        db.session.flush()
        assert "批示" not in desk(parties.leader)
        with pytest.raises(NotPermitted, match="没有待批示"):
            service.instruct(rectification=order, by=parties.leader, text="再批一次。")


def test_without_a_reminder_nothing_is_reported_and_a_new_deadline_begins_anew(
    parties: Parties, order: Rectification
) -> None:
    with supervision.on_day(DUE + 30):
        with pytest.raises(NotPermitted, match="先催办"):
            escalate(parties, order)
        remind(parties, order)
        escalate(parties, order)
        supervision.answer(parties, order)
        with pytest.raises(NotPermitted, match="已经答复"):
            remind(parties, order)
        service.recheck_rectification(rectification=order, by=parties.programme, is_done=False, note="仍缺两页")
    with supervision.on_day(DUE + 30 + 15 + 7):
        assert policy.steps_since_due(order) == []
        with pytest.raises(NotPermitted, match="先催办"):
            escalate(parties, order)


@pytest.mark.parametrize(
    "who", ["member", "leader", "other"], ids=["the organisation", "the leader", "another community"]
)
def test_only_those_who_issue_orders_remind(parties: Parties, order: Rectification, who: str) -> None:
    other = people.make_user("community-9", Role.COMMUNITY, place=people.community(2))
    actor = {"member": parties.member, "leader": parties.leader, "other": other}[who]
    with supervision.on_day(DUE + 8), pytest.raises(NotPermitted):
        service.remind(rectification=order, by=actor)


def test_the_database_keeps_no_wordless_report_and_no_answer_to_oneself(
    parties: Parties, agreement: Agreement, order: Rectification
) -> None:
    order_id, supervisor = order.id, people.make_user("supervisor-9", Role.SUPERVISOR)
    db.session.commit()
    db.session.add(RectificationStep(rectification_id=order_id, kind=StepKind.ESCALATE, by_id=parties.leader.id))
    with pytest.raises(IntegrityError):
        db.session.flush()
    db.session.rollback()
    answered = {"answer": "已核查。", "answered_at": now(), "answered_by_id": supervisor.id}
    db.session.add(SupervisionOpinion(agreement_id=agreement.id, text="抽查签到。", by_id=supervisor.id, **answered))
    with pytest.raises(IntegrityError):
        db.session.flush()


def test_an_opinion_stands_and_the_programme_answers_it_once(parties: Parties, agreement: Agreement) -> None:
    supervisor = people.make_user("supervisor-9", Role.SUPERVISOR)
    for actor in (parties.programme, parties.member, parties.community_officer):
        with pytest.raises(NotPermitted):
            service.leave_opinion(agreement=agreement, by=actor, text="抽查签到。")
    opinion = service.leave_opinion(agreement=agreement, by=supervisor, text="请核对三月签到表。")
    db.session.flush()
    assert "答复监督意见" in desk(parties.programme)
    with pytest.raises(NotPermitted):
        service.answer_opinion(opinion=opinion, by=supervisor, answer="已核对。")
    service.answer_opinion(opinion=opinion, by=parties.programme, answer="已核对，差两人，已更正。")
    assert "答复监督意见" not in desk(parties.programme)
    with pytest.raises(NotPermitted, match="已经答复"):
        service.answer_opinion(opinion=opinion, by=parties.programme, answer="再答一次。")


def test_steps_and_opinions_on_the_pages(app: Flask, browse: Browse) -> None:
    with app.app_context():
        parties = agreements.make_parties()
        agreement = agreements.make_signed(parties)
        with supervision.on_day(-DUE - 8):
            order = supervision.make_order(parties, agreement)
        people.make_user("supervisor-9", Role.SUPERVISOR)
        page, file = f"/supervision/rectifications/{order.ref}", f"/supervision/{agreement.ref}/"
        db.session.commit()
    officer, leader, member, supervisor = (browse(one) for one in ("community-1", "leader-1", "org-1", "supervisor-9"))
    officer.press(page, "发出催办")
    assert "催办" in member.get(page).text
    assert "请写明内容" in officer.post(f"{page}/escalate", {"text": ""}, status=422).text
    officer.submit(f"{page}/escalate", {"text": "催办无回音，建议约谈。"})
    leader.submit(f"{page}/instruct", {"text": "约谈负责人。"})
    assert "约谈负责人。" in member.get(page).text
    leader.get(f"{page}/instruct", status=403)
    supervisor.post(f"{file}opinions/new", {"text": ""}, status=422)
    supervisor.submit(f"{file}opinions/new", {"text": "请核对签到表。"})
    assert "请核对签到表。" in leader.get(file).text
    for login in ("org-1", "community-1"):
        assert "请核对签到表。" not in browse(login).get(file).html
    programme = browse("programme-1")
    link = next(a["href"] for a in programme.get(file).soup.select("#opinions a"))
    programme.submit(str(link), {"text": "已核对，人数属实。"})
    assert "已核对，人数属实。" in supervisor.get(file).text


def test_a_sign_is_explained_once_and_comes_back_only_with_new_facts(parties: Parties, agreement: Agreement) -> None:
    def silence() -> list[queries.Flag]:
        return [flag for flag in queries.list_flags(agreement) if flag.kind is FlagKind.SILENCE]

    with supervision.on_day(45):
        assert silence() == [], "forty-five days are not too long yet"
    with supervision.on_day(46):
        (flag,) = silence()
        for actor in (parties.member, parties.leader, people.make_user("supervisor-9", Role.SUPERVISOR)):
            with pytest.raises(NotPermitted):
                service.clear_flag(agreement=agreement, by=actor, key=flag.key, reason="场地装修。")
        for key, reason in ((flag.key, " "), ("0" * 64, "场地装修。")):
            with pytest.raises(RuleBroken):
                service.clear_flag(agreement=agreement, by=parties.programme, key=key, reason=reason)
        service.clear_flag(agreement=agreement, by=parties.programme, key=flag.key, reason="场地装修，已报备。")
        db.session.flush()
        assert [one.reason for one in queries.list_clearances(agreement.id)] == ["场地装修，已报备。"]
        with pytest.raises(RuleBroken, match="已经核销"):
            service.clear_flag(agreement=agreement, by=parties.programme, key=flag.key, reason="再核一次。")
        activity = supervision.make_announced(parties, agreement)
    with supervision.on_day(47):
        assert silence() == [], "the same silence, one day longer"
        supervision.record_it(parties, activity)
    with supervision.on_day(46 + 46):
        assert len(silence()) == 1, "a new silence after an activity"


def test_a_sign_is_explained_on_the_page_and_the_supervisor_reads_why(app: Flask, browse: Browse) -> None:
    with app.app_context():
        parties = agreements.make_parties()
        agreement = agreements.make_signed(parties)
        supervision.make_recorded(parties, agreement, photo_sha256="a" * 64)
        supervision.make_recorded(parties, agreement, photo_sha256="a" * 64)
        people.make_user("supervisor-9", Role.SUPERVISOR)
        file = f"/supervision/{agreement.ref}/"
        db.session.commit()
    officer = browse("community-1")
    link = next(str(a["href"]) for a in officer.get(file).soup.select("#flags a") if "/flags/" in str(a["href"]))
    assert "请写明内容" in officer.post(link, {"text": ""}, status=422).text
    officer.submit(link, {"text": "两场连续举行，照片为同一横幅。"})
    officer.get(link, status=404)
    supervisor = browse("supervisor-9")
    assert "照片为同一横幅" in supervisor.get(file).text
    supervisor.get(link, status=403)
    assert "照片为同一横幅" not in browse("org-1").get(file).html
