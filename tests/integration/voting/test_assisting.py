"""Voting with a helper: by the resident's own community, on the record beside the roll, never beside the ballot."""

from collections.abc import Callable

import pytest
from flask import Flask

from grants.foundation.database import db
from grants.foundation.errors import NotPermitted, RuleBroken, TransitionRefused
from grants.people import queries as people_queries
from grants.people.models import Resident
from grants.people.rules import Role
from grants.voting import queries, service
from grants.voting.models import Ballot, RollEntry
from grants.voting.rules import Channel
from grants.voting.service import assisting
from tests.browsing import Browser
from tests.factories import people, rounds, voting

Browse = Callable[[str | None], Browser]


@pytest.fixture
def ref(app: Flask) -> str:
    """Make an open poll; one resident has an account, one lives elsewhere."""
    with app.app_context():
        people.make_street()
        staff = people.make_staff()
        people.make_resident("resident-1", name="甲有账号")
        people.make_resident(name="乙无账号").is_away = True
        people.make_resident(name="邻社区人", place=people.community(2))
        poll = voting.make_open(staff["programme-1"], staff["leader-1"], rounds.make_round(), people.community(1))
        reference = poll.ref
        db.session.commit()
    return reference


def _resident(name: str) -> Resident:
    return db.session.scalars(db.select(Resident).where(Resident.name == name)).one()


def _begin(officer: Browser, ref: str, name: str) -> str:
    found = officer.post(f"/polls/{ref}/assist", {"step": "find", "words": name}, status=200)
    resident = found.soup.find("input", {"name": "resident"})["value"]
    sent = {"step": "begin", "resident": resident, "why": "视力不便", "note": "本人在场"}
    return str(officer.post(f"/polls/{ref}/assist", sent, status=200).soup.find("input", {"name": "token"})["value"])


def test_an_officer_helps_and_the_roll_says_who_and_why(ref: str, browse: Browse, app: Flask) -> None:
    officer = browse("community-1")
    assert (
        "名册登记为外出" in officer.post(f"/polls/{ref}/assist", {"step": "find", "words": "乙无账号"}, status=200).text
    )
    token = _begin(officer, ref, "乙无账号")
    checked = officer.post(f"/polls/{ref}/assist", {"step": "check", "token": token, "choice": "02"}, status=200)
    assert "请居民本人核对" in checked.text
    sent = {"step": "cast", "token": token, "choice": "02"}
    first, second = (officer.post(f"/polls/{ref}/assist", sent, status=200) for _time in range(2))
    assert first.soup.find(class_="receipt__code") == second.soup.find(class_="receipt__code")
    with app.app_context():
        entry = db.session.scalars(db.select(RollEntry).where(RollEntry.has_voted)).one()
        helper = people_queries.find_user("community-1")
        assert (entry.channel, entry.helper_id, entry.help_reason) == (Channel.PROXY, helper.id, "视力不便：本人在场")
        assert queries.count_ballots(queries.get_poll(ref)) == 1
        assert "helper" not in "".join(Ballot.__table__.columns.keys())


def test_only_the_residents_own_community_helps(ref: str, browse: Browse, app: Flask) -> None:
    for login in ("community-2", "programme-1", "supervisor-1", "resident-1", None):
        browse(login).get(f"/polls/{ref}/assist", status=302 if login is None else 403)
    with app.app_context():
        poll = queries.get_poll(ref)
        with pytest.raises(NotPermitted):
            assisting.begin(
                officer=people_queries.find_user("community-1"),
                poll=poll,
                resident=_resident("邻社区人"),
                reason="视力不便",
            )
        with pytest.raises(NotPermitted):
            assisting.begin(
                officer=people_queries.find_user("programme-1"),
                poll=poll,
                resident=_resident("乙无账号"),
                reason="视力不便",
            )
        with pytest.raises(RuleBroken):
            assisting.begin(
                officer=people_queries.find_user("community-1"), poll=poll, resident=_resident("乙无账号"), reason=" "
            )


def test_a_begun_help_belongs_to_one_officer(ref: str, app: Flask) -> None:
    with app.app_context():
        poll, officer = queries.get_poll(ref), people_queries.find_user("community-1")
        token = assisting.begin(officer=officer, poll=poll, resident=_resident("乙无账号"), reason="不识字")
        other = people.make_user("community-3", Role.COMMUNITY, place=people.community(1))
        with pytest.raises(NotPermitted):
            assisting.cast_for(officer=other, poll=poll, token=token, marking={"01": 1})
        with pytest.raises(RuleBroken):
            assisting.cast_for(officer=officer, poll=poll, token=token[:-2] + "AA", marking={"01": 1})


def test_proxy_and_web_are_one_right_both_ways(ref: str, browse: Browse, app: Flask) -> None:
    officer, phone = browse("community-1"), browse("resident-1")
    token = _begin(officer, ref, "甲有账号")
    mine = phone.get(f"/polls/{ref}/ballot").soup.find("input", {"name": "token"})["value"]
    phone.post(f"/polls/{ref}/ballot", {"token": mine, "step": "cast", "choice": "01"}, status=200)
    refused = officer.post(f"/polls/{ref}/assist", {"step": "cast", "token": token, "choice": "02"}, status=409)
    assert "网上" in refused.text
    found = officer.post(f"/polls/{ref}/assist", {"step": "find", "words": "甲有账号"}, status=200)
    assert "已经投过票" in found.text
    assert found.soup.find("input", {"name": "resident"}) is None
    with app.app_context():
        assert queries.count_ballots(queries.get_poll(ref)) == 1


def test_after_proxy_the_web_is_refused_by_channel(ref: str, browse: Browse, app: Flask) -> None:
    phone = browse("resident-1")
    mine = phone.get(f"/polls/{ref}/ballot").soup.find("input", {"name": "token"})["value"]
    with app.app_context():
        poll, officer = queries.get_poll(ref), people_queries.find_user("community-1")
        token = assisting.begin(officer=officer, poll=poll, resident=_resident("甲有账号"), reason="行动不便")
        assisting.cast_for(officer=officer, poll=poll, token=token, marking={"03": 1})
        with pytest.raises(TransitionRefused):
            assisting.begin(officer=officer, poll=poll, resident=_resident("甲有账号"), reason="行动不便")
        db.session.commit()
    refused = phone.post(f"/polls/{ref}/ballot", {"token": mine, "step": "cast", "choice": "01"}, status=409)
    assert "协助投票" in refused.text


def test_two_devices_of_one_resident_leave_one_ballot(ref: str, browse: Browse, app: Flask) -> None:
    first, second = browse("resident-1"), browse("resident-1")
    forms = [one.get(f"/polls/{ref}/ballot").soup.find("input", {"name": "token"})["value"] for one in (first, second)]
    assert forms[0] != forms[1]
    first.post(f"/polls/{ref}/ballot", {"token": forms[0], "step": "cast", "choice": "01"}, status=200)
    second.post(f"/polls/{ref}/ballot", {"token": forms[1], "step": "cast", "choice": "02"}, status=409)
    with app.app_context():
        assert db.session.scalars(db.select(Ballot.choices)).all() == ["01"]
        assert (
            service.open_form(poll=queries.get_poll(ref), token=forms[0]).code
            == db.session.scalars(db.select(Ballot.code)).one()
        )
