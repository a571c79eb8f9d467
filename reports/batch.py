"""Many papers at once: several guarded processes, one failure does not lose the rest."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from queue import SimpleQueue
from typing import Any

from reports.render.guard import Worker

Outcome = bytes | Exception


def render_all(
    papers: Iterable[tuple[str, Callable[..., bytes], Any]], *, workers: int
) -> Iterator[tuple[str, Outcome]]:
    """Print papers given as (key, printer, document) and yield each key with its PDF or with what went wrong.

    Each of the `workers` is a process of its own with limits on time and memory; a paper that breaks one gets a new
    one. Results come in the order in which they are finished.
    """
    idle: SimpleQueue[Worker] = SimpleQueue()
    made = [Worker() for _number in range(workers)]
    for worker in made:
        idle.put(worker)

    def run(printer: Callable[..., bytes], document: Any) -> Outcome:
        worker = idle.get()
        try:
            return worker.run(printer, document)
        except Exception as error:
            return error
        finally:
            idle.put(worker)

    try:
        with ThreadPoolExecutor(workers) as pool:
            waiting = {pool.submit(run, printer, document): key for key, printer, document in papers}
            for future in as_completed(waiting):
                yield waiting[future], future.result()
    finally:
        for worker in made:
            worker.close()
