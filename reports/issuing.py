"""From a paper asked for to a paper issued: gathered, found unchanged or numbered, printed under guard, kept.

Numbers are given when a paper is asked for, so that printing, which takes seconds, holds no lock. A number whose
paper then cannot be printed stays unused.
"""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urljoin

from flask import current_app

from grants.foundation import batches, documents
from grants.foundation.clock import now
from grants.foundation.documents import Identity
from grants.foundation.errors import RuleBroken, require
from grants.foundation.i18n import _
from grants.foundation.jobs import enqueue
from grants.foundation.models import DocumentBatch, IssuedDocument, JobRun
from grants.people.models import User
from reports.catalogue import ReportKind, why_not_batch
from reports.gather import choices
from reports.gather.choices import Viewer
from reports.gather.common import Gathered, data_hash, stamped
from reports.signing import signed

JOB = "report.render"
BATCH_JOB = "report.batch"
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

    @property
    def series(self) -> str:
        """Return the series the paper is numbered in; drafts have one of their own, so finals have no gaps."""
        return f"{self.gathered.series}-C" if self.gathered.is_draft else self.gathered.series

    def new_identity(self) -> Identity:
        """Give the paper its number and code."""
        return documents.new_identity(self.series)

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
        """Sign the printed paper where the street signs, and keep it as issued."""
        is_draft, title = self.gathered.is_draft, self.gathered.title
        return documents.issue(
            identity=identity,
            kind=self.kind.key,
            subject_ref=self.ref,
            title=title,
            content=signed(content, is_draft=is_draft, reason=f"{title} {identity.number}"),
            data_hash=self.data_hash,
            is_draft=is_draft,
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


def ask_for_batch(kind: ReportKind, round_ref: str, *, actor: User, base_url: str) -> DocumentBatch:
    """Ask for every paper of a kind that a round has and this person may make."""
    require(why_not_batch(actor))
    if not choices.round_exists(round_ref):
        raise RuleBroken(_("没有这一届。"), "round")
    papers = [(one.ref, one.label) for one in kind.list_for(Viewer(actor), round_ref)]
    return batches.open_batch(
        job=BATCH_JOB,
        kind=kind.key,
        subject_ref=round_ref,
        title=f"{kind.title} {round_ref}",
        papers=papers,
        address=base_url,
        actor=actor,
    )


def ask_again(batch: DocumentBatch, *, actor: User) -> None:
    """Have what failed in a batch printed once more."""
    require(why_not_batch(actor))
    batches.try_again(batch=batch, job=BATCH_JOB, actor=actor)


def own_address() -> str:
    """Return the address at which papers made outside a request can be checked."""
    hosts = current_app.config["SETTINGS"].trusted_hosts
    return f"https://{hosts[0].lstrip('.')}/" if hosts else LOCAL
