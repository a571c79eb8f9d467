"""From a paper asked for to a paper issued: gathered, found unchanged or numbered, printed under guard, kept.

Numbers are given when a paper is asked for, so that printing, which takes seconds, holds no lock. A number whose
paper then cannot be printed stays unused.
"""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urljoin

from flask import current_app

from grants.foundation import documents
from grants.foundation.clock import now
from grants.foundation.documents import Identity
from grants.foundation.jobs import enqueue
from grants.foundation.models import IssuedDocument, JobRun
from grants.people.models import User
from reports.catalogue import ReportKind
from reports.gather.common import Gathered, data_hash, stamped

JOB = "report.render"
LOCAL = "http://127.0.0.1:8000/"


@dataclass(frozen=True)
class Prepared:
    """A paper ready to be printed: what it says, the hash of that, and when it was read."""

    kind: ReportKind
    ref: str
    gathered: Gathered
    data_hash: str
    at: datetime

    def find_issued(self) -> IssuedDocument | None:
        """Return the issue that says exactly the same, if there is one."""
        return documents.find_unchanged(
            kind=self.kind.key,
            subject_ref=self.ref,
            data_hash=self.data_hash,
            is_draft=self.gathered.is_draft,
        )

    def new_identity(self) -> Identity:
        """Give the paper its number and code; drafts have a series of their own, so finals have no gaps."""
        series = self.gathered.series
        return documents.new_identity(f"{series}-C" if self.gathered.is_draft else series)

    def document(self, identity: Identity, base_url: str) -> object:
        """Return the plain data to print, with number, code and the address to check it at."""
        return stamped(
            self.gathered.document,
            number=identity.number,
            code=identity.code,
            verify_url=urljoin(base_url, f"/verify/{identity.code}"),
            at=self.at,
        )

    def issue(self, identity: Identity, content: bytes, actor: User | None) -> IssuedDocument:
        """Keep the printed paper as issued."""
        return documents.issue(
            identity=identity,
            kind=self.kind.key,
            subject_ref=self.ref,
            title=self.gathered.title,
            content=content,
            data_hash=self.data_hash,
            is_draft=self.gathered.is_draft,
            cutoff_at=self.at,
            issued_at=now(),
            actor=actor,
        )


def prepare(kind: ReportKind, ref: str) -> Prepared:
    """Gather a paper; raises NotFound or RuleBroken when there is nothing to report on."""
    at = now()
    gathered = kind.gather(ref)
    return Prepared(kind, ref, gathered, data_hash(gathered.document), at)


def ask_for(kind: ReportKind, ref: str, *, actor: User, base_url: str) -> IssuedDocument | JobRun:
    """Return the unchanged paper that was issued before, or the job that makes it."""
    prepared = prepare(kind, ref)
    issued = prepared.find_issued()
    if issued is not None:
        return issued
    identity = prepared.new_identity()
    return enqueue(
        JOB,
        title=prepared.gathered.title,
        payload={
            "kind": kind.key,
            "ref": ref,
            "number": identity.number,
            "code": identity.code,
            "base_url": base_url,
            "actor_id": actor.id,
        },
        actor=actor,
    )


def own_address() -> str:
    """Return the address at which papers made outside a request can be checked."""
    hosts = current_app.config["SETTINGS"].trusted_hosts
    return f"https://{hosts[0].lstrip('.')}/" if hosts else LOCAL
