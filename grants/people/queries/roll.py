"""Look-ups on the residents' roll: pages, search by blind index, imports."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from grants.foundation.database import db, get_by_id
from grants.foundation.web.listing import Page, Window, paginate
from grants.people.models import Place, Resident, RollImport
from grants.people.rules import PlaceKind

Scope = set[uuid.UUID] | None
"""Communities whose residents may be seen; None is the whole street."""


def page_roll(
    window: Window, *, scope: Scope, community_id: uuid.UUID | None = None, away: bool = False
) -> Page[Resident]:
    """Return one page of the roll by name, inside what may be seen."""
    statement = _within(select(Resident), scope)
    if community_id is not None:
        statement = statement.where(Resident.community_id == community_id)
    if away:
        statement = statement.where(Resident.is_away.is_(True))
    return paginate(statement, window, order=Resident.name, key=Resident.id, descending=False)


def _within(statement: Any, scope: Scope) -> Any:
    return statement if scope is None else statement.where(Resident.community_id.in_(scope))


def search_roll(scope: Scope, *, name: str = "", id_index: str = "", phone_index: str = "") -> Sequence[Resident]:
    """Return up to 50 residents with exactly this name, identity number or phone (the latter two as blind index)."""
    statement = _within(select(Resident), scope)
    if id_index:
        statement = statement.where(Resident.id_number_index == id_index)
    elif phone_index:
        statement = statement.where(Resident.phone_index == phone_index)
    else:
        statement = statement.where(Resident.name == name)
    found: Sequence[Resident] = db.session.scalars(statement.order_by(Resident.name, Resident.id).limit(50)).all()
    return found


@dataclass(frozen=True)
class KnownPerson:
    """A person who is on the roll already, as far as an import needs to know."""

    id: uuid.UUID
    community_id: uuid.UUID


def find_known(indexes: Sequence[str]) -> dict[str, KnownPerson]:
    """Return who of these blind indexes is on the roll already."""
    known: dict[str, KnownPerson] = {}
    for start in range(0, len(indexes), 500):
        statement = select(Resident.id_number_index, Resident.id, Resident.community_id).where(
            Resident.id_number_index.in_(indexes[start : start + 500])
        )
        known |= {row[0]: KnownPerson(row[1], row[2]) for row in db.session.execute(statement)}
    return known


@dataclass(frozen=True)
class PlaceNames:
    """The places of the street by name, as a table of residents names them."""

    communities: dict[str, uuid.UUID]
    inside: dict[tuple[uuid.UUID, str], uuid.UUID]

    def find_inside(self, parent_id: uuid.UUID, name: str) -> uuid.UUID | None:
        """Return a grid of a community or an estate of a grid or community by its name, full or without prefix."""
        return self.inside.get((parent_id, name))


def place_names() -> PlaceNames:
    """Read all places once; grids and estates are found by full name or by what follows the community's name."""
    places = {place.id: place for place in db.session.scalars(select(Place))}
    communities: dict[str, uuid.UUID] = {}
    inside: dict[tuple[uuid.UUID, str], uuid.UUID] = {}
    for place in places.values():
        if place.kind is PlaceKind.COMMUNITY:
            communities |= {place.name: place.id, place.code: place.id}
            communities.setdefault(place.name.removesuffix("社区"), place.id)
        elif place.parent_id is not None:
            for parent in _line_up(place, places):
                for name in _short_names(place.name, parent.name):
                    inside.setdefault((parent.id, name), place.id)
    return PlaceNames(communities, inside)


def _line_up(place: Place, places: dict[uuid.UUID, Place]) -> Iterable[Place]:
    while place.parent_id is not None:
        place = places[place.parent_id]
        if place.kind in (PlaceKind.COMMUNITY, PlaceKind.GRID):
            yield place


def _short_names(name: str, parent: str) -> set[str]:
    return {name, name.removeprefix(parent)} - {""}


def get_import(identity: uuid.UUID) -> RollImport:
    """Return one import."""
    return get_by_id(RollImport, identity)


def list_imports(*, only_of: uuid.UUID | None = None, limit: int = 10) -> Sequence[RollImport]:
    """List the latest imports, optionally of one person."""
    statement = select(RollImport).order_by(RollImport.at.desc()).limit(limit)
    if only_of is not None:
        statement = statement.where(RollImport.imported_by_id == only_of)
    return db.session.scalars(statement).all()


def list_waiting_imports() -> Sequence[RollImport]:
    """List imports that were read but not applied yet."""
    statement = select(RollImport).where(RollImport.draft_cipher.is_not(None)).order_by(RollImport.at)
    return db.session.scalars(statement).all()


@dataclass(frozen=True)
class RollCount:
    """How many residents a community has on the roll, and how many of them are away."""

    community: str
    resident_count: int
    away_count: int


def summarise_roll(scope: Scope) -> list[RollCount]:
    """Count residents a community, in the order of the communities' codes."""
    away = func.count(Resident.id).filter(Resident.is_away.is_(True))
    statement = _within(
        select(Place.name, func.count(Resident.id), away).join(Resident, Resident.community_id == Place.id), scope
    )
    rows = db.session.execute(statement.group_by(Place.name, Place.code).order_by(Place.code))
    return [RollCount(name, count, gone) for name, count, gone in rows]
