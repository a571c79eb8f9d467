"""flask serve: the web server and one background worker in the foreground, as one thing to start and stop."""

import contextlib
import ctypes
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from types import FrameType

import click
from flask.cli import with_appcontext

from grants.foundation.database import db

STOP_WITHIN_S = 9
"""A child that has not ended by then is killed; an operator waits ten seconds at most."""
ANSWER_WITHIN_S = 60
LONGEST_PAUSE_S = 30.0
_TICK_S = 0.2
_PR_SET_PDEATHSIG = 1


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Port to listen on.")
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64), help="Web processes.")
@with_appcontext
def serve_command(host: str, port: int, workers: int) -> None:
    """Serve the site, with a background worker beside it, until Ctrl-C or SIGTERM.

    \b
    Examples:
      flask --app wsgi serve
      flask --app wsgi serve --host 0.0.0.0 --port 8080 --workers 4
    """
    if (reason := why_not_listen(host, port)) is not None:
        raise click.ClickException(reason)
    _compile_catalogue()
    engine = describe_database()
    threads = 1 if db.engine.dialect.name == "sqlite" else 4
    db.engine.dispose()
    supervisor = Supervisor(web_command(host, port, workers, threads), worker_command())
    sys.exit(supervisor.run(host, port, f"{engine}; {workers} web processes with {threads} thread each"))


def _compile_catalogue() -> None:
    """See to the English pages; a folder that may not be written to keeps the site in Chinese, and says so."""
    from grants.foundation.catalogue import compile_if_older  # Babel's extractor is not needed to serve

    try:
        compile_if_older()
    except OSError as error:
        click.echo(f"no English pages: {error}; run `flask i18n compile` as the owner of the files", err=True)


def why_not_listen(host: str, port: int) -> str | None:
    """Return why nothing can listen there, in a line an operator can act on, or None."""
    try:
        family, kind, protocol, _name, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except OSError as error:
        return f"{host} is not an address of this machine: {error.strerror}"
    with socket.socket(family, kind, protocol) as probe:
        # Without SO_REUSEPORT, which would quietly share the port with another server
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except OSError as error:
            return f"cannot listen on {host}:{port}: {error.strerror}; stop what runs there or choose another --port"
    return None


def describe_database() -> str:
    """Return the database engine with its version, and for SQLite the journal that is in use."""
    with db.engine.connect() as connection:
        version = ".".join(str(part) for part in connection.dialect.server_version_info or ())
        if connection.dialect.name != "sqlite":
            return f"PostgreSQL {version}"
        version = connection.exec_driver_sql("SELECT sqlite_version()").scalar_one()
        journal = str(connection.exec_driver_sql("PRAGMA journal_mode").scalar_one())
    return f"SQLite {version}, journal mode {journal.upper()}, synchronous FULL"


def web_command(host: str, port: int, workers: int, threads: int) -> list[str]:
    """Return the command that starts the web server."""
    return [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws"),
        *("--host", host, "--port", str(port), "--workers", str(workers), "--blocking-threads", str(threads)),
        *("--workers-kill-timeout", "5", "--respawn-failed-workers", "--log-level", "warning", "wsgi:app"),
    ]


def worker_command() -> list[str]:
    """Return the command that starts the background worker."""
    return [sys.executable, "-m", "flask", "--app", "wsgi", "jobs", "work"]


@dataclass
class Supervisor:
    """Two children: without the web server there is nothing to serve; a worker that dies is started again."""

    web: list[str]
    worker: list[str]
    say: Callable[[str], None] = field(default=lambda line: click.echo(line))
    asked_to_stop: bool = False
    worker_pause_s: float = 1.0
    _children: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    def run(self, host: str, port: int, details: str) -> int:
        """Start both, say where the site is once it answers, and stay until asked to stop; returns the exit status."""
        before = {number: signal.signal(number, self._ask) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            self._start("web", self.web)
            self._start("worker", self.worker)
            if self._wait_for_answer(host, port):
                self.say(f"serving on {_address(host, port)} ({details}); Ctrl-C stops")
            return self._watch()
        finally:
            self._stop_all()
            for number, handler in before.items():
                signal.signal(number, handler)

    def _ask(self, _number: int, _frame: FrameType | None) -> None:
        self.asked_to_stop = True

    def _start(self, name: str, command: list[str]) -> None:
        # A session of its own: Ctrl-C reaches this process only, which then stops its children in order
        self._children[name] = subprocess.Popen(  # noqa: S603 (our own interpreter and modules)
            command, start_new_session=True, preexec_fn=_end_with_parent, stdin=subprocess.DEVNULL
        )

    def _wait_for_answer(self, host: str, port: int) -> bool:
        deadline = time.monotonic() + ANSWER_WITHIN_S
        while time.monotonic() < deadline and not self.asked_to_stop and self._children["web"].poll() is None:
            if _answers(_reachable(host), port):
                return True
            time.sleep(_TICK_S)
        return False

    def _watch(self) -> int:
        restart_at = 0.0
        while not self.asked_to_stop:
            status = self._children["web"].poll()
            if status is not None:
                click.echo(f"the web server ended with status {status}; see its messages above", err=True)
                return 1
            if self._children["worker"].poll() is not None:
                restart_at = restart_at or self._announce_restart()
                if time.monotonic() >= restart_at:
                    restart_at = 0.0
                    self._start("worker", self.worker)
            time.sleep(_TICK_S)
        return 0

    def _announce_restart(self) -> float:
        status = self._children["worker"].returncode
        pause, self.worker_pause_s = self.worker_pause_s, min(self.worker_pause_s * 2, LONGEST_PAUSE_S)
        click.echo(f"the background worker ended with status {status}; starting it again in {pause:.0f} s", err=True)
        return time.monotonic() + pause

    def _stop_all(self) -> None:
        for child in self._children.values():
            if child.poll() is None:
                child.terminate()
        deadline = time.monotonic() + STOP_WITHIN_S
        for child in self._children.values():
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(max(deadline - time.monotonic(), 0.1))
            # Itself if it is still there, and whatever it left behind
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)
            child.wait()


def _answers(host: str, port: int) -> bool:
    """Tell whether HTTP is spoken there; an open port alone may still be loading the application."""
    connection = http.client.HTTPConnection(host, port, timeout=2)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status > 0
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _reachable(host: str) -> str:
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 (only compared)


def _address(host: str, port: int) -> str:
    name = _reachable(host)
    return f"http://[{name}]:{port}/" if ":" in name else f"http://{name}:{port}/"


def _end_with_parent() -> None:
    """Have Linux stop a child when this process is killed outright and cannot stop it itself."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
