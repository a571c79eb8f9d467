"""Warnings before a term or a budget line is used up: to whoever has the step, to whoever spends and checks."""

import uuid
from collections.abc import Iterable

from grants.agreements.models import Agreement, BudgetLine
from grants.foundation import audit
from grants.foundation.clock import now
from grants.foundation.database import db
from grants.foundation.i18n import Text, _, _l
from grants.foundation.money import yuan
from grants.foundation.notifications import notify
from grants.payments import policy, queries
from grants.payments.models import PaymentAlert, PaymentRequest
from grants.payments.rules import ALERT_PERCENT, AlertLevel, Deadline, PaymentAction, Step, reaches_percent, step_in
from grants.people.models import User
from grants.people.queries import list_users_with_role
from grants.people.rules import Role
from grants.rounds.rules import BUDGET_LABELS

TITLES: dict[AlertLevel, Text] = {
    AlertLevel.NEAR: _l("临近办理时限：%(ref)s %(step)s"),
    AlertLevel.LATE: _l("已超办理时限：%(ref)s %(step)s"),
}


def warn_deadlines() -> int:
    """Warn of every step that has used 80 percent of its days, and again when it is late; returns how many.

    Whoever may take the step is told; when it is late, the leaders too. Called by the clockwork, safe to repeat.
    """
    count = 0
    for request, deadline in queries.list_pressing():
        step = step_in(request.status)
        if step is None or deadline.level is None:
            continue
        last = max(request.steps, key=lambda one: one.at)
        if queries.was_warned(last, deadline.level):
            continue
        db.session.add(PaymentAlert(step_id=last.id, level=deadline.level, at=now()))
        told = _warn(request, step, deadline)
        audit.record("payment:warn", actor=None, subject=request, level=deadline.level.value, told=told)
        count += 1
    return count


def _warn(request: PaymentRequest, step: Step, deadline: Deadline) -> int:
    level = AlertLevel.LATE if deadline.is_late else AlertLevel.NEAR
    holders = _holders(request, step.action)
    if level is AlertLevel.LATE:
        holders |= {leader.id for leader in list_users_with_role(Role.APPROVER)}
    title = str(TITLES[level]) % {"ref": request.ref, "step": step.label}
    body = _(
        "%(project)s，%(amount)s 元，%(words)s。",
        project=request.agreement.project.title,
        amount=yuan(request.amount_fen),
        words=deadline.words,
    )
    for user_id in holders:
        notify(user_id, title, body=body, href=f"/payments/{request.ref}")
    return len(holders)


def _holders(request: PaymentRequest, action: PaymentAction) -> set[uuid.UUID]:
    """Return those who may take the step: of the right side, and not a hand that has signed before."""
    role = Role.COMMUNITY if action is PaymentAction.PASS_COMMUNITY else policy.OFFICE_ROLES[action][0]
    return {user.id for user in list_users_with_role(role) if policy.why_not_sign(user, request, action) is None}


def warn_line(line: BudgetLine, before_fen: int, after_fen: int) -> None:
    """Tell the organisation and finance when a voucher brings a budget line to 80 percent or over."""
    reached = [reaches_percent(booked, line.amount_fen, ALERT_PERCENT) for booked in (before_fen, after_fen)]
    if reached != [False, True]:
        return
    name = f"{BUDGET_LABELS[line.code]} {line.content}"
    title = _("预算科目已用 %(percent)s%%：%(line)s", percent=after_fen * 100 // line.amount_fen, line=name)
    body = _(
        "%(project)s：额度 %(agreed)s 元，已登记 %(booked)s 元，余 %(left)s 元。如需调整预算，请先办理变更。",
        project=line.agreement.project.title,
        agreed=yuan(line.amount_fen),
        booked=yuan(after_fen),
        left=yuan(line.amount_fen - after_fen),
    )
    for user_id in _line_readers(line.agreement):
        notify(user_id, title, body=body, href=f"/payments/agreements/{line.agreement.ref}")


def _line_readers(agreement: Agreement) -> Iterable[uuid.UUID]:
    members: list[User] = [member.user for member in agreement.organisation.members]
    return dict.fromkeys(user.id for user in (*members, *list_users_with_role(Role.FINANCE)))
