"""Drafting on the page: sensible from the start, every setting kept, and what contradicts is said at its field."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from grants.foundation import clock
from grants.foundation.database import db
from grants.people import queries as people_queries
from grants.voting import queries
from grants.voting.models import Poll
from grants.voting.rules import CountingRule, PollKind, Publication, full_settings
from tests.browsing import Browser, main_form, typed
from tests.factories import people, rounds

Browse = Callable[[str | None], Browser]


@pytest.fixture
def street(app: Flask) -> str:
    """Make a street with staff, a real round and a rehearsal; return the key of the first community."""
    with app.app_context():
        people.make_street()
        people.make_staff()
        people.make_resident("resident-1")
        rounds.make_round()
        rounds.make_round(2, is_rehearsal=True)
        key = str(people.community(1).id)
        db.session.commit()
    return key


def _draft(browser: Browser, **typed_over: Any) -> dict[str, Any]:
    """Return what the form sends with two options and everything else as it was offered."""
    local = clock.local(clock.now())
    return {
        **typed(main_form(browser.get("/polls/new").soup)),
        "title": "秋季居民投票",
        "budget_fen": "50000",
        "max_choices": "2",
        "opens_at": (local + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M"),
        "closes_at": (local + timedelta(days=9)).strftime("%Y-%m-%dT%H:%M"),
        "options-0-title": "口袋公园",
        "options-0-cost": "30000",
        "options-1-title": "四点半课堂",
        "options-1-cost": "20000",
        **typed_over,
    }


def _only_poll() -> Poll:
    return db.session.scalars(db.select(Poll)).unique().one()


def test_a_draft_needs_no_advanced_setting_and_belongs_to_the_real_round(
    street: str, browse: Browse, app: Flask
) -> None:
    browser = browse("community-1")
    browser.post("/polls/new", _draft(browser))
    with app.app_context():
        poll = _only_poll()
        assert (poll.kind, poll.rule, poll.publication) == (
            PollKind.APPROVAL,
            CountingRule.GREEDY,
            Publication.PROTECTED,
        )
        assert (str(poll.community_id), poll.round.is_rehearsal, poll.minimum_age) == (street, False, 18)
    assert "演练" in browser.get("/polls/new").soup.find("select", id="round_id").get_text()


def test_every_setting_is_kept_and_shown_again(street: str, browse: Browse, app: Flask) -> None:
    browser = browse("programme-1")
    fields = _draft(
        browser,
        **{
            "kind": "cumulative",
            "points": "12",
            "min_choices": "2",
            "rule": "mes",
            "completion": "add1e",
            "increment": "2.50",
            "start_share": "88",
            "fill": "greedy",
            "comparison": "reach",
            "threshold": "5",
            "exclusion_groups": "01 02",
            "envelopes-0-amount": "40000",
            "floors-0-amount": "10000",
            "publication": "open",
            "minimum_age": "16",
            "options-0-beneficiary": "暖阳社工服务中心",
        },
    )
    browser.post("/polls/new", fields)
    with app.app_context():
        poll = _only_poll()
        settings = full_settings(poll.kind, poll.rule, poll.rule_options)
        assert settings == {
            "method": "mes",
            "utility": "points",
            "completion": "add1e",
            "increment": 250,
            "start_share": "8800",
            "fill": "greedy",
            "comparison": "reach",
            "threshold": 5,
            "exclusion_groups": [["01", "02"]],
            "envelopes": {"governance": 4_000_000},
            "floors": {"990101001001": 1_000_000},
        }
        assert (poll.points, poll.minimum_age, poll.publication) == (12, 16, Publication.OPEN)
        ref = poll.ref
    again = typed(main_form(browser.get(f"/polls/{ref}/edit").soup))
    for name in ("kind", "rule", "points", "completion", "fill", "comparison", "threshold", "minimum_age"):
        assert again[name] == fields[name], name
    assert (again["increment"], again["start_share"], again["exclusion_groups"].strip()) == ("2.50", "88.00", "01 02")
    browser.post(f"/polls/{ref}/edit", again)
    with app.app_context():
        poll = _only_poll()
        assert full_settings(poll.kind, poll.rule, poll.rule_options) == settings
    shown = browse("programme-1").get(f"/polls/{ref}").text
    for words in ("一共有 12 点", "等额分配法", "选项 01、02 互斥", "先保证银杏社区的选项用到 10,000.00 元"):
        assert words in shown


def test_a_ranking_of_needs_asks_for_no_money(street: str, browse: Browse, app: Flask) -> None:
    browser = browse("programme-1")
    fields = _draft(
        browser, kind="ranking", rule="support", budget_fen="", **{"options-0-cost": "", "options-1-cost": ""}
    )
    with app.app_context():
        fields["community_id"] = str(people_queries.get_street().id)
    browser.post("/polls/new", fields)
    with app.app_context():
        poll = _only_poll()
        assert (poll.publication, poll.budget_fen, poll.is_street_wide) == (Publication.OPEN, 0, True)
        assert len(queries.list_areas(poll)) == 2


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"kind": "scoring", "points": ""}, "请填写点数或最高分"),
        ({"min_choices": "3", "max_choices": "2"}, "最少不能多于最多"),
        ({"exclusion_groups": "01 09"}, "没有编号为 09 的选项"),
        ({"exclusion_groups": "公园和课堂"}, "请用选项编号填写"),
        ({"floors-0-amount": "60000"}, "保底金额之和超过"),
        ({"overrun_percent": "120"}, "秋季居民投票"),
        ({"rule": "mes", "utility": "points"}, "不能按点数衡量"),
        ({"budget_fen": ""}, "请填写投票预算"),
        ({"options-0-cost": ""}, "请为每个选项填写预计费用"),
        ({"budget_fen": "一万"}, "没有看懂这个金额"),
        ({"closes_at": "2020-01-01T08:00"}, "截止时间须晚于开始时间"),
        ({"options-1-title": ""}, "至少需要两个选项"),
        ({"rule": "lottery"}, "秋季居民投票"),
    ],
)
def test_what_contradicts_is_said_and_nothing_is_lost(
    street: str, browse: Browse, app: Flask, wrong: dict[str, str], words: str
) -> None:
    browser = browse("programme-1")
    refused = browser.post("/polls/new", _draft(browser, **wrong), status=422)
    assert words in refused.html
    assert "四点半课堂" in refused.html or "options-1-title" in wrong
    with app.app_context():
        assert db.session.scalars(db.select(Poll)).all() == []


def test_a_community_officer_drafts_for_their_own_community_only(street: str, browse: Browse, app: Flask) -> None:
    browser = browse("community-1")
    page = browser.get("/polls/new").soup
    assert [option["value"] for option in page.find("select", id="community_id").find_all("option")] == [street]
    with app.app_context():
        other = str(people.community(2).id)
    browser.post("/polls/new", _draft(browser, community_id=other), status=422)
