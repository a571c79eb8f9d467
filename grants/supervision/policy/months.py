"""Who may write, read and remark on monthly plans and reports."""

from grants.agreements.models import Agreement
from grants.agreements.policy import acts_for, is_of_community, why_not_running
from grants.foundation.i18n import _
from grants.people.models import User
from grants.people.rules import Role
from grants.supervision.models import ProgressReport
from grants.supervision.policy.common import why_not_watch
from grants.supervision.rules import RemarkSide, ReportStatus


def why_not_report(actor: User, agreement: Agreement) -> str | None:
    """Say why the account can neither file monthly plans nor write monthly reports."""
    if not acts_for(actor, agreement):
        return _("月度计划和月报由承接组织填报。")
    return why_not_running(agreement)


def why_not_read_report(actor: User | None, report: ProgressReport) -> str | None:
    """Say why the account may not read a monthly report: a draft is its writers' own."""
    reason = why_not_watch(actor, report.agreement)
    if reason is None and report.status is ReportStatus.DRAFT and not acts_for(actor, report.agreement):
        return _("这个月的月报还没有报送。")
    return reason


def remark_side(actor: User | None, agreement: Agreement) -> RemarkSide | None:
    """Return for which side the account remarks on monthly reports; an officer's own community comes first."""
    if actor is None or acts_for(actor, agreement):
        return None
    if is_of_community(actor, agreement):
        return RemarkSide.COMMUNITY
    return RemarkSide.PROGRAMME if actor.has_role(Role.PROGRAMME) else None


def why_not_remark(actor: User, report: ProgressReport) -> str | None:
    """Say why the account cannot remark on a monthly report."""
    side = remark_side(actor, report.agreement)
    if side is None:
        return _("月报由项目所在社区居委会和社区建设部审阅。")
    if report.status is ReportStatus.DRAFT:
        return _("这个月的月报还没有报送。")
    if any(one.side is side for one in report.remarks):
        return _("本方已经审阅过这份月报。")
    return None
