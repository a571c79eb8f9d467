"""Taking files in and handing them out."""

import uuid
from collections.abc import Callable
from pathlib import PurePath

from flask import current_app
from werkzeug.datastructures import FileStorage

from grants.foundation.database import db, get_by_id
from grants.foundation.errors import RuleBroken
from grants.foundation.files.antivirus import scan
from grants.foundation.files.kinds import TRAITS, Kind, kind_of_extension, spoken
from grants.foundation.files.names import clean_name, split_name
from grants.foundation.files.store import store
from grants.foundation.i18n import _
from grants.foundation.models import StoredFile


def store_upload(
    upload: FileStorage, *, purpose: str, actor_id: uuid.UUID | None, allow: frozenset[Kind]
) -> StoredFile:
    """Check what a person sent, make it harmless and keep it; the row joins the caller's transaction.

    Raises RuleBroken, with the upload's form field, when it is too large, of a kind not in `allow`, not what its name
    says, damaged, encrypted, infected or carries macros, scripts or references that cannot be taken out.
    """
    try:
        name, kind = _named(upload.filename or "", allow)
        data = _read(upload)
        scan(data)
        return _keep(data, name, kind, purpose, actor_id)
    except RuleBroken as refusal:
        refusal.field = refusal.field or upload.name
        raise


def _named(filename: str, allow: frozenset[Kind]) -> tuple[str, Kind]:
    if not filename.strip():
        raise RuleBroken(_("请选择要上传的文件。"))
    stem, extension = split_name(filename)
    kind = kind_of_extension(extension)
    if kind is None or kind not in allow:
        raise RuleBroken(_("不能上传这种文件。可以上传的格式：%(kinds)s。", kinds=spoken(allow)))
    return stem + extension, kind


def max_bytes() -> int:
    """Return the largest upload accepted, in bytes."""
    return int(current_app.config["SETTINGS"].max_upload_mb) << 20


def _read(upload: FileStorage) -> bytes:
    limit = max_bytes()
    data = upload.stream.read(limit + 1)
    if len(data) > limit:
        raise RuleBroken(_("文件超过 %(limit)s MB。请压缩、降低扫描分辨率或拆分后再上传。", limit=limit >> 20))
    if not data:
        raise RuleBroken(_("文件是空的，请重新选择。"))
    return data


def _keep(data: bytes, name: str, kind: Kind, purpose: str, actor_id: uuid.UUID | None) -> StoredFile:
    # Parsers are loaded with the first upload, not with every worker
    from grants.foundation.files.images import clean_image
    from grants.foundation.files.sniffing import check_content

    check_content(data, kind)
    taken_at = look = None
    if kind in (Kind.JPEG, Kind.PNG, Kind.WEBP):
        data, taken_at, look = clean_image(data, kind)
    else:
        data = _cleaner(kind)(data)
    file = store_bytes(data, name=name, media_type=TRAITS[kind].media_type, purpose=purpose, actor_id=actor_id)
    file.taken_at = taken_at
    file.picture_hash = look
    return file


def _cleaner(kind: Kind) -> Callable[[bytes], bytes]:
    if kind is Kind.PDF:
        from grants.foundation.files.pdf import clean_pdf

        return clean_pdf
    if kind is Kind.CSV:
        from grants.foundation.files.delimited import clean_csv

        return clean_csv
    from grants.foundation.files.office import clean_office

    return lambda data: clean_office(data, kind)


def store_bytes(data: bytes, *, name: str, media_type: str, purpose: str, actor_id: uuid.UUID | None) -> StoredFile:
    """Keep a file the system itself made; the row joins the caller's transaction."""
    file = StoredFile(
        id=uuid.uuid4(),
        sha256=store().put(data),
        size=len(data),
        media_type=media_type,
        name=clean_name(name),
        purpose=purpose,
        uploaded_by_id=actor_id,
    )
    db.session.add(file)
    return file


def read_bytes(file: StoredFile) -> bytes:
    """Return a file's content, checked against its hash."""
    return store().get(file.sha256)


def get_file(file_id: uuid.UUID) -> StoredFile:
    """Return the row of a file, or raise NotFound. Who may have it is for the caller to decide."""
    found: StoredFile = get_by_id(StoredFile, file_id)
    return found


def extension_of(file: StoredFile) -> str:
    """Return a file's extension with its dot, in lower case."""
    return PurePath(file.name).suffix.lower()
