"""Taking a backup: one moment of the database, then the files that moment names."""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, select

from grants.foundation.backup import rows
from grants.foundation.backup.archive import KEY_CHECK, MANIFEST, SIGNATURE, Manifest, Writer, file_name, writing
from grants.foundation.clock import now
from grants.foundation.database import Base, db, reading_only
from grants.foundation.files.store import store
from grants.foundation.models import StoredFile
from grants.foundation.sealing import vault


def take(target: Path, *, prove: Callable[[], dict[str, Any]], left_out: Collection[str] = ()) -> Manifest:
    """Write database and files into one archive and return what it holds; readers and writers go on meanwhile.

    `prove` is called on the same moment of the database; it returns what must be true again after a restore and
    raises BackupFailed where the data do not hold. Tables `left_out` keep their names only. Raises OSError and
    StorageUnavailable; `target` is there whole or not at all.
    """
    with writing(target) as writer:
        with _one_moment() as connection:
            tables = {
                table.name: writer.add_table(
                    table.name,
                    [column.name for column in table.columns],
                    () if table.name in left_out else rows.dump(connection, table),
                )
                for table in Base.metadata.sorted_tables
            }
            sizes = {row.sha256: row.size for row in connection.execute(select(StoredFile.sha256, StoredFile.size))}
            revision = MigrationContext.configure(connection).get_current_revision()
            engine, facts = connection.dialect.name, prove()
        _add_files(writer, sizes)
        manifest = Manifest(
            taken_at=now().isoformat(),
            engine=engine,
            revision=revision or "",
            key_check=vault().encrypt(KEY_CHECK, KEY_CHECK),
            public_key=vault().public_key_hex,
            facts=facts,
            tables=tables,
            files=sizes,
        )
        writer.add(MANIFEST, manifest.to_bytes(), is_compressible=True)
        writer.add(SIGNATURE, vault().sign(manifest.to_bytes()).hex().encode())
    return manifest


@contextmanager
def _one_moment() -> Iterator[Connection]:
    """Hold one moment of the database: a snapshot on PostgreSQL, a read transaction on SQLite."""
    db.session.rollback()
    options = {}
    if db.engine.dialect.name == "postgresql":
        options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with reading_only():
        try:
            yield db.session.connection(execution_options=options)
        finally:
            db.session.rollback()


def _add_files(writer: Writer, sizes: dict[str, int]) -> None:
    """Add every file once. Bytes are stored before their row is committed and never change, so none is missing."""
    for address in sorted(sizes):
        writer.add(file_name(address), store().get(address))
