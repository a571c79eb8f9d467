"""Reading the audit chain: pages by number, filters, what an actor may see of it."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Select, or_, select

from grants.foundation.clock import start_of
from grants.foundation.database import db
from grants.foundation.models import AuditEntry
from grants.people.queries.accounts import escaped

PAGE_SIZE = 50
EXPORT_LIMIT = 100_000


@dataclass(frozen=True)
class AuditScope:
    """What somebody may read: everything, or their own entries and those of some subjects."""

    own: uuid.UUID
    is_everything: bool = False
    subjects: tuple[str, ...] = ()


@dataclass(frozen=True)
class AuditFilter:
    """What to look for; empty values mean everything."""

    action: str = ""
    actor: str = ""
    subject: str = ""
    since: date | None = None
    until: date | None = None

    @property
    def count(self) -> int:
        """Return how many conditions are set."""
        return sum(bool(value) for value in (self.action, self.actor, self.subject, self.since, self.until))


@dataclass(frozen=True)
class AuditPage:
    """Some entries, newest first, and the numbers to go on from."""

    items: Sequence[AuditEntry] = field(default_factory=list)
    older: int | None = None
    newer: int | None = None


def visible(scope: AuditScope, wanted: AuditFilter) -> Select[Any]:
    """Return the select of the entries inside a scope that meet the conditions."""
    statement = select(AuditEntry)
    if not scope.is_everything:
        shared = (AuditEntry.action.like(f"{subject}:%") for subject in scope.subjects)
        statement = statement.where(or_(AuditEntry.actor_id == scope.own, *shared))
    return _filtered(statement, wanted)


def _filtered(statement: Select[Any], wanted: AuditFilter) -> Select[Any]:
    if wanted.action:
        statement = statement.where(AuditEntry.action.like(f"{escaped(wanted.action)}%", escape="\\"))
    if wanted.actor:
        statement = statement.where(AuditEntry.actor_label.like(f"%{escaped(wanted.actor)}%", escape="\\"))
    if wanted.subject:
        ref = AuditEntry.subject_ref.like(f"{escaped(wanted.subject)}%", escape="\\")
        statement = statement.where(
            or_(ref, AuditEntry.subject_id == wanted.subject, AuditEntry.subject_type == wanted.subject)
        )
    if wanted.since:
        statement = statement.where(AuditEntry.at >= start_of(wanted.since))
    if wanted.until:
        statement = statement.where(AuditEntry.at < start_of(wanted.until + timedelta(days=1)))
    return statement


def page_audit(
    scope: AuditScope, wanted: AuditFilter, *, older_than: int | None = None, newer_than: int | None = None
) -> AuditPage:
    """Return one page of the entries inside a scope, newest first."""
    statement = visible(scope, wanted)
    if newer_than is not None:
        rows = _rows(statement.where(AuditEntry.seq > newer_than).order_by(AuditEntry.seq))
        more = len(rows) > PAGE_SIZE
        rows = rows[:PAGE_SIZE][::-1]
        return AuditPage(rows, rows[-1].seq if rows else None, rows[0].seq if rows and more else None)
    if older_than is not None:
        statement = statement.where(AuditEntry.seq < older_than)
    rows = _rows(statement.order_by(AuditEntry.seq.desc()))
    more = len(rows) > PAGE_SIZE
    rows = rows[:PAGE_SIZE]
    newer = rows[0].seq if rows and older_than is not None else None
    return AuditPage(rows, rows[-1].seq if more else None, newer)


def _rows(statement: Select[Any]) -> list[AuditEntry]:
    return list(db.session.scalars(statement.limit(PAGE_SIZE + 1)))


def iterate_audit(scope: AuditScope, wanted: AuditFilter) -> Sequence[AuditEntry]:
    """Return the entries for an export, oldest first, at most 100,000."""
    statement = visible(scope, wanted).order_by(AuditEntry.seq).limit(EXPORT_LIMIT)
    return list(db.session.scalars(statement))
