"""Who may plan, make and read inspections."""

from grants.agreements.models import Agreement
from grants.agreements.policy import acts_for, why_not_running
from grants.agreements.policy import why_not_read as why_not_read_agreement
from grants.foundation.i18n import _
from grants.people.models import User
from grants.people.rules import Role
from grants.supervision.models import Inspection
from grants.supervision.policy.common import why_not_oversee, why_not_watch
from grants.supervision.rules import InspectionStatus


def why_not_plan_inspection(actor: User, agreement: Agreement) -> str | None:
    """Say why the account can neither plan an inspection nor call one off."""
    if not actor.has_role(Role.PROGRAMME):
        return _("检查由社区建设部安排。")
    return why_not_running(agreement)


def why_not_assign(user: User, agreement: Agreement) -> str | None:
    """Say why somebody cannot be sent to inspect a project."""
    return why_not_oversee(user, agreement)


def why_not_record_inspection(actor: User, inspection: Inspection) -> str | None:
    """Say why the account cannot write down what an inspection found: the person who was sent does."""
    if actor.id != inspection.assigned_to_id:
        return _("由指定的检查人填写：%(name)s。", name=inspection.assigned_to.display_name)
    return why_not_oversee(actor, inspection.agreement) or why_not_running(inspection.agreement)


def why_not_read_inspection(actor: User | None, inspection: Inspection) -> str | None:
    """Say why the account may not read an inspection: the inspected read the result, not the plan."""
    reason = why_not_watch(actor, inspection.agreement)
    if reason is None and inspection.status is not InspectionStatus.DONE and not _is_staff_reader(actor, inspection):
        return _("检查完成后，承接组织和居民监督员才能看到结果。")
    return reason


def _is_staff_reader(actor: User | None, inspection: Inspection) -> bool:
    if acts_for(actor, inspection.agreement):
        return False
    return why_not_read_agreement(actor, inspection.agreement) is None


def why_not_read_calls(actor: User | None, inspection: Inspection) -> str | None:
    """Say why the account may not see whom was called and what they said: not the inspected, ever."""
    return None if _is_staff_reader(actor, inspection) else _("抽访对象和回答不提供给承接组织。")
