"""The queue between the web workers and the background worker. It carries job numbers only; the rows are the truth."""

import json
import sqlite3
import threading
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import Flask
from huey import Huey, MemoryHuey, PostgresHuey, RedisHuey, SqliteHuey
from huey.registry import Message
from huey.serializer import Serializer

from grants.foundation.database import wal_is_safe

NAME = "grants"


class BadQueueAddress(RuntimeError):
    """HUEY_URL names a queue that is not known or cannot be used here."""


class _PlainText(Serializer):  # type: ignore[misc]
    """Messages as JSON: whoever can write into the queue must not be able to run code through it."""

    def _serialize(self, data: Any) -> bytes:
        return json.dumps(data).encode()

    def _deserialize(self, data: bytes) -> Any:
        return Message(*json.loads(data))


@dataclass
class Queue:
    """An application's queue, and whether its worker has been asked to stop.

    `is_immediate` runs a job in the process that asked for it, right after its commit.
    """

    app: Flask
    huey: Huey
    run: "Callable[[Queue, uuid.UUID], None]"
    is_immediate: bool = False
    stopping: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        @self.huey.task(name="run")  # type: ignore[untyped-decorator]
        def run_job(number: str) -> None:
            self.run(self, uuid.UUID(number))

        self._task = run_job

    def put(self, job_id: uuid.UUID) -> None:
        """Hand a job over; the same one twice does no harm."""
        if self.is_immediate:
            self.run(self, job_id)
        else:
            self._task(str(job_id))

    def run_next(self) -> bool:
        """Run the next job, or tell that there is none."""
        task = self.huey.dequeue()
        if task is None:
            return False
        self.huey.execute(task)
        return True

    def is_empty(self) -> bool:
        """Tell whether nothing waits."""
        return not self.huey.pending_count()

    def close(self) -> None:
        """Close the connection to the queue."""
        self.huey.storage.close()


def open_queue(app: Flask, run: Callable[[Queue, uuid.UUID], None]) -> Queue:
    """Open the queue that the settings name: in data_dir/jobs.sqlite, or where HUEY_URL says.

    In mode "test", unless JOBS_IMMEDIATE is False in the configuration, jobs run at once.
    """
    settings = app.config["SETTINGS"]
    is_immediate = app.config.get("JOBS_IMMEDIATE", settings.mode == "test")
    url = "memory://" if is_immediate else settings.environ.get("HUEY_URL", "")
    return Queue(app, _huey(url, Path(settings.data_dir)), run, is_immediate=is_immediate)


def _huey(url: str, data_dir: Path) -> Huey:
    scheme, _, rest = url.partition("://")
    options = {"results": False, "serializer": _PlainText()}
    if not url or scheme == "sqlite":
        path = Path("/" + rest.lstrip("/")) if url else data_dir / "jobs.sqlite"
        return SqliteHuey(NAME, filename=str(path), fsync=True, journal_mode=_journal_mode(), timeout=10, **options)
    if scheme == "memory":
        return MemoryHuey(NAME, **options)
    try:
        if scheme in {"postgres", "postgresql", "postgresql+psycopg"}:
            return PostgresHuey(NAME, dsn=f"postgresql://{rest}", **options)
        if scheme in {"redis", "rediss"}:
            return RedisHuey(NAME, url=url, **options)
    except Exception as error:
        raise BadQueueAddress(f"HUEY_URL cannot be used: {error}") from error
    raise BadQueueAddress(f"HUEY_URL begins with {scheme}://; use sqlite, postgresql, redis or leave it out")


def _journal_mode() -> str:
    connection = sqlite3.connect(":memory:")
    try:
        return "wal" if wal_is_safe(connection) else "truncate"
    finally:
        connection.close()
