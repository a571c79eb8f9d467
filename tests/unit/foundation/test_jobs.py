"""The queue by itself: which one is opened, and what travels through it."""

import json
import pickle
import sqlite3
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask

from grants.foundation.jobs import registry
from grants.foundation.jobs.queue import BadQueueAddress, Queue, open_queue
from grants.foundation.jobs.registry import job, registered

Opener = Callable[..., Queue]


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Opener]:
    """Return a function that opens the queue of some settings; it notes the jobs it runs in `ran`."""
    lines: list[Queue] = []

    def open_one(url: str = "", mode: str = "production", **config: object) -> Queue:
        app = Flask("queue")
        environ = {"HUEY_URL": url} if url else {}
        app.config.update(SETTINGS=SimpleNamespace(data_dir=tmp_path, environ=environ, mode=mode), **config)
        lines.append(open_queue(app, lambda line, job_id: line.app.config.setdefault("RAN", []).append(job_id)))
        return lines[-1]

    yield open_one
    for line in lines:
        line.close()


@pytest.mark.parametrize("url", ["", "sqlite:///{}/elsewhere.sqlite", "memory://"])
def test_jobs_come_out_as_they_went_in(opened: Opener, tmp_path: Path, url: str) -> None:
    line = opened(url.format(str(tmp_path).lstrip("/")))
    numbers = [uuid.uuid4() for _number in range(3)]
    for number in numbers:
        line.put(number)
    assert not line.is_empty()
    assert [line.run_next() for _number in range(4)] == [True, True, True, False]
    assert line.app.config["RAN"] == numbers
    assert line.is_empty()


def test_another_process_finds_what_was_put_in(opened: Opener, tmp_path: Path) -> None:
    number = uuid.uuid4()
    opened().put(number)
    other = opened()
    assert other.run_next()
    assert other.app.config["RAN"] == [number]
    assert (tmp_path / "jobs.sqlite").is_file()


def test_in_tests_jobs_run_at_once_unless_told_otherwise(opened: Opener) -> None:
    at_once, later = opened(mode="test"), opened(mode="test", JOBS_IMMEDIATE=False)
    for line in (at_once, later):
        line.put(uuid.uuid4())
    assert len(at_once.app.config["RAN"]) == 1
    assert "RAN" not in later.app.config


def test_the_queue_carries_text_and_only_a_number(opened: Opener, tmp_path: Path) -> None:
    number = uuid.uuid4()
    opened().put(number)
    connection = sqlite3.connect(tmp_path / "jobs.sqlite")
    try:
        ((data,),) = connection.execute("SELECT data FROM task").fetchall()
    finally:
        connection.close()
    assert str(number) in json.dumps(json.loads(data))


def test_whoever_writes_into_the_queue_cannot_run_code(opened: Opener, tmp_path: Path) -> None:
    class Attack:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return Path.touch, (tmp_path / "attacked",)  # type: ignore[return-value]

    line = opened()
    line.huey.storage.enqueue(pickle.dumps(Attack()))
    with pytest.raises(ValueError, match=r".*"):
        line.run_next()
    assert not (tmp_path / "attacked").exists()


@pytest.mark.parametrize("url", ["amqp://localhost", "redis://127.0.0.1:1/0", "nonsense"])
def test_a_queue_that_cannot_be_used_is_told_in_a_line(opened: Opener, url: str) -> None:
    with pytest.raises(BadQueueAddress, match="HUEY_URL") as refusal:
        opened(url).put(uuid.uuid4())
    assert "\n" not in str(refusal.value)


def test_two_functions_cannot_share_a_name() -> None:
    def first(_progress: object) -> None:
        """Do nothing."""

    def second(_progress: object) -> None:
        """Do nothing either."""

    job("test.shared")(first)
    try:
        job("test.shared")(first)
        with pytest.raises(ValueError, match=r"test\.shared"):
            job("test.shared")(second)
        assert registered("test.shared").work is first
    finally:
        del registry._kinds["test.shared"]
    with pytest.raises(ValueError, match="no function"):
        registered("test.shared")
