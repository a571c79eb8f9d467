"""The pages of the selection, walked by the people who use them."""

import io
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from PIL import Image

from grants.foundation.clock import now, set_to, start_of
from grants.foundation.database import db
from grants.people.rules import Role
from grants.selection import queries
from grants.selection.queries import judging
from grants.selection.rules import SECTIONS, ApplicationStatus, Condition
from tests.browsing import Browser
from tests.factories import people, selection

Browse = Callable[[str | None], Browser]
Staged = Callable[..., None]
CALL = "ZM-2026-01-0001"
PAPER = "SB-2026-01-0001"


def test_an_officer_publishes_a_call_and_everybody_reads_it(app: Flask, browse: Browse, staged: Staged) -> None:
    staged()
    officer = browse("programme-1")
    assert "枫林苑老年助餐" in officer.get("/calls/").text
    with app.app_context():
        ref = queries.list_callable_projects()[0].ref
    closes = (now() + timedelta(days=20)).date().isoformat()
    done = officer.follow(f"/calls/new?project={ref}", {"closes_on": closes, "requirements": "一名持证社工。"})
    assert CALL in done.text
    page = browse(None).get(f"/calls/{CALL}").text
    assert "一名持证社工" in page
    assert "专家评审 × 60%" in page
    officer.get(f"/calls/new?project={ref}", status=403)
    browse("leader-1").get("/calls/new?project=x", status=403)


def test_a_member_fills_the_form_page_by_page_and_hands_it_in(app: Flask, browse: Browse, staged: Staged) -> None:
    staged(selection.make_call)
    member = browse("org-1")
    started = member.post(f"/calls/{CALL}/apply")
    assert started.location.endswith(f"/applications/{PAPER}/edit/basics")
    with app.app_context():
        project = queries.get_application(PAPER).call.project
        month = project.starts_on.replace(day=1).isoformat()
        dates = {"starts_on": project.starts_on.isoformat(), "ends_on": project.ends_on.isoformat()}
    path = f"/applications/{PAPER}/edit"
    form = fields(member.get(f"{path}/basics"))
    assert form["title"] == "枫林苑老年助餐"
    sizes = {"person_target": "120", "attendance_target": "2400", "activity_target": "60"}
    member.post(f"{path}/basics", {**form, **dates, **sizes, "then": "next"})
    form = fields(member.get(f"{path}/texts"))
    texts = {key: "为社区老人提供平价午餐，邻里互助。" for key in form if key in SECTIONS}
    member.post(f"{path}/texts", {**form, **texts})
    form = fields(member.get(f"{path}/plan"))
    rows = {"month": month, "title": "集中助餐", "session_count": "60", "person_count": "120"}
    member.post(f"{path}/plan", {**form, **{f"activities-0-{key}": value for key, value in rows.items()}})
    form = fields(member.get(f"{path}/budget"))
    line = {"code": "01", "content": "餐具", "unit_price": "1,200.00", "quantity": "10"}
    added = member.post(
        f"{path}/budget", {**form, **{f"fiscal-0-{k}": v for k, v in line.items()}, "row": "add:fiscal"}
    )
    form = fields(member.get(added.location))
    assert "fiscal-1-code" in form
    form = fields(member.get(f"{path}/team"))
    person = {"name": "吴丽", "duty": "统筹", "qualification": "中级社工师", "is_leader": "1"}
    member.post(f"{path}/team", {**form, **{f"team-0-{key}": value for key, value in person.items()}})
    check = member.get(f"/applications/{PAPER}/check")
    assert "登记证书副本" in check.text
    member.post(f"/applications/{PAPER}/check", {"has_declared": "y"}, status=422)
    for kind in ("registration", "inspection", "pledge"):
        upload = {"kind": kind, "file": (io.BytesIO(_png()), f"{kind}.png")}
        member.post(f"/applications/{PAPER}/documents", upload, content_type="multipart/form-data")
    refused = member.post(f"/applications/{PAPER}/check", {}, status=422)
    assert "诚信承诺" in refused.text
    member.post(f"/applications/{PAPER}/check", {"has_declared": "y"})
    shown = member.get(f"/applications/{PAPER}").text
    assert "HZ-2026-01-0001" in shown
    with app.app_context():
        assert queries.get_application(PAPER).status is ApplicationStatus.SUBMITTED
    member.get(f"{path}/basics", status=403)


def test_what_cannot_stay_is_saved_and_said_at_once(app: Flask, browse: Browse, staged: Staged) -> None:
    staged(selection.make_call)
    member, path = browse("org-1"), f"/applications/{PAPER}/edit"
    member.post(f"/calls/{CALL}/apply")
    with app.app_context():
        first = queries.get_application(PAPER).call.project.starts_on
    wrong = {"starts_on": (first + timedelta(days=9)).isoformat(), "ends_on": first.isoformat()}
    sizes = {"person_target": "100", "attendance_target": "50", "vulnerable_target": "500"}
    form = fields(member.get(f"{path}/basics"))
    stayed = member.post(f"{path}/basics", {**form, **wrong, **sizes, "then": "next"}).location
    assert stayed.endswith("/edit/basics")
    seen = member.get(stayed)
    assert fields(seen)["vulnerable_target"] == "500"
    for words in ("结束日期早于开始日期", "服务人次少于服务人数", "困难群体人数多于服务人数"):
        assert words in seen.soup.find(class_="notice--bad").get_text()
    form = fields(member.get(f"{path}/texts"))
    long = member.post(f"{path}/texts", {**form, "overview": "字" * 450, "then": "next"}).location
    assert "超出 50 字" in member.get(long).soup.find(class_="notice--bad").get_text()


@pytest.mark.parametrize(
    ("typed", "said"), [("两个", "请填写数字"), ("190", "百分比不能超过 100"), ("-1", "应为 0 至")]
)
def test_a_promise_is_a_sensible_figure(browse: Browse, staged: Staged, typed: str, said: str) -> None:
    staged(selection.make_call)
    member, path = browse("org-1"), f"/applications/{PAPER}/edit/basics"
    member.post(f"/calls/{CALL}/apply")
    seen = member.get(path)
    share = seen.soup.find("label", string=re.compile(r"（[%％]）"))
    sent = {**fields(seen), share["for"]: typed}
    refused = member.post(path, sent, status=422)
    summary = refused.soup.find(class_="error-summary").get_text()
    assert said in summary
    assert share.get_text().partition("（")[0].strip() in summary
    assert fields(refused)[share["for"]] == typed


def test_what_is_missing_leads_to_its_place_on_the_form(browse: Browse, staged: Staged) -> None:
    staged(selection.make_call)
    member = browse("org-1")
    member.post(f"/calls/{CALL}/apply")
    links = [link["href"] for link in member.get(f"/applications/{PAPER}/check").soup.select("main li a[href*='#']")]
    assert len(links) > 10
    pages = {path: member.get(path).soup for path in {link.partition("#")[0] for link in links}}
    for link in links:
        path, _sharp, part = link.partition("#")
        assert pages[path].find(id=part), f"{link} leads nowhere"


def _png() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(buffer, "PNG")
    return buffer.getvalue()


def fields(seen: object) -> dict[str, str]:
    """Return what a browser would send from the form with the id "paper"."""
    form = seen.soup.find("form", id="paper")  # type: ignore[attr-defined]
    sent = {}
    for one in form.find_all(["input", "textarea", "select"]):
        if one.get("type") in {"submit", "file"} or not one.get("name"):
            continue
        if one.name == "select":
            option = one.find("option", selected=True) or one.find("option")
            sent[one["name"]] = option.get("value", "") if option else ""
        else:
            sent[one["name"]] = one.text.strip("\r\n") if one.name == "textarea" else one.get("value", "")
    return sent


def test_rows_come_and_go_without_a_script_and_nothing_typed_is_lost(
    app: Flask, browse: Browse, staged: Staged
) -> None:
    staged(lambda stage: selection.make_complete(stage, selection.make_call(stage)))
    member = browse("org-1")
    path = f"/applications/{PAPER}/edit/budget"
    form = fields(member.get(path))
    assert form["fiscal-0-content"] == "助餐餐具与保温箱"
    removed = member.post(path, {**form, "fiscal-2-unit_price": "二十", "row": "remove:fiscal:0"})
    form = fields(member.get(removed.location))
    assert form["fiscal-0-content"] == "项目社工服务"
    assert form["fiscal-1-unit_price"] == "二十"
    assert "没有看懂这个金额" in member.post(path, form, status=422).text
    with app.app_context():
        application = queries.get_application(PAPER)
        assert "fiscal" in application.unfinished
        assert len(application.budget_lines) == 3
    member.post(path, {**form, "fiscal-1-unit_price": "20"})
    with app.app_context():
        application = queries.get_application(PAPER)
        assert application.unfinished == {}
        assert [line.content for line in application.budget_lines] == ["项目社工服务", "参与者意外险"]


def test_two_editors_lose_nothing(app: Flask, browse: Browse, staged: Staged) -> None:
    staged(lambda stage: selection.make_complete(stage, selection.make_call(stage)))
    with app.app_context():
        body = queries.get_application(PAPER).organisation
        people.make_user("org-21", Role.ORGANISATION, organisation=body, name="同事小陈")
        db.session.commit()
    first, second = browse("org-1"), browse("org-21")
    path = f"/applications/{PAPER}/edit/texts"
    mine, theirs = fields(first.get(path)), fields(second.get(path))
    autosave = f"/applications/{PAPER}/autosave/texts"
    second.post(autosave, {**theirs, "overview": "同事写的概况", "risks": "同事写的风险"}, status=200)
    second.post(autosave, {**theirs, "overview": "同事写的概况二", "risks": "同事写的风险"}, status=200)
    answer = first.post(autosave, {**mine, "overview": "我写的概况", "goals": "我写的目标"}, status=409)
    assert answer.response.json["conflicts"] == ["overview"]
    merge = first.post(path, {**mine, "overview": "我写的概况", "goals": "我写的目标"}, status=409)
    assert "同事写的概况二" in merge.text
    assert "同事小陈" in merge.text
    both = fields(merge)
    assert both["overview"] == "我写的概况"
    assert both["goals"] == "我写的目标"
    assert both["risks"] == "同事写的风险"
    first.post(path, {**both, "overview": "合在一起的概况"})
    with app.app_context():
        sections = queries.get_application(PAPER).sections
        assert sections["overview"] == "合在一起的概况"
        assert sections["goals"] == "我写的目标"
        assert sections["risks"] == "同事写的风险"


def test_the_same_page_saves_itself_again_and_again(browse: Browse, staged: Staged) -> None:
    staged(lambda stage: selection.make_complete(stage, selection.make_call(stage)))
    member = browse("org-1")
    form = fields(member.get(f"/applications/{PAPER}/edit/texts"))
    for text in ("一", "一二", "一二三"):
        member.post(f"/applications/{PAPER}/autosave/texts", {**form, "overview": text}, status=200)
    done = member.post(f"/applications/{PAPER}/edit/texts", {**form, "overview": "一二三四"})
    assert fields(member.get(done.location))["overview"] == "一二三四"


def test_the_review_from_the_draw_to_the_award(app: Flask, browse: Browse, staged: Staged) -> None:
    staged(selection.make_closed)
    with app.app_context():
        closes_at = queries.get_call(CALL).closes_at
    with set_to(closes_at + timedelta(hours=2)):
        _check_all(app, browse)
        _draw(browse)
        _judge(app, browse)
        _award(app, browse)


def _check_all(app: Flask, browse: Browse) -> None:
    officer = browse("programme-1")
    with app.app_context():
        refs = [one.ref for one in queries.list_applications(queries.get_call(CALL))]
    for ref in refs:
        page = officer.get(f"/applications/{ref}/eligibility")
        assert "系统核算" in page.text
        answers = {f"{one.value}-is_met": "1" for one in Condition}
        without = {**answers, "scope-is_met": "0"}
        assert "请写明不符合的理由" in officer.post(f"/applications/{ref}/eligibility", without, status=422).text
        officer.post(f"/applications/{ref}/eligibility", answers)
    assert "进入评审" in officer.get(f"/calls/{CALL}/applications").text


def _draw(browse: Browse) -> None:
    officer = browse("programme-1")
    fields_ = {"seed": selection.SEED, "witness": "罗正清"}
    assert "单数" in officer.post(f"/calls/{CALL}/panel", {**fields_, "size": "4"}, status=422).text
    officer.post(f"/calls/{CALL}/panel", fields_)
    officer.post(f"/calls/{CALL}/jury", fields_)
    assert "罗正清" in browse("supervisor-1").get(f"/calls/{CALL}/panel").text


def _judge(app: Flask, browse: Browse) -> None:
    with app.app_context():
        call = queries.get_call(CALL)
        experts = [member.expert.login for member in selection.panel(call)]
        jurors = [juror.resident.user.login for juror in judging.list_jurors(call) if juror.resident.user]
        top = selection.criteria(call)
    for login in experts:
        expert = browse(login)
        assert "/declaration" in expert.get(f"/reviews/{CALL}", status=302).location
        expert.post(f"/reviews/{CALL}/declaration", {"is_complete": "y"})
        for link in expert.get(f"/reviews/{CALL}").soup.select('main a[href*="/reviews/sheet/"]'):
            sheet = link["href"]
            given = {f"points_{code}": str(most - 1) for code, most in top.items()}
            expert.post(f"{sheet}/save", given, status=200)
            sent = expert.post(sheet, {**given, "comment": "切合需求。", "then": "lock"})
            expert.get(sent.location)
            expert.post(sent.location)
            assert "已于" in expert.get(sheet).text
    for login in jurors:
        juror = browse(login)
        for label in ("A", "B"):
            path = f"/reviews/jury/{CALL}/{label}"
            juror.post(path, {"level_jury_need": "5"}, status=422)
            juror.post(path, {"level_jury_need": "5", "level_jury_trust": "4", "level_jury_join": "4"})
            juror.post(path, {"level_jury_need": "1", "level_jury_trust": "1", "level_jury_join": "1"}, status=422)
    officer = browse("community-1")
    for number in (1, 2):
        ref = f"SB-2026-01-{number:04d}"
        officer.get(f"/applications/{ref}")
        officer.post(f"/applications/{ref}/opinion", {"points": "88", "text": "愿意提供场地。"})


def _award(app: Flask, browse: Browse) -> None:
    officer, leader = browse("programme-1"), browse("leader-1")
    browse("leader-1").get(f"/calls/{CALL}/ranking", status=403)
    officer.post(f"/calls/{CALL}/rank")
    ranking = leader.get(f"/calls/{CALL}/ranking").text
    assert "去掉最高分" in ranking
    assert "需求契合度" in ranking or "抽签" in ranking
    officer.post(f"/calls/{CALL}/award", {"note": "第一名。"})
    officer.post(f"/calls/{CALL}/award/announce", status=403)
    leader.post(f"/calls/{CALL}/award/announce")
    public = browse(None).get(f"/calls/{CALL}").text
    assert "拟入选承接组织" in public
    with app.app_context():
        call = queries.get_call(CALL)
        chosen = queries.application_of_project(call.project_id)
        loser = next(one for one in call.applications if one.id != chosen.id)
        names, refs = (chosen.organisation.name, loser.organisation.name), (chosen.ref, loser.ref)
        logins = {"SB-2026-01-0001": "org-1", "SB-2026-01-0002": "org-2"}
        ends_on = call.notice.ends_on
    assert names[0] in public
    assert names[1] not in public
    result = browse(logins[refs[1]]).get(f"/applications/{refs[1]}/result").text
    assert "没有入选的理由" in result
    assert "切合需求" in result
    assert "专家甲" not in result
    officer.post(f"/calls/{CALL}/award/confirm", status=422)
    with set_to(start_of(ends_on) + timedelta(days=1, hours=9)):
        browse("programme-1").post(f"/calls/{CALL}/award/confirm")
    assert "已确定承接组织" in browse(None).get(f"/calls/{CALL}").text
