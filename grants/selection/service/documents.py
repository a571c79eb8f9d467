"""Attachments of an application: added, taken away, and opened under the eyes of the chain."""

from grants.foundation import audit
from grants.foundation.clock import today
from grants.foundation.database import database_now, db
from grants.foundation.errors import RuleBroken, require
from grants.foundation.i18n import _
from grants.foundation.models import StoredFile
from grants.people.models import User
from grants.selection.models import Application, ApplicationDocument
from grants.selection.policy import papers as policy
from grants.selection.rules import DocumentKind, Group
from grants.selection.rules.paper import MOST_DOCUMENTS


def add_document(*, application: Application, actor: User, kind: DocumentKind, file: StoredFile) -> ApplicationDocument:
    """Attach a stored file as a kind of paper."""
    require(policy.why_not_edit_page(actor, application, Group.DOCUMENTS, database_now(), today()))
    if len(application.documents) >= MOST_DOCUMENTS:
        raise RuleBroken(_("附件最多 %(count)s 份，请先删除不需要的。", count=MOST_DOCUMENTS), "file")
    document = ApplicationDocument(application=application, kind=kind, file=file)
    db.session.add(document)
    audit.record("application:add_document", actor=actor, subject=application, kind=kind.value, sha256=file.sha256)
    return document


def remove_document(*, document: ApplicationDocument, actor: User) -> None:
    """Take an attachment away; the bytes stay in the store, no page leads to them."""
    application = document.application
    require(policy.why_not_edit_page(actor, application, Group.DOCUMENTS, database_now(), today()))
    application.documents.remove(document)
    audit.record("application:remove_document", actor=actor, subject=application, kind=document.kind.value)


def note_opened(*, document: ApplicationDocument, actor: User) -> None:
    """Write into the chain that a supervisor opened an attachment."""
    require(policy.why_not_open_document(actor, document))
    audit.record("application:open_document", actor=actor, subject=document.application, document=str(document.id))
