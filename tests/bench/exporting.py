"""A long list as a file: the site's own exporter against the bare writer, each in a process of its own."""

import csv
import io
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from tests.bench.figures import Section
from tests.bench.installation import ROOT
from tests.bench.plan import Plan

ROWS = 250_000
HEADER = ("编号", "届次", "社区", "类别", "标题", "金额（元）", "份数", "日期")
HOW = (
    "{rows:,} rows of eight columns (five texts, two numbers, a date), made one after the other as a query hands them "
    "over, through `grants.foundation.web.downloads.table_response`: no cell can act as a formula. The bare writer is "
    "Python's `csv` or XlsxWriter in constant-memory mode on the same rows, unguarded, into memory. Each runs in a "
    "fresh process; peak memory is what the export adds to the process before it began."
)


def measure(plan: Plan, _directory: Path) -> Section:
    """Measure the export of many rows as CSV and as XLSX."""
    rows = plan.pick(quick=10_000, usual=ROWS)
    section = Section("Export", HOW.format(rows=rows))
    for form in ("csv", "xlsx"):
        plan.say(f"exporting {rows:,} rows as {form}")
        ours, bare = (_in_own_process(who, form, rows) for who in ("ours", "bare"))
        per_row = ours["seconds"] / rows * 1e6
        section.note(
            f"{form}: time against the bare writer",
            f"{ours['seconds'] / bare['seconds']:.2f}×",
            f"{ours['seconds']:.1f} and {bare['seconds']:.1f} s, {per_row:.0f} µs a row",
        )
        section.note(
            f"{form}: peak memory against the file's size",
            f"{ours['peak_mb'] / ours['file_mb']:.1f}×",
            f"{ours['peak_mb']:.0f} MB for a file of {ours['file_mb']:.1f} MB; bare {bare['peak_mb']:.0f} MB",
        )
    return section


def _in_own_process(who: str, form: str, rows: int) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.exporting", who, form, str(rows)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    answer: dict[str, float] = json.loads(done.stdout)
    return answer


def _rows(count: int) -> Iterator[tuple[Any, ...]]:
    start = date(2026, 1, 1)
    for number in range(count):
        day = start + timedelta(days=number % 365)
        ref = f"XQ-01-001-{number:06d}"
        yield (
            ref,
            "第三届公益创投",
            "银杏社区",
            "公益服务类",
            f"希望开设老年助餐点（{number}号楼）",
            number * 1.25,
            number,
            day,
        )


def _ours(form: str, count: int) -> int:
    from grants.foundation.web.downloads import table_response

    return sum(map(len, table_response(form, "export", HEADER, _rows(count)).iter_encoded()))


def _bare(form: str, count: int) -> int:
    return _bare_csv(count) if form == "csv" else _bare_xlsx(count)


def _bare_csv(count: int) -> int:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(HEADER)
    writer.writerows(_rows(count))
    return len(text.getvalue().encode())


def _bare_xlsx(count: int) -> int:
    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"constant_memory": True})
    sheet = book.add_worksheet()
    for line, row in enumerate(_rows(count)):
        for place, cell in enumerate(row):
            sheet.write(line, place, str(cell) if isinstance(cell, date) else cell)
    book.close()
    return len(out.getvalue())


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _main(who: str, form: str, count: int) -> None:
    act: Callable[[str, int], int] = {"ours": _ours, "bare": _bare}[who]
    act(form, 10)
    before, began = _peak_mb(), time.perf_counter()
    size = act(form, count)
    seconds = time.perf_counter() - began
    sys.stdout.write(
        json.dumps({"seconds": seconds, "peak_mb": max(_peak_mb() - before, 0.1), "file_mb": size / 1024 / 1024})
    )


if __name__ == "__main__":
    _main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
