"""Where the queue is kept: SQLite in data_dir, or the PostgreSQL or Redis that HUEY_URL names."""

import json
import sqlite3
from pathlib import Path
from typing import Any

from huey import Huey, MemoryHuey, PostgresHuey, RedisHuey, SqliteHuey
from huey.registry import Message
from huey.serializer import Serializer

from grants.foundation.database import wal_is_safe

NAME = "grants"


class _PlainText(Serializer):  # type: ignore[misc]
    """Messages as JSON: whoever can write into the queue must not be able to run code through it."""

    def _serialize(self, data: Any) -> bytes:
        return json.dumps(data).encode()

    def _deserialize(self, data: bytes) -> Any:
        return Message(*json.loads(data))


def open_huey(url: str, data_dir: Path) -> Huey:
    """Return the queue at an address, empty for the one in data_dir; raises ValueError for any other."""
    scheme, _, rest = url.partition("://")
    options = {"results": False, "serializer": _PlainText()}
    if not url or scheme == "sqlite":
        path = Path("/" + rest.lstrip("/")) if url else data_dir / "jobs.sqlite"
        return SqliteHuey(NAME, filename=str(path), fsync=True, journal_mode=_journal_mode(), timeout=10, **options)
    if scheme == "memory":
        return MemoryHuey(NAME, **options)
    try:
        if scheme in {"postgres", "postgresql", "postgresql+psycopg"}:
            return PostgresHuey(NAME, dsn=f"postgresql://{rest}", **options)
        if scheme in {"redis", "rediss"}:
            return RedisHuey(NAME, url=url, **options)
    except Exception as error:
        raise ValueError(f"HUEY_URL cannot be used: {error}") from error
    raise ValueError(f"HUEY_URL begins with {scheme}://; use sqlite, postgresql, redis or leave it out")


def _journal_mode() -> str:
    connection = sqlite3.connect(":memory:")
    try:
        return "wal" if wal_is_safe(connection) else "truncate"
    finally:
        connection.close()
