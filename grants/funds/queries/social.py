"""The book of social money, and how much of it stands beside public money (撬动比)."""

import uuid
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from grants.foundation.database import db, get_one
from grants.foundation.due import DueItem
from grants.foundation.i18n import Text, _, _l
from grants.foundation.models import StoredFile
from grants.foundation.money import yuan
from grants.foundation.web.listing import Page, Window, paginate
from grants.funds.models import Account, Contribution, Fund
from grants.funds.queries.balances import EMPTY, summarise_projects
from grants.funds.rules import (
    CONTRIBUTION_KIND_LABELS,
    FISCAL_SOURCES,
    AccountKind,
    ContributionKind,
    FundSource,
    Home,
    ProposalStatus,
    leverage,
)
from grants.people.models import User
from grants.people.rules import Role

LIVE = (ProposalStatus.WAITING, ProposalStatus.CONFIRMED)
Homes = Callable[[str | None], Iterable[Home]]
_homes: list[Homes] = []


def know_homes(source: Homes) -> None:
    """Let the agreements, which come later, say to whom a project belongs (all of them, or the one that is named)."""
    _homes[:] = [source]


def find_home(project_ref: str) -> Home | None:
    """Return what is known of a project with an agreement."""
    return next((home for source in _homes for home in source(project_ref)), None)


def list_homes(organisation_ids: Collection[uuid.UUID] | None = None) -> list[Home]:
    """List the projects with an agreement, those of some organisations only where these are given."""
    found = [home for source in _homes for home in source(None)]
    return [home for home in found if organisation_ids is None or home.organisation_id in organisation_ids]


@dataclass(frozen=True)
class SocialFilter:
    """Which contributions are asked for; an empty part does not narrow."""

    kind: ContributionKind | None = None
    status: ProposalStatus | None = None
    words: str = ""

    @property
    def count(self) -> int:
        """Return how many parts narrow the list."""
        return sum(1 for part in (self.kind, self.status, self.words) if part)


ALL_SOCIAL = SocialFilter()


def _selected(narrow: SocialFilter, organisation_ids: Collection[uuid.UUID] | None) -> Select[Contribution]:
    statement = select(Contribution).options(joinedload(Contribution.organisation))
    if organisation_ids is not None:
        statement = statement.where(Contribution.organisation_id.in_(organisation_ids))
    if narrow.kind:
        statement = statement.where(Contribution.kind == narrow.kind)
    if narrow.status:
        statement = statement.where(Contribution.status == narrow.status)
    if narrow.words:
        inside = Contribution.contributor.contains(narrow.words, autoescape=True)
        statement = statement.where(inside | (Contribution.project_ref == narrow.words))
    return statement


def list_contributions(
    window: Window, narrow: SocialFilter = ALL_SOCIAL, *, organisation_ids: Collection[uuid.UUID] | None = None
) -> Page[Contribution]:
    """List contributions, newest first; of some organisations only where these are given."""
    statement = _selected(narrow, organisation_ids)
    return paginate(statement, window, order=Contribution.recorded_at, key=Contribution.id)


def iterate_contributions(
    narrow: SocialFilter = ALL_SOCIAL, *, organisation_ids: Collection[uuid.UUID] | None = None
) -> Iterable[Contribution]:
    """Read all contributions in the order of their references, for an export."""
    return db.session.scalars(_selected(narrow, organisation_ids).order_by(Contribution.ref))


def list_matchable(project_ref: str) -> list[Contribution]:
    """List the contributions of a project that matching money may refer to."""
    statement = (
        select(Contribution)
        .where(
            Contribution.project_ref == project_ref,
            Contribution.kind.in_((ContributionKind.DONATION, ContributionKind.SELF_RAISED)),
            Contribution.status.in_(LIVE),
            Contribution.reverses_id.is_(None),
        )
        .order_by(Contribution.ref)
    )
    return [one for one in db.session.scalars(statement) if find_contribution_reversal(one) is None]


def is_matched(contribution: Contribution) -> bool:
    """Tell whether matching money that counts, or may come to count, refers to a contribution."""
    statement = select(Contribution).where(
        Contribution.matches_id == contribution.id, Contribution.reverses_id.is_(None), Contribution.status.in_(LIVE)
    )
    return any(find_contribution_reversal(one) is None for one in db.session.scalars(statement))


def get_contribution(ref: str) -> Contribution:
    """Return a contribution by its reference, or raise NotFound."""
    found: Contribution = get_one(select(Contribution).where(Contribution.ref == ref))
    return found


def find_contribution_reversal(contribution: Contribution) -> Contribution | None:
    """Return what takes a contribution back, proposed or confirmed."""
    statement = select(Contribution).where(Contribution.reverses_id == contribution.id, Contribution.status.in_(LIVE))
    return db.session.scalars(statement).one_or_none()


def find_proof_twin(sha256: str) -> Contribution | None:
    """Return a contribution that rests on the same paper, unless it was refused, withdrawn or taken back."""
    undone = select(Contribution.reverses_id).where(
        Contribution.reverses_id.is_not(None), Contribution.status == ProposalStatus.CONFIRMED
    )
    statement = (
        select(Contribution)
        .join(Contribution.proof)
        .where(
            StoredFile.sha256 == sha256,
            Contribution.status.in_(LIVE),
            Contribution.reverses_id.is_(None),
            Contribution.id.not_in(undone),
        )
    )
    return db.session.scalars(statement).first()


class LeverageBy(StrEnum):
    """By what leverage is summed up."""

    PROJECT = "project"
    ROUND = "round"
    ORGANISATION = "organisation"


LEVERAGE_LABELS: dict[LeverageBy, Text] = {
    LeverageBy.PROJECT: _l("按项目"),
    LeverageBy.ROUND: _l("按届次"),
    LeverageBy.ORGANISATION: _l("按组织"),
}


@dataclass(frozen=True)
class LeverageRow:
    """Money of society beside public money, in 分; promised is what the agreements say."""

    label: str
    key: str
    promised_fen: int = 0
    social_fen: int = 0
    fiscal_fen: int = 0

    @property
    def ratio(self) -> float | None:
        """Return 撬动比, None without public money."""
        return leverage(self.social_fen, self.fiscal_fen)


def summarise_leverage(by: LeverageBy, *, organisation_ids: Collection[uuid.UUID] | None = None) -> list[LeverageRow]:
    """Sum up what is confirmed of social money beside what projects keep of public money."""
    homes = list_homes(organisation_ids)
    sums = _sums(homes)
    rows: dict[str, LeverageRow] = {}
    for home in homes:
        label, key = {
            LeverageBy.PROJECT: (home.project_title, home.project_ref),
            LeverageBy.ROUND: (home.round_label, home.round_ref),
            LeverageBy.ORGANISATION: (home.organisation_name, str(home.organisation_id)),
        }[by]
        social, fiscal = sums[home.project_ref]
        old = rows.get(key, LeverageRow(label, key))
        rows[key] = LeverageRow(
            label, key, old.promised_fen + home.promised_fen, old.social_fen + social, old.fiscal_fen + fiscal
        )
    return sorted(rows.values(), key=lambda row: (-row.social_fen, row.label))


def _sums(homes: list[Home]) -> dict[str, tuple[int, int]]:
    """Return social and public money by project; a fund of donations is money of society, whoever keeps it."""
    refs = [home.project_ref for home in homes]
    given: Counter[str] = Counter()
    statement = select(Contribution.project_ref, Contribution.amount_fen, Contribution.reverses_id).where(
        Contribution.project_ref.in_(refs), Contribution.status == ProposalStatus.CONFIRMED
    )
    for ref, amount, reverses in db.session.execute(statement):
        given[ref] += -amount if reverses else amount
    money, sources = summarise_projects(refs), _sources(refs)
    found = {}
    for ref in refs:
        kept = money.get(ref, EMPTY).awarded_fen - money.get(ref, EMPTY).returned_fen
        is_public = sources.get(ref) in FISCAL_SOURCES
        found[ref] = (given[ref] + (0 if is_public else kept), kept if is_public else 0)
    return found


def _sources(project_refs: list[str]) -> dict[str, FundSource]:
    statement = (
        select(Account.key, Fund.source)
        .join(Fund, Fund.id == Account.fund_id)
        .where(Account.kind == AccountKind.AVAILABLE, Account.key.in_(project_refs))
    )
    return {key: source for key, source in db.session.execute(statement)}


def due_contributions(actor: User) -> list[DueItem]:
    """List the contributions whose proof this person can confirm."""
    if not actor.has_role(Role.FINANCE):
        return []
    statement = select(Contribution).where(
        Contribution.status == ProposalStatus.WAITING, Contribution.recorded_by_id != actor.id
    )
    return [
        DueItem(
            title=_("确认社会资金：%(kind)s", kind=CONTRIBUTION_KIND_LABELS[one.kind]),
            href=f"/funds/social/{one.ref}",
            stage=_("资金"),
            meta=_("%(name)s，%(amount)s 元", name=one.contributor, amount=yuan(one.amount_fen)),
        )
        for one in db.session.scalars(statement.order_by(Contribution.recorded_at))
    ]
