"""`python -m reports.fonts fetch` brings better fonts; `python -m reports.fonts list` shows what draws what."""

import sys

from reports.fonts import FontsMissing, faces
from reports.fonts.fetch import FetchFailed, fetch_fandol

USAGE = "usage: python -m reports.fonts fetch|list\n"


def main(arguments: list[str]) -> int:
    """Run one of the two commands; a failed fetch is a note, not an error, since printing works without it."""
    if arguments not in (["fetch"], ["list"]):
        sys.stderr.write(USAGE)
        return 2
    try:
        if arguments == ["fetch"]:
            _fetch()
        for face in faces():
            sys.stdout.write(f"{face.family:<14} {face.path}\n")
    except FontsMissing as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def _fetch() -> None:
    try:
        fetch_fandol()
    except FetchFailed as error:
        sys.stderr.write(f"note: {error}; 宋体 stands in for 仿宋 and 楷体\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
