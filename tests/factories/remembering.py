"""What many tests start from is made once in a process; after that its rows are put back as they were.

Making a street, its staff and a signed agreement through the services takes a third of a second, putting the rows back
a fiftieth. Typical use:

    @remembered
    def make_parties() -> Parties: ...
"""

import functools
import io
import pickle
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any, TypeVar

import pysqlite3
from sqlalchemy import select, text
from sqlalchemy.orm.util import identity_key

from grants.foundation import clock
from grants.foundation.database import Base, db
from grants.foundation.models import AuditEntry
from grants.people.models import Place, User

Made = TypeVar("Made")
FIRST = (Place, User, AuditEntry)
"""What is there as soon as anything is."""

_memory: dict[tuple[object, ...], tuple[Any, bytes]] = {}


def remembered(make: Callable[..., Made]) -> Callable[..., Made]:
    """Remember what a builder makes in an empty database; it is committed. With arguments it is made as ever."""

    @functools.wraps(make)
    def wrapper(*args: object, **kwargs: object) -> Made:
        if args or kwargs or not _is_empty():
            return make(*args, **kwargs)
        key = (db.engine.dialect.name, make.__module__, make.__qualname__, clock.today())
        if key not in _memory:
            made = make()
            db.session.commit()
            _memory[key] = (_take_rows(), _pickled(made))
            db.session.rollback()
            return made
        rows, value = _memory[key]
        _put_rows_back(rows)
        return _Reader(io.BytesIO(value)).load()  # type: ignore[no-any-return]

    return wrapper


def _is_empty() -> bool:
    if db.session.new or db.session.dirty:
        return False
    return not any(db.session.scalar(select(select(table).exists())) for table in FIRST)


class _Writer(pickle.Pickler):
    """Writes the key of a row in the place of the object that stands for it."""

    def persistent_id(self, obj: object) -> object:
        """Return class and primary key of a row, None for anything else."""
        if isinstance(obj, db.Model):
            return type(obj), identity_key(instance=obj)[1]
        return None


class _Reader(pickle.Unpickler):
    """Reads the row whose key it finds."""

    def persistent_load(self, pid: Any) -> object:
        """Return the object of a row."""
        return db.session.get_one(*pid)


def _pickled(made: object) -> bytes:
    written = io.BytesIO()
    _Writer(written).dump(made)
    return written.getvalue()


def _raw() -> Any:
    """Return the driver's own connection, of the session's transaction."""
    return db.session.connection().connection.driver_connection


@contextmanager
def _opened_file() -> Iterator[pysqlite3.Connection]:
    """Open the SQLite file beside the session, which holds no lock while nothing is asked of it."""
    db.session.rollback()
    with closing(pysqlite3.connect(db.engine.url.database)) as opened:
        opened.execute("PRAGMA synchronous = OFF")
        yield opened


def _take_rows() -> Any:
    if db.engine.dialect.name == "sqlite":
        copy = pysqlite3.connect(":memory:", check_same_thread=False)
        with _opened_file() as opened:
            opened.backup(copy)
        return copy
    rows = {}
    for table in Base.metadata.sorted_tables:
        with _raw().cursor().copy(f'COPY "{table.name}" TO STDOUT (FORMAT binary)') as copying:
            rows[table.name] = b"".join(bytes(part) for part in copying)
    emptiest = min(map(len, rows.values()))
    return {name: content for name, content in rows.items() if len(content) > emptiest}


def _put_rows_back(rows: Any) -> None:
    if db.engine.dialect.name == "sqlite":
        with _opened_file() as opened:
            rows.backup(opened)
        return
    # The triggers have had their say when the rows were made
    db.session.execute(text("SET LOCAL session_replication_role = replica"))
    for name, content in rows.items():
        with _raw().cursor().copy(f'COPY "{name}" FROM STDIN (FORMAT binary)') as copying:
            copying.write(content)
    db.session.commit()
