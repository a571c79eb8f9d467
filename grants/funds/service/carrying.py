"""Carry-over (结转): what of a fund was not used goes on to the fund of the same source in the next year."""

from sqlalchemy import select

from grants.foundation import audit
from grants.foundation.database import db
from grants.foundation.errors import RuleBroken, require
from grants.foundation.i18n import _
from grants.foundation.models import StoredFile
from grants.foundation.numbering import next_reference
from grants.funds import policy, queries
from grants.funds.models import Fund, FundProposal, Journal
from grants.funds.rules import CARRY_OUT, AccountKind, JournalKind, Move, Pocket, ProposalKind
from grants.funds.service.posting import Paper, People, post
from grants.funds.service.posting import reverse as take_back
from grants.people.models import User


def propose_carry(
    *,
    fund: Fund,
    target: Fund,
    officer: User,
    reason: str,
    document_number: str,
    document: StoredFile | None = None,
) -> FundProposal:
    """Ask for what is left of a fund to go on to the next year; the amount follows from the rules of its source.

    Raises RuleBroken when nothing may go on, the target is of another source or year, or no document stands behind it.
    """
    require(policy.why_not_propose(officer, ProposalKind.CARRY))
    if not document_number:
        raise RuleBroken(_("请填写批准结转的文号，结转须有文件依据。"), "document_number")
    _require_target(fund, target)
    if queries.is_carry_waiting(fund):
        raise RuleBroken(_("这笔资金的结转正在等待复核。"))
    amount = queries.carryable_fen(fund)
    if amount <= 0:
        raise RuleBroken(_("按这一来源的结转规则，没有可以结转的资金。"))
    proposal = FundProposal(
        ref=next_reference("ZD", 5),
        fund_id=fund.id,
        kind=ProposalKind.CARRY,
        key=target.ref,
        amount_fen=amount,
        reason=reason,
        document_number=document_number,
        document_id=document.id if document else None,
        proposed_by_id=officer.id,
    )
    db.session.add(proposal)
    audit.record("fund_proposal:make", actor=officer, subject=proposal, kind=ProposalKind.CARRY, amount_fen=amount)
    return proposal


def _require_target(fund: Fund, target: Fund) -> None:
    if target.source is not fund.source or target.year != fund.year + 1:
        raise RuleBroken(_("只能结转到同一来源、下一年度的资金。"), "key")


def carry(proposal: FundProposal, officer: User, paper: Paper) -> Journal:
    """Post both sides of a confirmed carry-over and return the one that brings the money in.

    Raises RuleBroken when the books have changed since it was proposed: the second person confirms what they read.
    """
    fund, target = proposal.fund, queries.get_fund(proposal.key)
    _require_target(fund, target)
    _hold(fund, target)
    if queries.carryable_fen(fund) != proposal.amount_fen:
        raise RuleBroken(_("提出结转后账目有变动，请退回后按最新账目重新提出。"))
    people, pool, amount = People(proposal.proposed_by, officer), Pocket(AccountKind.POOL), proposal.amount_fen
    post(
        kind=JournalKind.CARRY,
        fund=fund,
        move=Move(pool, Pocket(AccountKind.CARRIED_OUT), amount),
        request_id=f"{proposal.ref}{CARRY_OUT}",
        people=people,
        paper=paper,
    )
    return post(
        kind=JournalKind.CARRY,
        fund=target,
        move=Move(Pocket(AccountKind.CARRIED_IN), pool, amount),
        request_id=proposal.ref,
        people=people,
        paper=paper,
    )


def _hold(*funds: Fund) -> None:
    """Lock both funds, always in the same order, so that two carry-overs never wait for each other."""
    refs = sorted(fund.ref for fund in funds)
    db.session.execute(select(Fund.id).where(Fund.ref.in_(refs)).order_by(Fund.ref).with_for_update())


def reverse(
    *, journal: Journal, maker: User, checker: User, request_id: str, reason: str, document_hash: str = ""
) -> Journal:
    """Take a journal back; of a carry-over both sides, beginning with the one that came in."""
    undone = take_back(
        journal=journal,
        maker=maker,
        checker=checker,
        request_id=request_id,
        reason=reason,
        document_hash=document_hash,
    )
    went_out = queries.find_carried_out(journal) if journal.kind is JournalKind.CARRY else None
    if went_out is not None:
        take_back(
            journal=went_out,
            maker=maker,
            checker=checker,
            request_id=f"{request_id}{CARRY_OUT}",
            reason=reason,
            document_hash=document_hash,
        )
    return undone
