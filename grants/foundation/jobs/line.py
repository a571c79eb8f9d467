"""The application's own queue, opened when it is first asked for."""

from flask import Flask, current_app

from grants.foundation.jobs.queue import Queue, open_queue
from grants.foundation.jobs.runner import run_job


def queue() -> Queue:
    """Return the application's queue."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    found = app.extensions.get("jobs")
    if not isinstance(found, Queue):
        found = app.extensions["jobs"] = open_queue(app, run_job)
    return found
