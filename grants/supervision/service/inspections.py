"""Inspections: planned with a person and a day, made item by item; calls go to a sample drawn from those served."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

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
from grants.selection.rules.drawing import in_order
from grants.supervision import policy, queries
from grants.supervision.models import Inspection, InspectionItem, SpotCall
from grants.supervision.rules import (
    INSPECTION_FLOW,
    INSPECTION_ITEMS,
    CallOutcome,
    InspectionAction,
    InspectionMethod,
    ItemGrade,
    quarter_of,
    worst,
)
from grants.supervision.service.shared import require_rule, round_prefix, tell_organisation


def plan_inspection(
    *, agreement: Agreement, officer: User, method: InspectionMethod, due_on: date, assigned_to: User, focus: str = ""
) -> Inspection:
    """Plan a check of a project: how, by whom, until when; the organisation is not told beforehand."""
    require(policy.why_not_plan_inspection(officer, agreement))
    if due_on < today():
        raise RuleBroken(_("检查日期不能早于今天。"), "due_on")
    require_rule(policy.why_not_send(officer, assigned_to, agreement, method), "assigned_to")
    inspection = Inspection(
        ref=next_reference(round_prefix("JC", agreement)),
        agreement=agreement,
        method=method,
        quarter=quarter_of(due_on),
        due_on=due_on,
        focus=focus,
        assigned_to=assigned_to,
        planned_by=officer,
    )
    db.session.add(inspection)
    notify(
        assigned_to.id,
        _("请您检查：%(title)s", title=agreement.project.title),
        focus,
        f"/supervision/inspections/{inspection.ref}",
    )
    audit.record("inspection:plan", actor=officer, subject=inspection, agreement=agreement.ref, due_on=due_on)
    return inspection


@dataclass(frozen=True)
class Finding:
    """What one item was found to be; whatever is not good needs a note."""

    grade: ItemGrade
    note: str = ""


def record_inspection(
    *,
    inspection: Inspection,
    by: User,
    done_on: date,
    findings: Sequence[Finding],
    summary: str,
    file: StoredFile | None = None,
) -> None:
    """Write down what was found, one finding for each item of the method in its order; the organisation is told."""
    hold(inspection)
    require(policy.why_not_record_inspection(by, inspection))
    status = INSPECTION_FLOW.next(inspection.status, InspectionAction.RECORD)
    _check_findings(inspection, done_on, findings, summary)
    subjects = INSPECTION_ITEMS[inspection.method]
    inspection.status = status
    inspection.done_on = done_on
    inspection.summary = summary
    inspection.grade = worst(finding.grade for finding in findings)
    inspection.file = file
    inspection.items.extend(
        InspectionItem(position=number, subject=str(subject), grade=finding.grade, note=finding.note)
        for number, (subject, finding) in enumerate(zip(subjects, findings, strict=True), 1)
    )
    tell_organisation(
        inspection.agreement,
        _("检查结果已填写：%(ref)s", ref=inspection.ref),
        f"/supervision/inspections/{inspection.ref}",
    )
    audit.record("inspection:record", actor=by, subject=inspection, grade=inspection.grade, on=done_on)


def _check_findings(inspection: Inspection, done_on: date, findings: Sequence[Finding], summary: str) -> None:
    if done_on > today():
        raise RuleBroken(_("检查日期不能晚于今天。"), "done_on")
    if len(findings) != len(INSPECTION_ITEMS[inspection.method]):
        raise RuleBroken(_("每一项都要评定。"))
    for number, finding in enumerate(findings):
        if finding.grade is not ItemGrade.GOOD and not finding.note.strip():
            raise RuleBroken(_("需改进或不合格的，请写明情况。"), f"note_{number}")
    require_rule(None if summary.strip() else _("请写明总体情况。"), "summary")
    if inspection.method is InspectionMethod.PHONE and (
        not inspection.calls or any(call.outcome is None for call in inspection.calls)
    ):
        raise RuleBroken(_("请先抽取样本，并登记每一通电话的结果。"))


def cancel_inspection(*, inspection: Inspection, officer: User, reason: str) -> None:
    """Call a planned inspection off, with a reason."""
    hold(inspection)
    require(policy.why_not_cancel_inspection(officer, inspection))
    status = INSPECTION_FLOW.next(inspection.status, InspectionAction.CANCEL)
    require_rule(None if reason.strip() else _("请写明原因"), "reason")
    inspection.status = status
    inspection.cancel_reason = reason
    audit.record("inspection:cancel", actor=officer, subject=inspection, reason=reason)


def draw_sample(*, inspection: Inspection, by: User, count: int, seed: str = "") -> list[SpotCall]:
    """Draw whom to call among the residents who signed in, once; the same seed draws the same people.

    When fewer than `count` signed in, all of them are called.
    """
    hold(inspection)
    require(policy.why_not_record_inspection(by, inspection))
    INSPECTION_FLOW.next(inspection.status, InspectionAction.RECORD)
    if inspection.method is not InspectionMethod.PHONE or inspection.calls:
        raise RuleBroken(_("样本只能抽取一次，且只用于电话抽访。"))
    served = {str(one.id): one for one in queries.list_signed_in_residents(inspection.agreement_id)}
    require_rule(None if served else _("还没有居民扫码签到，无法抽取样本。"), "count")
    require_rule(None if count >= 1 else _("请填写大于零的整数"), "count")
    inspection.sample_seed = seed.strip() or secrets.token_hex(16)
    inspection.sample_from = len(served)
    chosen = in_order(list(served), inspection.sample_seed)[:count]
    inspection.calls.extend(SpotCall(number=number, resident=served[key]) for number, key in enumerate(chosen, 1))
    audit.record("inspection:sample", actor=by, subject=inspection, seed=inspection.sample_seed, drawn=len(chosen))
    return inspection.calls


def record_call(
    *,
    call: SpotCall,
    by: User,
    outcome: CallOutcome,
    has_attended: bool | None = None,
    score: int | None = None,
    remark: str = "",
) -> None:
    """Write down a call; it may be corrected until the inspection is recorded."""
    hold(call)
    require(policy.why_not_record_inspection(by, call.inspection))
    INSPECTION_FLOW.next(call.inspection.status, InspectionAction.RECORD)
    is_answered = outcome is CallOutcome.ANSWERED
    if is_answered and has_attended is None:
        raise RuleBroken(_("请选择受访居民是否参加过活动。"), "has_attended")
    if score is not None and not 1 <= score <= 5:
        raise RuleBroken(_("满意度请填写 1 到 5。"), "score")
    call.outcome = outcome
    call.has_attended = has_attended if is_answered else None
    call.score = score if is_answered else None
    call.remark = remark
    call.called_by_id = by.id
    call.called_at = now()
    audit.record("inspection:call", actor=by, subject=call.inspection, number=call.number, outcome=outcome)
