"""The audit log on its page: who sees what, filters, pages, export, verification."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import text

from grants.foundation import audit
from grants.foundation.database import db
from grants.people import queries
from tests.browsing import Browser

Browse = Callable[[str | None], Browser]
pytestmark = pytest.mark.usefixtures("street")


@pytest.fixture
def entries(app: Flask, street: None) -> None:
    """Write 120 entries of a programme officer and one with a formula in it."""
    with app.app_context():
        officer, resident = queries.find_user("programme-1"), queries.find_user("resident-1")
        for number in range(120):
            audit.record("need:decline", actor=officer, subject=officer, number=number)
        audit.record("=1+1:x", actor=resident, subject=resident)
        db.session.commit()


def numbers(browser: Browser, path: str) -> list[int]:
    return [int(cell.text) for cell in browser.get(path).soup.select("tbody td[data-label=序号]")]


@pytest.mark.usefixtures("entries")
def test_the_supervisor_goes_through_all_pages_and_back(browse: Browse) -> None:
    browser, seen, path = browse("supervisor-1"), [], "/audit/?action=need"
    while path:
        soup = browser.get(path).soup
        seen += [int(cell.text) for cell in soup.select("tbody td[data-label=序号]")]
        link = soup.select_one("a[rel=next]")
        path = str(link["href"]) if link else ""
    assert seen == list(range(120, 0, -1))
    middle = numbers(browser, "/audit/?action=need&before=10")
    assert middle == list(range(60, 10, -1))


@pytest.mark.usefixtures("entries")
def test_others_see_their_own_and_an_administrator_the_technical_part(browse: Browse) -> None:
    assert len(numbers(browse("programme-1"), "/audit/?action=need")) == 50
    assert numbers(browse("resident-1"), "/audit/?action=need") == []
    admin = browse("admin-1").get("/audit/")
    assert "need:decline" not in admin.html
    assert "session:open" in admin.text
    assert "need:decline" not in browse("finance-1").get("/audit/export.csv").html


@pytest.mark.usefixtures("entries")
def test_the_log_is_filtered(browse: Browse) -> None:
    browser = browse("supervisor-1")
    assert len(numbers(browser, "/audit/?actor=programme-1&since=2020-01-01&until=2099-01-01")) == 50
    assert numbers(browser, "/audit/?action=need&until=2020-01-01") == []
    assert numbers(browser, "/audit/?actor=%25zzz") == []
    assert "need:decline" in browser.get("/audit/?since=nonsense&after=x").text


@pytest.mark.usefixtures("entries")
def test_the_export_is_whole_and_no_cell_of_it_runs(browse: Browse) -> None:
    sheet = browse("supervisor-1").get("/audit/export.csv?endpoint=x").html
    assert sheet.count("need:decline") == 120
    assert ",'=1+1:x," in sheet


@pytest.mark.usefixtures("entries")
def test_the_chain_is_verified_on_request_and_a_forgery_is_named(app: Flask, browse: Browse) -> None:
    browser = browse("supervisor-1")
    assert "审计链完整" in browser.post("/audit/verify", status=200).text
    browse("finance-1").post("/audit/verify", status=403)
    browse("programme-1").post("/audit/verify", status=403)
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            db.session.execute(text("DROP TRIGGER audit_entry_no_update"))
        else:
            db.session.execute(text("ALTER TABLE audit_entry DISABLE TRIGGER USER"))
        db.session.execute(text("UPDATE audit_entry SET details = '{}' WHERE seq = 7"))
        db.session.commit()
    assert "第 7 条异常" in browse("admin-1").post("/audit/verify", status=200).text


def test_looking_at_the_log_leaves_no_entry_and_verifying_one(app: Flask, browse: Browse) -> None:
    browser = browse("supervisor-1")
    with app.app_context():
        before = audit.head()[0]
    browser.get("/audit/")
    browser.get("/audit/export.csv")
    browser.post("/audit/verify", status=200)
    with app.app_context():
        assert audit.head()[0] == before + 1
