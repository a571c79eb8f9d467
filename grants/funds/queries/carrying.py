"""What of a fund goes on to the next year, by the rules of its source."""

from sqlalchemy import select

from grants.foundation.database import db
from grants.funds.models import Fund, FundProposal, Journal
from grants.funds.queries.balances import fund_summary
from grants.funds.rules import (
    CARRY_OUT,
    CARRY_RULES,
    ProposalKind,
    ProposalStatus,
    carried_share,
)


def carryable_fen(fund: Fund) -> int:
    """Return what of a fund's pool may go on to the next year, in 分; what is in envelopes is recalled first."""
    rule = CARRY_RULES[fund.source]
    if rule is None:
        return 0
    money = fund_summary(fund)
    return carried_share(rule, money.pool_fen, money.carried_in_fen, money.appropriated_fen, money.carried_out_fen)


def list_carry_targets(fund: Fund) -> list[Fund]:
    """List the funds that may take what is left of this one: of the same source, one year on."""
    statement = select(Fund).where(Fund.source == fund.source, Fund.year == fund.year + 1).order_by(Fund.ref)
    return list(db.session.scalars(statement))


def is_carry_waiting(fund: Fund) -> bool:
    """Tell whether a carry-over of this fund waits for its second person."""
    statement = select(FundProposal.id).where(
        FundProposal.fund_id == fund.id,
        FundProposal.kind == ProposalKind.CARRY,
        FundProposal.status == ProposalStatus.WAITING,
    )
    return db.session.scalars(statement).first() is not None


def find_carried_out(journal: Journal) -> Journal | None:
    """Return the journal by which went out what this one brought in."""
    return db.session.scalars(select(Journal).where(Journal.request_id == journal.request_id + CARRY_OUT)).one_or_none()
