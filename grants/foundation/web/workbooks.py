"""Workbooks of several sheets; sums are numbers, and no text of a cell can act as a formula."""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response

from grants.foundation.web.downloads import _attachment, neutral


@dataclass(frozen=True)
class Yuan:
    """A sum in 分 that a sheet shows in 元 with two decimals."""

    fen: int


@dataclass(frozen=True)
class Sheet:
    """A sheet: its name, its heads and its rows."""

    name: str
    header: Sequence[Any]
    rows: Iterable[Sequence[Any]]


def workbook_response(name: str, sheets: Iterable[Sheet]) -> Response:
    """Return the sheets as one XLSX, each with a frozen bold header."""
    import xlsxwriter  # a hundred modules that most workers never need

    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"strings_to_formulas": False, "strings_to_urls": False})
    bold, money = book.add_format({"bold": True}), book.add_format({"num_format": "#,##0.00"})
    for one in sheets:
        sheet = book.add_worksheet(one.name)
        sheet.freeze_panes(1, 0)
        sheet.write_row(0, 0, [str(cell) for cell in one.header], bold)
        sheet.set_column(0, len(one.header), 16)
        for number, row in enumerate(one.rows, start=1):
            for column, cell in enumerate(row):
                if isinstance(cell, Yuan):
                    sheet.write_number(number, column, cell.fen / 100, money)
                else:
                    sheet.write(number, column, neutral(cell))
    book.close()
    return Response(
        buffer.getvalue(),
        mimetype="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        headers=_attachment(f"{name}.xlsx"),
    )
