"""Drafting: from the chosen application to an agreement that both sides sign."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta

from grants.agreements import policy, queries
from grants.agreements.models import Agreement, BudgetLine, Milestone, Tranche
from grants.agreements.rules import (
    Gate,
    LineDraft,
    MilestoneDraft,
    Plan,
    default_milestones,
    default_terms,
    fiscal_sum,
    gates_for,
    over_cap,
    unexplained,
    why_not_lines,
    why_not_milestones,
    why_not_plan,
)
from grants.agreements.service.shared import require_rule, tell_organisation
from grants.foundation import audit
from grants.foundation.clock import now, today
from grants.foundation.database import db, hold
from grants.foundation.errors import RuleBroken, TransitionRefused, require
from grants.foundation.i18n import _
from grants.foundation.money import split_by_percent
from grants.foundation.notifications import notify
from grants.foundation.numbering import next_reference
from grants.people import queries as people
from grants.people.models import Organisation, User
from grants.people.rules import LegalKind, Role
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
    lines = asked_lines(application)
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
        leader_name=next((one.name for one in application.team if one.is_leader), ""),
        region=project.community.name,
        person_target=application.person_target,
        attendance_target=application.attendance_target,
        activity_target=application.activity_target,
        third_party="" if payee.id == application.organisation_id else payee.name,
        drafted_by_id=officer.id,
        # Rounds whose frozen rules are older know no mid-term evaluation
        needs_midterm="midterm_pass_score" in project.round.settings,
    )
    db.session.add(agreement)
    _write_lines(agreement, lines)
    _write_milestones(agreement, default_milestones(starts_on, ends_on), project.round)
    audit.record("agreement:draft", actor=officer, subject=agreement, application=application.ref, payee=payee.ref)
    return agreement


def asked_lines(application: Application) -> list[LineDraft]:
    """Return the budget the application asked for, each line with its place in it."""
    return [
        LineDraft(line.source, line.code, line.content, line.amount_fen, position)
        for position, line in enumerate(application.budget_lines, start=1)
    ]


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
    """What may be changed in a draft; without a plan the one that stands is kept.

    `plan_reason` says why term, leader or scale differ from the application; `third_party` is the 丙方, if there is
    one; `version` is the one that was opened for editing.
    """

    starts_on: date
    ends_on: date
    terms: str
    lines: Sequence[LineDraft]
    milestones: Sequence[MilestoneDraft]
    plan: Plan | None = None
    plan_reason: str = ""
    third_party: str | None = None
    version: int | None = None


def revise_agreement(*, agreement: Agreement, by: User, content: Content) -> None:
    """Rewrite a draft within the award, with a reason for whatever differs from the application.

    The organisation agrees to the new version before it is offered; a signature given to the text before is void.
    """
    hold(agreement)
    require(policy.why_not_edit(by, agreement))
    if content.version not in (None, agreement.version):
        raise TransitionRefused(_("对方刚刚保存了新的一版，请刷新页面，在最新一版上修改。"))
    project, lines = agreement.project, [line for line in content.lines if not line.is_dropped]
    if content.ends_on <= content.starts_on:
        raise RuleBroken(_("结束日期要晚于开始日期。"), "ends_on")
    require_rule(why_not_lines(lines, queries.award_fen(agreement.application)), "lines")
    require_rule(over_cap(lines, project.round.settings["budget_caps_percent"]), "lines")
    require_rule(unexplained(asked_lines(agreement.application), content.lines), "lines")
    require_rule(why_not_milestones(content.milestones, content.starts_on, content.ends_on), "milestones")
    require_rule(why_not_plan(content.plan) if content.plan else None, "leader_name")
    _withdraw_offer(agreement)
    agreement.version += 1
    agreement.starts_on, agreement.ends_on, agreement.terms = content.starts_on, content.ends_on, content.terms
    _write_plan(agreement, content)
    agreement.amount_fen = fiscal_sum(lines)
    agreement.dropped = {str(line.position): line.reason for line in content.lines if line.is_dropped}
    _clear(agreement)
    _write_lines(agreement, lines)
    _write_milestones(agreement, content.milestones, project.round)
    audit.record(
        "agreement:revise", actor=by, subject=agreement, amount_fen=agreement.amount_fen, version=agreement.version
    )


def _write_plan(agreement: Agreement, content: Content) -> None:
    if content.plan is not None:
        for name, value in asdict(content.plan).items():
            setattr(agreement, name, value)
    if content.third_party is not None:
        agreement.third_party = content.third_party
    agreement.plan_reason = content.plan_reason
    differs = any(row.is_changed for row in queries.compare_plan(agreement))
    if differs and not content.plan_reason.strip():
        raise RuleBroken(_("期限、负责人或服务规模与申报书不同，请写明调整理由。"), "plan_reason")


def agree_draft(*, agreement: Agreement, by: User, version: int) -> None:
    """Agree for the organisation to the version it has read; only then can the draft be offered for signing."""
    hold(agreement)
    require(policy.why_not_agree(by, agreement))
    if version != agreement.version:
        raise TransitionRefused(_("草稿已有新的一版，请核对最新一版后再同意。"))
    agreement.agreed_version, agreement.agreed_at, agreement.agreed_by_id = agreement.version, now(), by.id
    for officer in people.list_users_with_role(Role.PROGRAMME):
        notify(
            officer.id,
            _("承接组织已同意协议方案，可以送签：%(title)s", title=agreement.project.title),
            href=f"/agreements/{agreement.ref}",
        )
    audit.record("agreement:agree", actor=by, subject=agreement, version=agreement.version)


def _withdraw_offer(agreement: Agreement) -> None:
    if agreement.offered_at is not None:
        tell_organisation(agreement, _("协议内容有修改，请等待重新送签：%(title)s", title=agreement.project.title))
    agreement.offered_at = None
    agreement.agreed_version = agreement.agreed_at = agreement.agreed_by_id = None
    agreement.organisation_signed_at = None
    agreement.signed_for_organisation_id = None


def _clear(agreement: Agreement) -> None:
    """Remove lines, milestones and tranches before new ones take their positions."""
    agreement.tranches.clear()
    agreement.budget_lines.clear()
    agreement.milestones.clear()
    db.session.flush()


def _write_lines(agreement: Agreement, lines: Sequence[LineDraft]) -> None:
    asked = agreement.application.budget_lines
    agreement.budget_lines.extend(
        BudgetLine(
            position=position,
            source=line.source,
            code=line.code,
            content=line.content,
            amount_fen=line.amount_fen,
            baseline_fen=line.amount_fen,
            application_line=asked[line.position - 1] if line.position and line.position <= len(asked) else None,
            reason=line.reason,
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
    require(policy.why_not_send(officer) or policy.why_not_edit(officer, agreement))
    require(policy.why_incomplete(agreement), RuleBroken)
    require(policy.why_not_offer(officer, agreement), TransitionRefused)
    agreement.offered_at = now()
    tell_organisation(agreement, _("请签署项目协议：%(title)s", title=agreement.project.title), "/sign")
    audit.record("agreement:offer", actor=officer, subject=agreement, amount_fen=agreement.amount_fen)
