"""Handing a stored file to a browser so that it stays a file."""

from urllib.parse import quote

from flask import Response

from grants.foundation.files.kinds import IMAGES, TRAITS, Kind
from grants.foundation.files.service import read_bytes
from grants.foundation.models import StoredFile

_SHOWABLE = {TRAITS[kind].media_type for kind in IMAGES | {Kind.PDF}}
_LOCKED = "default-src 'none'; frame-ancestors 'self'; sandbox"
# Browsers refuse to draw a PDF inside a sandbox; its own viewer runs none of the page's rights
_LOCKED_PDF = "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'self'"


def send(file: StoredFile, *, inline: bool = False) -> Response:
    """Return the file as a download, or shown in the browser when `inline` and a picture or PDF.

    The answer is never cached and nothing in it can run. The caller has decided that the actor may have it.
    """
    shown = inline and file.media_type in _SHOWABLE
    is_pdf = shown and file.media_type == TRAITS[Kind.PDF].media_type
    response = Response(read_bytes(file), content_type=_content_type(file.media_type))
    response.headers.update(
        {
            "Content-Disposition": disposition(file.name, inline=shown),
            "Content-Security-Policy": _LOCKED_PDF if is_pdf else _LOCKED,
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": "SAMEORIGIN",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Cache-Control": "private, no-store",
        }
    )
    return response


def _content_type(media_type: str) -> str:
    return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type


def disposition(name: str, *, inline: bool = False) -> str:
    """Return a Content-Disposition value that carries a Chinese file name (RFC 6266)."""
    plain = "".join(char if char.isascii() and (char.isalnum() or char in "._- ") else "_" for char in name)
    way = "inline" if inline else "attachment"
    return f"{way}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
