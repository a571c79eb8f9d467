"""Complaints by anybody, and reports of misconduct that reach the street's supervisor only."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import update

from grants.foundation import audit
from grants.foundation.clock import now, today
from grants.foundation.database import db, hold
from grants.foundation.errors import RuleBroken, TransitionRefused, require
from grants.foundation.i18n import _
from grants.foundation.identifiers import new_code
from grants.foundation.notifications import notify
from grants.foundation.numbering import next_reference
from grants.foundation.sealing import vault
from grants.people import queries as people
from grants.people.models import User
from grants.people.rules import Role
from grants.supervision import policy, queries
from grants.supervision.models import Complaint
from grants.supervision.rules import CONTACT_KEPT_DAYS, ComplaintStatus
from grants.supervision.service.shared import require_rule


@dataclass(frozen=True)
class Sent:
    """A complaint and the code by which its sender, and nobody else, finds it again."""

    complaint: Complaint
    code: str


def complain(
    *, project_ref: str, text: str, contact: str = "", is_whistleblowing: bool = False, sender: User | None = None
) -> Sent:
    """Take in a complaint about a project, from anybody; the contact is encrypted.

    A report of misconduct keeps no trace of the account it was sent with, neither here nor in the audit chain.
    """
    project = queries.find_project(project_ref)
    if project is None:
        raise RuleBroken(_("没有这个项目，请从列表中选择。"), "project_ref")
    require_rule(None if text.strip() else _("请写明您要反映的情况。"), "text")
    named = None if is_whistleblowing else sender
    ref, code = next_reference(f"TS-{today().year}"), new_code()
    complaint = Complaint(
        ref=ref,
        project_ref=project.ref,
        text=text,
        contact_cipher=vault().encrypt(contact, f"complaint:{ref}") if contact.strip() else None,
        is_whistleblowing=is_whistleblowing,
        query_index=vault().blind_index("complaint", code),
        sent_by_id=named.id if named else None,
    )
    db.session.add(complaint)
    _forget_old_contacts()
    _tell_readers(complaint, project.community_id)
    audit.record("complaint:send", actor=named, subject=complaint, is_whistleblowing=is_whistleblowing)
    return Sent(complaint, code)


def _forget_old_contacts() -> None:
    """Delete contacts whose time is over, as promised where they were asked for; every new complaint sees to it."""
    over = now() - timedelta(days=CONTACT_KEPT_DAYS)
    db.session.execute(
        update(Complaint)
        .where(Complaint.answered_at < over, Complaint.contact_cipher.is_not(None))
        .values(contact_cipher=None)
    )


def _tell_readers(complaint: Complaint, community_id: object) -> None:
    href = f"/supervision/complaints/{complaint.ref}"
    if complaint.is_whistleblowing:
        for supervisor in people.list_users_with_role(Role.SUPERVISOR):
            notify(supervisor.id, _("收到举报：%(ref)s", ref=complaint.ref), href=href)
        return
    for officer in people.list_users_with_role(Role.COMMUNITY):
        if community_id in officer.community_ids:
            notify(officer.id, _("收到投诉：%(ref)s", ref=complaint.ref), href=href)


def answer_complaint(*, complaint: Complaint, by: User, answer: str) -> None:
    """Answer a complaint in words its sender will read; once."""
    hold(complaint)
    require(policy.why_not_answer_complaint(by, complaint))
    if complaint.status is ComplaintStatus.ANSWERED:
        raise TransitionRefused(_("这件投诉已经答复过了。"))
    require_rule(None if answer.strip() else _("请写明核查情况和处理结果。"), "answer")
    complaint.status = ComplaintStatus.ANSWERED
    complaint.answer = answer
    complaint.answered_by_id = by.id
    complaint.answered_at = now()
    if complaint.sent_by_id is not None:
        notify(
            complaint.sent_by_id,
            _("您的投诉已答复：%(ref)s", ref=complaint.ref),
            href=f"/supervision/complaints/{complaint.ref}",
        )
    audit.record("complaint:answer", actor=by, subject=complaint)


def reveal_contact(*, complaint: Complaint, by: User, reason: str) -> str:
    """Return how to reach the sender, to somebody who answers and says why; every look is in the audit chain."""
    require(policy.why_not_reveal(by, complaint))
    require_rule(None if reason.strip() else _("请写明查看联系方式的理由，查看会留下记录。"), "reason")
    audit.record("complaint:reveal", actor=by, subject=complaint, reason=reason)
    return vault().decrypt(complaint.contact_cipher or "", f"complaint:{complaint.ref}")
