"""My account: my data, my sessions, my password, my end."""

import json
from collections.abc import Callable
from datetime import timedelta

import pyotp
import pytest
import time_machine
from flask import Flask

from grants.foundation.clock import now
from grants.foundation.database import db
from grants.people import queries
from grants.people.models import SignInAttempt, User, UserSession
from grants.people.service import own_data, residents, sessions
from tests.browsing import Browser
from tests.factories import people

Browse = Callable[[str | None], Browser]
pytestmark = pytest.mark.usefixtures("street")


def user(login: str) -> User:
    found = queries.find_user(login)
    assert found is not None
    return found


@pytest.fixture
def passwords(app: Flask, street: None) -> None:
    """Let a resident and a finance officer sign in by themselves."""
    with app.app_context():
        people.give_password(user("resident-1"))
        people.give_password(user("finance-1"), with_totp=True)
        db.session.commit()


def code() -> str:
    return pyotp.TOTP(people.TOTP_SECRET).at(now())


@pytest.mark.usefixtures("passwords")
def test_wrong_codes_lock_the_account_like_wrong_passwords(app: Flask, browse: Browse) -> None:
    browser = browse(None)
    fields = {"login": "finance-1", "password": people.PASSWORD}
    path = browser.post("/sign-in", fields).location
    for _time in range(5):
        assert "不正确" in browser.post(path, {"code": "000000"}, status=200).text
    assert "15 分钟" in browser.post(path, {"code": code()}, status=422).text
    assert "15 分钟" in browse(None).post("/sign-in", fields, status=422).text
    with app.app_context():
        failed = db.select(db.func.count()).select_from(SignInAttempt).where(SignInAttempt.succeeded.is_(False))
        assert db.session.scalar(failed) == 5
    with time_machine.travel(now() + timedelta(minutes=16)):
        path = browser.post("/sign-in", fields).location
        assert browser.post(path, {"code": code()}).location == "/desk"


@pytest.mark.usefixtures("passwords")
def test_wrong_codes_at_step_up_are_counted_too(browse: Browse) -> None:
    officer = browse("finance-1")
    for _time in range(5):
        assert "不正确" in officer.post("/step-up", {"code": "123"}, status=200).text
    assert "15 分钟" in officer.post("/step-up", {"code": code()}, status=422).text


@pytest.mark.usefixtures("passwords")
def test_a_code_works_once(ctx: Flask) -> None:
    officer, shown = user("finance-1"), code()
    assert sessions.code_is_right(officer, shown)
    assert not sessions.code_is_right(officer, shown)
    with time_machine.travel(now() + timedelta(seconds=31)):
        assert not sessions.code_is_right(officer, shown)
        assert sessions.code_is_right(officer, code())


@pytest.mark.usefixtures("passwords")
def test_the_step_between_password_and_code_ends_after_ten_minutes(browse: Browse) -> None:
    browser = browse(None)
    path = browser.post("/sign-in", {"login": "finance-1", "password": people.PASSWORD}).location
    with time_machine.travel(now() + timedelta(minutes=11)):
        assert browser.get(path, status=302).location == "/sign-in"
    assert browse(None).get("/sign-in/code", status=302).location == "/sign-in"
    assert browse(None).get("/sign-in/enrol", status=302).location == "/sign-in"


def test_i_see_my_data_masked_and_take_a_full_copy(app: Flask, browse: Browse) -> None:
    with app.app_context():
        resident = user("resident-1").resident
        assert resident is not None
        number = residents.open_identity(resident).id_number
    browser = browse("resident-1")
    seen = browser.get("/account")
    assert number not in seen.html
    assert "银杏社区" in seen.text
    copied = browser.post("/account/copy", status=200)
    assert json.loads(copied.html)["居民名册"]["身份证号"] == number
    other = json.loads(browse("finance-1").post("/account/copy", status=200).html)
    assert number not in json.dumps(other)
    assert "user:copy" in browse("supervisor-1").get("/audit/").text


def test_i_correct_my_contact_data(app: Flask, browse: Browse) -> None:
    browser = browse("org-1")
    browser.post("/account", {"name": "周敏", "phone": "138 0000 7777", "email": "zm@example.org"})
    assert "13800007777" in browser.get("/account").html
    assert browser.post("/account", {"name": "周敏", "phone": "12"}, status=422).soup.select_one("#phone-error")
    assert browser.post("/account", {"name": "周敏", "email": "x"}, status=422).soup.select_one("#email-error")
    with app.app_context():
        assert "13800007777" not in (user("org-1").phone_cipher or "")
    refused = browse("resident-1").post("/account", {"name": "别人"}, status=422)
    assert "名册" in refused.text


def test_i_end_a_session_on_a_lost_phone_and_nobody_elses(app: Flask, browse: Browse) -> None:
    here, phone, stranger = browse("resident-1"), browse("resident-1"), browse("resident-2")
    with app.app_context():
        mine = queries.list_own_sessions(user("resident-1").id)
        lost, foreign = mine[0].id, queries.list_own_sessions(user("resident-2").id)[0].id
        assert len(mine) == 2
    here.post(f"/account/sessions/{foreign}/revoke", status=404)
    stranger.get("/account")
    here.post(f"/account/sessions/{lost}/revoke")
    phone.get("/account", status=302)
    with app.app_context():
        found = db.session.get(UserSession, lost)
        assert found is not None
        assert found.revoked_at is not None


@pytest.mark.usefixtures("passwords")
def test_a_new_password_ends_the_other_sessions_and_keeps_this_one(browse: Browse) -> None:
    here, elsewhere = browse("resident-1"), browse("resident-1")
    new = {"password": "银杏树下捉迷藏喝豆浆", "again": "银杏树下捉迷藏喝豆浆"}
    assert "不正确" in here.post("/account/password", {"current": "wrong", **new}, status=200).text
    short = {"current": people.PASSWORD, "password": "short", "again": "short"}
    assert here.post("/account/password", short, status=422).soup.select_one("#password-error")
    here.post("/account/password", {"current": people.PASSWORD, **new})
    here.get("/account")
    elsewhere.get("/account", status=302)
    browse(None).post("/sign-in", {"login": "resident-1", "password": people.PASSWORD}, status=200)
    browse(None).post("/sign-in", {"login": "resident-1", "password": new["password"]})


@pytest.mark.usefixtures("passwords")
def test_guessing_the_old_password_from_an_open_session_locks_too(browse: Browse) -> None:
    here = browse("resident-1")
    new = {"password": "银杏树下捉迷藏喝豆浆", "again": "银杏树下捉迷藏喝豆浆"}
    for _time in range(5):
        here.post("/account/password", {"current": "wrong", **new}, status=200)
    assert "15 分钟" in here.post("/account/password", {"current": people.PASSWORD, **new}, status=422).text


def test_a_resident_gives_up_the_account_and_stays_on_the_roll(app: Flask, browse: Browse) -> None:
    browser = browse("resident-1")
    with app.app_context():
        key = user("resident-1").id
    browser.post("/account/close", {"reason": "本人申请"})
    browser.get("/account", status=302)
    with app.app_context():
        closed = queries.get_user(key)
        assert (closed.display_name, closed.is_active, closed.roles) == ("已注销用户", False, set())
        assert queries.count_residents() == 2
    browse("finance-1").post("/account/close", {"reason": "试"}, status=403)


def test_devices_are_told_in_two_words() -> None:
    phone = "Mozilla/5.0 (Linux; Android 14) Chrome/126.0 Mobile MicroMessenger/8.0"
    assert own_data.device(phone) == "Android · 微信"
    assert own_data.device("Mozilla/5.0 (Windows NT 10.0) Chrome/126 Safari/537 Edg/126") == "Windows · Edge"
    assert own_data.device("curl") == "其他设备"
