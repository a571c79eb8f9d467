"""Look-ups of the questions on calls."""

import uuid
from collections.abc import Mapping

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from grants.foundation.database import db, get_one
from grants.people.models import User
from grants.selection.models import Call, CallQuestion


def get_question(call: Call, question_id: uuid.UUID) -> CallQuestion:
    """Return a question on this call; one on another call is not found."""
    question: CallQuestion = get_one(
        select(CallQuestion)
        .where(CallQuestion.id == question_id, CallQuestion.call_id == call.id)
        .options(joinedload(CallQuestion.call))
    )
    return question


def list_answered(call: Call) -> list[CallQuestion]:
    """List what was asked and answered, in the order of asking: open to everybody."""
    statement = select(CallQuestion).where(CallQuestion.call_id == call.id, CallQuestion.answer.is_not(None))
    return list(db.session.scalars(statement.order_by(CallQuestion.asked_at, CallQuestion.id)))


def list_waiting(call: Call, *, asked_by: User | None = None) -> list[CallQuestion]:
    """List what waits for its answer: for those who answer all of it, for an asker their own."""
    statement = select(CallQuestion).where(CallQuestion.call_id == call.id, CallQuestion.answer.is_(None))
    if asked_by is not None:
        statement = statement.where(CallQuestion.asked_by_id == asked_by.id)
    return list(db.session.scalars(statement.order_by(CallQuestion.asked_at, CallQuestion.id)))


def count_waiting() -> Mapping[uuid.UUID, int]:
    """Count the questions without an answer, call by call."""
    statement = select(CallQuestion.call_id, func.count()).where(CallQuestion.answer.is_(None))
    return {row[0]: row[1] for row in db.session.execute(statement.group_by(CallQuestion.call_id))}
