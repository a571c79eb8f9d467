"""make bench: measure everything, say how far it is, write docs/benchmarks.md.

To add a measurement, write a module with a function that takes the plan and an empty directory and returns its
section (or several), and name it in MEASUREMENTS, in the order of the page.
"""

import argparse
import signal
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.bench import ballots, counting, exporting, pages, printing, start
from tests.bench.figures import PAGE, Section, page_of
from tests.bench.plan import Plan

Measurement = Callable[[Plan, Path], Section | list[Section]]
MEASUREMENTS: dict[str, Measurement] = {
    "start": start.measure,
    "pages": pages.measure,
    "ballots-sqlite": ballots.on_sqlite,
    "ballots-postgresql": ballots.on_postgresql,
    "printing": printing.measure,
    "exporting": exporting.measure,
    "counting": counting.measure,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the measurements that were asked for; the page is written when all of them were, at full length."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="Measure the site, as ratios.")
    parser.add_argument("--only", action="append", choices=list(MEASUREMENTS), help="just this one (repeatable)")
    parser.add_argument("--quick", action="store_true", help="small numbers, to see that it runs; writes no page")
    parser.add_argument("--full", action="store_true", help="the batch of 200 papers")
    options = parser.parse_args(arguments)
    # A run that is told to stop shall still stop the servers it started
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    plan = Plan(is_quick=options.quick, is_full=options.full)
    sections: list[Section] = []
    for name in options.only or MEASUREMENTS:
        plan.say(name)
        with tempfile.TemporaryDirectory(prefix="grants-bench-", ignore_cleanup_errors=True) as directory:
            made = MEASUREMENTS[name](plan, Path(directory))
        sections += made if isinstance(made, list) else [made]
    text = page_of(sections, plan.seconds)
    if options.only or options.quick:
        sys.stdout.write(text)
        return 0
    PAGE.write_text(text, encoding="utf-8")
    plan.say(f"written: {PAGE.relative_to(PAGE.parents[1])}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
