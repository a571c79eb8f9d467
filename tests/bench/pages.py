"""The public list as a signed-in resident sees it, short and long, and the search in it."""

import statistics
import time
from itertools import repeat
from pathlib import Path
from typing import Any

from sqlalchemy import event

from grants.foundation.database import db
from grants.foundation.web.listing import Window
from grants.needs import queries
from grants.needs.queries import NeedFilter
from tests.bench import client
from tests.bench.client import Load
from tests.bench.figures import Section
from tests.bench.installation import Installation, Server, SignedIn, serving
from tests.bench.plan import Plan

SHORT = 1_000
WORDS = {"few hits": "99998号楼", "many hits": "路灯", "no hit": "热气球"}
HOW_LIST = (
    "`/needs/` with twenty rows, for a signed-in resident with everything on, and an empty Flask page on the same "
    "server (granian, two workers of one thread, as `flask serve` starts it), in turns; sixteen keep-alive "
    "connections. Each share is the median over the rounds of list rate by empty rate."
)
HOW_SEARCH = (
    "The statements that the list sends for a search, run again on the bare driver, rows fetched; the median of "
    "several runs. Database time only."
)


def measure(plan: Plan, directory: Path) -> list[Section]:
    """Measure the list at two lengths, then the search at the greater one."""
    long = plan.pick(quick=10_000, usual=100_000)
    made = Installation(directory)
    made.settle_street()
    made.add_residents(3)
    reader = made.sign_in("voter-00000")["voter-00000"]
    section = Section("A signed-in list", HOW_LIST)
    made.add_needs(SHORT)
    plan.say(f"the list of {SHORT:,} needs")
    short_share, short, _empty, _server = _compare(plan, made, reader)
    plan.say(f"raising {long:,} needs")
    made.add_needs(long - SHORT, first=SHORT + 1)
    plan.say(f"the list of {long:,} needs")
    share, listed, empty, faults = _compare(plan, made, reader)
    section.at_least(
        f"rate at {long:,} needs against the empty page",
        share * 100,
        7,
        unit="%",
        behind=f"{listed.rate:,.0f} of {empty.rate:,.0f} a second",
    )
    section.at_most(
        f"cost at {long:,} needs against {SHORT:,}", short_share / share, 1.3, behind=f"{short.rate:,.0f} a second"
    )
    middle, tail = listed.percentile_ms(50), listed.percentile_ms(99)
    section.at_most("p99 against p50", tail / middle, 4, behind=f"{tail:.1f} and {middle:.1f} ms")
    section.holds("no 5xx and no “locked”", faults == 0, f"{len(listed.latencies):,} answers")
    plan.say("searching")
    return [section, _search(plan, made, long)]


def _compare(plan: Plan, made: Installation, reader: SignedIn) -> tuple[float, Load, Load, int]:
    """Return the share of the empty page's rate, both loads and the number of faults."""
    listing = client.get("/needs/", cookie=reader.cookie)
    with serving(made) as server:
        _warm(server, listing)
        shares, lists, empties = [], Load(), Load()
        for _round in range(plan.pick(quick=2, usual=5)):
            empty = client.run(server.port, repeat(client.get(client.EMPTY)), seconds=1)
            listed = client.run(server.port, repeat(listing), seconds=plan.pick(quick=1, usual=2))
            shares.append(listed.rate / empty.rate)
            lists.add(listed)
            empties.add(empty)
        wrong = sum(count for status, count in lists.statuses.items() if status != 200)
        return statistics.median(shares), lists, empties, wrong + server.said("locked")


def _warm(server: Server, request: bytes) -> None:
    client.run(server.port, [request] * 100, connections=8)
    client.run(server.port, [client.get(client.EMPTY)] * 100, connections=8)


def _search(plan: Plan, made: Installation, long: int) -> Section:
    section = Section(f"Search over {long:,} needs", HOW_SEARCH)
    with made.app.app_context():
        for name, word in WORDS.items():
            page, sent = _statements_of(word)
            took = statistics.median(_replay(sent) for _time in range(plan.pick(quick=3, usual=15)))
            section.at_most(f"a word with {name}", took * 1000, 5, unit="ms", behind=f"{len(page.items)} rows shown")
        db.session.remove()
    return section


def _statements_of(word: str) -> tuple[Any, list[tuple[str, Any]]]:
    sent: list[tuple[str, Any]] = []

    def note(_connection: object, _cursor: object, statement: str, parameters: Any, *_rest: object) -> None:
        if statement.startswith("SELECT"):
            sent.append((statement, parameters))

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        page = queries.list_needs(Window(), NeedFilter(text=word))
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    return page, sent


def _replay(sent: list[tuple[str, Any]]) -> float:
    cursor = db.session.connection().connection.cursor()
    began = time.perf_counter()
    for statement, parameters in sent:
        cursor.execute(statement, parameters)
        cursor.fetchall()
    took = time.perf_counter() - began
    cursor.close()
    return took
