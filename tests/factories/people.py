"""Builders of places, accounts, residents and organisations; each needs an open application context."""

import itertools
from datetime import date

from grants.demo.street import uscc
from grants.foundation.database import db
from grants.foundation.sealing import vault
from grants.people.models import Organisation, OrganisationMember, Place, Resident, RoleGrant, User
from grants.people.rules import (
    CommunityKind,
    Gender,
    LegalKind,
    MemberRole,
    OrganisationStatus,
    PlaceKind,
    Role,
)
from grants.people.service import organisations, sessions
from grants.people.service.organisations import account_columns
from grants.people.service.residents import identity_columns, phone_columns

_numbers = itertools.count(1)
ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
PASSWORD = "three quiet herons at dawn"
TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def make_street(communities: int = 2) -> Place:
    """Make a street with communities, one grid and one estate each."""
    street = Place(kind=PlaceKind.STREET, code="990101001000", name="梧桐街道", population=8000)
    db.session.add(street)
    db.session.flush()
    for number in range(1, communities + 1):
        code = f"990101001{number:03d}"
        community = _place(PlaceKind.COMMUNITY, code, ("银杏社区", "丹桂社区", "玉兰社区")[(number - 1) % 3], street)
        grid = _place(PlaceKind.GRID, f"{code}-01", f"{community.name}第一网格", community)
        _place(PlaceKind.ESTATE, f"{code}-01-1", "枫林苑", grid)
    return street


def _place(kind: PlaceKind, code: str, name: str, parent: Place) -> Place:
    place = Place(kind=kind, code=code, name=name, parent_id=parent.id, population=1000)
    db.session.add(place)
    db.session.flush()
    return place


def community(number: int = 1) -> Place:
    """Return the n-th community."""
    return db.session.execute(db.select(Place).where(Place.code == f"990101001{number:03d}")).scalar_one()


def make_user(
    login: str,
    role: Role | None = None,
    *,
    place: Place | None = None,
    organisation: Organisation | None = None,
    name: str | None = None,
) -> User:
    """Make an account, with a role when one is given; nobody can sign in with its password."""
    user = User(login=login, display_name=name or login, password_hash="!")
    db.session.add(user)
    db.session.flush()
    if role is not None:
        db.session.add(
            RoleGrant(
                user_id=user.id,
                role=role,
                place_id=place.id if place else None,
                organisation_id=organisation.id if organisation else None,
                starts_on=date(2020, 1, 1),
            )
        )
        if organisation is not None:
            db.session.add(OrganisationMember(organisation_id=organisation.id, user_id=user.id, role=MemberRole.HEAD))
        db.session.flush()
        db.session.refresh(user)
    return user


def id_number(serial: int, born_on: date = date(1970, 5, 1)) -> str:
    """Return the well-formed identity number (GB 11643) of the n-th made-up woman born on a day."""
    body = f"99{serial // 499:04d}{born_on:%Y%m%d}{serial % 499 * 2:03d}"
    return body + "10X98765432"[sum(int(d) * w for d, w in zip(body, ID_WEIGHTS, strict=True)) % 11]


def make_resident(
    login: str | None = None, *, place: Place | None = None, born_on: date = date(1970, 5, 1), name: str = "张桂兰"
) -> Resident:
    """Make a resident of a community (the first by default), with an account when a login is given."""
    home = place or community(1)
    user = make_user(login, Role.RESIDENT, name=name) if login else None
    resident = Resident(
        name=name,
        **identity_columns(id_number(next(_numbers), born_on)),
        **phone_columns("13800001234"),
        born_on=born_on,
        gender=Gender.FEMALE,
        community_id=home.id,
        user_id=user.id if user else None,
    )
    db.session.add(resident)
    db.session.flush()
    return resident


def make_organisation(name: str = "暖阳社工服务中心", *, kind: LegalKind = LegalKind.SERVICE) -> Organisation:
    """Make a listed organisation with an account to be paid to (a filed one has none)."""
    number = next(_numbers)
    filed = kind is LegalKind.FILED
    organisation = Organisation(
        ref=f"ZZ-{number:04d}",
        name=name,
        short_name=name[:4],
        legal_kind=kind,
        community_kind=CommunityKind.RESIDENT_SERVICE,
        status=OrganisationStatus.LISTED,
        uscc=None if filed else uscc("2", 500 + number),
        registered_on=date(2018, 3, 1),
        scope="社区公益服务、为老服务、志愿服务",
        head_name="周敏",
        staff_count=8,
        social_worker_count=3,
        inspections={"2024": "合格", "2025": "合格"},
    )
    if not filed:
        organisation.bank_name = "梧桐农商银行"
        organisation.account_name = name
        for column, value in account_columns("6200000000001234").items():
            setattr(organisation, column, value)
    db.session.add(organisation)
    db.session.flush()
    return organisation


def make_staff() -> dict[str, User]:
    """Make one or two accounts of every staff role, by login name."""
    wanted = [
        ("community-1", Role.COMMUNITY),
        ("programme-1", Role.PROGRAMME),
        ("programme-2", Role.PROGRAMME),
        ("finance-1", Role.FINANCE),
        ("finance-2", Role.FINANCE),
        ("leader-1", Role.APPROVER),
        ("leader-2", Role.APPROVER),
        ("supervisor-1", Role.SUPERVISOR),
        ("admin-1", Role.ADMIN),
    ]
    made = {
        login: make_user(login, role, place=community(1) if role is Role.COMMUNITY else None) for login, role in wanted
    }
    made["community-2"] = make_user("community-2", Role.COMMUNITY, place=community(2))
    return made


def give_password(user: User, *, with_totp: bool = False) -> None:
    """Let an account sign in with PASSWORD, and codes of TOTP_SECRET when asked for."""
    user.password_hash = sessions.HASHER.hash(PASSWORD)
    if with_totp:
        user.totp_cipher = vault().encrypt(TOTP_SECRET, f"totp:{user.id}")
    db.session.flush()


def make_pending_organisation(name: str = "晨曦社区服务中心", login: str = "chenxi") -> Organisation:
    """Let an organisation sign itself up, as its page does; its member signs in as `login` with PASSWORD."""
    return organisations.register_organisation(
        identity=organisations.Identity(
            name=name,
            legal_kind=LegalKind.SERVICE,
            community_kind=CommunityKind.RESIDENT_SERVICE,
            registered_on=date(2020, 6, 1),
            uscc="52990101MJ9000018W",
            registered_with="区民政局",
            scope="社区服务",
        ),
        profile=organisations.Profile(head_name="沈晨", staff_count=4, social_worker_count=2),
        login=login,
        contact="沈晨",
        password=PASSWORD,
    )
