"""Changes of a running agreement: stated, put on record or approved by two people, and applied."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from grants.agreements import policy, queries
from grants.agreements.models import Agreement, Amendment
from grants.agreements.rules import (
    CHANGE_FLOW,
    CHANGE_KIND_LABELS,
    ChangeAction,
    ChangeKind,
    ChangeStatus,
    LineDraft,
    LineMove,
    MilestoneStatus,
    needs_approval,
    over_cap,
    why_not_extend,
    why_not_move,
    why_not_targets,
)
from grants.agreements.service.shared import require_rule, tell_organisation
from grants.foundation import audit
from grants.foundation.clock import now
from grants.foundation.database import db, hold
from grants.foundation.errors import require
from grants.foundation.i18n import _
from grants.foundation.notifications import notify
from grants.people import queries as people
from grants.people.models import User
from grants.people.rules import Role

Spending = Callable[[uuid.UUID], Mapping[uuid.UUID, int]]
"""Returns what is spent of each budget line of an agreement, in 分."""
TARGETS = ("person_target", "attendance_target", "activity_target")

_spending: list[Spending] = []


def know_spending(source: Spending) -> None:
    """Let the payments stage, which comes later, say what is spent, so that no line is moved below it."""
    _spending[:] = [source]


@dataclass(frozen=True)
class Wish:
    """A change as the organisation asks for it; `after` holds what the kind is about.

    budget: {position of the line: amount in 分} · leader: {"leader_name"} · period: {"ends_on"} · targets: the three
    numbers · region: {"region"}.
    """

    kind: ChangeKind
    after: Mapping[str, Any]
    reason: str
    impact_progress: str
    impact_cost: str
    impact_resources: str
    impact_other: str = ""


def propose_change(*, agreement: Agreement, by: User, wish: Wish) -> Amendment:
    """Ask for a change; moves within a tenth of each line take effect at once and are only put on record.

    Raises RuleBroken with the rule when the change is outside what can be approved at all.
    """
    hold(agreement)
    require(policy.why_not_propose(by, agreement))
    for name in ("reason", "impact_progress", "impact_cost", "impact_resources"):
        require_rule(None if getattr(wish, name).strip() else _("请写明变更理由和对进度、成本、资源的影响。"), name)
    before = _now(agreement, wish.kind)
    after = {name: wish.after.get(name, value) for name, value in before.items()}
    _check(agreement, wish.kind, after)
    number = len(agreement.amendments) + 1
    amendment = Amendment(
        ref=f"{agreement.ref}-BG{number}",
        number=number,
        kind=wish.kind,
        before=before,
        after=after,
        reason=wish.reason,
        impact_progress=wish.impact_progress,
        impact_cost=wish.impact_cost,
        impact_resources=wish.impact_resources,
        impact_other=wish.impact_other,
        proposed_by_id=by.id,
    )
    agreement.amendments.append(amendment)
    moves = _moves(agreement, after) if wish.kind is ChangeKind.BUDGET else []
    if not needs_approval(wish.kind, moves):
        amendment.status = CHANGE_FLOW.next(ChangeStatus.PROPOSED, ChangeAction.FILE)
        _apply(amendment)
    _tell(amendment, Role.PROGRAMME)
    db.session.flush()
    audit.record(
        "agreement:propose_change", actor=by, subject=agreement, change=amendment.ref, status=amendment.status.value
    )
    return amendment


def _tell(amendment: Amendment, role: Role) -> None:
    title, kind = amendment.agreement.project.title, str(CHANGE_KIND_LABELS[amendment.kind])
    text = _("请办理协议变更（%(kind)s）：%(title)s", kind=kind, title=title)
    if amendment.status is ChangeStatus.FILED:
        text = _("协议变更已备案（%(kind)s）：%(title)s", kind=kind, title=title)
    for officer in people.list_users_with_role(role):
        notify(officer.id, text, href=f"/agreements/{amendment.agreement.ref}/changes/{amendment.number}")


def _check(agreement: Agreement, kind: ChangeKind, after: Mapping[str, Any]) -> None:
    if kind is ChangeKind.BUDGET:
        _check_moves(agreement, after)
    elif kind is ChangeKind.PERIOD:
        extended = queries.count_approved(agreement.id, ChangeKind.PERIOD) > 0
        wanted = date.fromisoformat(after["ends_on"])
        require_rule(why_not_extend(ends_on=agreement.ends_on, wanted=wanted, extended_before=extended), "ends_on")
    elif kind is ChangeKind.TARGETS:
        require_rule(why_not_targets(_now(agreement, kind), after), "person_target")
    else:
        (name,) = _now(agreement, kind)
        same = after[name].strip() in ("", getattr(agreement, name))
        require_rule(_("请填写变更后的内容，并与现在不同。") if same else None, name)


def _check_moves(agreement: Agreement, after: Mapping[str, Any]) -> None:
    require_rule(why_not_move(_moves(agreement, after)), "lines")
    drafts = [
        LineDraft(line.source, line.code, line.content, int(after.get(str(line.position), line.amount_fen)))
        for line in agreement.budget_lines
    ]
    require_rule(over_cap(drafts, agreement.project.round.settings["budget_caps_percent"]), "lines")


def _moves(agreement: Agreement, after: Mapping[str, Any]) -> list[LineMove]:
    spent = _spending[0](agreement.id) if _spending else {}
    return [
        LineMove(
            line.content,
            line.source.value,
            line.baseline_fen,
            line.amount_fen,
            int(after.get(str(line.position), line.amount_fen)),
            spent.get(line.id, 0),
        )
        for line in agreement.budget_lines
    ]


def _now(agreement: Agreement, kind: ChangeKind) -> dict[str, Any]:
    """Return what stands in the agreement now of that which this kind of change is about."""
    if kind is ChangeKind.BUDGET:
        return {str(line.position): line.amount_fen for line in agreement.budget_lines}
    if kind is ChangeKind.PERIOD:
        return {"ends_on": agreement.ends_on.isoformat()}
    if kind is ChangeKind.TARGETS:
        return {name: getattr(agreement, name) for name in TARGETS}
    name = "leader_name" if kind is ChangeKind.LEADER else "region"
    return {name: getattr(agreement, name)}


def _apply(amendment: Amendment) -> None:
    agreement, after = amendment.agreement, amendment.after
    if amendment.kind is ChangeKind.BUDGET:
        _apply_moves(amendment)
    elif amendment.kind is ChangeKind.PERIOD:
        _extend(agreement, date.fromisoformat(after["ends_on"]))
    else:
        for name, value in after.items():
            setattr(agreement, name, value)


def _apply_moves(amendment: Amendment) -> None:
    """Move the money: what falls first, so that the sum never stands above the total, not even between two rows."""
    wanted = {line: int(amendment.after[str(line.position)]) for line in amendment.agreement.budget_lines}
    for falls in (True, False):
        for line, amount in wanted.items():
            if (amount < line.amount_fen) is falls:
                line.amount_fen = amount
        db.session.flush()
    if amendment.status is ChangeStatus.APPROVED:
        for line in wanted:
            line.baseline_fen = line.amount_fen


def _extend(agreement: Agreement, ends_on: date) -> None:
    """Move the end, and with it the last milestone if that was due on the last day."""
    last = agreement.milestones[-1]
    if last.due_on == agreement.ends_on and last.status is MilestoneStatus.PLANNED:
        last.due_on = ends_on
    agreement.ends_on = ends_on


def endorse_change(*, amendment: Amendment, by: User, note: str = "") -> None:
    """Endorse a change for the programme office; a leader decides after that."""
    hold(amendment)
    require(policy.why_not_endorse(by, amendment))
    amendment.status = CHANGE_FLOW.next(amendment.status, ChangeAction.ENDORSE)
    amendment.endorsed_by_id, amendment.endorsed_at, amendment.endorse_note = by.id, now(), note
    _tell(amendment, Role.APPROVER)
    audit.record("agreement:endorse_change", actor=by, subject=amendment.agreement, change=amendment.ref)


def approve_change(*, amendment: Amendment, by: User, note: str = "") -> None:
    """Approve an endorsed change and apply it in the same transaction; the rules are asked again first."""
    hold(amendment.agreement)
    hold(amendment)
    status = CHANGE_FLOW.next(amendment.status, ChangeAction.APPROVE)
    require(policy.why_not_approve(by, amendment))
    _check(amendment.agreement, amendment.kind, amendment.after)
    amendment.status = status
    amendment.decided_by_id, amendment.decided_at, amendment.decision_note = by.id, now(), note
    _apply(amendment)
    text = _("协议变更已批准：%(title)s", title=amendment.agreement.project.title)
    tell_organisation(amendment.agreement, text, f"/changes/{amendment.number}")
    audit.record("agreement:approve_change", actor=by, subject=amendment.agreement, change=amendment.ref)


def refuse_change(*, amendment: Amendment, by: User, note: str) -> None:
    """Refuse a change with the reason the organisation reads."""
    hold(amendment)
    status = CHANGE_FLOW.next(amendment.status, ChangeAction.REFUSE)
    require(policy.why_not_refuse(by, amendment))
    require_rule(None if note.strip() else _("请写明不同意的理由。"), "note")
    amendment.status = status
    amendment.decided_by_id, amendment.decided_at, amendment.decision_note = by.id, now(), note
    title = amendment.agreement.project.title
    tell_organisation(
        amendment.agreement, _("协议变更未获批准：%(title)s", title=title), f"/changes/{amendment.number}"
    )
    audit.record("agreement:refuse_change", actor=by, subject=amendment.agreement, change=amendment.ref, reason=note)


def withdraw_change(*, amendment: Amendment, by: User) -> None:
    """Take back a change that nobody has decided yet."""
    hold(amendment)
    status = CHANGE_FLOW.next(amendment.status, ChangeAction.WITHDRAW)
    require(policy.why_not_withdraw(by, amendment))
    amendment.status = status
    audit.record("agreement:withdraw_change", actor=by, subject=amendment.agreement, change=amendment.ref)
