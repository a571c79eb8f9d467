"""Importing the residents' roll: read and check everything first, then let it take effect, or drop it."""

import json
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy import insert, update

from grants.foundation import audit
from grants.foundation.clock import now, today
from grants.foundation.database import db
from grants.foundation.errors import RuleBroken, require
from grants.foundation.i18n import _
from grants.foundation.identifiers import birth_date
from grants.foundation.sealing import vault
from grants.people import policy, queries
from grants.people.models import Place, Resident, RollImport, User
from grants.people.rules import Role
from grants.people.rules.roll import COMMUNITY, ESTATE, GRID, ID_NUMBER, RollFault, RollLine, gender_of, read_lines
from grants.people.service.residents import ID_NUMBER as ID_PURPOSE
from grants.people.service.residents import identity_columns, phone_columns
from grants.people.service.roll_files import read_table

DRAFT = "roll_import.draft"
CHUNK = 1000
MOST_FAULTS_KEPT = 1000


@dataclass(frozen=True)
class PlacedLine:
    """A line whose places were found, in the shape in which it is sealed."""

    name: str
    id_number: str
    phone: str
    community_id: str
    grid_id: str | None
    estate_id: str | None
    is_away: bool


@dataclass(frozen=True)
class Reading:
    """What a file holds: lines that can be taken, faults by line, and how many lines are new or known."""

    lines: list[PlacedLine]
    faults: list[RollFault]
    created_count: int
    updated_count: int


def read_roll(*, file_name: str, data: bytes, officer: User | None, community: Place | None = None) -> Reading:
    """Read and check a file without changing anything; `officer` None is the command line.

    `community` is where lines without a community belong. A community officer brings in their own communities only.
    """
    lines, faults = read_lines(read_table(file_name, data), today=today())
    known = queries.find_known([_index(line) for line in lines])
    scope = None if officer is None or officer.has_role(Role.PROGRAMME) else officer.community_ids
    placed: list[PlacedLine] = []
    updated = 0
    names = queries.place_names()
    for line in lines:
        person = known.get(_index(line))
        answer = _place(line, names, community, scope, person)
        if isinstance(answer, RollFault):
            faults.append(answer)
            continue
        placed.append(answer)
        updated += person is not None
    faults.sort(key=lambda fault: fault.line)
    return Reading(placed, faults, len(placed) - updated, updated)


def _index(line: RollLine | PlacedLine) -> str:
    return vault().blind_index(ID_PURPOSE, line.id_number)


def _place(
    line: RollLine,
    names: queries.PlaceNames,
    community: Place | None,
    scope: set[uuid.UUID] | None,
    person: queries.KnownPerson | None,
) -> PlacedLine | RollFault:
    home = names.communities.get(line.community) if line.community else community.id if community else None
    if home is None:
        reason = _("本街道没有这个社区，请核对名称") if line.community else _("没有填写社区")
        return RollFault(line.line, COMMUNITY, reason)
    if scope is not None and home not in scope:
        return RollFault(line.line, COMMUNITY, _("不是您负责的社区"))
    if scope is not None and person is not None and person.community_id not in scope:
        return RollFault(line.line, ID_NUMBER, _("此人已登记在其他社区，迁移请联系社区建设部办理"))
    grid = names.find_inside(home, line.grid) if line.grid else None
    if line.grid and grid is None:
        return RollFault(line.line, GRID, _("该社区没有这个网格，请核对名称"))
    estate = names.find_inside(grid or home, line.estate) if line.estate else None
    if line.estate and estate is None:
        return RollFault(line.line, ESTATE, _("该社区或网格没有这个小区，请核对名称"))
    texts = [str(value) if value else None for value in (grid, estate)]
    return PlacedLine(line.name, line.id_number, line.phone, str(home), texts[0], texts[1], line.is_away)


def prepare_import(*, officer: User, file_name: str, data: bytes, community: Place | None) -> RollImport:
    """Read a file and keep what it would bring, sealed, until somebody applies or drops it."""
    require(policy.why_not_import_roll(officer))
    reading = read_roll(file_name=file_name, data=data, officer=officer, community=community)
    made = _record(file_name, community, reading, officer)
    if reading.lines:
        made.draft_cipher = vault().encrypt(json.dumps([vars(line) for line in reading.lines]), DRAFT)
    audit.record("roll:prepare", actor=officer, subject=made, **_counts(reading))
    return made


def _record(file_name: str, community: Place | None, reading: Reading, officer: User | None) -> RollImport:
    made = RollImport(
        file_name=file_name[:160],
        community_id=community.id if community else None,
        created_count=reading.created_count,
        updated_count=reading.updated_count,
        rejected=[fault.as_dict() for fault in reading.faults[:MOST_FAULTS_KEPT]],
        imported_by_id=officer.id if officer else None,
        at=now(),
    )
    db.session.add(made)
    db.session.flush()
    return made


def _counts(reading: Reading) -> dict[str, int]:
    return {"created": reading.created_count, "updated": reading.updated_count, "rejected": len(reading.faults)}


def apply_import(*, officer: User, roll_import: RollImport, skip_bad: bool) -> None:
    """Let a prepared import take effect: all of it, or with `skip_bad` all lines without a fault."""
    require(policy.why_not_apply_import(officer, roll_import))
    if roll_import.rejected and not skip_bad:
        count = len(roll_import.rejected)
        raise RuleBroken(_("还有 %(count)s 处错误。请改正文件后重新上传，或选择跳过有错误的行。", count=count))
    lines = [PlacedLine(**line) for line in json.loads(vault().decrypt(roll_import.draft_cipher or "", DRAFT))]
    created, updated = _write(lines)
    roll_import.created_count, roll_import.updated_count = created, updated
    roll_import.draft_cipher, roll_import.applied_at, roll_import.applied_by_id = None, now(), officer.id
    audit.record("roll:import", actor=officer, subject=roll_import, created=created, updated=updated, skip_bad=skip_bad)


def drop_import(*, officer: User, roll_import: RollImport) -> None:
    """Forget a prepared import; what it held is erased."""
    require(policy.why_not_drop_import(officer, roll_import))
    roll_import.draft_cipher = None
    audit.record("roll:drop", actor=officer, subject=roll_import)


def import_from_command_line(
    *, file_name: str, data: bytes, community: Place | None, skip_bad: bool
) -> tuple[RollImport | None, Reading]:
    """Import a file at once; with faults nothing is written unless `skip_bad`, and the import is None."""
    reading = read_roll(file_name=file_name, data=data, officer=None, community=community)
    if not reading.lines or (reading.faults and not skip_bad):
        return None, reading
    made = _record(file_name, community, reading, None)
    _write(reading.lines)
    made.applied_at = now()
    audit.record("roll:import", actor=None, subject=made, **_counts(reading))
    return made, reading


def _write(lines: Sequence[PlacedLine]) -> tuple[int, int]:
    """Insert new people and update known ones; returns how many of each."""
    created = updated = 0
    for chunk in _chunks(lines):
        known = queries.find_known([_index(line) for line in chunk])
        fresh = [_row(line) for line in chunk if _index(line) not in known]
        changed = [_changes(line, known[_index(line)].id) for line in chunk if _index(line) in known]
        if fresh:
            db.session.execute(insert(Resident), fresh)
        if changed:
            # Lines with and without a phone change different columns
            for has_phone in (True, False):
                some = [row for row in changed if ("phone_index" in row) is has_phone]
                if some:
                    db.session.execute(update(Resident), some)
        created, updated = created + len(fresh), updated + len(changed)
    return created, updated


def _chunks(lines: Sequence[PlacedLine]) -> Iterator[list[PlacedLine]]:
    rest = iter(lines)
    while chunk := list(islice(rest, CHUNK)):
        yield chunk


def _row(line: PlacedLine) -> dict[str, Any]:
    return {
        "id": uuid.uuid4(),
        **identity_columns(line.id_number),
        **phone_columns(line.phone),
        "born_on": birth_date(line.id_number),
        "gender": gender_of(line.id_number),
        "created_at": now(),
        **_shared(line),
    }


def _changes(line: PlacedLine, resident_id: uuid.UUID) -> dict[str, Any]:
    """Return what a line changes of a known person; an empty phone keeps the one on file."""
    phone = phone_columns(line.phone) if line.phone else {}
    return {"id": resident_id, **phone, **_shared(line)}


def _shared(line: PlacedLine) -> dict[str, Any]:
    return {
        "name": line.name,
        "community_id": uuid.UUID(line.community_id),
        "grid_id": uuid.UUID(line.grid_id) if line.grid_id else None,
        "estate_id": uuid.UUID(line.estate_id) if line.estate_id else None,
        "is_away": line.is_away,
    }
