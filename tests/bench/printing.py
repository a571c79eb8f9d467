"""One project report against the engine alone and against Chromium; many reports on two processes; gathering."""

import resource
import statistics
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Error, sync_playwright
from sqlalchemy import event

from grants.demo import story
from grants.demo.scales import SCALES
from grants.foundation.database import db
from reports.batch import render_all
from reports.catalogue import KINDS
from reports.documents.project_evaluation import to_pdf
from reports.gather import choices, project_evaluation
from reports.render.guard import Worker
from tests.bench.figures import Section
from tests.bench.installation import Installation
from tests.bench.memory import resident_mb
from tests.bench.plan import Plan
from tests.unit.reports.evaluation_sample import evaluation, stamp

KIND = "project-evaluation"
HOW_ONE = (
    "The project evaluation of `tests/unit/reports/evaluation_sample.py`, warm, in one process. “Engine alone” lays "
    "out the very HTML that the report's template made, with the same style sheets and fonts. Chromium prints the same "
    "HTML with the same style sheets inside it: once as a process started for the paper, as its command line "
    "`--print-to-pdf` does, and once in a browser that is kept running. In turns; medians."
)
HOW_MANY = "The same report under other numbers, through `reports.batch.render_all`, its worker processes included."
HOW_GATHER = (
    "The first evaluated project of `demo load --scale small`: reading it from the database against printing it, warm."
)


def measure(plan: Plan, directory: Path) -> list[Section]:
    """Measure printing."""
    plan.say("one report")
    one = Section("A project report", HOW_ONE)
    html, meta = _captured()
    _against_engine(plan, one, html, meta)
    _against_chromium(plan, one, html, meta)
    plan.say("many reports")
    many = Section("Many reports", HOW_MANY)
    _batches(plan, many)
    _memory(plan, many)
    plan.say("loading the small demo for gathering")
    return [one, many, _gathering(plan, directory)]


def _engine() -> Any:
    # Imported here, because WeasyPrint takes as long to import as the rest together
    from reports.render.engine import engine

    return engine()


def _captured() -> tuple[str, Any]:
    """Return the HTML and settings that the report hands to the engine."""
    handed: list[tuple[str, Any]] = []
    engine = _engine()
    original = engine.pdf

    def note(html: str, meta: Any) -> bytes:
        handed.append((html, meta))
        made: bytes = original(html, meta)
        return made

    engine.pdf = note
    try:
        to_pdf(evaluation())
    finally:
        del engine.pdf
    return handed[0]


def _took(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def _in_turns(rounds: int, *acts: Callable[[], object]) -> list[float]:
    """Return the median time of each act, taken in turns."""
    times = [[_took(act) for act in acts] for _round in range(rounds)]
    return [statistics.median(column) for column in zip(*times, strict=True)]


def _against_engine(plan: Plan, section: Section, html: str, meta: Any) -> None:
    engine, document = _engine(), evaluation()
    rounds = plan.pick(quick=2, usual=7)
    whole, alone = _in_turns(rounds, lambda: to_pdf(document), lambda: engine.pdf(html, meta))
    behind = f"{whole * 1000:,.0f} and {alone * 1000:,.0f} ms"
    section.at_most("the report against the engine alone", whole / alone, 1.15, behind=behind)


def _against_chromium(plan: Plan, section: Section, html: str, meta: Any) -> None:
    document = evaluation()
    page_source = html.replace("</head>", f"<style>{_styles(meta)}</style></head>", 1)
    with _chromium() as browser:
        if browser is None:
            section.note("the report against headless Chromium", "not measured", "no Chromium on this machine")
            return
        page = browser.new_page()

        def printed() -> None:
            page.set_content(page_source, wait_until="load")
            page.pdf(format="A4", print_background=True, prefer_css_page_size=True, tagged=True)

        printed()
        ours, theirs = _in_turns(plan.pick(quick=2, usual=5), lambda: to_pdf(document), printed)
    fresh = _started(page_source)
    behind = f"{ours * 1000:,.0f} and {fresh * 1000:,.0f} ms"
    section.at_most("the report against headless Chromium, started for it", ours / fresh, 0.6, behind=behind)
    section.note("the report against Chromium kept running", f"{ours / theirs:.2f}×", f"{theirs * 1000:,.0f} ms")


def _started(source: str) -> float:
    def once() -> None:
        with _chromium() as browser:
            assert browser is not None
            page = browser.new_page()
            page.set_content(source, wait_until="load")
            page.pdf(format="A4", print_background=True, prefer_css_page_size=True, tagged=True)

    return min(_took(once) for _time in range(2))


def _styles(meta: Any) -> str:
    from reports.fonts import stacks
    from reports.render.engine import SHEETS, STYLES

    text = "\n".join((STYLES / name).read_text("utf-8") for name in SHEETS[meta.kind])
    for key, stack in stacks().items():
        text = text.replace(f"var(--{key})", stack)
    return text


@contextmanager
def _chromium() -> Iterator[Browser | None]:
    with sync_playwright() as playwright:
        browser = None
        with suppress(Error):
            path = next(
                (path for path in ("/usr/bin/chromium", "/usr/bin/chromium-browser") if Path(path).exists()), None
            )
            browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        if browser is not None:
            browser.close()


def _papers(count: int) -> list[tuple[str, Callable[..., bytes], Any]]:
    numbers = [f"PG-2026-03-{number:04d}" for number in range(count)]
    return [(number, to_pdf, evaluation(stamp=stamp(number=number))) for number in numbers]


def _batches(plan: Plan, section: Section) -> None:
    count = plan.pick(quick=4, usual=24, full=200)
    papers = _papers(count)
    times, used = {}, {}
    for workers in (1, 2):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        times[workers] = _took(lambda workers=workers: _all_done(papers, workers))  # type: ignore[misc]
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        used[workers] = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    behind = f"{count} reports, {times[1]:.1f} and {times[2]:.1f} s"
    section.at_least("speed of two processes against one", times[1] / times[2], 1.8, behind=behind)
    section.at_most("processor time a report, two processes", used[2] / count, 1.2, unit="s")


def _all_done(papers: list[tuple[str, Callable[..., bytes], Any]], workers: int) -> None:
    for key, outcome in render_all(papers, workers=workers):
        if isinstance(outcome, Exception):
            raise RuntimeError(f"{key} was not printed") from outcome


def _memory(plan: Plan, section: Section) -> None:
    count = plan.pick(quick=4, usual=16)
    worker = Worker()
    try:
        weights = []
        for _key, printer, document in _papers(count):
            worker.run(printer, document)
            weights.append(float(worker.run(resident_mb)))
    finally:
        worker.close()
    early, late = weights[count // 4], weights[-1]
    behind = f"{early:.0f} and {late:.0f} MB"
    section.at_most(
        f"memory of a worker after {count} reports against {count // 4 + 1}", late / early, 1.05, behind=behind
    )


def _gathering(plan: Plan, directory: Path) -> Section:
    section = Section("Gathering a report's data", HOW_GATHER)
    made = Installation(directory)
    with made.app.app_context(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        story.tell(SCALES["small"], seed=2026, say=lambda _line: None)
        db.session.commit()
        ref = KINDS[KIND].list_for(choices.Viewer(None, is_operator=True), None)[0].ref

        def gathered() -> Any:
            db.session.remove()
            return project_evaluation.gather(ref).document

        document = replace(gathered(), stamp=stamp())
        to_pdf(document)
        with _counted() as sent:
            gathered()
        reading, printing = _in_turns(plan.pick(quick=2, usual=5), gathered, lambda: to_pdf(document))
        db.session.remove()
    share = reading * 100 / (reading + printing)
    behind = f"{reading * 1000:,.0f} of {(reading + printing) * 1000:,.0f} ms"
    section.at_most("share of gathering in the whole", share, 15, unit="%", behind=behind)
    section.holds("at most 12 statements", len(sent) <= 12, str(len(sent)))
    return section


@contextmanager
def _counted() -> Iterator[list[str]]:
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith("SELECT"):
            sent.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
