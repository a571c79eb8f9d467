"""Orders to put something right: issued with a deadline, answered by the organisation, re-checked by somebody else."""

from datetime import date, timedelta

from grants.agreements.models import Agreement
from grants.foundation import audit
from grants.foundation.clock import now, today
from grants.foundation.database import db, hold
from grants.foundation.errors import RuleBroken, require
from grants.foundation.i18n import _
from grants.foundation.models import StoredFile
from grants.foundation.notifications import notify
from grants.foundation.numbering import next_reference
from grants.people.models import User
from grants.supervision import policy
from grants.supervision.models import Rectification
from grants.supervision.rules import RECTIFICATION_FLOW, RectificationAction, setting
from grants.supervision.service.shared import require_rule, round_prefix, tell_organisation


def issue_rectification(
    *, agreement: Agreement, by: User, problem: str, demand: str, due_on: date | None = None
) -> Rectification:
    """Order the organisation to put something right by a day; until it is closed no tranche is paid.

    Without a day the round's usual number of days is given; a day outside its span (15 to 30 days) is refused.
    """
    require(policy.why_not_rectify(by, agreement))
    require_rule(None if problem.strip() else _("请写明发现的问题。"), "problem")
    require_rule(None if demand.strip() else _("请写明整改要求。"), "demand")
    order = Rectification(
        ref=next_reference(round_prefix("ZG", agreement)),
        agreement=agreement,
        problem=problem,
        demand=demand,
        due_on=_deadline(agreement, due_on, shortest=_days(agreement, "rectification_shortest_days")),
        issued_by=by,
    )
    db.session.add(order)
    tell_organisation(agreement, _("收到整改通知：%(ref)s", ref=order.ref), f"/supervision/rectifications/{order.ref}")
    audit.record("rectification:issue", actor=by, subject=order, agreement=agreement.ref, due_on=order.due_on)
    return order


def _days(agreement: Agreement, name: str) -> int:
    return int(setting(agreement.project.round.settings, name))


def _deadline(agreement: Agreement, due_on: date | None, *, shortest: int) -> date:
    """Return the day an order is due; what was found wanting at a re-check may be due sooner than a new matter."""
    chosen = due_on or today() + timedelta(days=_days(agreement, "rectification_days"))
    longest = _days(agreement, "rectification_longest_days")
    if not shortest <= (chosen - today()).days <= longest:
        raise RuleBroken(
            _("整改期限应为 %(shortest)s 至 %(longest)s 天。", shortest=shortest, longest=longest), "due_on"
        )
    return chosen


def answer_rectification(
    *, rectification: Rectification, by: User, answer: str, file: StoredFile | None = None
) -> None:
    """Say for the organisation what was put right."""
    hold(rectification)
    require(policy.why_not_answer_order(by, rectification))
    status = RECTIFICATION_FLOW.next(rectification.status, RectificationAction.ANSWER)
    require_rule(None if answer.strip() else _("请写明整改措施和结果。"), "answer")
    rectification.status = status
    rectification.answer = answer
    rectification.answered_at = now()
    rectification.answered_by_id = by.id
    rectification.answer_file = file
    notify(
        rectification.issued_by_id,
        _("整改已答复，请复查：%(ref)s", ref=rectification.ref),
        href=f"/supervision/rectifications/{rectification.ref}",
    )
    audit.record("rectification:answer", actor=by, subject=rectification)


def recheck_rectification(
    *, rectification: Rectification, by: User, is_done: bool, note: str, due_on: date | None = None
) -> None:
    """Close an order that was carried out, or open it again with a new deadline."""
    hold(rectification)
    require(policy.why_not_recheck(by, rectification))
    action = RectificationAction.ACCEPT if is_done else RectificationAction.REJECT
    status = RECTIFICATION_FLOW.next(rectification.status, action)
    require_rule(None if note.strip() else _("请写明复查看到的情况。"), "note")
    if is_done:
        rectification.closed_by_id = by.id
        rectification.closed_at = now()
    else:
        rectification.due_on = _deadline(rectification.agreement, due_on, shortest=1)
        rectification.rejected_count += 1
    rectification.status = status
    rectification.recheck_note = note
    title = _("整改已通过复查：%(ref)s") if is_done else _("整改未通过复查，请继续整改：%(ref)s")
    tell_organisation(
        rectification.agreement,
        title % {"ref": rectification.ref},
        f"/supervision/rectifications/{rectification.ref}",
    )
    audit.record(
        "rectification:accept" if is_done else "rectification:reject", actor=by, subject=rectification, note=note
    )
