"""Budget movements in two steps: one person proposes, another confirms, and only then the ledger is touched."""

from collections.abc import Callable

from grants.foundation import audit
from grants.foundation.clock import now
from grants.foundation.database import db, hold
from grants.foundation.errors import RuleBroken, require
from grants.foundation.i18n import _
from grants.foundation.models import StoredFile
from grants.foundation.money import yuan
from grants.foundation.numbering import next_reference
from grants.funds import policy, queries
from grants.funds.models import Fund, FundProposal, Journal
from grants.funds.rules import PROPOSAL_FLOW, AccountKind, Pocket, ProposalAction, ProposalKind
from grants.funds.service.budget import allocate, appropriate, recall
from grants.funds.service.carrying import carry, reverse
from grants.funds.service.posting import Paper
from grants.funds.service.projects import give_back
from grants.funds.service.settling import settle
from grants.people.models import User


def propose(
    *,
    fund: Fund,
    kind: ProposalKind,
    amount_fen: int,
    reason: str,
    officer: User,
    key: str = "",
    document_number: str = "",
    document: StoredFile | None = None,
) -> FundProposal:
    """Ask for a movement of budget money; `key` names the envelope or, to recover, the project."""
    require(policy.why_not_propose(officer, kind))
    _require_sense(fund, kind, amount_fen, key, document_number)
    return _add(
        FundProposal(
            fund_id=fund.id,
            kind=kind,
            key=key,
            amount_fen=amount_fen,
            reason=reason,
            document_number=document_number,
            document_id=document.id if document else None,
        ),
        officer,
    )


def propose_reversal(
    *, journal: Journal, reason: str, officer: User, document_number: str = "", document: StoredFile | None = None
) -> FundProposal:
    """Ask for a journal to be taken back in full."""
    require(policy.why_not_propose(officer, ProposalKind.REVERSE))
    if queries.find_reversal(journal) is not None:
        raise RuleBroken(_("凭证 %(ref)s 已经冲销过。", ref=journal.ref))
    return _add(
        FundProposal(
            fund_id=journal.source.fund_id,
            kind=ProposalKind.REVERSE,
            key=journal.target.key,
            amount_fen=journal.amount_fen,
            reverses_id=journal.id,
            reason=reason,
            document_number=document_number,
            document_id=document.id if document else None,
        ),
        officer,
    )


def _add(proposal: FundProposal, officer: User) -> FundProposal:
    proposal.ref = next_reference("ZD", 5)
    proposal.proposed_by_id = officer.id
    db.session.add(proposal)
    audit.record(
        "fund_proposal:make", actor=officer, subject=proposal, kind=proposal.kind, amount_fen=proposal.amount_fen
    )
    return proposal


def _require_sense(fund: Fund, kind: ProposalKind, amount_fen: int, key: str, document_number: str) -> None:
    """Refuse early what a second person could only refuse."""
    if amount_fen <= 0:
        raise RuleBroken(_("金额必须大于零。"), "amount_fen")
    if kind is ProposalKind.APPROPRIATE:
        if not document_number:
            raise RuleBroken(_("请填写预算下达文号，资金须有文件依据。"), "document_number")
        return
    if kind is ProposalKind.RECOVER:
        _require_recoverable(fund, amount_fen, key, document_number)
        return
    pocket = Pocket(AccountKind.ENVELOPE, key)
    envelope = queries.find_account(fund, pocket)
    if envelope is None:
        raise RuleBroken(_("请选择本专项资金下的类别额度。"), "key")
    held = queries.pool_balance(fund) if kind is ProposalKind.ALLOCATE else envelope.balance_fen
    if held < amount_fen:
        raise RuleBroken(_("可动用的只有 %(held)s 元。", held=yuan(held)), "amount_fen")


def _require_recoverable(fund: Fund, amount_fen: int, key: str, document_number: str) -> None:
    """What an organisation pays back was paid to it before, and the bank has a paper for it."""
    if not document_number:
        raise RuleBroken(_("请填写收款回单编号，追回款须有银行凭证。"), "document_number")
    paid = queries.find_account(fund, Pocket(AccountKind.PAID, key))
    if paid is None:
        raise RuleBroken(_("请选择本专项资金已拨付过的项目。"), "key")
    if paid.balance_fen < amount_fen:
        raise RuleBroken(_("这个项目已拨付未退回的只有 %(held)s 元。", held=yuan(paid.balance_fen)), "amount_fen")
    claimed = queries.outstanding_fen(key)
    if claimed is not None and claimed < amount_fen:
        raise RuleBroken(_("按决算还应退回 %(held)s 元，不能多记。", held=yuan(claimed)), "amount_fen")


def confirm(*, proposal: FundProposal, officer: User) -> Journal | None:
    """Agree to a proposal and post it. The second person answers for it with their own name.

    Returns None for a final account that leaves nothing to move.
    """
    require(policy.why_not_decide(officer, proposal))
    status = PROPOSAL_FLOW.next(proposal.status, ProposalAction.CONFIRM)
    journal = _POSTING[proposal.kind](proposal, officer)
    proposal.status = status
    proposal.journal_id = journal.id if journal else None
    proposal.decided_by_id = officer.id
    proposal.decided_at = now()
    audit.record("fund_proposal:confirm", actor=officer, subject=proposal, journal=journal.number if journal else None)
    return journal


def refuse(*, proposal: FundProposal, officer: User, reason: str) -> None:
    """Send a proposal back with the reason."""
    require(policy.why_not_decide(officer, proposal))
    proposal.status = PROPOSAL_FLOW.next(proposal.status, ProposalAction.REFUSE)
    proposal.refusal_reason = reason
    proposal.decided_by_id = officer.id
    proposal.decided_at = now()
    audit.record("fund_proposal:refuse", actor=officer, subject=proposal, reason=reason)


def withdraw(*, proposal: FundProposal, officer: User) -> None:
    """Take one's own proposal back before anybody decided on it."""
    require(policy.why_not_withdraw(officer, proposal))
    proposal.status = PROPOSAL_FLOW.next(proposal.status, ProposalAction.WITHDRAW)
    proposal.decided_at = now()
    audit.record("fund_proposal:withdraw", actor=officer, subject=proposal)


def _paper(proposal: FundProposal) -> Paper:
    document = proposal.document.sha256 if proposal.document else ""
    number = f"{proposal.document_number} " if proposal.document_number else ""
    return Paper(document, f"{number}{proposal.reason}")


def _appropriate(proposal: FundProposal, officer: User) -> Journal:
    return appropriate(
        fund=proposal.fund,
        amount_fen=proposal.amount_fen,
        maker=proposal.proposed_by,
        checker=officer,
        request_id=proposal.ref,
        paper=_paper(proposal),
    )


def _allocate(proposal: FundProposal, officer: User) -> Journal:
    move = recall if proposal.kind is ProposalKind.RECALL else allocate
    return move(
        fund=proposal.fund,
        key=proposal.key,
        amount_fen=proposal.amount_fen,
        maker=proposal.proposed_by,
        checker=officer,
        request_id=proposal.ref,
        paper=_paper(proposal),
    )


def _recover(proposal: FundProposal, officer: User) -> Journal:
    hold(proposal.fund)  # two claims proposed side by side come one after the other, each against what is left
    _require_recoverable(proposal.fund, proposal.amount_fen, proposal.key, proposal.document_number or "")
    return give_back(
        project_ref=proposal.key,
        amount_fen=proposal.amount_fen,
        request_id=proposal.ref,
        maker=proposal.proposed_by,
        checker=officer,
        was_paid=True,
        paper=_paper(proposal),
    )


def _reverse(proposal: FundProposal, officer: User) -> Journal:
    original = proposal.reverses
    if original is None:  # the database forbids it; the type does not know
        raise RuleBroken(_("没有找到要冲销的凭证。"))
    paper = _paper(proposal)
    return reverse(
        journal=original,
        maker=proposal.proposed_by,
        checker=officer,
        request_id=proposal.ref,
        reason=paper.memo,
        document_hash=paper.document_hash,
    )


_POSTING: dict[ProposalKind, Callable[[FundProposal, User], Journal | None]] = {
    ProposalKind.APPROPRIATE: _appropriate,
    ProposalKind.ALLOCATE: _allocate,
    ProposalKind.RECALL: _allocate,
    ProposalKind.RECOVER: _recover,
    ProposalKind.REVERSE: _reverse,
    ProposalKind.SETTLE: settle,
    ProposalKind.CARRY: lambda proposal, officer: carry(proposal, officer, _paper(proposal)),
}
