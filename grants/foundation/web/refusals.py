"""Refusals that are not forgotten: an act on money that was refused leaves an event of its own, with the reason."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from flask import Blueprint, Response, g, request

from grants.foundation import audit
from grants.foundation.database import db
from grants.foundation.errors import DomainError

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True)
class RefusedAct:
    """What was asked for, as far as the address says."""

    ref: str


@contextmanager
def noting() -> Iterator[None]:
    """Remember the reason for which the act in this block is refused."""
    try:
        yield
    except DomainError as refusal:
        g.refusal = refusal.message
        raise


def keep_refusals(blueprint: Blueprint, action: str, actor: Callable[[], audit.Actor | None]) -> None:
    """Write an event for every refused act of a blueprint: what `noting` saw, and whom the access list turned away.

    What the refused act has half done is undone first; the event is a transaction of its own.
    """

    @blueprint.after_request
    def keep(response: Response) -> Response:
        reason, who = g.pop("refusal", None), actor()
        if request.method in SAFE_METHODS or who is None or (reason is None and response.status_code != 403):
            return response
        db.session.rollback()
        ref = str((request.view_args or {}).get("ref", ""))
        facts = {"act": request.endpoint, "status": response.status_code, "reason": reason or "access list"}
        audit.record(action, actor=who, subject=RefusedAct(ref), **facts)
        db.session.commit()
        return response
