"""The site and its worker as one foreground process."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from click.testing import CliRunner
from flask import Flask

from config import ROOT
from grants.foundation.jobs import jobs_cli
from grants.foundation.serve import Supervisor, describe_database, serve_command, web_command, why_not_listen
from tests.conftest import Installation

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]
STUBBORN = [sys.executable, "-c", "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)"]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def web(port: int) -> list[str]:
    return [sys.executable, "-m", "http.server", "--bind", "127.0.0.1", str(port)]


class Running:
    """A supervisor in this process, stopped after some seconds as by an operator's signal."""

    def __init__(self, web: list[str], worker: list[str], port: int, stop_after_s: float) -> None:
        self.said: list[str] = []
        self.supervisor = Supervisor(web, worker, say=self.said.append, worker_pause_s=0.1)
        timer = threading.Timer(stop_after_s, os.kill, (os.getpid(), signal.SIGTERM))
        timer.start()
        try:
            self.status = self.supervisor.run("127.0.0.1", port, "details")
        finally:
            timer.cancel()


def test_it_says_where_it_is_and_stops_when_asked() -> None:
    port = free_port()
    running = Running(web(port), SLEEP, port, 2.5)
    assert running.status == 0
    assert running.said == [f"serving on http://127.0.0.1:{port}/ (details); Ctrl-C stops"]
    assert why_not_listen("127.0.0.1", port) is None


def test_a_worker_that_dies_is_started_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log = tmp_path / "starts"
    worker = [sys.executable, "-c", f"open({str(log)!r}, 'a').write('x'); raise SystemExit(3)"]
    port = free_port()
    assert Running(web(port), worker, port, 3.5).status == 0
    assert len(log.read_text("utf-8")) >= 2
    assert "status 3; starting it again" in capsys.readouterr().err


def test_without_the_web_server_there_is_nothing_to_serve(capsys: pytest.CaptureFixture[str]) -> None:
    broken = [sys.executable, "-c", "raise SystemExit(7)"]
    running = Running(broken, SLEEP, free_port(), 20)
    assert (running.status, running.said) == (1, [])
    assert "status 7" in capsys.readouterr().err


def test_a_child_that_does_not_listen_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("grants.foundation.serve.STOP_WITHIN_S", 1)
    port = free_port()
    began = time.monotonic()
    assert Running(web(port), STUBBORN, port, 1.5).status == 0
    assert time.monotonic() - began < 6


def test_a_taken_port_and_a_wrong_address_are_told() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert f"cannot listen on 127.0.0.1:{port}" in (why_not_listen("127.0.0.1", port) or "")
    assert "not an address" in (why_not_listen("no such host", 8000) or "")


def test_the_start_line_names_the_journal(ctx: Flask, installation: Installation) -> None:
    words = describe_database()
    if installation.engine == "sqlite":
        assert words.startswith("SQLite 3.")
        assert words.endswith("journal mode WAL, synchronous FULL")
    else:
        assert words.startswith("PostgreSQL ")


def test_threads_follow_the_database() -> None:
    command = web_command("127.0.0.1", 8000, 2, 4)
    assert command[command.index("--workers") + 1] == "2"
    assert command[command.index("--blocking-threads") + 1] == "4"


def test_help_shows_examples() -> None:
    for command in (serve_command, jobs_cli.commands["work"]):
        shown = CliRunner().invoke(command, ["--help"]).output
        assert "flask --app wsgi" in shown
    assert CliRunner().invoke(serve_command, ["--port", "0"]).exit_code == 2


@pytest.fixture
def environment(app: Flask, installation: Installation) -> dict[str, str]:
    """Return what a process of the test installation finds in its environment."""
    settings = app.config["SETTINGS"]
    return {
        **os.environ,
        "GRANTS_MODE": "test",
        "GRANTS_DATA_DIR": str(settings.data_dir),
        "DATABASE_URL": settings.database_url,
        "SECRET_KEY": settings.secret_key,
        "FIELD_KEY": settings.field_key,
    }


@pytest.fixture
def served(environment: dict[str, str]) -> Iterator[tuple["subprocess.Popen[str]", int]]:
    port = free_port()
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "serve", "--port", str(port)]
    process = subprocess.Popen(  # noqa: S603
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    yield process, port
    if process.poll() is None:
        process.kill()
    process.communicate()


@pytest.mark.slow
def test_the_real_site_is_served_and_stopped(
    served: tuple["subprocess.Popen[str]", int], environment: dict[str, str]
) -> None:
    process, port = served
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line.startswith(f"serving on http://127.0.0.1:{port}/"), process.communicate()[1]
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
        assert answer.read() == b"ok"
    second = subprocess.run(  # noqa: S603
        [sys.executable, "-m", "flask", "--app", "wsgi", "serve", "--port", str(port)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert second.returncode == 1
    assert second.stderr.splitlines()[-1].startswith(f"Error: cannot listen on 127.0.0.1:{port}")
    assert "Traceback" not in second.stderr
    family = psutil.Process(process.pid).children(recursive=True)
    assert len(family) >= 4
    began = time.monotonic()
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=12) == 0
    assert time.monotonic() - began < 10
    assert not [member for member in family if member.is_running() and member.status() != psutil.STATUS_ZOMBIE]


@pytest.mark.slow
def test_killed_outright_it_leaves_nobody_behind(served: tuple["subprocess.Popen[str]", int]) -> None:
    process, _port = served
    assert process.stdout is not None
    assert process.stdout.readline().startswith("serving on"), process.communicate()[1]
    family = psutil.Process(process.pid).children(recursive=True)
    process.kill()
    _gone, alive = psutil.wait_procs(family, timeout=10)
    assert not alive
