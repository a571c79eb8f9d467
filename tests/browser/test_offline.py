"""A record written on a telephone without a network: nothing is lost, and it is sent when the network is back."""

import io
from collections.abc import Iterator

import pytest
from flask import Flask
from PIL import Image
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import FilePayload, Page, expect

from grants.foundation.database import db
from grants.supervision.models import Activity
from tests.browser.conftest import serve
from tests.browsing import Browser
from tests.factories import agreements, supervision


@pytest.fixture
def phone(app: Flask, chromium: Chromium) -> Iterator[tuple[Page, str]]:
    """Give the telephone of somebody who acts for the organisation, and an activity to record."""
    with app.app_context():
        parties = agreements.make_parties()
        ref = supervision.make_announced(parties, agreements.make_signed(parties)).ref
        db.session.commit()
    member = Browser(app, "org-1").client.get_cookie("grants")
    assert member is not None
    with serve(app) as address:
        context = chromium.new_context(base_url=address, locale="zh-CN", viewport={"width": 390, "height": 800})
        context.add_cookies([{"name": "grants", "value": member.value, "url": address}])
        yield context.new_page(), ref
        context.close()


def _picture(name: str, colour: str) -> FilePayload:
    out = io.BytesIO()
    Image.new("RGB", (60, 40), colour).save(out, "JPEG")
    return {"name": name, "mimeType": "image/jpeg", "buffer": out.getvalue()}


def test_a_record_survives_a_closed_page_and_a_lost_network(app: Flask, phone: tuple[Page, str]) -> None:
    page, ref = phone
    page.goto(f"/supervision/activities/{ref}/record")
    page.fill('[name="person_count"]', "12")
    page.fill('[name="attendance_count"]', "15")
    page.fill('[name="summary"]', "院子里没有信号，大家包了粽子。")
    page.set_input_files('[name="sign_in_sheets"]', _picture("签到表.jpg", "white"))
    page.set_input_files('[name="photos"]', [_picture("一.jpg", "red"), _picture("二.jpg", "green")])
    status = page.locator("[data-keep]")
    expect(status).to_contain_text("已保存在这台设备上")
    page.reload()
    expect(status).to_contain_text("已恢复")
    assert page.input_value('[name="summary"]') == "院子里没有信号，大家包了粽子。"
    assert page.evaluate("document.querySelector('[name=photos]').files.length") == 2
    page.context.set_offline(True)
    page.locator('main form button[type="submit"]').last.click()
    expect(status).to_contain_text("没有网络")
    page.context.set_offline(False)
    page.wait_for_url(f"**/supervision/activities/{ref}")
    with app.app_context():
        activity = db.session.query(Activity).filter_by(ref=ref).one()
        assert (activity.status, activity.person_count, len(activity.evidence)) == ("recorded", 12, 3)
    page.goto(f"/supervision/activities/{ref}/record")
    assert page.evaluate("indexedDB.databases().then(all => all.length)") == 1
    expect(status).to_contain_text("没有网络也不会丢")
