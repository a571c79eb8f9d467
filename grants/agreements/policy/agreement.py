"""Who may do what with an agreement and its milestones; each answer is the sentence that the person reads.

Whether the status allows an action is the flow tables' to say; `possible` puts both together for a page.
"""

from grants.agreements import queries
from grants.agreements.models import Agreement, Milestone
from grants.agreements.rules import (
    AGREEMENT_FLOW,
    MILESTONE_FLOW,
    AgreementAction,
    AgreementStatus,
    LineDraft,
    MilestoneAction,
    MilestoneDraft,
    Plan,
    over_cap,
    why_not_lines,
    why_not_milestones,
    why_not_plan,
)
from grants.foundation.i18n import _
from grants.people.models import User
from grants.people.rules import Role
from grants.projects.rules import ProjectStatus
from grants.selection.models import Application
from grants.selection.rules import ApplicationStatus


def acts_for(actor: User | None, agreement: Agreement) -> bool:
    """Tell whether the account acts for the organisation, or for the legal person that carries it."""
    sides = {agreement.organisation_id, agreement.payee_id}
    return actor is not None and not actor.organisation_ids.isdisjoint(sides)


def is_of_community(actor: User | None, agreement: Agreement) -> bool:
    """Tell whether the account is an officer of the community in which the project runs."""
    return actor is not None and agreement.project.community_id in actor.community_ids


def why_not_read(actor: User | None, agreement: Agreement) -> str | None:
    """Say why the account may not open the agreement; what the public may know stands on the project's page."""
    if actor is not None and (
        actor.has_role(*queries.STREET_READERS) or acts_for(actor, agreement) or is_of_community(actor, agreement)
    ):
        return None
    return _("协议全文仅供签约双方、所在社区和街道有关部门查阅；公开内容请看项目页面。")


def why_not_draft(actor: User, application: Application) -> str | None:
    """Say why the officer cannot draft an agreement from this application."""
    if not actor.has_role(Role.PROGRAMME):
        return _("协议由社区建设部起草。")
    project = application.call.project
    if queries.find_agreement_of(project.id) is not None:
        return _("这个项目已经有协议了。")
    if application.status is not ApplicationStatus.SELECTED or project.status is not ProjectStatus.AWARDED:
        return _("拟入选公示结束并确定承接组织后才能起草协议。")
    if queries.award_fen(application) <= 0:
        return _("专项资金账上还没有这个项目的资助额度，请先完成入选确认。")
    return None


def why_not_edit(actor: User, agreement: Agreement) -> str | None:
    """Say why the account cannot change the draft; the organisation may until it is sent for signing."""
    if agreement.status is not AgreementStatus.DRAFT:
        return _("协议签署后不能再修改；确需调整请提出变更。")
    if actor.has_role(Role.PROGRAMME):
        return None
    if not acts_for(actor, agreement):
        return _("协议草稿由社区建设部和承接组织共同修改。")
    return _("协议已送签；如需修改，请联系社区建设部。") if agreement.offered_at is not None else None


def why_not_agree(actor: User, agreement: Agreement) -> str | None:
    """Say why the account cannot agree to the draft for the organisation."""
    if not acts_for(actor, agreement):
        return _("协议方案由承接组织确认。")
    if agreement.status is not AgreementStatus.DRAFT or agreement.offered_at is not None:
        return _("协议已送签，不需要再确认方案。")
    return _("贵组织已经同意这一版方案。") if agreement.is_agreed else why_incomplete(agreement)


def why_not_send(actor: User) -> str | None:
    """Say why the account never sends agreements for signing."""
    return None if actor.has_role(Role.PROGRAMME) else _("协议由社区建设部送签。")


def why_not_offer(actor: User, agreement: Agreement) -> str | None:
    """Say why the draft cannot be sent to the organisation for signing."""
    if agreement.offered_at is not None:
        return why_not_send(actor) or why_not_edit(actor, agreement) or _("协议已送承接组织签署。")
    missing = why_not_send(actor) or why_not_edit(actor, agreement) or why_incomplete(agreement)
    if missing is None and not agreement.is_agreed:
        return _("请等待承接组织同意第 %(version)s 版方案，同意后再送签。", version=agreement.version)
    return missing


def why_incomplete(agreement: Agreement) -> str | None:
    """Say what keeps the draft from being signed, by the rules of lines, caps and milestones."""
    lines = [LineDraft(line.source, line.code, line.content, line.amount_fen) for line in agreement.budget_lines]
    milestones = [MilestoneDraft(milestone.name, milestone.due_on) for milestone in agreement.milestones]
    settings = agreement.project.round.settings
    return (
        why_not_lines(lines, queries.award_fen(agreement.application))
        or over_cap(lines, settings["budget_caps_percent"])
        or why_not_milestones(milestones, agreement.starts_on, agreement.ends_on)
        or why_not_plan(plan_of(agreement))
        or (None if agreement.terms.strip() else _("请填写协议条款。"))
    )


def plan_of(agreement: Agreement) -> Plan:
    """Return what the agreement promises besides money."""
    return Plan(
        agreement.leader_name,
        agreement.region,
        agreement.person_target,
        agreement.attendance_target,
        agreement.activity_target,
    )


def why_not_sign(actor: User, agreement: Agreement) -> str | None:
    """Say why the account cannot put the next signature: the organisation's first, then the street's."""
    if acts_for(actor, agreement):
        return _why_not_sign_for_organisation(agreement)
    if not actor.has_role(Role.PROGRAMME, Role.APPROVER):
        return _("协议由承接组织与街道（社区建设部或分管领导）签署。")
    if agreement.organisation_signed_at is None:
        return _("请等待承接组织先签署。")
    if actor.id == agreement.drafted_by_id:
        return _("起草人不能代表街道签署，请由另一位同事或分管领导签署。")
    return why_incomplete(agreement)


def _why_not_sign_for_organisation(agreement: Agreement) -> str | None:
    if agreement.offered_at is None:
        return _("协议还在起草，社区建设部送签后即可签署。")
    if agreement.organisation_signed_at is not None:
        return _("贵组织已经签署，正在等待街道签署。")
    return None


def why_not_complete(actor: User) -> str | None:
    """Say why the account cannot note an agreement as fulfilled, which the final evaluation does."""
    return None if actor.has_role(Role.PROGRAMME, Role.APPROVER) else _("只有街道可以确认协议履行完毕。")


def why_not_terminate(actor: User) -> str | None:
    """Say why the account cannot terminate an agreement."""
    return None if actor.has_role(Role.APPROVER) else _("终止协议由分管领导决定。")


def why_not_claim(actor: User, milestone: Milestone) -> str | None:
    """Say why the account cannot claim that a milestone is reached."""
    if not acts_for(actor, milestone.agreement):
        return _("里程碑由承接组织申报。")
    return why_not_running(milestone.agreement)


def why_not_running(agreement: Agreement) -> str | None:
    """Say why nothing can be done under the agreement now."""
    if agreement.status is AgreementStatus.DRAFT:
        return _("协议还没有签署。")
    return None if agreement.status is AgreementStatus.SIGNED else _("协议已经结束。")


def why_not_verify(actor: User, milestone: Milestone) -> str | None:
    """Say why the account cannot verify a milestone for the community, or send it back."""
    if not is_of_community(actor, milestone.agreement):
        if actor.has_role(Role.COMMUNITY):
            community = milestone.agreement.project.community.name
            return _("这个项目在%(community)s实施，由该社区居委会核实。", community=community)
        return _("里程碑由项目所在社区居委会核实。")
    if actor.id == milestone.claimed_by_id or acts_for(actor, milestone.agreement):
        return _("申报里程碑的人不能自己核实。")
    return why_not_running(milestone.agreement)


def possible(actor: User, agreement: Agreement) -> set[AgreementAction]:
    """Return what the account can do with the agreement now, for the buttons of its page."""
    answers = {
        AgreementAction.SIGN: why_not_sign(actor, agreement),
        AgreementAction.TERMINATE: why_not_terminate(actor),
    }
    return {
        action
        for action, reason in answers.items()
        if reason is None and AGREEMENT_FLOW.allows(agreement.status, action)
    }


def possible_on(actor: User, milestone: Milestone) -> set[MilestoneAction]:
    """Return what the account can do with a milestone now; residents verify in the supervision stage."""
    answers = {
        MilestoneAction.CLAIM: why_not_claim(actor, milestone),
        MilestoneAction.VERIFY_COMMUNITY: why_not_verify(actor, milestone),
    }
    return {
        action
        for action, reason in answers.items()
        if reason is None and MILESTONE_FLOW.allows(milestone.status, action)
    }
