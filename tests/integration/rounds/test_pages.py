"""The pages of rounds and notices: prepared by officers, read by everybody, objected to by anybody."""

import hashlib
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from bs4 import BeautifulSoup
from flask import Flask

from grants.foundation.clock import now, set_to, today
from grants.foundation.database import db
from grants.rounds import queries
from grants.rounds.rules import Category, Phase
from tests.browsing import Browser
from tests.factories import people
from tests.factories import rounds as make

Browse = Callable[[str | None], Browser]


@pytest.fixture
def street(app: Flask) -> Flask:
    """Make the staff."""
    with app.app_context():
        people.make_street()
        people.make_staff()
        people.make_resident("resident-1")
        make.make_calendar()
        db.session.commit()
    return app


@pytest.fixture
def draft(street: Flask) -> str:
    """Make a round in preparation and return its address."""
    with street.app_context():
        address = f"/rounds/{make.make_draft_round().ref}"
        db.session.commit()
    return address


@pytest.fixture
def notice(street: Flask) -> str:
    """Publish a notice and return its address."""
    with street.app_context():
        address = f"/notices/{make.make_notice(make.make_round()).ref}"
        db.session.commit()
    return address


def test_a_programme_officer_prepares_a_round_from_nothing(street: Flask, browse: Browse) -> None:
    with street.app_context():
        make.make_fund(amount_fen=500_000)
        db.session.commit()
    office = browse("programme-1")
    seen = office.follow(
        "/rounds/new",
        {"name": "第一届公益创投", "year": "2026", "fund": "ZJ-2026-01", "introduction": "首届", "like": ""},
    )
    assert "还没有安排日期的阶段" in seen.text
    days = {}
    for place, phase in enumerate(Phase):
        days[f"{phase}_starts_on"] = (today() + timedelta(days=10 * place)).isoformat()
        days[f"{phase}_ends_on"] = (today() + timedelta(days=10 * place + 9)).isoformat()
    office.post("/rounds/JC-2026-01/phases", days)
    office.post("/rounds/JC-2026-01/envelopes", dict.fromkeys(Category, "1000"))
    assert "草案已齐备" in office.get("/rounds/JC-2026-01").text
    browse("finance-1").post("/rounds/JC-2026-01/confirm-money")
    assert "已开启，规则已冻结并公开" in browse("leader-1").follow("/rounds/JC-2026-01/open").text


def test_a_draft_is_for_the_offices_and_an_open_round_for_everybody(draft: str, street: Flask, browse: Browse) -> None:
    assert draft not in browse(None).get("/rounds/").html
    browse(None).get(draft, status=403)
    browse("resident-1").get(draft, status=403)
    assert "筹备中" in browse("supervisor-1").get(draft).text
    with street.app_context():
        round = queries.get_round(draft.removeprefix("/rounds/"))
        make.open_draft(round)
        digest = round.settings_hash
        db.session.commit()
    seen = browse(None).get(draft)
    assert digest in seen.text
    body = browse(None).get(f"{draft}/rules.json").response.get_data()
    assert hashlib.sha256(body).hexdigest() == digest
    order = [seen.html.index(name) for name in ("社会治理", "专业服务", "社区营造", "志愿服务", "福利慈善")]
    assert order == sorted(order)
    browse("programme-1").get(f"{draft}/settings", status=403)


def test_settings_are_shown_as_they_are_saved_again_unchanged(draft: str, street: Flask, browse: Browse) -> None:
    office = browse("programme-1")
    with street.app_context():
        before = dict(queries.get_round(draft.removeprefix("/rounds/")).settings)
    fields = form_fields(office, f"{draft}/settings")
    office.post(f"{draft}/settings", fields)
    with street.app_context():
        assert queries.get_round(draft.removeprefix("/rounds/")).settings == before
    seen = office.post(f"{draft}/settings", {**fields, "weight_expert": "61"}, status=422)
    assert "权重合计应为 100" in seen.text
    assert seen.soup.find("input", id="weight_expert")["value"] == "61"
    assert "应为单数" in office.post(f"{draft}/settings", {**fields, "panel_size": "6"}, status=422).text


def form_fields(browser: Browser, path: str) -> dict[str, str]:
    """Return what a form would send if it was sent as it is."""
    form = browser.get(path).soup.find("main").find("form")
    unticked = [tag for tag in form.find_all("input", type=["checkbox", "radio"]) if not tag.has_attr("checked")]
    fields = {tag["name"]: tag.get("value", "") for tag in form.find_all("input") if tag not in unticked}
    fields |= {tag["name"]: tag.text.lstrip("\n") for tag in form.find_all("textarea")}
    fields.pop("csrf_token")
    return fields


def test_a_score_table_is_edited_line_by_line(draft: str, browse: Browse) -> None:
    office = browse("programme-1")
    fields = form_fields(office, f"{draft}/scores/jury")
    seen = office.post(f"{draft}/scores/jury", {**fields, "lines-0-max_points": "30"}, status=422)
    assert "合计 90 分，应为 100 分" in seen.text
    changed = {**fields, "lines-0-max_points": "30", "lines-3-name": "孩子是否喜欢", "lines-3-max_points": "10"}
    assert "孩子是否喜欢" in office.follow(f"{draft}/scores/jury", changed).text


def test_wrong_dates_are_shown_at_their_field(draft: str, browse: Browse) -> None:
    office = browse("programme-1")
    fields = form_fields(office, f"{draft}/phases")
    wrong = {**fields, "needs_ends_on": (today() - timedelta(days=1)).isoformat()}
    assert "早于开始日期" in office.post(f"{draft}/phases", wrong, status=422).text


def test_a_phase_is_extended_on_the_round_page_by_two_people(draft: str, street: Flask, browse: Browse) -> None:
    with street.app_context():
        make.open_draft(queries.get_round(draft.removeprefix("/rounds/")))
        db.session.commit()
    office = browse("programme-1")
    later = today() + timedelta(days=40)
    page = office.follow(f"{draft}/extend/needs", {"ends_on": later.isoformat(), "reason": "暴雨影响入户征集"})
    assert "拟延长至" in page.text
    assert page.soup.find("form", action=lambda href: href and href.endswith("/agree")) is None
    leader = browse("leader-1")
    agree = leader.get(draft).soup.find("form", action=lambda href: href and href.endswith("/agree"))["action"]
    assert "已同意延期" in leader.follow(agree).text
    assert f"至{later.year}年{later.month}月{later.day}日" in browse(None).get(draft).text
    office.get(f"{draft}/extend/nonsense", status=404)


def test_a_visitor_objects_and_gets_a_reference_that_nobody_else_sees(notice: str, browse: Browse) -> None:
    visitor = browse(None)
    assert notice in visitor.get("/notices/?kind=project&status=running").html
    form = {"name": "李建国", "contact": "13800001234", "text": "该项目与去年项目重复。", "unit": ""}
    seen = visitor.follow(f"{notice}/object", form)
    assert "YY-2026-01-0001" in seen.text
    browse(None).get(f"{notice}/objected", status=404)
    for login in (None, "resident-1", "community-1", "finance-1"):
        page = browse(login).get(notice)
        assert "李建国" not in page.text
        assert "收到异议 1 件" in page.text
    for login in ("programme-1", "supervisor-1"):
        page = browse(login).get(notice)
        assert "李建国" in page.text
        assert "13800001234" not in page.html


def test_a_notice_past_its_days_is_over_but_not_late(notice: str, browse: Browse) -> None:
    visitor = browse(None)
    assert notice in visitor.get("/").html
    with set_to(now() + timedelta(days=60)):
        assert notice not in visitor.get("/").html
        for path in (notice, "/notices/"):
            seen = visitor.get(path).text
            assert "已期满" in seen
            assert "逾期" not in seen


@pytest.mark.parametrize(
    ("label", "said"), [("确认启用", "确认启用"), ("公示期满，确认入选", "公示期满，确认入选"), ("发布", "确认发布")]
)
def test_nobody_is_asked_to_confirm_twice(app: Flask, label: str, said: str) -> None:
    with app.test_request_context():
        macros = app.jinja_env.get_template("components/form_buttons.html").make_module({"csrf_token": str})
        html = macros.post_button("/x", label, confirm="不能撤回。")  # type: ignore[attr-defined]
    assert [button.get_text() for button in BeautifulSoup(html, "html.parser").find_all("button")] == [said]


def test_days_carry_their_year_unless_both_are_in_this_one(app: Flask) -> None:
    with app.test_request_context():
        period = app.jinja_env.get_template("components/rounds.html").module.period  # type: ignore[attr-defined]
        near = period(date(2026, 9, 14), date(2026, 11, 3), date(2026, 10, 1))
        far = period(date(2026, 9, 14), date(2028, 1, 17), date(2026, 10, 1))
        gone = period(date(2025, 9, 14), date(2025, 11, 3), date(2026, 10, 1))
    assert (near, far) == ("9月14日至11月3日", "2026年9月14日至2028年1月17日")
    assert gone == "2025年9月14日至2025年11月3日"


def test_an_objection_keeps_what_was_typed_and_says_what_is_wrong(notice: str, browse: Browse) -> None:
    seen = browse(None).post(f"{notice}/object", {"name": "李", "contact": "13800001234", "text": "重复"}, status=422)
    assert "异议须实名提出" in seen.text
    assert seen.soup.find("textarea").text.strip() == "重复"
    response = browse(None).client.post(f"{notice}/object", data={"name": "李建国"})
    assert response.status_code == 400


def test_an_officer_answers_after_looking_at_the_contact_for_a_reason(notice: str, browse: Browse) -> None:
    browse(None).post(f"{notice}/object", {"name": "李建国", "contact": "13800001234", "text": "重复立项"})
    office, objection = browse("programme-1"), "/notices/objections/YY-2026-01-0001"
    assert "13800001234" not in office.get(f"{objection}/contact").html
    assert "13800001234" in office.post(f"{objection}/contact", {"reason": "电话答复"}, status=200).html
    browse("supervisor-1").get(f"{objection}/contact", status=403)
    assert "请填写书面答复" in office.post(f"{objection}/answer", {"is_upheld": "no"}, status=422).text
    assert "不属重复" in office.follow(f"{objection}/answer", {"is_upheld": "no", "answer": "不属重复。"}).text


def test_a_notice_cannot_be_ended_early_but_withdrawn_with_a_reason(notice: str, browse: Browse) -> None:
    office = browse("programme-1")
    assert "期满后才能办结" in office.get(notice).text
    office.post(f"{notice}/end", status=422)
    browse("community-1").post(f"{notice}/withdraw", {"reason": "x"}, status=403)
    assert "请写明理由" in office.post(f"{notice}/withdraw", {"reason": ""}, status=422).text
    office.post(f"{notice}/withdraw", {"reason": "公示内容有误，重新公示。"})
    seen = browse(None).get(notice)
    assert "公示内容有误，重新公示。" in seen.text
    assert "提出异议" in seen.text
    assert "无需再提出异议" in browse(None).get(f"{notice}/object").text
    browse(None).get("/notices/GS-0000-00-0000", status=404)
