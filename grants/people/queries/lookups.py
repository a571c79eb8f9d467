"""Look-ups of accounts, places, residents and organisations."""

import hashlib
import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from grants.foundation.clock import now
from grants.foundation.database import db, get_by_id, get_one
from grants.foundation.web.listing import Page, Window, paginate
from grants.people.models import Organisation, Place, Resident, RoleGrant, User, UserSession
from grants.people.rules import AccountStatus, OrganisationStatus, PlaceKind, Role


def token_hash(token: str) -> str:
    """Return what is stored of a session token."""
    return hashlib.sha256(token.encode()).hexdigest()


def find_live_session(token: str) -> UserSession | None:
    """Return the session of a token while it is neither revoked nor over and its account is active."""
    # Every signed-in request begins here: account, roles and the resident behind it come with one statement
    account = joinedload(UserSession.user)
    statement = select(UserSession).options(account.joinedload(User.grants), account.joinedload(User.resident))
    found = (
        db.session.scalars(
            statement.where(
                UserSession.token_hash == token_hash(token),
                UserSession.revoked_at.is_(None),
                UserSession.expires_at > now(),
            )
        )
        .unique()
        .one_or_none()
    )
    return found if found is not None and found.user.status is AccountStatus.ACTIVE else None


def find_user(login: str) -> User | None:
    """Return the account with this login name."""
    return db.session.scalars(select(User).where(User.login == login)).one_or_none()


def get_user(identity: uuid.UUID) -> User:
    """Return an account by its key."""
    return get_by_id(User, identity)


def list_users_with_role(*roles: Role) -> list[User]:
    """List active accounts that hold any of these roles today, by login name."""
    statement = (
        select(User)
        .join(RoleGrant, RoleGrant.user_id == User.id)
        .where(RoleGrant.role.in_(roles), RoleGrant.revoked_at.is_(None), User.status == AccountStatus.ACTIVE)
        .order_by(User.login)
    )
    return [user for user in db.session.scalars(statement).unique() if user.has_role(*roles)]


def get_street() -> Place:
    """Return the root of the places tree."""
    street: Place = get_one(select(Place).where(Place.kind == PlaceKind.STREET))
    return street


def list_communities() -> list[Place]:
    """List the communities in the order of their codes."""
    return list(db.session.scalars(select(Place).where(Place.kind == PlaceKind.COMMUNITY).order_by(Place.code)))


def list_places(kind: PlaceKind, parent_id: uuid.UUID | None = None) -> list[Place]:
    """List places of a kind, optionally inside a parent."""
    statement = select(Place).where(Place.kind == kind).order_by(Place.code)
    if parent_id is not None:
        statement = statement.where(Place.parent_id == parent_id)
    return list(db.session.scalars(statement))


def get_place(identity: uuid.UUID) -> Place:
    """Return a place by its key."""
    return get_by_id(Place, identity)


def find_place(code: str) -> Place | None:
    """Return the place with this code."""
    return db.session.scalars(select(Place).where(Place.code == code)).one_or_none()


def find_resident_of(user: User | None) -> Resident | None:
    """Return the roll entry that belongs to an account."""
    return user.resident if user is not None else None


def get_resident(identity: uuid.UUID) -> Resident:
    """Return a resident by key."""
    return get_by_id(Resident, identity)


def find_resident_by_id_index(index: str) -> Resident | None:
    """Return the resident whose identity number has this blind index."""
    return db.session.scalars(select(Resident).where(Resident.id_number_index == index)).one_or_none()


def list_resident_keys(community_id: uuid.UUID, *, born_until: date) -> Sequence[tuple[uuid.UUID, uuid.UUID | None]]:
    """List key and account of a community's residents born on that day or before (whoever may be drawn)."""
    found = db.session.execute(
        select(Resident.id, Resident.user_id)
        .where(Resident.community_id == community_id, Resident.born_on <= born_until)
        .order_by(Resident.id)
    )
    return [(key, user_id) for key, user_id in found]


def count_residents(community_id: uuid.UUID | None = None) -> int:
    """Count residents, of one community or of the street."""
    statement = select(func.count()).select_from(Resident)
    if community_id is not None:
        statement = statement.where(Resident.community_id == community_id)
    return db.session.execute(statement).scalar_one()


def get_organisation(ref: str) -> Organisation:
    """Return an organisation by its reference."""
    organisation: Organisation = get_one(select(Organisation).where(Organisation.ref == ref))
    return organisation


def select_organisations(**criteria: Any) -> Select[Any]:
    """Return the select of listed organisations that meet the given column values."""
    statement = select(Organisation).where(Organisation.status == OrganisationStatus.LISTED)
    for name, value in criteria.items():
        if value:
            statement = statement.where(getattr(Organisation, name) == value)
    return statement


def list_organisations(window: Window, **criteria: Any) -> Page[Organisation]:
    """List organisations on the register by name."""
    return paginate(
        select_organisations(**criteria), window, order=Organisation.name, key=Organisation.id, descending=False
    )


def list_organisations_of(user: User) -> list[Organisation]:
    """List the organisations an account acts for."""
    statement = select(Organisation).where(Organisation.id.in_(user.organisation_ids)).order_by(Organisation.name)
    return list(db.session.scalars(statement))


@dataclass(frozen=True)
class CastMember:
    """A person of the demo street who can be signed in as with one click."""

    key: str
    name: str
    role: Role
    note: str


CAST_ORDER = (
    Role.RESIDENT,
    Role.ORGANISATION,
    Role.EXPERT,
    Role.COMMUNITY,
    Role.PROGRAMME,
    Role.FINANCE,
    Role.APPROVER,
    Role.SUPERVISOR,
    Role.COMMUNITY_SUPERVISOR,
    Role.ADMIN,
)
_CAST_KEY = re.compile(r"(resident|org|expert|community|programme|finance|leader|supervisor|watcher|admin)-[0-9]{1,2}")


def find_demo_user(key: str) -> User | None:
    """Return the active account of a member of the demo cast; nobody outside it."""
    user = find_user(key) if _CAST_KEY.fullmatch(key) else None
    return user if user is not None and user.is_active else None


def list_demo_cast() -> list[CastMember]:
    """List the demo accounts (`resident-1`, `finance-2`, …) grouped by role."""
    cast = []
    for user in db.session.scalars(select(User).where(User.login.regexp_match(r"^[a-z]+-[0-9]+$"))).unique():
        grant = next(iter(user.live_grants), None)
        if grant is not None and _CAST_KEY.fullmatch(user.login):
            cast.append(CastMember(user.login, user.display_name, grant.role, _where(user, grant)))
    return sorted(cast, key=lambda one: (CAST_ORDER.index(one.role), int(one.key.rsplit("-", 1)[1])))


def _where(user: User, grant: RoleGrant) -> str:
    """Return where somebody belongs: their community, or the organisation they act for."""
    if user.resident is not None:
        return user.resident.community.name
    return grant.place.name if grant.place else grant.organisation.name if grant.organisation else ""


def group_demo_cast() -> list[tuple[Role, list[CastMember]]]:
    """Return the demo cast by role, residents first and the administrator last."""
    cast = list_demo_cast()
    groups = [(role, [one for one in cast if one.role is role]) for role in CAST_ORDER]
    return [(role, members) for role, members in groups if members]


def count_places() -> int:
    """Count all places; none means an installation nobody has set up."""
    return db.session.execute(select(func.count()).select_from(Place)).scalar_one()
