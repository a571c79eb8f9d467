"""From scores to the award: ranked, proposed, seconded by a second person, announced, and made final."""

from grants.foundation import audit
from grants.foundation.clock import now
from grants.foundation.database import db
from grants.foundation.errors import RuleBroken, TransitionRefused, require
from grants.foundation.i18n import _
from grants.foundation.money import yuan
from grants.foundation.notifications import notify
from grants.funds import service as funds
from grants.people.models import User
from grants.people.queries import get_user
from grants.projects import service as projects
from grants.projects.rules import ProjectAction
from grants.rounds import service as rounds
from grants.rounds.rules import NoticeKind, NoticeStatus
from grants.selection.models import Application, Call
from grants.selection.policy import awards as policy
from grants.selection.policy import papers as papers_policy
from grants.selection.policy.calls import why_not_officer
from grants.selection.queries import papers
from grants.selection.queries import results as queries
from grants.selection.rules import (
    APPLICATION_FLOW,
    CALL_FLOW,
    ApplicationAction,
    ApplicationStatus,
    CallAction,
    CallStatus,
)
from grants.selection.rules.scoring import Judged
from grants.selection.service.holding import hold
from grants.selection.service.telling import tell_organisation


def rank_call(*, call: Call, officer: User) -> None:
    """Make the ranking from the locked scores and keep it; raises RuleBroken with what is still missing."""
    hold(call)
    require(policy.why_not_rank(officer, call))
    if reasons := queries.blockers(call):
        raise RuleBroken(_("还不能生成排名：%(reasons)s。", reasons="；".join(reasons)))
    by_ref = {one.ref: one for one in call.applications}
    judged = queries.compute(call)
    for one in judged:
        keep_figures(application=by_ref[one.key], judged=one)
    call.status = CALL_FLOW.next(call.status, CallAction.RANK)
    call.ranked_at = now()
    audit.record(
        "call:rank",
        actor=officer,
        subject=call,
        ranking=[(one.rank, one.key, str(one.composite)) for one in judged],
    )


def keep_figures(*, application: Application, judged: Judged) -> None:
    """Keep what the scores gave; these are the figures that every page, paper and export publishes."""
    application.expert_score, application.jury_score = float(judged.expert.mean), float(judged.jury)
    application.community_score, application.composite_score = float(judged.community), float(judged.composite)
    application.rank, application.tie_note = judged.rank, str(judged.tie_break or "")


def propose_award(*, call: Call, officer: User, note: str = "") -> Application:
    """Propose the best application that reaches the pass score; a leader has to second it."""
    hold(call)
    require(policy.why_not_propose(officer, call))
    candidate = _candidate(call)
    call.decided_by_id, call.decided_at, call.award_note = officer.id, now(), note.strip()
    audit.record("call:propose_award", actor=officer, subject=call, application=candidate.ref, note=note)
    return candidate


def _candidate(call: Call) -> Application:
    candidate = queries.find_candidate(call)
    if candidate is None:
        raise RuleBroken(_("没有达到合格线的申报，请按流标处理后重新征集。"))
    return candidate


def send_back_award(*, call: Call, leader: User, reason: str) -> None:
    """Send the proposed award back to its proposer with a reason."""
    hold(call)
    require(policy.why_not_second(leader, call))
    if not reason.strip():
        raise RuleBroken(_("请写明退回理由。"), "reason")
    if call.decided_by_id is not None:
        notify(call.decided_by_id, _("拟入选名单退回"), reason.strip(), f"/calls/{call.ref}/award")
    call.decided_by_id = call.decided_at = None
    audit.record("call:send_back_award", actor=leader, subject=call, reason=reason)


def announce_award(*, call: Call, leader: User) -> None:
    """Second the award as the second person and publish the notice (拟入选公示)."""
    hold(call)
    require(policy.why_not_second(leader, call))
    if call.decided_by_id is None:
        raise TransitionRefused(_("没有等待审定的拟入选名单。"))
    candidate = _candidate(call)
    for row in queries.ranking(call):
        if row.application.status is ApplicationStatus.ELIGIBLE:
            chosen = row.application.id == candidate.id
            action = ApplicationAction.SELECT if chosen else ApplicationAction.LEAVE_OUT
            row.application.status = APPLICATION_FLOW.next(row.application.status, action)
    proposer = get_user(call.decided_by_id)
    call.seconded_by_id, call.seconded_at = leader.id, now()
    call.notice = rounds.publish_notice(
        round=call.project.round,
        kind=NoticeKind.AWARD,
        subject_ref=call.ref,
        title=_("“%(title)s”拟入选承接组织公示", title=call.project.title),
        body=_notice_body(call, candidate),
        officer=proposer,
    )
    call.status = CALL_FLOW.next(call.status, CallAction.ANNOUNCE)
    db.session.flush()
    _tell_results(call)
    audit.record("call:announce_award", actor=leader, subject=call, application=candidate.ref, notice=call.notice.ref)


def _notice_body(call: Call, candidate: Application) -> str:
    """Write the notice: who is to be chosen, for how much, and every composite under its letter."""
    rows = queries.ranking(call)
    lines = [
        _(
            "经资格审查、专家评审、居民评审团评分和社区评价，"
            "“%(title)s”（%(ref)s）拟由%(name)s承接，财政资金 %(amount)s 元。",
            title=call.project.title,
            ref=call.project.ref,
            name=candidate.organisation.name,
            amount=yuan(candidate.fiscal_fen),
        ),
        _("综合得分及排名如下："),
    ]
    for row in rows:
        values = {"rank": row.rank, "label": row.label, "total": f"{row.composite:.2f}"}
        lines.append(_("第 %(rank)s 名：申报单位 %(label)s，%(total)s 分", **values))
    lines.append(_("计分办法与各项得分见征集公告 %(ref)s。", ref=call.ref))
    return "\n".join(lines)


def _tell_results(call: Call) -> None:
    for row in queries.ranking(call):
        title = (
            _("“%(title)s”拟由贵组织承接", title=call.project.title)
            if row.is_selected
            else _("“%(title)s”评审结果", title=call.project.title)
        )
        href = f"/applications/{row.application.ref}/result"
        tell_organisation(row.application.organisation_id, title, _("各项得分、评审意见和名次见结果页。"), href)


def revoke_award(*, call: Call, officer: User, reason: str) -> None:
    """Take an announced award back, for instance after an objection was upheld; the next in rank may follow."""
    hold(call)
    require(policy.why_not_revoke(officer, call))
    if not reason.strip():
        raise RuleBroken(_("请写明撤销理由，它会公开。"), "reason")
    for application in call.applications:
        if application.status is ApplicationStatus.SELECTED:
            application.refusal_reason = reason.strip()
        if application.status in {ApplicationStatus.SELECTED, ApplicationStatus.NOT_SELECTED}:
            application.status = APPLICATION_FLOW.next(application.status, ApplicationAction.REVOKE)
    notice = call.notice
    if notice is not None and notice.status is NoticeStatus.RUNNING:
        rounds.withdraw_notice(notice=notice, officer=officer, reason=reason.strip())
    call.status = CALL_FLOW.next(call.status, CallAction.REVOKE)
    call.decided_by_id = call.decided_at = call.seconded_by_id = call.seconded_at = call.notice_id = None
    audit.record("call:revoke_award", actor=officer, subject=call, reason=reason, notice=notice.ref if notice else "")


def disqualify(*, application: Application, officer: User, reason: str) -> None:
    """Take eligibility away from an application during the review, with the reason it will read."""
    hold(application.call)
    require(papers_policy.why_not_disqualify(officer, application))
    if application.call.status is CallStatus.ANNOUNCED:
        raise RuleBroken(_("公示期间请使用“撤销拟入选决定”。"))
    if not reason.strip():
        raise RuleBroken(_("请写明取消资格的理由。"), "reason")
    application.refusal_reason = reason.strip()
    application.status = APPLICATION_FLOW.next(application.status, ApplicationAction.REFUSE)
    application.call.decided_by_id = application.call.decided_at = None
    title = _("申报书 %(ref)s 被取消评审资格", ref=application.ref)
    tell_organisation(application.organisation_id, title, reason.strip(), f"/applications/{application.ref}")
    audit.record("application:disqualify", actor=officer, subject=application, reason=reason)


def confirm_award(*, call: Call, officer: User) -> Application:
    """Make the award final once its notice has ended without an upheld objection: the project gets its money.

    Ends the notice when its time is over; raises RuleBroken while it runs or an objection is unanswered.
    """
    hold(call)
    require(why_not_officer(officer))
    require(policy.why_not_confirm(officer, call), TransitionRefused)
    notice, project = call.notice, call.project
    chosen = papers.application_of_project(project.id)
    if notice is None or chosen is None or call.decided_by_id is None or call.seconded_by_id is None:
        raise TransitionRefused(_("只有公示中的名单可以确认。"))
    if notice.status is NoticeStatus.RUNNING:
        rounds.end_notice(notice=notice, officer=officer)
    submissions = papers.list_submissions(chosen)
    funds.award(
        fund=project.round.fund,
        envelope_key=f"{project.round.ref}/{project.category.value}",
        project_ref=project.ref,
        amount_fen=chosen.fiscal_fen,
        maker=get_user(call.decided_by_id),
        checker=get_user(call.seconded_by_id),
        request_id=f"award:{call.ref}",
        document_hash=submissions[-1].content_hash,
        memo=_("%(title)s，承接组织：%(name)s", title=project.title, name=chosen.organisation.name),
    )
    call.status = CALL_FLOW.next(call.status, CallAction.AWARD)
    call.awarded_at = now()
    projects.advance(project=project, action=ProjectAction.AWARD, by=officer)
    title = _("“%(title)s”正式由贵组织承接", title=project.title)
    tell_organisation(chosen.organisation_id, title, _("请等待社区建设部发起签约。"), f"/applications/{chosen.ref}")
    audit.record("call:award", actor=officer, subject=call, application=chosen.ref, amount_fen=chosen.fiscal_fen)
    return chosen
