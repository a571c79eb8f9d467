"""Opinions of those who see everything and change nothing, for the street or for one community; each is answered."""

from grants.agreements.models import Agreement
from grants.foundation import audit
from grants.foundation.clock import now
from grants.foundation.database import db, hold
from grants.foundation.errors import require
from grants.foundation.i18n import _
from grants.foundation.notifications import notify
from grants.people.models import User
from grants.supervision import policy
from grants.supervision.models import SupervisionOpinion
from grants.supervision.service.shared import require_rule


def leave_opinion(*, agreement: Agreement, by: User, text: str) -> SupervisionOpinion:
    """Put an opinion about a project on record; it cannot be changed or taken back."""
    require(policy.why_not_leave_opinion(by, agreement))
    require_rule(None if text.strip() else _("请写明监督意见。"), "text")
    opinion = SupervisionOpinion(agreement=agreement, by=by, text=text)
    db.session.add(opinion)
    audit.record("opinion:leave", actor=by, subject=agreement)
    return opinion


def answer_opinion(*, opinion: SupervisionOpinion, by: User, answer: str) -> None:
    """Answer an opinion for the programme; once."""
    hold(opinion)
    require(policy.why_not_answer_opinion(by, opinion))
    require_rule(None if answer.strip() else _("请写明核查情况和处理结果。"), "text")
    opinion.answer = answer
    opinion.answered_by_id = by.id
    opinion.answered_at = now()
    agreement = opinion.agreement
    notify(
        opinion.by_id,
        _("监督意见已答复：%(title)s", title=agreement.project.title),
        href=f"/supervision/{agreement.ref}/#opinions",
    )
    audit.record("opinion:answer", actor=by, subject=agreement)
