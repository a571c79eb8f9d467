"""The pages of projects, from the choice of needs to the funded project."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from grants.foundation import audit
from grants.foundation.clock import now
from grants.foundation.database import db
from grants.people.models import UserSession
from grants.projects import queries, service
from grants.projects.models import Project
from grants.projects.rules import ProjectStatus
from grants.rounds import queries as rounds_queries
from grants.rounds.models import Round
from tests.browsing import Browser
from tests.factories import needs, people, projects

pytestmark = pytest.mark.usefixtures("street")
Browse = Callable[[str | None], Browser]


def the_round() -> Round:
    found = rounds_queries.find_open_round()
    assert found is not None
    return found


def make(app: Flask, builder: Callable[..., Any] = projects.make_draft, **parts: Any) -> str:
    """Build something in its own context and return its reference."""
    with app.app_context():
        ref: str = builder(the_round(), **parts).ref
        db.session.commit()
    return ref


def look(app: Flask, ref: str, ask: Callable[[Project], Any]) -> Any:
    """Ask a project something in a context of its own."""
    with app.app_context():
        return ask(queries.get_project(ref))


def status_of(app: Flask, ref: str) -> ProjectStatus:
    found: ProjectStatus = look(app, ref, lambda project: project.status)
    return found


def texts(need_ref: str, **parts: str) -> dict[str, Any]:
    return {
        "needs": [need_ref],
        "title": "枫林苑老年助餐",
        "category": "welfare",
        "summary": "设助餐点，提供平价午餐。",
        "objective": "让独居老人吃上热饭。",
        "public_benefit": "不以营利为目的。",
        "innovation": "邻里互助送餐。",
        "locality": "利用闲置餐厅。",
        "link_community": "提供场地",
        "service_point": "党群服务中心",
        "direct_beneficiary_count": "120",
        "vulnerable_percent": "70",
        "starts_on": "2027-01-01",
        "ends_on": "2027-09-30",
        **parts,
    }


def lines(*rows: tuple[str, ...], names: tuple[str, ...]) -> dict[str, str]:
    return {
        f"lines-{index}-{name}": value for index, row in enumerate(rows) for name, value in zip(names, row, strict=True)
    }


COST = ("code", "content", "unit_price", "quantity")
PROMISE = ("kind", "name", "target", "unit", "measure", "evidence")


def test_an_officer_drafts_costs_promises_and_submits(app: Flask, browse: Browse) -> None:
    need_ref = make(app, needs.make_adopted_need, title="希望开设老年助餐点", place_text="枫林苑")
    browser = browse("community-1")
    assert need_ref in browser.get("/projects/new").text
    form = browser.get(f"/projects/new?need={need_ref}")
    assert form.soup.find("input", {"name": "title"})["value"] == "希望开设老年助餐点"
    assert form.soup.find("input", {"name": "service_point"})["value"] == "枫林苑"
    to_costs = browser.post("/projects/new", texts(need_ref)).location
    assert to_costs == "/projects/GYCT-2026-01-0001/costs"
    browser.get(to_costs)
    money = lines(("01", "桌椅", "9,000", "2"), ("09", "管理费", "1500.50", "1"), ("01", "", "", ""), names=COST)
    to_indicators = browser.post(to_costs, {**money, "do": "save"}).location
    browser.get(to_indicators)
    promises = lines(
        ("output_count", "助餐", "60", "场", "activity_count", "记录"),
        ("effect_social", "用餐难缓解", "80.5", "%", "manual", "回访"),
        ("satisfaction", "居民满意率", "90", "%", "satisfaction_percent", "问卷"),
        names=PROMISE,
    )
    to_work = browser.post(to_indicators, {**promises, "do": "save"}).location
    seen = browser.get(to_work)
    assert "19,500.50" in seen.text
    assert "提交前还缺" not in seen.text
    assert "等待分管领导决策" in browser.follow("/projects/GYCT-2026-01-0001/submit").text
    assert status_of(app, "GYCT-2026-01-0001") is ProjectStatus.COSTED


def test_lines_are_added_and_removed_without_a_script_and_nothing_typed_is_lost(app: Flask, browse: Browse) -> None:
    ref, browser = make(app), browse("programme-1")
    rows = lines(("01", "桌椅", "100", "2"), ("06", "折页", "5", "10"), names=COST)
    added = browser.post(f"/projects/{ref}/costs", {**rows, "do": "add"}, status=200)
    assert len(added.soup.select('input[name$="-content"]')) == 5
    assert "250.00" in added.text
    removed = browser.post(f"/projects/{ref}/costs", {**rows, "do": "remove-0"}, status=200)
    assert [box["value"] for box in removed.soup.select('input[name$="-content"]')] == ["折页"]
    assert look(app, ref, lambda project: project.ceiling_fen) == 0
    kept = {name.replace("-1-", "-7-"): value for name, value in rows.items()}
    browser.post(f"/projects/{ref}/costs", {**kept, "do": "save"})
    assert look(app, ref, lambda project: project.ceiling_fen) == 25_000


def test_a_half_written_line_is_pointed_at_and_kept(app: Flask, browse: Browse) -> None:
    ref, browser = make(app), browse("programme-1")
    for row, words in (
        (("01", "桌椅", "", "2"), "请填写"),
        (("01", "桌椅", "一百", "2"), "没有看懂这个金额"),
        (("01", "桌椅", "-5", "2"), "金额不能是负数"),
    ):
        seen = browser.post(f"/projects/{ref}/costs", {**lines(row, names=COST), "do": "save"}, status=422)
        assert words in seen.text
        assert seen.soup.find("input", {"name": "lines-0-unit_price"})["value"] == row[2]
        assert seen.soup.find("input", {"name": "lines-0-content"})["value"] == "桌椅"
    unit = browser.post(
        f"/projects/{ref}/indicators",
        {**lines(("output_count", "助餐", "", "场", "manual", ""), names=PROMISE), "do": "save"},
        status=422,
    )
    assert "请填写" in unit.text


def test_over_a_cap_the_page_quotes_the_rule_and_the_submission_is_refused(app: Flask, browse: Browse) -> None:
    ref, browser = make(app, projects.make_complete_draft), browse("programme-1")
    rows = lines(("01", "物资", "800", "1"), ("09", "管理费", "200", "1"), names=COST)
    browser.post(f"/projects/{ref}/costs", {**rows, "do": "save"})
    seen = browser.get(f"/projects/{ref}/work")
    assert "占 20.0%，超过第1届公益创投规则规定的 10%" in seen.text
    assert "超过" in browser.follow(f"/projects/{ref}/submit").text
    assert status_of(app, ref) is ProjectStatus.DRAFT


def test_a_refused_draft_keeps_every_word(app: Flask, browse: Browse) -> None:
    need_ref = make(app, needs.make_adopted_need)
    browser = browse("programme-1")
    seen = browser.post("/projects/new", texts(need_ref, title="", ends_on="2026-12-01"), status=422)
    assert "请填写项目名称" in seen.text
    assert "利用闲置餐厅。" in seen.soup.find("textarea", {"name": "locality"}).get_text()
    seen = browser.post("/projects/new", texts(need_ref, ends_on="2026-12-01"), status=422)
    assert "结束日期不能早于开始日期" in seen.text
    seen = browser.post("/projects/new", {**texts(need_ref), "needs": []}, status=422)
    assert "至少回应一条" in seen.text


def test_a_draft_is_edited_with_what_it_says(app: Flask, browse: Browse) -> None:
    ref, browser = make(app), browse("programme-1")
    form = browser.get(f"/projects/{ref}/edit")
    need_ref = form.soup.find("input", {"name": "needs", "checked": True})["value"]
    browser.post(f"/projects/{ref}/edit", texts(need_ref, title="爱心食堂"))
    assert look(app, ref, lambda project: project.title) == "爱心食堂"


def test_the_leader_decides_on_one_page(app: Flask, browse: Browse) -> None:
    ref = make(app, projects.make_costed)
    browser = browse("leader-1")
    seen = browser.get(f"/projects/{ref}/decide")
    for words in ("35,000.00", "未经投票，由议事会议通过", "居民满意率", "尚未安排 300,000.00 元"):
        assert words in seen.text
    assert "请填写决策意见" in browser.post(f"/projects/{ref}/decide", {"decision": "approve"}, status=422).text
    browser.post(f"/projects/{ref}/decide", {"decision": "approve", "note": "同意立项。"})
    assert status_of(app, ref) is ProjectStatus.APPROVED
    assert "当前状态下不能进行" in browser.get(f"/projects/{ref}/decide").text


def test_without_a_fresh_proof_of_identity_nothing_is_decided(app: Flask, browse: Browse) -> None:
    ref, browser = make(app, projects.make_costed), browse("leader-1")
    with app.app_context():
        db.session.query(UserSession).update({"stepped_up_at": now() - timedelta(minutes=16)})
        db.session.commit()
    assert "/step-up" in browser.get(f"/projects/{ref}/decide", status=302).location
    seen = browser.post(f"/projects/{ref}/decide", {"decision": "approve", "note": "同意立项。"}, status=422)
    assert "身份确认已超过十五分钟" in seen.text
    assert "同意立项。" in seen.soup.find("textarea", {"name": "note"}).get_text()
    assert status_of(app, ref) is ProjectStatus.COSTED


def test_turning_down_shows_the_reason(app: Flask, browse: Browse) -> None:
    ref = make(app, projects.make_costed)
    browse("leader-1").post(f"/projects/{ref}/decide", {"decision": "reject", "note": "与在建项目重复。"})
    assert "与在建项目重复。" in browse("programme-1").get(f"/projects/{ref}/work").text
    browse("community-2").get(f"/projects/{ref}/work", status=403)


def test_announcing_and_funding_from_the_work_panel(app: Flask, browse: Browse) -> None:
    ref, browser = make(app, projects.make_approved), browse("programme-1")
    assert "已发布" in browser.follow(f"/projects/{ref}/announce").text
    panel = browser.get(f"/projects/{ref}/work")
    assert "尚未办结" in panel.text
    assert "尚未办结" in browser.follow(f"/projects/{ref}/fund").text
    noticed = make(app, projects.make_noticed)
    assert "已正式立项" in browser.follow(f"/projects/{noticed}/fund").text
    need_ref = look(app, noticed, lambda project: project.needs[0].ref)
    assert f"/projects/{noticed}" in browse(None).get(f"/needs/{need_ref}").html


def test_a_submitted_project_is_taken_back(app: Flask, browse: Browse) -> None:
    ref, browser = make(app, projects.make_costed), browse("programme-1")
    browser.get(f"/projects/{ref}/edit", status=403)
    assert "已退回草案" in browser.follow(f"/projects/{ref}/revise").text
    browser.get(f"/projects/{ref}/edit")


def test_the_public_list_filters_sorts_pages_and_exports(app: Flask, browse: Browse) -> None:
    with app.app_context():
        round = the_round()
        need = needs.make_adopted_need(round)
        for number in range(22):
            project = projects.make_approved(round, need=need, title=f"第{number}个项目")
            service.announce_project(project=project, officer=projects.programme())
        db.session.commit()
    hidden = make(app, projects.make_draft, title="还在研究")
    browser = browse(None)
    first = browser.get("/projects/")
    assert len(first.soup.select("tbody tr")) == 20
    assert len(browser.get(first.soup.find("a", {"rel": "next"})["href"]).soup.select("tbody tr")) == 2
    assert len(browser.get("/projects/?q=第21个").soup.select("tbody tr")) == 1
    assert len(browser.get("/projects/?sort=-ceiling&category=welfare&status=announced").soup.select("tbody tr")) == 20
    assert "没有符合条件" in browser.get("/projects/?community=990101001002").text
    assert hidden not in browser.get("/projects/?q=研究").html
    assert hidden in browse("programme-1").get("/projects/?q=研究").html
    exported = browser.get("/projects/export.csv").html
    assert "35000.00" in exported
    assert hidden not in exported
    assert browser.get("/projects/export.xlsx").response.get_data()[:2] == b"PK"


@pytest.mark.parametrize("login", [None, "resident-1", "admin-1"])
def test_the_offices_pages_are_for_the_offices(app: Flask, browse: Browse, login: str | None) -> None:
    ref = make(app)
    for path in ("/projects/new", f"/projects/{ref}/work", f"/projects/{ref}/edit", f"/projects/{ref}/decide"):
        browse(login).get(path, status=302 if login is None else 403)


def test_another_community_s_draft_is_neither_read_nor_changed(app: Flask, browse: Browse) -> None:
    ref = make(app)
    browser = browse("community-2")
    for page in ("work", "edit", "costs", "indicators"):
        browser.get(f"/projects/{ref}/{page}", status=403)
    browser.post(f"/projects/{ref}/submit", status=403)


def test_every_change_leaves_its_entry_in_the_audit_chain(app: Flask, browse: Browse) -> None:
    ref, programme, leader = make(app, projects.make_complete_draft), browse("programme-1"), browse("leader-1")
    for browser, path, fields in (
        (programme, "submit", {}),
        (programme, "revise", {}),
        (programme, "submit", {}),
        (leader, "decide", {"decision": "approve", "note": "同意。"}),
        (programme, "announce", {}),
    ):
        with app.app_context():
            before = audit.head()[0]
        browser.post(f"/projects/{ref}/{path}", fields)
        with app.app_context():
            assert audit.head()[0] > before, path
            assert audit.verify().holds


def test_a_street_wide_project_joins_needs_of_two_communities(app: Flask, browse: Browse) -> None:
    with app.app_context():
        round = the_round()
        own = needs.make_adopted_need(round)
        foreign = needs.make_adopted_need(round, actor=needs.make_proposer(people.community(2)))
        refs = [own.ref, foreign.ref]
        db.session.commit()
    browser = browse("programme-1")
    form = browser.get(f"/projects/new?need={refs[0]}&need={refs[1]}")
    assert form.soup.find("input", {"name": "is_street_wide"}).has_attr("checked")
    fields = {**texts(refs[0]), "needs": refs}
    assert "请起草面向全街道的项目" in browser.post("/projects/new", fields, status=422).text
    browser.post("/projects/new", {**fields, "is_street_wide": "y"})
    assert look(app, "GYCT-2026-01-0001", lambda project: project.community.name) == "梧桐街道"
