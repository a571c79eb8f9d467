"""What of people waits on whose desk."""

import pytest
from flask import Flask

from grants.people import queries
from grants.people.models import User
from grants.people.rules import Role
from grants.people.service import accounts, organisations, roles, roll
from tests.factories import people

pytestmark = pytest.mark.usefixtures("street")


def user(login: str) -> User:
    found = queries.find_user(login)
    assert found is not None
    return found


def titles(login: str) -> list[str]:
    return [item.title for item in queries.list_due_for(user(login))]


def test_each_thing_waits_on_the_desk_of_who_can_act_on_it(ctx: Flask) -> None:
    pending = people.make_pending_organisation()
    made = accounts.create_account(admin=None, login="sun.li", name="孙莉")
    roles.propose_role(officer=user("admin-1"), user=made, role=Role.FINANCE, reason="接替")
    people.give_password(user("finance-2"), with_totp=True)
    accounts.request_reset(admin=user("admin-1"), user=user("finance-2"), reason="丢失")
    data = f"姓名,身份证号,社区\n王秀英,{people.id_number(900)},银杏社区".encode()
    roll.prepare_import(officer=user("community-1"), file_name="a.csv", data=data, community=None)
    assert titles("programme-1") == ["审核入册：晨曦社区服务中心", "确认名册导入：a.csv"]
    assert titles("community-1") == ["确认名册导入：a.csv"]
    assert titles("community-2") == []
    assert titles("leader-1") == ["确认授予“街道财政”：孙莉", "确认重置身份验证器：finance-2"]
    assert titles("admin-1") == []
    assert titles("admin-2") == ["确认重置身份验证器：finance-2"]
    assert titles("resident-1") == titles("supervisor-1") == []
    organisations.return_organisation(officer=user("programme-1"), organisation=pending, reason="请补证书")
    assert titles("chenxi") == ["修改入册资料：晨曦社区服务中心"]
    assert titles("programme-1") == ["确认名册导入：a.csv"]
