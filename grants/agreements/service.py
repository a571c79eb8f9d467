"""Use cases of agreements: draft, offer, sign, end; claim and verify milestones."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from grants.agreements import policy, queries
from grants.agreements.models import Agreement, BudgetLine, Milestone, Tranche
from grants.agreements.rules import (
    AGREEMENT_FLOW,
    MILESTONE_FLOW,
    AgreementAction,
    Gate,
    LineDraft,
    MilestoneAction,
    MilestoneDraft,
    default_milestones,
    default_terms,
    fiscal_sum,
    gates_for,
    over_cap,
    why_not_lines,
    why_not_milestones,
)
from grants.foundation import audit
from grants.foundation.clock import now, today
from grants.foundation.database import db, hold
from grants.foundation.errors import RuleBroken, TransitionRefused, require
from grants.foundation.i18n import _
from grants.foundation.models import StoredFile
from grants.foundation.money import split_by_percent
from grants.foundation.notifications import notify
from grants.foundation.numbering import next_reference
from grants.needs import service as needs
from grants.needs.rules import Step
from grants.people import queries as people
from grants.people.models import Organisation, User
from grants.people.rules import LegalKind, Role
from grants.projects import service as projects
from grants.projects.rules import ProjectAction
from grants.rounds.models import Round
from grants.selection.models import Application
from grants.selection.rules import MoneySource

USUAL_TERM = timedelta(days=240)
"""Eight months: how long a project runs when neither application nor project says so."""


def draft_agreement(*, application: Application, officer: User) -> Agreement:
    """Draft an agreement from the chosen application: its budget, two milestones, tranches, payee and usual terms."""
    require(policy.why_not_draft(officer, application))
    project = application.call.project
    payee = payee_of(application)
    starts_on = application.starts_on or project.starts_on or today()
    ends_on = application.ends_on or project.ends_on or starts_on + USUAL_TERM
    lines = [LineDraft(line.source, line.code, line.content, line.amount_fen) for line in application.budget_lines]
    agreement = Agreement(
        ref=next_reference(f"XY-{project.round.year}-{project.round.number:02d}"),
        project=project,
        application=application,
        organisation=application.organisation,
        payee=payee,
        payee_name=payee.account_name or payee.name,
        payee_bank=payee.bank_name or "",
        payee_account_index=payee.account_index,
        payee_account_last4=payee.account_last4 or "",
        # The lines may still ask for more than was awarded: the officer cuts them before the draft is offered
        amount_fen=min(fiscal_sum(lines), queries.award_fen(application)),
        starts_on=starts_on,
        ends_on=ends_on,
        terms=default_terms(),
        drafted_by_id=officer.id,
    )
    db.session.add(agreement)
    _write_lines(agreement, lines)
    _write_milestones(agreement, default_milestones(starts_on, ends_on), project.round)
    audit.record("agreement:draft", actor=officer, subject=agreement, application=application.ref, payee=payee.ref)
    return agreement


def payee_of(application: Application) -> Organisation:
    """Return who is paid: the organisation, or the host that carries a merely filed one (备案 is no legal person)."""
    organisation = application.organisation
    carrier = organisation.host if organisation.legal_kind is LegalKind.FILED else organisation
    payee = application.payee or carrier
    if payee is None or not payee.can_be_payee or payee.account_index is None:
        raise RuleBroken(_("收款主体应为已登记账户的独立法人。备案组织须由承接机构代为收款，请先在组织档案中补全。"))
    return payee


@dataclass(frozen=True)
class Content:
    """What an officer may change in a draft."""

    starts_on: date
    ends_on: date
    terms: str
    lines: Sequence[LineDraft]
    milestones: Sequence[MilestoneDraft]


def revise_agreement(*, agreement: Agreement, officer: User, content: Content) -> None:
    """Rewrite a draft within the award; a signature given to the text before is void."""
    require(policy.why_not_edit(officer, agreement))
    project = agreement.project
    if content.ends_on <= content.starts_on:
        raise RuleBroken(_("结束日期要晚于开始日期。"), "ends_on")
    require_rule(why_not_lines(content.lines, queries.award_fen(agreement.application)), "lines")
    require_rule(over_cap(content.lines, project.round.settings["budget_caps_percent"]), "lines")
    require_rule(why_not_milestones(content.milestones, content.starts_on, content.ends_on), "milestones")
    _withdraw_offer(agreement)
    agreement.starts_on, agreement.ends_on, agreement.terms = content.starts_on, content.ends_on, content.terms
    agreement.amount_fen = fiscal_sum(content.lines)
    _clear(agreement)
    _write_lines(agreement, content.lines)
    _write_milestones(agreement, content.milestones, project.round)
    audit.record("agreement:revise", actor=officer, subject=agreement, amount_fen=agreement.amount_fen)


def require_rule(why_not: str | None, field: str) -> None:
    """Raise RuleBroken at a form field when a rule gave a reason."""
    if why_not is not None:
        raise RuleBroken(why_not, field)


def _withdraw_offer(agreement: Agreement) -> None:
    if agreement.offered_at is not None:
        _tell_organisation(agreement, _("协议内容有修改，请等待重新送签：%(title)s", title=agreement.project.title))
    agreement.offered_at = None
    agreement.organisation_signed_at = None
    agreement.signed_for_organisation_id = None


def _clear(agreement: Agreement) -> None:
    """Remove lines, milestones and tranches before new ones take their positions."""
    agreement.tranches.clear()
    agreement.budget_lines.clear()
    agreement.milestones.clear()
    db.session.flush()


def _write_lines(agreement: Agreement, lines: Sequence[LineDraft]) -> None:
    agreement.budget_lines.extend(
        BudgetLine(
            position=position, source=line.source, code=line.code, content=line.content, amount_fen=line.amount_fen
        )
        for position, line in enumerate(lines, start=1)
    )
    agreement.social_fen = sum(line.amount_fen for line in lines if line.source is MoneySource.SOCIAL)


def _write_milestones(agreement: Agreement, drafts: Sequence[MilestoneDraft], round: Round) -> None:
    """Write the milestones and the tranches that wait for them."""
    milestones = [
        Milestone(position=position, name=draft.name, due_on=draft.due_on)
        for position, draft in enumerate(drafts, start=1)
    ]
    agreement.milestones.extend(milestones)
    percents = [int(percent) for percent in round.settings["tranche_percents"] if percent]
    amounts = split_by_percent(agreement.amount_fen, percents)
    for number, (percent, amount, gate) in enumerate(
        zip(percents, amounts, gates_for(len(percents)), strict=True), start=1
    ):
        agreement.tranches.append(
            Tranche(
                number=number,
                percent=percent,
                amount_fen=amount,
                gate=gate,
                milestone=_milestone_for(gate, number, milestones),
            )
        )


def _milestone_for(gate: Gate, number: int, milestones: Sequence[Milestone]) -> Milestone | None:
    """Return what a tranche waits for: the first nothing, the last the end, those between one milestone each."""
    if gate is Gate.SIGNED:
        return None
    return milestones[-1] if gate is Gate.FINAL else milestones[min(number - 2, len(milestones) - 2)]


def offer_agreement(*, agreement: Agreement, officer: User) -> None:
    """Send a complete draft to the organisation for signing."""
    require(policy.why_not_edit(officer, agreement))
    require(policy.why_incomplete(agreement), RuleBroken)
    require(policy.why_not_offer(officer, agreement), TransitionRefused)
    agreement.offered_at = now()
    _tell_organisation(agreement, _("请签署项目协议：%(title)s", title=agreement.project.title), "/sign")
    audit.record("agreement:offer", actor=officer, subject=agreement, amount_fen=agreement.amount_fen)


def sign_agreement(*, agreement: Agreement, by: User, signed_file: StoredFile | None = None) -> None:
    """Put the next signature: the organisation's, then the street's with the signed copy, which starts the project.

    Raises RuleBroken when the street signs without the signed copy.
    """
    hold(agreement)
    status = AGREEMENT_FLOW.next(agreement.status, AgreementAction.SIGN)
    require(policy.why_not_sign(by, agreement))
    if policy.acts_for(by, agreement):
        agreement.signed_for_organisation_id = by.id
        agreement.organisation_signed_at = now()
        audit.record("agreement:sign_for_organisation", actor=by, subject=agreement)
        return
    if signed_file is None:
        raise RuleBroken(_("请上传双方签章的协议扫描件。"), "signed_file")
    agreement.status = status
    agreement.signed_on = today()
    agreement.signed_for_street_id = by.id
    agreement.signed_file = signed_file
    _start_project(agreement, by)
    _tell_organisation(agreement, _("协议已生效，可以开始实施：%(title)s", title=agreement.project.title))
    audit.record("agreement:sign", actor=by, subject=agreement, file=signed_file.sha256)


def _start_project(agreement: Agreement, by: User) -> None:
    projects.advance(project=agreement.project, action=ProjectAction.START, by=by)
    note = _("已与%(name)s签订协议 %(ref)s", name=agreement.organisation.name, ref=agreement.ref)
    for need in agreement.project.needs:
        needs.stamp(need=need, step=Step.CARRY_OUT, note=note, by=by)


def complete_agreement(*, agreement: Agreement, by: User) -> None:
    """Note that an agreement is fulfilled; the final evaluation calls this when the project passes."""
    hold(agreement)
    require(policy.why_not_complete(by))
    agreement.status = AGREEMENT_FLOW.next(agreement.status, AgreementAction.COMPLETE)
    agreement.completed_on = today()
    audit.record("agreement:complete", actor=by, subject=agreement)


def terminate_agreement(*, agreement: Agreement, by: User, reason: str) -> None:
    """End a running agreement before its time, with the reason both sides read; the project ends with it."""
    hold(agreement)
    require(policy.why_not_terminate(by))
    status = AGREEMENT_FLOW.next(agreement.status, AgreementAction.TERMINATE)
    require_rule(None if reason.strip() else _("请写明终止的事实与依据。"), "reason")
    agreement.status = status
    agreement.terminated_on = today()
    agreement.terminated_by_id = by.id
    agreement.termination_reason = reason
    projects.advance(project=agreement.project, action=ProjectAction.TERMINATE, by=by)
    _tell_organisation(agreement, _("协议已被终止：%(title)s", title=agreement.project.title))
    audit.record("agreement:terminate", actor=by, subject=agreement, reason=reason)


# Milestones


def claim_milestone(*, milestone: Milestone, by: User, claim: str) -> None:
    """Say for the organisation that a milestone is reached, and on which recorded activities that rests."""
    hold(milestone)
    require(policy.why_not_claim(by, milestone))
    status = MILESTONE_FLOW.next(milestone.status, MilestoneAction.CLAIM)
    require_rule(None if claim.strip() else _("请说明完成情况，并写明对应的活动记录。"), "claim")
    milestone.status = status
    milestone.claim = claim
    milestone.claimed_at = now()
    milestone.claimed_by_id = by.id
    milestone.send_back_reason = None
    _tell_community(milestone)
    audit.record("milestone:claim", actor=by, subject=milestone.agreement, position=milestone.position)


def verify_by_community(*, milestone: Milestone, by: User, note: str = "") -> None:
    """Confirm a claimed milestone for the community; a resident supervisor confirms it after that."""
    hold(milestone)
    require(policy.why_not_verify(by, milestone))
    milestone.status = MILESTONE_FLOW.next(milestone.status, MilestoneAction.VERIFY_COMMUNITY)
    milestone.community_by_id = by.id
    milestone.community_at = now()
    milestone.community_note = note
    audit.record("milestone:verify_community", actor=by, subject=milestone.agreement, position=milestone.position)


def send_back(*, milestone: Milestone, by: User, reason: str) -> None:
    """Return a claimed milestone to the organisation, with what is missing."""
    hold(milestone)
    require(policy.why_not_verify(by, milestone))
    return_milestone(milestone, reason)
    audit.record(
        "milestone:send_back", actor=by, subject=milestone.agreement, position=milestone.position, reason=reason
    )


def return_milestone(milestone: Milestone, reason: str) -> None:
    """Put a milestone back to "planned" with the reason; the caller has asked a policy and writes the audit entry."""
    status = MILESTONE_FLOW.next(milestone.status, MilestoneAction.SEND_BACK)
    require_rule(None if reason.strip() else _("请写明退回的原因和需要补充的内容。"), "reason")
    milestone.status = status
    milestone.send_back_reason = reason
    milestone.community_by_id = None
    milestone.community_at = None
    milestone.community_note = ""
    _tell_organisation(
        milestone.agreement,
        _("里程碑被退回，请补充：%(name)s", name=milestone.name),
        f"/milestones/{milestone.position}/claim",
    )


def _tell_organisation(agreement: Agreement, title: str, page: str = "") -> None:
    members = [*agreement.organisation.members, *agreement.payee.members]
    for user_id in dict.fromkeys(member.user_id for member in members):
        notify(user_id, title, href=f"/agreements/{agreement.ref}{page}")


def _tell_community(milestone: Milestone) -> None:
    agreement = milestone.agreement
    for officer in people.list_users_with_role(Role.COMMUNITY):
        if policy.is_of_community(officer, agreement):
            notify(
                officer.id,
                _("请核实里程碑：%(name)s", name=milestone.name),
                href=f"/agreements/{agreement.ref}/milestones/{milestone.position}/verify",
            )
