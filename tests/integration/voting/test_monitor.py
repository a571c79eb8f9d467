"""The monitor: sums that must agree, rounded while voting goes on, exact and public afterwards, never a choice."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, update

from grants.foundation import clock
from grants.foundation.database import db
from grants.people import queries as people_queries
from grants.voting import queries, service
from grants.voting.models import Ballot, Poll, RollEntry
from grants.voting.rules import Channel
from grants.voting.rules.channels import stands_out
from grants.voting.service import casting
from tests.browsing import Browser
from tests.factories import people, rounds, voting

Browse = Callable[[str | None], Browser]


@pytest.fixture
def ref(app: Flask) -> str:
    """Make an open poll of 30 residents, of whom 23 have voted: 12 at a kiosk, 11 on the web."""
    with app.app_context():
        people.make_street()
        staff = people.make_staff()
        residents = [people.make_resident(name=f"居民{number}号") for number in range(30)]
        poll = voting.make_open(staff["programme-1"], staff["leader-1"], rounds.make_round(), people.community(1))
        for number, resident in enumerate(residents[:23]):
            service.cast(
                poll=poll,
                person_key=resident.person_key,
                marking={"01": 1} if number % 3 else {"01": 1, "02": 1},
                token=service.mint_form(poll=poll, person_key=resident.person_key),
                channel=Channel.KIOSK if number < 12 else Channel.WEB,
                station="一号机" if number < 12 else "",
            )
        reference = poll.ref
        db.session.commit()
    return reference


def _close(app: Flask, ref: str) -> None:
    with app.app_context(), clock.set_to(clock.now() + timedelta(days=8)):
        service.close_poll(officer=people_queries.find_user("leader-1"), poll=queries.get_poll(ref))
        db.session.commit()


def test_while_open_staff_see_tens_and_nobody_else_sees_anything(ref: str, browse: Browse) -> None:
    browse(None).get(f"/polls/{ref}/monitor", status=403)
    seen = browse("community-1").get(f"/polls/{ref}/monitor")
    assert "一致" in seen.text
    tiles = [one.get_text() for one in seen.soup.find_all(class_="stat__value")]
    assert tiles == ["30人", "20人", "20张", "0张"]
    assert "23" not in " ".join(tiles)
    assert "只选一项的选票比例，截止后才统计" in seen.text


def test_after_the_close_everybody_sees_exact_sums(ref: str, browse: Browse, app: Flask) -> None:
    _close(app, ref)
    seen = browse(None).get(f"/polls/{ref}/monitor")
    assert [one.get_text() for one in seen.soup.find_all(class_="stat__value")] == ["30人", "23人", "23张", "0张"]
    rows = [[cell.get_text(strip=True) for cell in row.find_all("td")] for row in seen.soup.select("tbody tr")]
    assert ["社区自助机", "12", "12"] in rows
    assert ["网上", "11", "11"] in rows
    assert "一号机" in seen.text
    assert "12 张" in seen.text


def test_a_ballot_too_many_or_too_few_is_seen_at_once(ref: str, browse: Browse, app: Flask) -> None:
    with app.app_context():
        poll = queries.get_poll(ref)
        code = db.session.scalars(db.select(Ballot.code).limit(1)).one()
        db.session.execute(delete(Ballot).where(Ballot.poll_id == poll.id, Ballot.code == code))
        db.session.commit()
    assert "不一致" in browse("supervisor-1").get(f"/polls/{ref}/monitor").text
    with app.app_context():
        poll = queries.get_poll(ref)
        for _time in range(3):
            casting.put_in_box(poll, {"01": 1})
        assert queries.control_sums(poll).over == 2
        db.session.rollback()


def test_no_page_of_the_monitor_names_an_option_or_a_choice(ref: str, browse: Browse, app: Flask) -> None:
    for _round in range(2):
        html = browse("supervisor-1").get(f"/polls/{ref}/monitor").html
        with app.app_context():
            titles = [option.title for option in queries.get_poll(ref).options]
        assert not any(title in html for title in titles)
        if _round == 0:
            _close(app, ref)


def test_short_ballots_are_compared_to_the_last_vote(ref: str, app: Flask, browse: Browse) -> None:
    _close(app, ref)
    with app.app_context():
        poll = queries.get_poll(ref)
        assert queries.short_ballots(poll) == (15, 23)
        assert queries.find_poll_before(poll) is None
    assert "只选一项的选票" in browse(None).get(f"/polls/{ref}/monitor").text


def test_a_helper_with_too_large_a_share_is_shown_to_the_supervisor(ref: str, app: Flask, browse: Browse) -> None:
    with app.app_context():
        poll, officer = queries.get_poll(ref), people_queries.find_user("community-1")
        helped = db.session.scalars(
            db.select(RollEntry.person_key).where(RollEntry.poll_id == poll.id, RollEntry.has_voted).limit(12)
        ).all()
        db.session.execute(
            update(RollEntry)
            .where(RollEntry.poll_id == poll.id, RollEntry.person_key.in_(helped))
            .values(helper_id=officer.id, help_reason="视力不便")
        )
        db.session.commit()
    assert "占比过高，请核查" in browse("supervisor-1").get(f"/polls/{ref}/monitor").text
    seen = browse("programme-1").get(f"/polls/{ref}/monitor").text
    assert "占比过高，请核查" not in seen
    assert "有协助人占比过高" in seen


@pytest.mark.parametrize(
    ("helped", "voted", "expected"),
    [({"甲": 9}, 20, set()), ({"甲": 10}, 99, {"甲"}), ({"甲": 10}, 100, set()), ({"甲": 30, "乙": 2}, 200, {"甲"})],
)
def test_what_share_of_help_is_sensible(helped: dict[str, int], voted: int, expected: set[str]) -> None:
    assert stands_out(helped, voted) == expected


def test_a_draft_has_no_monitor_for_visitors(ref: str, app: Flask, browse: Browse) -> None:
    with app.app_context():
        officer = people_queries.find_user("programme-1")
        draft = voting.make_draft(officer, db.session.scalars(db.select(Poll)).one().round, people.community(1))
        reference = draft.ref
        db.session.commit()
    browse(None).get(f"/polls/{reference}/monitor", status=404)
