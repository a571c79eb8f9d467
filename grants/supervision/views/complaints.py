"""Complaints by anybody; reports of misconduct are seen by the supervisor only."""

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from grants.foundation.errors import require
from grants.foundation.i18n import _, _l
from grants.foundation.web.forms import choices, errors_on, page
from grants.foundation.web.listing import Window
from grants.people import current
from grants.supervision import policy, queries, service
from grants.supervision.forms import AnswerComplaintForm, ComplaintForm, RevealForm
from grants.supervision.models import Complaint
from grants.supervision.rules import ComplaintStatus
from grants.supervision.views.blueprint import blueprint
from grants.supervision.views.labels import LABELS


@blueprint.get("/complaints/")
def complaints() -> tuple[str, int]:
    """List the complaints this actor may read: all, their community's, or their own."""
    status = request.args.get("status", "")
    filters = queries.ComplaintFilters(
        ComplaintStatus(status) if status in set(ComplaintStatus) else None, request.args.get("project", "").strip()
    )
    found = queries.list_complaints(Window.of(request.args), current.actor(), filters)
    return page("supervision/complaints.html", found=found, filters=filters, **LABELS)


@blueprint.route("/complaints/new", methods=["GET", "POST"])
def complain() -> Response | tuple[str, int]:
    """Take in a complaint from anybody, and show once the code by which its answer is found."""
    form = ComplaintForm(project_ref=request.args.get("project"))
    projects = {one.ref: f"{one.title}（{one.ref}）" for one in queries.list_projects_to_complain_about()}
    form.project_ref.choices = choices(projects, _l("请选择"))
    if form.validate_on_submit():
        with errors_on(form):
            sent = service.complain(
                project_ref=form.project_ref.data or "",
                text=form.text.data or "",
                contact=form.contact.data or "",
                is_whistleblowing=bool(form.is_whistleblowing.data),
                sender=current.actor_or_none(),
            )
            return page("supervision/complaint_sent.html", complaint=sent.complaint, code=sent.code)
    return page("supervision/complain.html", form=form)


@blueprint.get("/complaints/track")
def track() -> tuple[str, int]:
    """Show the answer to whoever has the code."""
    code = request.args.get("code", "").strip()
    complaint = queries.find_complaint_by_code(code) if code else None
    return page("supervision/track.html", code=code, complaint=complaint, **LABELS)


@blueprint.get("/complaints/<ref>")
def complaint(ref: str) -> tuple[str, int]:
    """Show one complaint to its sender and to those who answer."""
    return _complaint(queries.get_complaint(ref))


def _complaint(
    found: Complaint,
    form: AnswerComplaintForm | None = None,
    reveal_form: RevealForm | None = None,
    contact: str | None = None,
) -> tuple[str, int]:
    actor = current.actor()
    require(policy.why_not_read_complaint(actor, found))
    is_open = found.status is ComplaintStatus.OPEN
    return page(
        "supervision/complaint.html",
        complaint=found,
        project=queries.find_project(found.project_ref),
        form=form or AnswerComplaintForm(),
        reveal_form=reveal_form or RevealForm(),
        contact=contact,
        may_answer=is_open and policy.why_not_answer_complaint(actor, found) is None,
        may_reveal=policy.why_not_reveal(actor, found) is None,
        **LABELS,
    )


@blueprint.post("/complaints/<ref>/answer")
def answer_complaint(ref: str) -> Response | tuple[str, int]:
    """Answer a complaint."""
    found, form = queries.get_complaint(ref), AnswerComplaintForm()
    require(policy.why_not_answer_complaint(current.actor(), found))
    if form.validate_on_submit():
        with errors_on(form):
            service.answer_complaint(complaint=found, by=current.actor(), answer=form.answer.data or "")
            flash(_("已答复。"), "success")
            return redirect(url_for("supervision.complaint", ref=ref))
    return _complaint(found, form)


@blueprint.post("/complaints/<ref>/contact")
def reveal(ref: str) -> Response | tuple[str, int]:
    """Show how to reach the sender, once, with a reason and a fresh second factor."""
    found, form, contact = queries.get_complaint(ref), RevealForm(), None
    require(policy.why_not_reveal(current.actor(), found))
    if not current.has_stepped_up():
        return redirect(url_for("people.step_up", next=url_for("supervision.complaint", ref=ref)))
    if form.validate_on_submit():
        with errors_on(form):
            contact = service.reveal_contact(complaint=found, by=current.actor(), reason=form.reason.data or "")
    return _complaint(found, reveal_form=form, contact=contact)
