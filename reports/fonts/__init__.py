"""Fonts for print: which file draws which role, and the style sheet that says so.

A paper has five voices: 仿宋 for the text, 楷体 and 黑体 for headings, 小标宋 for the title, 宋体 for figures and for
whatever the others lack. The office's own licensed fonts come first where they are installed; open ones follow; the
chain ends in a complete 宋体, so a rare character of a name is always drawn. No font file is kept in the repository.
"""

from dataclasses import dataclass
from pathlib import Path

from reports.fonts.locate import FontsMissing, Sources, cache_dir, find_sources
from reports.fonts.trim import build_bundle

__all__ = ["ROLES", "Face", "FontsMissing", "Role", "faces", "font_css", "stacks"]


@dataclass(frozen=True)
class Role:
    """One voice of a paper: its key in style sheets (`var(--key)`), the office's fonts and the open stand-ins."""

    key: str
    name: str
    licensed: tuple[str, ...]
    open: tuple[str, ...]


# Names after Windows, WPS and macOS; 仿宋_GB2312 and 方正小标宋 are the ones GB/T 9704-2012 papers are usually set in
ROLES = (
    Role("fang", "仿宋", ("FangSong_GB2312", "仿宋_GB2312", "FangSong", "STFangsong"), ("Open Fang", "Open Song")),
    Role("kai", "楷体", ("KaiTi_GB2312", "楷体_GB2312", "KaiTi", "STKaiti"), ("Open Kai", "LXGW WenKai", "Open Song")),
    Role("hei", "黑体", ("SimHei", "STHeiti"), ("Open Hei", "Open Rare Hei")),
    Role("biao", "小标宋", ("FZXiaoBiaoSong-B05S", "方正小标宋简体", "FZXiaoBiaoSong-B05"), ("Open Biao", "Open Song")),
    Role("song", "宋体", ("SimSun", "STSong"), ("Open Song",)),
)
LAST_RESORT = "Open Rare"


@dataclass(frozen=True)
class Face:
    """One font file and the family name the style sheets call it by."""

    family: str
    path: Path


def faces(sources: Sources | None = None, cache: Path | None = None) -> tuple[Face, ...]:
    """Return the font files to print with, trimming them first if this machine has not done so yet.

    The complete fonts stand last, under their own family names, for the characters that were trimmed away.
    Raises FontsMissing when not even the fonts of the Python environment are there.
    """
    sources = sources or find_sources()
    bundle = build_bundle(sources, cache or cache_dir())
    return tuple(Face(f"Open {key.title()}", path) for key, path in bundle.items())


def stacks() -> dict[str, str]:
    """Return the `font-family` value of every role."""
    return {
        role.key: ", ".join(f'"{family}"' for family in (*role.licensed, *role.open, LAST_RESORT)) for role in ROLES
    }


def font_css(loaded: tuple[Face, ...], scheme: str) -> str:
    """Return the @font-face rules; each file is addressed as `<scheme>:fonts/<index>`, never by its path.

    No `unicode-range`: the layout engine takes a range as a promise that every character in it exists, and would draw
    a box for the ones that do not. The trimmed files tell the truth by themselves.
    """
    return "\n".join(
        f'@font-face {{ font-family: "{face.family}"; src: url({scheme}:fonts/{index}); }}'
        for index, face in enumerate(loaded)
    )
