"""Bring the better open fonts onto this machine through its package manager, without needing root."""

import shutil
import subprocess
import tempfile
from pathlib import Path

from reports.fonts.locate import cache_dir

PACKAGE = "texlive-lang-chinese"  # GPLv3 with font exception; one download holds 仿宋, 楷体 and a bold 宋体
WANTED = ("FandolFang-Regular.otf", "FandolKai-Regular.otf", "FandolSong-Bold.otf")
TIMEOUT_SECONDS = 300


class FetchFailed(RuntimeError):
    """The better fonts could not be had; printing goes on with those of the Python environment."""


def fetch_fandol(cache: Path | None = None) -> tuple[Path, ...]:
    """Download Debian's Fandol fonts into the cache and return their files; those already there are kept.

    Raises FetchFailed where apt-get or dpkg-deb is missing, or the package cannot be downloaded.
    """
    target = (cache or cache_dir()) / "sources"
    files = tuple(target / name for name in WANTED)
    if all(path.is_file() for path in files):
        return files
    for tool in ("apt-get", "dpkg-deb"):
        if shutil.which(tool) is None:
            raise FetchFailed(f"{tool} is not here; on Debian or Ubuntu install {PACKAGE} for better fonts")
    with tempfile.TemporaryDirectory() as scratch:
        package = _download(Path(scratch))
        unpacked = Path(scratch) / "unpacked"
        _run(["dpkg-deb", "-x", str(package), str(unpacked)], Path(scratch))
        target.mkdir(parents=True, exist_ok=True)
        for path in files:
            found = next(unpacked.rglob(path.name), None)
            if found is None:
                raise FetchFailed(f"{PACKAGE} holds no {path.name}")
            shutil.copyfile(found, path)
    return files


def _download(folder: Path) -> Path:
    _run(["apt-get", "download", "-q", PACKAGE], folder)
    package = next(folder.glob("*.deb"), None)
    if package is None:
        raise FetchFailed(f"apt-get said nothing, but {PACKAGE} did not arrive")
    return package


def _run(command: list[str], folder: Path) -> None:
    try:
        subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=TIMEOUT_SECONDS)  # noqa: S603 - fixed command
    except subprocess.CalledProcessError as error:
        said = error.stderr.decode(errors="replace").strip().splitlines()
        raise FetchFailed(f"{' '.join(command)}: {said[-1] if said else 'failed'}") from error
    except subprocess.TimeoutExpired as error:
        raise FetchFailed(f"{' '.join(command)}: no answer within {TIMEOUT_SECONDS} s") from error
