"""Whether a paper or a PDF is one of ours."""

from sqlalchemy import select

from grants.foundation.database import db
from grants.foundation.models import IssuedDocument


def find_document(code: str) -> IssuedDocument | None:
    """Return the issued document with a check code."""
    return db.session.scalars(select(IssuedDocument).where(IssuedDocument.code == code)).one_or_none()
