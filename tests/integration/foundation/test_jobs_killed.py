"""A worker that is killed again and again loses nothing and does nothing twice."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from grants.foundation import audit, files, jobs
from grants.foundation.database import db
from grants.foundation.models import Counter, JobRun, JobStatus
from tests.integration.foundation import killable

KILLS, JOBS = 50, 60
PATIENCE_S = 120


def start(url: str, directory: Path, *options: str) -> "subprocess.Popen[str]":
    """Start a worker and wait until it has loaded."""
    command = [sys.executable, "-m", "tests.integration.foundation.killable", url, str(directory), *options]
    worker = subprocess.Popen(  # noqa: S603
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert worker.stdout is not None
    line = worker.stdout.readline()
    assert line == "ready\n", (line, worker.communicate())
    return worker


@pytest.fixture
def url(app: Flask) -> str:
    return str(app.config["SQLALCHEMY_DATABASE_URI"])


@pytest.fixture(autouse=True)
def outside(url: str, tmp_path: Path) -> Iterator[None]:
    """Look at the workers' database from an application of our own, whose connections end with the test."""
    with killable.make_app(url, tmp_path).app_context():
        yield
        db.session.remove()
        db.engine.dispose()


def wait_for(what: Callable[[dict[JobStatus, int]], bool]) -> None:
    """Wait until the worker has got as far as that, however slow the machine is."""
    deadline = time.monotonic() + PATIENCE_S
    while not what(statuses()):
        assert time.monotonic() < deadline, statuses()
        time.sleep(0.02)


def ask_for(number_of_jobs: int) -> None:
    for number in range(number_of_jobs):
        jobs.enqueue("killable.count", title=f"第 {number} 项", payload={"number": number}, actor=None, record=False)
    db.session.commit()


def statuses() -> dict[JobStatus, int]:
    rows = db.session.execute(select(JobRun.status, func.count()).group_by(JobRun.status)).all()
    db.session.rollback()
    return {status: count for status, count in rows}


def kill_soon(nursery: "subprocess.Popen[str]", after_s: float) -> None:
    """Have a worker made and kill it after that many seconds."""
    assert nursery.stdin is not None
    assert nursery.stdout is not None
    nursery.stdin.write("\n")
    nursery.stdin.flush()
    number = int(nursery.stdout.readline())
    time.sleep(after_s)
    os.kill(number, signal.SIGKILL)


@pytest.mark.slow
def test_killed_fifty_times(url: str, tmp_path: Path) -> None:
    chance = random.Random(20260308)
    ask_for(JOBS)
    nursery = start(url, tmp_path, "--nursery")
    for _kill in range(KILLS):
        kill_soon(nursery, chance.uniform(0.05, 0.6))
    assert nursery.communicate(timeout=10)[1] == ""
    _finish(url, tmp_path)
    _check(JOBS)


def _finish(url: str, directory: Path) -> None:
    """Let one worker end in peace; what was given up after three kills is asked for again, as a person would."""
    for _round in range(3):
        assert start(url, directory, "--once").communicate(timeout=PATIENCE_S) == ("", "")
        given_up = db.session.scalars(select(JobRun).where(JobRun.status == JobStatus.FAILED)).all()
        for run in given_up:
            assert "三次" in run.message
            run.status, run.attempt_count, run.finished_at, run.error = JobStatus.QUEUED, 0, None, None
        db.session.commit()
        if not given_up:
            return


def _check(number_of_jobs: int) -> None:
    assert statuses() == {JobStatus.DONE: number_of_jobs}
    values = db.session.scalars(select(Counter.value).where(Counter.name.like("job %"))).all()
    assert list(values) == [1] * number_of_jobs
    for run in db.session.scalars(select(JobRun)):
        assert run.result_file is not None
        assert len(files.read_bytes(run.result_file)) == killable.SIZE
    assert audit.verify().holds


def test_a_stop_is_clean_and_quick(url: str, tmp_path: Path) -> None:
    ask_for(30)
    worker = start(url, tmp_path)
    wait_for(lambda found: JobStatus.DONE in found)
    began = time.monotonic()
    worker.send_signal(signal.SIGTERM)
    assert worker.communicate(timeout=10) == ("", "")
    assert time.monotonic() - began < 5
    assert worker.returncode == 0
    found = statuses()
    assert found.get(JobStatus.RUNNING, 0) == found.get(JobStatus.FAILED, 0) == 0
    assert db.session.scalar(select(func.max(JobRun.attempt_count))) in {0, 1}


def test_a_job_that_takes_no_step_is_broken_off(url: str, tmp_path: Path) -> None:
    jobs.enqueue("killable.stubborn", title="一直不停", payload={}, actor=None, record=False)
    db.session.commit()
    worker = start(url, tmp_path, "--impatient")
    wait_for(lambda found: JobStatus.RUNNING in found)
    worker.send_signal(signal.SIGTERM)
    assert worker.communicate(timeout=8) == ("", "")
    assert worker.returncode == 0
    assert statuses() == {JobStatus.QUEUED: 1}


def test_two_workers_share_without_doing_anything_twice(url: str, tmp_path: Path) -> None:
    ask_for(20)
    workers = [start(url, tmp_path, "--once") for _worker in range(2)]
    for worker in workers:
        assert worker.communicate(timeout=PATIENCE_S) == ("", "")
    _finish(url, tmp_path)
    _check(20)
