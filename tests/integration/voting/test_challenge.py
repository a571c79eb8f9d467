"""Opening a ballot for checking instead of casting it: what is shown is what was marked, and it is never cast."""

import threading
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError

from grants.foundation.database import db
from grants.foundation.errors import DomainError, NotPermitted, RuleBroken, TransitionRefused
from grants.voting import queries, service
from grants.voting.models import Ballot, ChallengedBallot
from grants.voting.rules import leaf_hash
from grants.voting.service.challenge import challenge
from tests.browsing import Browser
from tests.integration.voting.test_board import count
from tests.integration.voting.test_sealing import poll_of_street, vote

Browse = Callable[[str | None], Browser]


@pytest.fixture
def ref(app: Flask) -> str:
    """Make an open poll and return its reference."""
    with app.app_context():
        return poll_of_street(4)[0].ref


def test_a_voter_opens_a_ballot_checks_it_and_votes_with_a_fresh_one(ref: str, browse: Browse, app: Flask) -> None:
    browser = browse("resident-1")
    token = browser.get(f"/polls/{ref}/ballot").soup.find("input", {"name": "token"})["value"]
    path = f"/polls/{ref}/ballot"
    checked = browser.post(path, {"token": token, "step": "check", "choice": ["01", "03"]}, status=200)
    form = checked.soup.find("form", id="challenge")
    assert form["action"] == f"/polls/{ref}/challenge"
    opened = browser.post(form["action"], {"token": token, "choice": ["01", "03"]}, status=200)
    code = opened.soup.find(class_="receipt__code").get_text(strip=True)
    with app.app_context():
        row = queries.find_challenged(queries.get_poll(ref), code)
        assert row is not None
        assert row.leaf == leaf_hash(ref, code, "01,03", row.salt)
        assert all(text in opened.html for text in (row.salt, row.leaf, "01,03"))
    assert "一键守望" in opened.text
    refused = browser.post(path, {"token": token, "step": "cast", "choice": ["01", "03"]}, status=409)
    assert "抽查" in refused.text
    fresh = browser.get(path).soup.find("input", {"name": "token"})["value"]
    done = browser.post(path, {"token": fresh, "step": "cast", "choice": ["01", "03"]}, status=200)
    assert done.soup.find(class_="receipt__code").get_text(strip=True) != code
    assert "没有投出，不计票" in browse(None).post(f"/polls/{ref}/receipt", {"code": code}, status=200).text


def test_opened_ballots_count_for_nothing_and_are_listed_after_the_count(app: Flask, ref: str, browse: Browse) -> None:
    with app.app_context():
        poll = queries.get_poll(ref)
        key = _key("resident-1")
        opened = challenge(
            poll=poll, person_key=key, marking={"04": 1}, token=service.mint_form(poll=poll, person_key=key)
        )
        code, salt, leaf = opened.code, opened.salt, opened.leaf
        db.session.commit()
        vote(poll, key)
    assert code not in browse(None).get(f"/polls/{ref}/board").html
    with app.app_context():
        poll = count(ref)
        assert poll.result is not None
        assert {row["code"]: row["votes"] for row in poll.result["options"]}["04"] == 0
        assert leaf not in queries.list_board_leaves(poll)
    shown = browse(None).get(f"/polls/{ref}/board").html
    assert code in shown
    assert salt in shown


def test_the_same_form_opened_twice_shows_the_same_even_with_other_choices(ctx: Flask) -> None:
    poll, keys = poll_of_street(2)
    token = service.mint_form(poll=poll, person_key=keys[0])
    first = challenge(poll=poll, person_key=keys[0], marking={"01": 1}, token=token)
    again = challenge(poll=poll, person_key=keys[0], marking={"02": 1}, token=token)
    assert (again.code, again.choices) == (first.code, "01")


def test_who_has_voted_or_holds_a_foreign_or_bad_form_opens_nothing(ctx: Flask) -> None:
    poll, keys = poll_of_street(3)
    token = service.mint_form(poll=poll, person_key=keys[0])
    with pytest.raises(NotPermitted):
        challenge(poll=poll, person_key=keys[1], marking={"01": 1}, token=token)
    with pytest.raises(RuleBroken):
        challenge(poll=poll, person_key=keys[0], marking={"99": 1}, token=token)
    stranger = service.mint_form(poll=poll, person_key="nobody")
    with pytest.raises(NotPermitted):
        challenge(poll=poll, person_key="nobody", marking={"01": 1}, token=stranger)
    vote(poll, keys[0])
    with pytest.raises(TransitionRefused):
        challenge(poll=poll, person_key=keys[0], marking={"01": 1}, token=token)
    assert queries.list_challenged(poll) == []


def test_the_database_keeps_a_code_to_one_of_the_two(ctx: Flask) -> None:
    poll, keys = poll_of_street(2)
    cast = vote(poll, keys[0])
    token = service.mint_form(poll=poll, person_key=keys[1])
    opened = challenge(poll=poll, person_key=keys[1], marking={"01": 1}, token=token).code
    db.session.commit()
    rest = {"poll_id": poll.id, "choices": "01", "salt": "00", "leaf": "11"}
    for row in (
        Ballot(code=opened, **rest),
        ChallengedBallot(code=cast, opened_on=db.session.get(ChallengedBallot, (poll.id, opened)).opened_on, **rest),  # type: ignore[union-attr]
    ):
        db.session.add(row)
        with pytest.raises(IntegrityError):
            db.session.flush()
        db.session.rollback()


def test_casting_and_opening_at_once_never_does_both(ctx: Flask, app: Flask) -> None:
    poll, keys = poll_of_street(1)
    ref, key = poll.ref, keys[0]
    tokens = [service.mint_form(poll=poll, person_key=key) for _number in range(8)]
    failures: list[str] = []

    def act(number: int) -> None:
        with app.app_context():
            poll = queries.get_poll(ref)
            use_case = service.cast if number % 2 else challenge
            try:
                use_case(poll=poll, person_key=key, marking={"01": 1}, token=tokens[number // 2 % 8])  # type: ignore[operator]
                db.session.commit()
            except (DomainError, IntegrityError):
                db.session.rollback()
            except Exception as error:  # a thread's error would be lost
                failures.append(repr(error))

    db.session.rollback()
    threads = [threading.Thread(target=act, args=(number,)) for number in range(32)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    cast = set(db.session.scalars(db.select(Ballot.code)))
    opened = set(db.session.scalars(db.select(ChallengedBallot.code)))
    assert len(cast) == 1
    assert not cast & opened


def _key(login: str) -> str:
    from tests.integration.voting.test_sealing import account

    resident = account(login).resident
    assert resident is not None
    return resident.person_key
