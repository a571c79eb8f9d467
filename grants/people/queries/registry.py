"""The register of organisations: lists, search, the file of one, accounts that wait for confirmation."""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, or_, select

from grants.foundation.clock import today
from grants.foundation.database import db, get_by_id
from grants.foundation.web.listing import Page, Window, paginate
from grants.people.models import (
    BankAccountChange,
    Organisation,
    OrganisationDocument,
    OrganisationMember,
    OrganisationWorker,
    StandingRecord,
    User,
)
from grants.people.queries.accounts import escaped
from grants.people.rules import CommunityKind, LegalKind, OrganisationStatus, Role
from grants.people.rules.dossier import GRADES, StandingKind

UNGRADED = "none"
"""Stands in a filter for organisations whose grade is not known or has run out."""


def register(*, search: str = "", legal_kind: str = "", community_kind: str = "", grade: str = "") -> Select[Any]:
    """Return the select of what the public register shows under these conditions; unknown values mean all.

    A grade counts while it holds; one that has run out is as good as none.
    """
    statement = select(Organisation).where(Organisation.status == OrganisationStatus.LISTED)
    if search:
        pattern = f"%{escaped(search)}%"
        columns = (Organisation.name, Organisation.short_name, Organisation.scope, Organisation.uscc)
        statement = statement.where(or_(*(column.ilike(pattern, escape="\\") for column in columns)))
    if legal_kind in set(LegalKind):
        statement = statement.where(Organisation.legal_kind == LegalKind(legal_kind))
    if community_kind in set(CommunityKind):
        statement = statement.where(Organisation.community_kind == CommunityKind(community_kind))
    expires = Organisation.assessment_expires_on
    if grade in GRADES:
        statement = statement.where(Organisation.assessment_grade == grade, or_(expires.is_(None), expires >= today()))
    elif grade == UNGRADED:
        statement = statement.where(or_(Organisation.assessment_grade.is_(None), expires < today()))
    return statement


def page_register(window: Window, **conditions: str) -> Page[Organisation]:
    """Return one page of the register by name."""
    return paginate(register(**conditions), window, order=Organisation.name, key=Organisation.id, descending=False)


def count_register(**conditions: str) -> int:
    """Count what the register shows under these conditions."""
    statement = select(func.count()).select_from(register(**conditions).subquery())
    return db.session.execute(statement).scalar_one()


def iterate_register(**conditions: str) -> Iterator[Organisation]:
    """Go through the register by name, for exports."""
    yield from db.session.scalars(register(**conditions).order_by(Organisation.name, Organisation.id))


@dataclass(frozen=True)
class LedgerRow:
    """One organisation with what its file adds up to, for the office."""

    organisation: Organisation
    members: int
    papers: int
    papers_ended: int
    workers: int
    open_listings: int


def iterate_ledger(**conditions: str) -> Iterator[LedgerRow]:
    """Go through the register by name with the sums of every file, for the office."""
    current = OrganisationDocument.replaced_by_id.is_(None)
    members = _count_by(OrganisationMember.organisation_id)
    papers = _count_by(OrganisationDocument.organisation_id, current)
    ended = _count_by(OrganisationDocument.organisation_id, current, OrganisationDocument.expires_on < today())
    workers = _count_by(OrganisationWorker.organisation_id, OrganisationWorker.left_on.is_(None))
    listings = _count_by(
        StandingRecord.organisation_id,
        StandingRecord.kind.in_((StandingKind.ABNORMAL, StandingKind.DISHONEST)),
        StandingRecord.ends_on.is_(None),
        StandingRecord.withdrawn_at.is_(None),
    )
    for one in iterate_register(**conditions):
        yield LedgerRow(one, *(found.get(one.id, 0) for found in (members, papers, ended, workers, listings)))


def _count_by(column: Any, *conditions: Any) -> dict[uuid.UUID, int]:
    statement = select(column, func.count()).where(*conditions).group_by(column)
    return {key: count for key, count in db.session.execute(statement)}


def list_pending_organisations() -> Sequence[Organisation]:
    """List organisations that wait to be examined or were sent back, oldest first."""
    statement = select(Organisation).where(Organisation.status == OrganisationStatus.PENDING)
    return db.session.scalars(statement.order_by(Organisation.created_at)).all()


def find_organisation_by_name(name: str) -> Organisation | None:
    """Return the organisation with this full name."""
    return db.session.scalars(select(Organisation).where(Organisation.name == name)).one_or_none()


def find_organisation_by_uscc(uscc: str) -> Organisation | None:
    """Return the organisation with this code."""
    return db.session.scalars(select(Organisation).where(Organisation.uscc == uscc)).one_or_none()


def get_account_change(identity: uuid.UUID) -> BankAccountChange:
    """Return a stated change of account."""
    return get_by_id(BankAccountChange, identity)


def find_open_account_change(organisation_id: uuid.UUID) -> BankAccountChange | None:
    """Return the change of account that waits for confirmation."""
    statement = select(BankAccountChange).where(
        BankAccountChange.organisation_id == organisation_id, BankAccountChange.decided_at.is_(None)
    )
    return db.session.scalars(statement).one_or_none()


def list_account_changes(organisation_id: uuid.UUID) -> Sequence[BankAccountChange]:
    """List all changes of account of an organisation, newest first."""
    statement = select(BankAccountChange).where(BankAccountChange.organisation_id == organisation_id)
    return db.session.scalars(statement.order_by(BankAccountChange.proposed_at.desc())).all()


def list_open_account_changes() -> Sequence[BankAccountChange]:
    """List changes of account that wait for confirmation, oldest first."""
    statement = select(BankAccountChange).where(BankAccountChange.decided_at.is_(None))
    return db.session.scalars(statement.order_by(BankAccountChange.proposed_at)).all()


def organisations_by_name() -> Sequence[Organisation]:
    """List all listed organisations by name, for a choice."""
    return db.session.scalars(register().order_by(Organisation.name)).all()


def list_member_organisations(user: User | None) -> Sequence[Organisation]:
    """List the organisations that an account is a member of, also those nobody has examined yet."""
    if user is None:
        return []
    ids = {grant.organisation_id for grant in user.live_grants if grant.role is Role.ORGANISATION}
    statement = select(Organisation).where(Organisation.id.in_(ids)).order_by(Organisation.name)
    return db.session.scalars(statement).all() if ids else []
