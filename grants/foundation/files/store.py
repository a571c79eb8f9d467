"""Where the bytes lie: an object store in which a file's address is the SHA-256 of its content.

What is written is never changed. Bytes are on the disk before the row that names them is committed; bytes that no
row names do no harm.
"""

import hashlib
import logging
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import obstore
from flask import current_app
from obstore.exceptions import AlreadyExistsError, BaseError
from obstore.store import LocalStore, from_url

from grants.foundation.errors import DomainError
from grants.foundation.i18n import _

if TYPE_CHECKING:
    from obstore.store import ObjectStore

log = logging.getLogger("grants.files")


class StorageUnavailable(DomainError):
    """The disk is full, or the object store does not answer or lost a file (503)."""

    status = 503


@dataclass(frozen=True)
class Store:
    """An object store, and its folder when it is one on this machine."""

    objects: "ObjectStore"
    root: Path | None

    def put(self, data: bytes) -> str:
        """Keep the bytes for good and return their address; the same bytes are kept once."""
        address = hashlib.sha256(data).hexdigest()
        try:
            self._put_once(_path(address), data, address)
            self._reach_the_disk(_path(address))
        except (OSError, BaseError) as error:
            log.exception("a file could not be stored")
            raise StorageUnavailable(_("文件暂时无法保存，可能是存储空间已满。请稍后再试，或联系管理员。")) from error
        return address

    def _put_once(self, path: str, data: bytes, address: str) -> None:
        try:
            obstore.put(self.objects, path, data, mode="create")
        except AlreadyExistsError:
            # After a power cut the name may be there with less than its content
            if hashlib.sha256(obstore.get(self.objects, path).bytes()).hexdigest() != address:
                obstore.put(self.objects, path, data, mode="overwrite")

    def _reach_the_disk(self, path: str) -> None:
        if self.root is None:
            return
        target = self.root / path
        for place in (target, target.parent, self.root):
            descriptor = os.open(place, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)

    def get(self, address: str) -> bytes:
        """Return the bytes at an address; raise StorageUnavailable when they are gone or were altered."""
        try:
            data = bytes(obstore.get(self.objects, _path(address)).bytes())
        except (OSError, BaseError) as error:
            log.exception("file %s could not be read", address)
            raise StorageUnavailable(_("文件暂时无法读取，请稍后再试；若仍不成功，请联系管理员。")) from error
        if hashlib.sha256(data).hexdigest() != address:
            log.error("file %s does not match its hash", address)
            raise StorageUnavailable(_("文件校验不一致，可能已损坏，系统已停止提供下载。请联系管理员。"))
        return data

    def holds(self, address: str) -> bool:
        """Tell whether something lies at an address."""
        try:
            obstore.head(self.objects, _path(address))
        except FileNotFoundError:
            return False
        return True

    def discard(self, address: str) -> None:
        """Take back bytes whose row was never committed; those that are not there are no fault."""
        with suppress(FileNotFoundError):
            obstore.delete(self.objects, _path(address))


def _path(address: str) -> str:
    return f"{address[:2]}/{address}"


def store() -> Store:
    """Return the application's store: the folder data_dir/files, or what the setting FILES_URL names (s3://…)."""
    found = current_app.extensions.get("files")
    if not isinstance(found, Store):
        found = current_app.extensions["files"] = _open()
    return found


def _open() -> Store:
    settings = current_app.config["SETTINGS"]
    url = settings.environ.get("FILES_URL", "")
    if url:
        return Store(from_url(url), None)
    root = Path(settings.data_dir) / "files"
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    return Store(LocalStore(root), root)
