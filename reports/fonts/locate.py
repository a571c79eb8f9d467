"""Where open Chinese fonts are found on this machine."""

import importlib.util
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

WHEEL = "pylopdf_fonts_zh_cn"
REPOSITORY = Path(__file__).resolve().parents[2]

# Debian's texlive-lang-chinese, then the places a person or a package drops fonts into
SYSTEM_FOLDERS = (
    Path("/usr/share/texlive/texmf-dist/fonts/opentype/public/fandol"),
    Path("/usr/share/texmf/fonts/opentype/public/fandol"),
    Path("/usr/share/fonts"),
    Path("/usr/local/share/fonts"),
)


class FontsMissing(RuntimeError):
    """There is no Chinese font to print with; the message says what to install."""


@dataclass(frozen=True)
class Sources:
    """The font files to choose from. Serif and sans are complete; the others may be absent."""

    serif: Path
    sans: Path
    fang: Path | None = None
    kai: Path | None = None
    title: Path | None = None

    def all_files(self) -> tuple[Path, ...]:
        """Return every file there is, in a fixed order."""
        return tuple(path for path in (self.serif, self.sans, self.fang, self.kai, self.title) if path)


def cache_dir() -> Path:
    """Return the folder for downloaded and trimmed fonts: the user's cache, or `var/` where there is no home."""
    configured = os.environ.get("XDG_CACHE_HOME")
    try:
        base = Path(configured) if configured else Path.home() / ".cache"
    except RuntimeError:
        base = REPOSITORY / "var"
    if not os.access(_existing_parent(base), os.W_OK):
        base = REPOSITORY / "var"
    return base / "street-grants" / "fonts"


def find_sources(folders: Iterable[Path] | None = None) -> Sources:
    """Find the best open font for every role; raise FontsMissing without the two complete ones."""
    wheel = _wheel_folder()
    candidates = tuple(folders) if folders is not None else (cache_dir() / "sources", *SYSTEM_FOLDERS, *_user_folders())
    return Sources(
        serif=wheel / "NotoSerifSC-Regular.otf",
        sans=wheel / "NotoSansSC-Regular.otf",
        fang=_first(candidates, "FandolFang-Regular.otf"),
        kai=_first(candidates, "FandolKai-Regular.otf"),
        title=_first(candidates, "NotoSerifSC-SemiBold.otf", "NotoSerifSC-SemiBold.ttf", "FandolSong-Bold.otf"),
    )


def _wheel_folder() -> Path:
    spec = importlib.util.find_spec(WHEEL)
    if spec is None or spec.origin is None:
        raise FontsMissing(
            "no Chinese font to print with: install the Python package pylopdf-fonts-zh-cn (make demo does so)"
        )
    return Path(spec.origin).parent


def _user_folders() -> Iterator[Path]:
    try:
        yield Path.home() / ".local/share/fonts"
        yield Path.home() / ".fonts"
    except RuntimeError:
        return


def _first(folders: Iterable[Path], *names: str) -> Path | None:
    for folder in folders:
        for name in names:
            if found := next(iter(sorted(folder.rglob(name))), None):
                return found
    return None


def _existing_parent(path: Path) -> Path:
    while not path.exists():
        path = path.parent
    return path
