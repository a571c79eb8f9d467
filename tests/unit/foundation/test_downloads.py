"""Exports: nothing acts as a formula but the sums we write, cells keep their kind, memory stays bounded."""

import csv
import io
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from grants.foundation.money import yuan_plain
from grants.foundation.web.downloads import table_response

HEADER = ("编号", "日期", "时间", "金额（元）", "数量")
ROWS = [
    ("=1+1", date(2026, 3, 5), datetime(2026, 3, 5, 6, 5, tzinfo=UTC), yuan_plain(10), 3),
    ("@SUM(A1)", None, None, yuan_plain(20), 4),
    ("正常", date(2026, 3, 6), None, yuan_plain(-123_456), None),
]
HOSTILE = [
    "=1+1",
    "+1",
    "-1",
    "@x",
    "\tx",
    "\rx",
    "＝1",
    "＋1",
    "－1",
    "＠x",
    '=HYPERLINK("http://x","y")',
    "=cmd|' /C calc'!A0",
]


def sheet_of(data: bytes, **options: Any) -> Worksheet:
    found = load_workbook(io.BytesIO(data), **options).active
    assert isinstance(found, Worksheet)
    return found


@pytest.mark.parametrize("words", HOSTILE)
def test_no_text_of_a_cell_acts_as_a_formula(words: str) -> None:
    data = table_response("csv", "x", ["a"], [[words]]).get_data().decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(data, newline="")))[1] == ["'" + words]
    cell = sheet_of(table_response("xlsx", "x", ["a"], [[words]]).get_data())["A2"]
    assert (cell.data_type, str(cell.value)[0]) == ("s", "'")


def test_cells_keep_their_kind_and_the_header_stays_in_sight() -> None:
    sheet = sheet_of(table_response("xlsx", "x", HEADER, ROWS).get_data())
    assert sheet.freeze_panes == "A2"
    assert sheet.max_row == 4
    assert [sheet.cell(2, column).value for column in (2, 3, 4, 5)] == [
        datetime(2026, 3, 5), datetime(2026, 3, 5, 14, 5), 0.1, 3
    ]  # fmt: skip
    assert sheet["D4"].value == -1234.56
    assert sheet["D4"].number_format == "#,##0.00"
    assert sheet["B3"].value in (None, "")


def test_totals_are_formulas_whose_values_agree_with_the_cells() -> None:
    data = table_response("xlsx", "x", HEADER, ROWS, totals=(3, 4)).get_data()
    written, shown = sheet_of(data), sheet_of(data, data_only=True)
    assert [written.cell(5, column).value for column in (1, 4, 5)] == ["合计", "=SUM(D2:D4)", "=SUM(E2:E4)"]
    for column in ("D", "E"):
        cells = [shown[f"{column}{row}"].value for row in (2, 3, 4)]
        again = sum(cell for cell in cells if isinstance(cell, (int, float)))
        assert shown[f"{column}5"].value == pytest.approx(again, abs=1e-9)
    assert shown["D5"].value == -1234.26
    assert sheet_of(table_response("xlsx", "x", HEADER, [], totals=(3,)).get_data()).max_row == 1


def test_a_csv_writes_negative_money_as_money() -> None:
    text = table_response("csv", "x", HEADER, ROWS).get_data().decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert rows[0] == list(HEADER)
    assert [row[3] for row in rows[1:]] == ["0.10", "0.20", "-1234.56"]
    assert rows[1][2] == "2026-03-05 14:05"


@pytest.mark.parametrize(("form", "count"), [("csv", 30_000), ("xlsx", 3_000)])
def test_memory_stays_bounded_however_long_the_list_is(form: str, count: int) -> None:
    def rows() -> Iterator[tuple[object, ...]]:
        for number in range(count):
            yield f"{number:08d}" * 20, number

    def size(how_many: int) -> int:
        answer = table_response(form, "x", ["文字", "数"], rows() if how_many else [])
        return sum(map(len, answer.iter_encoded()))

    size(0)
    tracemalloc.start()
    written = size(count)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert written > (5_000_000 if form == "csv" else 50_000)
    assert peak < 3_000_000
