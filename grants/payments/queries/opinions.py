"""What the supervisor has said about the use of money."""

import uuid

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from grants.foundation.database import db, get_by_id
from grants.payments.models import FinanceOpinion


def get_opinion(identity: uuid.UUID) -> FinanceOpinion:
    """Return an opinion, or raise NotFound."""
    found: FinanceOpinion = get_by_id(FinanceOpinion, identity)
    return found


def list_opinions() -> list[FinanceOpinion]:
    """List the latest opinions, those without an answer first."""
    statement = select(FinanceOpinion).options(
        joinedload(FinanceOpinion.made_by), joinedload(FinanceOpinion.answered_by)
    )
    order = (FinanceOpinion.answered_at.is_not(None), FinanceOpinion.made_at.desc())
    return list(db.session.scalars(statement.order_by(*order).limit(50)))


def count_unanswered() -> int:
    """Count the opinions that wait for finance."""
    statement = select(func.count()).select_from(FinanceOpinion).where(FinanceOpinion.answer.is_(None))
    return int(db.session.execute(statement).scalar_one())
