"""Activation codes: printed for people of the roll who vote without an account of their own; only hashes are kept."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import insert, select, update

from grants.foundation import audit, clock
from grants.foundation.database import db
from grants.foundation.errors import RuleBroken, require
from grants.foundation.i18n import _
from grants.foundation.identifiers import mask_name, new_code
from grants.foundation.numbering import next_reference
from grants.people.models import Resident, User
from grants.people.rules import Role
from grants.voting import policy, queries
from grants.voting.models import ActivationCode, Poll, RollEntry
from grants.voting.rules.channels import SHEET_SIZE, CodeLine


@dataclass(frozen=True)
class CodeSheet:
    """A sheet at the moment of its making, the only time when its codes can be read."""

    ref: str
    lines: list[CodeLine]


def code_hash(code: str) -> str:
    """Return what is kept of a code; 80 random bits need no salt."""
    return hashlib.sha256(f"activation:{code}".encode()).hexdigest()


def scope_of(officer: User) -> queries.Scope:
    """Return the communities whose residents an officer serves; None is the whole street."""
    return None if officer.has_role(Role.PROGRAMME) else officer.community_ids


def issue_codes(*, officer: User, poll: Poll, residents: Sequence[Resident]) -> CodeSheet:
    """Make one sheet of codes; whoever held a code before holds the new one only.

    Raises RuleBroken for nobody, too many for one sheet, or somebody who is not on the officer's part of the roll or
    has voted.
    """
    require(policy.why_not_issue_codes(officer, poll))
    if not residents:
        raise RuleBroken(_("没有需要印制投票码的居民：他们都已投票，或已有有效的投票码。"))
    if len(residents) > SHEET_SIZE:
        raise RuleBroken(_("一次最多印制 %(most)d 个投票码，请按网格或小区分批印制。", most=SHEET_SIZE))
    keys = [resident.person_key for resident in residents]
    _require_entitled(poll, keys, scope_of(officer))
    revoked = _revoke(poll, keys)
    sheet = next_reference(f"{poll.ref}-M", width=3)
    lines = []
    rows = []
    for resident in residents:
        code = new_code()
        lines.append(CodeLine(mask_name(resident.name), _home(resident), code))
        rows.append(_row(poll, resident, code, sheet, officer))
    db.session.execute(insert(ActivationCode), rows)
    audit.record("poll:issue_codes", actor=officer, subject=poll, sheet=sheet, codes=len(rows), replaced=revoked)
    return CodeSheet(sheet, lines)


def _row(poll: Poll, resident: Resident, code: str, sheet: str, officer: User) -> dict[str, object]:
    return {
        "poll_id": poll.id,
        "person_key": resident.person_key,
        "code_hash": code_hash(code),
        "sheet": sheet,
        "issued_by_id": officer.id,
        "issued_on": clock.today(),
    }


def _require_entitled(poll: Poll, keys: Sequence[str], scope: queries.Scope) -> None:
    statement = select(RollEntry.person_key).where(
        RollEntry.poll_id == poll.id, RollEntry.person_key.in_(keys), RollEntry.has_voted.is_(False)
    )
    if scope is not None:
        statement = statement.where(RollEntry.community_id.in_(scope))
    if set(db.session.scalars(statement)) != set(keys):
        raise RuleBroken(_("有人不在本社区的投票名册上，或者已经投票，不能再发投票码。"))


def _revoke(poll: Poll, keys: Sequence[str]) -> int:
    result = db.session.execute(
        update(ActivationCode)
        .where(
            ActivationCode.poll_id == poll.id,
            ActivationCode.person_key.in_(keys),
            ActivationCode.used_on.is_(None),
            ActivationCode.revoked_on.is_(None),
        )
        .values(revoked_on=clock.today()),
        execution_options={"synchronize_session": False},
    )
    return int(result.rowcount)  # type: ignore[attr-defined]


def _home(resident: Resident) -> str:
    places = (resident.community, resident.grid, resident.estate)
    names = [place.name for place in places if place is not None]
    return " ".join(name.removeprefix(names[0]) if number else name for number, name in enumerate(names))
