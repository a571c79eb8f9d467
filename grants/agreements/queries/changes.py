"""Look-ups of changes and suspensions."""

import uuid
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select

from grants.agreements.models import Agreement, Amendment
from grants.agreements.rules import OPEN_STATUSES, ChangeKind, ChangeStatus
from grants.foundation.database import db, get_one
from grants.foundation.i18n import Text, _, _l
from grants.foundation.money import yuan
from grants.rounds.rules import BUDGET_LABELS


def get_amendment(ref: str, number: int) -> Amendment:
    """Return a change by its agreement's reference and its number in it, or raise NotFound."""
    statement = select(Amendment).join(Agreement).where(Agreement.ref == ref, Amendment.number == number)
    found: Amendment = get_one(statement)
    return found


def list_amendments(agreement_id: uuid.UUID) -> list[Amendment]:
    """List the changes of an agreement in the order in which they were stated."""
    statement = select(Amendment).where(Amendment.agreement_id == agreement_id).order_by(Amendment.number)
    return list(db.session.scalars(statement))


def count_approved(agreement_id: uuid.UUID, kind: ChangeKind | None = None) -> int:
    """Count the approved changes of an agreement, of one kind only when it is named."""
    statement = select(func.count()).where(
        Amendment.agreement_id == agreement_id, Amendment.status == ChangeStatus.APPROVED
    )
    if kind is not None:
        statement = statement.where(Amendment.kind == kind)
    return int(db.session.execute(statement).scalar_one())


def has_open_amendment(agreement_id: uuid.UUID) -> bool:
    """Tell whether a change waits for an answer."""
    statement = select(Amendment.id).where(Amendment.agreement_id == agreement_id, Amendment.status.in_(OPEN_STATUSES))
    return db.session.scalars(statement).first() is not None


@dataclass(frozen=True)
class ChangeRow:
    """One thing a change touches, before and after, as text; `note` says how far it moves."""

    label: str
    before: str
    after: str
    note: str = ""


LABELS: dict[str, Text] = {
    "leader_name": _l("项目负责人"),
    "region": _l("实施区域"),
    "ends_on": _l("结束日期"),
    "person_target": _l("服务人数"),
    "attendance_target": _l("服务人次"),
    "activity_target": _l("活动场次"),
}


def describe_change(amendment: Amendment) -> list[ChangeRow]:
    """List what a change touches, untouched lines left out."""
    if amendment.kind is ChangeKind.BUDGET:
        return _moved_lines(amendment)
    return [
        ChangeRow(str(LABELS[name]), _text(amendment.before.get(name)), _text(value))
        for name, value in amendment.after.items()
        if value != amendment.before.get(name)
    ]


def _text(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value if value is not None else "")


def _moved_lines(amendment: Amendment) -> list[ChangeRow]:
    rows = []
    for line in amendment.agreement.budget_lines:
        before = amendment.before.get(str(line.position), 0)
        after = amendment.after.get(str(line.position), before)
        if after != before:
            sign = "+" if after > before else "−"
            share = f"{abs(after - before) * 100 / before:.1f}%" if before else ""
            label = f"{BUDGET_LABELS[line.code]} · {line.content}"
            moved = _("%(sign)s%(amount)s 元（%(share)s）", sign=sign, amount=yuan(abs(after - before)), share=share)
            rows.append(ChangeRow(label, yuan(before), yuan(after), moved))
    return rows
