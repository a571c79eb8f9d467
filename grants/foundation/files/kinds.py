"""Which kinds of file people may hand in, and how each is named."""

from dataclasses import dataclass
from enum import StrEnum

from grants.foundation.i18n import _


class Kind(StrEnum):
    """A kind of file that can be checked; everything else is refused."""

    PDF = "pdf"
    JPEG = "jpeg"
    PNG = "png"
    WEBP = "webp"
    DOCX = "docx"
    XLSX = "xlsx"
    CSV = "csv"


@dataclass(frozen=True)
class Traits:
    """How a kind is written in a file name, announced to a browser and called in a sentence."""

    label: str
    extensions: tuple[str, ...]
    media_type: str


_OFFICE = "application/vnd.openxmlformats-officedocument."
TRAITS = {
    Kind.PDF: Traits("PDF", (".pdf",), "application/pdf"),
    Kind.JPEG: Traits("JPG", (".jpg", ".jpeg"), "image/jpeg"),
    Kind.PNG: Traits("PNG", (".png",), "image/png"),
    Kind.WEBP: Traits("WebP", (".webp",), "image/webp"),
    Kind.DOCX: Traits("Word(.docx)", (".docx",), _OFFICE + "wordprocessingml.document"),
    Kind.XLSX: Traits("Excel(.xlsx)", (".xlsx",), _OFFICE + "spreadsheetml.sheet"),
    Kind.CSV: Traits("CSV", (".csv",), "text/csv"),
}

IMAGES = frozenset({Kind.JPEG, Kind.PNG, Kind.WEBP})
"""Photographs and screenshots."""
PAPERS = IMAGES | {Kind.PDF}
"""What is signed, stamped or issued: scans and PDF."""
SHEETS = frozenset({Kind.XLSX, Kind.CSV})
"""Tables to be read in."""
ANY = frozenset(Kind)
"""Everything that can be checked."""


def kind_of_extension(extension: str) -> Kind | None:
    """Return the kind that a file extension such as ".jpg" announces."""
    return next((kind for kind, traits in TRAITS.items() if extension.lower() in traits.extensions), None)


def accept(allow: frozenset[Kind]) -> str:
    """Return the allowed extensions as the `accept` attribute of a file field."""
    return ",".join(extension for kind in Kind if kind in allow for extension in TRAITS[kind].extensions)


def spoken(allow: frozenset[Kind]) -> str:
    """Return the allowed kinds as they are listed in a sentence."""
    return "、".join(TRAITS[kind].label for kind in Kind if kind in allow)


def kind_label(media_type: str) -> str:
    """Return what a stored file's media type is called on a page."""
    return next((traits.label for traits in TRAITS.values() if traits.media_type == media_type), _("文件"))
