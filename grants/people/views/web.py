"""The blueprint that all pages of people hang on, and what they share."""

from typing import Any

from flask import Blueprint, request

from grants.foundation.web.forms import page

blueprint = Blueprint("people", __name__)

Answer = Any
"""What a view returns: a page with its status, or a redirect."""


def local_target(raw: str | None, otherwise: str = "/desk") -> str:
    """Return a place on this site to go on to; anything else becomes `otherwise`."""
    if raw and raw.startswith("/") and not raw.startswith(("//", "/\\")):
        return raw
    return otherwise


def address() -> str:
    """Return the network address that a request came from, for counting tries."""
    return request.remote_addr or ""


def kept(template: str, **context: Any) -> tuple[str, int]:
    """Answer a wrong password or code; the counted try has to be kept, so this is not an error status."""
    return page(template, **context)[0], 200
