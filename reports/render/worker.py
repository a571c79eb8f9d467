"""The process that prints under guard; started by reports.render.guard, ends when its caller does."""

import resource
import sys
from multiprocessing.connection import Connection
from typing import Any

MEGABYTE = 1024 * 1024


def serve(line: "Connection[Any, Any]", cpu_seconds: int, memory_mb: int) -> None:
    """Answer requests until the caller hangs up."""
    resource.setrlimit(resource.RLIMIT_AS, (memory_mb * MEGABYTE, memory_mb * MEGABYTE))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    while True:
        try:
            make, args, kwargs = line.recv()
        except EOFError:
            return
        _allow_cpu(cpu_seconds)
        try:
            answer: Any = make(*args, **kwargs)
        except Exception as error:
            answer = error
        _reply(line, answer)


def _reply(line: "Connection[Any, Any]", answer: Any) -> None:
    try:
        line.send(answer)
    except BrokenPipeError:
        # Whoever asked is gone; the next read ends this process
        return
    except Exception as error:
        # Some errors cannot travel between processes; what they say can
        line.send(RuntimeError(f"{answer!r} ({error})"))


def _allow_cpu(seconds: int) -> None:
    """Let this process use so many more seconds; the system ends it beyond that."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    used = int(usage.ru_utime + usage.ru_stime) + 1
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (used + seconds, hard))


if __name__ == "__main__":
    descriptor, cpu, memory = map(int, sys.argv[1:])
    serve(Connection(descriptor), cpu, memory)
