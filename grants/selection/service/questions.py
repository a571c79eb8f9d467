"""Questions on a call and their public answers."""

from grants.foundation import audit
from grants.foundation.database import database_now, db
from grants.foundation.errors import RuleBroken, require
from grants.foundation.i18n import _
from grants.foundation.notifications import notify
from grants.people.models import User
from grants.selection.models import Call, CallQuestion
from grants.selection.policy import calls as policy
from grants.selection.queries import questions as queries
from grants.selection.rules.settings import MOST_QUESTIONS_WAITING
from grants.selection.service.holding import hold


def ask_about_call(*, call: Call, actor: User, text: str) -> CallQuestion:
    """Put a question; it becomes public with its answer, without the asker's name."""
    hold(call)
    at = database_now()
    require(policy.why_not_ask(actor, call, at))
    if not text.strip():
        raise RuleBroken(_("请写下您的问题。"), "text")
    if len(queries.list_waiting(call, asked_by=actor)) >= MOST_QUESTIONS_WAITING:
        raise RuleBroken(_("您已有 %(count)s 个问题等待答复，请稍候再问。", count=MOST_QUESTIONS_WAITING), "text")
    question = CallQuestion(call=call, text=text.strip(), asked_by_id=actor.id, asked_at=at)
    db.session.add(question)
    audit.record("call:ask", actor=actor, subject=call, question=text.strip())
    return question


def answer_question(*, question: CallQuestion, officer: User, answer: str) -> None:
    """Answer a question for everybody to read, and tell its asker."""
    db.session.refresh(question, with_for_update={"of": CallQuestion})
    require(policy.why_not_answer(officer, question))
    if not answer.strip():
        raise RuleBroken(_("请写明答复，它会公开。"), "answer")
    call = question.call
    question.answer, question.answered_by_id, question.answered_at = answer.strip(), officer.id, database_now()
    title = _("您对“%(title)s”的咨询已有答复", title=call.project.title)
    notify(question.asked_by_id, title, question.answer, f"/calls/{call.ref}#questions")
    audit.record("call:answer", actor=officer, subject=call, question=question.text, answer=question.answer)
