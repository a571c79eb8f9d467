"""Who may appeal against a result, who may examine the appeal, and why not."""

from grants.evaluation import queries
from grants.evaluation.models import Appeal, Evaluation, Midterm
from grants.evaluation.rules import AppealStatus
from grants.foundation.clock import today
from grants.foundation.i18n import _
from grants.people.models import User
from grants.people.rules import Role
from grants.projects.rules import ProjectStatus


def why_not_appeal(actor: User, subject: Evaluation | Midterm) -> str | None:
    """Say why the actor may not appeal against a result: not theirs, not published, window over, done already."""
    if subject.agreement.organisation_id not in actor.organisation_ids:
        return _("申诉由承接组织提出。")
    if subject.published_at is None or subject.objections_until is None:
        return _("评价结果公布后才能申诉。")
    if queries.find_appeal_of(subject) is not None:
        return _("对这个结果已经申诉过，每个结果只能申诉一次。")
    if today() > subject.objections_until:
        return _("异议期到 %(day)s 为止，已经结束。", day=subject.objections_until.isoformat())
    return _("项目已经结项，不再受理申诉。") if subject.agreement.project.status is ProjectStatus.CLOSED else None


def why_not_examine(actor: User, appeal: Appeal) -> str | None:
    """Say why the actor may not examine an appeal: those who scored or decided first do not."""
    if not actor.has_role(Role.PROGRAMME, Role.APPROVER):
        return _("申诉由街道复核。")
    if appeal.status is not AppealStatus.OPEN:
        return _("这项申诉已经复核。")
    first = {appeal.first_scored_by_id, appeal.first_decided_by_id, getattr(appeal.subject, "drafted_by_id", None)}
    if actor.id in first:
        return _("原评分人和审定人不能复核，请由其他人员办理。")
    return None


def why_not_read_appeal(actor: User, appeal: Appeal) -> str | None:
    """Say why the actor may not read an appeal: it is for both sides and those who watch."""
    if actor.has_role(*queries.OFFICE) or appeal.agreement.organisation_id in actor.organisation_ids:
        return None
    return _("申诉材料只对承接组织和街道工作人员开放。")


def why_appeal_waits(subject: Evaluation | Midterm) -> str | None:
    """Say that an appeal against the result has to be examined first."""
    appeal = queries.find_appeal_of(subject)
    if appeal is None or appeal.status is AppealStatus.DECIDED:
        return None
    return _("承接组织的申诉正在复核，复核结束后再办理。")
