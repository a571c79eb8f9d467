"""Rounds with their phases, envelopes, tables and published rules."""

import uuid
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select

from grants.foundation.clock import local, today
from grants.foundation.database import database_now, db, get_by_id, get_one
from grants.funds import queries as funds
from grants.rounds.models import Envelope, PhaseExtension, Round, RoundPhase, ScoreTable
from grants.rounds.rules import Category, Phase, RoundStatus, ScoreTableKind, canonical


def get_round(ref: str) -> Round:
    """Return a round by its reference, or raise NotFound."""
    found: Round = get_one(select(Round).where(Round.ref == ref))
    return found


def get_round_by_id(identity: uuid.UUID) -> Round:
    """Return a round by its key, or raise NotFound."""
    found: Round = get_by_id(Round, identity)
    return found


def find_open_round() -> Round | None:
    """Return the round that is going on; when several are, the newest that is no rehearsal."""
    return next(iter(list_open_rounds()), None)


def list_open_rounds() -> list[Round]:
    """List the rounds going on: real ones before rehearsals, the newest first."""
    found = db.session.scalars(select(Round).where(Round.status == RoundStatus.OPEN))
    return sorted(found, key=lambda round: (round.is_rehearsal, -round.number))


@dataclass(frozen=True)
class RoundChoice:
    """The rounds that something new may belong to, the likeliest first, and the one that is meant, if there is any."""

    rounds: list[Round]
    chosen: Round | None

    @property
    def options(self) -> list[tuple[str, str]]:
        """Return the rounds as the choices of a form field."""
        return [(round.ref, round.label) for round in self.rounds]


def choose_round(phase: Phase, ref: str | None = None, *, in_phase_only: bool = False) -> RoundChoice:
    """Offer the rounds going on for something that belongs to `phase`; `ref` is what somebody chose.

    Rounds in which the phase runs today come first, real ones before rehearsals. With `in_phase_only` the others are
    not offered, unless there is no better one (then the page says why not).
    """
    day = clock_day()
    found = list_open_rounds()
    running = [round for round in found if _runs(round, phase, day)]
    others = [] if in_phase_only and running else [round for round in found if round not in running]
    offered = running + others
    return RoundChoice(offered, next((round for round in offered if round.ref == ref), next(iter(offered), None)))


def _runs(round: Round, phase: Phase, day: date) -> bool:
    return any(item.phase is phase and item.starts_on <= day <= item.ends_on for item in round.phases)


def list_rounds(*, with_drafts: bool = False) -> list[Round]:
    """List the rounds, newest first; those in preparation only when asked for."""
    statement = select(Round).order_by(Round.number.desc())
    if not with_drafts:
        statement = statement.where(Round.status != RoundStatus.DRAFT)
    return list(db.session.scalars(statement))


def next_round_number() -> int:
    """Return the number a new round would get."""
    return int(db.session.execute(select(func.coalesce(func.max(Round.number), 0))).scalar_one()) + 1


def score_table(round: Round, kind: ScoreTableKind) -> ScoreTable:
    """Return a round's score table of a kind, or raise NotFound."""
    found: ScoreTable = get_one(select(ScoreTable).where(ScoreTable.round_id == round.id, ScoreTable.kind == kind))
    return found


def phase_of(round: Round, phase: Phase) -> RoundPhase | None:
    """Return the dates of a phase, None where the round has none."""
    statement = select(RoundPhase).where(RoundPhase.round_id == round.id, RoundPhase.phase == phase)
    return db.session.scalars(statement).one_or_none()


def current_phases(round: Round, day: date | None = None) -> list[RoundPhase]:
    """List the phases that run on a day (today without one), in their order."""
    moment = day or today()
    running = [item for item in round.phases if item.starts_on <= moment <= item.ends_on]
    return sorted(running, key=lambda item: list(Phase).index(item.phase))


def clock_day() -> date:
    """Return today by the database's clock, the one that decides deadlines."""
    return local(database_now()).date()


def get_extension(identity: uuid.UUID) -> PhaseExtension:
    """Return a proposed extension by its key, or raise NotFound."""
    found: PhaseExtension = get_by_id(PhaseExtension, identity)
    return found


def envelope_total(round: Round) -> int:
    """Return the sum of a round's envelopes in 分."""
    statement = select(func.coalesce(func.sum(Envelope.amount_fen), 0)).where(Envelope.round_id == round.id)
    return int(db.session.execute(statement).scalar_one())


@dataclass(frozen=True)
class EnvelopeRow:
    """One category of a round: what was planned and what the ledger still holds for it, in 分."""

    category: Category
    planned_fen: int
    left_fen: int


def summarise_envelopes(round: Round) -> list[EnvelopeRow]:
    """List the five categories in their order, with plan and rest."""
    planned = {item.category: item.amount_fen for item in round.envelopes}
    return [
        EnvelopeRow(
            category,
            planned.get(category, 0),
            0 if round.status is RoundStatus.DRAFT else funds.envelope_balance(round.ref, category),
        )
        for category in Category
    ]


def published_rules(round: Round) -> str:
    """Return a round's rules in their canonical form: settings, envelopes and score tables.

    Dates are not part of it: a phase may be extended by two officers after the round has opened.
    """
    tables: dict[str, Any] = {
        table.kind: [
            [item.code, item.group, item.name, item.max_points, item.anchor]
            for item in sorted(table.items, key=lambda item: item.position)
        ]
        for table in round.score_tables
    }
    return canonical(
        {
            "round": round.ref,
            "number": round.number,
            "name": round.name,
            "settings": round.settings,
            "envelopes": {item.category: item.amount_fen for item in round.envelopes},
            "score_tables": tables,
        }
    )
