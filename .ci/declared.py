"""Digest of the dependencies pyproject.toml declares; `--check` compares it with the one each lock was made from."""

import hashlib
import json
import sys
import tomllib
from pathlib import Path

LOCKS = ("requirements.txt", "requirements-dev.txt", "requirements-signing.txt")


def declared() -> str:
    """Return a short digest of every declared dependency."""
    project = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))
    parts = [
        project["project"]["requires-python"],
        project["project"]["dependencies"],
        project["project"]["optional-dependencies"],
        project["dependency-groups"],
    ]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]


def main() -> int:
    """Print the digest, or name the locks that were made from other declarations."""
    digest = declared()
    if "--check" not in sys.argv:
        sys.stdout.write(f"{digest}\n")
        return 0
    stale = [lock for lock in LOCKS if digest not in Path(lock).read_text(encoding="utf-8").split("\n", 1)[0]]
    for lock in stale:
        sys.stderr.write(f"{lock} was not made from the dependencies in pyproject.toml; run: make lock\n")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
