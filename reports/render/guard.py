"""Printing under guard: in a process of its own, with a limit on time, processor and memory.

A page of somebody's making can be slow in ways no check foresees. Here the worst it can do is end one worker; the
caller gets RenderKilled and a new worker does the next paper. A worker is kept between papers, because starting one
costs more than most papers do.
"""

import atexit
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection, Pipe
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


class RenderKilled(RuntimeError):
    """A paper took more time or memory than it may; the message says which limit."""


@dataclass(frozen=True)
class Limits:
    """What one paper may cost. Memory is address space: fonts and shared libraries count in it."""

    wall_seconds: float = 120
    cpu_seconds: int = 90
    memory_mb: int = 3_000


class Worker:
    """One guarded process. Not shared between threads without a lock."""

    def __init__(self, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self._process: subprocess.Popen[bytes] | None = None
        self._line: Connection[Any, Any] | None = None
        self._scratch: tempfile.TemporaryDirectory[str] | None = None

    def run(self, make: Callable[..., bytes], *args: Any, **kwargs: Any) -> bytes:
        """Return what `make` returns in the worker; errors it raises are raised here.

        `make` must be importable by name, and what it takes must be plain data. Raises RenderKilled at a limit.
        """
        line = self._start()
        line.send((make, args, kwargs))
        if not line.poll(self.limits.wall_seconds):
            self.close()
            raise RenderKilled(f"no result within {self.limits.wall_seconds:g} s")
        try:
            answer = line.recv()
        except EOFError:
            self.close()
            raise RenderKilled(
                f"the worker was ended: beyond {self.limits.cpu_seconds} s of processor time"
                f" or {self.limits.memory_mb} MB of memory"
            ) from None
        if isinstance(answer, MemoryError):
            self.close()
            raise RenderKilled(f"beyond {self.limits.memory_mb} MB of memory") from answer
        if isinstance(answer, BaseException):
            raise answer
        made: bytes = answer
        return made

    def close(self) -> None:
        """End the process at once; the next `run` starts another."""
        if self._line is not None:
            self._line.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        if self._scratch is not None:
            # A process that is killed leaves its copies of the fonts behind
            self._scratch.cleanup()
        self._process = self._line = self._scratch = None

    def _start(self) -> "Connection[Any, Any]":
        if self._line is not None and self._process is not None and self._process.poll() is None:
            return self._line
        self.close()
        ours, theirs = Pipe()
        self._scratch = tempfile.TemporaryDirectory(prefix="papers-")
        numbers = (theirs.fileno(), self.limits.cpu_seconds, self.limits.memory_mb)
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            [sys.executable, "-m", "reports.render.worker", *map(str, numbers)],
            cwd=ROOT,
            pass_fds=(theirs.fileno(),),
            stdin=subprocess.DEVNULL,
            env={**os.environ, "TMPDIR": self._scratch.name},
        )
        theirs.close()
        self._line = ours
        return ours


_shared: dict[Limits, Worker] = {}
_lock = threading.Lock()


def run_guarded(make: Callable[..., bytes], *args: Any, limits: Limits | None = None, **kwargs: Any) -> bytes:
    """Run `make(*args, **kwargs)` under guard and return its bytes, e.g. `render_guarded(to_pdf, document)`.

    One worker for each set of limits is kept and used by one caller at a time. Raises RenderKilled at a limit.
    """
    with _lock:
        worker = _shared.setdefault(limits or Limits(), Worker(limits))
        return worker.run(make, *args, **kwargs)


@atexit.register
def close_workers() -> None:
    """End the kept workers, for a clean shutdown."""
    with _lock:
        while _shared:
            _shared.popitem()[1].close()
