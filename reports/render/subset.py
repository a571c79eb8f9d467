"""Quick font embedding where the system library libharfbuzz-subset is missing.

Without it WeasyPrint cuts fonts in Python: 4 to 16 seconds a document instead of a third of one. The `uharfbuzz` wheel
carries the same code, so a machine without root is as fast as any other.
"""

from collections.abc import Iterable
from typing import Any

import uharfbuzz
from weasyprint.pdf import fonts
from weasyprint.text import ffi

# Layout tables are of no use once glyphs are placed; the engine drops the same ones
USELESS_TABLES = ("BASE", "DSIG", "EBDT", "EBLC", "EBSC", "GPOS", "GSUB", "JSTF", "LTSH", "PCLT", "SVG ")


def install() -> bool:
    """Use the wheel if the system library is absent; return whether it is in use."""
    if ffi.harfbuzz_subset is not None:
        return False
    fonts.Font.subset = subset
    return True


def subset(font: Any, to_unicode: dict[int, str], hinting: bool) -> None:
    """Reduce the file of a WeasyPrint font to the glyphs in `to_unicode`, keeping glyph numbers."""
    if not to_unicode:
        return
    flags = uharfbuzz.SubsetFlags.DESUBROUTINIZE | uharfbuzz.SubsetFlags.PASSTHROUGH_UNRECOGNIZED
    if font.missing:
        flags |= uharfbuzz.SubsetFlags.NOTDEF_OUTLINE
    face = uharfbuzz.Face(uharfbuzz.Blob(font.file_content), font.index)
    emptied = _cut(face, to_unicode, flags | uharfbuzz.SubsetFlags.RETAIN_GIDS)
    if not hinting:
        flags |= uharfbuzz.SubsetFlags.NO_HINTING
    # Second pass as the engine itself does it: drops the empty places behind the last glyph in use
    shortened = _cut(emptied, range(max(to_unicode) + 1), flags)
    font.file_content = shortened.blob.data


def _cut(face: Any, glyphs: Iterable[int], flags: Any) -> Any:
    request = uharfbuzz.SubsetInput()
    request.glyph_set.update(glyphs)
    request.drop_table_tag_set.update(int.from_bytes(name.encode("ascii"), "big") for name in USELESS_TABLES)
    request.flags = flags
    return uharfbuzz.subset(face, request)
