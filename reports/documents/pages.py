"""How many pages a printed paper has."""

from io import BytesIO

import pikepdf


def page_count(content: bytes) -> int:
    """Return the number of pages of a PDF."""
    with pikepdf.open(BytesIO(content)) as pdf:
        return len(pdf.pages)
