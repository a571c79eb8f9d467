"""Start-up: how long a worker takes to import the site, what it loads, and what it weighs after some work."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.bench import client
from tests.bench.figures import Section
from tests.bench.installation import ROOT, Installation, serving
from tests.bench.plan import Plan

REQUESTS = 200
HEAVY = ("pandas", "numpy", "weasyprint", "alembic", "xlsxwriter", "PIL")
HOW = (
    "Fresh interpreters, taking turns; the best of each is compared, because anything slower is the machine's doing. "
    "Memory is the resident size of one web worker of a small installation, "
    f"of two, after they have answered {REQUESTS} pages (home, needs, polls, projects)."
)
PROBE = """
import json, sys, time
began = time.perf_counter()
import {names}
print(json.dumps([time.perf_counter() - began, len(sys.modules), [one for one in {heavy!r} if one in sys.modules]]))
"""
FIRST_PAGE = """
import json, time, wsgi
began = time.perf_counter()
wsgi.app.test_client().get("/needs/")
print(json.dumps([time.perf_counter() - began]))
"""
PAGES = ("/", "/needs/", "/polls/", "/projects/")


def measure(plan: Plan, directory: Path) -> Section:
    """Measure the start of the application and the memory of a worker."""
    made = Installation(directory)
    made.settle_street()
    made.add_needs(200)
    plan.say("importing the site in fresh interpreters")
    site, base = [], []
    for _round in range(plan.pick(quick=2, usual=7)):
        base.append(_run(PROBE.format(names="flask, sqlalchemy", heavy=HEAVY), made))
        site.append(_run(PROBE.format(names="wsgi", heavy=HEAVY), made))
    own, frameworks = min(one[0] for one in site), min(one[0] for one in base)
    section = Section("Start-up", HOW)
    section.at_most("`import wsgi`", own, 1.2, unit="s", behind=f"{site[0][1]} modules")
    section.note(
        "`import wsgi` against `import flask, sqlalchemy`",
        f"{own / frameworks:.2f}×",
        f"{frameworks:.2f} s and {base[0][1]} modules for the two frameworks alone",
    )
    section.holds(f"none of {', '.join(HEAVY)} loaded", not site[0][2], " ".join(site[0][2]))
    first = min(_run(FIRST_PAGE, made)[0] for _round in range(plan.pick(quick=1, usual=3)))
    section.note(
        "first page of a worker against its import", f"{first / own:.2f}×", f"{first:.2f} s: models, templates"
    )
    plan.say("weighing a worker")
    section.at_most("memory of a worker", _weight(made), 130, unit="MB")
    return section


def _run(code: str, made: Installation) -> list[Any]:
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=made.environ, capture_output=True, text=True, check=True
    )
    answer: list[Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


def _weight(made: Installation) -> float:
    with serving(made) as server:
        wanted = [client.get(PAGES[number % len(PAGES)]) for number in range(2 * REQUESTS)]
        client.run(server.port, wanted, connections=4)
        return max(server.memory_mb())
