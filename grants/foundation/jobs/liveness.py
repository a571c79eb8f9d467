"""Whether a worker that took a job is still alive, asked from the operating system or the database itself.

A lock falls with the process that holds it, also when that is killed; no clock has to be trusted.
"""

import fcntl
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import current_app
from sqlalchemy import text

from grants.foundation.database import db


@contextmanager
def alone_with(job_id: uuid.UUID) -> Iterator[bool]:
    """Hold the lock of a job for the block; yields False, without waiting, when another worker holds it."""
    lock = _locked_in_database if db.engine.dialect.name == "postgresql" else _locked_on_disk
    with lock(job_id) as is_mine:
        yield is_mine


@contextmanager
def _locked_on_disk(job_id: uuid.UUID) -> Iterator[bool]:
    folder = Path(current_app.config["SETTINGS"].data_dir) / "job-locks"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{job_id}.lock"
    with path.open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        try:
            yield True
        finally:
            # A worker that opened the file before it went meets the attempt number in the row
            path.unlink(missing_ok=True)


@contextmanager
def _locked_in_database(job_id: uuid.UUID) -> Iterator[bool]:
    key = {"key": job_id.int >> 65}
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        is_mine = bool(connection.execute(text("SELECT pg_try_advisory_lock(:key)"), key).scalar_one())
        try:
            yield is_mine
        finally:
            if is_mine:
                connection.execute(text("SELECT pg_advisory_unlock(:key)"), key)
