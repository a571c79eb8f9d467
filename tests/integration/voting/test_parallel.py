"""One person one ballot where it is hard: real server processes, many posts at once, kill -9, the deadline.

Every test here starts the web server that `flask serve` starts, with two workers, against the test's own database.
"""

import contextlib
import http.client
import os
import random
import re
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import flask
import pytest
from flask import Flask
from flask_wtf.csrf import generate_csrf

from config import ROOT
from grants.foundation import clock, serve
from grants.foundation.audit import AuditEntry
from grants.foundation.database import db
from grants.foundation.errors import TransitionRefused
from grants.people import current
from grants.people import queries as people_queries
from grants.people.service import sessions
from grants.voting import queries, service
from grants.voting.models import Ballot, RollEntry
from tests.conftest import Installation, settings_for
from tests.factories import people, rounds, voting

pytestmark = pytest.mark.slow
STARTS_WITHIN_S = 40
VOTERS = 100 if os.environ.get("STRICT") == "1" else 20
KILLS = int(os.environ.get("KILLS", "8" if os.environ.get("STRICT") == "1" else "3"))
"""CI sends 50 posts of a hundred voters and kills the server eight times an engine, which keeps the suite short;
KILLS=100 is the long run."""
RECEIPT = re.compile(r'receipt__code">\s*([0-9A-Z]{4}(?:-[0-9A-Z]{4}){3})')


@dataclass(frozen=True)
class Voter:
    """A resident's open browser: the cookie, the CSRF token, and several ballot forms as several devices have them."""

    cookie: str
    csrf: str
    forms: list[str]


@dataclass
class Answer:
    """What came back: the status (0 when the line broke) and the receipt code, if there was one."""

    status: int
    receipt: str = ""


@dataclass
class Server:
    """The web server as a process group that can be killed outright and started again."""

    engine: str
    environment: dict[str, str]
    port: int = 0
    _process: "subprocess.Popen[bytes] | None" = field(default=None, repr=False)

    def start(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        command = serve.web_command("127.0.0.1", self.port, 2, 1 if self.engine == "sqlite" else 4)
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and server
            command, cwd=ROOT, env=self.environment, start_new_session=True, stdin=subprocess.DEVNULL
        )
        deadline = time.monotonic() + STARTS_WITHIN_S
        while time.monotonic() < deadline:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
            with contextlib.closing(connection), contextlib.suppress(OSError, http.client.HTTPException):
                connection.request("GET", "/healthz")
                if connection.getresponse().status == 200:
                    return
            time.sleep(0.05)
        pytest.fail("the server did not start")

    def kill(self) -> None:
        """End every process of the server at once, as a power cut does."""
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None


@pytest.fixture
def server(app: Flask, installation: Installation) -> Iterator[Server]:
    """Start the server on the test's database; it is gone at the end."""
    settings = settings_for(installation.directory, str(app.config["SQLALCHEMY_DATABASE_URI"]))
    made = Server(
        installation.engine,
        {
            **os.environ,
            "GRANTS_MODE": settings.mode,
            "SECRET_KEY": settings.secret_key,
            "FIELD_KEY": settings.field_key,
            "DATABASE_URL": settings.database_url,
            "GRANTS_DATA_DIR": str(settings.data_dir),
        },
    )
    yield made
    made.kill()


def _open_poll(app: Flask, voters: int, *, devices: int = 1, briefly: bool = False) -> tuple[str, list[Voter]]:
    """Make an open poll and its voters, each with so many ballot forms open; briefly is a few seconds.

    How many depends on how long the preparations take: on a busy machine everything after them takes longer, too.
    """
    began = time.monotonic()
    with app.app_context():
        people.make_street()
        staff = people.make_staff()
        residents = [people.make_resident(f"resident-{number}") for number in range(1, voters + 1)]
        poll = voting.make_draft(staff["programme-1"], rounds.make_round(), people.community(1))
        tokens = [sessions.open_session(user=one.user, user_agent="test", stepped_up=False) for one in residents]
        forms = [
            [service.mint_form(poll=poll, person_key=one.person_key) for _device in range(devices)] for one in residents
        ]
        if briefly:
            poll.closes_at = clock.now() + timedelta(seconds=2 + time.monotonic() - began)
        service.freeze_poll(officer=staff["programme-1"], poll=poll)
        service.open_poll(officer=staff["leader-1"], poll=poll)
        ref = poll.ref
        db.session.commit()
    with app.test_request_context():
        csrf = generate_csrf()
        raw = flask.session["csrf_token"]
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    seen = clock.now().timestamp()
    return ref, [
        Voter(serializer.dumps({current.TOKEN: token, current.SEEN: seen, "csrf_token": raw}), csrf, mine)
        for token, mine in zip(tokens, forms, strict=True)
    ]


class Line:
    """A kept-open connection to the server, opened anew when it breaks."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.connection: http.client.HTTPConnection | None = None

    def cast(self, ref: str, voter: Voter, form: str, choice: str) -> Answer:
        """Send a filled-in ballot; status 0 means that nobody knows whether it arrived."""
        body = urlencode({"csrf_token": voter.csrf, "token": form, "step": "cast", "choice": choice})
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": f"grants={voter.cookie}"}
        try:
            if self.connection is None:
                self.connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=30)
            self.connection.request("POST", f"/polls/{ref}/ballot", body, headers)
            response = self.connection.getresponse()
            html = response.read().decode()
        except (OSError, http.client.HTTPException):
            self.close()
            return Answer(0)
        if response.status != 200:
            return Answer(response.status)
        found = RECEIPT.search(html)
        assert found, "a page with status 200 that is no receipt"
        return Answer(200, found.group(1))

    def close(self) -> None:
        """Hang up."""
        if self.connection is not None:
            self.connection.close()
            self.connection = None


def _at_once(count: int, work: Callable[[int], None]) -> None:
    threads = [threading.Thread(target=work, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _sums(app: Flask) -> tuple[int, int, int]:
    """Count roll marks, ballots and audit entries of casting."""
    with app.app_context():
        counts = [
            db.session.execute(statement).scalar_one()
            for statement in (
                db.select(db.func.count()).select_from(RollEntry).where(RollEntry.has_voted),
                db.select(db.func.count()).select_from(Ballot),
                db.select(db.func.count()).select_from(AuditEntry).where(AuditEntry.action == "ballot:cast"),
            )
        ]
        db.session.remove()
    return counts[0], counts[1], counts[2]


def _codes(app: Flask) -> set[str]:
    with app.app_context():
        found = set(db.session.scalars(db.select(Ballot.code)))
        db.session.remove()
    return found


def test_fifty_posts_at_once_of_every_voter_leave_one_ballot_each(app: Flask, server: Server) -> None:
    ref, voters = _open_poll(app, VOTERS, devices=5)
    server.start()
    answers: list[list[Answer]] = [[] for _voter in voters]

    def device(number: int) -> None:
        line = Line(server)
        for voter, mine in zip(voters, answers, strict=True):
            mine.append(line.cast(ref, voter, voter.forms[number % 5], f"{number % 4 + 1:02d}"))
        line.close()

    _at_once(50, device)
    assert {answer.status for mine in answers for answer in mine} <= {200, 409}
    for mine in answers:
        assert len(mine) == 50
        assert len({answer.receipt for answer in mine if answer.status == 200}) == 1
    assert _sums(app) == (VOTERS, VOTERS, VOTERS)
    assert _codes(app) == {next(one.receipt for one in mine if one.receipt) for mine in answers}


def test_nothing_acknowledged_is_lost_when_the_server_is_killed(app: Flask, server: Server) -> None:
    dice = random.Random(20)
    ref, voters = _open_poll(app, 60 * KILLS)
    waiting, lock = list(range(len(voters))), threading.Lock()
    acknowledged: dict[int, str] = {}
    errors: list[int] = []
    server.start()

    def people_vote(_number: int) -> None:
        line = Line(server)
        while True:
            with lock:
                if not waiting:
                    line.close()
                    return
                who = waiting.pop(0)
            answer = line.cast(ref, voters[who], voters[who].forms[0], "01")
            with lock:
                if answer.status == 200:
                    assert acknowledged.setdefault(who, answer.receipt) == answer.receipt
                else:
                    waiting.append(who)
                    if answer.status:
                        errors.append(answer.status)
            if answer.status == 0:
                time.sleep(0.1)
            time.sleep(0.02)

    crowd = threading.Thread(target=_at_once, args=(8, people_vote))
    crowd.start()
    for _kill in range(KILLS):
        time.sleep(dice.uniform(0.15, 0.5))
        server.kill()
        with lock:
            promised = set(acknowledged.values())
        marks, ballots, casts = _sums(app)
        assert marks == ballots == casts
        assert promised <= _codes(app)
        server.start()
    crowd.join()
    assert errors == []
    assert _sums(app) == (len(voters), len(voters), len(voters))
    assert set(acknowledged.values()) == _codes(app)


def test_at_the_deadline_a_ballot_is_in_the_box_or_refused_and_none_comes_later(app: Flask, server: Server) -> None:
    server.start()
    ref, voters = _open_poll(app, 240, briefly=True)
    with app.app_context():
        pause = 12 * ((queries.get_poll(ref).closes_at - clock.now()).total_seconds() + 1) / len(voters)
        db.session.remove()
    answers: dict[int, Answer] = {}
    closed: dict[str, Any] = {}

    def people_vote(number: int) -> None:
        line = Line(server)
        for who in range(number, len(voters), 12):
            answers[who] = line.cast(ref, voters[who], voters[who].forms[0], "02")
            time.sleep(pause)
        line.close()

    def officer_closes() -> None:
        with app.app_context():
            leader = people_queries.find_user("leader-1")
            while "at" not in closed:
                try:
                    service.close_poll(officer=leader, poll=queries.get_poll(ref))
                    db.session.commit()
                    closed["at"] = clock.now()
                except TransitionRefused:
                    db.session.rollback()
                    time.sleep(0.02)
            closed["ballots"] = queries.count_ballots(queries.get_poll(ref))
            db.session.remove()

    officer = threading.Thread(target=officer_closes)
    officer.start()
    _at_once(12, people_vote)
    officer.join()
    marks, ballots, casts = _sums(app)
    taken = {answer.receipt for answer in answers.values() if answer.status == 200}
    assert {answer.status for answer in answers.values()} == {200, 409}, "the deadline fell into the middle of it"
    assert marks == ballots == casts == closed["ballots"] == len(taken)
    assert taken == _codes(app)
