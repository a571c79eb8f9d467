"""The queue between the web workers and the background worker. It carries job numbers only; the rows are the truth."""

import threading
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Flask

if TYPE_CHECKING:
    from huey import Huey


class BadQueueAddress(RuntimeError):
    """HUEY_URL names a queue that is not known or cannot be used here."""


@dataclass
class Queue:
    """An application's queue, and whether its worker has been asked to stop.

    `is_immediate` runs a job in the process that asked for it, right after its commit.
    """

    app: Flask
    huey: "Huey"
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
    # Huey brings the PostgreSQL driver with it; most requests put nothing on the queue
    from grants.foundation.jobs.storage import open_huey

    settings = app.config["SETTINGS"]
    is_immediate = app.config.get("JOBS_IMMEDIATE", settings.mode == "test")
    url = "memory://" if is_immediate else settings.environ.get("HUEY_URL", "")
    try:
        huey = open_huey(url, Path(settings.data_dir))
    except ValueError as error:
        raise BadQueueAddress(str(error)) from error
    return Queue(app, huey, run, is_immediate=is_immediate)
