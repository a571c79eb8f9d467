"""Final account of a project (决算): the unspent goes back to its fund, and what cannot be proven is claimed back."""

from dataclasses import dataclass
from datetime import date, timedelta

from grants.foundation import audit
from grants.foundation.clock import today
from grants.foundation.database import db
from grants.foundation.errors import RuleBroken, require
from grants.foundation.i18n import _
from grants.foundation.models import StoredFile
from grants.foundation.money import yuan
from grants.foundation.notifications import notify
from grants.foundation.numbering import next_reference
from grants.funds import policy, queries
from grants.funds.models import FundProposal, Journal, Settlement
from grants.funds.rules import Ending, ProposalKind, is_recovery_fair, least_recovery
from grants.funds.service.posting import Paper
from grants.funds.service.projects import give_back
from grants.people.models import User
from grants.people.queries import list_members

USUAL_TERM = timedelta(days=30)
"""Days an organisation is given to pay back unless the claim says otherwise."""


@dataclass(frozen=True)
class Claim:
    """What is claimed back and by when; without an amount it is what cannot be proven."""

    amount_fen: int | None = None
    due_on: date | None = None


def propose_settlement(
    *,
    project_ref: str,
    officer: User,
    reason: str,
    claim: Claim = Claim(),
    document_number: str = "",
    document: StoredFile | None = None,
) -> Settlement:
    """Draw up the final account of an ended project, for a second person to confirm.

    Raises RuleBroken while the project runs, money of it is reserved, vouchers are unchecked or a tranche may still be
    paid, and where the claim is not what the rules allow.
    """
    require(policy.why_not_propose(officer, ProposalKind.SETTLE))
    ending = _ending_of(project_ref)
    require(queries.why_not_settled_yet(ending), RuleBroken)
    money = queries.project_money(project_ref)
    least = least_recovery(money.paid_fen, ending.accepted_fen)
    recover_fen = least if claim.amount_fen is None else claim.amount_fen
    _require_fair(ending, recover_fen, money.paid_fen)
    fund = queries.find_fund_of_project(project_ref)
    if fund is None:
        raise RuleBroken(_("项目 %(ref)s 还没有安排资金。", ref=project_ref))
    proposal = FundProposal(
        ref=next_reference("ZD", 5),
        fund_id=fund.id,
        kind=ProposalKind.SETTLE,
        key=project_ref,
        amount_fen=money.available_fen,
        reason=reason,
        document_number=document_number,
        document_id=document.id if document else None,
        proposed_by_id=officer.id,
    )
    settlement = _account(proposal, ending, money, recover_fen)
    settlement.due_on = _due_on(claim.due_on) if recover_fen else None
    db.session.add_all([proposal, settlement])
    db.session.flush()
    audit.record(
        "settlement:propose",
        actor=officer,
        subject=settlement,
        unspent_fen=settlement.unspent_fen,
        recover_fen=recover_fen,
    )
    return settlement


def _account(proposal: FundProposal, ending: Ending, money: queries.ProjectMoney, recover_fen: int) -> Settlement:
    """Write down what was awarded, paid, proven and left."""
    return Settlement(
        ref=next_reference("JS", 5),
        proposal=proposal,
        project_ref=proposal.key,
        project_title=ending.project_title,
        agreement_ref=ending.agreement_ref,
        organisation_id=ending.organisation_id,
        cause=ending.cause,
        ended_on=ending.ended_on,
        awarded_fen=money.awarded_fen,
        paid_fen=money.paid_fen,
        accepted_fen=ending.accepted_fen,
        unspent_fen=money.available_fen,
        recover_fen=recover_fen,
    )


def _ending_of(project_ref: str) -> Ending:
    ending = queries.find_ending(project_ref)
    if ending is None:
        raise RuleBroken(_("项目还在实施，履行完毕或终止后才能决算。"))
    return ending


def _require_fair(ending: Ending, recover_fen: int, paid_fen: int) -> None:
    if not is_recovery_fair(ending.cause, recover_fen, paid_fen, ending.accepted_fen):
        raise RuleBroken(
            _(
                "追缴金额应在 %(least)s 元至 %(most)s 元之间。",
                least=yuan(least_recovery(paid_fen, ending.accepted_fen)),
                most=yuan(paid_fen),
            ),
            "recover_fen",
        )


def _due_on(wanted: date | None) -> date:
    day = wanted or today() + USUAL_TERM
    if day <= today():
        raise RuleBroken(_("退回期限应晚于今天。"), "due_on")
    return day


def settle(proposal: FundProposal, officer: User) -> Journal | None:
    """Post what a confirmed final account moves; None where nothing was left unspent.

    Raises RuleBroken when the books have changed since it was drawn up: the second person confirms what they read.
    """
    settlement = proposal.settlement
    if settlement is None:  # the proposal is only ever made together with it
        raise RuleBroken(_("没有找到项目决算。"))
    ending, money = _ending_of(proposal.key), queries.project_money(proposal.key)
    now_reads = (money.awarded_fen, money.paid_fen, money.available_fen, money.reserved_fen, ending.accepted_fen)
    read = (settlement.awarded_fen, settlement.paid_fen, settlement.unspent_fen, 0, settlement.accepted_fen)
    if now_reads != read or ending.unchecked_count:
        raise RuleBroken(_("提出决算后账目有变动，请退回后按最新账目重新提出。"))
    if settlement.recover_fen:
        _tell_organisation(settlement)
    if not proposal.amount_fen:
        return None
    return give_back(
        project_ref=proposal.key,
        amount_fen=proposal.amount_fen,
        request_id=proposal.ref,
        maker=proposal.proposed_by,
        checker=officer,
        paper=Paper(
            proposal.document.sha256 if proposal.document else "", f"{settlement.ref} {proposal.reason}".strip()
        ),
    )


def _tell_organisation(settlement: Settlement) -> None:
    due = settlement.due_on.isoformat() if settlement.due_on else ""
    for member in list_members(settlement.organisation_id):
        notify(
            member.user_id,
            _("请退回项目资金：%(title)s", title=settlement.project_title),
            _("应退 %(amount)s 元，期限 %(day)s。", amount=yuan(settlement.recover_fen), day=due),
            href=f"/funds/settlements/{settlement.ref}",
        )
