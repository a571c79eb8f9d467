"""Reading a table of residents from CSV or XLSX, whoever made it, without ever keeping the file."""

import csv
import io
from collections.abc import Iterator, Sequence
from typing import Any

from grants.foundation.errors import RuleBroken
from grants.foundation.files.delimited import clean_csv
from grants.foundation.files.kinds import Kind
from grants.foundation.files.office import clean_office
from grants.foundation.files.sniffing import check_content
from grants.foundation.i18n import _

MOST_LINES = 250_000
MOST_COLUMNS = 40


def read_table(file_name: str, data: bytes) -> Iterator[Sequence[Any]]:
    """Go through the lines of a table; raises RuleBroken (field "file") for what is no sound CSV or XLSX."""
    suffix = file_name.lower().rpartition(".")[2]
    readers = {"csv": (_csv_lines, Kind.CSV), "xlsx": (_xlsx_lines, Kind.XLSX)}
    if suffix not in readers:
        raise RuleBroken(_("请上传 .csv 或 .xlsx 格式的名册。"), "file")
    reader, kind = readers[suffix]
    try:
        check_content(data, kind)
        yield from _limited(reader(data))
    except RuleBroken as refusal:
        refusal.field = "file"
        raise


def _limited(lines: Iterator[Sequence[Any]]) -> Iterator[Sequence[Any]]:
    for number, line in enumerate(lines):
        if number > MOST_LINES:
            raise RuleBroken(_("一次最多导入 %(count)s 行，请分社区导入。", count=MOST_LINES))
        yield line[:MOST_COLUMNS]


def _csv_lines(data: bytes) -> Iterator[Sequence[Any]]:
    yield from csv.reader(io.StringIO(clean_csv(data).decode("utf-8-sig"), newline=""))


def _xlsx_lines(data: bytes) -> Iterator[Sequence[Any]]:
    # Loaded with the first spreadsheet, not with every worker
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(clean_office(data, Kind.XLSX)), read_only=True, data_only=True)
    try:
        yield from book.worksheets[0].iter_rows(values_only=True)
    finally:
        book.close()
