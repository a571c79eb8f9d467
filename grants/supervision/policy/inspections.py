"""Who may plan, make and read inspections."""

from grants.agreements.models import Agreement
from grants.agreements.policy import acts_for, why_not_running
from grants.agreements.policy import why_not_read as why_not_read_agreement
from grants.foundation.i18n import _
from grants.people.models import User
from grants.people.rules import Role
from grants.supervision.models import Inspection
from grants.supervision.policy.common import watches_for_community, why_not_oversee, why_not_watch
from grants.supervision.rules import InspectionMethod, InspectionStatus


def why_not_plan_inspection(actor: User, agreement: Agreement) -> str | None:
    """Say why the account cannot plan an inspection: the programme can, and who watches for the community."""
    if actor.has_role(Role.PROGRAMME) or watches_for_community(actor, agreement):
        return why_not_running(agreement)
    return _("检查由社区建设部或项目所在社区的居务监督安排。")


def why_not_cancel_inspection(actor: User, inspection: Inspection) -> str | None:
    """Say why the account cannot call an inspection off: the programme can, and who planned it for the community."""
    is_own = inspection.planned_by_id == actor.id and watches_for_community(actor, inspection.agreement)
    if actor.has_role(Role.PROGRAMME) or is_own:
        return why_not_running(inspection.agreement)
    return _("检查由安排的人或社区建设部取消。")


def why_not_assign(user: User, agreement: Agreement) -> str | None:
    """Say why somebody cannot be sent to inspect a project."""
    return None if watches_for_community(user, agreement) else why_not_oversee(user, agreement)


def why_not_send(planner: User, inspector: User, agreement: Agreement, method: InspectionMethod) -> str | None:
    """Say why this person cannot be sent by that one: who watches for the community inspects in person.

    Calls are made by officers only, who may see telephone numbers.
    """
    if not planner.has_role(Role.PROGRAMME) and inspector.id != planner.id:
        return _("居务监督安排的检查由本人进行。")
    if method is InspectionMethod.PHONE and watches_for_community(inspector, agreement):
        return _("电话抽访要用居民的联系电话，由工作人员进行。")
    return why_not_assign(inspector, agreement)


def why_not_record_inspection(actor: User, inspection: Inspection) -> str | None:
    """Say why the account cannot write down what an inspection found: the person who was sent does."""
    if actor.id != inspection.assigned_to_id:
        return _("由指定的检查人填写：%(name)s。", name=inspection.assigned_to.display_name)
    return why_not_assign(actor, inspection.agreement) or why_not_running(inspection.agreement)


def why_not_read_inspection(actor: User | None, inspection: Inspection) -> str | None:
    """Say why the account may not read an inspection: the inspected read the result, not the plan."""
    reason = why_not_watch(actor, inspection.agreement)
    sees_plans = _is_staff_reader(actor, inspection) or watches_for_community(actor, inspection.agreement)
    if reason is None and inspection.status is not InspectionStatus.DONE and not sees_plans:
        return _("检查完成后，承接组织和居民监督员才能看到结果。")
    return reason


def _is_staff_reader(actor: User | None, inspection: Inspection) -> bool:
    if acts_for(actor, inspection.agreement):
        return False
    return why_not_read_agreement(actor, inspection.agreement) is None


def why_not_read_calls(actor: User | None, inspection: Inspection) -> str | None:
    """Say why the account may not see whom was called and what they said: not the inspected, ever."""
    return None if _is_staff_reader(actor, inspection) else _("抽访对象和回答不提供给承接组织。")
