"""The monthly progress bulletin: prepared by the programme from the records, issued by a leader."""

import uuid

from grants.foundation import audit
from grants.foundation.clock import now, today
from grants.foundation.database import db, hold
from grants.foundation.errors import RuleBroken, require
from grants.foundation.i18n import _
from grants.foundation.notifications import notify
from grants.people import queries as people
from grants.people.models import User
from grants.people.rules import Role
from grants.rounds.models import Round
from grants.supervision import policy, queries
from grants.supervision.models import ProgressBulletin
from grants.supervision.rules import last_of
from grants.supervision.service.shared import require_rule


def prepare_bulletin(*, round: Round, month: str, officer: User, remark: str = "") -> ProgressBulletin:
    """Take the figures of a month that is over; until it is issued they may be taken anew. The leaders are told."""
    bulletin = queries.find_bulletin(round.id, month)
    if bulletin is not None:
        hold(bulletin)
    require(policy.why_not_prepare_bulletin(officer, bulletin))
    require_rule(_why_too_early(month), "month")
    lines = queries.collect_lines(round, month)
    require_rule(None if lines else _("这个月没有履行中的项目。"), "month")
    if bulletin is None:
        bulletin = ProgressBulletin(ref=_reference(round, month), round=round, month=month)
        db.session.add(bulletin)
    bulletin.lines.clear()
    bulletin.prepared_by = officer
    bulletin.prepared_at = now()
    bulletin.remark = remark.strip()
    db.session.flush()
    bulletin.lines.extend(lines)
    for leader in people.list_users_with_role(Role.APPROVER):
        notify(leader.id, _("请审批 %(month)s 进度通报", month=month), round.name, _page(bulletin))
    audit.record("bulletin:compile", actor=officer, subject=bulletin, month=month, projects=len(lines))
    return bulletin


def _why_too_early(month: str) -> str | None:
    if today() > last_of(month):
        return None
    return _("这个月还没有结束，%(day)s 之后才能编制通报。", day=last_of(month).isoformat())


def _reference(round: Round, month: str) -> str:
    return f"TB-{round.year}-{round.number:02d}-{month.replace('-', '')}"


def _page(bulletin: ProgressBulletin) -> str:
    return f"/supervision/bulletins/{bulletin.ref}"


def edition_of(bulletin: ProgressBulletin) -> str:
    """Return what tells the figures of a bulletin from those taken before or after."""
    return bulletin.prepared_at.isoformat()


def issue_bulletin(*, bulletin: ProgressBulletin, leader: User, as_read: str | None = None) -> None:
    """Issue a bulletin as the second person: from now on everybody may read it, and nobody can change it.

    `as_read` is when the figures that the leader has read were taken (`edition_of`); newer ones are read first.
    """
    hold(bulletin)
    require(policy.why_not_issue_bulletin(leader, bulletin))
    if as_read is not None and as_read != edition_of(bulletin):
        raise RuleBroken(_("您查看之后数字又重新汇总过，请核对新的数字后再发布。"))
    if not bulletin.lines:
        raise RuleBroken(_("这个月没有履行中的项目。"))
    bulletin.issued_by_id = leader.id
    bulletin.issued_at = now()
    for user_id in _concerned(bulletin):
        notify(
            user_id,
            _("%(month)s 进度通报已发布", month=bulletin.month),
            bulletin.round.name,
            _page(bulletin),
        )
    audit.record("bulletin:issue", actor=leader, subject=bulletin, month=bulletin.month)


def _concerned(bulletin: ProgressBulletin) -> dict[uuid.UUID, None]:
    """Return everybody who acts for an organisation in the bulletin, each once."""
    return dict.fromkeys(
        member.user_id
        for line in queries.sorted_lines(bulletin)
        for member in (*line.agreement.organisation.members, *line.agreement.payee.members)
    )
