"""The blueprint that all pages of supervision hang on, and what they share."""

from collections.abc import Iterable
from typing import Any

from flask import Blueprint

from grants.agreements.models import Agreement
from grants.agreements.queries import get_agreement
from grants.foundation.errors import require
from grants.foundation.files import PAPERS, Kind, store_upload
from grants.foundation.models import StoredFile
from grants.people import current
from grants.supervision.policy import why_not_watch

blueprint = Blueprint("supervision", __name__, url_prefix="/supervision")


def watched(ref: str) -> Agreement:
    """Return an agreement whose supervision file the actor may open, or refuse."""
    agreement = get_agreement(ref)
    require(why_not_watch(current.actor(), agreement))
    return agreement


def keep(upload: Any, purpose: str, allow: frozenset[Kind] = PAPERS) -> StoredFile | None:
    """Store an upload when one was sent."""
    if not upload or not upload.filename:
        return None
    return store_upload(upload, purpose=purpose, actor_id=current.actor().id, allow=allow)


def keep_all(uploads: Iterable[Any], purpose: str, allow: frozenset[Kind] = PAPERS) -> list[StoredFile]:
    """Store all uploads that were sent."""
    kept = (keep(upload, purpose, allow) for upload in uploads or ())
    return [file for file in kept if file is not None]
