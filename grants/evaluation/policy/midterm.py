"""What an actor may do with a mid-term evaluation, and why not."""

from grants.agreements.models import Agreement
from grants.agreements.rules import AgreementStatus, Gate
from grants.evaluation import queries
from grants.evaluation.models import Midterm
from grants.evaluation.policy.appeals import why_appeal_waits
from grants.evaluation.rules import MidtermStatus, is_overdue
from grants.foundation.clock import today
from grants.foundation.i18n import _
from grants.people.models import User
from grants.people.rules import Role


def why_not_open_midterm(actor: User, agreement: Agreement) -> str | None:
    """Say why the actor may not open the mid-term evaluation of a project."""
    if not actor.has_role(Role.PROGRAMME):
        return _("中期评估由社区建设部组织。")
    if agreement.status is not AgreementStatus.SIGNED:
        return _("只有履行中的项目可以开展中期评估。")
    if not any(tranche.gate is Gate.MIDTERM for tranche in agreement.tranches):
        return _("这个项目没有中期拨付，不需要中期评估。")
    latest = queries.find_midterm_of(agreement.id)
    if latest is None:
        return None
    if latest.status is not MidtermStatus.PUBLISHED:
        return _("这个项目的中期评估正在进行。")
    if latest.is_passed:
        return _("这个项目的中期评估已经合格。")
    if latest.objections_until is not None and today() <= latest.objections_until:
        return _("上次评估结果还在异议期内，期满后可以重新评估。")
    return why_appeal_waits(latest)


def why_not_report_midterm(actor: User, midterm: Midterm) -> str | None:
    """Say why the actor may not hand in the organisation's mid-term report."""
    if midterm.agreement.organisation_id not in actor.organisation_ids:
        return _("中期自评由承接组织报送。")
    if midterm.status is not MidtermStatus.REPORTING:
        return _("中期评估已提交审定，不能再修改。")
    if is_overdue(midterm.report_due_on, midterm.reported_at is not None, today()):
        return _("已过 %(day)s 的报送期限，逾期未报按不合格处理。", day=midterm.report_due_on.isoformat())
    return _("自评已报送，不能再修改。") if midterm.reported_at is not None else None


def why_not_score_midterm(actor: User, midterm: Midterm) -> str | None:
    """Say why the actor may not score: the report is not in, or the scores are out of the office's hands."""
    if not actor.has_role(Role.PROGRAMME):
        return _("中期评估由社区建设部评分。")
    if midterm.status is not MidtermStatus.REPORTING:
        return _("中期评估已提交审定，不能再修改。")
    first = midterm.scored_by
    if first is not None and first.id != actor.id and first.has_role(Role.PROGRAMME):
        return _("由%(name)s评分，评分和提交须为同一人，申诉时另由他人复核。", name=first.display_name)
    return None if midterm.reported_at is not None else _("承接组织还没有报送自评，不能评分。")


def why_not_fail_late(actor: User, midterm: Midterm) -> str | None:
    """Say why the actor may not note that the report is late."""
    if not actor.has_role(Role.PROGRAMME):
        return _("中期评估由社区建设部评分。")
    if midterm.status is not MidtermStatus.REPORTING or midterm.reported_at is not None:
        return _("自评已经报送，不属于逾期。")
    if not is_overdue(midterm.report_due_on, False, today()):
        return _("报送期限是 %(day)s，还没有逾期。", day=midterm.report_due_on.isoformat())
    return None


def why_not_decide_midterm(actor: User, midterm: Midterm) -> str | None:
    """Say why the actor may not publish the result or send it back."""
    if not actor.has_role(Role.APPROVER):
        return _("中期评估结果由分管领导审定公布。")
    if midterm.status is not MidtermStatus.SUBMITTED:
        return _("只有待审定的中期评估可以公布或退回。")
    return _("评分人和审定人须为不同的人。") if actor.id == midterm.scored_by_id else None


def why_not_read_midterm(actor: User | None, midterm: Midterm) -> str | None:
    """Say why the actor may not read a mid-term evaluation: unpublished ones are for those who work on them."""
    if midterm.status is MidtermStatus.PUBLISHED:
        return None
    if actor is not None:
        if actor.has_role(*queries.OFFICE):
            return None
        agreement = midterm.agreement
        if agreement.project.community_id in actor.community_ids:
            return None
        if agreement.organisation_id in actor.organisation_ids:
            return None
    return _("中期评估结果还没有公布。")
