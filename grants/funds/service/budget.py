"""Money from the budget into a fund, and from the fund into the envelopes of rounds."""

from grants.foundation import audit
from grants.foundation.database import db
from grants.foundation.errors import require
from grants.foundation.numbering import next_reference
from grants.funds import policy
from grants.funds.models import Fund, Journal
from grants.funds.rules import AccountKind, FundSource, JournalKind, Move, Pocket
from grants.funds.service.posting import NO_PAPER, Paper, People, post
from grants.people.models import User


def create_fund(
    *, name: str, source: FundSource, year: int, matter: str, officer: User, document_number: str = ""
) -> Fund:
    """Open an empty fund for one source, year and matter (费随事转)."""
    require(policy.why_not_create_fund(officer))
    fund = Fund(
        ref=next_reference(f"ZJ-{year}", 2),
        name=name,
        source=source,
        year=year,
        matter=matter,
        document_number=document_number,
    )
    db.session.add(fund)
    audit.record("fund:create", actor=officer, subject=fund, source=source, year=year)
    return fund


def appropriate(
    *, fund: Fund, amount_fen: int, maker: User, checker: User, request_id: str, paper: Paper = NO_PAPER
) -> Journal:
    """Book money that the budget gives to the fund."""
    return post(
        kind=JournalKind.APPROPRIATE,
        fund=fund,
        move=Move(Pocket(AccountKind.APPROPRIATION), Pocket(AccountKind.POOL), amount_fen),
        request_id=request_id,
        people=People(maker, checker),
        paper=paper,
    )


def allocate(
    *, fund: Fund, key: str, amount_fen: int, maker: User, checker: User, request_id: str, paper: Paper = NO_PAPER
) -> Journal:
    """Set money aside for an envelope; `key` is "<round ref>/<category>"."""
    return post(
        kind=JournalKind.ALLOCATE,
        fund=fund,
        move=Move(Pocket(AccountKind.POOL), Pocket(AccountKind.ENVELOPE, key), amount_fen),
        request_id=request_id,
        people=People(maker, checker),
        paper=paper,
    )


def recall(
    *, fund: Fund, key: str, amount_fen: int, maker: User, checker: User, request_id: str, paper: Paper = NO_PAPER
) -> Journal:
    """Take money of an envelope that no project was awarded back into the pool."""
    return post(
        kind=JournalKind.ALLOCATE,
        fund=fund,
        move=Move(Pocket(AccountKind.ENVELOPE, key), Pocket(AccountKind.POOL), amount_fen),
        request_id=request_id,
        people=People(maker, checker),
        paper=paper,
    )
