"""A temporary installation: migrated database, a street, people who are signed in, and a real server on it."""

import base64
import contextlib
import http.client
import itertools
import logging
import os
import signal
import socket
import subprocess
import time
import uuid
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import flask
from flask import Flask
from flask_wtf.csrf import generate_csrf
from sqlalchemy import insert

from config import Settings
from grants.app import create_app
from grants.foundation import clock
from grants.foundation.database import db
from grants.foundation.serve import web_command
from grants.needs.models import Need
from grants.needs.rules import NeedSource
from grants.people import current
from grants.people import queries as people_queries
from grants.people.models import User, UserSession
from grants.rounds.models import Round
from tests.factories import people, rounds
from tests.factories.needs import THEMES

ROOT = Path(__file__).parents[2]
BATCH = 5_000


@dataclass(frozen=True)
class SignedIn:
    """Somebody's browser: the cookie it sends and the CSRF token that fits it."""

    cookie: str
    csrf: str


class Installation:
    """An application with its own directory and database; `environ` starts another process on it."""

    def __init__(self, directory: Path, database_url: str = "") -> None:
        self.directory = directory
        self.environ = {
            **os.environ,
            "GRANTS_MODE": "demo",
            "GRANTS_DATA_DIR": str(directory),
            "DATABASE_URL": database_url,
            "SECRET_KEY": "a-secret-key-for-measuring-only-0123456789",
            "FIELD_KEY": base64.b64encode(bytes(range(32))).decode(),
            "PYTHONPATH": str(ROOT),
        }
        self.app: Flask = create_app(Settings.from_env(self.environ))
        self._migrate()

    def _migrate(self) -> None:
        from flask_migrate import upgrade

        logging.getLogger("alembic").setLevel(logging.WARNING)
        with self.app.app_context(), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            upgrade()

    def settle_street(self) -> None:
        """Make a street with its staff and an open round."""
        with self.app.app_context():
            people.make_street()
            people.make_staff()
            rounds.make_round()
            db.session.commit()

    def add_residents(self, count: int) -> list[str]:
        """Make residents of the first community who can sign in; return their login names."""
        logins = [f"voter-{number:05d}" for number in range(count)]
        with self.app.app_context():
            for login in logins:
                people.make_resident(login)
            db.session.commit()
        return logins

    def add_needs(self, count: int, *, first: int = 1) -> None:
        """Raise needs, spread over communities and time, as far as their columns go."""
        with self.app.app_context():
            round = db.session.scalars(db.select(Round)).one()
            communities = [place.id for place in people_queries.list_communities()]
            officer = people_queries.find_user("community-1")
            assert officer is not None
            start = clock.now() - timedelta(days=400)
            rows = (
                _need(number, round.id, communities[number % len(communities)], officer.id, start)
                for number in range(first, first + count)
            )
            while batch := list(itertools.islice(rows, BATCH)):
                db.session.execute(insert(Need), batch)
                db.session.commit()

    def sign_in(self, *logins: str) -> dict[str, SignedIn]:
        """Open a session for each of these people."""
        with self.app.app_context():
            users = {user.login: user.id for user in db.session.scalars(db.select(User)) if user.login in set(logins)}
            tokens = {login: uuid.uuid4().hex for login in logins}
            expires_at = clock.now() + timedelta(hours=8)
            rows = [
                {
                    "token_hash": people_queries.token_hash(tokens[login]),
                    "user_id": users[login],
                    "expires_at": expires_at,
                }
                for login in logins
            ]
            db.session.execute(insert(UserSession), rows)
            db.session.commit()
        return {login: self._browser(token) for login, token in tokens.items()}

    def _browser(self, token: str) -> SignedIn:
        serializer: Any = self.app.session_interface.get_signing_serializer(self.app)  # type: ignore[attr-defined]
        with self.app.test_request_context():
            flask.session[current.TOKEN] = token
            flask.session[current.SEEN] = clock.now().timestamp()
            csrf: str = generate_csrf()
            sealed = serializer.dumps(dict(flask.session))
        return SignedIn(f"{self.app.config['SESSION_COOKIE_NAME']}={sealed}", csrf)

    def release(self) -> None:
        """Let go of the database, so that a server process starts on files nobody holds."""
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()


def _need(number: int, round_id: Any, community_id: Any, officer_id: Any, start: Any) -> dict[str, Any]:
    category, title, body = THEMES[number % len(THEMES)]
    return {
        "ref": f"XQ-01-{number % 900 + 100}-{number:06d}",
        "round_id": round_id,
        "community_id": community_id,
        "category": category,
        "title": f"{title}（{number}号楼）",
        "body": body,
        "source": NeedSource.PAPER,
        "entered_by_id": officer_id,
        "support_count": number % 57,
        "created_at": start + timedelta(seconds=number * 300),
    }


@dataclass(frozen=True)
class Server:
    """A running server."""

    port: int
    process: "subprocess.Popen[bytes]"
    log: Path

    def workers(self) -> list[int]:
        """Return the process numbers of its web workers."""
        path = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(number) for number in path.read_text().split() if "granian" in _command(number)]

    def memory_mb(self) -> list[float]:
        """Return the resident memory of each worker."""
        return [_status_kb(number, "VmRSS") / 1024 for number in self.workers()]

    def said(self, word: str) -> int:
        """Count the lines of its log that hold a word."""
        return sum(word in line for line in self.log.read_text(errors="replace").splitlines())


def _command(number: str) -> str:
    return Path(f"/proc/{number}/cmdline").read_text().replace("\0", " ")


def _status_kb(number: int, name: str) -> int:
    for line in Path(f"/proc/{number}/status").read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1])
    raise ValueError(name)


@contextlib.contextmanager
def serving(made: Installation, *, workers: int = 2, threads: int = 1) -> Iterator[Server]:
    """Serve an installation, and the empty page beside it, as `flask serve` does."""
    made.release()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [*web_command("127.0.0.1", port, workers, threads)[:-1], "tests.bench.site:app"]
    log = made.directory / "server.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=ROOT, env=made.environ, stdout=output, stderr=subprocess.STDOUT, start_new_session=True
        )
    try:
        _wait(port, process, log)
        yield Server(port, process, log)
    finally:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(10)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _wait(port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline and process.poll() is None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        with contextlib.suppress(OSError, http.client.HTTPException):
            connection.request("GET", "/healthz")
            connection.getresponse()
            return
        time.sleep(0.2)
    raise RuntimeError(f"the server did not come up: {log.read_text(errors='replace')[-2000:]}")
