"""What only a browser shows: nothing overflows, nothing leaves the host, no script fails, everybody can use it."""

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Page

from grants.foundation.database import db
from grants.needs.models import Need
from grants.projects.models import Project
from grants.voting.models import Poll
from tests.browser.conftest import PICTURES, WITH_PICTURES, Open

PUBLIC = ("/", "/needs/", "/polls/", "/projects/", "/notices/", "/organisations/", "/open-data/", "/sign-in", "/demo")
DESKS = (
    "resident-1",
    "org-1",
    "expert-1",
    "community-1",
    "programme-1",
    "finance-1",
    "leader-1",
    "supervisor-1",
    "admin-1",
)
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def _problems(page: Page, width: int) -> Iterator[str]:
    wide = page.evaluate("document.documentElement.scrollWidth")
    if wide > width:
        yield f"{page.url}: {wide} px wide at {width}"
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    for violation in Axe().run(page, options={"runOnly": TAGS}).response["violations"]:
        yield f"{page.url}: {violation['id']}: {violation['nodes'][0]['html'][:160]}"


def _keep(page: Page, name: str) -> None:
    if not WITH_PICTURES:
        return
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=str(PICTURES / f"{name}.png"), full_page=True)


@pytest.mark.parametrize("edition", ["standard", "elder"])
@pytest.mark.parametrize("width", [390, 1280])
def test_public_pages_fit_and_are_accessible(visit: Open, width: int, edition: str) -> None:
    problems = []
    page = visit("/", width=width, edition=edition)
    for path in PUBLIC:
        page.goto(path)
        problems += _problems(page, width)
        name = path.strip("/").replace("/", "-") or "home"
        _keep(page, f"{name}-{width}-{edition}")
    assert problems == []


@pytest.mark.parametrize("who", DESKS)
def test_every_desk_fits_and_is_accessible(visit: Open, who: str) -> None:
    problems = []
    page = visit("/desk", who=who)
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto("/desk")
        problems += _problems(page, width)
        _keep(page, f"desk-{who}-{width}")
    assert problems == []


def _refs(demo: Flask) -> list[str]:
    with demo.app_context():
        projects = db.session.scalars(db.select(Project).order_by(Project.status, Project.ref)).all()
        by_status = {project.status: f"/projects/{project.ref}" for project in projects if project.status != "draft"}
        need = db.session.scalars(db.select(Need).where(Need.status == "adopted").limit(1)).one()
        poll = db.session.scalars(db.select(Poll).where(Poll.status == "counted").limit(1)).one()
        return [*by_status.values(), f"/needs/{need.ref}", f"/polls/{poll.ref}", f"/polls/{poll.ref}/result"]


@pytest.mark.parametrize("width", [390, 1280])
def test_the_pages_that_make_the_product_fit_and_are_accessible(visit: Open, demo: Flask, width: int) -> None:
    problems = []
    page = visit("/", width=width)
    for path in _refs(demo):
        page.goto(path)
        problems += _problems(page, width)
        _keep(page, f"{path.strip('/').replace('/', '-')}-{width}")
    assert problems == []


def test_no_page_asks_another_host_or_breaks_a_script(visit: Open, address: str) -> None:
    page = visit("/")
    seen: list[str] = []
    page.on(
        "request", lambda request: seen.append(request.url) if not request.url.startswith((address, "data:")) else None
    )
    page.on("pageerror", lambda error: seen.append(f"script: {error}"))
    page.on("console", lambda line: seen.append(f"console: {line.text}") if line.type == "error" else None)
    for path in PUBLIC:
        page.goto(path)
    assert seen == []


def test_a_resident_votes_on_a_phone_without_scripts(visit: Open, demo: Flask) -> None:
    with demo.app_context():
        poll = db.session.scalars(db.select(Poll).where(Poll.status == "open").order_by(Poll.ref).limit(1)).one()
        path = f"/polls/{poll.ref}/ballot"
    page = visit(path, who="resident-2", width=390, edition="elder", scripts=False)
    page.locator('input[name="choice"]').first.check()
    page.get_by_role("button", name=re.compile("核对")).first.click()
    page.get_by_role("button", name="确认投票").click()
    assert re.fullmatch(r"[0-9A-Z-]{19}", page.locator(".receipt__code").inner_text().strip())
    _keep(page, "receipt-390-elder")


def test_a_ballot_can_be_cast_with_the_keyboard_alone(visit: Open, demo: Flask) -> None:
    with demo.app_context():
        poll = db.session.scalars(db.select(Poll).where(Poll.status == "open").order_by(Poll.ref).limit(1)).one()
        path = f"/polls/{poll.ref}/ballot"
    page = visit(path, who="resident-3")
    page.locator('input[name="choice"]').first.focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name=re.compile("核对")).first.focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.get_by_role("button", name="确认投票").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.locator(".receipt__code").count() == 1
