"""Which round something new belongs to: asked where several are going on, a rehearsal never by accident."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from grants.foundation import clock
from grants.foundation.database import db
from grants.needs import queries
from grants.needs.models import Need
from grants.people import queries as people_queries
from grants.rounds import queries as rounds_queries
from grants.rounds.models import RoundPhase
from grants.rounds.rules import Phase, RoundStatus
from grants.voting.models import Poll
from tests.browsing import Browser
from tests.factories import needs, rounds

pytestmark = pytest.mark.usefixtures("street")
Browse = Callable[[str | None], Browser]
REAL, REHEARSAL = "JC-2026-01", "JC-2026-02"
TOLD = {
    "title": "希望开设老年助餐点",
    "category": "welfare",
    "body": "独居老人做饭困难。",
    "grid": "",
    "target_group": "elderly",
    "urgency": "soon",
}


@pytest.fixture
def rehearsal(app: Flask, street: None) -> None:
    """Open a rehearsal beside the real round; it is the newer one."""
    with app.app_context():
        rounds.make_round(2, is_rehearsal=True)
        db.session.commit()


def end_phase(app: Flask, ref: str, phase: Phase) -> None:
    with app.app_context():
        round = rounds_queries.get_round(ref)
        dates = db.session.scalars(
            select(RoundPhase).where(RoundPhase.round_id == round.id, RoundPhase.phase == phase)
        ).one()
        dates.ends_on = clock.today() - timedelta(days=1)
        db.session.commit()


def round_of(app: Flask, ref: str) -> str:
    with app.app_context():
        return queries.get_need(ref).round.ref


def test_with_one_round_nobody_is_asked(browse: Browse) -> None:
    page = browse("resident-1").get("/needs/new")
    assert page.soup.find("select", {"name": "round"}) is None
    assert page.soup.find("input", {"name": "round"})["value"] == REAL  # type: ignore[index]


@pytest.mark.usefixtures("rehearsal")
def test_a_resident_chooses_between_rounds_and_the_real_one_is_meant_by_default(app: Flask, browse: Browse) -> None:
    browser = browse("resident-1")
    select_field = browser.get("/needs/new").soup.find("select", {"name": "round"})
    assert select_field is not None
    options = [(option["value"], option.get_text(strip=True)) for option in select_field.find_all("option")]
    assert options == [(REAL, "第1届公益创投"), (REHEARSAL, "第2届公益创投（演练）")]
    default = browser.post("/needs/new", {**TOLD, "step": "3", "go": "submit"})
    assert round_of(app, default.location.rpartition("/")[2]) == REAL
    check = browser.post("/needs/new", {**TOLD, "round": REHEARSAL, "step": "2", "go": "next"}, status=200)
    assert check.soup.find("input", {"name": "round"})["value"] == REHEARSAL  # type: ignore[index]
    assert "这是演练届次" in check.text
    chosen = browser.post("/needs/new", {**TOLD, "round": REHEARSAL, "step": "3", "go": "submit"})
    assert round_of(app, chosen.location.rpartition("/")[2]) == REHEARSAL


@pytest.mark.usefixtures("rehearsal")
def test_only_rounds_that_collect_needs_are_offered(app: Flask, browse: Browse) -> None:
    end_phase(app, REAL, Phase.NEEDS)
    page = browse("resident-1").get("/needs/new")
    assert page.soup.find("select", {"name": "round"}) is None
    assert "这是演练届次" in page.text
    refused = browse("resident-1").post("/needs/new", {**TOLD, "round": REAL, "step": "3", "go": "submit"}, status=422)
    assert refused.soup.find("select", {"name": "round"}) is not None


@pytest.mark.usefixtures("rehearsal")
def test_the_counter_keeps_its_round_for_the_next_paper(app: Flask, browse: Browse) -> None:
    browser = browse("community-1")
    paper = {**TOLD, "round": REHEARSAL, "community": "", "source": "paper", "id_number": ""}
    sent = browser.post("/needs/counter", paper)
    assert f"round={REHEARSAL}" in sent.location
    with app.app_context():
        assert db.session.scalars(select(Need)).one().round.ref == REHEARSAL
    chosen = browser.get(sent.location).soup.find("select", {"name": "round"})
    assert chosen is not None
    assert chosen.find("option", selected=True)["value"] == REHEARSAL  # type: ignore[index]


@pytest.mark.usefixtures("rehearsal")
@pytest.mark.parametrize("path", ["/needs/meetings/new", "/needs/poll", "/needs/screening", "/projects/new"])
def test_pages_that_depend_on_the_round_have_a_tab_for_each(browse: Browse, path: str) -> None:
    browser = browse("community-1")
    for ref, others in ((REAL, "第2届公益创投（演练）"), (REHEARSAL, "第1届公益创投")):
        page = browser.get(f"{path}?round={ref}")
        current = page.soup.select_one('nav[aria-label="届次"] a[aria-current]')
        assert current is not None
        assert f"round={ref}" in str(current["href"])
        assert others in page.text
    default = browser.get(path).soup.select_one('nav[aria-label="届次"] a[aria-current]')
    assert default is not None
    assert f"round={REAL}" in str(default["href"])


@pytest.mark.usefixtures("rehearsal")
def test_a_poll_is_made_in_the_round_of_the_page(app: Flask, browse: Browse) -> None:
    with app.app_context():
        round = rounds_queries.get_round(REHEARSAL)
        ref, other = needs.make_examined_need(round).ref, needs.make_examined_need(round).ref
        db.session.commit()
    browser = browse("community-1")
    page = browser.get(f"/needs/poll?round={REHEARSAL}")
    assert ref in page.text
    opens = clock.local(clock.now()) + timedelta(days=1)
    browser.submit(
        f"/needs/poll?round={REHEARSAL}",
        {
            "title": "演练投票",
            "budget_fen": "1000",
            "max_choices": "1",
            "opens_at": opens.strftime("%Y-%m-%dT%H:%M"),
            "closes_at": (opens + timedelta(days=5)).strftime("%Y-%m-%dT%H:%M"),
            "lines-0-subject_ref": ref,
            "lines-0-cost": "500",
            "lines-1-subject_ref": other,
            "lines-1-cost": "500",
        },
    )
    with app.app_context():
        assert db.session.scalars(select(Poll)).one().round.ref == REHEARSAL


@pytest.mark.usefixtures("rehearsal")
def test_what_belongs_to_a_rehearsal_is_marked_in_lists(app: Flask, browse: Browse) -> None:
    with app.app_context():
        needs.make_need(rounds_queries.get_round(REHEARSAL), title="演习用的需求")
        needs.make_need(rounds_queries.get_round(REAL), title="真正的需求")
        db.session.commit()
    cards = {
        card.h2.get_text(strip=True): card.get_text(" ") for card in browse(None).get("/needs/").soup.select(".card")
    }
    assert "演练" in cards["演习用的需求"]
    assert "演练" not in cards["真正的需求"]
    assert "第2届公益创投（演练）" in browse(None).get("/needs/").text
    assert "演练" in browse(None).get("/rounds/").text


@pytest.mark.usefixtures("rehearsal")
def test_the_home_page_and_the_desk_know_every_round(app: Flask, browse: Browse) -> None:
    with app.app_context():
        needs.make_need(rounds_queries.get_round(REHEARSAL))
        needs.make_need(rounds_queries.get_round(REAL))
        db.session.commit()
        officer = people_queries.find_user("community-1")
        assert officer is not None
        lines = [(item.meta, item.href) for item in queries.list_due_for(officer)]
    assert lines == [
        ("第1届公益创投", f"/needs/screening?round={REAL}&status=raised"),
        ("第2届公益创投（演练）", f"/needs/screening?round={REHEARSAL}&status=raised"),
    ]
    assert "第1届公益创投 进行到哪里" in browse(None).get("/").text


def test_nothing_is_chosen_where_no_round_goes_on(app: Flask) -> None:
    with app.app_context():
        rounds_queries.get_round(REAL).status = RoundStatus.CLOSED
        choice = rounds_queries.choose_round(Phase.NEEDS)
        assert (choice.rounds, choice.chosen) == ([], None)
        db.session.rollback()
