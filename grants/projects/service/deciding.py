"""The decision: approved by a second person or turned down, published for objections, funded; then later stages."""

from sqlalchemy import select

from grants.foundation import audit
from grants.foundation.clock import now
from grants.foundation.database import db
from grants.foundation.errors import RuleBroken, TransitionRefused, require
from grants.foundation.i18n import _
from grants.foundation.money import yuan
from grants.foundation.notifications import notify
from grants.needs import service as needs
from grants.needs.rules import Step
from grants.people.models import User
from grants.projects import policy
from grants.projects.models import Project
from grants.projects.rules import LATER_ACTIONS, PROJECT_FLOW, ProjectAction, ProjectStatus
from grants.rounds import service as rounds
from grants.rounds.models import Envelope, Notice
from grants.rounds.rules import BUDGET_LABELS, CATEGORY_LABELS, NoticeKind


def approve_project(*, project: Project, leader: User, note: str) -> None:
    """Approve a costed project; the leader is neither its drafter nor its submitter, and leaves a note."""
    _begin(project, ProjectAction.APPROVE)
    require(policy.why_not_approve(leader, project))
    _say(note, "note", _("请填写决策意见。"))
    _move(project, ProjectAction.APPROVE)
    project.approved_by_id, project.approved_at, project.approval_note = leader.id, now(), note
    _tell_drafter(project, _("已通过立项决策：%(note)s", note=note))
    audit.record("project:approve", actor=leader, subject=project, ceiling_fen=project.ceiling_fen, note=note)


def reject_project(*, project: Project, leader: User, reason: str) -> None:
    """Turn a project down, or drop it after its notice, with the reason that its page will show."""
    _begin(project, ProjectAction.REJECT)
    require(policy.why_not_reject(leader, project))
    _say(reason, "note", _("请写明不通过的理由。"))
    _move(project, ProjectAction.REJECT)
    project.rejection_reason = reason
    _tell_drafter(project, _("未通过立项决策：%(reason)s", reason=reason))
    audit.record("project:reject", actor=leader, subject=project, reason=reason)


def revise_project(*, project: Project, officer: User, reason: str = "") -> None:
    """Take the project back to a draft; an approval or a withdrawn notice is void with it."""
    _begin(project, ProjectAction.REVISE)
    require(policy.why_not_revise(officer, project), RuleBroken)
    _move(project, ProjectAction.REVISE)
    project.approved_by_id = project.approved_at = project.approval_note = project.costed_by_id = None
    project.notice = None
    audit.record("project:revise", actor=officer, subject=project, reason=reason)


def announce_project(*, project: Project, officer: User) -> Notice:
    """Publish the decision (立项公示) for the round's working days; anyone may object."""
    _begin(project, ProjectAction.ANNOUNCE)
    require(policy.why_not_announce(officer, project))
    notice = rounds.publish_notice(
        round=project.round,
        kind=NoticeKind.PROJECT,
        subject_ref=project.ref,
        title=_("关于“%(title)s”拟立项的公示", title=project.title),
        body=notice_text(project),
        officer=officer,
    )
    project.notice = notice
    _move(project, ProjectAction.ANNOUNCE)
    audit.record("project:announce", actor=officer, subject=project, notice=notice.ref)
    return notice


def notice_text(project: Project) -> str:
    """Return what a notice says about a project: the needs it answers, what it will do, cost and promise."""
    needs_lines = [_("%(ref)s %(title)s（%(count)s 人需要）", ref=need.ref, title=need.title, count=need.support_count)
                   for need in project.needs]  # fmt: skip
    cost_lines = [
        _("%(name)s：%(content)s %(amount)s 元", name=BUDGET_LABELS[line.code], content=line.content,
          amount=yuan(line.amount_fen))
        for line in project.costs
    ]  # fmt: skip
    parts = (
        _("经居民提出需求、议事和集中决策，拟对下列项目立项，现予公示，接受监督。公示期内，任何单位和个人均可实名提出异议。"),
        _("项目：%(title)s（%(ref)s）", title=project.title, ref=project.ref),
        _("类别：%(category)s；实施范围：%(place)s", category=CATEGORY_LABELS[project.category],
          place=project.community.name),
        _("内容：%(summary)s", summary=project.summary),
        _("回应的居民需求：\n%(needs)s", needs="\n".join(needs_lines)),
        _("预算上限：%(amount)s 元。\n%(lines)s", amount=yuan(project.ceiling_fen), lines="\n".join(cost_lines)),
    )  # fmt: skip
    return "\n\n".join(parts)


def fund_project(*, project: Project, officer: User) -> None:
    """Set the project up after its notice has ended, within the envelope, and stamp its needs (集中定事)."""
    _begin(project, ProjectAction.FUND)
    _hold_envelope(project)
    require(policy.why_not_fund(officer, project), RuleBroken)
    _move(project, ProjectAction.FUND)
    project.funded_at = now()
    note = _(
        "立项为 %(ref)s“%(title)s”，预算上限 %(amount)s 元。",
        ref=project.ref,
        title=project.title,
        amount=yuan(project.ceiling_fen),
    )
    for need in project.needs:
        needs.stamp(need=need, step=Step.DECIDE, note=note, by=officer)
        if need.proposer is not None and need.proposer.user_id is not None:
            notify(need.proposer.user_id, _("您提出的需求已立项"), note, f"/needs/{need.ref}")
    audit.record("project:fund", actor=officer, subject=project, ceiling_fen=project.ceiling_fen)


def _hold_envelope(project: Project) -> None:
    """Let two projects of one category be funded one after the other, so that both see what the first has taken."""
    envelope = select(Envelope.id).where(Envelope.round_id == project.round_id, Envelope.category == project.category)
    db.session.execute(envelope.with_for_update())


def advance(*, project: Project, action: ProjectAction, by: User | None) -> None:
    """Move a project on for a later stage, which has checked its own rules; the status table has the last word."""
    if action not in LATER_ACTIONS:
        raise TransitionRefused(_("这一步在立项环节办理。"))
    _begin(project, action)
    _move(project, action)
    if action is ProjectAction.CLOSE:
        project.closed_at = now()
    audit.record(f"project:{action}", actor=by, subject=project, status=project.status)


def _begin(project: Project, action: ProjectAction) -> None:
    """Hold the project's row and refuse what its status does not allow (409)."""
    db.session.flush()
    db.session.refresh(project, with_for_update={"of": Project})
    if not PROJECT_FLOW.allows(project.status, action):
        raise TransitionRefused(PROJECT_FLOW.refusal())


def _move(project: Project, action: ProjectAction) -> ProjectStatus:
    project.status = PROJECT_FLOW.next(project.status, action)
    return project.status


def _say(text: str, field: str, message: str) -> None:
    if not text.strip():
        raise RuleBroken(message, field)


def _tell_drafter(project: Project, text: str) -> None:
    if project.drafted_by_id is not None:
        notify(project.drafted_by_id, project.title, text, f"/projects/{project.ref}/work")
