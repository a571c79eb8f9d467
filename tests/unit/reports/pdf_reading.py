"""Read back what was printed: text by page, places on the page, fonts, structure."""

import ctypes
import re
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import pikepdf
import pypdfium2

MM = 72 / 25.4


def page_texts(content: bytes) -> list[str]:
    """Return each page's text without blanks and line ends, so that wrapping does not matter."""
    document = pypdfium2.PdfDocument(content)
    try:
        texts = []
        for page in document:
            words = page.get_textpage()
            texts.append(squeeze(words.get_text_range()))
            words.close()
            page.close()
        return texts
    finally:
        document.close()


def squeeze(text: str) -> str:
    """Return the text without white space and the marks a reader inserts."""
    return re.sub(r"[\s\u3000\ufffe\u0002]+", "", text)


@dataclass(frozen=True)
class Letter:
    """A printed character, its box and its baseline, in mm from the left and top of the page."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    baseline: float


def letters(content: bytes, number: int) -> list[Letter]:
    """Return the characters of a page (counted from 1) with the place of their type body."""
    document = pypdfium2.PdfDocument(content)
    page = document[number - 1]
    height = page.get_height()
    words = page.get_textpage()
    found = []
    for index in range(words.count_chars()):
        text = words.get_text_range(index, 1)
        if text.strip():
            left, bottom, right, top = words.get_charbox(index, loose=True)
            found.append(
                Letter(
                    text,
                    left / MM,
                    (height - top) / MM,
                    right / MM,
                    (height - bottom) / MM,
                    _baseline(words, index, height),
                )
            )
    words.close()
    page.close()
    document.close()
    return found


def _baseline(words: Any, index: int, height: float) -> float:
    across, up = ctypes.c_double(), ctypes.c_double()
    pypdfium2.raw.FPDFText_GetCharOrigin(words.raw, index, across, up)
    return (height - up.value) / MM


def lines(found: list[Letter]) -> dict[float, list[Letter]]:
    """Return characters by their baseline, from the top of the page down."""
    grouped: dict[float, list[Letter]] = {}
    for letter in sorted(found, key=lambda one: (round(one.baseline, 1), one.left)):
        grouped.setdefault(round(letter.baseline, 1), []).append(letter)
    return grouped


def picture(content: bytes, number: int, dpi: int = 72) -> Any:
    """Return a page as a grey picture."""
    document = pypdfium2.PdfDocument(content)
    page = document[number - 1]
    image = page.render(scale=dpi / 72, grayscale=True).to_pil()
    page.close()
    document.close()
    return image


def fonts(content: bytes) -> dict[str, dict[str, Any]]:
    """Return every font by name: is it embedded, and by which encoding its glyphs are called."""
    found = {}
    with pikepdf.open(BytesIO(content)) as pdf:
        for page in pdf.pages:
            for font in page.resources.get("/Font", {}).values():
                descriptor = font.DescendantFonts[0].FontDescriptor
                embedded = "/FontFile3" in descriptor or "/FontFile2" in descriptor
                encoding = font.Encoding if isinstance(font.Encoding, pikepdf.Name) else "custom"
                found[str(font.BaseFont)] = {"embedded": embedded, "encoding": str(encoding)}
    return found
