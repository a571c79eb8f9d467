"""PDF: whatever could act when the paper is opened is taken out; what remains is only paper."""

import io
import zipfile
from collections.abc import Iterator
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, Stream

from grants.foundation.errors import RuleBroken
from grants.foundation.i18n import _

MAX_PAGES = 2000
MAX_OBJECTS = 200_000
_MB = 1 << 20

# For the whole process, set before any file is read: a few kilobytes must not unpack into gigabytes
pikepdf.settings.set_qpdf_limits(
    parser_max_nesting=200,
    parser_max_container_size=2_000_000,
    flate_max_memory=64 * _MB,
    run_length_max_memory=64 * _MB,
    png_max_memory=64 * _MB,
    tiff_max_memory=64 * _MB,
    dct_max_memory=64 * _MB,
)

_ACTIVE_KEYS = frozenset(
    {
        "/AA",
        "/AF",
        "/Collection",
        "/EF",
        "/EmbeddedFiles",
        "/JS",
        "/JavaScript",
        "/OpenAction",
        "/PieceInfo",
        "/RichMediaContent",
        "/RichMediaSettings",
        "/XFA",
    }
)
_ACTIVE_ACTIONS = frozenset(
    {
        "/GoTo3DView",
        "/GoToE",
        "/GoToR",
        "/ImportData",
        "/JavaScript",
        "/Launch",
        "/Movie",
        "/Rendition",
        "/RichMediaExecute",
        "/Sound",
        "/SubmitForm",
    }
)
_ACTIVE_ANNOTATIONS = frozenset({"/3D", "/FileAttachment", "/Movie", "/RichMedia", "/Screen", "/Sound"})
_EXTERNAL_STREAM_KEYS = ("/F", "/FFilter", "/FDecodeParms")
_WEB = ("http://", "https://", "mailto:", "tel:")


def clean_pdf(data: bytes) -> bytes:
    """Return the PDF without scripts, automatic actions, embedded files, media, author data and appended rest.

    A signed PDF in which nothing has to go is returned as it is, because rewriting would break the signature of an
    electronic invoice. Raises RuleBroken for an encrypted, damaged or oversized one.
    """
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            _check(pdf)
            disarming = _Disarming()
            disarming.run(pdf)
            if disarming.is_signed and not disarming.count and _is_nothing_else(data):
                return data
            return _write(pdf)
    except RuleBroken:
        raise
    except pikepdf.PasswordError as error:
        raise _encrypted() from error
    # A parser fed with hostile bytes may fail in any way
    except Exception as error:
        raise RuleBroken(_("PDF 文件已损坏，无法打开。请重新导出或扫描后再上传。")) from error


def _encrypted() -> RuleBroken:
    return RuleBroken(_("PDF 文件设有密码或权限保护，无法核验。请取消保护后再上传。"))


def _check(pdf: Pdf) -> None:
    if pdf.is_encrypted:
        raise _encrypted()
    if len(pdf.objects) > MAX_OBJECTS or len(pdf.pages) > MAX_PAGES:
        raise RuleBroken(_("PDF 文件过于复杂，最多 %(pages)s 页。请拆分后再上传。", pages=MAX_PAGES))
    if not len(pdf.pages):
        raise RuleBroken(_("PDF 文件没有任何页面，请检查后重新上传。"))


def _is_nothing_else(data: bytes) -> bool:
    return data.rstrip(b"\r\n\0 ").endswith(b"%%EOF") and not zipfile.is_zipfile(io.BytesIO(data))


def _write(pdf: Pdf) -> bytes:
    # Who wrote it with which program is nobody's business where reviews are blind
    for owner, key in ((pdf.trailer, "/Info"), (pdf.Root, "/Metadata")):
        if key in owner:
            del owner[key]
    buffer = io.BytesIO()
    pdf.save(
        buffer,
        stream_decode_level=pikepdf.StreamDecodeLevel.none,
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
        deterministic_id=True,
    )
    return buffer.getvalue()


class _Disarming:
    """One walk over every object of a document, taking out what can act."""

    def __init__(self) -> None:
        self.count = 0
        self.is_signed = False

    def run(self, pdf: Pdf) -> None:
        for thing in pdf.objects:
            waiting: list[Any] = [thing]
            while waiting:
                current = waiting.pop()
                if isinstance(current, Stream):
                    self._disarm_stream(current)
                elif isinstance(current, Dictionary):
                    self._disarm_dictionary(current)
                waiting.extend(_direct_parts(current))

    def _disarm_stream(self, stream: Any) -> None:
        self._disarm_dictionary(stream.stream_dict)
        self._drop(stream.stream_dict, [key for key in _EXTERNAL_STREAM_KEYS if key in stream.stream_dict])
        if stream.stream_dict.get("/Type") == Name.EmbeddedFile:
            stream.write(b"")
            self.count += 1

    def _disarm_dictionary(self, thing: Any) -> None:
        self.is_signed = self.is_signed or "/ByteRange" in thing
        self._drop(thing, [key for key in thing.keys() if key in _ACTIVE_KEYS])  # noqa: SIM118 (a pikepdf object)
        if _is_active_action(thing):
            self._drop(thing, list(thing.keys()))
        annotations = thing.get("/Annots")
        if isinstance(annotations, Array):
            kept = [annotation for annotation in annotations if not _is_active_annotation(annotation)]
            if len(kept) != len(annotations):
                self.count += len(annotations) - len(kept)
                thing["/Annots"] = Array(kept)

    def _drop(self, thing: Any, keys: list[str]) -> None:
        for key in keys:
            del thing[key]
        self.count += len(keys)


def _direct_parts(thing: Any) -> Iterator[Any]:
    if isinstance(thing, Stream):
        thing = thing.stream_dict
    if isinstance(thing, Dictionary):
        parts = [thing[key] for key in thing.keys()]  # noqa: SIM118 (a pikepdf object)
    elif isinstance(thing, Array):
        parts = list(thing)
    else:
        return
    for part in parts:
        if isinstance(part, (Array, Dictionary)) and not part.is_indirect:
            yield part


def _is_active_action(thing: Any) -> bool:
    action = _name(thing.get("/S"))
    if action == "/URI":
        return not str(thing.get("/URI", "")).strip().lower().startswith(_WEB)
    return action in _ACTIVE_ACTIONS


def _is_active_annotation(thing: Any) -> bool:
    return isinstance(thing, Dictionary) and _name(thing.get("/Subtype")) in _ACTIVE_ANNOTATIONS


def _name(value: Any) -> str:
    return str(value) if isinstance(value, Name) else ""
