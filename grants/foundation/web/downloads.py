"""Lists as CSV and XLSX; no cell of an export can act as a formula."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any
from urllib.parse import quote

from flask import Response

from grants.foundation.clock import local

DANGEROUS = tuple("=+-@\t\r＝＋－＠")


def neutral(value: Any) -> Any:
    """Return the value so that no spreadsheet takes it for a formula; numbers stay numbers."""
    if isinstance(value, datetime):
        return local(value).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str) and value.startswith(DANGEROUS):
        return "'" + value
    return "" if value is None else value if isinstance(value, (int, float)) else str(value)


def _attachment(name: str) -> dict[str, str]:
    ascii_name = name.encode("ascii", "ignore").decode() or "export"
    return {"Content-Disposition": f"attachment; filename=\"{ascii_name}\"; filename*=UTF-8''{quote(name)}"}


def csv_response(name: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> Response:
    """Stream rows as CSV (UTF-8 with BOM, so that spreadsheets read Chinese)."""

    def lines() -> Iterator[str]:
        buffer = io.StringIO()
        writer = csv.writer(buffer)
        yield "\ufeff"
        for row in (header, *rows):
            writer.writerow([neutral(cell) for cell in row])
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()

    # The rows come from an open session: they are read before the request ends.
    return Response("".join(lines()), mimetype="text/csv", headers=_attachment(f"{name}.csv"))


def xlsx_response(name: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> Response:
    """Return rows as XLSX with a frozen bold header."""
    import xlsxwriter  # a hundred modules that most workers never need

    buffer = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(buffer, options)
    sheet = book.add_worksheet()
    sheet.freeze_panes(1, 0)
    bold = book.add_format({"bold": True})
    sheet.write_row(0, 0, [str(cell) for cell in header], bold)
    for number, row in enumerate(rows, start=1):
        for column, cell in enumerate(row):
            sheet.write(number, column, neutral(cell))
    book.close()
    return Response(
        buffer.getvalue(),
        mimetype="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        headers=_attachment(f"{name}.xlsx"),
    )


def table_response(form: str, name: str, header: Sequence[Any], rows: Iterable[Sequence[Any]]) -> Response:
    """Return a list in the form asked for: "csv" or "xlsx"."""
    make = xlsx_response if form == "xlsx" else csv_response
    return make(name, [str(cell) for cell in header], rows)
