"""The supervisor leaves an opinion about the use of money; finance answers it. Both stay as they were said."""

from grants.foundation import audit
from grants.foundation.clock import now, today
from grants.foundation.database import db
from grants.foundation.errors import RuleBroken, require
from grants.foundation.i18n import _
from grants.foundation.notifications import notify
from grants.foundation.numbering import next_reference
from grants.payments import policy
from grants.payments.models import FinanceOpinion
from grants.people.models import User


def leave_opinion(*, supervisor: User, body: str, scope: str = "") -> FinanceOpinion:
    """Say something about the use of money; `scope` names what was looked at, as a page would say it."""
    require(policy.why_not_leave_opinion(supervisor))
    if not body.strip():
        raise RuleBroken(_("请写明监督意见。"), "body")
    opinion = FinanceOpinion(
        ref=next_reference(f"JD-{today().year}"), scope=scope[:200], body=body.strip(), made_by_id=supervisor.id
    )
    db.session.add(opinion)
    audit.record("finance_opinion:leave", actor=supervisor, subject=opinion)
    return opinion


def answer_opinion(*, opinion: FinanceOpinion, officer: User, answer: str) -> None:
    """Answer an opinion, once; the supervisor is told."""
    require(policy.why_not_answer_opinion(officer, opinion))
    if not answer.strip():
        raise RuleBroken(_("请写明答复和处理情况。"), "answer")
    with db.session.no_autoflush:
        opinion.answer = answer.strip()
        opinion.answered_by_id = officer.id
        opinion.answered_at = now()
    notify(
        opinion.made_by_id,
        _("监督意见 %(ref)s 已答复", ref=opinion.ref),
        body=opinion.answer,
        href=f"/payments/desk#{opinion.ref}",
    )
    audit.record("finance_opinion:answer", actor=officer, subject=opinion)
