"""Who may prepare, issue and read the monthly progress bulletin."""

from grants.foundation.i18n import _
from grants.people.models import User
from grants.people.rules import Role
from grants.supervision.models import ProgressBulletin


def why_not_prepare_bulletin(actor: User | None, bulletin: ProgressBulletin | None = None) -> str | None:
    """Say why the account can neither prepare a bulletin nor take its figures anew."""
    if actor is None or not actor.has_role(Role.PROGRAMME):
        return _("进度通报由社区建设部编制。")
    if bulletin is not None and bulletin.issued_at is not None:
        return _("这个月的进度通报已经发布，数字不再变动。")
    return None


def why_not_issue_bulletin(actor: User | None, bulletin: ProgressBulletin) -> str | None:
    """Say why the account cannot issue a bulletin: a leader does, who did not prepare it."""
    if actor is None or not actor.has_role(Role.APPROVER):
        return _("进度通报由分管领导审批发布。")
    if actor.id == bulletin.prepared_by_id:
        return _("编制人不能审批自己编制的进度通报。")
    return _("这个月的进度通报已经发布，数字不再变动。") if bulletin.issued_at is not None else None


def why_not_list_drafts(actor: User | None) -> str | None:
    """Say why the account may not see bulletins that are not issued yet."""
    offices = (Role.PROGRAMME, Role.FINANCE, Role.APPROVER, Role.SUPERVISOR)
    return None if actor is not None and actor.has_role(*offices) else _("进度通报发布后才能查看。")


def why_not_read_bulletin(actor: User | None, bulletin: ProgressBulletin) -> str | None:
    """Say why somebody may not read a bulletin: an issued one is everybody's."""
    return None if bulletin.issued_at is not None else why_not_list_drafts(actor)
