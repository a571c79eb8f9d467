"""/organisations/<ref>/documents: the papers of an organisation, with their dates and older versions."""

import uuid

from flask import Response as FlaskResponse
from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from grants.foundation.clock import today
from grants.foundation.errors import require
from grants.foundation.files import PAPERS, send, store_upload
from grants.foundation.i18n import _
from grants.foundation.models import StoredFile
from grants.foundation.web.forms import errors_on, page
from grants.people import current, policy, queries
from grants.people.forms import DocumentForm, NewVersionForm
from grants.people.models import Organisation
from grants.people.rules.dossier import DOCUMENT_LABELS, VALIDITY_LABELS, DocumentKind, core_documents
from grants.people.service import dossier as service
from grants.people.views.web import blueprint


def _papers_page(one: Organisation, form: DocumentForm) -> tuple[str, int]:
    papers = queries.list_documents(one.id)
    held = {paper.kind for paper in papers} | ({DocumentKind.CERTIFICATE} if one.certificate_id else set())
    return page(
        "people/organisation_documents.html",
        one=one,
        form=form,
        papers=[paper for paper in papers if paper.replaced_by_id is None],
        older=[paper for paper in papers if paper.replaced_by_id is not None],
        kinds=DOCUMENT_LABELS,
        missing=[str(DOCUMENT_LABELS[kind]) for kind in core_documents(one.legal_kind) if kind not in held],
        validities=VALIDITY_LABELS,
        why_not=policy.why_not_keep_file(current.actor(), one),
    )


def _stored(form: NewVersionForm) -> StoredFile:
    actor_id = current.actor().id
    return store_upload(form.file.data, purpose="organisation:document", actor_id=actor_id, allow=PAPERS)


@blueprint.get("/organisations/<ref>/documents")
def organisation_documents(ref: str) -> tuple[str, int]:
    """Show the papers of an organisation."""
    one = queries.get_organisation(ref)
    require(policy.why_not_see_file(current.actor(), one))
    return _papers_page(one, DocumentForm())


@blueprint.post("/organisations/<ref>/documents")
def document_add(ref: str) -> Response | tuple[str, int]:
    """Put a paper into the file."""
    one, form = queries.get_organisation(ref), DocumentForm()
    require(policy.why_not_keep_file(current.actor(), one))
    if form.validate_on_submit():
        with errors_on(form):
            service.add_document(
                actor=current.actor(),
                organisation=one,
                kind=DocumentKind(form.kind.data),
                file=_stored(form),
                issued_on=form.issued_on.data or today(),
                expires_on=form.expires_on.data,
                note=form.note.data or "",
            )
            flash(_("材料已存入档案。"), "success")
            return redirect(url_for("people.organisation_documents", ref=ref))
    return _papers_page(one, form)


@blueprint.route("/organisations/documents/<uuid:document_id>/replace", methods=["GET", "POST"])
def document_replace(document_id: uuid.UUID) -> Response | tuple[str, int]:
    """Put a newer version in the place of a paper."""
    old, form = queries.get_document(document_id), NewVersionForm()
    require(policy.why_not_keep_file(current.actor(), old.organisation))
    if form.validate_on_submit():
        with errors_on(form):
            service.replace_document(
                actor=current.actor(),
                document=old,
                file=_stored(form),
                issued_on=form.issued_on.data or today(),
                expires_on=form.expires_on.data,
                note=form.note.data or "",
            )
            flash(_("已更新为新版本，旧版本仍可查看。"), "success")
            return redirect(url_for("people.organisation_documents", ref=old.organisation.ref))
    return page("people/document_replace.html", form=form, old=old, one=old.organisation, kinds=DOCUMENT_LABELS)


@blueprint.get("/organisations/documents/<uuid:document_id>/file")
def document_file(document_id: uuid.UUID) -> FlaskResponse:
    """Hand out a paper to members of the organisation and to the office."""
    document = queries.get_document(document_id)
    require(policy.why_not_see_file(current.actor(), document.organisation))
    return send(document.file, inline=True)
