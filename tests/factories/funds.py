"""Builders of funds and money in them, through the ledger's own use cases."""

from grants.foundation.database import db
from grants.funds import queries, service
from grants.funds.models import Fund, Journal
from grants.funds.rules import FundSource, envelope_key
from grants.people.models import User
from grants.people.rules import Role
from tests.factories import people


def hand(login: str, role: Role | None = None) -> User:
    """Return the account with this login, made if need be; without a role it is in no list of officers."""
    found = db.session.scalars(db.select(User).where(User.login == login)).one_or_none()
    return found or people.make_user(login, role)


def hands() -> tuple[User, User, User]:
    """Return three people who may stand behind a movement of money: maker, checker, payer."""
    return hand("ledger-maker"), hand("ledger-checker"), hand("ledger-payer")


def make_fund(ref: str = "ZJ-2026-01", *, amount_fen: int = 0, source: FundSource = FundSource.STREET) -> Fund:
    """Make a fund, with money in its pool when an amount is given."""
    fund = Fund(ref=ref, name="2026年公益创投专项资金", source=source, year=2026, matter="公益创投")
    db.session.add(fund)
    db.session.flush()
    if amount_fen:
        maker, checker, _payer = hands()
        service.appropriate(
            fund=fund, amount_fen=amount_fen, maker=maker, checker=checker, request_id=f"{ref}/appropriate"
        )
    return fund


def make_envelope(fund: Fund, round_ref: str = "JC-2026-01", category: str = "community", *, amount_fen: int) -> str:
    """Set money of a fund aside for a category and return the envelope's key."""
    maker, checker, _payer = hands()
    key = envelope_key(round_ref, category)
    service.allocate(
        fund=fund, key=key, amount_fen=amount_fen, maker=maker, checker=checker, request_id=f"{key}/allocate"
    )
    return key


def make_project_money(project_ref: str = "GYCT-2026-01-0001", *, amount_fen: int, fund: Fund | None = None) -> Journal:
    """Award money to a project out of a fund that has just enough for it."""
    maker, checker, _payer = hands()
    owner = fund or make_fund(f"ZJ-{project_ref[-7:]}", amount_fen=amount_fen)
    key = make_envelope(owner, project_ref, amount_fen=amount_fen)
    return service.award(
        fund=owner,
        envelope_key=key,
        project_ref=project_ref,
        amount_fen=amount_fen,
        maker=maker,
        checker=checker,
        request_id=f"{project_ref}/award",
    )


def assert_ledger_holds() -> None:
    """Check the whole ledger the way `flask ledger check` does."""
    faults = queries.check_ledger()
    assert faults == [], faults
