"""The archive: a ZIP of tables as JSON lines, files under their hash, and a signed manifest that names every member."""

import hashlib
import json
import os
import tempfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

MANIFEST, SIGNATURE = "manifest.json", "manifest.sig"
FORMAT = "street-grants-backup/1"
KEY_CHECK = "backup.key_check"
"""Where the sealed check value belongs: it opens only with the FIELD_KEY of the installation it came from."""
_CHUNK = 1 << 20
_LARGEST_MANIFEST = 256 << 20


class BackupFailed(Exception):
    """A backup could not be taken or put back; the message is one line for the operator."""


@dataclass(frozen=True)
class Member:
    """One table in the archive: its columns in order, how many rows, and the SHA-256 of its lines."""

    columns: list[str]
    row_count: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What the archive holds and what must be true of it once it is back.

    `facts` are what the stages proved of the data: audit head and ledger totals. `files` are SHA-256 → bytes.
    """

    taken_at: str
    engine: str
    revision: str
    key_check: str
    public_key: str
    facts: dict[str, Any]
    tables: dict[str, Member]
    files: dict[str, int]

    @property
    def row_count(self) -> int:
        """Return the number of rows of all tables."""
        return sum(member.row_count for member in self.tables.values())

    @property
    def member_names(self) -> set[str]:
        """Return every name that belongs into the archive."""
        tables = {table_name(name) for name in self.tables}
        return tables | {file_name(address) for address in self.files} | {MANIFEST, SIGNATURE}

    def to_bytes(self) -> bytes:
        """Return the manifest as it is written and signed."""
        return json.dumps({"format": FORMAT} | asdict(self), ensure_ascii=False, indent=1, sort_keys=True).encode()

    @classmethod
    def from_bytes(cls, data: bytes) -> "Manifest":
        """Read a manifest; raise BackupFailed when it is of another kind."""
        try:
            content = json.loads(data)
            if content.pop("format") != FORMAT:
                raise BackupFailed("the archive is of another format; restore it with the version that made it")
            content["tables"] = {name: Member(**member) for name, member in content["tables"].items()}
            return cls(**content)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise BackupFailed("the manifest cannot be read") from error


def table_name(table: str) -> str:
    """Return the member that holds a table."""
    return f"tables/{table}.jsonl"


def file_name(address: str) -> str:
    """Return the member that holds a file."""
    return f"files/{address}"


class Writer:
    """An archive being written."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive

    def add_table(self, name: str, columns: list[str], lines: Iterable[bytes]) -> Member:
        """Write a table line by line."""
        digest, count = hashlib.sha256(), 0
        with self._archive.open(_entry(table_name(name), zipfile.ZIP_DEFLATED), "w", force_zip64=True) as member:
            for line in lines:
                member.write(line)
                digest.update(line)
                count += 1
        return Member(columns, count, digest.hexdigest())

    def add(self, name: str, data: bytes, *, is_compressible: bool = False) -> None:
        """Write a member in one piece."""
        self._archive.writestr(_entry(name, zipfile.ZIP_DEFLATED if is_compressible else zipfile.ZIP_STORED), data)


def _entry(name: str, method: int) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name)
    entry.compress_type = method
    entry.external_attr = 0o600 << 16
    return entry


@contextmanager
def writing(target: Path) -> Iterator[Writer]:
    """Write an archive that only its owner can read; it appears under its name when it is whole, or not at all."""
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            with zipfile.ZipFile(file, "w") as archive:
                yield Writer(archive)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(target)
    finally:
        Path(name).unlink(missing_ok=True)


class Reader:
    """An archive being read; what it gives out is checked against its manifest by `check_members` first."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self.manifest_bytes = self._small(MANIFEST)
        self.signature = self._small(SIGNATURE)

    def _small(self, name: str) -> bytes:
        try:
            entry = self._archive.getinfo(name)
        except KeyError:
            raise BackupFailed("the file is not a backup of this program") from None
        if entry.file_size > _LARGEST_MANIFEST:
            raise BackupFailed("the manifest cannot be read")
        return self._archive.read(entry)

    def check_members(self, manifest: Manifest) -> None:
        """Hash every member; raise BackupFailed naming the first that is missing, altered or does not belong."""
        names = self._archive.namelist()
        for name in sorted(manifest.member_names - set(names)):
            raise BackupFailed(f"{name} is missing from the archive")
        if len(names) != len(manifest.member_names):
            raise BackupFailed("the archive holds members that its manifest does not name")
        expected = {table_name(name): member.sha256 for name, member in manifest.tables.items()}
        expected |= {file_name(address): address for address in manifest.files}
        for name, sha256 in expected.items():
            if self._hash(name) != sha256:
                raise BackupFailed(f"{name} was altered or damaged")

    def _hash(self, name: str) -> str:
        digest = hashlib.sha256()
        with self._archive.open(name) as member:
            while chunk := member.read(_CHUNK):
                digest.update(chunk)
        return digest.hexdigest()

    def lines(self, table: str) -> Iterator[bytes]:
        """Yield the lines of a table."""
        with self._archive.open(table_name(table)) as member:
            yield from member

    def file(self, address: str) -> bytes:
        """Return the content of a file."""
        return self._archive.read(file_name(address))


@contextmanager
def reading(path: Path) -> Iterator[Reader]:
    """Open an archive; raise BackupFailed when it is none or is cut short."""
    try:
        with zipfile.ZipFile(path) as archive:
            yield Reader(archive)
    except (zipfile.BadZipFile, EOFError, zlib.error) as error:
        raise BackupFailed(f"{path.name} is not a whole archive ({error})") from error
