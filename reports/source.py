"""The data of a paper as a workbook that travels inside its PDF: what is printed as a table can be reckoned with."""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from grants.foundation.clock import local
from grants.foundation.errors import NotFound
from grants.foundation.i18n import _
from grants.foundation.web.downloads import neutral
from reports.data.common import Stamp
from reports.data.official_paper import OfficialPaper
from reports.data.poster import Poster
from reports.data.table import LEFT, Table
from reports.formatting import moment
from reports.render.settings import Attached

NAME = "source.xlsx"
LONGEST_NAME = 31
_NUMBER = re.compile(r"-?([1-9]\d{0,2}(,\d{3})+|0|[1-9]\d{0,14})(\.\d+)?%?")
_NOT_IN_A_NAME = re.compile(r"[\[\]:*?/\\']+")


def workbook(title: str, facts: Sequence[tuple[str, str]], tables: Iterable[Table], at: datetime) -> Attached:
    """Return what a paper says of itself and its tables as a workbook, a sheet each; same data, same bytes."""
    import xlsxwriter  # a hundred modules that only printing needs

    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True})
    # Without a time of its own a workbook carries the moment it was made
    book.set_properties({"title": title, "created": local(at).replace(tzinfo=None)})
    styles = _Styles(book)
    front = book.add_worksheet("说明")
    front.set_column(0, 0, 16)
    front.set_column(1, 1, 60)
    for row, (name, value) in enumerate((("名称", title), *facts)):
        front.write(row, 0, neutral(name), styles.bold)
        front.write(row, 1, neutral(value))
    for number, table in enumerate(tables, start=1):
        _write(book.add_worksheet(_sheet_name(number, table)), table, styles)
    book.close()
    return Attached(NAME, buffer.getvalue(), "报告中各表的数据")


class _Styles:
    """The formats of a workbook: a number is shown with as many places as on paper."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self.bold = book.add_format({"bold": True})
        self._made: dict[str, Any] = {}

    def of(self, text: str) -> Any:
        is_share = text.endswith("%")
        places = len(text.rstrip("%").partition(".")[2])
        pattern = ("0" if is_share else "#,##0") + ("." + "0" * places if places else "") + ("%" if is_share else "")
        if pattern not in self._made:
            self._made[pattern] = self._book.add_format({"num_format": pattern})
        return self._made[pattern]


def stamp_facts(stamp: Stamp) -> tuple[tuple[str, str], ...]:
    """Return how a report is identified and checked, as the first sheet says it."""
    return (
        ("编号", stamp.number),
        ("核验码", stamp.check_code),
        ("核验地址", stamp.verify_url),
        ("数据截至", moment(stamp.data_cutoff_at)),
        ("生成时间", moment(stamp.generated_at)),
        ("出具单位", stamp.issuer),
        ("状态", "草稿" if stamp.is_draft else "正式"),
    )


def paper_facts(paper: OfficialPaper | Poster) -> tuple[tuple[str, str], ...]:
    """Return how an official paper or a poster is identified and checked, as the first sheet says it."""
    return (
        ("编号", paper.reference),
        ("核验码", paper.check_code),
        ("核验地址", paper.verify_url),
        ("数据截至", moment(paper.issued_at)),
        ("出具单位", paper.signed_by),
        ("状态", "草稿" if paper.is_draft else "正式"),
    )


def _sheet_name(number: int, table: Table) -> str:
    return f"表{number} {_NOT_IN_A_NAME.sub(' ', table.caption)}".strip()[:LONGEST_NAME]


def _write(sheet: Any, table: Table, styles: "_Styles") -> None:
    heads = [column.title for column in table.columns]
    sheet.write(0, 0, neutral(f"{table.caption}（{table.unit}）" if table.unit else table.caption), styles.bold)
    sheet.write_row(1, 0, [neutral(head) for head in heads], styles.bold)
    sheet.freeze_panes(2, 0)
    for index, column in enumerate(table.columns):
        sheet.set_column(index, index, max(8, min(60, column.width)))
    for line, row in enumerate(table.rows, start=2):
        for index, cell in enumerate(row.cells):
            value = None if table.columns[index].align == LEFT else number_of(cell)
            if value is None:
                sheet.write_string(line, index, str(neutral(cell)))
            else:
                sheet.write_number(line, index, value, styles.of(cell))
    if table.note:
        sheet.write(len(table.rows) + 2, 0, neutral(f"注：{table.note}"))


def number_of(text: str) -> float | int | None:
    """Return the number a printed cell stands for: 1,234.56 and 12.5 % (as 0.125); None where it is a text."""
    if not _NUMBER.fullmatch(text):
        return None
    plain = text.rstrip("%").replace(",", "")
    value: float | int = float(plain) if "." in plain else int(plain)
    return value / 100 if text.endswith("%") else value


def workbook_of(paper: bytes) -> bytes:
    """Return the workbook a paper carries; raise NotFound for one that was issued without."""
    import pikepdf  # only reading needs it

    with pikepdf.open(io.BytesIO(paper)) as pdf:
        if NAME not in pdf.attachments:
            raise NotFound(_("这份报告出具时没有附数据表。"))
        return bytes(pdf.attachments[NAME].get_file().read_bytes())


def tables_as_csv(book: bytes) -> bytes:
    """Return a ZIP with each sheet of a workbook as CSV."""
    import openpyxl  # only reading needs it

    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for sheet in openpyxl.load_workbook(io.BytesIO(book), read_only=True):
            text = io.StringIO(newline="")
            csv.writer(text).writerows(["" if cell is None else cell for cell in row] for row in sheet.values)
            archive.writestr(zipfile.ZipInfo(f"{sheet.title}.csv"), text.getvalue().encode("utf-8-sig"))
    return buffer.getvalue()
