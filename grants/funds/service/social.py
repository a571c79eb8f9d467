"""Social money (社会资金): noted with its proof by one person, counted when a second one has confirmed it."""

from dataclasses import dataclass
from datetime import date

from grants.foundation import audit
from grants.foundation.clock import now, today
from grants.foundation.database import db, hold
from grants.foundation.errors import RuleBroken, require
from grants.foundation.i18n import _
from grants.foundation.models import StoredFile
from grants.foundation.numbering import next_reference
from grants.funds import policy, queries
from grants.funds.models import Contribution
from grants.funds.rules import PROPOSAL_FLOW, ContributionKind, Home, ProposalAction, ProposalStatus
from grants.people.models import User


@dataclass(frozen=True)
class Gift:
    """What was given, by whom and when; `matches` is the contribution that matching money refers to."""

    kind: ContributionKind
    contributor: str
    amount_fen: int
    received_on: date
    note: str = ""
    matches: Contribution | None = None


def record_contribution(*, home: Home, gift: Gift, proof: StoredFile, actor: User) -> Contribution:
    """Note social money of a project with the paper that proves it.

    Raises RuleBroken for a paper that proves another one, a day to come, or matching money that matches nothing.
    """
    require(policy.why_not_record_contribution(actor, home))
    _require_sense(home, gift)
    twin = queries.find_proof_twin(proof.sha256)
    if twin is not None:
        raise RuleBroken(_("这份证明材料已用于 %(ref)s，不能重复登记。", ref=twin.ref), "proof")
    contribution = Contribution(
        ref=next_reference("SH", 5),
        project_ref=home.project_ref,
        organisation_id=home.organisation_id,
        kind=gift.kind,
        contributor=gift.contributor,
        amount_fen=gift.amount_fen,
        received_on=gift.received_on,
        note=gift.note,
        proof_id=proof.id,
        matches_id=gift.matches.id if gift.matches else None,
        recorded_by_id=actor.id,
    )
    return _add("contribution:record", contribution, actor)


def _require_sense(home: Home, gift: Gift) -> None:
    if gift.amount_fen <= 0:
        raise RuleBroken(_("金额必须大于零。"), "amount_fen")
    if gift.received_on > today():
        raise RuleBroken(_("到账日期不能晚于今天。"), "received_on")
    if gift.kind is not ContributionKind.MATCHING:
        if gift.matches is not None:
            raise RuleBroken(_("只有配捐配套需要选择对应的捐赠。"), "matches")
        return
    if gift.matches is None or gift.matches not in queries.list_matchable(home.project_ref):
        raise RuleBroken(_("请选择这笔配捐对应的捐赠或自筹登记。"), "matches")


def reverse_contribution(*, contribution: Contribution, reason: str, actor: User) -> Contribution:
    """Ask for a confirmed contribution to be taken back in full; the original stays as it was."""
    require(policy.why_not_reverse_contribution(actor, contribution))
    if queries.find_contribution_reversal(contribution) is not None:
        raise RuleBroken(_("这笔登记已经提出冲销。"))
    _require_unmatched(contribution)
    undone = Contribution(
        ref=next_reference("SH", 5),
        project_ref=contribution.project_ref,
        organisation_id=contribution.organisation_id,
        kind=contribution.kind,
        contributor=contribution.contributor,
        amount_fen=contribution.amount_fen,
        received_on=contribution.received_on,
        note=reason,
        proof_id=contribution.proof_id,
        matches_id=contribution.matches_id,
        reverses_id=contribution.id,
        recorded_by_id=actor.id,
    )
    return _add("contribution:reverse", undone, actor)


def _add(action: str, contribution: Contribution, actor: User) -> Contribution:
    db.session.add(contribution)
    db.session.flush()
    audit.record(
        action,
        actor=actor,
        subject=contribution,
        project=contribution.project_ref,
        kind=contribution.kind,
        amount_fen=contribution.amount_fen,
    )
    return contribution


def confirm_contribution(*, contribution: Contribution, officer: User) -> None:
    """Agree that the proof holds; from now on it counts."""
    require(policy.why_not_decide_contribution(officer, contribution))
    _require_standing(contribution)
    contribution.status = PROPOSAL_FLOW.next(contribution.status, ProposalAction.CONFIRM)
    contribution.decided_by_id = officer.id
    contribution.decided_at = now()
    audit.record("contribution:confirm", actor=officer, subject=contribution, amount_fen=contribution.counted_fen)


def _require_standing(contribution: Contribution) -> None:
    """Matching money counts beside a gift that counts; a gift is taken back only when nothing matches it."""
    if contribution.reverses is not None:
        _require_unmatched(contribution.reverses)
        return
    matched = contribution.matches
    if matched is None:
        return
    hold(matched)
    if matched.status is not ProposalStatus.CONFIRMED or queries.find_contribution_reversal(matched) is not None:
        raise RuleBroken(_("对应的捐赠 %(ref)s 还没有确认，或已被退回、冲销，这笔配捐不能确认。", ref=matched.ref))


def _require_unmatched(contribution: Contribution) -> None:
    hold(contribution)
    if queries.is_matched(contribution):
        raise RuleBroken(_("有配捐配套以这笔登记为依据，请先冲销或退回配捐。"))


def refuse_contribution(*, contribution: Contribution, officer: User, reason: str) -> None:
    """Send a contribution back with the reason; it never counts."""
    require(policy.why_not_decide_contribution(officer, contribution))
    contribution.status = PROPOSAL_FLOW.next(contribution.status, ProposalAction.REFUSE)
    contribution.refusal_reason = reason
    contribution.decided_by_id = officer.id
    contribution.decided_at = now()
    audit.record("contribution:refuse", actor=officer, subject=contribution, reason=reason)


def withdraw_contribution(*, contribution: Contribution, actor: User) -> None:
    """Take one's own note back before anybody decided on it."""
    require(policy.why_not_withdraw_contribution(actor, contribution))
    contribution.status = PROPOSAL_FLOW.next(contribution.status, ProposalAction.WITHDRAW)
    contribution.decided_at = now()
    audit.record("contribution:withdraw", actor=actor, subject=contribution)
