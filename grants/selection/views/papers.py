"""The applicant's own pages: the list, the form page by page, attachments, handing in and taking back."""

import uuid
from typing import Any

from flask import flash, jsonify, redirect, request, url_for
from werkzeug.wrappers import Response

from grants.foundation.clock import local, now, today
from grants.foundation.errors import require
from grants.foundation.files import IMAGES, PAPERS, SHEETS, Kind, store_upload
from grants.foundation.i18n import _
from grants.foundation.web.forms import errors_on, page
from grants.people import current
from grants.selection import service
from grants.selection.forms.paper import PAPER_FORMS, DocumentForm, PaperForm, SubmitForm
from grants.selection.models import Application
from grants.selection.policy import papers as policy
from grants.selection.queries import papers as queries
from grants.selection.queries.calls import deadline_clock
from grants.selection.rules import DOCUMENT_LABELS, DocumentKind, Group
from grants.selection.rules.completeness import missing
from grants.selection.service import EditConflict
from grants.selection.views.blueprint import blueprint, not_found, own
from grants.selection.views.form_context import form_context, has_wrong, is_open_page, page_of, spoken

ALLOWED = PAPERS | SHEETS | frozenset({Kind.DOCX}) | IMAGES
ORDER = list(Group)


def _editable(ref: str, group: str) -> tuple[Application, type[PaperForm]]:
    application = own(ref)
    if group not in set(PAPER_FORMS):
        raise not_found()
    _require_open(application, Group(group))
    return application, PAPER_FORMS[Group(group)]


def _require_open(application: Application, group: Group) -> None:
    require(policy.why_not_edit_page(current.actor(), application, group, deadline_clock(), today()))


@blueprint.route("/applications/<ref>/edit/<group>", methods=["GET", "POST"])
def edit(ref: str, group: str) -> Response | tuple[str, int]:
    """Show and save one page of the form; rows are added and taken out without a script."""
    application, shape = _editable(ref, group)
    if request.method == "GET":
        stored = queries.raw_content(application)
        form = shape.showing(application, stored, stored, more=request.args.get("more", ""))
    else:
        form = shape.sent(application)
        row_step = request.form.get("row", "")
        if row_step.startswith("remove:"):
            form = _without(form, application, row_step)
        if form.validate() or row_step:
            with errors_on(form):
                conflict = _save_or_conflict(application, form)
                if conflict is not None:
                    return _merge_page(application, shape, conflict)
                return redirect(_onward(application, form.group, row_step))
    return page("selection/edit.html", form=form, **form_context(application, Group(group)))


def _without(form: PaperForm, application: Application, row_step: str) -> PaperForm:
    _remove, key, number = (row_step + "::").split(":")[:3]
    if key not in form.row_forms or not number.isdecimal():
        raise not_found()
    return form.without_row(application, key, int(number))


def _save(application: Application, form: PaperForm) -> list[str]:
    form.validate()
    values, unfinished = form.parts()
    return service.save_application(
        application=application, actor=current.actor(), base=form.base, values=values, unfinished=unfinished
    )


def _save_or_conflict(application: Application, form: PaperForm) -> EditConflict | None:
    """Save, or return the conflict: it is no mistake in a field, but two texts to be put side by side."""
    try:
        _save(application, form)
    except EditConflict as conflict:
        return conflict
    return None


def _onward(application: Application, group: Group, row_step: str) -> str:
    """Return where a saved page leads: the next page, or the table in which a row was added or taken out."""
    kind, _sign, key = row_step.partition(":")
    key = key.partition(":")[0]
    if kind:
        return url_for(
            "selection.edit", ref=application.ref, group=group, more=key if kind == "add" else None, _anchor=key
        )
    flash(_("已保存。"), "success")
    if request.form.get("then") == "next" and not has_wrong(application, group):
        left = ORDER[ORDER.index(group) + 1 :]
        return page_of(application, next(one for one in left if is_open_page(application, one)))
    return url_for("selection.edit", ref=application.ref, group=group)


def _merge_page(application: Application, shape: type[PaperForm], conflict: EditConflict) -> tuple[str, int]:
    """Show both texts of every part in conflict; what the reader typed stays in the fields, ready to be saved."""
    form = shape.showing(application, conflict.merged, conflict.theirs)
    both = [(form[key].label.text, spoken(key, conflict.theirs[key]), _anchor(form, key)) for key in conflict.keys]
    html, _status = page("selection/merge.html", form=form, both=both, **form_context(application, shape.group))
    return html, 409


def _anchor(form: PaperForm, key: str) -> str:
    return key if key in form.row_forms else str(form[key].id)


@blueprint.post("/applications/<ref>/autosave/<group>")
def autosave(ref: str, group: str) -> Response | tuple[Response, int]:
    """Keep a page as it is being typed; 409 with the parts in conflict when somebody else changed them."""
    application, shape = _editable(ref, group)
    form = shape.sent(application)
    conflict = _save_or_conflict(application, form)
    if conflict is not None:
        return jsonify(error=conflict.message, conflicts=list(conflict.keys)), 409
    left: dict[str, Any] = {
        "saved_at": local(now()).strftime("%H:%M"),
        "version": application.version,
        "missing": len(missing(queries.paper_of(application))),
    }
    return jsonify(left)


@blueprint.route("/applications/<ref>/documents", methods=["GET", "POST"])
def documents(ref: str) -> Response | tuple[str, int]:
    """Show the attachments and take one in."""
    application = own(ref)
    _require_open(application, Group.DOCUMENTS)
    form = DocumentForm()
    if form.validate_on_submit():
        with errors_on(form):
            actor = current.actor()
            file = store_upload(form.file.data, purpose="application", actor_id=actor.id, allow=ALLOWED)
            kind = DocumentKind(form.kind.data)
            service.add_document(application=application, actor=actor, kind=kind, file=file)
            flash(_("已上传“%(label)s”。", label=DOCUMENT_LABELS[kind]), "success")
            return redirect(url_for("selection.documents", ref=ref))
    return page("selection/documents.html", form=form, allowed=ALLOWED, **form_context(application, Group.DOCUMENTS))


@blueprint.post("/applications/<ref>/documents/<uuid:document_id>/remove")
def remove_document(ref: str, document_id: uuid.UUID) -> Response:
    """Take an attachment away."""
    application = own(ref)
    document = queries.get_document(application, document_id)
    service.remove_document(document=document, actor=current.actor())
    flash(_("附件已删除。"), "success")
    return redirect(url_for("selection.documents", ref=ref))


@blueprint.route("/applications/<ref>/check", methods=["GET", "POST"])
def check(ref: str) -> Response | tuple[str, int]:
    """Show what is still missing, and hand the application in."""
    application = own(ref)
    _require_open(application, Group.DECLARATION)
    form = SubmitForm()
    if form.validate_on_submit():
        with errors_on(form):
            service.submit_application(
                application=application, actor=current.actor(), has_declared=bool(form.has_declared.data)
            )
            flash(_("申报书已提交，请记下回执编号。"), "success")
            return redirect(url_for("selection.application", ref=ref))
    findings = queries.compute_eligibility(application)
    return page("selection/check.html", form=form, findings=findings, **form_context(application, Group.DECLARATION))


@blueprint.post("/applications/<ref>/withdraw")
def withdraw(ref: str) -> Response:
    """Take the application back."""
    application = own(ref)
    service.withdraw_application(application=application, actor=current.actor())
    flash(_("申报已撤回；截止前点“恢复申报”后可以继续编辑，并重新提交。"), "success")
    return redirect(url_for("selection.application", ref=ref))


@blueprint.post("/applications/<ref>/resume")
def resume(ref: str) -> Response:
    """Go on with an application that was taken back."""
    application = own(ref)
    service.resume_application(application=application, actor=current.actor())
    return redirect(url_for("selection.edit", ref=ref, group="basics"))
