"""Who may re-examine an announced award, and what it stops."""

from grants.foundation.i18n import _
from grants.people.models import User
from grants.people.rules import Role
from grants.rounds.models import Notice, Objection
from grants.selection.models import Call, Reexamination
from grants.selection.policy.calls import why_not_officer
from grants.selection.queries.reexamining import list_standing
from grants.selection.rules import CallStatus


def why_not_open(actor: User, call: Call, objection: Objection) -> str | None:
    """Say why the actor may not open the re-examination that an objection asks for."""
    if (reason := why_not_officer(actor)) is not None:
        return reason
    if call.status is not CallStatus.ANNOUNCED or call.notice_id != objection.notice_id:
        return _("只有针对正在公示的拟入选决定的异议可以启动复核。")
    return None


def why_not_find(actor: User, reexamination: Reexamination) -> str | None:
    """Say why the actor may not write down what the re-examination found."""
    if not actor.has_role(Role.PROGRAMME, Role.APPROVER):
        return _("复核由社区建设部与分管领导双人办理。")
    return None if reexamination.is_open else _("复核已经办结，不能再改。")


def why_not_sign(actor: User, reexamination: Reexamination) -> str | None:
    """Say why the actor may not sign the outcome: the second person has the other role."""
    if (reason := why_not_find(actor, reexamination)) is not None:
        return reason
    if reexamination.found_by is None:
        return _("还没有复核意见。")
    wanted = Role.PROGRAMME if reexamination.found_by.has_role(Role.APPROVER) else Role.APPROVER
    if actor.id == reexamination.found_by_id or not actor.has_role(wanted):
        return _("复核意见须由另一角色的第二人签署。")
    return None


def why_reexamination_stops(notice: Notice) -> str | None:
    """Say what re-examination stops an award from becoming final: an open one, or one that corrected it."""
    standing = list_standing(notice)
    if any(one.is_open for one in standing):
        return _("有复核尚未办结，办结前不能确认入选。")
    return _("复核决定改正，不能确认入选；请撤销拟入选决定后重新办理。") if standing else None
