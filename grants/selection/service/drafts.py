"""Saving an application, part by part: nothing typed is lost, and nothing somebody else wrote is overwritten."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import select

from grants.foundation import audit
from grants.foundation.clock import now, today
from grants.foundation.database import database_now, db
from grants.foundation.errors import RuleBroken, TransitionRefused, require
from grants.foundation.i18n import _
from grants.people.models import Organisation, User
from grants.people.rules import LegalKind
from grants.projects.models import Indicator
from grants.selection.models import (
    Application,
    ApplicationBudgetLine,
    ApplicationTarget,
    PlannedActivity,
    TeamMember,
)
from grants.selection.policy import papers as policy
from grants.selection.queries import papers as queries
from grants.selection.rules import SECTIONS, ActivityRow, BudgetRow, Group, MoneySource, TargetRow, TeamRow
from grants.selection.rules.merging import Base, Outcome, Raw, raw_of, reconcile
from grants.selection.rules.paper import PAGE_OF, SCALE
from grants.selection.service.holding import hold


class EditConflict(TransitionRefused):
    """Somebody else saved other words in the same place.

    `keys` are the parts in conflict, `theirs` is all that is stored, `merged` what the page should go on with: the
    sender's words where they wrote any, the stored ones elsewhere.
    """

    def __init__(self, keys: Sequence[str], theirs: Mapping[str, Raw], merged: Mapping[str, Raw]) -> None:
        self.keys = tuple(keys)
        self.theirs = dict(theirs)
        self.merged = dict(merged)
        super().__init__(_("另一位同事刚刚保存了同一处内容。两份内容都保留着，请对照后再保存。"))


def save_application(
    *,
    application: Application,
    actor: User,
    base: Base | int,
    values: Mapping[str, Any],
    unfinished: Mapping[str, Raw] | None = None,
) -> list[str]:
    """Save parts of a draft and return the keys of those that changed.

    `base` is what the page was opened with (a bare version for programs). `unfinished` are parts that cannot be read
    yet, kept as typed. Raises EditConflict, with nothing saved, when both sides changed a part since then.
    """
    hold(application)
    at, day = database_now(), today()
    for page in {PAGE_OF[key] for key in (*values, *(unfinished or {}))} or {Group.DECLARATION}:
        require(policy.why_not_edit_page(actor, application, page, at, day))
    start = Base(base) if isinstance(base, int) else base
    mine = {**{key: raw_of(value) for key, value in values.items()}, **(unfinished or {})}
    theirs = queries.raw_content(application)
    outcomes = {key: _outcome(application, start, key, raw, theirs[key]) for key, raw in mine.items()}
    conflicts = [key for key, outcome in outcomes.items() if outcome is Outcome.CONFLICT]
    if conflicts:
        kept = {key: mine[key] for key, outcome in outcomes.items() if outcome is not Outcome.THEIRS}
        raise EditConflict(conflicts, theirs, {**theirs, **kept})
    changed = [key for key, outcome in outcomes.items() if outcome is Outcome.MINE]
    settled = [key for key in values if key not in changed and key in application.unfinished]
    for key in (*changed, *settled):
        _write(application, key, values, mine)
    if changed or settled:
        _note(application, actor, start.page, changed)
    return changed


def _outcome(application: Application, base: Base, key: str, mine: Raw, theirs: Raw) -> Outcome:
    return reconcile(
        mine,
        theirs,
        base_digest=(base.digests or {}).get(key),
        is_current=application.version == base.version,
        is_own=bool(base.page) and application.edits.get(key) == base.page,
    )


def _write(application: Application, key: str, values: Mapping[str, Any], mine: Mapping[str, Raw]) -> None:
    left = {name: raw for name, raw in application.unfinished.items() if name != key}
    if key in values:
        _WRITERS.get(key, _write_section)(application, key, values[key])
    else:
        left[key] = mine[key]
    application.unfinished = left


def _note(application: Application, actor: User, page: str, changed: Sequence[str]) -> None:
    application.version += 1
    application.updated_at, application.updated_by_id = now(), actor.id
    application.edits = {**application.edits, **dict.fromkeys(changed, page)}
    audit.record(
        "application:save", actor=actor, subject=application, parts=sorted(changed), version=application.version
    )


def _write_column(application: Application, key: str, value: Any) -> None:
    setattr(application, key, value)


def _write_text(application: Application, key: str, value: Any) -> None:
    setattr(application, key, value or "")


def _write_count(application: Application, key: str, value: Any) -> None:
    """Write a figure of the scale, and the same into the promise for the indicator that measures it."""
    setattr(application, key, value or 0)
    for indicator in application.call.project.indicators:
        if SCALE.get(indicator.measure) == key and value:
            _promise(application, indicator.id, value)


def _promise(application: Application, indicator_id: uuid.UUID, target: float) -> None:
    stored = next((row for row in application.targets if row.indicator_id == indicator_id), None)
    if stored is None:
        application.targets.append(ApplicationTarget(indicator_id=indicator_id, target=target))
    else:
        stored.target = target


def _write_section(application: Application, key: str, value: Any) -> None:
    if key not in SECTIONS:
        raise KeyError(key)
    application.sections = {**application.sections, key: raw_of(value or "")}


def _write_payee(application: Application, key: str, value: Any) -> None:
    """Take the payee by reference: the organisation itself, or the host of one that is only filed (备案)."""
    organisation = application.organisation
    allowed = organisation.host if organisation.legal_kind is LegalKind.FILED else organisation
    if not value:
        application.payee = None
        return
    payee = db.session.scalars(select(Organisation).where(Organisation.ref == value)).one_or_none()
    if payee is None or allowed is None or payee.id != allowed.id:
        raise RuleBroken(_("收款主体只能是申报组织自身；备案组织由其承接机构收款。"), "payee")
    application.payee = payee


def _write_targets(application: Application, key: str, rows: Sequence[TargetRow]) -> None:
    stored = {str(row.indicator_id): row for row in application.targets}
    known = {str(one.id) for one in application.call.project.indicators if not _follows_scale(application, one)}
    for row in rows:
        if row.indicator not in known:
            continue
        if row.target is not None:
            _promise(application, uuid.UUID(row.indicator), row.target)
        elif row.indicator in stored:
            application.targets.remove(stored[row.indicator])


def _follows_scale(application: Application, indicator: Indicator) -> bool:
    """Tell whether an indicator's promise is a figure of the scale that is filled in already."""
    key = SCALE.get(indicator.measure)
    return key is not None and bool(getattr(application, key))


def _write_budget(application: Application, key: str, rows: Sequence[BudgetRow]) -> None:
    source = MoneySource(key)
    kept = [line for line in application.budget_lines if line.source is not source]
    fresh = [
        ApplicationBudgetLine(
            source=source,
            code=row.code,
            content=row.content,
            unit_price_fen=row.unit_price_fen,
            quantity=row.quantity,
        )
        for row in rows
    ]
    ordered = fresh + kept if source is MoneySource.FISCAL else kept + fresh
    for position, line in enumerate(ordered, start=1):
        line.position = position
    application.budget_lines = ordered


def _write_activities(application: Application, key: str, rows: Sequence[ActivityRow]) -> None:
    application.activities = [
        PlannedActivity(
            position=position,
            month=row.month,
            title=row.title,
            session_count=row.session_count,
            person_count=row.person_count,
        )
        for position, row in enumerate(rows, start=1)
    ]


def _write_team(application: Application, key: str, rows: Sequence[TeamRow]) -> None:
    application.team = [
        TeamMember(
            position=position,
            name=row.name,
            duty=row.duty,
            qualification=row.qualification,
            is_leader=row.is_leader,
        )
        for position, row in enumerate(rows, start=1)
    ]


_WRITERS: dict[str, Callable[[Application, str, Any], None]] = {
    "title": _write_text,
    "payee": _write_payee,
    "starts_on": _write_column,
    "ends_on": _write_column,
    "person_target": _write_count,
    "attendance_target": _write_count,
    "activity_target": _write_count,
    "indirect_target": _write_count,
    "vulnerable_target": _write_count,
    "service_point": _write_text,
    "targets": _write_targets,
    "fiscal": _write_budget,
    "social": _write_budget,
    "activities": _write_activities,
    "team": _write_team,
}
