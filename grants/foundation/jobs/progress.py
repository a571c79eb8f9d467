"""How far a job is: shown to the person who waits, in transactions of its own."""

import logging
import threading
import time
import uuid
from contextlib import ExitStack
from types import TracebackType
from typing import Any

from sqlalchemy import event, text, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import ORMExecuteState, Session

from grants.foundation.database import db, reading_only
from grants.foundation.models import JobRun

log = logging.getLogger("grants.jobs")
SAVE_EVERY_S = 0.5
LONGEST_MESSAGE = 300
_READING = "reading_job"


class Interrupted(BaseException):
    """The worker was asked to stop; the job goes back to the queue. No `except Exception` holds it up."""


class WritesWhileReading(RuntimeError):
    """A job's function changed something in its reading part; a fault of the function."""


class Progress:
    """A job's line to the person who waits for it, and the border between its reading and its writing part."""

    def __init__(self, job: JobRun, stopping: threading.Event, *, writes: bool) -> None:
        self.job_id: uuid.UUID = job.id
        self.title: str = job.title
        self.requested_by_id: uuid.UUID | None = job.requested_by_id
        self.done = 0
        self.total = 0
        self.message = ""
        self._attempt = job.attempt_count
        self._stopping = stopping
        self._saved_at = 0.0
        self._reading = ExitStack()
        self._is_reading = not writes

    def __enter__(self) -> "Progress":
        self._saves_apart = _saves_apart()
        db.session.rollback()
        if self._is_reading:
            self._reading.enter_context(reading_only())
            # What is added early, such as a stored file, waits for the writing part
            self._reading.enter_context(db.session.no_autoflush)
            db.session().info[_READING] = True
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.begin_writing()
        else:
            db.session.rollback()
            self._end_reading()

    def step(self, done: int, total: int, message: str = "") -> None:
        """Tell that `done` of `total` parts are finished, in words a person reads; cheap enough to call for each part.

        Raises Interrupted when the worker has to stop.
        """
        self.done, self.total, self.message = done, total, message[:LONGEST_MESSAGE]
        if self._stopping.is_set():
            raise Interrupted
        if time.monotonic() - self._saved_at >= SAVE_EVERY_S:
            self._saved_at = time.monotonic()
            self._save()

    def begin_writing(self) -> None:
        """End the reading part: what is changed from here on is committed together when the job ends.

        Rows loaded before are read afresh when they are touched again.
        """
        if not self._is_reading:
            return
        added = list(db.session.new)
        db.session.rollback()
        self._end_reading()
        db.session.add_all(added)

    def _end_reading(self) -> None:
        self._is_reading = False
        db.session().info.pop(_READING, None)
        self._reading.close()

    def _save(self) -> None:
        holds_the_lock = db.engine.dialect.name == "sqlite" and not self._is_reading
        if holds_the_lock or not self._saves_apart:
            return
        statement = (
            update(JobRun)
            .where(JobRun.id == self.job_id, JobRun.attempt_count == self._attempt)
            .values(done_count=self.done, total_count=self.total, message=self.message)
        )
        try:
            with db.engine.begin() as connection:
                connection.execute(statement)
        except OperationalError as error:
            # The work matters more than the word about it
            log.info("progress of job %s not saved: %s", self.job_id, error.orig)


def _saves_apart() -> bool:
    """Tell whether another connection can write while this one reads: not with SQLite's rollback journal."""
    if db.engine.dialect.name != "sqlite":
        return True
    return str(db.session.execute(text("PRAGMA journal_mode")).scalar()) == "wal"


def _guard_flush(session: Session, _context: Any, _instances: Any) -> None:
    if session.info.get(_READING) and (session.new or session.dirty or session.deleted):
        raise WritesWhileReading("call progress.begin_writing() before the job's first change")


def _guard_statement(state: ORMExecuteState) -> None:
    if state.session.info.get(_READING) and (state.is_insert or state.is_update or state.is_delete):
        raise WritesWhileReading("call progress.begin_writing() before the job's first change")


def listen() -> None:
    """Have a job's reading part watched: a change in it would run into other writers on SQLite."""
    event.listen(db.session, "before_flush", _guard_flush)
    event.listen(db.session, "do_orm_execute", _guard_statement)


listen()
