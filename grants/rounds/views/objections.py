"""Objections: anyone raises one under their real name; officers answer, and look at contact data only on record."""

from flask import flash, redirect, session, url_for
from werkzeug.wrappers import Response

from grants.foundation.errors import NotFound, require
from grants.foundation.i18n import _
from grants.foundation.web.forms import errors_on, page
from grants.people import current
from grants.rounds import policy, queries, service
from grants.rounds.forms import AnswerForm, ObjectionForm, ReasonForm
from grants.rounds.views.blueprint import LABELS, blueprint
from grants.rounds.views.notices import show_notice

RAISED = "objection"
"""The cookie remembers the reference for the confirmation page; nobody else can open it."""


@blueprint.route("/notices/<ref>/object", methods=["GET", "POST"])
def object_to(ref: str) -> Response | tuple[str, int]:
    """Object to a notice, signed in or not."""
    notice, actor = queries.get_notice(ref), current.actor_or_none()
    form = ObjectionForm(name=actor.display_name if actor else None)
    if form.validate_on_submit():
        with errors_on(form):
            objection = service.raise_objection(
                notice=notice,
                name=form.name.data or "",
                contact=form.contact.data or "",
                text=form.text.data or "",
                unit=form.unit.data or "",
                actor=actor,
            )
            session[RAISED] = objection.ref
            return redirect(url_for("rounds.objected", ref=ref))
    why_not = policy.why_not_object(notice)
    return page("rounds/object.html", form=form, notice=notice, why_not=why_not, **LABELS)


@blueprint.get("/notices/<ref>/objected")
def objected(ref: str) -> tuple[str, int]:
    """Confirm to the person who has just objected, with the reference to keep."""
    notice, reference = queries.get_notice(ref), session.get(RAISED)
    if reference is None:
        raise NotFound(_("没有找到您刚提交的异议。"))
    return page("rounds/objected.html", notice=notice, reference=reference)


@blueprint.post("/notices/objections/<ref>/answer")
def answer(ref: str) -> Response | tuple[str, int]:
    """Answer an objection in writing."""
    objection, form = queries.get_objection(ref), AnswerForm()
    require(policy.why_not_answer(current.actor()))
    if form.validate_on_submit():
        with errors_on(form):
            service.answer_objection(
                objection=objection,
                officer=current.actor(),
                is_upheld=form.is_upheld.data == "yes",
                answer=form.answer.data or "",
            )
            flash(_("已答复。"), "success")
            return redirect(url_for("rounds.notice", ref=objection.notice.ref))
    return show_notice(queries.get_notice(objection.notice.ref), answer_form=form, answering=ref)


@blueprint.route("/notices/objections/<ref>/contact", methods=["GET", "POST"])
@current.stepped_up
def reveal(ref: str) -> Response | tuple[str, int]:
    """Show an objector's contact data once, for a reason that is kept."""
    objection, form, contact = queries.get_objection(ref), ReasonForm(), None
    require(policy.why_not_answer(current.actor()))
    if form.validate_on_submit():
        with errors_on(form):
            contact = service.reveal_contact(
                objection=objection, officer=current.actor(), reason=form.reason.data or ""
            )
    return page("rounds/contact.html", form=form, objection=objection, contact=contact)
