"""Signing in: passwords, codes, lockout, revocation."""

from collections.abc import Callable
from datetime import timedelta

import pyotp
import pytest
import time_machine
from flask import Flask

from grants.foundation import audit
from grants.foundation.clock import now
from grants.foundation.database import db
from grants.foundation.sealing import vault
from grants.people import queries
from grants.people.rules import AccountStatus, Role
from grants.people.service import sessions
from tests.browsing import Browser
from tests.factories import people

Browse = Callable[[str | None], Browser]


@pytest.fixture
def cast(app: Flask) -> None:
    """Make a resident and a finance officer who know their passwords."""
    with app.app_context():
        people.make_street()
        for login, role in (("resident-1", Role.RESIDENT), ("finance-1", Role.FINANCE)):
            user = people.make_user(login, role)
            user.password_hash = sessions.HASHER.hash("correct horse battery staple")
            user.totp_cipher = vault().encrypt("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", f"totp:{user.id}")
        db.session.commit()


@pytest.mark.usefixtures("cast")
def test_a_resident_signs_in_with_a_password_and_out_again(browse: Browse) -> None:
    browser = browse(None)
    sent = browser.post("/sign-in", {"login": "resident-1", "password": "correct horse battery staple"})
    assert sent.location == "/desk"
    browser.get("/step-up")
    browser.post("/sign-out")
    assert "/sign-in" in browser.get("/step-up", status=302).location


@pytest.mark.usefixtures("cast")
def test_staff_need_the_code_as_well(browse: Browse) -> None:
    browser = browse(None)
    sent = browser.post("/sign-in", {"login": "finance-1", "password": "correct horse battery staple"})
    assert "/sign-in/code" in sent.location
    assert "/sign-in" in browser.get("/step-up", status=302).location
    browser.post(sent.location, {"code": "000000"}, status=200)
    assert (
        browser.post(sent.location, {"code": pyotp.TOTP("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP").now()}).location == "/desk"
    )


@pytest.mark.usefixtures("cast")
def test_five_wrong_passwords_lock_the_account_for_a_quarter_of_an_hour(browse: Browse) -> None:
    browser = browse(None)
    for _time in range(5):
        assert "不正确" in browser.post("/sign-in", {"login": "resident-1", "password": "wrong"}, status=200).text
    right = {"login": "resident-1", "password": "correct horse battery staple"}
    assert "15 分钟" in browser.post("/sign-in", right, status=422).text
    with time_machine.travel(now() + timedelta(minutes=16)):
        browser.post("/sign-in", right)


@pytest.mark.usefixtures("cast")
def test_a_revoked_or_disabled_session_is_dead_at_the_next_request(app: Flask, browse: Browse) -> None:
    first, second = browse("resident-1"), browse("finance-1")
    first.get("/step-up")
    second.get("/step-up")
    with app.app_context():
        resident, officer = queries.find_user("resident-1"), queries.find_user("finance-1")
        assert resident is not None
        assert officer is not None
        sessions.revoke_sessions(resident)
        officer.status = AccountStatus.DISABLED
        db.session.commit()
    first.get("/step-up", status=302)
    second.get("/step-up", status=302)


@pytest.mark.usefixtures("cast")
def test_an_idle_session_ends_sooner_for_staff(browse: Browse) -> None:
    resident, officer = browse("resident-1"), browse("finance-1")
    with time_machine.travel(now() + timedelta(minutes=31)):
        resident.get("/step-up")
        officer.get("/step-up", status=302)


@pytest.mark.usefixtures("cast")
def test_a_form_without_its_token_is_refused_and_writes_nothing(app: Flask, browse: Browse) -> None:
    browser = browse(None)
    answer = browser.client.post("/sign-in", data={"login": "resident-1", "password": "x"})
    assert answer.status_code == 400
    with app.app_context():
        assert audit.head()[0] == 0


@pytest.mark.usefixtures("cast")
@pytest.mark.parametrize("target", ["//evil.example", "/\\evil.example", "https://evil.example"])
def test_signing_in_never_leads_off_the_site(browse: Browse, target: str) -> None:
    fields = {"login": "resident-1", "password": "correct horse battery staple", "next": target}
    assert browse(None).post("/sign-in", fields).location == "/desk"
