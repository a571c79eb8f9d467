"""A kiosk in a real browser: the next person at the device finds nothing of the last one, with whatever button."""

import contextlib
from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Error, Page, expect

from grants.foundation.database import db
from grants.voting.service import codes
from tests.browser.conftest import serve
from tests.browsing import Browser
from tests.factories import people, rounds, voting

CHOSEN = "共建花园·一米菜园"


@pytest.fixture
def device(app: Flask, chromium: Chromium) -> Iterator[tuple[Page, list[str], str]]:
    """Give a device on which an officer is signed in, the codes of two voters, and the poll's reference."""
    with app.app_context():
        people.make_street()
        staff = people.make_staff()
        residents = [people.make_resident(name=name) for name in ("甲居民", "乙居民")]
        poll = voting.make_open(staff["programme-1"], staff["leader-1"], rounds.make_round(), people.community(1))
        sheet = codes.issue_codes(officer=staff["community-1"], poll=poll, residents=residents)
        ref = poll.ref
        db.session.commit()
    officer = Browser(app, "community-1").client.get_cookie("grants")
    assert officer is not None
    with serve(app) as address:
        context = chromium.new_context(base_url=address, locale="zh-CN")
        context.add_cookies([{"name": "grants", "value": officer.value, "url": address}])
        yield context.new_page(), [line.code for line in sheet.lines], ref
        context.close()


def _vote(page: Page, code: str) -> str:
    page.get_by_label("投票码").fill(code)
    page.get_by_role("button", name="开始投票").click()
    page.get_by_label(CHOSEN).check()
    page.get_by_role("button", name="下一步：核对").click()
    expect(page.locator(".ballot-chosen")).to_contain_text(CHOSEN)
    page.get_by_role("button", name="确认投票").click()
    receipt = page.locator(".receipt__code").inner_text()
    page.get_by_role("link", name="完成，清除本页").click()
    expect(page.get_by_role("heading", name="请输入投票码")).to_be_visible()
    return receipt


def _nothing_left(page: Page, *secrets: str) -> None:
    page.wait_for_timeout(500)  # whatever page comes up, Chromium's own error page too, has settled
    html = page.content()
    for secret in (*secrets, CHOSEN, "community-1", "退出登录"):
        assert secret not in html


def test_going_back_shows_nothing_of_the_voter_before(device: tuple[Page, list[str], str]) -> None:
    page, printed, ref = device
    page.goto(f"/polls/{ref}/stations")
    page.get_by_label("自助机名称").fill("服务大厅 1 号机")
    page.get_by_role("button", name="开启并退出登录").click()
    expect(page.get_by_role("heading", name="请输入投票码")).to_be_visible()
    turn_before = {one["name"]: one["value"] for one in page.context.cookies()}["kiosk_turn"]
    receipt = _vote(page, printed[0])
    assert page.get_by_label("投票码").input_value() == ""
    kept = {one["name"]: one["value"] for one in page.context.cookies()}
    assert set(kept) <= {"grants", "kiosk", "kiosk_turn"}
    assert kept["kiosk_turn"] != turn_before
    assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]
    for _step in range(5):
        # Chromium keeps no answer to a form that must not be stored: it asks whether to send the form again
        with contextlib.suppress(Error):
            page.go_back(wait_until="load")
        _nothing_left(page, receipt, printed[0])
        with contextlib.suppress(Error):
            page.reload(wait_until="load")
        _nothing_left(page, receipt, printed[0])
    page.goto(f"/polls/{ref}/kiosk")
    _vote(page, printed[1])


def test_a_qr_code_fills_the_field_and_leaves_the_address(device: tuple[Page, list[str], str]) -> None:
    page, printed, ref = device
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"/polls/{ref}/kiosk#{printed[0]}")
    expect(page.get_by_label("投票码")).to_have_value(printed[0])
    assert printed[0] not in page.url
    assert not any(printed[0] in url.partition("#")[0] for url in asked)


def test_an_idle_kiosk_goes_back_by_itself(device: tuple[Page, list[str], str]) -> None:
    page, printed, ref = device
    page.goto(f"/polls/{ref}/stations")
    page.get_by_label("自助机名称").fill("服务大厅 2 号机")
    page.get_by_role("button", name="开启并退出登录").click()
    page.get_by_label("投票码").fill(printed[0])
    page.get_by_role("button", name="开始投票").click()
    refresh = page.locator('meta[http-equiv="refresh"]').get_attribute("content")
    assert refresh == f"300;url=/polls/{ref}/kiosk"
