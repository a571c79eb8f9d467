"""The register of organisations: signing up, examination, profile, account to be paid to."""

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy.exc import IntegrityError

from grants.foundation.clock import now, today
from grants.foundation.database import db
from grants.foundation.errors import NotPermitted, RuleBroken, TransitionRefused
from grants.people import queries
from grants.people.models import BankAccountChange, Organisation, User
from grants.people.rules import LegalKind, Role
from grants.people.service import organisations as service
from tests.browsing import Browser
from tests.factories import people

Browse = Callable[[str | None], Browser]
pytestmark = pytest.mark.usefixtures("street")

SIGN_UP: dict[str, Any] = {
    "name": "晨曦社区服务中心",
    "legal_kind": "service",
    "community_kind": "resident_service",
    "uscc": "52990101MJ0000114G",
    "registered_on": "2020-06-01",
    "scope": "社区服务",
    "head_name": "沈晨",
    "staff_count": "4",
    "social_worker_count": "2",
    "phone": "13800009999",
    "contact": "沈晨",
    "login": "chenxi",
    "password": people.PASSWORD,
    "again": people.PASSWORD,
    "agreed": "y",
}


def user(login: str) -> User:
    found = queries.find_user(login)
    assert found is not None
    return found


def one(name: str) -> Organisation:
    found = queries.find_organisation_by_name(name)
    assert found is not None
    return found


def ref_of(app: Flask, name: str = "暖阳社工服务中心") -> str:
    with app.app_context():
        return one(name).ref


def pending(app: Flask) -> str:
    with app.app_context():
        ref = people.make_pending_organisation().ref
        db.session.commit()
    return ref


def test_an_organisation_signs_itself_up_is_examined_and_listed(app: Flask, browse: Browse) -> None:
    visitor = browse(None)
    visitor.post("/organisations/new", SIGN_UP)
    ref = ref_of(app, "晨曦社区服务中心")
    assert "晨曦" not in visitor.get("/organisations/").text
    with app.app_context():
        assert user("chenxi").organisation_ids == set()
    officer = browse("programme-1")
    assert "晨曦" in officer.get("/organisations/review").text
    officer.post(f"/organisations/{ref}/accept")
    assert "晨曦" in visitor.get("/organisations/").text
    with app.app_context():
        assert user("chenxi").organisation_ids == {one("晨曦社区服务中心").id}
    officer.post(f"/organisations/{ref}/accept", status=403)


@pytest.mark.parametrize("code", ["52990101MJ9000018W", "12345", "91350100M0001TGQXM", "52990101MJ00001I4G"])
def test_an_odd_code_is_pointed_out_and_saved_all_the_same(app: Flask, browse: Browse, code: str) -> None:
    visitor = browse(None)
    followed = visitor.follow("/organisations/new", {**SIGN_UP, "uscc": code})
    assert "请核对统一社会信用代码" in followed.text
    with app.app_context():
        assert one("晨曦社区服务中心").uscc == code


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"uscc": ""}, "uscc"),
        ({"legal_kind": "filed", "uscc": ""}, "filing_number"),
        ({"name": "暖阳社工服务中心"}, "name"),
        ({"login": "org-1"}, "login"),
        ({"login": "x"}, "login"),
        ({"password": "12345678", "again": "12345678"}, "password"),
        ({"again": "other"}, "again"),
        ({"staff_count": "-3"}, "staff_count"),
        ({"social_worker_count": "5"}, "social_worker_count"),
        ({"phone": "12345"}, "phone"),
        ({"agreed": ""}, "agreed"),
    ],
)
def test_a_wrong_turn_is_told_at_its_field_and_what_was_typed_stays(
    app: Flask, browse: Browse, change: dict[str, str], field: str
) -> None:
    seen = browse(None).post("/organisations/new", {**SIGN_UP, **change}, status=422)
    assert seen.soup.select_one(f"#{field}-error") is not None
    assert "社区服务" in seen.html
    with app.app_context():
        assert queries.find_user("chenxi") is None


def test_everything_wrong_is_said_at_once_and_the_file_is_asked_for_again(browse: Browse) -> None:
    wrong = {"phone": "abc", "password": "chenxi-2026-x", "again": "chenxi-2026-x", "agreed": ""}
    seen = browse(None).post("/organisations/new", {**SIGN_UP, **wrong}, status=422)
    for field in ("phone", "password", "agreed"):
        assert seen.soup.select_one(f"#{field}-error") is not None
    assert "密码里不要含有登录名或姓名" in seen.text
    assert "请重新选择文件" in seen.text


def test_a_landline_will_do_as_well(app: Flask, browse: Browse) -> None:
    browse(None).post("/organisations/new", {**SIGN_UP, "phone": "021-6123 4567"})
    with app.app_context():
        assert one("晨曦社区服务中心").phone_cipher is not None


def test_members_find_their_organisation_and_what_it_still_lacks(app: Flask, browse: Browse) -> None:
    ref = pending(app)
    member = browse("chenxi")
    assert member.get("/organisations/mine", status=302).location == f"/organisations/{ref}/edit"
    desk = member.get("/desk")
    assert desk.soup.select_one('.side-menu a[href="/organisations/mine"]') is not None
    assert "入册审核中" in desk.text
    browse("programme-1").post(f"/organisations/{ref}/accept")
    desk = member.get("/desk").text
    assert "入册审核中" not in desk
    assert "请登记收款账户" in desk
    assert "请上传证照和材料" in desk
    browse("resident-1").get("/organisations/mine", status=403)


def test_newcomers_are_told_at_the_sign_in_where_to_go(browse: Browse) -> None:
    seen = browse(None).get("/sign-in")
    assert seen.soup.select_one('main a[href="/organisations/new"]') is not None
    assert "忘记密码" in seen.text


def test_a_code_that_is_on_the_register_already_is_refused(app: Flask, browse: Browse) -> None:
    with app.app_context():
        code = one("暖阳社工服务中心").uscc
    seen = browse(None).post("/organisations/new", {**SIGN_UP, "uscc": code}, status=422)
    assert "已有这一统一社会信用代码" in seen.text


def test_a_returned_file_is_corrected_by_its_member_and_comes_back(app: Flask, browse: Browse) -> None:
    ref = pending(app)
    browse("programme-1").post(f"/organisations/{ref}/return", {"reason": "请上传登记证书"})
    member = browse("chenxi")
    assert "请上传登记证书" in member.get(f"/organisations/{ref}/edit").text
    keep = ("name", "legal_kind", "community_kind", "uscc", "registered_on", "scope")
    png = (io.BytesIO(_picture()), "证书.png")
    member.post(f"/organisations/{ref}/identity", {name: SIGN_UP[name] for name in keep} | {"certificate": png})
    with app.app_context():
        assert one("晨曦社区服务中心").review_note is None
    assert member.get(f"/organisations/{ref}/certificate").response.mimetype == "image/png"
    browse("org-1").get(f"/organisations/{ref}/certificate", status=403)


def _picture() -> bytes:
    from PIL import Image

    buffer = io.BytesIO()
    Image.new("RGB", (40, 40), "white").save(buffer, "PNG")
    return buffer.getvalue()


def test_the_profile_is_kept_by_members_and_the_office_only(app: Flask, browse: Browse) -> None:
    own, foreign = ref_of(app), pending(app)
    fields = {"head_name": "周敏", "staff_count": "9", "social_worker_count": "4", "profile": "服务独居老人"}
    browse("org-1").post(f"/organisations/{own}/edit", fields)
    for page in ("edit", "bank", "identity"):
        browse("org-1").get(f"/organisations/{foreign}/{page}", status=403)
        browse("chenxi").get(f"/organisations/{own}/{page}", status=403)
    browse("org-1").post(f"/organisations/{foreign}/edit", fields, status=403)
    browse("org-1").get(f"/organisations/{own}/identity", status=403)
    for login in ("resident-1", "finance-1", "community-1", "admin-1"):
        browse(login).get(f"/organisations/{own}/edit", status=403)
    with app.app_context():
        assert one("暖阳社工服务中心").staff_count == 9


def test_a_profile_saved_without_a_phone_keeps_the_phone_on_file(app: Flask, browse: Browse) -> None:
    browse(None).post("/organisations/new", SIGN_UP)
    ref = ref_of(app, "晨曦社区服务中心")
    fields = {"head_name": "沈晨", "staff_count": "5", "social_worker_count": "2"}
    browse("chenxi").post(f"/organisations/{ref}/edit", fields)
    assert "13800009999" not in browse("chenxi").get(f"/organisations/{ref}/edit").html
    with app.app_context():
        assert one("晨曦社区服务中心").phone_cipher is not None


def test_standing_is_noted_by_the_office(app: Flask, browse: Browse) -> None:
    ref = ref_of(app)
    fields = {
        "assessment_grade": "4A",
        "assessment_expires_on": "2028-01-01",
        "year_1": "合格",
        "source": "区民政局公告",
    }
    browse("programme-1").post(f"/organisations/{ref}/standing", fields)
    browse("org-1").get(f"/organisations/{ref}/standing", status=403)
    with app.app_context():
        noted = one("暖阳社工服务中心")
        year = str(now().year - 1)
        assert (noted.assessment_grade, noted.inspections[year]) == ("4A", "合格")


BANK = {
    "bank_name": "梧桐农商行桥北支行",
    "account_name": "暖阳社工服务中心",
    "number": "6210 9901 9999 9001",
    "again": "6210 9901 9999 9001",
    "reason": "网点撤并",
}


def test_a_new_account_counts_once_a_programme_officer_confirmed_it(app: Flask, browse: Browse) -> None:
    ref, member = ref_of(app), browse("org-1")
    member.post(f"/organisations/{ref}/bank", BANK)
    assert "9001" in member.get(f"/organisations/{ref}/bank").text
    with app.app_context():
        organisation = one("暖阳社工服务中心")
        change = queries.find_open_account_change(organisation.id)
        assert change is not None
        assert organisation.account_last4 == "1234"
        assert "62109901" not in change.account_cipher
        key = str(change.id)
    member.post(f"/organisations/accounts/{key}/accept", status=403)
    browse("finance-1").post(f"/organisations/accounts/{key}/accept", status=403)
    browse("programme-1").post(f"/organisations/accounts/{key}/accept")
    with app.app_context():
        organisation = one("暖阳社工服务中心")
        assert organisation.account_last4 == "9001"
        assert service.open_account(organisation) == "6210990199999001"
    browse("programme-1").post(f"/organisations/accounts/{key}/accept", status=403)


def test_a_refused_account_leaves_the_old_one(app: Flask, browse: Browse) -> None:
    ref = ref_of(app)
    browse("org-1").post(f"/organisations/{ref}/bank", BANK)
    with app.app_context():
        change = queries.list_open_account_changes()[0]
    browse("programme-1").post(f"/organisations/accounts/{change.id}/refuse", {"reason": "户名不符"})
    assert "户名不符" in browse("org-1").get(f"/organisations/{ref}/bank").text
    with app.app_context():
        assert one("暖阳社工服务中心").account_last4 == "1234"


@pytest.mark.parametrize(
    "change", [{"number": "12", "again": "12"}, {"again": "62109901"}, {"account_name": "别家中心"}, {"reason": ""}]
)
def test_a_wrong_account_is_refused(app: Flask, browse: Browse, change: dict[str, str]) -> None:
    browse("org-1").post(f"/organisations/{ref_of(app)}/bank", {**BANK, **change}, status=422)
    with app.app_context():
        assert not queries.list_open_account_changes()


def test_a_filed_organisation_is_never_paid_and_only_one_change_waits(ctx: Flask) -> None:
    filed = people.make_organisation("夕阳红互助队", kind=LegalKind.FILED)
    member = people.make_user("zuzhi01", Role.ORGANISATION, organisation=filed)
    given = {"bank_name": "行", "account_name": filed.name, "number": "6210990199999001", "reason": "x"}
    with pytest.raises(NotPermitted, match="不是法人"):
        service.propose_account(actor=member, organisation=filed, **given)
    listed = one("暖阳社工服务中心")
    given["account_name"] = listed.name
    service.propose_account(actor=user("org-1"), organisation=listed, **given)
    with pytest.raises(TransitionRefused):
        service.propose_account(actor=user("org-1"), organisation=listed, **given)


def test_the_database_refuses_who_confirms_their_own_account_and_a_second_open_one(ctx: Flask) -> None:
    def change(**more: Any) -> BankAccountChange:
        organisation, member = one("暖阳社工服务中心"), user("org-1")
        return BankAccountChange(
            organisation_id=organisation.id,
            bank_name="行",
            account_name="名",
            reason="x",
            proposed_by_id=member.id,
            **service.account_columns("6210990199999001"),
            **more,
        )

    member_id = user("org-1").id
    db.session.add(change(decided_by_id=member_id, decided_at=now(), is_accepted=True))
    with pytest.raises(IntegrityError, match="two_persons"):
        db.session.flush()
    db.session.rollback()
    db.session.add_all([change(), change()])
    with pytest.raises(IntegrityError):
        db.session.flush()


def test_the_full_account_is_shown_with_a_reason_that_is_kept(app: Flask, browse: Browse) -> None:
    ref, officer = ref_of(app), browse("finance-1")
    assert "6200000000001234" not in officer.get(f"/organisations/{ref}/account").html
    officer.post(f"/organisations/{ref}/account", {"reason": ""}, status=422)
    seen = officer.post(f"/organisations/{ref}/account", {"reason": "填制拨款凭证"}, status=200)
    assert "6200000000001234" in seen.html
    entry = browse("supervisor-1").get("/audit/?action=organisation:reveal")
    assert "填制拨款凭证" in entry.text
    assert "6200000000001234" not in entry.html
    for login in ("org-1", "resident-1", "community-1", "admin-1"):
        browse(login).get(f"/organisations/{ref}/account", status=403)


def test_the_register_is_searched_filtered_and_exported(app: Flask, browse: Browse) -> None:
    with app.app_context():
        people.make_organisation("=夕阳红互助队", kind=LegalKind.FILED)
        for number in range(25):
            people.make_organisation(f"第{number:02d}志愿队", kind=LegalKind.FILED)
        db.session.commit()
    visitor = browse(None)
    first = visitor.get("/organisations/")
    assert "共 27 家" in first.text
    following = first.soup.select_one("a[rel=next]")
    assert following is not None
    assert "暖阳" in first.text + visitor.get(str(following["href"])).text
    assert "共 1 家" in visitor.get("/organisations/?search=暖阳").text
    assert "共 0 家" in visitor.get("/organisations/?search=%25").text
    assert "共 1 家" in visitor.get("/organisations/?legal_kind=service").text
    assert "共 27 家" in visitor.get("/organisations/?legal_kind=nonsense&community_kind=").text
    sheet = visitor.get("/organisations/catalogue.csv").html
    assert "暖阳社工服务中心" in sheet
    assert ",'=夕阳红互助队" in sheet
    assert "6200000000001234" not in sheet
    table = visitor.get("/organisations/catalogue.xlsx?search=暖阳").response.data
    rows = list(load_workbook(io.BytesIO(table)).worksheets[0].iter_rows(values_only=True))
    assert [row[1] for row in rows] == ["组织名称", "暖阳社工服务中心"]


def test_the_register_is_filtered_by_a_grade_that_holds_and_the_ledger_is_for_the_office(
    app: Flask, browse: Browse
) -> None:
    with app.app_context():
        for number, (grade, days) in enumerate([("4A", 0), ("4A", -1), (None, None), ("3A", None)]):
            body = people.make_organisation(f"第{number}中心")
            body.assessment_grade = grade
            body.assessment_expires_on = None if days is None else today() + timedelta(days=days)
        one("暖阳社工服务中心").head_name = '=HYPERLINK("x")'
        db.session.commit()
    visitor = browse(None)

    def listed(grade: str) -> int:
        return len(visitor.get(f"/organisations/catalogue.csv?grade={grade}").html.splitlines()) - 1

    assert {grade: listed(grade) for grade in ("4A", "3A", "5A", "none", "")} == {
        "4A": 1,
        "3A": 1,
        "5A": 0,
        "none": 3,
        "": 5,
    }
    sheet = browse("programme-1").get("/organisations/ledger.csv?search=暖阳").html.splitlines()
    assert len(sheet) == 2
    assert "2025,合格" in sheet[1]
    assert "'=HYPERLINK" in sheet[1]
    for login in ("org-1", "finance-1", "community-1", None):
        browse(login).get("/organisations/ledger.csv", status=403 if login else 302)


def test_a_suspended_organisation_leaves_the_register_until_it_is_restored(app: Flask, browse: Browse) -> None:
    path, officer, visitor = f"/organisations/{ref_of(app)}", browse("programme-1"), browse(None)
    officer.post(f"{path}/restore", status=403)
    officer.post(f"{path}/suspend", {"reason": ""}, status=422)
    officer.post(f"{path}/suspend", {"reason": "注销程序办理中"})
    officer.post(f"{path}/suspend", {"reason": "再次"}, status=403)
    assert "暖阳" not in visitor.get("/organisations/").text
    assert "已停用" in visitor.get(path).text
    assert "注销程序办理中" in browse("org-1").get("/desk/messages").text
    for login in ("org-1", "finance-1", "leader-1"):
        browse(login).post(f"{path}/suspend", {"reason": "x"}, status=403)
        browse(login).post(f"{path}/restore", status=403)
    officer.press(f"{path}/edit", "恢复在册")
    assert "暖阳" in visitor.get("/organisations/").text


def test_changing_the_kind_of_an_organisation_with_an_account_is_refused(ctx: Flask) -> None:
    listed = one("暖阳社工服务中心")
    identity = service.Identity(
        listed.name, LegalKind.FILED, listed.community_kind, listed.registered_on, filing_number="1"
    )
    with pytest.raises(RuleBroken):
        service.edit_identity(actor=user("programme-1"), organisation=listed, identity=identity)
