"""Final accounts of projects: those that wait for one, those that have one, and what organisations still pay back."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from grants.foundation.clock import today
from grants.foundation.database import db, get_one
from grants.foundation.due import DueItem
from grants.foundation.i18n import Text, _, _l
from grants.foundation.money import yuan
from grants.funds.models import Account, FundProposal, Settlement
from grants.funds.queries.balances import project_money, summarise_projects
from grants.funds.rules import AccountKind, Ending, ProposalStatus
from grants.people.models import User
from grants.people.rules import Role

LIVE = (ProposalStatus.WAITING, ProposalStatus.CONFIRMED)
Endings = Callable[[str | None], Iterable[Ending]]
_endings: list[Endings] = []


def know_endings(source: Endings) -> None:
    """Let the payments stage, which comes later, say which projects have ended (all, or the one that is named)."""
    _endings[:] = [source]


def find_ending(project_ref: str) -> Ending | None:
    """Return what is known of the end of a project, None while it runs."""
    return next((ending for source in _endings for ending in source(project_ref)), None)


def list_unsettled() -> list[Ending]:
    """List the projects that have ended and have no final account yet, the oldest end first."""
    statement = select(FundProposal.key).join(Settlement).where(FundProposal.status.in_(LIVE))
    settled = set(db.session.scalars(statement))
    found = [ending for source in _endings for ending in source(None) if ending.project_ref not in settled]
    return sorted(found, key=lambda ending: (ending.ended_on, ending.project_ref))


def get_settlement(ref: str) -> Settlement:
    """Return a final account by its reference, or raise NotFound."""
    found: Settlement = get_one(select(Settlement).where(Settlement.ref == ref))
    return found


def find_settlement(project_ref: str) -> Settlement | None:
    """Return the final account of a project, proposed or in force."""
    statement = (
        select(Settlement)
        .join(FundProposal)
        .where(Settlement.project_ref == project_ref, FundProposal.status.in_(LIVE))
    )
    return db.session.scalars(statement).one_or_none()


def why_not_settled_yet(ending: Ending) -> str | None:
    """Say what has to be done before the final account of an ended project can be drawn up."""
    if find_settlement(ending.project_ref) is not None:
        return _("这个项目已经办理决算。")
    if ending.is_payable:
        return _("尾款还没有拨付到账，结清后才能决算。")
    if ending.unchecked_count:
        return _("还有 %(count)s 张票据没有审核，审核后才能决算。", count=ending.unchecked_count)
    reserved = project_money(ending.project_ref).reserved_fen
    if reserved:
        return _("还有 %(amount)s 元在途审批，请先退回或驳回这笔拨付申请。", amount=yuan(reserved))
    return None


class Recovery(StrEnum):
    """How far an organisation has come with paying back."""

    NONE = "none"
    OPEN = "open"
    OVERDUE = "overdue"
    DONE = "done"


RECOVERY_LABELS: dict[Recovery, Text] = {
    Recovery.NONE: _l("无须退回"),
    Recovery.OPEN: _l("待退回"),
    Recovery.OVERDUE: _l("逾期未退"),
    Recovery.DONE: _l("已全部退回"),
}


@dataclass(frozen=True)
class SettlementRow:
    """A final account with what of the claim is still open, in 分, and whether its day has passed."""

    settlement: Settlement
    outstanding_fen: int
    recovery: Recovery

    @property
    def received_fen(self) -> int:
        """Return what has come back of the claim."""
        return self.settlement.recover_fen - self.outstanding_fen


def row_of(settlement: Settlement) -> SettlementRow:
    """Return a final account with its claim as it stands today."""
    return _row(settlement, summarise_projects([settlement.project_ref])[settlement.project_ref].paid_fen, today())


def _row(settlement: Settlement, paid_fen: int, day: date) -> SettlementRow:
    is_claimed = settlement.proposal.status is ProposalStatus.CONFIRMED
    open_fen = max(0, paid_fen - settlement.kept_fen) if is_claimed else settlement.recover_fen
    if not settlement.recover_fen:
        return SettlementRow(settlement, 0, Recovery.NONE)
    if not open_fen:
        return SettlementRow(settlement, 0, Recovery.DONE)
    late = is_claimed and settlement.due_on is not None and settlement.due_on < day
    return SettlementRow(settlement, open_fen, Recovery.OVERDUE if late else Recovery.OPEN)


def list_settlements(recovery: Recovery | None = None) -> list[SettlementRow]:
    """List the final accounts proposed or in force, the newest first; narrowed to one state of the claim."""
    statement = (
        select(Settlement)
        .join(FundProposal)
        .where(FundProposal.status.in_(LIVE))
        .options(joinedload(Settlement.organisation), joinedload(Settlement.proposal).joinedload(FundProposal.fund))
        .order_by(FundProposal.proposed_at.desc(), Settlement.ref.desc())
    )
    found = list(db.session.scalars(statement))
    money, day = summarise_projects(one.project_ref for one in found), today()
    rows = [_row(one, money[one.project_ref].paid_fen, day) for one in found]
    return [row for row in rows if recovery is None or row.recovery is recovery]


def outstanding_fen(project_ref: str) -> int | None:
    """Return what an organisation still pays back for a settled project in 分, None where none is settled."""
    settlement = find_settlement(project_ref)
    if settlement is None or settlement.proposal.status is not ProposalStatus.CONFIRMED:
        return None
    return row_of(settlement).outstanding_fen


def settling_faults() -> list[str]:
    """Name the settled projects that still hold money, or gave back more than was claimed.

    A project closes with nothing available and nothing reserved.
    """
    statement = (
        select(Account.key, Account.kind, Account.balance_fen)
        .join(Settlement, Settlement.project_ref == Account.key)
        .join(FundProposal, FundProposal.id == Settlement.proposal_id)
        .where(
            FundProposal.status == ProposalStatus.CONFIRMED,
            Account.kind.in_((AccountKind.AVAILABLE, AccountKind.RESERVED)),
            Account.balance_fen != 0,
        )
    )
    holding = [f"{kind} {key}: settled, but holds {fen}" for key, kind, fen in db.session.execute(statement)]
    confirmed = [row for row in list_settlements() if row.settlement.proposal.status is ProposalStatus.CONFIRMED]
    money = summarise_projects(row.settlement.project_ref for row in confirmed)
    return holding + [
        f"{ref}: more came back than was claimed"
        for ref, kept_fen in ((row.settlement.project_ref, row.settlement.kept_fen) for row in confirmed)
        if money[ref].paid_fen < kept_fen
    ]


def due_settlements(actor: User) -> list[DueItem]:
    """List what finance settles or chases, and what an organisation pays back."""
    is_finance = actor.has_role(Role.FINANCE)
    if not is_finance and not actor.organisation_ids:
        return []
    late = [row for row in list_settlements() if row.recovery in (Recovery.OPEN, Recovery.OVERDUE)]
    claims = [
        DueItem(
            title=_("收回项目结余资金：%(title)s", title=row.settlement.project_title)
            if is_finance
            else _("退回项目资金：%(title)s", title=row.settlement.project_title),
            href=f"/funds/settlements/{row.settlement.ref}",
            stage=_("资金"),
            meta=_("应退未退 %(amount)s 元", amount=yuan(row.outstanding_fen)),
            due_on=row.settlement.due_on,
        )
        for row in late
        if row.settlement.proposal.status is ProposalStatus.CONFIRMED
        and (is_finance or row.settlement.organisation_id in actor.organisation_ids)
    ]
    return claims + ([_to_settle(ending) for ending in list_unsettled()] if is_finance else [])


def _to_settle(ending: Ending) -> DueItem:
    return DueItem(
        title=_("办理项目决算：%(title)s", title=ending.project_title),
        href=f"/funds/settlements/new/{ending.project_ref}",
        stage=_("资金"),
        meta=_("%(day)s 结束", day=ending.ended_on.isoformat()),
        blocked_by=_("尾款尚未结清。") if ending.is_payable else None,
    )
