"""Many papers at once: several guarded processes, one failure does not lose the rest."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from queue import SimpleQueue
from typing import Any

from reports.render.guard import Worker

Outcome = bytes | Exception
Paper = tuple[str, Callable[..., bytes], Any]
AHEAD = 2
"""How many papers a process are gathered ahead of it: enough that none waits, few enough that memory stays flat."""


def render_all(papers: Iterable[Paper], *, workers: int) -> Iterator[tuple[str, Outcome]]:
    """Print papers given as (key, printer, document) and yield each key with its PDF or with what went wrong.

    Each of the `workers` is a process of its own with limits on time and memory; a paper that breaks one gets a new
    one. Results come in the order in which they are finished, and papers are taken from the iterable as they are
    needed, so that it may gather one while others are printed.
    """
    crew = _Crew(workers)
    waiting: dict[Future[Outcome], str] = {}
    try:
        with ThreadPoolExecutor(workers) as pool:
            for key, printer, document in papers:
                waiting[pool.submit(crew.run, printer, document)] = key
                while len(waiting) >= AHEAD * workers:
                    yield from _finished(waiting)
            while waiting:
                yield from _finished(waiting)
    finally:
        crew.close()


class _Crew:
    """Guarded processes that take one paper after the other."""

    def __init__(self, count: int) -> None:
        self._all = [Worker() for _number in range(count)]
        self._idle: SimpleQueue[Worker] = SimpleQueue()
        for worker in self._all:
            self._idle.put(worker)

    def run(self, printer: Callable[..., bytes], document: Any) -> Outcome:
        worker = self._idle.get()
        try:
            return worker.run(printer, document)
        except Exception as error:
            return error
        finally:
            self._idle.put(worker)

    def close(self) -> None:
        for worker in self._all:
            worker.close()


def _finished(waiting: dict[Future[Outcome], str]) -> Iterator[tuple[str, Outcome]]:
    """Wait for the next papers to be finished, take them off the list and yield them."""
    for future in wait(waiting, return_when=FIRST_COMPLETED).done:
        yield waiting.pop(future), future.result()
