"""One person, one ballot: casting, receipts, deadlines, secrecy."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask import Flask

from grants.foundation import audit, clock
from grants.foundation.database import db
from grants.foundation.errors import DomainError, NotPermitted, RuleBroken, TransitionRefused
from grants.people import queries as people_queries
from grants.voting import queries, service
from grants.voting.models import Ballot, Poll, RollEntry
from grants.voting.rules import PollStatus
from tests.browsing import Browser
from tests.factories import people, rounds, voting

Browse = Callable[[str | None], Browser]


@dataclass(frozen=True)
class Town:
    """What every test here starts from."""

    poll_ref: str


@pytest.fixture
def town(app: Flask) -> Town:
    """Make a street with an open poll in its first community."""
    with app.app_context():
        people.make_street()
        staff = people.make_staff()
        for number in range(1, 6):
            people.make_resident(f"resident-{number}", name=f"居民{number}")
        people.make_resident("resident-9", place=people.community(2))
        round_ = rounds.make_round()
        poll = voting.make_open(staff["programme-1"], staff["leader-1"], round_, people.community(1))
        ref = poll.ref
        db.session.commit()
    return Town(ref)


def _cast_through_pages(browser: Browser, ref: str, choices: list[str]) -> str:
    """Vote as a person does and return the receipt code."""
    soup = browser.get(f"/polls/{ref}/ballot").soup
    token = soup.find("input", {"name": "token"})["value"]
    checked = browser.post(f"/polls/{ref}/ballot", {"token": token, "step": "check", "choice": choices}, status=200)
    assert "请核对您的选择" in checked.text
    done = browser.post(f"/polls/{ref}/ballot", {"token": token, "step": "cast", "choice": choices}, status=200)
    return done.soup.find(class_="receipt__code").get_text(strip=True)


def test_a_resident_votes_in_three_screens_and_finds_the_receipt(town: Town, browse: Browse) -> None:
    browser = browse("resident-1")
    code = _cast_through_pages(browser, town.poll_ref, ["01", "03"])
    assert "找到了" in browse(None).post(f"/polls/{town.poll_ref}/receipt", {"code": code.lower()}, status=200).text
    assert "您已投票" in browser.get(f"/polls/{town.poll_ref}").text


def test_the_same_form_twice_returns_the_same_receipt(town: Town, browse: Browse, app: Flask) -> None:
    browser = browse("resident-1")
    token = browser.get(f"/polls/{town.poll_ref}/ballot").soup.find("input", {"name": "token"})["value"]
    fields = {"token": token, "step": "cast", "choice": ["01"]}
    first = browser.post(f"/polls/{town.poll_ref}/ballot", fields, status=200)
    second = browser.post(f"/polls/{town.poll_ref}/ballot", {**fields, "choice": ["02"]}, status=200)
    code = first.soup.find(class_="receipt__code").get_text()
    assert second.soup.find(class_="receipt__code").get_text() == code
    with app.app_context():
        assert [row[1] for row in queries.list_board(queries.get_poll(town.poll_ref))] == ["01"]


def test_a_second_form_after_voting_is_refused_by_channel(town: Town, browse: Browse) -> None:
    first, second = browse("resident-1"), browse("resident-1")
    token = second.get(f"/polls/{town.poll_ref}/ballot").soup.find("input", {"name": "token"})["value"]
    _cast_through_pages(first, town.poll_ref, ["01"])
    refused = second.post(
        f"/polls/{town.poll_ref}/ballot", {"token": token, "step": "cast", "choice": ["02"]}, status=409
    )
    assert "网上" in refused.text
    assert "每人只能投一次" in refused.text


def test_neighbours_of_another_community_look_on(town: Town, browse: Browse) -> None:
    browse("resident-9").get(f"/polls/{town.poll_ref}")
    browse("resident-9").get(f"/polls/{town.poll_ref}/ballot", status=403)
    browse("programme-1").get(f"/polls/{town.poll_ref}/ballot", status=403)


@pytest.mark.parametrize("choices", [[], ["01", "02", "03", "04"], ["99"], ["01", "01"], ["01,02"]])
def test_a_malformed_ballot_is_refused_on_both_screens(town: Town, browse: Browse, choices: list[str]) -> None:
    browser = browse("resident-1")
    token = browser.get(f"/polls/{town.poll_ref}/ballot").soup.find("input", {"name": "token"})["value"]
    for step in ("check", "cast"):
        browser.post(f"/polls/{town.poll_ref}/ballot", {"token": token, "step": step, "choice": choices}, status=422)


def test_a_form_minted_for_somebody_else_is_worthless(town: Town, browse: Browse) -> None:
    token = browse("resident-1").get(f"/polls/{town.poll_ref}/ballot").soup.find("input", {"name": "token"})["value"]
    fields = {"token": token, "step": "cast", "choice": ["01"]}
    browse("resident-2").post(f"/polls/{town.poll_ref}/ballot", fields, status=403)
    middle = len(token) // 2
    forged = token[:middle] + ("A" if token[middle] != "A" else "B") + token[middle + 1 :]
    browse("resident-2").post(f"/polls/{town.poll_ref}/ballot", {**fields, "token": forged}, status=422)


def test_nothing_is_taken_before_the_start_or_after_the_deadline(town: Town, app: Flask) -> None:
    for days in (-1, 7):
        with app.app_context(), clock.set_to(clock.now() + timedelta(days=days, minutes=1)):
            poll = queries.get_poll(town.poll_ref)
            resident = people_queries.find_user("resident-1").resident
            token = service.mint_form(poll=poll, person_key=resident.person_key)
            with pytest.raises(TransitionRefused):
                service.cast(poll=poll, person_key=resident.person_key, marking={"01": 1}, token=token)


def test_no_tally_is_anywhere_before_the_count(town: Town, browse: Browse) -> None:
    _cast_through_pages(browse("resident-1"), town.poll_ref, ["03"])
    for login in (None, "resident-2", "programme-1", "leader-1", "supervisor-1", "admin-1"):
        browser = browse(login)
        browser.get(f"/polls/{town.poll_ref}/result", status=404)
        browser.get(f"/polls/{town.poll_ref}/choices.csv", status=404)
        # One ballot is no batch yet: not even its leaf is on the board, and the turnout is rounded down
        assert browser.get(f"/polls/{town.poll_ref}/board.csv").html.split() == ["\ufeffposition,leaf"]
        assert "一键守望" not in browser.get(f"/polls/{town.poll_ref}/board").text
        assert "已投票（约） 0 人" in browser.get(f"/polls/{town.poll_ref}").text


def _seal(poll: Poll) -> None:
    service.ask_seal(officer=people_queries.find_user("programme-1"), poll=poll)
    service.witness_seal(supervisor=people_queries.find_user("supervisor-1"), poll=poll)


def test_four_eyes_freeze_and_open_and_count(app: Flask, town: Town) -> None:
    with app.app_context():
        programme, leader = (people_queries.find_user(login) for login in ("programme-1", "leader-1"))
        poll = queries.get_poll(town.poll_ref)
        with pytest.raises(TransitionRefused):
            service.close_poll(officer=leader, poll=poll)
        with clock.set_to(clock.now() + timedelta(days=8)):
            service.close_poll(officer=leader, poll=poll)
            _seal(poll)
            with pytest.raises(NotPermitted):
                service.count_poll(officer=programme, poll=poll)
            service.count_poll(officer=leader, poll=poll)
        assert poll.status is PollStatus.COUNTED


def test_the_count_says_who_won_and_why_the_others_did_not(app: Flask, town: Town, browse: Browse) -> None:
    for number, choices in enumerate((["01", "02"], ["01", "03"], ["01", "03"], ["03", "04"], ["04"]), start=1):
        _cast_through_pages(browse(f"resident-{number}"), town.poll_ref, choices)
    with app.app_context(), clock.set_to(clock.now() + timedelta(days=8)):
        leader = people_queries.find_user("leader-1")
        poll = queries.get_poll(town.poll_ref)
        service.close_poll(officer=leader, poll=poll)
        _seal(poll)
        service.count_poll(officer=leader, poll=poll)
        # 03 (7.2) and 01 (9.8) tie at three votes: the cheaper goes first, 01 no longer fits 16.0 − 7.2, 02 (5.2) does.
        assert poll.result["winners"] == ["03", "02"]
        assert queries.result_for("XQ-01-001-0001").why == "轮到它时剩余预算不够"
        assert queries.result_for("XQ-01-001-0003").is_funded
        db.session.commit()
    shown = browse(None).get(f"/polls/{town.poll_ref}/result")
    assert "轮到它时剩余预算不够" in shown.text
    assert len(browse(None).get(f"/polls/{town.poll_ref}/board.csv").html.splitlines()) == 6


def test_a_ballot_row_and_its_audit_entry_name_nobody(town: Town, browse: Browse, app: Flask) -> None:
    _cast_through_pages(browse("resident-1"), town.poll_ref, ["01"])
    with app.app_context():
        entry = db.session.scalars(db.select(audit.AuditEntry).where(audit.AuditEntry.action == "ballot:cast")).one()
        assert entry.actor_id is None
        assert set(Ballot.__table__.columns.keys()) == {"poll_id", "code", "choices", "salt", "leaf"}


def test_fifty_parallel_posts_of_one_voter_leave_one_ballot(town: Town, app: Flask) -> None:
    with app.app_context():
        poll = queries.get_poll(town.poll_ref)
        person = people_queries.find_user("resident-1").resident.person_key
        tokens = [service.mint_form(poll=poll, person_key=person) for _number in range(10)]
    outcomes: list[str] = []

    def post(number: int) -> None:
        with app.app_context():
            try:
                resident = people_queries.find_user("resident-1").resident
                service.cast(
                    poll=queries.get_poll(town.poll_ref),
                    person_key=resident.person_key,
                    marking={"01": 1},
                    token=tokens[number % 10],
                )
                db.session.commit()
                outcomes.append("cast")
            except DomainError as error:
                db.session.rollback()
                outcomes.append(type(error).__name__)

    threads = [threading.Thread(target=post, args=(number,)) for number in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(outcomes) == 50
    assert set(outcomes) <= {"cast", "TransitionRefused"}
    with app.app_context():
        poll = queries.get_poll(town.poll_ref)
        assert queries.count_ballots(poll) == 1
        voted = db.session.scalars(db.select(RollEntry).where(RollEntry.has_voted, RollEntry.poll_id == poll.id)).all()
        assert len(voted) == 1


def test_a_poll_needs_options_that_make_sense(app: Flask, town: Town) -> None:
    with app.app_context():
        officer = people_queries.find_user("programme-1")
        poll = db.session.scalars(db.select(Poll)).one()
        with pytest.raises(RuleBroken):
            voting.make_draft(officer, poll.round, poll.community, budget_fen=100)
        with pytest.raises(NotPermitted):
            voting.make_draft(people_queries.find_user("community-2"), poll.round, poll.community)
