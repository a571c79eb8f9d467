"""Kiosks and activation codes: one code one ballot, and nothing of one voter is left for the next."""

import re
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO

import pytest
from flask import Flask
from pypdf import PdfReader

from grants.foundation import audit, clock
from grants.foundation.database import db
from grants.foundation.errors import DomainError, NotPermitted, RuleBroken
from grants.people import queries as people_queries
from grants.people.models import Resident
from grants.voting import queries, service
from grants.voting.models import ActivationCode, KioskStation, RollEntry
from grants.voting.rules import Channel
from grants.voting.service import codes, kiosk
from reports.code_sheets import print_codes
from tests.browsing import Browser
from tests.factories import people, rounds, voting

Browse = Callable[[str | None], Browser]


@dataclass(frozen=True)
class Hall:
    """A poll with residents who have no account, and the codes that were printed for them, by name."""

    poll_ref: str
    codes: dict[str, str]

    @property
    def kiosk(self) -> str:
        return f"/polls/{self.poll_ref}/kiosk"


@pytest.fixture
def hall(app: Flask) -> Hall:
    """Print codes for three residents of an open poll."""
    with app.app_context():
        people.make_street()
        staff = people.make_staff()
        people.make_resident("resident-1", name="王有账号")
        residents = [people.make_resident(name=name) for name in ("甲无账号", "乙无账号", "丙无账号")]
        people.make_resident(place=people.community(2), name="邻社区人")
        poll = voting.make_open(staff["programme-1"], staff["leader-1"], rounds.make_round(), people.community(1))
        sheet = codes.issue_codes(officer=staff["community-1"], poll=poll, residents=residents)
        found = {resident.name: line.code for resident, line in zip(residents, sheet.lines, strict=True)}
        ref = poll.ref
        db.session.commit()
    return Hall(ref, found)


def _open_station(browser: Browser, hall: Hall, name: str = "服务大厅 1 号机") -> None:
    browser.post(f"/polls/{hall.poll_ref}/stations", {"name": name, "hours": "8"})


def _token(seen: object) -> str:
    return str(seen.soup.find("input", {"name": "token"})["value"])  # type: ignore[attr-defined]


def _enter(browser: Browser, hall: Hall, name: str) -> str:
    browser.get(hall.kiosk)
    return _token(browser.post(hall.kiosk, {"step": "enter", "code": hall.codes[name]}, status=200))


def _vote(browser: Browser, hall: Hall, name: str, choice: str = "01") -> str:
    token = _enter(browser, hall, name)
    checked = browser.post(hall.kiosk, {"step": "check", "token": token, "choice": choice}, status=200)
    assert "请核对您的选择" in checked.text
    done = browser.post(hall.kiosk, {"step": "cast", "token": token, "choice": choice}, status=200)
    return str(done.soup.find(class_="receipt__code").get_text(strip=True))


def test_opening_a_kiosk_ends_the_officers_session_on_that_device(hall: Hall, browse: Browse) -> None:
    device = browse("community-1")
    _open_station(device, hall)
    assert "请输入投票码" in device.get(hall.kiosk).text
    assert device.get("/desk", status=302).location.startswith("/sign-in")
    assert "服务大厅 1 号机" in browse("community-1").get(f"/polls/{hall.poll_ref}/stations").text


def test_three_voters_in_a_row_and_the_roll_says_kiosk(hall: Hall, browse: Browse, app: Flask) -> None:
    device = browse("community-1")
    _open_station(device, hall)
    receipts = {_vote(device, hall, name) for name in hall.codes}
    assert len(receipts) == 3
    with app.app_context():
        poll = queries.get_poll(hall.poll_ref)
        channels = db.session.scalars(db.select(RollEntry.channel).where(RollEntry.has_voted)).all()
        assert channels == [Channel.KIOSK] * 3
        assert queries.count_ballots(poll) == 3
        casts = db.session.scalars(db.select(audit.AuditEntry).where(audit.AuditEntry.action == "ballot:cast")).all()
        assert all("服务大厅 1 号机" in entry.details and entry.actor_id is None for entry in casts)


def test_after_the_welcome_page_nothing_of_the_last_voter_can_be_sent_again(hall: Hall, browse: Browse) -> None:
    device = browse("community-1")
    _open_station(device, hall)
    token = _enter(device, hall, "甲无账号")
    device.post(hall.kiosk, {"step": "cast", "token": token, "choice": "02"}, status=200)
    again = device.post(hall.kiosk, {"step": "cast", "token": token, "choice": "02"}, status=200)
    assert again.soup.find(class_="receipt__code"), "the same turn gets the same receipt"
    device.get(hall.kiosk)
    for step in ("check", "choose", "cast"):
        gone = device.post(hall.kiosk, {"step": step, "token": token, "choice": "02"})
        assert gone.location == hall.kiosk
    for answer in (device.get(hall.kiosk), again):
        assert answer.response.headers["Cache-Control"] == "no-store"


def test_the_same_form_twice_is_one_ballot_and_one_receipt(hall: Hall, browse: Browse, app: Flask) -> None:
    device = browse("community-1")
    _open_station(device, hall)
    token = _enter(device, hall, "甲无账号")
    sent = {"step": "cast", "token": token, "choice": "01"}
    first, second = (device.post(hall.kiosk, sent, status=200) for _time in range(2))
    assert first.soup.find(class_="receipt__code") == second.soup.find(class_="receipt__code")
    with app.app_context():
        assert queries.count_ballots(queries.get_poll(hall.poll_ref)) == 1


def test_a_code_works_once_and_a_new_one_revokes_it(hall: Hall, browse: Browse, app: Flask) -> None:
    device = browse("community-1")
    _open_station(device, hall)
    _vote(device, hall, "甲无账号")
    device.get(hall.kiosk)
    used = device.post(hall.kiosk, {"step": "enter", "code": hall.codes["甲无账号"]}, status=200)
    assert "每人只能投一次" in used.text
    with app.app_context():
        officer = people_queries.find_user("community-1")
        poll = queries.get_poll(hall.poll_ref)
        someone = db.session.scalars(db.select(Resident).where(Resident.name == "乙无账号")).one()
        again = codes.issue_codes(officer=officer, poll=poll, residents=[someone])
        db.session.commit()
    refused = device.post(hall.kiosk, {"step": "enter", "code": hall.codes["乙无账号"]}, status=200)
    assert "已经作废" in refused.text
    opened = device.post(hall.kiosk, {"step": "enter", "code": again.lines[0].code.lower()}, status=200)
    assert opened.soup.find("input", {"name": "choice"})


def test_a_code_reissued_while_its_holder_is_choosing_no_longer_casts(hall: Hall, browse: Browse, app: Flask) -> None:
    device = browse("community-1")
    _open_station(device, hall)
    token = _enter(device, hall, "甲无账号")
    with app.app_context():
        poll = queries.get_poll(hall.poll_ref)
        someone = db.session.scalars(db.select(Resident).where(Resident.name == "甲无账号")).one()
        codes.issue_codes(officer=people_queries.find_user("community-1"), poll=poll, residents=[someone])
        db.session.commit()
    device.post(hall.kiosk, {"step": "cast", "token": token, "choice": "01"}, status=409)
    with app.app_context():
        assert queries.count_ballots(queries.get_poll(hall.poll_ref)) == 0


def test_web_and_kiosk_are_one_right(hall: Hall, browse: Browse, app: Flask) -> None:
    with app.app_context():
        poll = queries.get_poll(hall.poll_ref)
        resident = people_queries.find_user("resident-1").resident
        sheet = codes.issue_codes(officer=people_queries.find_user("community-1"), poll=poll, residents=[resident])
        db.session.commit()
    mine = Hall(hall.poll_ref, {"王有账号": sheet.lines[0].code})
    device, phone = browse("community-1"), browse("resident-1")
    _open_station(device, hall)
    token = _enter(device, mine, "王有账号")
    page = phone.get(f"/polls/{hall.poll_ref}/ballot").soup
    mine_at_home = page.find("input", {"name": "token"})["value"]
    phone.post(f"/polls/{hall.poll_ref}/ballot", {"token": mine_at_home, "step": "cast", "choice": "01"}, status=200)
    refused = device.post(mine.kiosk, {"step": "cast", "token": token, "choice": "02"}, status=409)
    assert "网上" in refused.text
    with app.app_context():
        assert queries.count_ballots(queries.get_poll(hall.poll_ref)) == 1
        code = db.session.scalars(db.select(ActivationCode).order_by(ActivationCode.sheet.desc())).first()
        assert code.used_on is None, "a refused ballot uses up nothing"


def test_kiosk_and_web_at_the_same_moment_leave_one_ballot(hall: Hall, app: Flask) -> None:
    with app.app_context():
        poll, resident = queries.get_poll(hall.poll_ref), people_queries.find_user("resident-1").resident
        sheet = codes.issue_codes(officer=people_queries.find_user("community-1"), poll=poll, residents=[resident])
        station, _token = kiosk.open_station(
            officer=people_queries.find_user("community-1"), poll=poll, name="一号机", hours=2
        )
        db.session.flush()
        visitor = kiosk.Visitor(station, "turn", "192.0.2.1")
        turn = kiosk.enter(poll=poll, visitor=visitor, typed=sheet.lines[0].code).token
        key, identity = resident.person_key, station.id
        form = service.mint_form(poll=poll, person_key=key)
        db.session.commit()
    outcomes: list[str] = []

    def cast(number: int) -> None:
        with app.app_context():
            poll = queries.get_poll(hall.poll_ref)
            try:
                if number % 2:
                    service.cast(poll=poll, person_key=key, marking={"01": 1}, token=form)
                else:
                    here = kiosk.Visitor(queries.get_station(poll, identity), "turn", "192.0.2.1")
                    kiosk.cast_with_code(poll=poll, visitor=here, token=turn, marking={"02": 1})
                db.session.commit()
                outcomes.append("kiosk" if number % 2 == 0 else "web")
            except DomainError as error:
                db.session.rollback()
                outcomes.append(type(error).__name__)

    threads = [threading.Thread(target=cast, args=(number,)) for number in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(outcomes) == 10
    assert set(outcomes) in ({"kiosk", "TransitionRefused"}, {"web", "TransitionRefused"})
    with app.app_context():
        assert queries.count_ballots(queries.get_poll(hall.poll_ref)) == 1


def test_the_other_way_round_the_web_is_refused_by_channel(hall: Hall, browse: Browse, app: Flask) -> None:
    with app.app_context():
        resident = people_queries.find_user("resident-1").resident
        sheet = codes.issue_codes(
            officer=people_queries.find_user("community-1"), poll=queries.get_poll(hall.poll_ref), residents=[resident]
        )
        db.session.commit()
    device, phone = browse("community-1"), browse("resident-1")
    mine_at_home = _token(phone.get(f"/polls/{hall.poll_ref}/ballot"))
    _open_station(device, hall)
    _vote(device, Hall(hall.poll_ref, {"王有账号": sheet.lines[0].code}), "王有账号")
    refused = phone.post(
        f"/polls/{hall.poll_ref}/ballot", {"token": mine_at_home, "step": "cast", "choice": "01"}, status=409
    )
    assert "社区自助机" in refused.text


def test_without_a_kiosk_a_mailed_code_votes_from_home(hall: Hall, browse: Browse, app: Flask) -> None:
    _vote(browse(None), hall, "丙无账号")
    with app.app_context():
        assert db.session.scalars(db.select(RollEntry.channel).where(RollEntry.has_voted)).all() == [Channel.WEB]


def test_guessing_is_slowed_down_and_counted(hall: Hall, browse: Browse) -> None:
    device = browse("community-1")
    _open_station(device, hall)
    device.get(hall.kiosk)
    for _guess in range(kiosk.GUESSES):
        assert (
            "投票码不对" in device.post(hall.kiosk, {"step": "enter", "code": "AAAA-AAAA-AAAA-AAAA"}, status=200).text
        )
    refused = device.post(hall.kiosk, {"step": "enter", "code": hall.codes["甲无账号"]}, status=422)
    assert "输错次数过多" in refused.text
    with clock.set_to(clock.now() + timedelta(minutes=16)):
        assert _enter(device, hall, "甲无账号")


def test_a_closed_or_expired_kiosk_takes_nobody_as_a_kiosk(hall: Hall, browse: Browse, app: Flask) -> None:
    device, officer = browse("community-1"), browse("community-1")
    _open_station(device, hall)
    token = _enter(device, hall, "甲无账号")
    officer.press(f"/polls/{hall.poll_ref}/stations", "关闭")
    gone = device.post(hall.kiosk, {"step": "cast", "token": token, "choice": "01"})
    assert gone.location == hall.kiosk
    assert "已由工作人员关闭" in device.get(hall.kiosk).text
    with app.app_context():
        assert db.session.scalars(db.select(KioskStation)).one().closed_at is not None


def test_only_officers_of_the_poll_open_kiosks_and_print_codes(hall: Hall, browse: Browse) -> None:
    for login in ("community-2", "resident-1", "finance-1"):
        browse(login).get(f"/polls/{hall.poll_ref}/stations", status=403)
        browse(login).post(f"/polls/{hall.poll_ref}/codes/issue", {"who": "all"}, status=403)
    browse("supervisor-1").get(f"/polls/{hall.poll_ref}/codes")
    browse("supervisor-1").post(f"/polls/{hall.poll_ref}/codes/issue", {"who": "all"}, status=403)


def test_a_sheet_is_printed_once_with_masked_names_and_kept_nowhere(hall: Hall, browse: Browse, app: Flask) -> None:
    officer = browse("community-1")
    assert "符合条件 1 人" in officer.get(f"/polls/{hall.poll_ref}/codes?who=all").text
    made = officer.post(f"/polls/{hall.poll_ref}/codes/issue", {"who": "all"}, status=200)
    token = _token(made)
    browse("programme-1").post("/reports/code-sheet", {"token": token}, status=403)
    printed = officer.post("/reports/code-sheet", {"token": token}, status=200)
    text = PdfReader(BytesIO(printed.response.data)).pages[0].extract_text()
    assert "王**号" in text
    assert "王有账号" not in text
    with app.app_context():
        stored = db.session.scalars(db.select(ActivationCode).order_by(ActivationCode.sheet.desc())).first()
        shown = re.search(r"([0-9A-Z]{4}-){3}[0-9A-Z]{4}", "".join(text.split()))
        assert shown
        assert codes.code_hash(shown.group()) == stored.code_hash
    with app.test_request_context(), clock.set_to(clock.now() + timedelta(minutes=31)), pytest.raises(RuleBroken):
        print_codes(people_queries.find_user("community-1"), token, "http://localhost/")


def test_codes_go_only_to_the_roll_and_only_to_those_who_have_not_voted(hall: Hall, browse: Browse, app: Flask) -> None:
    _vote(browse(None), hall, "甲无账号")
    with app.app_context():
        officer, poll = people_queries.find_user("community-1"), queries.get_poll(hall.poll_ref)
        for name in ("甲无账号", "邻社区人"):
            someone = db.session.scalars(db.select(Resident).where(Resident.name == name)).one()
            with pytest.raises(RuleBroken):
                codes.issue_codes(officer=officer, poll=poll, residents=[someone])
        with pytest.raises(NotPermitted):
            codes.issue_codes(officer=people_queries.find_user("community-2"), poll=poll, residents=[])
