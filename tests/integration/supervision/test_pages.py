"""The pages of supervision, as residents, organisations and officers meet them."""

import io
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from PIL import Image

from grants.agreements.models import Agreement
from grants.agreements.queries import get_agreement, get_milestone
from grants.agreements.rules import MilestoneStatus
from grants.foundation import audit
from grants.foundation.clock import today
from grants.foundation.database import db
from grants.people.models import UserSession
from grants.people.rules import Role
from grants.supervision import queries
from grants.supervision.models import Activity
from tests.browsing import Browser
from tests.factories import agreements, people, supervision
from tests.factories.agreements import Parties

Browse = Callable[[str | None], Browser]


@pytest.fixture
def ref(app: Flask) -> str:
    """Make a running project and everybody around it, and return the agreement's reference."""
    with app.app_context():
        _parties, agreement = agreements.make_running()
        other = people.make_organisation("晨曦志愿服务中心")
        people.make_user("org-2", Role.ORGANISATION, organisation=other)
        people.make_user("expert-1", Role.EXPERT)
        people.make_resident("resident-1", name="李桂芳")
        db.session.commit()
        return agreement.ref


@pytest.fixture
def build(app: Flask, ref: str) -> Callable[..., Any]:
    """Return a function that runs a builder on the agreement and commits what it made."""

    def run(make: Callable[[Parties, Agreement], Any], value: str = "ref") -> Any:
        with app.app_context():
            made = make(_parties(ref), get_agreement(ref))
            db.session.commit()
            return getattr(made, value, None)

    return run


def _parties(ref: str) -> Parties:
    """Put together anew, inside an open context, who belongs to an agreement."""
    from grants.people.queries import find_user

    agreement = get_agreement(ref)
    found: dict[str, Any] = {
        name: find_user(login)
        for name, login in (
            ("member", "org-1"),
            ("programme", "programme-1"),
            ("leader", "leader-1"),
            ("community_officer", "community-1"),
        )
    }
    return Parties(
        round=agreement.project.round,
        community=agreement.project.community,
        organisation=agreement.organisation,
        **found,
    )


_shades: Iterator[int] = iter(range(1, 250))


def picture(name: str = "现场.png", shade: int | None = None) -> tuple[io.BytesIO, str]:
    """Return a small picture as an upload; each has a shade of its own unless one is given."""
    buffer = io.BytesIO()
    Image.new("L", (32, 32), next(_shades) if shade is None else shade).save(buffer, "PNG")
    buffer.seek(0)
    return buffer, name


PLAN = {
    "title": "老年食堂开放日",
    "starts": "10:00",
    "ends": "12:00",
    "place_text": "银杏社区老年食堂",
    "target_group": "elderly",
    "team": "周敏、刘洋",
    "capacity": "60",
}
RECORD = {"person_count": "35", "attendance_count": "40", "volunteer_count": "5", "summary": "三十五位老人用餐。"}


def test_an_activity_goes_from_announcement_to_public_record(app: Flask, browse: Browse, ref: str) -> None:
    member, visitor = browse("org-1"), browse(None)
    sent = member.post(f"/supervision/{ref}/activities/new", {**PLAN, "held_on": today().isoformat()})
    page = sent.location
    assert "老年食堂开放日" in visitor.get("/supervision/activities/").text
    assert "周敏" not in visitor.get(page).html, "the team is not public"
    own = member.get(page)
    assert own.soup.select_one(".aside svg path") is not None, "the sign-in code is drawn into the page"
    assert visitor.get(page).soup.select_one(".aside svg path") is None
    files = {"sign_in_sheets": picture("签到表.png"), "photos": picture()}
    member.post(f"{page}/record", {**RECORD, **files, "has_cleared_photos": "y"})
    seen = visitor.get(page)
    assert "三十五位老人用餐" in seen.text
    photos = [one["src"] for one in seen.soup.select("main img")]
    assert len(photos) == 1
    assert visitor.get(photos[0]).response.mimetype == "image/png"
    assert "签到表.png" not in seen.html
    sheet = member.get(page).soup.select_one(".attachments a")
    assert sheet is not None
    visitor.get(str(sheet["href"]), status=403)
    browse("resident-1").get(str(sheet["href"]), status=403)
    browse("community-1").get(str(sheet["href"]))
    with app.app_context():
        assert queries.totals(get_agreement(ref).id).person_count == 35


def test_a_record_without_proof_is_refused_and_keeps_what_was_typed(browse: Browse, build: Callable[..., Any]) -> None:
    activity = build(supervision.make_announced)
    member = browse("org-1")
    refused = member.post(f"/supervision/activities/{activity}/record", RECORD, status=422)
    assert refused.soup.select_one("#sign_in_sheets-error") is not None
    assert refused.soup.select_one("#person_count")["value"] == "35"  # type: ignore[index]
    fields = {**RECORD, "sign_in_sheets": picture(), "photos": (io.BytesIO(b"<svg/>"), "x.svg")}
    assert "不能上传这种文件" in member.post(f"/supervision/activities/{activity}/record", fields, status=422).text


def test_a_photo_used_twice_is_shown_to_those_who_check_but_not_to_the_organisation(
    browse: Browse, build: Callable[..., Any], ref: str
) -> None:
    member = browse("org-1")
    for _time in range(2):
        activity = build(supervision.make_announced)
        files = {"sign_in_sheets": picture(), "photos": picture(shade=251)}
        member.post(f"/supervision/activities/{activity}/record", {**RECORD, **files})
    for who in ("community-1", "programme-1", "supervisor-1"):
        assert "同一材料重复使用" in browse(who).get(f"/supervision/{ref}/").text
        assert "与其他活动的照片相同" in browse(who).get(f"/supervision/activities/{activity}").text
    assert "同一材料重复使用" not in member.get(f"/supervision/{ref}/").text
    assert "与其他活动的照片相同" not in member.get(f"/supervision/activities/{activity}").text


def test_a_resident_signs_in_by_phone_once(app: Flask, browse: Browse, build: Callable[..., Any]) -> None:
    code = build(supervision.make_announced, "sign_in_code")
    resident = browse("resident-1")
    typed = resident.get(f"/supervision/sign-in/?code={code.lower()}", status=302)
    assert typed.location.endswith(f"/supervision/sign-in/{code}")
    assert "我到了，签到" in resident.get(typed.location).text
    resident.post(typed.location)
    assert "每人一次" in resident.get(typed.location).text
    resident.post(typed.location, status=403)
    assert "助餐志愿者培训" in resident.get("/supervision/tasks").text
    with app.app_context():
        activity = queries.find_activity_by_code(code)
        assert activity is not None
        assert queries.count_sign_ins(activity.id) == 1


def test_the_code_leads_a_visitor_to_sign_in_first_and_back(browse: Browse, build: Callable[..., Any]) -> None:
    code = build(supervision.make_announced, "sign_in_code")
    location = browse(None).get(f"/supervision/sign-in/{code}", status=302).location
    assert "/sign-in?" in location
    assert code in location
    browse("org-1").get(f"/supervision/sign-in/{code}", status=403)
    browse("resident-1").get("/supervision/sign-in/0000-0000-0000-0000", status=404)
    assert "16 位" in browse("resident-1").get("/supervision/sign-in/?code=abc").text


def test_the_sign_in_code_is_on_no_public_page(browse: Browse, build: Callable[..., Any]) -> None:
    activity = build(supervision.make_announced)
    code = build(lambda _parties, _agreement: queries.get_activity(activity), "sign_in_code")
    for who in (None, "resident-1", "org-2", "supervisor-1"):
        assert code not in browse(who).get(f"/supervision/activities/{activity}").html
    assert code in browse("community-1").get(f"/supervision/activities/{activity}").html


def test_supervisors_are_drawn_and_verify_on_the_phone(app: Flask, browse: Browse, ref: str) -> None:
    with app.app_context():
        parties = _parties(ref)
        logins = [user.login for user in supervision.make_neighbours(parties, 1)]
        agreements.verify_for_community(parties, get_agreement(ref))
        db.session.commit()
    officer = browse("programme-1")
    drawn = officer.follow(f"/supervision/{ref}/supervisors", {"count": "2", "seed": "体彩72133", "witness": "王书记"})
    assert "体彩72133" in drawn.text
    assert "李桂芳" not in drawn.html, "names are masked"
    assert logins
    resident = browse("resident-1")
    assert "请您核实" in resident.get("/supervision/tasks").text
    page = f"/supervision/{ref}/milestones/1"
    assert "请写一两句" in resident.post(page, {"decision": "verify", "note": ""}, status=422).text
    visit = {"visited_on": today().isoformat(), "is_satisfactory": "yes", "finding": "二十多位老人在用餐。"}
    resident.post(f"/supervision/{ref}/visits/new", {**visit, "file": picture()})
    assert "二十多位老人" in resident.get(f"/supervision/{ref}/").text
    resident.post(page, {"decision": "verify", "note": "去看过，属实。"})
    with app.app_context():
        assert get_milestone(ref, 1).status is MilestoneStatus.VERIFIED
    assert "还不需要您核实" in resident.get(page).text


def test_too_few_candidates_are_said_on_the_form(browse: Browse, ref: str) -> None:
    assert "不足 5 人" in browse("programme-1").post(f"/supervision/{ref}/supervisors", {"count": "5"}, status=422).text


def test_a_drawn_resident_steps_back(app: Flask, browse: Browse, ref: str) -> None:
    browse("programme-1").post(f"/supervision/{ref}/supervisors", {"count": "1"})
    with app.app_context():
        drawn = queries.list_supervisors(get_agreement(ref).id)[0].id
    resident = browse("resident-1")
    page = f"/supervision/{ref}/supervisors/{drawn}/stand-down"
    assert "请写明原因" in resident.post(page, {"reason": ""}, status=422).text
    resident.post(page, {"reason": "外出务工"})
    resident.get(f"/supervision/{ref}/", status=403)


def test_an_order_is_issued_answered_and_closed(app: Flask, browse: Browse, ref: str) -> None:
    officer, member = browse("community-1"), browse("org-1")
    due_on = (today() + timedelta(days=15)).isoformat()
    late = {"problem": "缺签到表", "demand": "补齐", "due_on": (today() + timedelta(days=60)).isoformat()}
    assert "30 天" in officer.post(f"/supervision/{ref}/rectifications/new", late, status=422).text
    page = officer.post(f"/supervision/{ref}/rectifications/new", {**late, "due_on": due_on}).location
    assert "资金暂停拨付" in member.get(f"/supervision/{ref}/").text
    member.post(f"{page}/answer", {"answer": "已补齐", "file": picture("补.png")})
    assert officer.get(f"{page}/file").response.mimetype == "image/png"
    officer.post(f"{page}/recheck", {"decision": "reject", "note": "还缺两页"})
    assert "还缺两页" in member.get(f"{page}/answer").text
    member.post(f"{page}/answer", {"answer": "两页已补"})
    officer.post(f"{page}/recheck", {"decision": "accept", "note": "到位"})
    assert "已整改" in member.get(page).text
    with app.app_context():
        assert queries.count_open_rectifications(get_agreement(ref).id) == 0


def test_anybody_complains_and_finds_the_answer_by_the_code(app: Flask, browse: Browse, ref: str) -> None:
    with app.app_context():
        project = get_agreement(ref).project.ref
    visitor, officer = browse(None), browse("community-1")
    fields = {"project_ref": project, "text": "饭菜凉了。", "contact": "13800138000"}
    sent = visitor.post("/supervision/complaints/new", fields, status=200)
    code = sent.soup.select(".kv dd")[0].text.strip()
    assert "正在核查" in visitor.get(f"/supervision/complaints/track?code={code}").text
    listing = officer.get("/supervision/complaints/")
    page = str(listing.soup.select_one("main table a")["href"])  # type: ignore[index]
    assert "13800138000" not in officer.get(page).html
    shown = officer.post(f"{page}/contact", {"reason": "核实送餐时间"}, status=200)
    assert "13800138000" in shown.text
    assert "请写明" in officer.post(f"{page}/contact", {"reason": ""}, status=422).text
    officer.post(f"{page}/answer", {"answer": "已调整送餐路线。"})
    assert "已调整送餐路线" in visitor.get(f"/supervision/complaints/track?code={code}").text
    assert "没有找到" in visitor.get("/supervision/complaints/track?code=0000-0000-0000-0000").text
    for outsider in ("community-2", "org-1", "resident-1", "admin-1"):
        browse(outsider).get(page, status=403)


def test_the_contact_needs_a_fresh_second_factor(app: Flask, browse: Browse, ref: str) -> None:
    with app.app_context():
        complaint = supervision.make_complaint(get_agreement(ref)).ref
        db.session.commit()
    officer = browse("programme-1")
    with app.app_context():
        for session in db.session.scalars(db.select(UserSession)):
            session.stepped_up_at = None
        db.session.commit()
    assert "/step-up" in officer.post(f"/supervision/complaints/{complaint}/contact", {"reason": "核实"}).location


def test_a_report_of_misconduct_is_seen_by_the_supervisor_alone(app: Flask, browse: Browse, ref: str) -> None:
    with app.app_context():
        project = get_agreement(ref).project.ref
        before = audit.head()[0]
    fields = {"project_ref": project, "text": "虚报人数，套取资金。", "is_whistleblowing": "y"}
    browse("org-1").post("/supervision/complaints/new", fields, status=200)
    supervisor = browse("supervisor-1")
    listing = supervisor.get("/supervision/complaints/")
    page = str(listing.soup.select_one("main table a")["href"])  # type: ignore[index]
    assert "虚报人数" in supervisor.get(page).text
    for outsider in ("org-1", "programme-1", "leader-1", "community-1", "finance-1", "admin-1"):
        assert "虚报人数" not in browse(outsider).get("/supervision/complaints/").text
        browse(outsider).get(page, status=403)
    supervisor.post(f"{page}/answer", {"answer": "已立案核查。"})
    with app.app_context():
        from grants.foundation.models import AuditEntry

        entry = db.session.scalars(
            db.select(AuditEntry).where(AuditEntry.seq > before, AuditEntry.action == "complaint:send")
        ).one()
        assert entry.actor_id is None
        assert audit.verify().holds


FILE_PAGES = ("", "supervisors", "visits/new", "rectifications/new", "activities/new", "milestones/1")


@pytest.mark.parametrize("who", ["org-2", "expert-1", "resident-1", "admin-1", "community-2"])
@pytest.mark.parametrize("page", FILE_PAGES)
def test_outsiders_see_nothing_of_a_supervision_file(browse: Browse, ref: str, who: str, page: str) -> None:
    browse(who).get(f"/supervision/{ref}/{page}", status=403)


@pytest.mark.parametrize("who", ["programme-1", "finance-1", "leader-1", "supervisor-1", "community-1", "org-1"])
def test_those_it_concerns_read_it_and_the_lists_export(browse: Browse, ref: str, who: str) -> None:
    reader = browse(who)
    reader.get(f"/supervision/{ref}/")
    reader.get(f"/supervision/{ref}/supervisors")
    assert ref in reader.get("/supervision/").text
    assert ref in reader.get("/supervision/?format=csv").html
    reader.get("/supervision/rectifications/")
    assert reader.get("/supervision/rectifications/?format=xlsx").response.mimetype.endswith("sheet")


def test_those_who_only_look_change_nothing(browse: Browse, ref: str, build: Callable[..., Any]) -> None:
    order = build(supervision.make_order)
    for who in ("supervisor-1", "finance-1", "leader-1"):
        onlooker = browse(who)
        onlooker.post(f"/supervision/{ref}/rectifications/new", {}, status=403)
        onlooker.post(f"/supervision/rectifications/{order}/recheck", {"decision": "accept", "note": "好"}, status=403)
        onlooker.post(f"/supervision/{ref}/supervisors", {}, status=403)


def test_another_organisation_neither_records_nor_cancels(browse: Browse, build: Callable[..., Any]) -> None:
    activity = build(supervision.make_announced)
    stranger = browse("org-2")
    for page in ("record", "cancel"):
        stranger.get(f"/supervision/activities/{activity}/{page}", status=403)
        stranger.post(f"/supervision/activities/{activity}/{page}", {"reason": "无"}, status=403)


def test_a_cancelled_activity_says_why_in_public(app: Flask, browse: Browse, build: Callable[..., Any]) -> None:
    activity = build(supervision.make_announced)
    browse("org-1").post(f"/supervision/activities/{activity}/cancel", {"reason": "台风蓝色预警"})
    assert "台风蓝色预警" in browse(None).get(f"/supervision/activities/{activity}").text
    with app.app_context():
        assert db.session.scalars(db.select(Activity)).one().cancel_reason == "台风蓝色预警"


def test_a_resident_starts_at_their_tasks_and_nobody_else_does(browse: Browse, ref: str) -> None:
    assert browse("resident-1").get("/supervision/", status=302).location.endswith("/supervision/tasks")
    browse("org-1").get("/supervision/tasks", status=403)


def test_the_public_list_is_filtered_by_community_and_words(
    app: Flask, browse: Browse, build: Callable[..., Any]
) -> None:
    build(supervision.make_announced)
    with app.app_context():
        here, there = people.community(1).id, people.community(2).id
    visitor = browse(None)
    assert "助餐志愿者培训" in visitor.get(f"/supervision/activities/?community={here}&q=志愿").text
    assert "助餐志愿者培训" not in visitor.get(f"/supervision/activities/?community={there}").text
    assert "助餐志愿者培训" not in visitor.get("/supervision/activities/?status=recorded").text
