"""A ballot that meets the closing of its poll half-way: whoever comes second sees what the first one did."""

import threading
from datetime import timedelta

from flask import Flask

from grants.foundation import clock
from grants.foundation.database import db
from grants.foundation.errors import TransitionRefused
from grants.people import queries as people_queries
from grants.voting import queries, service
from grants.voting.rules import PollStatus
from tests.factories import people, rounds, voting

PAUSE_S = 0.5


def test_a_ballot_that_waits_for_the_closing_is_refused(app: Flask) -> None:
    with app.app_context():
        people.make_street()
        staff = people.make_staff()
        person = people.make_resident("resident-1").person_key
        poll = voting.make_open(staff["programme-1"], staff["leader-1"], rounds.make_round(), people.community())
        ref, token = poll.ref, service.mint_form(poll=poll, person_key=person)
        db.session.commit()
    is_closed, outcomes = threading.Event(), []

    def close() -> None:
        with app.app_context(), clock.set_to(clock.now() + timedelta(days=8)):
            leader = people_queries.find_user("leader-1")
            assert leader is not None
            service.close_poll(officer=leader, poll=queries.get_poll(ref))
            db.session.flush()
            is_closed.set()
            threading.Event().wait(PAUSE_S)  # the ballot arrives meanwhile and has to wait
            db.session.commit()

    def vote() -> None:
        is_closed.wait()
        with app.app_context():
            try:
                service.cast(poll=queries.get_poll(ref), person_key=person, marking={"01": 1}, token=token)
                db.session.commit()
                outcomes.append("cast")
            except TransitionRefused:
                db.session.rollback()
                outcomes.append("refused")

    hands = [threading.Thread(target=close), threading.Thread(target=vote)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    assert outcomes == ["refused"]
    with app.app_context():
        found = queries.get_poll(ref)
        assert found.status is PollStatus.CLOSED
        assert queries.count_ballots(found) == 0
