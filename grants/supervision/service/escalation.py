"""Orders that are late: the organisation is reminded, then the leader is told, who says what is to be done."""

from grants.foundation import audit
from grants.foundation.database import db, hold
from grants.foundation.errors import require
from grants.foundation.i18n import _
from grants.foundation.notifications import notify
from grants.people import queries as people
from grants.people.models import User
from grants.people.rules import Role
from grants.supervision import policy
from grants.supervision.models import Rectification, RectificationStep
from grants.supervision.rules import StepKind
from grants.supervision.service.shared import require_rule, tell_organisation


def remind(*, rectification: Rectification, by: User) -> None:
    """Remind the organisation of an order whose day has passed; at most once a day."""
    hold(rectification)
    require(policy.why_not_remind(by, rectification))
    _note(rectification, StepKind.REMIND, by, "")
    tell_organisation(
        rectification.agreement,
        _("整改已逾期，请立即整改并答复：%(ref)s", ref=rectification.ref),
        _page(rectification),
    )
    audit.record("rectification:remind", actor=by, subject=rectification, due_on=rectification.due_on)


def escalate(*, rectification: Rectification, by: User, text: str) -> None:
    """Report an order that stays undone after a reminder to the leader."""
    hold(rectification)
    require(policy.why_not_escalate(by, rectification))
    require_rule(None if text.strip() else _("请写明催办情况和处理建议。"), "text")
    _note(rectification, StepKind.ESCALATE, by, text)
    for leader in people.list_users_with_role(Role.APPROVER):
        notify(leader.id, _("逾期未整改，请批示：%(ref)s", ref=rectification.ref), text, _page(rectification))
    audit.record("rectification:escalate", actor=by, subject=rectification, text=text)


def instruct(*, rectification: Rectification, by: User, text: str) -> None:
    """Say as the leader what is to be done about an order that was reported."""
    hold(rectification)
    require(policy.why_not_instruct(by, rectification))
    require_rule(None if text.strip() else _("请写明批示意见。"), "text")
    _note(rectification, StepKind.INSTRUCT, by, text)
    title = _("领导已批示：%(ref)s", ref=rectification.ref)
    notify(rectification.issued_by_id, title, text, _page(rectification))
    tell_organisation(rectification.agreement, title, _page(rectification))
    audit.record("rectification:instruct", actor=by, subject=rectification, text=text)


def _note(rectification: Rectification, kind: StepKind, by: User, text: str) -> None:
    db.session.add(RectificationStep(rectification=rectification, kind=kind, by_id=by.id, text=text))
    db.session.flush()
    db.session.expire(rectification, ["steps"])


def _page(rectification: Rectification) -> str:
    return f"/supervision/rectifications/{rectification.ref}"
