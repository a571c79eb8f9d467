"""The XML parts of Word and Excel files, read with a parser that resolves nothing and stops at any declaration."""

import re
from collections.abc import Callable
from xml.parsers import expat

from grants.foundation.errors import RuleBroken
from grants.foundation.i18n import _

_WEB = ("http://", "https://", "mailto:", "tel:")
_SCHEME = re.compile(r"^(?:[a-z][a-z0-9+.-]*:|//|\\\\)", re.IGNORECASE)
_MACRO_TYPES = re.compile(r"macro|vba|activex|oleobject|ms-word\.template|addin", re.IGNORECASE)
_FIELD_CODE = re.compile(r"^\s*(?:DDE|DDEAUTO|INCLUDETEXT|INCLUDEPICTURE|IMPORT|MACROBUTTON)\b", re.IGNORECASE)
_ACTIVE_RELATION = re.compile(
    r"vbaProject|oleObject|control|afChunk|attachedToolbars|webextension|keyMap", re.IGNORECASE
)

Attributes = dict[str, str]


def check_plain(content: bytes) -> None:
    """Raise RuleBroken when a part declares a document type or an entity."""
    _parse(content)


def check_content_types(content: bytes) -> None:
    """Raise RuleBroken when a part is announced as a macro, an add-in or an OLE object."""

    def start(_name: str, attributes: Attributes) -> None:
        if _MACRO_TYPES.search(attributes.get("ContentType", "")):
            raise RuleBroken(_("文档含有宏或控件，不能上传。请另存为不含宏的 .docx 或 .xlsx 文件。"))

    _parse(content, start)


def check_relationships(content: bytes) -> None:
    """Raise RuleBroken when something outside the file would be fetched; links a person may click stay."""

    def start(_name: str, attributes: Attributes) -> None:
        kind = attributes.get("Type", "").rpartition("/")[2]
        if _ACTIVE_RELATION.search(kind):
            raise RuleBroken(_("文档含有宏、控件或嵌入对象，不能上传。请删去后另存，再上传。"))
        target = attributes.get("Target", "").strip()
        is_outside = attributes.get("TargetMode", "").lower() == "external" or _SCHEME.match(target) is not None
        if is_outside and not (kind == "hyperlink" and target.lower().startswith((*_WEB, "#"))):
            raise RuleBroken(_("文档引用了外部的图片、模板或文件。请断开链接，或把内容直接放进文档后另存，再上传。"))

    _parse(content, start)


def check_fields(content: bytes) -> None:
    """Raise RuleBroken when a field of a Word part would start a program or fetch something."""
    code: list[str] = []
    is_inside = [False]

    def start(name: str, attributes: Attributes) -> None:
        local = name.rpartition(":")[2]
        is_inside[0] = local == "instrText"
        if local == "fldSimple":
            _check_code(next((text for key, text in attributes.items() if key.endswith("instr")), ""))
        elif local == "fldChar":
            # A field's code may be spread over several runs; its begin and separator frame it
            _check_code("".join(code))
            code.clear()

    def text(words: str) -> None:
        if is_inside[0]:
            code.append(words)

    _parse(content, start, text)
    _check_code("".join(code))


def _check_code(code: str) -> None:
    if _FIELD_CODE.match(code):
        raise RuleBroken(_("文档含有会读取外部内容或启动程序的域代码。请选中全文按 Ctrl+Shift+F9 转为文字后再上传。"))


def _parse(
    content: bytes,
    start: Callable[[str, Attributes], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> None:
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse_declaration
    parser.EntityDeclHandler = _refuse_declaration
    if start is not None:
        parser.StartElementHandler = start
    if text is not None:
        parser.CharacterDataHandler = text
    parser.Parse(content, True)


def _refuse_declaration(*_details: object) -> None:
    raise RuleBroken(_("文档中声明了外部实体，不能上传。请用 Word 或 Excel 打开后另存，再上传。"))
