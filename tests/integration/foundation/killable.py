"""The least application that has jobs, started as a process of its own so that a test can kill it.

python -m tests.integration.foundation.killable DATABASE_URL DATA_DIR [--once | --nursery | --impatient]
"""

import importlib
import os
import signal
import sys
import time
from pathlib import Path
from types import SimpleNamespace

from flask import Flask
from flask_babel import Babel
from sqlalchemy import select

from grants.foundation import audit, files, jobs
from grants.foundation.database import configure_sqlite, db
from grants.foundation.jobs import Progress, worker
from grants.foundation.models import Counter, StoredFile

SIZE = 300_000


@jobs.job("killable.count")
def count(progress: Progress, *, number: int) -> StoredFile:
    """Take a while, then count up once and keep a file that can be checked."""
    for step in range(5):
        progress.step(step, 5, "正在计算")
        time.sleep(0.02)
    file = files.store_bytes(
        bytes([number % 256]) * SIZE, name="a.bin", media_type="application/octet-stream", purpose="test", actor_id=None
    )
    progress.begin_writing()
    row = db.session.scalars(select(Counter).where(Counter.name == f"job {number}")).one_or_none()
    if row is None:
        db.session.add(Counter(name=f"job {number}", value=1))
    else:
        row.value += 1
    db.session.flush()
    time.sleep(0.02)
    return file


@jobs.job("killable.stubborn")
def be_stubborn(progress: Progress) -> None:
    """Take no step for a minute."""
    time.sleep(60)


def make_app(url: str, directory: Path) -> Flask:
    """Build the application on a database that has its tables."""
    app = Flask("killable")
    app.config.update(
        SETTINGS=SimpleNamespace(data_dir=directory, max_upload_mb=1, environ={}, mode="production"),
        SQLALCHEMY_DATABASE_URI=url,
        SQLALCHEMY_ENGINE_OPTIONS={"module": importlib.import_module("pysqlite3")} if url.startswith("sqlite") else {},
    )
    db.init_app(app)
    Babel(app, default_locale="zh")
    audit.listen()
    if url.startswith("sqlite"):
        with app.app_context():
            configure_sqlite(db.engine)
    return app


def work(url: str, directory: Path, *, once: bool = False) -> None:
    """Be a worker."""
    with make_app(url, directory).app_context():
        jobs.work(once=once)


def raise_workers(url: str, directory: Path) -> None:
    """Fork a worker for every line on standard input and print its number: ready at once, for all is loaded."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for _line in sys.stdin:
        child = os.fork()
        if child == 0:
            work(url, directory)
            os._exit(0)
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    if "--impatient" in sys.argv:
        worker.GRACE_S = 1
    if "--nursery" in sys.argv:
        raise_workers(sys.argv[1], Path(sys.argv[2]))
    else:
        work(sys.argv[1], Path(sys.argv[2]), once="--once" in sys.argv)
