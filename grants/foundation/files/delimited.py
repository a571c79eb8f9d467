"""CSV: text in a known encoding, stored as UTF-8 with nothing in it that a spreadsheet would run."""

import codecs
import csv
import io
import re
from collections.abc import Iterator

from grants.foundation.errors import RuleBroken
from grants.foundation.i18n import _

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_MARKUP = re.compile(r"^\s*<(?:[!?]|[a-z])", re.IGNORECASE)
_FORMULA = re.compile(r"^\s*[=+\-@＝＋－＠]")
_NUMBER = re.compile(r"^\s*[+\-＋－]?[\d\s.,()/%:\-]*$")
_ENCODINGS = ("utf-8-sig", "gb18030")


def clean_csv(data: bytes) -> bytes:
    """Return the table as UTF-8 (with BOM, which spreadsheets need for Chinese).

    Cells that would act as a formula get an apostrophe in front; numbers and telephone numbers stay. Raises
    RuleBroken for what is not text.
    """
    text = _decode(data)
    if _CONTROL.search(text) or _MARKUP.match(text):
        raise _not_text()
    try:
        if any(_is_formula(cell) for row in _rows(text) for cell in row):
            buffer = io.StringIO()
            csv.writer(buffer).writerows([_harmless(cell) for cell in row] for row in _rows(text))
            text = buffer.getvalue()
    except csv.Error as error:
        raise _not_text() from error
    return codecs.BOM_UTF8 + text.encode()


def _rows(text: str) -> Iterator[list[str]]:
    # Row by row: a table of many small cells would fill the memory as a list
    return csv.reader(io.StringIO(text, newline=""))


def _decode(data: bytes) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise _not_text()
    for encoding in _ENCODINGS:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise _not_text()


def _is_formula(cell: str) -> bool:
    return bool(_FORMULA.match(cell)) and not _NUMBER.match(cell)


def _harmless(cell: str) -> str:
    return f"'{cell}" if _is_formula(cell) else cell


def _not_text() -> RuleBroken:
    return RuleBroken(_("文件不是有效的 CSV 表格。请在 Excel 中选择“CSV UTF-8（逗号分隔）”另存后再上传。"))
