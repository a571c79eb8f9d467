"""Word and Excel files: unpacked within limits, every part checked, and packed anew from the parts that belong."""

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import PurePosixPath

from grants.foundation.errors import RuleBroken
from grants.foundation.files import office_xml
from grants.foundation.files.kinds import Kind
from grants.foundation.i18n import _

_MB = 1 << 20
MAX_PARTS = 2000
MAX_UNPACKED = 160 * _MB
MAX_PART = 64 * _MB
MAX_RATIO = 100
"""Unpacked to packed size above which a file is a bomb (once it passes 4 MB)."""

_MAIN_PART = {Kind.DOCX: "word/document.xml", Kind.XLSX: "xl/workbook.xml"}
_PICTURES = {"bmp", "emf", "gif", "jpe", "jpeg", "jpg", "png", "svg", "tif", "tiff", "wdp", "wmf"}
_SUFFIXES = _PICTURES | {"xml", "rels", "vml", "odttf", "fntdata", "psmdcp", "sigs"}
_EMBEDDED = {"docx": Kind.DOCX, "xlsx": Kind.XLSX}
_MACROS = re.compile(r"vbaProject|vbaData|macrosheets|activeX|dialogsheets|customUI", re.IGNORECASE)
_PEOPLE = re.compile(
    rb"(<(?:\w+:)?(?:creator|lastModifiedBy|Manager|Company)(?:\s[^>]*)?>)[^<]*(</(?:\w+:)?(?:creator|lastModifiedBy|Manager|Company)>)"
)


def clean_office(data: bytes, kind: Kind, *, is_embedded: bool = False) -> bytes:
    """Return the document rebuilt from its checked parts, without author data and without anything between them.

    Raises RuleBroken for macros, OLE objects, references to other places, declared entities, encryption, odd part
    names and zip bombs.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as source:
            return _rebuild(source, kind, len(data), is_embedded=is_embedded)
    except RuleBroken:
        raise
    # An unpacker fed with hostile bytes may fail in any way
    except Exception as error:
        raise RuleBroken(_("文档已损坏或设有密码，无法打开。请另存为新文件（不设密码）后再上传。")) from error


def _rebuild(source: zipfile.ZipFile, kind: Kind, packed_size: int, *, is_embedded: bool) -> bytes:
    entries = [entry for entry in source.infolist() if not entry.is_dir()]
    _check_list(entries, kind)
    allowance = min(MAX_UNPACKED, max(4 * _MB, packed_size * MAX_RATIO))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in entries:
            content = _read(source, entry, min(allowance, MAX_PART))
            allowance -= len(content)
            target.writestr(
                zipfile.ZipInfo(entry.filename), _checked(entry.filename, content, is_embedded), zipfile.ZIP_DEFLATED
            )
    return buffer.getvalue()


def _check_list(entries: list[zipfile.ZipInfo], kind: Kind) -> None:
    names = [entry.filename for entry in entries]
    if len(names) > MAX_PARTS or sum(entry.file_size for entry in entries) > MAX_UNPACKED:
        raise _bomb()
    if len({name.lower() for name in names}) != len(names) or any(_is_odd_path(name) for name in names):
        raise RuleBroken(_("文档内部结构异常，无法核验。请用 Word 或 Excel 打开后另存，再上传。"))
    if "[Content_Types].xml" not in names or _MAIN_PART[kind] not in names:
        raise RuleBroken(_("文件不是有效的 Word 或 Excel 文档（扩展名可能被改过），请重新另存后上传。"))
    for name in names:
        _check_name(name)


def _is_odd_path(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return name.startswith("/") or "\\" in name or ":" in name or ".." in parts or len(name) > 240


def _check_name(name: str) -> None:
    if _MACROS.search(name):
        raise RuleBroken(_("文档含有宏或控件，不能上传。请另存为不含宏的 .docx 或 .xlsx 文件。"))
    if "externallinks/" in name.lower():
        raise RuleBroken(_("表格引用了其他文件中的数据。请在 Excel“数据—编辑链接”中断开链接后再上传。"))
    suffix = name.rpartition(".")[2].lower()
    is_known = suffix in _SUFFIXES or (suffix in _EMBEDDED and "/embeddings/" in name)
    if not is_known and not (suffix == "bin" and "/printerSettings/" in name):
        raise RuleBroken(_("文档中嵌入了其他类型的文件，不能上传。请删去嵌入的对象，或将其单独上传。"))


def _read(source: zipfile.ZipFile, entry: zipfile.ZipInfo, limit: int) -> bytes:
    with source.open(entry) as stream:
        content = stream.read(limit + 1)
    if len(content) > limit:
        raise _bomb()
    return content


def _bomb() -> RuleBroken:
    return RuleBroken(_("文档解压后过大，无法核验。请精简内容或拆分后再上传。"))


def _checked(name: str, content: bytes, is_embedded: bool) -> bytes:
    suffix = name.rpartition(".")[2].lower()
    if suffix in _EMBEDDED:
        if is_embedded:
            raise RuleBroken(_("文档中层层嵌入了其他文档，不能上传。请删去嵌入的对象，或将其单独上传。"))
        return clean_office(content, _EMBEDDED[suffix], is_embedded=True)
    check: Callable[[bytes], None] | None = _check_for(name, suffix)
    if check is not None:
        check(content)
    return _PEOPLE.sub(rb"\1\2", content) if name.startswith("docProps/") else content


def _check_for(name: str, suffix: str) -> Callable[[bytes], None] | None:
    if suffix == "rels":
        return office_xml.check_relationships
    if name == "[Content_Types].xml":
        return office_xml.check_content_types
    if suffix in {"xml", "vml", "svg"}:
        return office_xml.check_fields if name.startswith("word/") else office_xml.check_plain
    return None
