"""What members keep in the file of their organisation: papers with their dates, people with their certificates."""

from dataclasses import dataclass
from datetime import date

from grants.foundation import audit
from grants.foundation.clock import today
from grants.foundation.database import db
from grants.foundation.errors import RuleBroken, TransitionRefused, require
from grants.foundation.i18n import _
from grants.foundation.identifiers import normalise
from grants.foundation.models import StoredFile
from grants.foundation.sealing import vault
from grants.people import policy
from grants.people.models import Organisation, OrganisationDocument, OrganisationWorker, User
from grants.people.rules.dossier import DOCUMENT_LABELS, CertificateKind, DocumentKind

NUMBER = "worker.certificate"


def add_document(
    *,
    actor: User,
    organisation: Organisation,
    kind: DocumentKind,
    file: StoredFile,
    issued_on: date,
    expires_on: date | None,
    note: str = "",
) -> OrganisationDocument:
    """Put a paper into the file of an organisation."""
    document = _keep_document(actor, organisation, kind, file, issued_on, expires_on, note)
    audit.record(
        "organisation:add_document",
        actor=actor,
        subject=organisation,
        kind=str(DOCUMENT_LABELS[kind]),
        sha256=file.sha256,
    )
    return document


def _keep_document(
    actor: User,
    organisation: Organisation,
    kind: DocumentKind,
    file: StoredFile,
    issued_on: date,
    expires_on: date | None,
    note: str,
) -> OrganisationDocument:
    require(policy.why_not_keep_file(actor, organisation))
    if issued_on > today():
        raise RuleBroken(_("签发日期不能晚于今天"), "issued_on")
    if expires_on is not None and expires_on < issued_on:
        raise RuleBroken(_("有效期不能早于签发日期"), "expires_on")
    document = OrganisationDocument(
        organisation_id=organisation.id,
        kind=kind,
        file=file,
        issued_on=issued_on,
        expires_on=expires_on,
        note=note,
        uploaded_by_id=actor.id,
    )
    db.session.add(document)
    db.session.flush()
    return document


def replace_document(
    *,
    actor: User,
    document: OrganisationDocument,
    file: StoredFile,
    issued_on: date,
    expires_on: date | None,
    note: str,
) -> OrganisationDocument:
    """Put a newer version in the place of a paper; the old one stays readable."""
    if document.replaced_by_id is not None:
        raise TransitionRefused(_("这份材料已有新版本，请更新最新的一份。"))
    newer = _keep_document(actor, document.organisation, document.kind, file, issued_on, expires_on, note)
    document.replaced_by_id = newer.id
    audit.record(
        "organisation:replace_document",
        actor=actor,
        subject=document.organisation,
        kind=str(DOCUMENT_LABELS[document.kind]),
        sha256=file.sha256,
    )
    return newer


@dataclass(frozen=True)
class WorkerFacts:
    """Somebody who works for an organisation, as its member states it."""

    name: str
    post: str
    is_full_time: bool
    has_insurance: bool
    certificate: CertificateKind = CertificateKind.NONE
    number: str = ""
    expires_on: date | None = None


def add_worker(*, actor: User, organisation: Organisation, facts: WorkerFacts) -> OrganisationWorker:
    """Enter somebody on the list of people; of a certificate's number only its index and last four signs are kept."""
    require(policy.why_not_keep_file(actor, organisation))
    worker = OrganisationWorker(
        organisation_id=organisation.id,
        name=facts.name,
        post=facts.post,
        is_full_time=facts.is_full_time,
        has_insurance=facts.has_insurance,
        certificate=facts.certificate,
        entered_by_id=actor.id,
    )
    if facts.certificate is not CertificateKind.NONE:
        number = normalise(facts.number)
        if len(number) < 6:
            raise RuleBroken(_("请填写完整的证书编号"), "number")
        worker.number_index, worker.number_tail = vault().blind_index(NUMBER, number), number[-4:]
        worker.expires_on = facts.expires_on
    db.session.add(worker)
    audit.record("organisation:add_worker", actor=actor, subject=organisation, post=facts.post)
    return worker


def renew_certificate(*, actor: User, worker: OrganisationWorker, expires_on: date) -> None:
    """Note until when a certificate holds after it was registered anew."""
    require(policy.why_not_keep_file(actor, worker.organisation))
    if worker.left_on is not None or worker.certificate is CertificateKind.NONE:
        raise TransitionRefused(_("这位人员没有可续期的证书。"))
    if expires_on <= today():
        raise RuleBroken(_("新的有效期须晚于今天"), "expires_on")
    before, worker.expires_on = worker.expires_on, expires_on
    audit.record(
        "organisation:renew_certificate",
        actor=actor,
        subject=worker.organisation,
        post=worker.post,
        before=before.isoformat() if before else None,
        after=expires_on.isoformat(),
    )


def end_worker(*, actor: User, worker: OrganisationWorker) -> None:
    """Note that somebody has left."""
    require(policy.why_not_keep_file(actor, worker.organisation))
    if worker.left_on is not None:
        raise TransitionRefused(_("这位人员已登记离职。"))
    worker.left_on = today()
    audit.record("organisation:end_worker", actor=actor, subject=worker.organisation, post=worker.post)
