"""Lists as CSV and XLSX in bounded memory; no cell of an export can act as a formula, but for the sums that we write.

Rows come from an open session, so they are all written before the request ends: into memory while a file is small, and
from then on to disk, from where the answer is sent piece by piece.
"""

import csv
import io
import os
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import chain
from tempfile import SpooledTemporaryFile
from typing import Any
from urllib.parse import quote

from flask import Response

from grants.foundation.clock import local
from grants.foundation.i18n import _
from grants.foundation.money import YuanText

DANGEROUS = tuple("=+-@\t\r＝＋－＠")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
IN_MEMORY = 1024 * 1024
PIECE = 64 * 1024
FORMATS = {"date": "yyyy-mm-dd", "moment": "yyyy-mm-dd hh:mm", "money": "#,##0.00"}


def neutral(value: Any) -> Any:
    """Return the value so that no spreadsheet takes it for a formula; numbers stay numbers."""
    if isinstance(value, datetime):
        return local(value).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str) and value.startswith(DANGEROUS):
        return value if isinstance(value, YuanText) else "'" + value
    return "" if value is None else value if isinstance(value, (int, float)) else str(value)


def _attachment(name: str) -> dict[str, str]:
    ascii_name = name.encode("ascii", "ignore").decode() or "export"
    return {"Content-Disposition": f"attachment; filename=\"{ascii_name}\"; filename*=UTF-8''{quote(name)}"}


def _answer(file: Any, mimetype: str, name: str) -> Response:
    """Send a written file piece by piece; it is gone when all is sent, or the answer is closed before."""
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    answer = Response(_pieces(file), mimetype=mimetype, headers=_attachment(name))
    answer.content_length = size
    answer.call_on_close(file.close)
    return answer


def _pieces(file: Any) -> Iterator[bytes]:
    with file:
        while piece := file.read(PIECE):
            yield piece


def csv_response(name: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> Response:
    """Return rows as CSV (UTF-8 with BOM, so that spreadsheets read Chinese)."""
    file = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - closed with the answer
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
    writer = csv.writer(text)
    for row in chain([header], rows):
        writer.writerow([neutral(cell) for cell in row])
    text.flush()
    text.detach()
    return _answer(file, "text/csv", f"{name}.csv")


class _Sheet:
    """The one sheet of a workbook, written row by row."""

    def __init__(self, book: Any, header: Sequence[str], totals: Sequence[int]) -> None:
        self._sheet = book.add_worksheet()
        self._sheet.freeze_panes(1, 0)
        self._bold = book.add_format({"bold": True})
        self._formats = {name: book.add_format({"num_format": pattern}) for name, pattern in FORMATS.items()}
        self._sums: dict[int, int | float] = dict.fromkeys(totals, 0)
        self._money: set[int] = set()
        self._bold_money = book.add_format({"bold": True, "num_format": FORMATS["money"]})
        self._sheet.write_row(0, 0, list(header), self._bold)

    def write(self, number: int, row: Sequence[Any]) -> None:
        for column, cell in enumerate(row):
            self._cell(number, column, cell)
            if column in self._sums:
                self._add(column, cell)

    def _cell(self, number: int, column: int, cell: Any) -> None:
        if isinstance(cell, YuanText):
            self._sheet.write_number(number, column, cell.fen / 100, self._formats["money"])
        elif isinstance(cell, datetime):
            here = local(cell).replace(tzinfo=None)
            self._sheet.write_datetime(number, column, here, self._formats["moment"])
        elif isinstance(cell, date):
            self._sheet.write_datetime(number, column, cell, self._formats["date"])
        else:
            self._sheet.write(number, column, neutral(cell))

    def _add(self, column: int, cell: Any) -> None:
        # 分 are summed as whole numbers, so that the value beside the formula is exact
        if isinstance(cell, YuanText):
            self._money.add(column)
            self._sums[column] += cell.fen
        elif isinstance(cell, (int, float)):
            self._sums[column] += cell

    def close(self, rows: int) -> None:
        """Write the sums below the rows, as formulas with the value they come to."""
        if not self._sums or not rows:
            return
        from xlsxwriter.utility import xl_col_to_name

        if 0 not in self._sums:
            self._sheet.write(rows + 1, 0, _("合计"), self._bold)
        for column, total in sorted(self._sums.items()):
            letter, is_money = xl_col_to_name(column), column in self._money
            formula, value = f"=SUM({letter}2:{letter}{rows + 1})", total / 100 if is_money else total
            self._sheet.write_formula(rows + 1, column, formula, self._bold_money if is_money else self._bold, value)


def xlsx_response(
    name: str, header: Sequence[str], rows: Iterable[Sequence[Any]], totals: Sequence[int] = ()
) -> Response:
    """Return rows as XLSX with a frozen bold header; columns in `totals` (by place) are summed below by a formula."""
    import xlsxwriter  # a hundred modules that most workers never need

    file = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - closed with the answer
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(file, options)
    sheet, number = _Sheet(book, [str(cell) for cell in header], totals), 0
    for number, row in enumerate(rows, start=1):
        sheet.write(number, row)
    sheet.close(number)
    book.close()
    return _answer(file, XLSX, f"{name}.xlsx")


def table_response(
    form: str, name: str, header: Sequence[Any], rows: Iterable[Sequence[Any]], totals: Sequence[int] = ()
) -> Response:
    """Return a list in the form asked for, "csv" or "xlsx"; a workbook sums the columns at the places in `totals`."""
    words = [str(cell) for cell in header]
    return xlsx_response(name, words, rows, totals) if form == "xlsx" else csv_response(name, words, rows)
