"""Preparing a round: everything that is frozen when it opens."""

import copy
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import delete

from grants.foundation import audit
from grants.foundation.database import db
from grants.foundation.errors import RuleBroken, require
from grants.foundation.i18n import _
from grants.funds.models import Fund
from grants.people import queries as people
from grants.people.models import User
from grants.rounds import policy, queries
from grants.rounds.models import Criterion, Envelope, Round, RoundPhase, ScoreTable
from grants.rounds.rules import (
    DEFAULT_SETTINGS,
    FINAL_TABLE,
    JURY_TABLE,
    MIDTERM_TABLE,
    PHASE_LABELS,
    SELECTION_TABLE,
    Category,
    Phase,
    ScoreTableKind,
    setting_faults,
)


@dataclass(frozen=True)
class CriterionLine:
    """One line of a score table; `code` stays with a criterion through renaming."""

    group: str
    name: str
    max_points: int
    code: str = ""
    anchor: str = ""


@dataclass(frozen=True)
class PhaseDates:
    """First and last day of a phase, both included."""

    starts_on: date
    ends_on: date


TABLES = {
    ScoreTableKind.SELECTION: SELECTION_TABLE,
    ScoreTableKind.JURY: JURY_TABLE,
    ScoreTableKind.MIDTERM: MIDTERM_TABLE,
    ScoreTableKind.FINAL: FINAL_TABLE,
}


def create_round(
    *, name: str, year: int, fund: Fund, officer: User, introduction: str = "", like: Round | None = None
) -> Round:
    """Start preparing a round with the default rules, or with those of an earlier round (`like`)."""
    require(policy.why_not_create_round(officer))
    number = queries.next_round_number()
    settings = {**DEFAULT_SETTINGS, **(like.settings if like else {})}
    round = Round(
        ref=f"JC-{year}-{number:02d}",
        number=number,
        name=name,
        year=year,
        fund_id=fund.id,
        street_id=people.get_street().id,
        settings=copy.deepcopy(settings),
        introduction=introduction,
        drafted_by_id=officer.id,
    )
    db.session.add(round)
    db.session.flush()
    earlier = {item.category: item.amount_fen for item in like.envelopes} if like else {}
    db.session.add_all(
        Envelope(round_id=round.id, category=category, amount_fen=earlier.get(category, 0)) for category in Category
    )
    for kind in ScoreTableKind:
        write_table(round, kind, starting_lines(kind, like))
    audit.record("round:create", actor=officer, subject=round, like=like.ref if like else None)
    return round


def starting_lines(kind: ScoreTableKind, like: Round | None) -> list[CriterionLine]:
    """Return the lines a table starts with: those of an earlier round, or the defaults."""
    for table in like.score_tables if like else []:
        if table.kind is kind:
            return [
                CriterionLine(item.group, item.name, item.max_points, item.code, item.anchor) for item in table.items
            ]
    return [CriterionLine(group, name, points, code) for code, group, name, points in TABLES[kind]]


def edit_round(*, round: Round, officer: User, name: str, year: int, fund: Fund, introduction: str) -> None:
    """Change a draft's name, year, fund and introduction."""
    require(policy.why_not_edit_round(officer, round))
    if fund.id != round.fund_id:
        _unconfirm(round)
    round.name = name
    round.year = year
    round.ref = f"JC-{year}-{round.number:02d}"
    round.fund_id = fund.id
    round.introduction = introduction
    audit.record("round:edit", actor=officer, subject=round)


def set_phases(*, round: Round, officer: User, dates: Mapping[Phase, PhaseDates]) -> None:
    """Set the dates of the phases; they may overlap, but none may begin before the one it follows."""
    require(policy.why_not_edit_round(officer, round))
    earlier: Phase | None = None
    for phase in Phase:
        if phase not in dates:
            continue
        if dates[phase].ends_on < dates[phase].starts_on:
            raise RuleBroken(_("“%(phase)s”的结束日期早于开始日期。", phase=PHASE_LABELS[phase]), f"{phase}_ends_on")
        if earlier and dates[phase].starts_on < dates[earlier].starts_on:
            raise RuleBroken(
                _(
                    "“%(phase)s”不能早于“%(earlier)s”开始。",
                    phase=PHASE_LABELS[phase],
                    earlier=PHASE_LABELS[earlier],
                ),
                f"{phase}_starts_on",
            )
        earlier = phase
    db.session.execute(delete(RoundPhase).where(RoundPhase.round_id == round.id))
    db.session.add_all(
        RoundPhase(round_id=round.id, phase=phase, starts_on=span.starts_on, ends_on=span.ends_on)
        for phase, span in dates.items()
    )
    db.session.flush()
    db.session.expire(round, ["phases"])
    audit.record("round:date", actor=officer, subject=round, phases=len(dates))


def set_envelopes(*, round: Round, officer: User, amounts: Mapping[Category, int]) -> None:
    """Plan what each category gets, in 分; finance has to confirm anew afterwards."""
    require(policy.why_not_edit_round(officer, round))
    for envelope in round.envelopes:
        amount = amounts.get(envelope.category, 0)
        if amount < 0:
            raise RuleBroken(_("额度不能是负数。"), envelope.category)
        envelope.amount_fen = amount
    _unconfirm(round)
    audit.record(
        "round:plan", actor=officer, subject=round, amounts={str(category): fen for category, fen in amounts.items()}
    )


def _unconfirm(round: Round) -> None:
    round.money_confirmed_at = None
    round.money_confirmed_by_id = None


def set_settings(*, round: Round, officer: User, settings: Mapping[str, Any]) -> None:
    """Change the round's own rules; raises RuleBroken, with the setting as field, for what makes no sense."""
    require(policy.why_not_edit_round(officer, round))
    merged = {**round.settings, **settings}
    for key, sentence in setting_faults(merged):
        raise RuleBroken(sentence, key)
    changed = sorted(key for key in merged if merged[key] != round.settings.get(key))
    round.settings = merged
    audit.record("round:set", actor=officer, subject=round, changed=changed)


def set_score_table(*, round: Round, officer: User, kind: ScoreTableKind, lines: Sequence[CriterionLine]) -> None:
    """Replace a score table; its points must sum to 100."""
    require(policy.why_not_edit_round(officer, round))
    total = sum(line.max_points for line in lines)
    if total != 100:
        raise RuleBroken(_("各项分值合计 %(total)s 分，应为 100 分。", total=total), "lines")
    if any(line.max_points <= 0 for line in lines):
        raise RuleBroken(_("每一项的分值都应大于零。"), "lines")
    write_table(round, kind, lines)
    audit.record("round:table", actor=officer, subject=round, kind=kind, lines=len(lines))


def write_table(round: Round, kind: ScoreTableKind, lines: Sequence[CriterionLine]) -> None:
    """Replace the lines of a score table."""
    table = next((table for table in round.score_tables if table.kind is kind), None)
    if table is None:
        table = ScoreTable(round_id=round.id, kind=kind)
        db.session.add(table)
        db.session.flush()
    db.session.execute(delete(Criterion).where(Criterion.table_id == table.id))
    db.session.add_all(
        Criterion(
            table_id=table.id,
            position=position,
            code=line.code or f"{kind}_{uuid.uuid4().hex[:8]}",
            group=line.group,
            name=line.name,
            max_points=line.max_points,
            anchor=line.anchor,
        )
        for position, line in enumerate(lines, start=1)
    )
    db.session.flush()
    db.session.expire(table, ["items"])
    db.session.expire(round, ["score_tables"])
