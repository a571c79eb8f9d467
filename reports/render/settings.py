"""What a paper is, apart from its content."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Kind(StrEnum):
    """Page and style of a paper."""

    REPORT = "report"
    ENGLISH = "english"
    WIDE = "wide"
    OFFICIAL = "official"
    POSTER = "poster"
    CODES = "codes"


@dataclass(frozen=True)
class Attached:
    """A file carried inside the PDF; the name must be ASCII, since readers disagree about any other."""

    name: str
    content: bytes
    description: str

    def __post_init__(self) -> None:
        if not self.name.isascii():
            raise ValueError(f"the name of an attached file must be ASCII: {self.name!r}")


@dataclass(frozen=True)
class PaperMeta:
    """Kind, language, and what is written into the file's own description."""

    kind: Kind
    lang: str
    title: str
    author: str
    identifier: str
    draft: bool = False
    created_at: datetime | None = None
    tagged: bool = True
    attachments: tuple[Attached, ...] = ()

    def __post_init__(self) -> None:
        if self.attachments and self.created_at is None:
            raise ValueError("a paper with attached files needs created_at, or its bytes would differ each time")

    @property
    def variant(self) -> str | None:
        """Return the PDF standard the file is produced as, or None."""
        if not self.tagged:
            return None
        return "pdf/a-3a" if self.attachments else "pdf/ua-1"
