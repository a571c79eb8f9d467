"""Accounts and roles: links that work once, two persons for a role, separation, revocation."""

from collections.abc import Callable
from datetime import timedelta

import pyotp
import pytest
import time_machine
from flask import Flask
from sqlalchemy.exc import IntegrityError

from grants.foundation.clock import now
from grants.foundation.database import db
from grants.foundation.errors import NotPermitted, RuleBroken, TransitionRefused
from grants.people import queries
from grants.people.models import RoleGrant, SecondFactorReset, User
from grants.people.rules import Role
from grants.people.service import accounts, roles
from tests.browsing import Browser
from tests.factories import people

Browse = Callable[[str | None], Browser]
pytestmark = pytest.mark.usefixtures("street")


def user(login: str) -> User:
    found = queries.find_user(login)
    assert found is not None
    return found


def key_of(app: Flask, login: str) -> str:
    with app.app_context():
        return str(user(login).id)


def test_an_account_is_made_and_its_owner_sets_the_password_by_a_link_that_works_once(browse: Browse) -> None:
    admin = browse("admin-1")
    made = admin.post("/admin/users/new", {"login": "sun.li", "name": "孙莉"}).location
    link = admin.post(f"{made}/link", status=200).soup.select_one("code")
    assert link is not None
    path = link.text.removeprefix("http://localhost")
    visitor = browse(None)
    assert "太常见" in visitor.post(path, {"password": "woaini1314", "again": "woaini1314"}, status=422).text
    assert "不一致" in visitor.post(path, {"password": people.PASSWORD, "again": "other"}, status=422).text
    visitor.post(path, {"password": people.PASSWORD, "again": people.PASSWORD})
    visitor.get(path, status=422)
    visitor.post(path, {"password": "another good sentence", "again": "another good sentence"}, status=422)


def test_a_link_dies_after_three_days_and_with_the_account(ctx: Flask) -> None:
    admin, made = user("admin-1"), accounts.create_account(admin=None, login="sun.li", name="孙莉")
    token = accounts.issue_link(admin=admin, user=made)
    assert accounts.open_link(token) is made
    with time_machine.travel(now() + timedelta(hours=73)), pytest.raises(RuleBroken):
        accounts.open_link(token)
    accounts.disable_account(admin=admin, user=made, reason="误建")
    with pytest.raises(RuleBroken):
        accounts.open_link(token)
    with pytest.raises(RuleBroken):
        accounts.open_link(token[:-2] + "AA")


@pytest.mark.parametrize("login", ["a", "Sun", "孙莉", "-sun", "sun li", "admin-1"])
def test_bad_and_taken_login_names_are_refused_at_their_field(browse: Browse, login: str) -> None:
    answer = browse("admin-1").post("/admin/users/new", {"login": login, "name": "孙莉"}, status=422)
    assert answer.soup.select_one("#login-error") is not None


def test_a_role_waits_for_a_leader_and_is_no_role_until_then(app: Flask, browse: Browse) -> None:
    admin, leader = browse("admin-1"), browse("leader-1")
    made = admin.post("/admin/users/new", {"login": "sun.li", "name": "孙莉"}).location
    admin.post(f"{made}/grant", {"role": "finance", "reason": "接替"})
    with app.app_context():
        grant = user("sun.li").grants[0]
        assert (grant.is_waiting, user("sun.li").roles) == (True, set())
        key = str(grant.id)
    admin.post(f"/admin/grants/{key}/second", status=403)
    browse("programme-1").post(f"/admin/grants/{key}/second", status=403)
    leader.post(f"/admin/grants/{key}/second")
    with app.app_context():
        assert user("sun.li").roles == {Role.FINANCE}
    leader.post(f"/admin/grants/{key}/second", status=403)


def test_a_refused_role_never_comes_into_force(app: Flask, browse: Browse) -> None:
    browse("programme-1").post(f"/admin/users/{key_of(app, 'finance-2')}/grant", {"role": "expert", "reason": "评审"})
    with app.app_context():
        key = str(queries.list_waiting_grants()[0].id)
    browse("leader-1").post(f"/admin/grants/{key}/refuse", {"reason": "人手已够"})
    with app.app_context():
        assert not queries.list_waiting_grants()
        assert user("finance-2").roles == {Role.FINANCE}


@pytest.mark.parametrize(
    ("login", "role"),
    [
        ("org-1", Role.EXPERT),
        ("org-1", Role.FINANCE),
        ("supervisor-1", Role.EXPERT),
        ("admin-2", Role.PROGRAMME),
        ("finance-1", Role.ADMIN),
        ("finance-1", Role.SUPERVISOR),
        ("finance-1", Role.RESIDENT),
        ("finance-1", Role.FINANCE),
    ],
)
def test_roles_that_exclude_each_other_are_not_proposed(ctx: Flask, login: str, role: Role) -> None:
    with pytest.raises((NotPermitted, RuleBroken)):
        roles.propose_role(officer=user("admin-1"), user=user(login), role=role, reason="试")


def test_two_waiting_roles_that_exclude_each_other_are_seen(ctx: Flask) -> None:
    made = accounts.create_account(admin=None, login="sun.li", name="孙莉")
    roles.propose_role(officer=user("admin-1"), user=made, role=Role.SUPERVISOR, reason="借调")
    with pytest.raises(NotPermitted, match="不相容"):
        roles.propose_role(officer=user("admin-1"), user=made, role=Role.FINANCE, reason="兼任")


def test_nobody_gives_a_role_to_themselves_or_agrees_to_their_own(ctx: Flask) -> None:
    with pytest.raises(NotPermitted):
        roles.propose_role(officer=user("programme-1"), user=user("programme-1"), role=Role.EXPERT, reason="试")
    grant = roles.propose_role(officer=user("admin-1"), user=user("leader-1"), role=Role.EXPERT, reason="评审")
    with pytest.raises(NotPermitted, match="另一位"):
        roles.second_role(leader=user("leader-1"), grant=grant)
    roles.second_role(leader=user("leader-2"), grant=grant)


def test_the_database_refuses_one_person_as_both(ctx: Flask) -> None:
    admin = user("admin-1")
    db.session.add(
        RoleGrant(
            user_id=user("finance-1").id,
            role=Role.EXPERT,
            granted_by_id=admin.id,
            seconded_by_id=admin.id,
            seconded_at=now(),
        )
    )
    with pytest.raises(IntegrityError, match=r"two_persons"):
        db.session.flush()


def test_a_community_officer_needs_a_community_and_a_member_an_organisation(ctx: Flask) -> None:
    made = accounts.create_account(admin=None, login="sun.li", name="孙莉")
    for role in (Role.COMMUNITY, Role.ORGANISATION):
        with pytest.raises(RuleBroken):
            roles.propose_role(officer=user("admin-1"), user=made, role=role, reason="试")


def test_a_revoked_role_and_a_disabled_account_stop_at_the_next_request(app: Flask, browse: Browse) -> None:
    admin, officer, other = browse("admin-1"), browse("finance-1"), browse("finance-2")
    officer.get("/account")
    with app.app_context():
        key = str(user("finance-1").grants[0].id)
    admin.post(f"/admin/grants/{key}/revoke", {"reason": "调离"})
    assert "/sign-in" in officer.get("/account", status=302).location
    admin.post(f"/admin/users/{key_of(app, 'finance-2')}/disable", {"reason": "离职"})
    other.get("/account", status=302)
    with app.app_context():
        assert user("finance-1").roles == set()


def test_an_administrator_cannot_close_or_strip_themselves(ctx: Flask) -> None:
    admin = user("admin-1")
    with pytest.raises(NotPermitted):
        accounts.disable_account(admin=admin, user=admin, reason="试")
    with pytest.raises(NotPermitted):
        roles.revoke_role(admin=admin, grant=admin.grants[0], reason="试")


def test_granting_a_role_asks_for_the_code_again(app: Flask, browse: Browse) -> None:
    admin, key = browse("admin-1"), key_of(app, "finance-1")
    with time_machine.travel(now() + timedelta(minutes=16)):
        assert "/step-up" in admin.get(f"/admin/users/{key}/grant", status=302).location
        assert "/step-up" in admin.post(f"/admin/users/{key}/grant", {"role": "expert", "reason": "x"}).location
    with app.app_context():
        assert not queries.list_waiting_grants()


def test_staff_bind_an_authenticator_at_their_first_sign_in(app: Flask, browse: Browse) -> None:
    with app.app_context():
        people.give_password(user("finance-1"))
        db.session.commit()
    browser = browse(None)
    path = browser.post("/sign-in", {"login": "finance-1", "password": people.PASSWORD}).location
    assert path.startswith("/sign-in/enrol")
    seen = browser.get(path).soup
    secret, sealed = seen.select_one("code"), seen.select_one("input[name=sealed]")
    assert secret is not None
    assert sealed is not None
    assert seen.select_one("img[src^='data:image/svg']") is not None
    fields = {"sealed": sealed["value"], "code": "000000"}
    again = browser.post(path, fields, status=422).soup.select_one("code")
    assert again is not None
    assert again.text == secret.text
    assert browser.post(path, {**fields, "code": pyotp.TOTP(secret.text).now()}).location == "/desk"
    browser.get("/account")


def test_a_sealed_secret_of_one_account_does_not_fit_another(ctx: Flask) -> None:
    offer = accounts.offer_enrolment(user("finance-1"), "街道")
    with pytest.raises(RuleBroken):
        accounts.enrol(user=user("finance-2"), sealed=offer.sealed, code=pyotp.TOTP(offer.secret).now())


def test_a_lost_authenticator_is_removed_by_two_persons(ctx: Flask) -> None:
    owner, admin = user("finance-1"), user("admin-1")
    people.give_password(owner, with_totp=True)
    reset = accounts.request_reset(admin=admin, user=owner, reason="手机丢失")
    with pytest.raises(TransitionRefused):
        accounts.request_reset(admin=user("admin-2"), user=owner, reason="手机丢失")
    for wrong in (admin, owner, user("programme-1")):
        with pytest.raises(NotPermitted):
            accounts.decide_reset(officer=wrong, reset=reset, is_agreed=True)
    accounts.decide_reset(officer=user("admin-2"), reset=reset, is_agreed=True)
    assert owner.totp_cipher is None
    with pytest.raises(NotPermitted):
        accounts.decide_reset(officer=user("leader-1"), reset=reset, is_agreed=False)


def test_the_database_refuses_one_person_for_both_halves_of_a_reset(ctx: Flask) -> None:
    admin = user("admin-1")
    reset = SecondFactorReset(user_id=user("finance-1").id, reason="x", requested_by_id=admin.id)
    reset.decided_by_id, reset.decided_at, reset.is_agreed = admin.id, now(), True
    db.session.add(reset)
    with pytest.raises(IntegrityError, match=r"two_persons"):
        db.session.flush()


@pytest.mark.parametrize("login", ["resident-1", "org-1", "community-1", "finance-1"])
def test_others_do_not_reach_the_accounts(browse: Browse, login: str) -> None:
    browser = browse(login)
    for path in ("/admin/users", "/admin/users/new", "/admin/grants"):
        browser.get(path, status=403)


def test_the_supervisor_sees_accounts_and_changes_nothing(app: Flask, browse: Browse) -> None:
    browser, key = browse("supervisor-1"), key_of(app, "finance-1")
    seen = browser.get(f"/admin/users/{key}")
    assert "停用账号" not in seen.text
    browser.post(f"/admin/users/{key}/disable", {"reason": "x"}, status=403)
    browser.post(f"/admin/users/{key}/link", status=403)


def test_accounts_are_found_by_name_role_and_state(browse: Browse) -> None:
    browser = browse("admin-1")
    assert "张桂兰" in browser.get("/admin/users?search=张桂").text
    assert "finance-1" not in browser.get("/admin/users?search=%25_").text
    seen = browser.get("/admin/users?role=finance").text
    assert "finance-2" in seen
    assert "leader-1" not in seen


def test_a_role_ends_by_itself_on_its_day(ctx: Flask) -> None:
    made = accounts.create_account(admin=None, login="sun.li", name="孙莉")
    grant = roles.grant_at_setup(user=made, role=Role.EXPERT, ends_on=now().date() + timedelta(days=2))
    assert grant.is_live
    with time_machine.travel(now() + timedelta(days=4)):
        assert made.roles == set()
