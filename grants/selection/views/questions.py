"""Questions on a call: asking, and answering for everybody to read."""

import uuid
from typing import Any

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from grants.foundation.errors import require
from grants.foundation.i18n import _
from grants.foundation.web.forms import errors_on, page
from grants.people import current
from grants.people.models import User
from grants.selection import queries, service
from grants.selection.forms.calls import AnswerForm, QuestionForm
from grants.selection.models import Call
from grants.selection.policy import calls as policy
from grants.selection.queries import questions
from grants.selection.queries.calls import deadline_clock
from grants.selection.views.blueprint import blueprint


def questions_of(call: Call, actor: User | None) -> dict[str, Any]:
    """Return what the page of a call shows of its questions; nobody learns who asked."""
    is_officer = actor is not None and policy.why_not_officer(actor) is None
    waiting = questions.list_waiting(call, asked_by=None if is_officer else actor) if actor is not None else []
    return {
        "answered": questions.list_answered(call),
        "waiting_questions": waiting,
        "questions_close_at": policy.questions_close_at(call),
        "why_not_ask": policy.why_not_ask(actor, call, deadline_clock()) if actor is not None else None,
    }


@blueprint.route("/calls/<ref>/ask", methods=["GET", "POST"])
def ask(ref: str) -> Response | tuple[str, int]:
    """Ask about a call."""
    found = queries.get_call(ref)
    require(policy.why_not_ask(current.actor(), found, deadline_clock()))
    form = QuestionForm()
    if form.validate_on_submit():
        with errors_on(form):
            service.ask_about_call(call=found, actor=current.actor(), text=form.text.data or "")
            flash(_("问题已提交。答复后会与问题一起公开，不显示提问人。"), "success")
            return redirect(url_for("selection.call", ref=ref, _anchor="questions"))
    return page("selection/ask.html", form=form, call=found, closes_at=policy.questions_close_at(found))


@blueprint.route("/calls/<ref>/questions/<uuid:question_id>", methods=["GET", "POST"])
def answer(ref: str, question_id: uuid.UUID) -> Response | tuple[str, int]:
    """Answer a question for everybody to read."""
    found = queries.get_call(ref)
    question = questions.get_question(found, question_id)
    require(policy.why_not_answer(current.actor(), question))
    form = AnswerForm()
    if form.validate_on_submit():
        with errors_on(form):
            service.answer_question(question=question, officer=current.actor(), answer=form.answer.data or "")
            flash(_("答复已公开，并通知提问人。"), "success")
            return redirect(url_for("selection.call", ref=ref, _anchor="questions"))
    return page("selection/answer.html", form=form, call=found, question=question)
