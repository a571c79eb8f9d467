"""The background worker: takes jobs off the queue until it is asked to stop."""

import logging
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from grants.foundation.jobs.line import queue
from grants.foundation.jobs.progress import Interrupted
from grants.foundation.jobs.queue import Queue
from grants.foundation.jobs.sweeper import start_daily, start_frequent, sweep

log = logging.getLogger("grants.jobs")
SWEEP_EVERY_S = 15.0
SHORTEST_PAUSE_S, LONGEST_PAUSE_S = 0.1, 1.0
GRACE_S = 8
"""How long a running job may take to reach its next step after a stop was asked for."""


def work(*, once: bool = False) -> None:
    """Run jobs; with `once` only what waits now. SIGINT and SIGTERM end it within ten seconds, nothing half-done."""
    line = queue()
    with _stoppable(line.stopping):
        try:
            _loop(line, once=once)
        except Interrupted:
            log.info("stopped")
        finally:
            line.close()


def _loop(line: Queue, *, once: bool) -> None:
    pause, swept_at = SHORTEST_PAUSE_S, float("-inf")
    while not line.stopping.is_set():
        try:
            if time.monotonic() - swept_at >= SWEEP_EVERY_S:
                swept_at = time.monotonic()
                _look_after(line)
            if line.run_next():
                pause = SHORTEST_PAUSE_S
                continue
        except Exception:
            # Database or queue away: say so and try again, for they come back
            log.exception("the worker could not go on; next try in %s s", LONGEST_PAUSE_S)
            if once:
                raise
            pause = LONGEST_PAUSE_S
        if once:
            if not _look_after(line):
                return
            continue
        line.stopping.wait(pause)
        pause = min(pause * 1.5, LONGEST_PAUSE_S)


def _look_after(line: Queue) -> int:
    with line.app.app_context():
        found = sweep() + start_daily() + start_frequent()
    if found:
        log.info("%s jobs put on the queue", found)
    return found


@contextmanager
def _stoppable(stopping: threading.Event) -> Iterator[None]:
    """Let SIGINT and SIGTERM ask for a stop; a job that takes no step in time is broken off and queued again."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def ask(_number: int, _frame: FrameType | None) -> None:
        if not stopping.is_set():
            stopping.set()
            signal.alarm(GRACE_S)

    def break_off(_number: int, _frame: FrameType | None) -> None:
        raise Interrupted

    before = {
        signal.SIGINT: signal.signal(signal.SIGINT, ask),
        signal.SIGTERM: signal.signal(signal.SIGTERM, ask),
        signal.SIGALRM: signal.signal(signal.SIGALRM, break_off),
    }
    try:
        yield
    finally:
        signal.alarm(0)
        for number, handler in before.items():
            signal.signal(number, handler)
        stopping.clear()
