"""/organisations/<ref>/people: who works for an organisation, and with which certificates."""

import uuid

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from grants.foundation.clock import today
from grants.foundation.errors import require
from grants.foundation.i18n import _
from grants.foundation.web.forms import errors_on, page
from grants.people import current, policy, queries
from grants.people.forms import CertificateForm, WorkerForm
from grants.people.models import Organisation
from grants.people.rules.dossier import CERTIFICATE_LABELS, VALIDITY_LABELS, CertificateKind
from grants.people.service import dossier as service
from grants.people.views.web import blueprint


def _people_page(one: Organisation, form: WorkerForm) -> tuple[str, int]:
    why_not = policy.why_not_keep_file(current.actor(), one)
    return page(
        "people/organisation_workers.html",
        one=one,
        form=form,
        workers=queries.list_workers(one.id),
        count=queries.summarise_workers(one.id),
        shared={} if why_not is None else queries.list_shared_certificates(one.id),
        certificates=CERTIFICATE_LABELS,
        validities=VALIDITY_LABELS,
        why_not=why_not,
    )


@blueprint.get("/organisations/<ref>/people")
def organisation_workers(ref: str) -> tuple[str, int]:
    """Show who works for an organisation."""
    one = queries.get_organisation(ref)
    require(policy.why_not_see_file(current.actor(), one))
    return _people_page(one, WorkerForm())


@blueprint.post("/organisations/<ref>/people")
def worker_add(ref: str) -> Response | tuple[str, int]:
    """Enter somebody on the list."""
    one, form = queries.get_organisation(ref), WorkerForm()
    require(policy.why_not_keep_file(current.actor(), one))
    if form.validate_on_submit():
        with errors_on(form):
            service.add_worker(actor=current.actor(), organisation=one, facts=_facts(form))
            flash(_("人员已登记。"), "success")
            return redirect(url_for("people.organisation_workers", ref=ref))
    return _people_page(one, form)


def _facts(form: WorkerForm) -> service.WorkerFacts:
    return service.WorkerFacts(
        name=form.name.data or "",
        post=form.post.data or "",
        is_full_time=form.is_full_time.data,
        has_insurance=form.has_insurance.data,
        certificate=CertificateKind(form.certificate.data),
        number=form.number.data or "",
        expires_on=form.expires_on.data,
    )


@blueprint.route("/organisations/people/<uuid:worker_id>/certificate", methods=["GET", "POST"])
def worker_certificate(worker_id: uuid.UUID) -> Response | tuple[str, int]:
    """Note until when a certificate holds after it was registered anew."""
    worker = queries.get_worker(worker_id)
    require(policy.why_not_keep_file(current.actor(), worker.organisation))
    form = CertificateForm(obj=worker)
    if form.validate_on_submit():
        with errors_on(form):
            until = form.expires_on.data or today()
            service.renew_certificate(actor=current.actor(), worker=worker, expires_on=until)
            flash(_("证书有效期已更新。"), "success")
            return redirect(url_for("people.organisation_workers", ref=worker.organisation.ref))
    return page("people/worker_certificate.html", form=form, worker=worker, certificates=CERTIFICATE_LABELS)


@blueprint.post("/organisations/people/<uuid:worker_id>/leave")
def worker_end(worker_id: uuid.UUID) -> Response:
    """Note that somebody has left."""
    worker = queries.get_worker(worker_id)
    service.end_worker(actor=current.actor(), worker=worker)
    flash(_("已登记离职。"), "success")
    return redirect(url_for("people.organisation_workers", ref=worker.organisation.ref))
