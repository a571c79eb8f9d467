"""The file of one organisation: papers, people, standing, and who reads it."""

import io
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy.exc import IntegrityError

from grants.foundation.clock import today
from grants.foundation.database import db
from grants.foundation.errors import NotPermitted, RuleBroken
from grants.foundation.files import store_bytes
from grants.people import queries
from grants.people.models import Organisation, OrganisationDocument, OrganisationWorker, StandingRecord, User
from grants.people.rules import LegalKind, Role
from grants.people.rules.dossier import STILL_LISTED, CertificateKind, DocumentKind, StandingKind, core_documents
from grants.people.service import dossier, standing
from tests.browsing import Browser
from tests.factories import people

Browse = Callable[[str | None], Browser]
pytestmark = pytest.mark.usefixtures("street")


def user(login: str) -> User:
    found = queries.find_user(login)
    assert found is not None
    return found


def one(name: str = "暖阳社工服务中心") -> Organisation:
    found = queries.find_organisation_by_name(name)
    assert found is not None
    return found


@pytest.fixture
def home(app: Flask) -> str:
    """Return the path of the organisation; a second one has a member too."""
    with app.app_context():
        other = people.make_organisation("邻里帮公益中心")
        people.make_user("org-2", Role.ORGANISATION, organisation=other)
        db.session.commit()
        return f"/organisations/{one().ref}"


def scan() -> tuple[io.BytesIO, str]:
    buffer = io.BytesIO()
    Image.new("RGB", (40, 40), "white").save(buffer, "PNG")
    return io.BytesIO(buffer.getvalue()), "证书.png"


def paper(**change: Any) -> dict[str, Any]:
    given = {"kind": "certificate", "issued_on": "2024-01-01", "expires_on": "", "file": scan(), **change}
    return {name: value for name, value in given.items() if value is not None}


def in_days(days: int) -> str:
    return (today() + timedelta(days=days)).isoformat()


def test_a_paper_is_kept_renewed_and_its_old_version_stays(app: Flask, browse: Browse, home: str) -> None:
    member = browse("org-1")
    member.post(f"{home}/documents", paper(expires_on=in_days(30)))
    assert "即将到期" in member.get(f"{home}/documents").text
    with app.app_context():
        assert [item.title for item in queries.list_due_for(user("org-1"))] == ["更新材料：登记证书或备案证明"]
        assert "更新材料：登记证书或备案证明" not in [item.title for item in queries.list_due_for(user("org-2"))]
    assert "登记证书" in browse("programme-1").get("/organisations/review").text
    with app.app_context():
        old = queries.list_documents(one().id)[0].id
    replace = f"/organisations/documents/{old}/replace"
    member.post(replace, {"issued_on": in_days(-1), "expires_on": in_days(900), "file": scan()})
    member.post(replace, {"issued_on": in_days(-1), "file": scan()}, status=422)
    seen = member.get(f"{home}/documents").text
    assert "已被新版本取代" in seen
    assert "即将到期" not in seen
    with app.app_context():
        assert not queries.list_due_for(user("org-1"))
    assert member.get(f"/organisations/documents/{old}/file").response.mimetype == "image/png"


def test_a_paper_is_opened_by_own_members_and_the_office_only(app: Flask, browse: Browse, home: str) -> None:
    browse("org-1").post(f"{home}/documents", paper())
    with app.app_context():
        key = queries.list_documents(one().id)[0].id
    path = f"/organisations/documents/{key}/file"
    for login in ("org-1", "programme-1", "leader-1", "supervisor-1"):
        browse(login).get(path)
    for login in ("org-2", "resident-1", "finance-1", "community-1", "admin-1"):
        browse(login).get(path, status=403)
    browse(None).get(path, status=302)
    browse("org-2").post(f"/organisations/documents/{key}/replace", paper(), status=403)
    for section in ("members", "documents", "people"):
        browse("org-2").get(f"{home}/{section}", status=403)
    browse("org-2").post(f"{home}/documents", paper(), status=403)
    browse("programme-1").post(f"{home}/documents", paper(), status=403)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"kind": ""}, "kind"),
        ({"issued_on": "2999-01-01"}, "issued_on"),
        ({"expires_on": "2020-01-01"}, "expires_on"),
        ({"file": None}, "file"),
    ],
)
def test_a_wrong_paper_is_told_at_its_field(browse: Browse, home: str, change: dict[str, Any], field: str) -> None:
    seen = browse("org-1").post(f"{home}/documents", paper(**change), status=422)
    assert seen.soup.select_one(f"#{field}-error") is not None


def test_what_the_file_still_lacks_is_named(app: Flask, browse: Browse, home: str) -> None:
    member = browse("org-1")
    before = member.get(f"{home}/documents").text
    assert "开户许可证、财务管理制度" in before
    member.post(f"{home}/documents", paper(kind="bank"))
    assert "还缺：登记证书或备案证明、年检（年报）结论、财务管理制度" in member.get(f"{home}/documents").text
    with app.app_context():
        filed = people.make_organisation("夕阳红互助队", kind=LegalKind.FILED)
        assert core_documents(filed.legal_kind) == (DocumentKind.CERTIFICATE,)


WORKER = {"name": "林梅", "post": "项目专员", "is_full_time": "y", "has_insurance": "y"}
CERTIFIED = {**WORKER, "certificate": "social_worker", "number": "SW2023-004417"}


def test_people_are_counted_and_a_certificate_lent_twice_is_seen_by_the_office(
    app: Flask, browse: Browse, home: str
) -> None:
    with app.app_context():
        other = f"/organisations/{one('邻里帮公益中心').ref}"
    member = browse("org-1")
    member.post(f"{home}/people", {**CERTIFIED, "number": ""}, status=422)
    member.post(f"{home}/people", CERTIFIED)
    member.post(f"{home}/people", {"name": "高远", "post": "会计", "certificate": "none"})
    browse("org-2").post(f"{other}/people", {**CERTIFIED, "number": "sw2023 004417"}, status=302)
    seen = member.get(f"{home}/people")
    assert "****4417" in seen.text
    assert "2023-0044" not in seen.html
    assert "邻里帮公益中心" not in seen.text
    assert "同一证书也登记在：邻里帮公益中心" in browse("programme-1").get(f"{home}/people").text
    with app.app_context():
        count = queries.summarise_workers(one().id)
        assert (count.full_time, count.part_time, count.social_workers, count.insured) == (1, 1, 1, 1)
        key = queries.list_workers(one().id)[0].id
    browse("org-2").post(f"/organisations/people/{key}/leave", status=403)
    member.post(f"/organisations/people/{key}/leave")
    assert "林梅" not in member.get(f"{home}/people").text
    member.post(f"/organisations/people/{key}/leave", status=409)


def test_a_certificate_that_runs_out_waits_on_the_desk_until_it_is_renewed(
    app: Flask, browse: Browse, home: str
) -> None:
    member = browse("org-1")
    member.post(f"{home}/people", {**CERTIFIED, "expires_on": in_days(20)})
    with app.app_context():
        assert "证书到期：林梅" in [item.title for item in queries.list_due_for(user("org-1"))]
        path = f"/organisations/people/{queries.list_workers(one().id)[0].id}/certificate"
    browse("org-2").post(path, {"expires_on": in_days(900)}, status=403)
    seen = member.post(path, {"expires_on": in_days(0)}, status=422)
    assert seen.soup.select_one("#expires_on-error") is not None
    member.submit(path, {"expires_on": in_days(900)})
    with app.app_context():
        assert "证书到期：林梅" not in [item.title for item in queries.list_due_for(user("org-1"))]


def test_a_sanction_counts_until_it_is_ended_or_withdrawn(app: Flask, browse: Browse, home: str) -> None:
    officer = browse("programme-1")
    given = {"kind": "abnormal", "starts_on": "2024-05-01", "source": "市民政局公告"}
    officer.post(f"{home}/records/new", {**given, "starts_on": "2999-01-01"}, status=422)
    officer.post(f"{home}/records/new", {**given, "source": ""}, status=422)
    officer.post(f"{home}/records/new", given)
    browse("org-1").post(f"{home}/records/new", given, status=403)
    with app.app_context():
        assert one().abnormal_until == STILL_LISTED
        key = queries.list_records(one().id)[0].id
    officer.post(f"/organisations/records/{key}/end", {"ends_on": "2024-01-01"}, status=422)
    officer.post(f"/organisations/records/{key}/end", {"ends_on": "2024-09-01"})
    officer.post(f"/organisations/records/{key}/end", {"ends_on": "2024-09-02"}, status=422)
    with app.app_context():
        assert one().abnormal_until == date(2024, 9, 1)
    officer.post(f"/organisations/records/{key}/withdraw", {"reason": ""}, status=422)
    officer.post(f"/organisations/records/{key}/withdraw", {"reason": "同名组织，登记有误"})
    assert "登记有误" in browse("org-1").get(home).text
    officer.get(f"/organisations/records/{key}/withdraw", status=403)
    with app.app_context():
        assert one().abnormal_until is None


def test_a_violation_has_no_removal_and_the_latest_counts(ctx: Flask) -> None:
    officer, body = user("programme-1"), one()
    day = today() - timedelta(days=400)
    given: dict[str, Any] = {
        "officer": officer,
        "organisation": body,
        "kind": StandingKind.VIOLATION,
        "source": "处罚决定书",
    }
    with pytest.raises(RuleBroken, match="没有移出日期"):
        standing.add_sanction(starts_on=day, ends_on=day, **given)
    later = standing.add_sanction(starts_on=day, ends_on=None, **given)
    standing.add_sanction(starts_on=day - timedelta(days=900), ends_on=None, **given)
    assert body.violation_on == day
    standing.withdraw_record(officer=officer, record=later, reason="撤销处罚")
    assert body.violation_on == day - timedelta(days=900)


def test_yearly_checks_and_grades_leave_their_history(app: Flask, browse: Browse, home: str) -> None:
    officer, year = browse("programme-1"), str(today().year - 1)
    fields = {"source": "区民政局公告", "assessment_grade": "4A", "assessment_expires_on": "2028-01-01"}
    officer.post(f"{home}/standing", {**fields, "year_1": "合格"})
    officer.post(f"{home}/standing", {**fields, "year_1": "不合格"})
    with app.app_context():
        assert one().inspections[year] == "不合格"
        kept = queries.list_records(one().id)
        assert sorted(r.result for r in kept if r.year == int(year))[0] == "不合格"
        assert [r.result for r in kept if r.kind is StandingKind.ASSESSMENT] == ["4A"]
    officer.post(f"{home}/standing", {**fields, "source": ""}, status=422)


def test_the_page_shows_the_file_to_members_and_the_office_and_the_profile_to_all(
    app: Flask, browse: Browse, home: str
) -> None:
    browse("org-1").post(f"{home}/documents", paper())
    browse("org-1").post(f"{home}/people", CERTIFIED)
    for login in ("org-1", "programme-1", "leader-1", "supervisor-1"):
        seen = browse(login).get(home)
        assert seen.soup.select("#papers table tbody tr"), login
        assert "林梅" in seen.text
        targets = {str(link["href"])[1:] for link in seen.soup.select(".tabs a")}
        assert all(seen.soup.find(id=target) is not None for target in targets)
        assert "people" in targets
    for other in (None, "org-2", "resident-1", "finance-1", "admin-1"):
        seen = browse(other).get(home)
        assert "暖阳社工服务中心" in seen.text
        assert not seen.soup.select("#papers, #people, #bank, #members, #standing")
        for secret in ("林梅", "1234", "梧桐农商银行"):
            assert secret not in seen.text


def test_members_keep_the_file_and_nobody_else(ctx: Flask) -> None:
    facts = dossier.WorkerFacts("林梅", "专员", is_full_time=True, has_insurance=True)
    for login in ("programme-1", "resident-1"):
        with pytest.raises(NotPermitted):
            dossier.add_worker(actor=user(login), organisation=one(), facts=facts)


def _document(**change: Any) -> OrganisationDocument:
    file = store_bytes(b"x", name="x.pdf", media_type="application/pdf", purpose="test", actor_id=None)
    given: dict[str, Any] = {"issued_on": today(), "kind": DocumentKind.BANK, "file": file}
    return OrganisationDocument(organisation_id=one().id, uploaded_by_id=user("org-1").id, **{**given, **change})


def _worker(**change: Any) -> OrganisationWorker:
    given: dict[str, Any] = {"certificate": CertificateKind.NONE, "is_full_time": True, "has_insurance": True}
    return OrganisationWorker(
        organisation_id=one().id, name="林", post="员", entered_by_id=user("org-1").id, **{**given, **change}
    )


def _record(**change: Any) -> StandingRecord:
    return StandingRecord(organisation_id=one().id, source="x", recorded_by_id=user("programme-1").id, **change)


@pytest.mark.parametrize(
    ("make", "change", "name"),
    [
        (_document, {"expires_on": today() - timedelta(days=1)}, "expires_after_issue"),
        (_worker, {"certificate": CertificateKind.OTHER}, "certificate_has_number"),
        (_worker, {"certificate": CertificateKind.OTHER, "number_index": "0"}, "number_is_whole"),
        (_worker, {"expires_on": today()}, "only_certificates_expire"),
        (_record, {"kind": StandingKind.INSPECTION}, "inspection_names_year"),
        (_record, {"kind": StandingKind.ABNORMAL}, "sanction_has_date"),
        (
            _record,
            {"kind": StandingKind.ABNORMAL, "starts_on": today(), "ends_on": today() - timedelta(days=1)},
            "ends_after_start",
        ),
        (
            _record,
            {"kind": StandingKind.VIOLATION, "starts_on": today(), "withdraw_reason": "x"},
            "withdrawal_is_whole",
        ),
    ],
)
def test_the_database_refuses_what_the_rules_refuse(
    ctx: Flask, make: Callable[..., Any], change: dict[str, Any], name: str
) -> None:
    db.session.add(make(**change))
    with pytest.raises(IntegrityError, match=name):
        db.session.flush()
