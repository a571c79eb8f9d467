"""Casting a ballot with everything on, as a voter's browser does it, on SQLite and on PostgreSQL."""

import statistics
import time
from dataclasses import dataclass
from itertools import repeat
from pathlib import Path
from urllib.parse import urlencode

from sqlalchemy import func, insert, select, update

from grants.foundation import audit, clock
from grants.foundation.database import db
from grants.foundation.models import AuditEntry
from grants.people import queries as people_queries
from grants.people.models import Resident, User
from grants.rounds.models import Round
from grants.voting import queries
from grants.voting.models import Ballot, RollEntry
from grants.voting.rules import Channel
from grants.voting.service import mint_form
from tests import postgres
from tests.bench import client
from tests.bench.client import Load
from tests.bench.figures import Section, skipped
from tests.bench.installation import Installation, Server, SignedIn, serving
from tests.bench.plan import Plan
from tests.factories import people, voting

HOW = (
    "The third screen of voting, posted once for each of many signed-in residents over sixteen connections: session, "
    "CSRF, sealed form token, the roll's constraint, the hash-chained audit entry, receipt page, every ballot flushed "
    "to the disk before it is acknowledged ({settings}). In turns with the empty page on the same server. The bare "
    "insert writes the same three rows through SQLAlchemy Core on one connection, a transaction each, and nothing else."
)


@dataclass(frozen=True)
class Poll:
    """An open poll with the request that each voter sends."""

    ref: str
    requests: list[bytes]


def on_sqlite(plan: Plan, directory: Path) -> Section:
    """Measure casting on the embedded database."""
    how = HOW.format(settings="SQLite, synchronous FULL, two workers of one thread")
    return _measure(plan, Installation(directory), Section("A ballot, SQLite", how), threads=1, share=5)


def on_postgresql(plan: Plan, directory: Path) -> Section:
    """Measure casting on a private PostgreSQL server with durable settings."""
    if reason := postgres.why_not_available():
        return skipped("A ballot, PostgreSQL", reason)
    how = HOW.format(settings="PostgreSQL, fsync and synchronous_commit on, two workers of four threads")
    with postgres.cluster(postgres.DURABLE) as server:
        url = postgres.create_database("bench", base_url=server.url)
        made = Installation(directory, url)
        try:
            return _measure(plan, made, Section("A ballot, PostgreSQL", how), threads=4, share=4.5)
        finally:
            made.release()


def _measure(plan: Plan, made: Installation, section: Section, *, threads: int, share: float) -> Section:
    rounds = plan.pick(quick=2, usual=5)
    voters = rounds * plan.pick(quick=60, usual=300)
    plan.say(f"{section.title}: enrolling {voters:,} voters")
    made.settle_street()
    logins = made.add_residents(voters)
    poll = _open_poll(made, logins)
    spare = _second_poll(made)
    plan.say(f"{section.title}: casting")
    with serving(made, threads=threads) as server:
        shares, cast, empty = _cast_all(server, poll, rounds)
        locked = server.said("locked")
    bare = _bare_rate(made, spare, plan.pick(quick=60, usual=600))
    section.at_least(
        "rate against the empty page",
        statistics.median(shares) * 100,
        share,
        unit="%",
        behind=f"{cast.rate:,.0f} of {empty.rate:,.0f} a second",
    )
    section.note("rate against the bare insert", f"{cast.rate / bare:.2f}×", f"{bare:,.0f} inserts a second")
    middle, tail = cast.percentile_ms(50), cast.percentile_ms(99)
    section.at_most("p99 against p50", tail / middle, 4, behind=f"{tail:.1f} and {middle:.1f} ms")
    section.holds("no 5xx and no “locked”", cast.server_errors == 0 and locked == 0, f"statuses {dict(cast.statuses)}")
    ballots, marks, entries = _count(made, poll)
    is_even = ballots == marks == entries == voters
    section.holds("ballots = marks on the roll = audit entries", is_even, f"{ballots:,} / {marks:,} / {entries:,}")
    return section


def _open_poll(made: Installation, logins: list[str]) -> Poll:
    ref = _second_poll(made)
    browsers = made.sign_in(*logins)
    with made.app.app_context():
        poll = queries.get_poll(ref)
        keys = dict(db.session.execute(select(User.login, Resident.person_key).join(Resident.user)).tuples().all())
        path = f"/polls/{ref}/ballot"
        tokens = {login: mint_form(poll=poll, person_key=keys[login]) for login in logins}
    return Poll(ref, [_request(path, browsers[login], tokens[login]) for login in logins])


def _second_poll(made: Installation) -> str:
    with made.app.app_context():
        officer, second = people_queries.find_user("programme-1"), people_queries.find_user("leader-1")
        assert officer is not None
        assert second is not None
        round = db.session.scalars(select(Round)).one()
        ref = voting.make_open(officer, second, round, people.community()).ref
        db.session.commit()
    return ref


def _request(path: str, browser: SignedIn, token: str) -> bytes:
    fields = [("csrf_token", browser.csrf), ("token", token), ("step", "cast"), ("choice", "01"), ("choice", "03")]
    return client.post(path, urlencode(fields), cookie=browser.cookie)


def _cast_all(server: Server, poll: Poll, rounds: int) -> tuple[list[float], Load, Load]:
    page = client.get(f"/polls/{poll.ref}")
    client.run(server.port, [page] * 100, connections=8)
    client.run(server.port, [client.get(client.EMPTY)] * 100, connections=8)
    shares, cast, empties = [], Load(), Load()
    size = len(poll.requests) // rounds
    for number in range(rounds):
        empty = client.run(server.port, repeat(client.get(client.EMPTY)), seconds=1)
        taken = client.run(server.port, poll.requests[number * size : (number + 1) * size])
        shares.append(taken.rate / empty.rate)
        cast.add(taken)
        empties.add(empty)
    return shares, cast, empties


def _count(made: Installation, poll: Poll) -> tuple[int, int, int]:
    with made.app.app_context():
        found = queries.get_poll(poll.ref)
        counts = (
            select(func.count()).select_from(Ballot).where(Ballot.poll_id == found.id),
            select(func.count()).select_from(RollEntry).where(RollEntry.poll_id == found.id, RollEntry.has_voted),
            select(func.count())
            .select_from(AuditEntry)
            .where(AuditEntry.action == "ballot:cast", AuditEntry.subject_ref == poll.ref),
        )
        ballots, marks, entries = (db.session.execute(one).scalar_one() for one in counts)
        return ballots, marks, entries


def _bare_rate(made: Installation, ref: str, count: int) -> float:
    """Return how many times a second the three rows of a ballot are written when nothing else is done."""
    with made.app.app_context():
        poll_id = queries.get_poll(ref).id
        keys = list(db.session.scalars(select(RollEntry.person_key).where(RollEntry.poll_id == poll_id).limit(count)))
        seq, previous = audit.head()
        db.session.remove()
        with db.engine.connect() as connection:
            began = time.perf_counter()
            for number, key in enumerate(keys):
                connection.execute(
                    update(RollEntry)
                    .where(RollEntry.poll_id == poll_id, RollEntry.person_key == key, RollEntry.has_voted.is_(False))
                    .values(has_voted=True, channel=Channel.WEB, voted_on=clock.today())
                )
                row = {"poll_id": poll_id, "code": f"bare-{number:06d}", "choices": "01,03", "salt": key, "leaf": key}
                connection.execute(insert(Ballot).values(row))
                connection.execute(insert(AuditEntry).values(_entry(seq + number + 1, previous, ref)))
                connection.commit()
            return len(keys) / (time.perf_counter() - began)


def _entry(seq: int, previous: str, ref: str) -> dict[str, object]:
    return {
        "seq": seq,
        "at": clock.now(),
        "action": "ballot:bare",
        "actor_label": "系统",
        "subject_type": "Poll",
        "subject_id": "",
        "subject_ref": ref,
        "details": "{}",
        "previous_hash": previous,
        "hash": f"{seq:064x}",
    }
