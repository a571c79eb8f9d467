"""The audit chain: every change writes one entry in its own transaction, linked to the last by hash.

Entries are collected while a use case runs and written in the moment before the commit, so the
lock that keeps the chain single-file is held for as short as possible.
"""

import hashlib
import json
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

from sqlalchemy import event, insert, select, text
from sqlalchemy.orm import Session

from grants.foundation.clock import now
from grants.foundation.database import db
from grants.foundation.models import AuditEntry

GENESIS = "0" * 64
CHAIN_LOCK = 7_210_001


class Actor(Protocol):
    """Whoever acts: an account, as far as the chain needs to know it."""

    @property
    def id(self) -> uuid.UUID: ...
    @property
    def display_name(self) -> str: ...


def record(action: str, *, actor: Actor | None, subject: Any, **details: Any) -> None:
    """Note that `actor` did `action` ("subject:verb") to `subject`; None is the system itself.

    Details are kept as canonical JSON: never put full identity or bank numbers into them.
    """
    fields = _event(action, actor, subject)
    pending = _pending()
    parts = _take_parts(pending, fields["actor_id"])
    if parts:
        details["parts"] = parts
    pending.append({**fields, "details": _canonical(details)})


def record_part(action: str, *, actor: Actor | None, subject: Any, **details: Any) -> None:
    """Note a change that belongs to a larger act of the same actor, so that the act leaves one event, not two.

    The next event of this actor in the transaction takes it in under `parts`; if none follows before the commit it
    is written as an event of its own, so that it is never lost.
    """
    fields = _event(action, actor, subject)
    _pending().append({**fields, "details": _canonical(details), PART: details})


PART = "part"


def _pending() -> list[dict[str, Any]]:
    pending: list[dict[str, Any]] = db.session().info.setdefault("audit", [])
    return pending


def _take_parts(pending: list[dict[str, Any]], actor_id: uuid.UUID | None) -> list[dict[str, Any]]:
    """Take what the actor's act has noted so far out of the waiting events."""
    parts = [item for item in pending if PART in item and item["actor_id"] == actor_id]
    for item in parts:
        pending.remove(item)
    return [{"action": item["action"], "ref": item["subject_ref"], **item[PART]} for item in parts]


def _canonical(details: dict[str, Any]) -> str:
    return json.dumps(details, ensure_ascii=False, sort_keys=True, default=str)


def _event(action: str, actor: Actor | None, subject: Any) -> dict[str, Any]:
    db.session.flush()
    return {
        "at": now(),
        "action": action,
        "actor_id": actor.id if actor else None,
        "actor_label": actor.display_name if actor else "系统",
        "subject_type": type(subject).__name__,
        "subject_id": str(getattr(subject, "id", "") or ""),
        "subject_ref": str(getattr(subject, "ref", "") or ""),
    }


def pending_count() -> int:
    """Return how many entries wait for the commit."""
    return len(db.session().info.get("audit", []))


@contextmanager
def savepoint() -> Iterator[None]:
    """Run a part that may fail alone: on error its rows and its audit entries go, the rest stays."""
    kept = list(db.session().info.get("audit", []))
    try:
        with db.session.begin_nested():
            yield
    except BaseException:
        db.session().info["audit"] = kept
        raise


def entry_hash(fields: dict[str, Any], previous: str) -> str:
    """Return the SHA-256 of an entry's canonical form together with the hash before it."""
    moment: datetime = fields["at"]
    body = json.dumps(
        [
            previous,
            fields["seq"],
            moment.astimezone(UTC).isoformat(timespec="microseconds"),
            fields["action"],
            str(fields["actor_id"] or ""),
            fields["actor_label"],
            fields["subject_type"],
            fields["subject_id"],
            fields["subject_ref"],
            fields["details"],
        ],
        ensure_ascii=False,
        separators=(",", ":"),
    )
    return hashlib.sha256(body.encode()).hexdigest()


def head() -> tuple[int, str]:
    """Return sequence number and hash of the newest entry (0 and zeros while there is none)."""
    row = db.session.execute(
        select(AuditEntry.seq, AuditEntry.hash).order_by(AuditEntry.seq.desc()).limit(1)
    ).one_or_none()
    return (row.seq, row.hash) if row else (0, GENESIS)


def _append_pending(session: Session) -> None:
    pending = session.info.get("audit")
    if not pending or session.in_nested_transaction():
        return
    session.flush()
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": CHAIN_LOCK})
    seq, previous = head()
    for fields in pending:
        fields.pop(PART, None)
        seq += 1
        fields["seq"] = seq
        fields["previous_hash"] = previous
        previous = fields["hash"] = entry_hash(fields, previous)
    session.execute(insert(AuditEntry), pending)
    session.info["audit"] = []


def _forget_pending(session: Session) -> None:
    if not session.in_nested_transaction():
        session.info.pop("audit", None)


def listen() -> None:
    """Attach the chain to the application's sessions."""
    event.listen(db.session, "before_commit", _append_pending)
    event.listen(db.session, "after_rollback", _forget_pending)


@dataclass(frozen=True)
class Verdict:
    """The outcome of walking the chain: how far it holds, and what broke it."""

    entry_count: int
    head_hash: str
    fault: str | None = None
    bad_seq: int | None = None

    @property
    def holds(self) -> bool:
        """Tell whether no alteration was found."""
        return self.fault is None


def verify(heads: dict[int, str] | None = None) -> Verdict:
    """Re-walk the whole chain; `heads` are published {seq: hash} pairs that must still be there.

    Finds edits, deletions inside, insertions and reorderings by itself; a cut tail or a chain that was
    rewritten as a whole only against published heads.
    """
    published = dict(heads or {})
    previous, expected = GENESIS, 1
    statement = select(AuditEntry).order_by(AuditEntry.seq).execution_options(yield_per=2000)
    entries = db.session.scalars(statement)
    for entry in entries:
        fault = _fault(entry, expected, previous)
        if fault is None and published.get(entry.seq, entry.hash) != entry.hash:
            fault = "differs from the published head"
        if fault:
            entries.close()
            return Verdict(expected - 1, previous, fault, entry.seq)
        published.pop(entry.seq, None)
        previous, expected = entry.hash, expected + 1
    if published:
        missing = min(published)
        return Verdict(expected - 1, previous, "a published entry is missing", missing)
    return Verdict(expected - 1, previous)


def _fault(entry: AuditEntry, expected: int, previous: str) -> str | None:
    if entry.seq != expected:
        return f"entry {expected} is missing"
    if entry.previous_hash != previous:
        return "does not follow the entry before it"
    fields = {column.name: getattr(entry, column.name) for column in AuditEntry.__table__.columns}
    if entry_hash(fields, previous) != entry.hash:
        return "content was changed"
    return None
