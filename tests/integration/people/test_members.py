"""Members of an organisation: invited by link, joining, their part, leaving."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError

from grants.foundation.clock import now
from grants.foundation.database import db
from grants.people import policy, queries
from grants.people.models import MemberInvitation, Organisation, User
from grants.people.rules import MemberRole, Role
from grants.people.service import members, roles
from tests.browsing import Browser, Seen
from tests.factories import people

Browse = Callable[[str | None], Browser]
pytestmark = pytest.mark.usefixtures("street")

INVITE = {"name": "许燕", "email": "Xu.Yan@example.org", "role": "clerk"}
ACCOUNT = {"login": "xuyan", "password": people.PASSWORD, "again": people.PASSWORD}


def user(login: str) -> User:
    found = queries.find_user(login)
    assert found is not None
    return found


def one(name: str = "暖阳社工服务中心") -> Organisation:
    found = queries.find_organisation_by_name(name)
    assert found is not None
    return found


def home(app: Flask) -> str:
    with app.app_context():
        return f"/organisations/{one().ref}"


def link_on(seen: Seen) -> str:
    code = seen.soup.select_one("main code")
    assert code is not None
    return "/join/" + code.get_text().rsplit("/", 1)[1]


def invite(app: Flask, head: Browser, **change: str) -> str:
    return link_on(head.post(f"{home(app)}/members", {**INVITE, **change}, status=200))


def colleague(role: MemberRole, login: str) -> User:
    """Invite somebody and let them join, without pages."""
    _invitation, token = members.invite_member(
        manager=user("org-1"), organisation=one(), name=login, email=f"{login}@example.org", role=role
    )
    return members.join_with_new_account(token=token, login=login, password=people.PASSWORD)


def test_a_newcomer_registers_is_examined_invites_a_colleague_who_joins_and_works(app: Flask, browse: Browse) -> None:
    sign_up = {
        "name": "晨曦社区服务中心",
        "legal_kind": "service",
        "community_kind": "resident_service",
        "uscc": "52990101MJ0000114G",
        "registered_on": "2020-06-01",
        "scope": "社区服务",
        "head_name": "沈晨",
        "contact": "沈晨",
        "login": "chenxi",
        "password": people.PASSWORD,
        "again": people.PASSWORD,
        "agreed": "y",
    }
    browse(None).submit("/organisations/new", sign_up)
    with app.app_context():
        path = f"/organisations/{one('晨曦社区服务中心').ref}"
    head = browse(None)
    head.submit("/sign-in", {"login": "chenxi", "password": people.PASSWORD})
    assert "入册后才能邀请成员" in head.get(f"{path}/members").text
    head.post(f"{path}/members", INVITE, status=403)
    browse("programme-1").press(f"{path}/edit", "同意入册")
    link = link_on(head.submit(f"{path}/members", INVITE, status=200))
    guest = browse(None)
    assert "晨曦社区服务中心" in guest.get(link).text
    guest.submit(link, ACCOUNT)
    guest.submit("/sign-in", {"login": "xuyan", "password": people.PASSWORD})
    guest.submit(f"{path}/edit", {"head_name": "沈晨", "staff_count": "6"})
    with app.app_context():
        assert one("晨曦社区服务中心").staff_count == 6
        assert policy.member_role(user("xuyan"), one("晨曦社区服务中心").id) is MemberRole.CLERK
    guest.post(f"{path}/members", INVITE, status=403)
    assert "许燕 已加入" in head.get("/desk/messages").text
    log = browse("supervisor-1").get("/audit/").text
    assert "邀请成员" in log
    assert "加入组织" in log


def test_a_link_works_once_and_only_its_hash_is_kept(app: Flask, browse: Browse) -> None:
    link = invite(app, browse("org-1"))
    with app.app_context():
        kept = queries.list_invitations(one().id)[0]
        assert link.rsplit("/", 1)[1] not in (kept.token_hash, kept.email)
    browse(None).post(link, ACCOUNT)
    for again in (browse(None), browse("resident-1")):
        again.get(link, status=422)
        again.post(link, {**ACCOUNT, "login": "other"}, status=422)
    browse("resident-1").post(f"{link}/here", status=422)
    with app.app_context():
        assert queries.find_user("other") is None


def test_a_renewed_link_replaces_the_old_one_and_a_revoked_one_is_dead(app: Flask, browse: Browse) -> None:
    head = browse("org-1")
    old = invite(app, head)
    with app.app_context():
        key = queries.list_invitations(one().id)[0].id
    new = link_on(head.post(f"/organisations/invitations/{key}/renew", status=200))
    browse(None).get(old, status=422)
    browse(None).get(new)
    head.post(f"/organisations/invitations/{key}/revoke")
    browse(None).get(new, status=422)
    head.post(f"/organisations/invitations/{key}/renew", status=409)
    invite(app, head)


def test_a_link_that_is_too_old_is_dead_and_can_be_renewed(ctx: Flask) -> None:
    invitation, token = members.invite_member(
        manager=user("org-1"), organisation=one(), name="许燕", email="a@example.org", role=MemberRole.CLERK
    )
    invitation.invited_at = now() - timedelta(days=9)
    invitation.expires_at = now() - timedelta(seconds=1)
    with pytest.raises(Exception, match="已失效"):
        members.open_invitation(token)
    renewed = members.renew_invitation(manager=user("org-1"), invitation=invitation)
    assert members.open_invitation(renewed) is invitation


@pytest.mark.parametrize(
    ("change", "field"), [({"email": "x"}, "email"), ({"name": ""}, "name"), ({"role": "owner"}, "role")]
)
def test_a_wrong_invitation_is_told_at_its_field(
    app: Flask, browse: Browse, change: dict[str, str], field: str
) -> None:
    seen = browse("org-1").post(f"{home(app)}/members", {**INVITE, **change}, status=422)
    assert seen.soup.select_one(f"#{field}-error") is not None
    with app.app_context():
        assert not queries.list_invitations(one().id)


def test_who_is_on_file_already_is_not_invited_again(app: Flask, browse: Browse) -> None:
    head = browse("org-1")
    link = invite(app, head)
    twice = head.post(f"{home(app)}/members", {**INVITE, "email": "xu.yan@EXAMPLE.org"}, status=422)
    assert "已向这个邮箱发出邀请" in twice.text
    browse(None).post(link, ACCOUNT)
    assert "已经是成员" in head.post(f"{home(app)}/members", INVITE, status=422).text


def test_an_account_that_exists_joins_after_signing_in_unless_its_office_forbids(app: Flask, browse: Browse) -> None:
    link = invite(app, browse("org-1"), role="finance")
    assert "不相容岗位" in browse("finance-1").get(link).text
    browse("finance-1").post(f"{link}/here", status=422)
    assert "已经是该组织的成员" in browse("org-1").get(link).text
    browse("resident-1").press(link, "的账号加入")
    with app.app_context():
        assert policy.member_role(user("resident-1"), one().id) is MemberRole.FINANCE
        assert user("resident-1").has_role(Role.RESIDENT)


def test_a_removed_member_is_out_at_the_next_request_and_the_last_head_stays(app: Flask, browse: Browse) -> None:
    path, head = home(app), browse("org-1")
    browse(None).post(invite(app, head), ACCOUNT)
    guest = browse("xuyan")
    guest.get(f"{path}/edit")
    with app.app_context():
        keys = {member.user.login: member.id for member in queries.list_members(one().id)}
    guest.post(f"/organisations/members/{keys['org-1']}/remove", status=403)
    head.post(f"/organisations/members/{keys['org-1']}/remove", status=409)
    head.post(f"/organisations/members/{keys['org-1']}/role", {"role": "clerk"}, status=409)
    head.post(f"/organisations/members/{keys['xuyan']}/role", {"role": "boss"}, status=422)
    head.press(f"{path}/members", f"移除后，{INVITE['name']}")
    guest.get(f"{path}/edit", status=403)
    with app.app_context():
        assert user("xuyan").organisation_ids == set()
    browse(None).post(invite(app, head), {**ACCOUNT, "login": "xuyan2"})
    with app.app_context():
        second = queries.find_membership(one().id, user("xuyan2").id)
        assert second is not None
    head.post(f"/organisations/members/{second.id}/role", {"role": "head"})
    head.post(f"/organisations/members/{keys['org-1']}/remove")
    head.get(f"{path}/members", status=403)


def test_members_are_managed_by_the_head_of_the_same_organisation_only(app: Flask, browse: Browse) -> None:
    with app.app_context():
        other = people.make_organisation("邻里帮公益中心")
        people.make_user("org-2", Role.ORGANISATION, organisation=other)
        db.session.commit()
    path = home(app)
    invite(app, browse("org-1"))
    with app.app_context():
        member = queries.list_members(one().id)[0].id
        invitation = queries.list_invitations(one().id)[0].id
    for login in ("org-2", "programme-1", "admin-1"):
        browse(login).post(f"{path}/members", INVITE, status=403)
        browse(login).post(f"/organisations/members/{member}/remove", status=403)
        browse(login).post(f"/organisations/invitations/{invitation}/renew", status=403)
        browse(login).post(f"/organisations/invitations/{invitation}/revoke", status=403)
    browse("org-2").get(f"{path}/members", status=403)
    seen = browse("supervisor-1").get(f"{path}/members")
    assert "许燕" in seen.text
    assert not seen.soup.select("main form")


@pytest.mark.parametrize(
    ("role", "may"), [(MemberRole.FINANCE, True), (MemberRole.PROJECT, False), (MemberRole.CLERK, False)]
)
def test_the_account_is_stated_by_head_or_finance(ctx: Flask, role: MemberRole, may: bool) -> None:
    assert (policy.why_not_propose_account(colleague(role, "newone"), one()) is None) is may
    assert policy.why_not_propose_account(user("org-1"), one()) is None


def test_an_organisation_without_a_working_head_gets_one_through_the_office(ctx: Flask) -> None:
    def appoint(login: str) -> MemberRole | None:
        new = people.make_user(login)
        grant = roles.propose_role(
            officer=user("programme-1"), user=new, role=Role.ORGANISATION, organisation_id=one().id, reason="接任"
        )
        assert policy.member_role(new, one().id) is None
        roles.second_role(leader=user("leader-1"), grant=grant)
        db.session.refresh(new)
        return policy.member_role(new, one().id)

    assert appoint("jieren-1") is MemberRole.CLERK
    roles.revoke_role(admin=user("admin-1"), grant=user("org-1").grants[0], reason="离职")
    assert appoint("jieren-2") is MemberRole.HEAD


@pytest.mark.parametrize(
    ("wrong", "name"),
    [
        ({"accepted_at": "now"}, "accepted_by_somebody"),
        ({"accepted_at": "now", "accepted_by_id": "other", "revoked_at": "now"}, "accepted_or_revoked"),
        ({"accepted_at": "now", "accepted_by_id": "self"}, "never_to_oneself"),
        ({"expires_at": "now"}, "expires_after_invited"),
    ],
)
def test_the_database_refuses_half_an_invitation(ctx: Flask, wrong: dict[str, str], name: str) -> None:
    moment = now()
    values = {"now": moment, "other": user("resident-1").id, "self": user("org-1").id}
    given: dict[str, Any] = {"expires_at": moment + timedelta(days=7)}
    given |= {key: values[value] for key, value in wrong.items()}
    db.session.add(
        MemberInvitation(
            organisation_id=one().id,
            name="许燕",
            email="a@example.org",
            role=MemberRole.CLERK,
            token_hash="0" * 64,
            invited_by_id=values["self"],
            invited_at=moment,
            **given,
        )
    )
    with pytest.raises(IntegrityError, match=name):
        db.session.flush()


def test_the_database_refuses_a_second_waiting_invitation_to_one_address(ctx: Flask) -> None:
    for number in (1, 2):
        db.session.add(
            MemberInvitation(
                organisation_id=one().id,
                name="许燕",
                email="a@example.org",
                role=MemberRole.CLERK,
                token_hash=str(number) * 64,
                invited_by_id=user("org-1").id,
                expires_at=now() + timedelta(days=1),
            )
        )
    with pytest.raises(IntegrityError):
        db.session.flush()
