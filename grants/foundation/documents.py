"""Papers that leave the house: each gets a number and a check code, and what was issued is kept as it was."""

import hashlib
import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from grants.foundation import audit
from grants.foundation.database import db, get_one
from grants.foundation.files import store_bytes
from grants.foundation.identifiers import new_code
from grants.foundation.models import IssuedDocument
from grants.foundation.numbering import next_reference
from grants.foundation.web.listing import Page, Window, paginate

PDF = "application/pdf"


@dataclass(frozen=True)
class Identity:
    """The number and the check code printed on one issue of a paper."""

    number: str
    code: str


def new_identity(series: str) -> Identity:
    """Return the next number of a series, such as PG-2026-01-0007, with a fresh check code; writes the counter."""
    return Identity(next_reference(series), new_code())


def find_unchanged(*, kind: str, subject_ref: str, data_hash: str, is_draft: bool) -> IssuedDocument | None:
    """Return the latest issue of a paper that says exactly the same, if its PDF is kept."""
    return db.session.scalars(
        select(IssuedDocument)
        .where(
            IssuedDocument.kind == kind,
            IssuedDocument.subject_ref == subject_ref,
            IssuedDocument.data_hash == data_hash,
            IssuedDocument.is_draft.is_(is_draft),
            IssuedDocument.file_id.is_not(None),
        )
        .order_by(IssuedDocument.issued_at.desc())
        .limit(1)
    ).one_or_none()


def get_document(code: str) -> IssuedDocument:
    """Return an issued document by its check code, or raise NotFound."""
    found: IssuedDocument = get_one(select(IssuedDocument).where(IssuedDocument.code == code))
    return found


def list_documents(window: Window, *, kinds: list[str], finals_only: bool = False) -> Page[IssuedDocument]:
    """List what was issued of some kinds, newest first."""
    statement = select(IssuedDocument).where(IssuedDocument.kind.in_(kinds), IssuedDocument.file_id.is_not(None))
    if finals_only:
        statement = statement.where(IssuedDocument.is_draft.is_(False))
    return paginate(statement, window, order=IssuedDocument.issued_at, key=IssuedDocument.id)


def issue(
    *,
    identity: Identity,
    kind: str,
    subject_ref: str,
    title: str,
    content: bytes,
    data_hash: str,
    is_draft: bool,
    cutoff_at: datetime,
    issued_at: datetime,
    actor: Any,
) -> IssuedDocument:
    """Keep a PDF as issued under its number and code; anybody can compare a copy with it from now on."""
    file = store_bytes(
        content,
        name=f"{title}（{identity.number}）.pdf",
        media_type=PDF,
        purpose="report",
        actor_id=actor.id if actor else None,
    )
    db.session.flush()
    document = IssuedDocument(
        id=uuid.uuid4(),
        code=identity.code,
        number=identity.number,
        kind=kind,
        subject_ref=subject_ref,
        title=title[:200],
        content_hash=hashlib.sha256(content).hexdigest(),
        data_hash=data_hash,
        is_draft=is_draft,
        file_id=file.id,
        cutoff_at=cutoff_at,
        issued_at=issued_at,
        issued_by_id=actor.id if actor else None,
    )
    db.session.add(document)
    db.session.flush()
    audit.record("document:issue", actor=actor, subject=document, kind=kind, number=identity.number, about=subject_ref)
    return document
