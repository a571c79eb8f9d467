"""Counting by equal shares: time and memory of whole elections, against the reference library where there is one."""

import gc
import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from tests.bench.figures import Section
from tests.bench.installation import ROOT
from tests.bench.memory import peak_resident_mb, resident_mb
from tests.bench.plan import Plan

REFERENCE = "PABUTOOLS_PYTHON"
HOW = (
    "Made-up approval elections (3 to 8 of the projects a ballot, a quarter of what everything costs as budget), "
    "written as Pabulib files, read and counted by the method of equal shares: utility = cost, add1 by one unit. Each "
    "runs in a fresh process; times are of its processor. The reference library pabutools is no dependency: it is "
    f"measured on the same files, with its own rule for stopping, by the Python that `{REFERENCE}` names, if any. "
    "Memory is the highest the process got above where it began, against what the file as read takes."
)
SIZES = ((10_000, 60), (50_000, 100), (60_000, 100), (100_000, 100))
MINUTE = 60


def measure(plan: Plan, directory: Path) -> Section:
    """Measure elections of several sizes."""
    section = Section("Counting", HOW)
    python = os.environ.get(REFERENCE)
    if not python:
        section.note("reference library", "not measured", f"`{REFERENCE}` is not set")
    for voters, projects in SIZES[:1] if plan.is_quick else SIZES:
        plan.say(f"counting {voters:,} ballots on {projects} projects")
        path = directory / f"{voters}x{projects}.pb"
        write_election(path, voters, projects)
        ours = _ours(path, "add1")
        _judge(section, f"{voters:,} × {projects}", ours, voters)
        if python and voters <= 50_000:
            plan.say("… and by the reference library")
            _compare(section, f"{voters:,} × {projects}", path, python)
    return section


def _judge(section: Section, name: str, ours: dict[str, Any], voters: int) -> None:
    total = ours["read_s"] + ours["count_s"]
    behind = f"read {ours['read_s']:.2f} s, counted {ours['count_s']:.2f} s, {ours['steps']:,} steps of add1"
    if voters >= 60_000:
        section.at_most(f"{name}: read and counted", total, 5.0, unit="s", behind=behind)
    else:
        section.note(f"{name}: read and counted", f"{total:.2f} s", behind)
    held = f"{ours['peak_mb']:.0f} MB at most, the parsed file {ours['parsed_mb']:.0f} MB"
    section.at_most(
        f"{name}: peak memory against the parsed file", ours["peak_mb"] / ours["parsed_mb"], 3.0, behind=held
    )


def _compare(section: Section, name: str, path: Path, python: str) -> None:
    theirs = _answer([python, str(Path(__file__).with_name("reference_count.py")), str(path)])
    ours = _ours(path, "add1e", by_id=True)
    memory = f"memory {ours['peak_mb']:.0f} and {theirs['peak_mb']:.0f} MB"
    behind = f"{ours['count_s']:.2f} and {theirs['count_s']:.1f} s; {memory}"
    speed = theirs["count_s"] / ours["count_s"]
    if name.startswith("50"):
        section.at_least(f"{name}: counted so much faster than the reference", speed, 200, behind=behind)
    else:
        section.note(f"{name}: counted so much faster than the reference", f"{speed:.0f}×", behind)
    whole = (theirs["read_s"] + theirs["count_s"]) / (ours["read_s"] + ours["count_s"])
    section.note(f"{name}: read and counted so much faster", f"{whole:.0f}×")
    section.holds(
        f"{name}: the same winners", set(ours["winners"]) == set(theirs["winners"]), f"{len(ours['winners'])}"
    )


def _ours(path: Path, completion: str, *, by_id: bool = False) -> dict[str, Any]:
    words = [sys.executable, "-m", "tests.bench.counting", str(path), completion]
    return _answer([*words, "by-id"] if by_id else words)


def _answer(words: list[str]) -> dict[str, Any]:
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True, timeout=30 * MINUTE)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def write_election(path: Path, voters: int, projects: int) -> None:
    """Write a made-up election, always the same one for the same size."""
    dice = random.Random(voters * 1000 + projects)
    costs = [dice.randrange(20, 201) * 1000 for _project in range(projects)]
    liking = [dice.random() ** 2 + 0.05 for _project in range(projects)]
    names = [f"{number:03d}" for number in range(1, projects + 1)]
    lines = ["META", "key;value", "description;made up", "country;China", "unit;Wutong", "instance;2026"]
    lines += [f"num_projects;{projects}", f"num_votes;{voters}", f"budget;{sum(costs) // 4}", "vote_type;approval"]
    lines += ["rule;greedy", "date_begin;01.03.2026", "date_end;15.03.2026", "PROJECTS", "project_id;cost"]
    lines += [f"{name};{cost}" for name, cost in zip(names, costs, strict=True)]
    lines += ["VOTES", "voter_id;vote"]
    for voter in range(voters):
        chosen = set(dice.choices(names, liking, k=dice.randint(3, 8)))
        lines.append(f"{voter};{','.join(sorted(chosen))}")
    path.write_text("\n".join(lines) + "\n", "utf-8")


def _count(path: Path, completion: str, *, by_id: bool) -> dict[str, Any]:
    from grants.voting.counting.equal_shares import EqualSharesRule, count_equal_shares
    from grants.voting.counting.pabulib import read_pabulib
    from grants.voting.counting.variants import Completion

    gc.collect()
    begun_mb, begun = float(resident_mb()), time.process_time()
    file = read_pabulib(path)
    parsed_mb = float(resident_mb()) - begun_mb
    election = file.election()
    read = time.process_time()
    order = tuple(sorted(option.id for option in election.options)) if by_id else ()
    result = count_equal_shares(election, EqualSharesRule(completion=Completion(completion), tie_order=order))
    done = time.process_time()
    peak_mb = float(peak_resident_mb()) - begun_mb
    return {
        "read_s": read - begun,
        "count_s": done - read,
        "parsed_mb": parsed_mb,
        "peak_mb": peak_mb,
        "steps": result.steps,
        "winners": list(result.winners),
    }


if __name__ == "__main__":
    answer = _count(Path(sys.argv[1]), sys.argv[2], by_id="by-id" in sys.argv[3:])
    sys.stdout.write(json.dumps(answer))
