"""Putting a backup back: everything is checked first, then one transaction holds all of it or nothing."""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, select
from sqlalchemy.exc import DBAPIError

from grants.foundation.backup import rows
from grants.foundation.backup.archive import KEY_CHECK, BackupFailed, Manifest, Reader, reading
from grants.foundation.backup.rows import Staged
from grants.foundation.database import Base, db
from grants.foundation.files.store import store
from grants.foundation.sealing import SealBroken, vault


def restore(source: Path, *, prove: Callable[[], dict[str, Any]], staged: Collection[Staged] = ()) -> Manifest:
    """Put an archive into this empty installation, on either engine, and return what it held.

    Raises BackupFailed, and leaves nothing behind, when the archive is damaged or was made with another FIELD_KEY,
    when this installation is not empty or of another revision, when a guard of a table refuses a row, or when what
    `prove` finds differs from what was true when the backup was taken.
    """
    db.session.rollback()
    with reading(source) as archive:
        manifest = _genuine(archive)
        try:
            connection = db.session.connection()
            _check_place(connection, manifest)
            archive.check_members(manifest)
            _load(connection, archive, manifest, {one.table: one for one in staged})
            if prove() != manifest.facts:
                raise BackupFailed("audit head or ledger totals are not those of the backup")
            with _files(archive, manifest):
                db.session.commit()
        finally:
            db.session.rollback()
    return manifest


def _genuine(archive: Reader) -> Manifest:
    """Return the manifest of an archive that an installation with this FIELD_KEY made."""
    manifest = Manifest.from_bytes(archive.manifest_bytes)
    try:
        vault().decrypt(manifest.key_check, KEY_CHECK)
    except SealBroken:
        raise _other_key() from None
    if manifest.public_key != vault().public_key_hex:
        raise _other_key()
    try:
        signature = bytes.fromhex(archive.signature.decode())
    except ValueError:
        signature = b""
    if not vault().verify(archive.manifest_bytes, signature):
        raise BackupFailed("the manifest was altered: its signature is not ours")
    return manifest


def _other_key() -> BackupFailed:
    return BackupFailed("the backup was made with another FIELD_KEY; start with the FIELD_KEY of that installation")


def _check_place(connection: Connection, manifest: Manifest) -> None:
    here = MigrationContext.configure(connection).get_current_revision()
    if here is None:
        raise BackupFailed("this database has no tables yet; run «flask --app wsgi db upgrade» first")
    expected = {table.name: [column.name for column in table.columns] for table in Base.metadata.sorted_tables}
    if here != manifest.revision or expected != {name: one.columns for name, one in manifest.tables.items()}:
        raise BackupFailed(
            f"the backup is of revision {manifest.revision}, this database of {here}; "
            "restore with the version that made it and upgrade afterwards"
        )
    for table in Base.metadata.sorted_tables:
        if connection.execute(select(1).select_from(table).limit(1)).first():
            raise BackupFailed(f"this installation is not empty (table {table.name}); restore into a new one")


def _load(connection: Connection, archive: Reader, manifest: Manifest, staged: dict[str, Staged]) -> None:
    tables = {table.name: table for table in Base.metadata.sorted_tables}
    for name, table in tables.items():
        first = staged[name].first if name in staged else {}
        with _refusals(name):
            count = rows.load(connection, table, rows.parse(table, archive.lines(name)), first)
        if count != manifest.tables[name].row_count:
            raise BackupFailed(f"table {name}: {count} rows instead of {manifest.tables[name].row_count}")
    for name, step in staged.items():
        with _refusals(name):
            rows.settle(connection, tables[name], rows.parse(tables[name], archive.lines(name)), step)


@contextmanager
def _refusals(table: str) -> Iterator[None]:
    """Say what the database refused, without the values: they are personal data."""
    try:
        yield
    except DBAPIError as error:
        words = (str(error.orig).splitlines() or ["no reason given"])[0]
        raise BackupFailed(f"table {table}: the database refused a row ({words})") from None
    except ValueError as error:
        raise BackupFailed(f"table {table}: a row cannot be read") from error


@contextmanager
def _files(archive: Reader, manifest: Manifest) -> Iterator[None]:
    """Keep the files for what happens inside; when that fails, those that were not here before go again."""
    files, added = store(), []
    try:
        for address in manifest.files:
            if not files.holds(address):
                added.append(address)
            files.put(archive.file(address))
        yield
    except BaseException:
        for address in added:
            files.discard(address)
        raise
