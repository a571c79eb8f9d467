"""The pages of needs, as residents, officers and visitors use them."""

import io
from collections.abc import Callable

import pytest
from flask import Flask
from PIL import Image

from grants.foundation import audit
from grants.foundation.database import db
from grants.needs import queries, service
from grants.needs.rules import FIVE_CHECKS, NeedStatus, Triage
from grants.people import queries as people_queries
from grants.people.service.residents import identity_columns
from grants.rounds import queries as rounds_queries
from grants.rounds.models import Round
from tests.browsing import Browser
from tests.factories import needs, people

pytestmark = pytest.mark.usefixtures("street")
Browse = Callable[[str | None], Browser]
FIRST = {
    "step": "1",
    "title": "希望开设老年助餐点",
    "category": "welfare",
    "body": "独居老人做饭困难。\n希望提供午餐。",
}
SECOND = {"grid": "", "place_text": "枫林苑", "target_group": "elderly", "urgency": "soon"}


def the_round() -> Round:
    found = rounds_queries.find_open_round()
    assert found is not None
    return found


def make(app: Flask, builder: Callable[..., object] = needs.make_need, **parts: object) -> str:
    """Build a need in its own context and return its reference."""
    with app.app_context():
        need = builder(the_round(), **parts)
        ref: str = need.ref  # type: ignore[attr-defined]
        db.session.commit()
    return ref


def status_of(app: Flask, ref: str) -> NeedStatus:
    with app.app_context():
        return queries.get_need(ref).status


def picture() -> tuple[io.BytesIO, str]:
    buffer = io.BytesIO()
    Image.new("RGB", (30, 30), "green").save(buffer, "PNG")
    buffer.seek(0)
    return buffer, "现场.png"


def test_a_resident_raises_a_need_in_three_steps_with_a_photo(app: Flask, browse: Browse) -> None:
    browser = browse("resident-1")
    browser.get("/needs/new")
    where = browser.post("/needs/new", {**FIRST, "go": "next"}, status=200)
    assert "第 2 步，共 3 步" in where.text
    check = browser.post("/needs/new", {**FIRST, **SECOND, "step": "2", "go": "next"}, status=200)
    assert "枫林苑" in check.text
    assert "独居老人做饭困难" in check.text
    sent = browser.post("/needs/new", {**FIRST, **SECOND, "step": "3", "go": "submit", "photos": picture()})
    assert sent.location == "/needs/XQ-01-001-0001"
    own = browser.get(sent.location)
    assert "张桂兰" in own.text
    assert "现场.png" in own.text


def test_going_on_with_gaps_keeps_what_was_typed_and_says_what_is_missing(browse: Browse) -> None:
    seen = browse("resident-1").post("/needs/new", {**FIRST, "title": "", "go": "next"}, status=422)
    assert "请用一句话写明需求" in seen.text
    assert seen.soup.find("textarea", {"name": "body"}).get_text().split()[0] == "独居老人做饭困难。"


def test_a_forged_early_step_brings_the_page_back_to_it(browse: Browse) -> None:
    fields = {**FIRST, **SECOND, "body": "", "step": "3", "go": "submit"}
    assert "第 1 步" in browse("resident-1").post("/needs/new", fields, status=422).text


def test_going_back_loses_nothing(browse: Browse) -> None:
    seen = browse("resident-1").post("/needs/new", {**FIRST, **SECOND, "step": "2", "go": "back"}, status=200)
    assert seen.soup.find("input", {"name": "title"})["value"] == FIRST["title"]
    assert seen.soup.find("input", {"name": "place_text", "type": "hidden"})["value"] == "枫林苑"


def test_a_bad_photo_is_refused_on_the_last_step_with_everything_kept(browse: Browse) -> None:
    fields = {**FIRST, **SECOND, "step": "3", "go": "submit", "photos": (io.BytesIO(b"no picture"), "x.png")}
    seen = browse("resident-1").post("/needs/new", fields, status=422)
    assert "第 3 步" in seen.text
    assert seen.soup.find("input", {"name": "title", "type": "hidden"})["value"] == FIRST["title"]


def test_the_check_offers_similar_needs_with_one_click(app: Flask, browse: Browse) -> None:
    ref = make(app, title="希望开设老年助餐点", body="老人做饭困难，希望提供午餐。")
    browser = browse("resident-1")
    check = browser.post("/needs/new", {**FIRST, **SECOND, "step": "2", "go": "next"}, status=200)
    assert "是不是同一件事" in check.text
    browser.post(f"/needs/{ref}/second")
    with app.app_context():
        assert queries.get_need(ref).support_count == 2


def test_a_visitor_sees_the_need_but_never_the_name(app: Flask, browse: Browse) -> None:
    ref = make(app)
    seen = browse(None).get(f"/needs/{ref}")
    assert "李秀英" not in seen.html
    assert "李*" in seen.text
    assert "登录后表示" in seen.text
    assert "李秀英" in browse("community-1").get(f"/needs/{ref}").text
    assert "李秀英" not in browse("community-2").get(f"/needs/{ref}").text


def test_seconding_twice_says_so_and_counts_once(app: Flask, browse: Browse) -> None:
    ref = make(app)
    browser = browse("resident-2")
    assert "谢谢参与" in browser.follow(f"/needs/{ref}/second").text
    assert "每人计一次" in browser.follow(f"/needs/{ref}/second").text
    assert "已取消" in browser.follow(f"/needs/{ref}/withdraw-second").text
    with app.app_context():
        assert queries.get_need(ref).support_count == 1


def test_a_resident_of_another_community_reads_but_does_not_second(app: Flask, browse: Browse) -> None:
    ref = make(app)
    browser = browse("resident-3")
    seen = browser.get(f"/needs/{ref}")
    assert "附议只能在自己的社区进行" in seen.text
    assert "附议只能在自己的社区进行" in browser.follow(f"/needs/{ref}/second").text


def test_photos_are_shown_to_the_public_after_release_only(app: Flask, browse: Browse) -> None:
    browser = browse("resident-1")
    browser.post("/needs/new", {**FIRST, **SECOND, "step": "3", "go": "submit", "photos": picture()})
    with app.app_context():
        file_id = queries.list_attachments(queries.get_need("XQ-01-001-0001"), public_only=False)[0].file_id
    path = f"/needs/XQ-01-001-0001/photos/{file_id}"
    browse(None).get(path, status=403)
    browser.get(path)
    officer = browse("community-1")
    officer.post(
        "/needs/XQ-01-001-0001/screen",
        {"action": "examine", "triage": "service", "reason": "同意。", "public_photos": str(file_id)},
    )
    browse(None).get(path)


def test_the_list_filters_searches_sorts_and_pages(app: Flask, browse: Browse) -> None:
    with app.app_context():
        round = the_round()
        for number in range(23):
            needs.make_paper_need(round, title=f"第{number}号路灯不亮", body="东门一片漆黑。")
        needs.second(needs.make_paper_need(round, title="开办四点半课堂", body="孩子没人带。"), 3)
        needs.make_need(round, actor=people_queries.find_user("resident-3"), title="丹桂的需求")
        db.session.commit()
    browser = browse(None)
    first = browser.get("/needs/")
    assert len(first.soup.select("article.card")) == 20
    onward = first.soup.find("a", {"rel": "next"})["href"]
    assert len(browser.get(onward).soup.select("article.card")) == 5
    assert len(browser.get("/needs/?q=四点半").soup.select("article.card")) == 1
    assert "没有符合条件" in browser.get("/needs/?q=不存在的词").text
    assert len(browser.get("/needs/?community=990101001002").soup.select("article.card")) == 1
    assert "没有符合条件" in browser.get("/needs/?status=adopted&category=welfare").text
    loved = browser.get("/needs/?sort=-support").soup.select_one("article.card")
    assert "开办四点半课堂" in loved.get_text()


def test_a_percent_sign_in_the_search_is_a_percent_sign(app: Flask, browse: Browse) -> None:
    make(app, title="路灯不亮")
    assert "没有符合条件" in browse(None).get("/needs/?q=%25").text


def test_a_stale_page_address_is_answered_kindly(browse: Browse) -> None:
    assert "页码地址已失效" in browse(None).get("/needs/?after=nonsense", status=422).text


def test_exports_carry_no_names_and_no_formulas(app: Flask, browse: Browse) -> None:
    make(app, title="=1+1 路灯")
    text = browse(None).get("/needs/export.csv?q=路灯").html
    assert "'=1+1 路灯" in text
    assert "李秀英" not in text
    workbook = browse(None).get("/needs/export.xlsx").response
    assert workbook.get_data()[:2] == b"PK"


def test_the_counter_checks_the_roll_and_warns_of_twins(app: Flask, browse: Browse) -> None:
    with app.app_context():
        resident = people.make_resident(name="陈大爷")
        for column, value in identity_columns("990101195001010014").items():
            setattr(resident, column, value)
        db.session.commit()
    browser = browse("community-1")
    fields = {
        "community": "990101001001",
        "source": "counter",
        "id_number": "99010119500101001 4",
        "title": "希望开设老年助餐点",
        "category": "welfare",
        "body": "老人做饭困难。",
        "grid": "",
        "target_group": "elderly",
        "urgency": "normal",
    }
    assert "XQ-01-001-0001" in browser.follow("/needs/counter", fields).text
    assert "可能重复" in browser.post("/needs/counter", fields, status=200).text
    browser.post("/needs/counter", {**fields, "is_checked": "y"})
    wrong = {**fields, "id_number": "990101195001010022", "title": "修整花坛", "body": "花坛破损。"}
    seen = browser.post("/needs/counter", wrong, status=422)
    assert "居民名册中没有" in seen.text
    assert seen.soup.find("input", {"name": "title"})["value"] == "修整花坛"
    with app.app_context():
        assert queries.get_need("XQ-01-001-0001").proposer.name == "陈大爷"  # type: ignore[union-attr]


def test_officers_work_on_many_needs_at_once(app: Flask, browse: Browse) -> None:
    refs = [make(app) for _number in range(3)]
    browser = browse("community-1")
    browser.get("/needs/screening")
    answer = {"action": "examine", "triage": "service", "reason": "同意提交议事。"}
    seen = browser.follow("/needs/screening", {**answer, "needs": refs[:2]})
    assert "已办理 2 条" in seen.text
    assert [status_of(app, ref) for ref in refs] == [NeedStatus.EXAMINED, NeedStatus.EXAMINED, NeedStatus.RAISED]
    partly = browser.follow("/needs/screening", {**answer, "needs": [refs[0], refs[2]]})
    assert "已办理 1 条" in partly.text
    assert f"{refs[0]} 未办理" in partly.text


def test_a_batch_without_ticks_or_details_says_so_at_the_field(app: Flask, browse: Browse) -> None:
    ref = make(app)
    browser = browse("community-1")
    assert (
        "请至少勾选一条需求" in browser.post("/needs/screening", {"action": "decline", "reason": "无"}, status=422).text
    )
    assert "请选择办理方式" in browser.post("/needs/screening", {"needs": ref}, status=422).text
    assert "721" in browser.post("/needs/screening", {"needs": ref, "action": "examine"}, status=422).text
    for target, message in (("", "请填写要并入"), ("XQ-9", "没有编号为")):
        fields = {"needs": ref, "action": "merge", "target": target}
        assert message in browser.post("/needs/screening", fields, status=422).text
    assert status_of(app, ref) is NeedStatus.RAISED


def test_merging_on_the_page_points_on(app: Flask, browse: Browse) -> None:
    kept, gone = make(app), make(app)
    browse("community-1").post("/needs/screening", {"needs": gone, "action": "merge", "target": kept.lower()})
    assert kept in browse(None).get(f"/needs/{gone}").text
    assert gone in browse(None).get(f"/needs/{kept}").text


def test_officers_see_their_own_community_and_the_programme_sees_all(app: Flask, browse: Browse) -> None:
    make(app, title="银杏的需求")
    with app.app_context():
        needs.make_need(the_round(), actor=people_queries.find_user("resident-3"), title="丹桂的需求")
        db.session.commit()
    own = browse("community-1").get("/needs/screening").text
    assert "银杏的需求" in own
    assert "丹桂的需求" not in own
    assert "丹桂的需求" in browse("programme-1").get("/needs/screening").text


def test_another_community_s_need_is_not_screened_by_guessing_its_address(app: Flask, browse: Browse) -> None:
    ref = make(app)
    browse("community-2").get(f"/needs/{ref}/screen", status=403)
    seen = browse("community-2").post(
        "/needs/screening", {"needs": ref, "action": "decline", "reason": "越权"}, status=403
    )
    assert "只能办理本社区" in seen.text
    assert status_of(app, ref) is NeedStatus.RAISED


def test_declining_one_need_shows_the_answer_to_everybody(app: Flask, browse: Browse) -> None:
    ref = make(app)
    browse("community-1").post(f"/needs/{ref}/screen", {"action": "decline", "reason": "活动室已于上月开放。"})
    assert "活动室已于上月开放。" in browse(None).get(f"/needs/{ref}").text


MEETING = {
    "kind": "deliberation",
    "title": "银杏社区议事会",
    "held_on": "2026-01-08",
    "convenor": "王书记",
    "entitled_count": "20",
    "attended_count": "15",
    "minutes": "逐项讨论，举手表决。",
    "checks": list(FIVE_CHECKS),
}


def votes(index: int, ref: str, yes: str, no: str = "0", abstain: str = "0") -> dict[str, str]:
    line = f"lines-{index}-"
    return {
        f"{line}subject_ref": ref,
        f"{line}for_count": yes,
        f"{line}against_count": no,
        f"{line}abstain_count": abstain,
    }


def test_a_meeting_is_recorded_with_its_votes_and_its_sheet(app: Flask, browse: Browse) -> None:
    passed, disputed = (make(app, needs.make_examined_need) for _number in range(2))
    browser = browse("community-1")
    browser.get("/needs/meetings/new")
    sent = browser.post(
        "/needs/meetings/new",
        {**MEETING, **votes(0, passed, "14", "1"), **votes(1, disputed, "9", "6"), "minutes_file": picture()},
    )
    seen = browse(None).get(sent.location)
    assert "通过" in seen.text
    assert "一根弦" not in seen.text
    assert status_of(app, passed) is NeedStatus.DELIBERATED
    assert status_of(app, disputed) is NeedStatus.DISPUTED
    assert "暂停办理" in browse(None).get(f"/needs/{disputed}").text
    assert "银杏社区议事会" in browse(None).get("/needs/meetings").text
    browser.get(f"{sent.location}/minutes")
    browse("supervisor-1").get(f"{sent.location}/minutes")
    browse("community-2").get(f"{sent.location}/minutes", status=403)
    assert "/sign-in" in browse(None).get(f"{sent.location}/minutes", status=302).location


def test_a_refused_meeting_keeps_every_number(app: Flask, browse: Browse) -> None:
    ref = make(app, needs.make_examined_need)
    fields = {**MEETING, **votes(0, ref, "19"), "checks": ["open"]}
    seen = browse("community-1").post("/needs/meetings/new", fields, status=422)
    assert "还缺" in seen.text
    assert seen.soup.find("input", {"name": "lines-0-for_count"})["value"] == "19"
    seen = browse("community-1").post("/needs/meetings/new", {**fields, "checks": list(FIVE_CHECKS)}, status=422)
    assert "超过实到人数" in seen.text


def test_a_number_that_is_none_is_pointed_at(app: Flask, browse: Browse) -> None:
    ref = make(app, needs.make_examined_need)
    fields = {**MEETING, **votes(0, ref, "许多")}
    seen = browse("community-1").post("/needs/meetings/new", fields, status=422)
    assert seen.soup.find("input", {"name": "lines-0-for_count"})["value"] == "许多"


def test_the_programme_first_says_which_community_met(browse: Browse) -> None:
    browser = browse("programme-1")
    assert "先选择社区" in browser.get("/needs/meetings/new").text
    assert "没有等待议事的需求" in browser.get("/needs/meetings/new?community=990101001002").text


def test_without_a_round_the_pages_say_what_to_do(app: Flask, browse: Browse) -> None:
    with app.app_context():
        round = the_round()
        round.status = type(round.status).CLOSED
        db.session.commit()
    assert "目前没有正在征集需求的届次" in browse("resident-1").get("/needs/new").text
    assert "目前没有正在征集需求的届次" in browse("community-1").get("/needs/counter").text
    assert "没有进行中的届次" in browse("community-1").get("/needs/screening", status=404).text


@pytest.mark.parametrize("login", [None, "resident-1", "finance-1", "leader-1", "supervisor-1", "admin-1"])
def test_screening_is_for_the_offices_that_screen(browse: Browse, login: str | None) -> None:
    for path in ("/needs/screening", "/needs/counter", "/needs/meetings/new"):
        browse(login).get(path, status=302 if login is None else 403)


def test_every_change_leaves_one_entry_in_the_audit_chain(app: Flask, browse: Browse) -> None:
    ref = make(app)
    for browser, path, fields in (
        (browse("resident-2"), f"/needs/{ref}/second", {}),
        (browse("resident-2"), f"/needs/{ref}/withdraw-second", {}),
        (browse("community-1"), f"/needs/{ref}/screen", {"action": "examine", "triage": "service"}),
        (browse("community-1"), "/needs/meetings/new", {**MEETING, **votes(0, ref, "14")}),
        (browse("programme-1"), f"/needs/{ref}/screen", {"action": "adopt"}),
    ):
        with app.app_context():
            before = audit.head()[0]
        browser.post(path, fields)
        with app.app_context():
            assert audit.head()[0] == before + 1, path
            assert audit.verify().holds


def test_residents_meet_no_script_and_no_jargon_in_the_elder_edition(app: Flask, browse: Browse) -> None:
    ref = make(app)
    browser = browse("resident-2")
    browser.get("/switch/edition/elder", status=302)
    for path in ("/needs/", f"/needs/{ref}", "/needs/new"):
        seen = browser.get(path)
        assert seen.soup.find("html")["data-edition"] == "elder"
        assert seen.soup.find("script", src=False) is None


def test_what_the_officer_enters_shows_the_721_split(app: Flask, browse: Browse) -> None:
    with app.app_context():
        need = needs.make_examined_need(the_round(), triage=Triage.ENFORCEMENT)
        service.hand_over_need(
            need=need, officer=needs.officer_of(need.community), department="平安建设部", reason="已转消防。"
        )
        ref = need.ref
        db.session.commit()
    seen = browse(None).get(f"/needs/{ref}")
    assert "靠综合执法解决" in seen.text
    assert "平安建设部" in seen.text
