"""Cut the fonts down to what papers use: a third of the size, faster to embed, and honest about what they draw.

Fandol's 仿宋 and 楷体 draw ￥ (U+FFE5) as "$" while the text layer says ￥. So they keep Hanzi and Chinese punctuation
only; figures, Latin letters and every sign of money come from Noto Serif SC, the next font in the chain.
"""

import os
import shutil
import tempfile
from collections.abc import Callable
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

import uharfbuzz
from fontTools.ttLib import TTFont

from reports.fonts.locate import Sources

RECIPE = 6  # raise when the rules below change: bundles already built are then made anew
# Blanks must be in every file: the layout engine never changes fonts for one, and would draw the box of a missing glyph
BLANKS = frozenset((0x20, 0xA0, 0x3000))
PUNCTUATION = frozenset(map(ord, "、。〃〈〉《》「」『』【】〔〕〖〗〇！（），：；？“”‘’—…·"))
# The em box of Chinese type. One height for all, or a line with figures would be taller than one without, and the
# 22 lines of an official page would drift
ASCENT, DESCENT = 880, 120
GB2312 = frozenset(
    ord(bytes((row, cell)).decode("gb2312"))
    for row in range(0xB0, 0xF8)
    for cell in range(0xA1, 0xFF)
    if (row, cell) < (0xD7, 0xFA) or row > 0xD7
)


def is_hanzi(code: int) -> bool:
    """Tell whether a code point is a Chinese character (unified and extension blocks)."""
    return 0x3400 <= code < 0xA000 or 0x20000 <= code < 0x32000


def _hanzi_only(code: int) -> bool:
    return is_hanzi(code) or code in PUNCTUATION or code in BLANKS


def _title(code: int) -> bool:
    # Figures and letters of a title share its weight; the currency sign does not come from here
    return _hanzi_only(code) or 0x20 <= code < 0x7F


def _common(code: int) -> bool:
    return not is_hanzi(code) or code in GB2312


def _everything(_code: int) -> bool:
    return True


def _recipes(sources: Sources) -> dict[str, tuple[Path, Callable[[int], bool]]]:
    wanted = {
        "fang": (sources.fang, _hanzi_only),
        "kai": (sources.kai, _hanzi_only),
        "biao": (sources.title, _title),
        "song": (sources.serif, _common),
        "hei": (sources.sans, _common),
        "rare": (sources.serif, _everything),
        "rare hei": (sources.sans, _everything),
    }
    return {key: (path, keep) for key, (path, keep) in wanted.items() if path is not None}


def build_bundle(sources: Sources, cache: Path) -> dict[str, Path]:
    """Return the trimmed file of every family there is a source for, building them if they are not in the cache.

    Safe to call from several processes: the folder appears in one step or not at all.
    """
    folder = cache / f"trimmed-{_fingerprint(sources)}"
    recipes = _recipes(sources)
    if not folder.is_dir():
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache) as scratch:
            made = Path(scratch) / "bundle"
            made.mkdir()
            baselines = _baselines(sources.serif)
            for key, (source, keep) in recipes.items():
                (made / f"{key}.otf").write_bytes(trim(source, keep, baselines))
            _publish(made, folder)
    return {key: folder / f"{key}.otf" for key in recipes}


def trim(source: Path, keep: Callable[[int], bool], baselines: Any) -> bytes:
    """Return the font with only the characters that `keep` accepts, its outlines unpacked for quick embedding.

    `baselines` is the BASE table all fonts of a bundle share.
    """
    face = uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(source)))
    request = uharfbuzz.SubsetInput()
    request.unicode_set.clear()
    for code in face.unicodes:
        if keep(code):
            request.unicode_set.add(code)
    request.flags = uharfbuzz.SubsetFlags.DESUBROUTINIZE
    return _aligned(uharfbuzz.subset(face, request).blob.data, baselines)


def _baselines(source: Path) -> Any:
    """Return the table that says where a font's ideographs stand in relation to its letters."""
    with TTFont(source) as font:
        return font["BASE"]


def _aligned(data: bytes, baselines: Any) -> bytes:
    """Give a font the common height and baselines.

    The text engine shifts a run whose ideographs stand elsewhere than those before it. Fonts that said different
    things, or nothing, would make lines with figures or rare characters taller.
    """
    made = BytesIO()
    with TTFont(BytesIO(data), lazy=True, recalcBBoxes=False, recalcTimestamp=False) as font:
        _set_height(font)
        font["BASE"] = baselines
        font.save(made, reorderTables=None)
    return made.getvalue()


def _set_height(font: Any) -> None:
    scale = font["head"].unitsPerEm / 1000
    ascent, descent = round(ASCENT * scale), round(DESCENT * scale)
    font["hhea"].ascent, font["hhea"].descent, font["hhea"].lineGap = ascent, -descent, 0
    font["OS/2"].sTypoAscender, font["OS/2"].sTypoDescender, font["OS/2"].sTypoLineGap = ascent, -descent, 0
    font["OS/2"].usWinAscent, font["OS/2"].usWinDescent = ascent, descent


def _publish(made: Path, folder: Path) -> None:
    try:
        os.replace(made, folder)
    except OSError:
        # Another process finished first: its bundle is as good as ours
        if not folder.is_dir():
            shutil.copytree(made, folder)


def _fingerprint(sources: Sources) -> str:
    facts = [f"{RECIPE}"]
    for path in sources.all_files():
        stat = path.stat()
        facts.append(f"{path}:{stat.st_size}:{stat.st_mtime_ns}")
    return sha256("\n".join(facts).encode()).hexdigest()[:16]
