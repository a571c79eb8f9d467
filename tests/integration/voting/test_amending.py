"""After the freeze: nothing that decides the result changes, and what may change takes two people and is public."""

import json
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy.exc import DBAPIError

from grants.foundation import audit, clock
from grants.foundation.database import db
from grants.foundation.errors import DomainError, NotPermitted, RuleBroken, TransitionRefused
from grants.people import queries as people_queries
from grants.people.models import User
from grants.voting import queries, service
from grants.voting.models import Poll, PollAmendment, RollEntry
from grants.voting.rules import AmendmentStatus, Channel, PollStatus
from grants.voting.rules.amendments import Wording
from tests.browsing import Browser
from tests.factories import people

Browse = Callable[[str | None], Browser]


def _user(login: str) -> User:
    found = people_queries.find_user(login)
    assert found is not None
    return found


# Extensions


def test_an_extension_takes_two_people_and_moves_the_deadline(app: Flask, ref: str) -> None:
    with app.app_context():
        poll = queries.get_poll(ref)
        before = poll.closes_at
        later = before + timedelta(days=2)
        programme, leader = _user("programme-1"), _user("leader-1")
        with pytest.raises(RuleBroken):
            service.propose_extension(
                officer=programme, poll=poll, closes_at=before - timedelta(minutes=1), reason="提前结束"
            )
        with pytest.raises(NotPermitted):
            service.propose_extension(officer=_user("community-1"), poll=poll, closes_at=later, reason="连日下雨")
        amendment = service.propose_extension(
            officer=programme, poll=poll, closes_at=later, reason="连日下雨，出行不便"
        )
        with pytest.raises(NotPermitted):
            service.decide_amendment(officer=programme, amendment=amendment, adopt=True)
        assert poll.closes_at == before
        service.decide_amendment(officer=leader, amendment=amendment, adopt=True)
        db.session.commit()
        assert poll.closes_at == later
        with pytest.raises(NotPermitted):
            service.decide_amendment(officer=leader, amendment=amendment, adopt=False)
        assert json.loads(poll.rule_file or "")["closes_at"] == before.isoformat()
        actions = db.session.scalars(db.select(audit.AuditEntry.action)).all()
        assert {"poll:propose_amendment", "poll:adopt_amendment"} <= set(actions)


def test_a_refused_change_changes_nothing_and_stays_on_the_page(app: Flask, ref: str, browse: Browse) -> None:
    later = (clock.local(clock.now()) + timedelta(days=9)).strftime("%Y-%m-%dT%H:%M")
    fields = {"closes_at": later, "reason": "希望多给几天时间"}
    browse("programme-1").post(f"/polls/{ref}/amend/extension", fields)
    page = browse("leader-1").get(f"/polls/{ref}")
    assert "待另一人确认" in page.text
    action = next(form["action"] for form in page.soup.select("form") if form.get("action", "").endswith("/refuse"))
    browse("programme-1").post(action, status=403)
    browse("leader-1").post(action)
    seen = browse(None).get(f"/polls/{ref}").text
    for words in ("未同意", "希望多给几天时间", "社区建设部", "分管领导"):
        assert words in seen
    assert "programme-1" not in seen
    with app.app_context():
        assert queries.get_poll(ref).closes_at < clock.now() + timedelta(days=8)


def test_an_undecided_extension_keeps_a_poll_from_closing(app: Flask, ref: str) -> None:
    with app.app_context():
        poll = queries.get_poll(ref)
        programme, leader = _user("programme-1"), _user("leader-1")
        later = poll.closes_at + timedelta(hours=5)
        amendment = service.propose_extension(officer=programme, poll=poll, closes_at=later, reason="服务器维护")
        with clock.set_to(poll.closes_at + timedelta(hours=1)):
            assert service.close_due_polls() == []
            with pytest.raises(TransitionRefused):
                service.close_poll(officer=leader, poll=poll)
            service.decide_amendment(officer=leader, amendment=amendment, adopt=True)
            assert service.close_due_polls() == []
        with clock.set_to(poll.closes_at + timedelta(minutes=1)):
            assert service.close_due_polls() == [ref]
            assert (poll.status, poll.closed_by_id) == (PollStatus.CLOSED, None)
            assert service.close_due_polls() == []


def test_a_closed_poll_takes_no_change_any_more(app: Flask, ref: str) -> None:
    with app.app_context():
        poll = queries.get_poll(ref)
        wording = Wording("question")
        late = service.propose_wording(
            officer=_user("programme-1"), poll=poll, wording=wording, text="新的说明", reason="有错别字"
        )
        with clock.set_to(poll.closes_at + timedelta(minutes=1)):
            service.close_due_polls()
            with pytest.raises(TransitionRefused):
                service.decide_amendment(officer=_user("leader-1"), amendment=late, adopt=True)
            service.decide_amendment(officer=_user("leader-1"), amendment=late, adopt=False)
            with pytest.raises(NotPermitted):
                service.propose_extension(
                    officer=_user("programme-1"),
                    poll=poll,
                    closes_at=clock.now() + timedelta(days=1),
                    reason="再来一次",
                )


# Outages


def test_an_outage_gives_its_minutes_back_to_every_channel(app: Flask, ref: str) -> None:
    with app.app_context():
        poll = queries.get_poll(ref)
        began, before = poll.opens_at + timedelta(hours=1), poll.closes_at
        with clock.set_to(began + timedelta(hours=6)):
            first = _outage(poll, began, 45, Channel.KIOSK)
            shared = _outage(poll, began + timedelta(minutes=30), 30, None)
            inside = _outage(poll, began + timedelta(minutes=10), 20, Channel.WEB)
            assert [one.amendment.change if one.amendment else None for one in (first, shared, inside)] == [
                {"minutes": 45},
                {"minutes": 15},
                None,
            ]
            for one in (first, shared):
                service.decide_amendment(officer=_user("leader-1"), amendment=one.amendment, adopt=True)
        db.session.commit()
        assert poll.closes_at == before + timedelta(minutes=60)


def test_minutes_lost_at_the_very_end_are_given_in_full(app: Flask, ref: str) -> None:
    with app.app_context():
        poll = queries.get_poll(ref)
        deadline = poll.closes_at
        with clock.set_to(deadline + timedelta(hours=2)):
            outage = _outage(poll, deadline - timedelta(minutes=30), 30, None)
            service.decide_amendment(officer=_user("leader-1"), amendment=outage.amendment, adopt=True)
            assert poll.closes_at == clock.now() + timedelta(minutes=30)


@pytest.mark.parametrize(("start", "minutes"), [(-3, 30), (1, 0), (1, -5), (1, 60 * 24 * 30)])
def test_an_outage_lies_in_the_time_of_the_poll(app: Flask, ref: str, start: int, minutes: int) -> None:
    with app.app_context():
        poll = queries.get_poll(ref)
        with pytest.raises(RuleBroken):
            _outage(poll, poll.opens_at + timedelta(hours=start), minutes, None)


def _outage(poll: Poll, began_at: datetime, minutes: int, channel: Channel | None):  # type: ignore[no-untyped-def]
    return service.record_outage(
        officer=_user("programme-1"),
        poll=poll,
        began_at=began_at,
        ended_at=began_at + timedelta(minutes=minutes),
        channel=channel,
        what="机房停电，投票页面打不开",
    )


# The roll


def test_somebody_left_out_is_added_by_community_and_office(app: Flask, ref: str, browse: Browse) -> None:
    with app.app_context():
        left_out = people.make_resident("resident-2", name="李秀英")
        key, number = left_out.person_key, people.id_number(777, left_out.born_on)
        left_out.id_number_index = people.identity_columns(number)["id_number_index"]
        db.session.commit()
    browse("resident-2").get(f"/polls/{ref}/ballot", status=200)
    fields = {"id_number": number, "reason": "迁入登记晚于名册导入"}
    browse("community-1").post(f"/polls/{ref}/amend/roll", fields)
    with app.app_context():
        amendment = db.session.scalars(db.select(PollAmendment)).one()
        with pytest.raises(NotPermitted):
            service.decide_amendment(officer=_user("community-1"), amendment=amendment, adopt=True)
        path = f"/polls/{ref}/amendments/{amendment.id}/adopt"
    browse("programme-1").post(path)
    seen = browse(None).get(f"/polls/{ref}").text
    assert "为银杏社区增补 1 名居民" in seen
    assert "银杏社区居委会" in seen
    assert "李秀英" not in seen
    with app.app_context():
        assert db.session.get(RollEntry, (queries.get_poll(ref).id, key)) is not None
    assert "请选您支持的选项" in browse("resident-2").get(f"/polls/{ref}/ballot").text


def test_nobody_comes_onto_the_roll_twice_too_young_or_from_elsewhere(app: Flask, ref: str) -> None:
    with app.app_context():
        poll = queries.get_poll(ref)
        day = clock.today()
        young = people.make_resident(None, name="小明", born_on=day.replace(year=day.year - 12))
        elsewhere = people.make_resident(None, name="外社区", place=people.community(2))
        known = _user("resident-1").resident
        for resident in (young, elsewhere, known):
            with pytest.raises(RuleBroken):
                service.propose_roll(officer=_user("programme-1"), poll=poll, resident=resident, reason="漏列了")
        mine = people.make_resident(None, name="本社区")
        with pytest.raises(NotPermitted):
            service.propose_roll(officer=_user("community-2"), poll=poll, resident=mine, reason="漏列了")


def test_two_proposals_for_one_person_add_one_entry(app: Flask, ref: str) -> None:
    with app.app_context():
        poll = queries.get_poll(ref)
        mine = people.make_resident(None, name="本社区")
        both = [
            service.propose_roll(officer=_user(login), poll=poll, resident=mine, reason="漏列了")
            for login in ("programme-1", "community-1")
        ]
        service.decide_amendment(officer=_user("leader-1"), amendment=both[0], adopt=True)
        with pytest.raises(RuleBroken):
            service.decide_amendment(officer=_user("leader-1"), amendment=both[1], adopt=True)


# Words


def test_words_are_corrected_and_costs_never(app: Flask, ref: str) -> None:
    with app.app_context():
        poll = queries.get_poll(ref)
        programme, leader = _user("programme-1"), _user("leader-1")
        frozen = poll.rule_hash
        amendment = service.propose_wording(
            officer=programme,
            poll=poll,
            wording=Wording.parse("option_title:02"),
            text="停车有序·邻里共商",
            reason="名称有误",
        )
        service.decide_amendment(officer=leader, amendment=amendment, adopt=True)
        db.session.commit()
        assert poll.options[1].title == "停车有序·邻里共商"
        assert poll.rule_hash == frozen
        for field in ("budget_fen", "rule", "cost_fen:02", "option_cost_fen:02", "option_title:99"):
            with pytest.raises(RuleBroken):
                service.propose_wording(
                    officer=programme, poll=poll, wording=Wording.parse(field), text="1", reason="改一改"
                )
        with pytest.raises(DBAPIError, match="options of a frozen poll"):
            db.session.execute(db.text("UPDATE poll_option SET cost_fen = 1"))
        db.session.rollback()


def test_a_correction_of_words_that_changed_meanwhile_is_refused(app: Flask, ref: str) -> None:
    with app.app_context():
        poll = queries.get_poll(ref)
        two = [
            service.propose_wording(
                officer=_user("programme-1"), poll=poll, wording=Wording("title"), text=text, reason="更准确"
            )
            for text in ("甲", "乙")
        ]
        service.decide_amendment(officer=_user("leader-1"), amendment=two[0], adopt=True)
        with pytest.raises(DomainError):
            service.decide_amendment(officer=_user("leader-1"), amendment=two[1], adopt=True)
        db.session.rollback()


def test_a_decided_amendment_is_never_changed_or_deleted(app: Flask, ref: str) -> None:
    with app.app_context():
        poll = queries.get_poll(ref)
        later = poll.closes_at + timedelta(days=1)
        amendment = service.propose_extension(officer=_user("programme-1"), poll=poll, closes_at=later, reason="下雨")
        service.decide_amendment(officer=_user("leader-1"), amendment=amendment, adopt=True)
        assert amendment.status is AmendmentStatus.ADOPTED
        db.session.commit()
        for statement in (
            "UPDATE poll_amendment SET reason = 'x'",
            "UPDATE poll_amendment SET status = 'proposed', decided_by_id = NULL, decided_at = NULL",
            "DELETE FROM poll_amendment",
        ):
            with pytest.raises(DBAPIError, match="amendment"):
                db.session.execute(db.text(statement))
            db.session.rollback()


def test_pages_of_change_open_to_the_right_people(ref: str, browse: Browse) -> None:
    for login in ("programme-1", "leader-1", "community-1"):
        assert "提出变更或登记中断" in browse(login).get(f"/polls/{ref}").text
    assert "提出变更或登记中断" not in browse("resident-1").get(f"/polls/{ref}").text
    for what in ("extension", "wording", "outage", "roll"):
        browse("programme-1").get(f"/polls/{ref}/amend/{what}")
        browse("resident-1").get(f"/polls/{ref}/amend/{what}", status=403)
    assert "只有社区建设部或分管领导可以提出" in browse("community-1").get(f"/polls/{ref}/amend/extension").text
    assert "增补由本社区居委会" in browse("community-2").get(f"/polls/{ref}/amend/roll").text
    browse("leader-1").post(f"/polls/{ref}/amendments/{uuid.uuid4()}/adopt", status=404)
    wrong = {"began_at": "", "ended_at": "2026-01-01T10:00", "what": "机房停电了两小时", "channel": ""}
    refused = browse("programme-1").post(f"/polls/{ref}/amend/outage", wrong, status=422)
    assert "机房停电了两小时" in refused.html
