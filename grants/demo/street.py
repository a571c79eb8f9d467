"""The ground the demo stands on: places, residents, accounts and organisations."""

import random
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import insert

from grants.demo import names
from grants.demo.organisations import CAST, ORGANISATIONS, DemoOrganisation
from grants.demo.scales import CITY_RESIDENTS, Scale
from grants.foundation import audit, clock
from grants.foundation.database import db
from grants.foundation.numbering import next_reference
from grants.foundation.sealing import vault
from grants.people.models import Organisation, OrganisationMember, Place, Resident, RoleGrant, User
from grants.people.rules import OF_COMMUNITY, Gender, LegalKind, MemberRole, OrganisationStatus, PlaceKind, Role
from grants.people.service.residents import identity_columns, phone_columns

NO_PASSWORD = "!"  # noqa: S105 - matches no password; the cast signs in by one click
DEMO_TOTP = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
SINCE = date(2023, 1, 1)
ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


@dataclass
class Ground:
    """What later chapters of the story find in place."""

    street: Place
    communities: list[Place]
    grids: dict[uuid.UUID, list[Place]]
    users: dict[str, User] = field(default_factory=dict)
    organisations: dict[str, Organisation] = field(default_factory=dict)
    strong_in: dict[str, list[Organisation]] = field(default_factory=dict)


def lay(scale: Scale, dice: random.Random) -> Ground:
    """Make places, residents, accounts and organisations."""
    ground = _places(scale)
    _residents(ground, scale, dice)
    _staff(ground)
    _experts(ground)
    _resident_accounts(ground, dice)
    _organisations(ground)
    audit.record("demo:lay", actor=None, subject=ground.street, scale=scale.name)
    return ground


def _place(kind: PlaceKind, code: str, name: str, parent: Place | None, population: int) -> Place:
    place = Place(
        kind=kind, code=code, name=name, parent_id=parent.id if parent else None, population=population, id=uuid.uuid4()
    )
    db.session.add(place)
    return place


def _places(scale: Scale) -> Ground:
    code, name = names.STREET
    plan = [names.COMMUNITIES[n % 12] for n in range(scale.communities)]
    street = _place(PlaceKind.STREET, code, name, None, sum(people for _name, people, _grids in plan))
    ground = Ground(street, [], {})
    for number, (label, people, grid_count) in enumerate(plan, start=1):
        series = f"{'甲乙丙丁'[(number - 1) // 12]}区" if scale.communities > 12 else ""
        community = _place(PlaceKind.COMMUNITY, f"{code[:9]}{number:03d}", f"{label}{series}", street, people)
        ground.communities.append(community)
        ground.grids[community.id] = []
        for grid_number in range(1, grid_count + 1):
            grid = _place(
                PlaceKind.GRID,
                f"{community.code}-{grid_number:02d}",
                f"{community.name}第{'一二三四五六'[grid_number - 1]}网格",
                community,
                people // grid_count,
            )
            ground.grids[community.id].append(grid)
            estate = names.ESTATES[(number * 5 + grid_number * 3) % len(names.ESTATES)]
            _place(PlaceKind.ESTATE, f"{grid.code}-1", f"{estate}（{grid_number}区）", grid, people // grid_count)
    db.session.flush()
    return ground


def id_number(area: str, born_on: date, serial: int) -> str:
    """Return a well-formed identity number of an area that was never given out (GB 11643)."""
    body = f"{area}{born_on:%Y%m%d}{serial:03d}"
    total = sum(int(digit) * weight for digit, weight in zip(body, ID_WEIGHTS, strict=True))
    return body + "10X98765432"[total % 11]


def _person(dice: random.Random, born_on: date) -> tuple[str, Gender]:
    woman = dice.random() < 0.52
    older = born_on.year < 1966
    given = (names.OLDER_WOMEN if older else names.WOMEN) if woman else (names.OLDER_MEN if older else names.MEN)
    first = dice.choice(names.RARE) if dice.random() < 0.002 else dice.choice(given)
    return dice.choice(names.SURNAMES) + first, Gender.FEMALE if woman else Gender.MALE


def _birthday(dice: random.Random) -> date:
    """Return a date of birth: 27 % of the street are sixty or older."""
    share = dice.random()
    low, high = (60, 92) if share < 0.27 else (0, 17) if share < 0.41 else (18, 59)
    return date(2026, 6, 30) - timedelta(days=dice.randrange(low * 365 + low // 4 + 1, (high + 1) * 365))


def _resident_rows(ground: Ground, scale: Scale, dice: random.Random) -> Iterator[dict[str, Any]]:
    moment = clock.now()
    serials: dict[tuple[str, date], int] = {}
    for community in ground.communities:
        count = CITY_RESIDENTS // scale.communities if scale.name == "city" else community.population
        count = count * (scale.population_percent or 100) // 100
        grids = ground.grids[community.id]
        area = community.code[:3] + f"{int(community.code[-3:]):03d}"
        for _number in range(count):
            born_on = _birthday(dice)
            serials[area, born_on] = serial = serials.get((area, born_on), 0) + 1
            name, gender = _person(dice, born_on)
            phone = f"1{dice.choice('35789')}{dice.randrange(10**9):09d}" if dice.random() < 0.8 else ""
            yield {
                "id": uuid.UUID(int=dice.getrandbits(128), version=4),
                "name": name,
                **identity_columns(id_number(area, born_on, serial)),
                **phone_columns(phone),
                "born_on": born_on,
                "gender": gender,
                "community_id": community.id,
                "grid_id": dice.choice(grids).id,
                "is_away": dice.random() < 0.06,
                "created_at": moment,
            }


def _residents(ground: Ground, scale: Scale, dice: random.Random) -> None:
    rows = _resident_rows(ground, scale, dice)
    while chunk := list(islice(rows, 5000)):
        db.session.execute(insert(Resident), chunk)


def _account(ground: Ground, login: str, name: str, role: Role, **scope: Any) -> User:
    user = User(id=uuid.uuid4(), login=login, display_name=name, password_hash=NO_PASSWORD)
    user.totp_cipher = vault().encrypt(DEMO_TOTP, f"totp:{user.id}")
    db.session.add(user)
    db.session.flush()
    db.session.add(RoleGrant(user_id=user.id, role=role, starts_on=SINCE, **scope))
    ground.users[login] = user
    return user


def _staff(ground: Ground) -> None:
    for login, role, name in names.STAFF:
        scope = {}
        if Role(role) in OF_COMMUNITY:
            number = int(login.rsplit("-", 1)[1])
            if number > len(ground.communities):
                continue
            scope = {"place_id": ground.communities[number - 1].id}
        _account(ground, login, name, Role(role), **scope)
    for number, community in enumerate(ground.communities[3:], start=4):
        _account(ground, f"juwei{number:02d}", f"{community.name}工作人员", Role.COMMUNITY, place_id=community.id)
    db.session.flush()


def _experts(ground: Ground) -> None:
    for number, (name, _field, _finance) in enumerate(names.EXPERTS, start=1):
        _account(ground, f"expert-{number}", name, Role.EXPERT)


def _resident_accounts(ground: Ground, dice: random.Random) -> None:
    """Give accounts to twenty of the cast and to two dozen more residents of every community."""
    cast_homes = [0] * 6 + [1] * 6 + [2] * 4 + [3, 4, 5, 6]
    wanted: list[tuple[str, int]] = [
        (f"resident-{n}", home % len(ground.communities)) for n, home in enumerate(cast_homes, start=1)
    ]
    wanted += [(f"jumin{home + 1:02d}{n:02d}", home) for home in range(len(ground.communities)) for n in range(1, 25)]
    for home, community in enumerate(ground.communities):
        logins = [login for login, where in wanted if where == home]
        adults = db.session.scalars(
            db.select(Resident)
            .where(Resident.community_id == community.id, Resident.born_on < date(2000, 1, 1))
            .order_by(Resident.id)
            .limit(400)
        ).all()
        for login, resident in zip(logins, dice.sample(list(adults), len(logins)), strict=True):
            resident.user_id = _account(ground, login, resident.name, Role.RESIDENT).id
    db.session.flush()


def uscc(letter: str, serial: int) -> str:
    """Return a well-formed social credit code of an area that was never given out (GB 32100-2015, GB 11714)."""
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    body = f"MJ{serial:06d}"
    weighted = sum(letters.index(char) * weight for char, weight in zip(body, (3, 7, 9, 10, 5, 8, 4, 2), strict=True))
    check = (11 - weighted % 11) % 11
    code = f"5{letter}990101{body}" + ("X" if check == 10 else str(check))
    total = sum(alphabet.index(char) * pow(3, place, 31) for place, char in enumerate(code))
    return code + alphabet[(31 - total % 31) % 31]


def _organisations(ground: Ground) -> None:
    for number, plan in enumerate(ORGANISATIONS, start=1):
        organisation = _organisation(plan, number)
        ground.organisations[plan.name] = organisation
        ground.strong_in.setdefault(plan.strong_in, []).append(organisation)
        cast = CAST.index(plan.name) + 1 if plan.name in CAST else None
        login = f"org-{cast}" if cast else f"zuzhi{number:02d}"
        user = _account(ground, login, plan.head, Role.ORGANISATION, organisation_id=organisation.id)
        db.session.add(OrganisationMember(organisation_id=organisation.id, user_id=user.id, role=MemberRole.HEAD))
    hub = ground.organisations["邻里帮公益发展中心"]
    for organisation in ground.organisations.values():
        if organisation.legal_kind is LegalKind.FILED:
            organisation.host_id = hub.id
    db.session.flush()


def _organisation(plan: DemoOrganisation, number: int) -> Organisation:
    filed = plan.legal is LegalKind.FILED
    letter = {"association": "1", "service": "2", "foundation": "3"}.get(plan.legal.value, "")
    organisation = Organisation(
        ref=next_reference("ZZ"),
        name=plan.name,
        short_name=plan.short,
        legal_kind=plan.legal,
        community_kind=plan.kind,
        status=OrganisationStatus.LISTED,
        uscc=None if filed else uscc(letter, 200 + number),
        filing_number=f"梧街社备〔{plan.since.year}〕{number}号" if filed else None,
        registered_on=plan.since,
        registered_with="梧桐街道办事处" if filed else "区民政局",
        scope=plan.scope,
        address=f"梧桐街道新华路{number * 8 + 6}号",
        head_name=plan.head,
        staff_count=plan.staff,
        social_worker_count=plan.social_workers,
        assessment_grade=plan.grade,
        assessment_expires_on=date(2028, 12, 31) if plan.grade else None,
        inspections={str(year): "合格" for year in range(2021, 2026)},
        profile=plan.profile,
        party_building="已建立功能型党支部" if plan.staff > 8 else "已选派党建工作指导员",
    )
    if not filed:
        account = f"6210990101{number:09d}"
        organisation.bank_name = "梧桐农村商业银行新华路支行"
        organisation.account_name = plan.name
        organisation.account_cipher = vault().encrypt(account, "organisation.account")
        organisation.account_index = vault().blind_index("organisation.account", account)
        organisation.account_last4 = account[-4:]
    db.session.add(organisation)
    db.session.flush()
    return organisation
