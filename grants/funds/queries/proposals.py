"""Funds and the proposals that wait for a second person."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from grants.foundation.database import db, get_one
from grants.foundation.due import DueItem
from grants.foundation.i18n import _
from grants.foundation.money import yuan
from grants.funds.models import Fund, FundProposal
from grants.funds.queries.settling import due_settlements
from grants.funds.queries.social import due_contributions
from grants.funds.rules import PROPOSAL_KIND_LABELS, ProposalStatus
from grants.people.models import User
from grants.people.rules import Role


def get_fund(ref: str) -> Fund:
    """Return a fund by its reference, or raise NotFound."""
    fund: Fund = get_one(select(Fund).where(Fund.ref == ref))
    return fund


def list_funds() -> list[Fund]:
    """List the funds, newest year first."""
    return list(db.session.scalars(select(Fund).order_by(Fund.year.desc(), Fund.ref.desc())))


def get_proposal(ref: str) -> FundProposal:
    """Return a proposal by its reference, or raise NotFound."""
    proposal: FundProposal = get_one(
        select(FundProposal).where(FundProposal.ref == ref).options(joinedload(FundProposal.fund))
    )
    return proposal


def list_proposals(fund: Fund | None = None, status: ProposalStatus | None = None) -> list[FundProposal]:
    """List proposals, the newest first."""
    statement = (
        select(FundProposal)
        .options(joinedload(FundProposal.fund), joinedload(FundProposal.proposed_by))
        .order_by(FundProposal.proposed_at.desc())
    )
    if fund is not None:
        statement = statement.where(FundProposal.fund_id == fund.id)
    if status is not None:
        statement = statement.where(FundProposal.status == status)
    return list(db.session.scalars(statement))


def list_due_for(actor: User) -> list[DueItem]:
    """List the movements this person can confirm, projects to settle, and money to be paid back."""
    if not actor.has_role(Role.FINANCE, Role.APPROVER):
        return due_settlements(actor)
    return [*due_settlements(actor), *due_contributions(actor)] + [
        DueItem(
            title=_("复核资金变动：%(kind)s", kind=PROPOSAL_KIND_LABELS[proposal.kind]),
            href=f"/funds/proposals/{proposal.ref}",
            stage=_("资金"),
            meta=_("%(fund)s，%(amount)s 元", fund=proposal.fund.name, amount=yuan(proposal.amount_fen)),
        )
        for proposal in list_proposals(status=ProposalStatus.WAITING)
        if proposal.proposed_by_id != actor.id
    ]
