"""Who may read and answer complaints; reports of misconduct are the discipline office's alone."""

from grants.foundation.i18n import _
from grants.people.models import User
from grants.people.rules import Role
from grants.supervision import queries
from grants.supervision.models import Complaint
from grants.supervision.queries.complaints import READERS as COMPLAINT_READERS


def why_not_read_complaint(actor: User, complaint: Complaint) -> str | None:
    """Say why the account may not read a complaint; reports of misconduct go to the supervisor only."""
    if complaint.is_whistleblowing:
        return None if actor.has_role(Role.SUPERVISOR) else _("举报件只由纪监委受理。")
    if complaint.sent_by_id == actor.id or actor.has_role(*COMPLAINT_READERS):
        return None
    project = queries.find_project(complaint.project_ref)
    if project is not None and project.community_id in actor.community_ids | actor.watched_community_ids:
        return None
    return _("您不能查看这件投诉。")


def why_not_answer_complaint(actor: User, complaint: Complaint) -> str | None:
    """Say why the account cannot answer a complaint: programme or own community; misconduct the supervisor."""
    if complaint.is_whistleblowing:
        return why_not_read_complaint(actor, complaint)
    project = queries.find_project(complaint.project_ref)
    if actor.id == complaint.sent_by_id:
        return _("不能答复自己提出的投诉。")
    if actor.has_role(Role.PROGRAMME) or (project is not None and project.community_id in actor.community_ids):
        return None
    return _("投诉由项目所在社区居委会或社区建设部答复。")


def why_not_reveal(actor: User, complaint: Complaint) -> str | None:
    """Say why the account may not see how to reach the sender: only those who answer may."""
    if complaint.contact_cipher is None:
        return _("投诉人没有留下联系方式。")
    return why_not_answer_complaint(actor, complaint)
