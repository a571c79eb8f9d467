"""The catalogue as people meet it: headings, who is offered what, and that every kind can be listed."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from grants.foundation.database import db
from grants.foundation.models import AuditEntry
from grants.people.rules import Role
from reports import catalogue, cli
from reports.catalogue import HEADING_LABELS, KINDS
from reports.gather.choices import OPERATOR
from tests.browsing import Browser
from tests.factories import people
from tests.integration.reports.conftest import make_evaluated

Browse = Callable[[str | None], Browser]


def print_nothing(_document: object) -> bytes:
    """Stand in for the printer; printing has its own tests."""
    return b"%PDF-1.7 of a test"


OFFICE_ONLY = {
    "score-sheets",
    "fund-use",
    "fund-ledger",
    "budget-execution",
    "payment-approval",
    "supervision-brief",
    "performance-evaluation",
    "archive-index",
}
PARTIES_TOO = {
    "payment-notice",
    "agreement",
    "rectification-notice",
    "self-evaluation",
    "project-evaluation",
    "project-evaluation-en",
}
PUBLIC_PAPERS = {"public-notice", "fund-notice", "board-poster", "organisation-directory"}


def offered(browser: Browser) -> set[str]:
    """Return the kinds somebody is offered on the page."""
    forms = browser.get("/reports/").soup.find_all("select")
    return {str(one["id"]) for one in forms} & set(KINDS)


@pytest.fixture
def world(app: Flask) -> str:
    """Make an evaluated project, and a resident who has nothing to do with it; return its reference."""
    with app.app_context():
        case, _evaluation = make_evaluated()
        people.make_user("passer-by", Role.RESIDENT)
        db.session.commit()
        return case.agreement.project.ref


def test_everyone_is_offered_what_they_may_make(app: Flask, browse: Browse, world: str) -> None:
    office = offered(browse("programme-1"))
    assert PARTIES_TOO | {"fund-notice", "board-poster", "organisation-directory", "satisfaction"} <= office
    assert OFFICE_ONLY - {"score-sheets"} <= office
    assert offered(browse("org-1")) == PARTIES_TOO | {"application-form", "result-letter"}
    community = offered(browse("community-1"))
    assert community >= PARTIES_TOO | {"fund-notice", "board-poster", "satisfaction"}
    assert not community & OFFICE_ONLY
    assert offered(browse("passer-by")) == set()
    assert offered(browse(None)) == set()


def test_the_page_has_the_headings_of_the_catalogue(browse: Browse, world: str) -> None:
    heads = [str(one.get_text(strip=True)) for one in browse("programme-1").get("/reports/").soup.find_all("h2")]
    shown = [str(label) for label in HEADING_LABELS.values() if str(label) in heads]
    assert shown == [one for one in heads if one in shown]
    assert len(shown) >= 5


@pytest.mark.parametrize("kind", sorted(OFFICE_ONLY))
def test_what_the_office_works_with_is_not_made_by_others(browse: Browse, world: str, kind: str) -> None:
    for login in ("org-1", "community-1", "passer-by"):
        browse(login).post(f"/reports/{kind}", {kind: world}, status=403)


@pytest.mark.parametrize("kind", sorted(PUBLIC_PAPERS))
def test_papers_for_the_public_are_made_by_the_street(browse: Browse, world: str, kind: str) -> None:
    for login in ("org-1", "passer-by"):
        browse(login).post(f"/reports/{kind}", {kind: "x"}, status=403)


def test_papers_about_an_agreement_are_for_its_parties(browse: Browse, world: str) -> None:
    for kind in ("agreement", "satisfaction"):
        browse("passer-by").post(f"/reports/{kind}", {kind: world}, status=403)
    browse("org-1").post("/reports/satisfaction", {"satisfaction": world}, status=403)


def test_the_operator_lists_every_kind(app: Flask, world: str) -> None:
    with app.app_context():
        listed = {key: kind.list_for(OPERATOR) for key, kind in KINDS.items()}
        assert {key for key, found in listed.items() if found} >= PARTIES_TOO | (OFFICE_ONLY - {"score-sheets"})
        for key, found in listed.items():
            for choice in found[:1]:
                assert KINDS[key].gather(choice.ref).title
        assert db.session.query(AuditEntry).filter_by(action="document:issue").count() == 0


@pytest.mark.parametrize("kind", ["agreement", "archive-index", "self-evaluation"])
def test_an_issued_paper_is_confirmed_by_its_code(
    app: Flask, browse: Browse, world: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setattr(catalogue.ReportKind, "printer", lambda _kind: print_nothing)
    done = app.test_cli_runner().invoke(cli.report, ["render", kind, world, "-o", str(tmp_path / "one.pdf")])
    assert done.exit_code == 0, done.output
    number, code = done.stdout.split()[-2:]
    page = browse(None).get(f"/verify/{code}").text
    assert number in page
    assert ("草稿" in page) == ("草稿" in done.stdout)


def test_titles_and_series_fit_their_columns() -> None:
    assert len({kind.key for kind in KINDS.values()}) == len(KINDS)
    assert all(len(key) <= 40 for key in KINDS)


def test_pages_offer_the_papers_about_what_they_show(app: Flask, browse: Browse, world: str) -> None:
    with app.app_context():
        payment, agreement, order = (
            db.session.scalars(db.text(f"SELECT ref FROM {table}")).first()  # noqa: S608 - names of tables
            for table in ("payment_request", "agreement", "rectification")
        )
    for path, kind, login in (
        (f"/payments/{payment}", "payment-notice", "org-1"),
        (f"/payments/{payment}", "payment-approval", "finance-1"),
        (f"/agreements/{agreement}", "agreement", "org-1"),
        (f"/supervision/rectifications/{order}", "rectification-notice", "community-1"),
    ):
        assert browse(login).get(path).soup.find("form", action=f"/reports/{kind}"), path
    assert not browse("org-1").get(f"/payments/{payment}").soup.find("form", action="/reports/payment-approval")
