"""Builders of rounds: settings, phases around today, envelopes and score tables."""

from datetime import timedelta
from typing import Any

from grants.foundation.clock import now, today
from grants.foundation.database import db
from grants.funds.models import Fund
from grants.funds.rules import FundSource
from grants.people import queries as people
from grants.rounds.models import Criterion, Envelope, Round, RoundPhase, ScoreTable
from grants.rounds.rules import (
    DEFAULT_SETTINGS,
    FINAL_TABLE,
    JURY_TABLE,
    SELECTION_TABLE,
    Category,
    Phase,
    RoundStatus,
    ScoreTableKind,
)

TABLES = (
    (ScoreTableKind.SELECTION, SELECTION_TABLE),
    (ScoreTableKind.JURY, JURY_TABLE),
    (ScoreTableKind.FINAL, FINAL_TABLE),
)


def make_fund(ref: str = "ZJ-2026-01", source: FundSource = FundSource.STREET) -> Fund:
    """Make an empty fund."""
    fund = Fund(ref=ref, name="2026年公益创投专项资金", source=source, year=2026, matter="公益创投")
    db.session.add(fund)
    db.session.flush()
    return fund


def make_round(number: int = 1, *, envelope_fen: int = 30_000_000, **settings: Any) -> Round:
    """Make an open round in which every phase runs today, so that each stage can be tested alone."""
    day = today()
    made = Round(
        ref=f"JC-2026-{number:02d}",
        number=number,
        name=f"第{number}届公益创投",
        year=2026,
        status=RoundStatus.OPEN,
        fund_id=make_fund(f"ZJ-2026-{number:02d}").id,
        street_id=people.get_street().id,
        settings={**DEFAULT_SETTINGS, **settings},
        settings_hash="0" * 64,
        opened_at=now(),
    )
    db.session.add(made)
    db.session.flush()
    for phase in Phase:
        db.session.add(
            RoundPhase(
                round_id=made.id, phase=phase, starts_on=day - timedelta(days=30), ends_on=day + timedelta(days=30)
            )
        )
    for category in Category:
        db.session.add(Envelope(round_id=made.id, category=category, amount_fen=envelope_fen))
    for kind, lines in TABLES:
        _score_table(made, kind, lines)
    db.session.flush()
    return made


def _score_table(owner: Round, kind: ScoreTableKind, lines: Any) -> None:
    table = ScoreTable(round_id=owner.id, kind=kind)
    db.session.add(table)
    db.session.flush()
    for position, (code, group, name, points) in enumerate(lines, start=1):
        db.session.add(
            Criterion(table_id=table.id, position=position, code=code, group=group, name=name, max_points=points)
        )
